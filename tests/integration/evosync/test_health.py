"""The three addresses that machines ask."""

import time
from datetime import timedelta

import dramatiq
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone
from model_bakery import baker
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import DjangoAssertNumQueries, Settings

from connections.models import EvotorConnection, VkConnection
from evosync.common.telemetry import heartbeat
from evosync.common.telemetry.queues import QUEUES
from syncing.models import SyncJob
from syncing.tasks import run_sync_all

METRICS_TOKEN = "metrics-" + "m" * 32


def figures(client: Client) -> dict[tuple[str, ...], float]:
    """Return every figure by name and label values."""
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"})
    assert answer.status_code == 200
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_healthz_needs_no_database_no_host_name_and_no_https(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["shop.example"]
    answer = client.get("/healthz", headers={"Host": "10.0.0.7:8000"})
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_readyz_is_ok_when_everything_beats(client: Client) -> None:
    heartbeat.beat("worker")
    heartbeat.beat("scheduler")
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "checks": {"database": "ok", "broker": "ok", "worker": "ok", "scheduler": "ok"},
    }


@pytest.mark.django_db
def test_readyz_names_what_has_never_been_seen(client: Client) -> None:
    heartbeat.beat("worker")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["scheduler"] == "never seen"


@pytest.mark.django_db
def test_readyz_says_how_long_a_worker_has_been_silent(client: Client) -> None:
    heartbeat.beat("scheduler")
    cache.set("heartbeat:worker", time.time() - 300)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["worker"] == "last seen 300 seconds ago"


def test_readyz_reports_a_dead_database_without_its_address(client: Client) -> None:
    # Outside `django_db` every query is refused: to the check that is a database that fails.
    heartbeat.beat("worker")
    heartbeat.beat("scheduler")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"].startswith("fails: ")


def test_metrics_need_their_token(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = METRICS_TOKEN
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.django_db
def test_metrics_count_jobs_and_connections(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = METRICS_TOKEN
    now = timezone.now()
    waiting = baker.make(SyncJob, status="pending", active_key=1, created_at=now - timedelta(seconds=90))
    baker.make(SyncJob, status="success", active_key=None, finished_at=now)
    baker.make(SyncJob, status="failed", active_key=None, finished_at=now - timedelta(days=2))
    baker.make(EvotorConnection, user=waiting.user, access_token="t", is_online=True)
    baker.make(EvotorConnection, user=None, access_token="t", is_online=True)
    baker.make(VkConnection, user=waiting.user, access_token="t", is_online=False)
    found = figures(client)
    assert found["evosync_jobs_active", "pending"] == 1
    assert found["evosync_jobs_finished_day", "success"] == 1
    assert ("evosync_jobs_finished_day", "failed") not in found
    assert 90 <= found["evosync_oldest_waiting_job_seconds",] < 120
    assert found["evosync_connections", "evotor", "online"] == 1
    assert found["evosync_connections", "vk", "offline"] == 1


@pytest.mark.django_db
def test_metrics_count_messages_that_wait(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = METRICS_TOKEN
    broker = dramatiq.get_broker()
    broker.flush_all()
    before = figures(client)["evosync_queue_messages", "sync"]
    run_sync_all.send()
    assert figures(client)["evosync_queue_messages", "sync"] == before + 1
    broker.flush_all()


@pytest.mark.django_db
def test_metrics_ask_the_same_few_questions_however_many_jobs_there_are(
    client: Client, settings: Settings, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    settings.METRICS_TOKEN = METRICS_TOKEN
    baker.make(SyncJob, status="success", active_key=None, finished_at=timezone.now(), _quantity=30)
    with django_assert_max_num_queries(14, connection=connection):
        figures(client)


def test_every_actor_sends_to_a_queue_that_is_counted() -> None:
    actors = dramatiq.get_broker().actors.values()
    assert {actor.queue_name for actor in actors} <= set(QUEUES)
