"""A clock that ran ahead and was set right: what it wrote about connections stops no shop for long."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from connections.clients.errors import Unreachable
from connections.evotor.webhooks import failures
from connections.health_checks import EVERY, due_checks
from connections.models import EvotorConnection, LinkCode, VkConnection, WebhookEvent
from connections.models.connection import LONGEST_PAUSE, REFRESH_LEASE, SLOW_FOR
from connections.status import mark_paused
from connections.vk import tokens
from evosync.common import clock
from syncing.models import SyncConfig

pytestmark = pytest.mark.django_db

NOW = datetime(2030, 5, 1, 12, tzinfo=UTC)
AHEAD = [timedelta(hours=1), timedelta(days=1), timedelta(days=400)]
SOON = timedelta(seconds=1)


def vk(**values: Any) -> VkConnection:
    user = User.objects.create_user("shop@example.com")
    values = {"access_token": "t", "is_online": True, "last_checked_at": NOW - EVERY, **values}
    EvotorConnection.objects.create(user=user, access_token="t", is_online=True, last_checked_at=NOW)
    SyncConfig.objects.create(user=user, is_enabled=True, confirmed_at=NOW)
    return VkConnection.objects.create(user=user, **values)


def is_ready() -> bool:
    return SyncConfig.objects.ready(NOW).exists()


@pytest.mark.parametrize("ahead", AHEAD, ids=str)
def test_a_pause_of_a_day_that_was_told_ahead_is_over(ahead: timedelta) -> None:
    row = vk(paused_until=NOW + ahead + LONGEST_PAUSE)
    assert (row.is_paused(NOW), is_ready(), bool(due_checks(NOW))) == (False, True, True)


@pytest.mark.parametrize("left", [SOON, LONGEST_PAUSE], ids=str)
def test_a_pause_that_is_not_over_holds(left: timedelta) -> None:
    row = vk(paused_until=NOW + left)
    assert (row.is_paused(NOW), is_ready(), bool(due_checks(NOW))) == (True, False, False)


def test_a_pause_that_a_wrong_clock_told_is_replaced_by_the_next_one() -> None:
    now = clock.now()
    row = vk(paused_until=now + timedelta(days=9))
    mark_paused(row, until=now + timedelta(minutes=10), code="vk.9")
    assert row.paused_until == now + timedelta(minutes=10)
    mark_paused(row, until=now + timedelta(minutes=5), code="vk.9")
    assert row.paused_until == now + timedelta(minutes=10)


@pytest.mark.parametrize("ahead", AHEAD, ids=str)
def test_a_method_s_suspension_that_was_told_ahead_is_over(ahead: timedelta) -> None:
    until = {"until": (NOW + ahead + LONGEST_PAUSE).isoformat(), "code": "vk.9"}
    soon = {"until": (NOW + SOON).isoformat(), "code": "vk.9"}
    row = vk(method_rests={"market.add": until, "market.edit": soon})
    assert set(row.suspended_methods(NOW)) == {"market.edit"}


@pytest.mark.parametrize("ahead", AHEAD, ids=str)
def test_a_service_that_was_slow_in_the_future_is_not_taken_for_slow(ahead: timedelta) -> None:
    assert not vk(slow_until=NOW + ahead + SLOW_FOR).is_slow(NOW)
    assert VkConnection(slow_until=NOW + SLOW_FOR).is_slow(NOW)


@pytest.mark.parametrize("ahead", AHEAD, ids=str)
def test_a_lease_of_a_token_that_was_taken_in_the_future_holds_nobody_up(ahead: timedelta) -> None:
    row = vk(refresh_lease_until=NOW + ahead + REFRESH_LEASE)
    assert VkConnection.objects.unleased(NOW).only_row(row).exists()
    VkConnection.objects.update(refresh_lease_until=NOW + REFRESH_LEASE)
    assert not VkConnection.objects.unleased(NOW).only_row(row).exists()
    assert VkConnection.objects.unleased(NOW + REFRESH_LEASE).only_row(row).exists()


@pytest.mark.parametrize("ahead", AHEAD, ids=str)
def test_a_connection_that_was_checked_in_the_future_is_checked_now(ahead: timedelta) -> None:
    row = vk(last_checked_at=NOW + ahead)
    assert due_checks(NOW)
    VkConnection.objects.filter(pk=row.pk).update(last_checked_at=NOW - SOON)
    assert not due_checks(NOW)


@pytest.mark.parametrize("ahead", AHEAD, ids=str)
def test_a_token_that_was_renewed_in_the_future_is_renewed_now(ahead: timedelta) -> None:
    until = NOW + timedelta(days=30)
    row = vk(refresh_token="r", token_expires_at=until, token_refreshed_at=NOW + ahead)
    assert tokens._is_due(row, NOW)
    row.token_refreshed_at = NOW - SOON
    assert not tokens._is_due(row, NOW)


def due_events() -> list[int]:
    minute = timedelta(minutes=1)
    return list(WebhookEvent.objects.waiting(NOW, new=minute, again=minute).values_list("pk", flat=True))


@pytest.mark.parametrize("ahead", AHEAD, ids=str)
@pytest.mark.parametrize("moment", ["received_at", "retry_at"])
def test_a_delivery_of_evotors_that_came_or_failed_in_the_future_is_handled_now(
    moment: str, ahead: timedelta
) -> None:
    values = {"received_at": NOW - SOON, moment: NOW + ahead}
    event = WebhookEvent.objects.create(kind="products", dedupe_key="1", body="", **values)
    assert due_events() == [event.pk]


@pytest.mark.parametrize("left", [SOON, timedelta(minutes=29)], ids=str)
def test_a_delivery_of_evotors_that_is_to_be_tried_again_soon_waits(left: timedelta) -> None:
    values = {"received_at": NOW - timedelta(hours=1), "retry_at": NOW + left}
    WebhookEvent.objects.create(kind="products", dedupe_key="1", body="", **values)
    assert due_events() == []


@pytest.mark.parametrize("ahead", AHEAD, ids=str)
def test_a_delivery_of_evotors_that_fails_again_is_put_off_by_the_right_clock(ahead: timedelta) -> None:
    event = WebhookEvent.objects.create(
        kind="products", dedupe_key="1", body="", received_at=NOW, retry_at=NOW + ahead
    )
    failures.record(event, Unreachable("evotor", "unreachable"), now=NOW)
    event.refresh_from_db()
    assert event.retry_at == NOW + failures.SHORTEST_WAIT


@pytest.mark.parametrize("ahead", AHEAD, ids=str)
def test_a_link_code_of_a_wrong_clock_links_nobody(ahead: timedelta) -> None:
    user = User.objects.create_user("shop@example.com")
    LinkCode.objects.create(user=user, code_hash="x", created_at=NOW + ahead, expires_at=NOW + ahead)
    assert not LinkCode.objects.open(NOW).exists()
    LinkCode.objects.update(expires_at=NOW + SOON)
    assert LinkCode.objects.open(NOW).exists()
