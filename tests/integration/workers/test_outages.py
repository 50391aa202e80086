"""MariaDB or Redis goes away in the middle of a run, and comes back: the work finishes by itself."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import dramatiq
import pytest
from django.utils import timezone
from dramatiq.brokers.redis import RedisBroker

from accounts.models import User
from sandbox import Sandbox
from syncing import queue
from syncing.jobs import lifecycle
from syncing.jobs.lifecycle import request_sync
from syncing.models import SyncJob
from syncing.tasks import run_sync_for_user
from tests.deploy.roles import LoadedRole, Role
from tests.integration.workers.conftest import MakeWorker
from tests.integration.workers.killing import Command, ask, assert_every_item_once, wait_until
from tests.migrated import make_tables
from tests.servers import MariaDb, Redis

pytestmark = [
    pytest.mark.mariadb,
    pytest.mark.redis,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
ASK = """
import os
from django.utils import timezone
from accounts.models import User
from connections.evotor.connect import connect_evotor
from connections.vk.connect import connect_vk
from syncing.jobs.lifecycle import request_sync
from syncing.services.settings import config_for
now = timezone.now()
user = User.objects.create_user("shop@example.com", "a-long-passphrase")
connect_evotor(user, token=os.environ["EVOTOR_TOKEN"], now=now)
connect_vk(user, token=os.environ["VK_TOKEN"], group=int(os.environ["GROUP"]), now=now)
config = config_for(user)
config.confirmed_at = now
config.save()
print(request_sync(user, trigger="manual").pk)
"""
SAY = "SELECT status, error_detail, COUNT(*) OVER () FROM {table} ORDER BY id DESC LIMIT 1"


def in_mid_run(box: Sandbox, do: Callable[[], object]) -> threading.Event:
    """Do something while VK works on the first new items; the event says that it is done."""
    done = threading.Event()

    def strike() -> None:
        do()
        done.set()

    box.vk.fault("action", method="market.add", nth=5, do=strike)
    return done


def assert_finishes(box: Sandbox, job: SyncJob, worker: Role, outage: threading.Event) -> None:
    """Wait for the run's end, with nobody's help, and look at VK."""
    wait_until(lambda: outage.is_set() and SyncJob.objects.get(pk=job.pk).is_finished, worker.log_end)
    job.refresh_from_db()
    assert job.status == SyncJob.Status.SUCCESS, job.error_detail
    assert_every_item_once(box)


def test_redis_flushed_in_mid_run(box: Sandbox, user: User, worker: MakeWorker) -> None:
    flushed = in_mid_run(box, dramatiq.get_broker().client.flushdb)  # type: ignore[attr-defined]
    job = request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    with worker() as one:
        assert_finishes(box, job, one, flushed)
        again = request_sync(user, trigger=SyncJob.Trigger.MANUAL)
        wait_until(lambda: SyncJob.objects.get(pk=again.pk).is_finished, one.log_end)


def test_redis_flushed_before_a_worker_comes(box: Sandbox, user: User, worker: MakeWorker) -> None:
    job = request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    dramatiq.get_broker().client.flushdb()  # type: ignore[attr-defined]
    assert lifecycle.requeue_stale(timezone.now()) == []
    found = lifecycle.requeue_stale(timezone.now() + timedelta(minutes=3))
    assert found == [(user.pk, False)]
    for user_id, bulk in found:
        queue.enqueue(user_id, bulk=bulk)
    with worker() as one:
        wait_until(lambda: SyncJob.objects.get(pk=job.pk).is_finished, one.log_end)
    assert_every_item_once(box)


def test_redis_restarted_in_mid_run(
    box: Sandbox,
    user: User,
    redis_server: Redis,
    environment: dict[str, str],
    tmp_path: Path,
) -> None:
    restarted = in_mid_run(box, redis_server.restart)
    job = request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    broker = RedisBroker(url=redis_server.url, middleware=[])  # type: ignore[no-untyped-call]
    environment["REDIS_URL"] = redis_server.url
    with LoadedRole("worker", environment, tmp_path / "worker.log") as one:
        broker.enqueue(run_sync_for_user.message(user.pk))
        assert_finishes(box, job, one, restarted)
        # The same worker takes the next job from the Redis that came back.
        again = request_sync(user, trigger=SyncJob.Trigger.MANUAL)
        broker.enqueue(run_sync_for_user.message(user.pk))
        wait_until(lambda: SyncJob.objects.get(pk=again.pk).is_finished, one.log_end)


def test_a_job_is_asked_for_although_redis_is_away(
    user: User, redis_server: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    redis_server.stop()
    away = RedisBroker(url=redis_server.url, middleware=[])  # type: ignore[no-untyped-call]
    monkeypatch.setattr(run_sync_for_user, "broker", away)
    job = request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    assert job.status == SyncJob.Status.PENDING
    assert lifecycle.requeue_stale(timezone.now() + timedelta(minutes=3)) == [(user.pk, False)]


def test_mariadb_killed_and_restarted_in_mid_run(
    box: Sandbox, mariadb_server: MariaDb, environment: dict[str, str], tmp_path: Path
) -> None:
    def manage(*arguments: str, **more: str) -> str:
        code, out, err = Command({**environment, **more}, *arguments).result()
        assert code == 0, err
        return out

    def restart() -> None:
        mariadb_server.kill()
        mariadb_server.start()

    def answer() -> list[Any]:
        [found] = ask(mariadb_server.url, SAY.format(table=SyncJob._meta.db_table))
        return [*found]

    environment["DATABASE_URL"] = mariadb_server.url
    dramatiq.get_broker().flush_all()
    make_tables(mariadb_server.url, lambda: manage("migrate", "--verbosity=0"))
    tokens = {"EVOTOR_TOKEN": box.evotor_token, "VK_TOKEN": box.vk_token, "GROUP": str(box.group_id)}
    restarted = in_mid_run(box, restart)
    with LoadedRole("worker", environment, tmp_path / "worker.log") as one:
        manage("shell", "--no-imports", "-c", ASK, **tokens)
        wait_until(restarted.is_set, one.log_end)
        wait_until(lambda: answer()[0] not in ("pending", "running"), one.log_end)
    assert answer() == ["success", "", 1]
    assert_every_item_once(box)
