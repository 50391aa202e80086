"""The admin's first page: what matters, in a fixed number of queries, also without Redis."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from evosync.common.telemetry import heartbeat
from evosync.ops.admin_dashboard import build_dashboard
from syncing.models import SyncJob
from tests.web.shop import Shop, a_merchant, minutes_ago

pytestmark = pytest.mark.django_db


def test_the_figures_are_those_of_the_rows(shop: Shop) -> None:
    other = Shop(a_merchant("boris@example.com"), vk_group_id=78)
    other.user.vk_connection.is_online = False
    other.user.vk_connection.save()
    job = shop.job(SyncJob.Status.PARTIAL, items_unchanged=97, done=3, error_count=2, error_code="evotor.503")
    for product in (shop.bread, shop.milk):
        shop.item(job, product, result="failed", error_code="vk.100")
    shop.job(SyncJob.Status.FAILED, error_code="vk.5", finished_at=minutes_ago(60 * 25))
    other.job(SyncJob.Status.NEEDS_APPROVAL)
    waits = shop.job(SyncJob.Status.PENDING, created_at=minutes_ago(7))
    heartbeat.beat("worker")
    page = build_dashboard(now=timezone.now())
    assert [(one.service, one.online, one.offline) for one in page.connections] == [
        ("Evotor", 2, 0),
        ("VK", 1, 1),
    ]
    counts = {status: count for status, _text, count in page.jobs}
    assert (counts["partial"], counts["pending"], counts["needs_approval"], counts["failed"]) == (1, 1, 1, 0)
    assert [(error.code, error.count) for error in page.errors] == [("vk.100", 2), ("evotor.503", 1)]
    assert all(error.text for error in page.errors)
    assert page.accuracy == "98,00"
    assert page.awaiting_approval == 1
    assert page.oldest_waiting == waits.created_at
    alive = {role.name: role.is_alive for role in page.roles}
    assert (alive["worker"], alive["scheduler"]) == (True, False)
    assert {name for name, _count in page.queues} >= {"sync", "health", "default"}


@pytest.mark.once
def test_the_page_opens_without_any_rows(as_superuser: Client) -> None:
    page = as_superuser.get(reverse("admin:index"))
    assert page.status_code == 200
    assert page.context["dashboard"].accuracy is None


def test_the_number_of_queries_is_bounded(
    as_support: Client, shop: Shop, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    shop.fill(200, job=shop.job(error_count=3))
    with django_assert_max_num_queries(20):
        assert as_support.get(reverse("admin:index")).status_code == 200


def test_a_lost_redis_is_named_and_the_rest_is_shown(
    as_superuser: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> dict[str, int]:
        raise ConnectionError("redis://:password@host is away")

    monkeypatch.setattr("evosync.ops.admin_dashboard.queue_lengths", away)
    page = as_superuser.get(reverse("admin:index"))
    assert page.context["dashboard"].unreachable == "ConnectionError"
    assert "password@host" not in page.content.decode()


def test_the_bundle_command_writes_a_new_file_only(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "bundle.zip"
    call_command("support_bundle", shop.user.email, output=file)
    with pytest.raises(CommandError) as refused:
        call_command("support_bundle", shop.user.email, output=file)
    assert refused.value.returncode == 2
    with pytest.raises(CommandError):
        call_command("support_bundle", "nobody@example.com")
