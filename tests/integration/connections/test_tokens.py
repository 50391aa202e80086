"""VK ID's tokens: renewed in time, once, and never lost silently."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection as database

from accounts.models import User
from connections.client_factory import vk_client
from connections.clients.errors import AuthRevoked, Transient
from connections.clients.vk import calls
from connections.health_checks import check_health
from connections.models import HealthCheckLog, VkConnection
from connections.vk import tokens as token_service
from connections.vk.tokens import ensure_fresh_vk_token
from sandbox import Sandbox
from tests.fakes import FailingSave

pytestmark = pytest.mark.django_db

Afterwards = Callable[[Callable[[], object]], None]


def row_of(connection: VkConnection) -> VkConnection:
    return VkConnection.objects.get(pk=connection.pk)


def test_a_token_is_renewed_ten_minutes_before_it_ends_and_both_parts_are_kept(
    logged_in: VkConnection, sandbox: Sandbox, now: datetime
) -> None:
    old = (logged_in.access_token, logged_in.refresh_token)
    client = vk_client(logged_in)
    row = row_of(logged_in)
    assert row.access_token not in old
    assert row.refresh_token not in old
    assert row.token_expires_at is not None
    assert row.token_expires_at > now + timedelta(minutes=50)
    assert row.refresh_lease_until is None
    assert client.run(calls.get_user()).id
    assert [log.event for log in HealthCheckLog.objects.all()] == ["token_refreshed"]


def test_a_token_that_holds_is_left_alone(logged_in: VkConnection, now: datetime) -> None:
    logged_in.token_expires_at = now + timedelta(minutes=11)
    token = logged_in.access_token
    assert ensure_fresh_vk_token(logged_in, now=now).access_token == token


def test_a_token_is_renewed_daily_even_if_it_lives_longer(logged_in: VkConnection, now: datetime) -> None:
    logged_in.token_expires_at = now + timedelta(days=30)
    logged_in.token_refreshed_at = now - timedelta(hours=25)
    token = logged_in.access_token
    assert ensure_fresh_vk_token(logged_in, now=now).access_token != token


def test_a_pasted_token_is_never_renewed(merchant: User, now: datetime) -> None:
    connection = VkConnection.objects.get(user=merchant)
    assert ensure_fresh_vk_token(connection, now=now) is connection


def test_a_copy_with_the_old_tokens_takes_the_new_ones_instead_of_renewing_again(
    logged_in: VkConnection, now: datetime
) -> None:
    copy = row_of(logged_in)
    ensure_fresh_vk_token(logged_in, now=now)
    ensure_fresh_vk_token(copy, now=now)
    assert copy.access_token == row_of(logged_in).access_token
    assert HealthCheckLog.objects.filter(event="token_refreshed").count() == 1


def test_a_refresh_token_used_twice_ends_in_offline_and_one_notification(
    logged_in: VkConnection,
    sandbox: Sandbox,
    afterwards: Afterwards,
    now: datetime,
    *,
    mailoutbox: list[object],
) -> None:
    old = logged_in.refresh_token
    ensure_fresh_vk_token(logged_in, now=now)
    row = row_of(logged_in)
    row.refresh_token = old
    row.token_expires_at = now
    row.save()
    for _round in range(3):
        afterwards(lambda: check_health(row_of(logged_in), now=now))
    row = row_of(logged_in)
    assert (row.is_online, row.last_error) == (False, "vk_id.invalid_grant")
    assert len(mailoutbox) == 1
    events = list(HealthCheckLog.objects.order_by("pk").values_list("event", flat=True))
    assert events.count("offline") == 1
    assert "token_refresh_failed" in events


def test_a_save_that_fails_after_the_rotation_ends_in_offline_not_in_silence(
    logged_in: VkConnection, now: datetime
) -> None:
    with pytest.raises(AuthRevoked), database.execute_wrapper(FailingSave()):
        ensure_fresh_vk_token(logged_in, now=now)
    row = row_of(logged_in)
    assert (row.is_online, row.last_error) == (False, "vk_id.not_saved")
    assert check_health(row, now=now) is False
    events = list(HealthCheckLog.objects.values_list("event", flat=True))
    assert events.count("offline") == 1


def test_a_save_that_fails_once_is_tried_again(logged_in: VkConnection, now: datetime) -> None:
    failing = FailingSave(times=1)
    with database.execute_wrapper(failing):
        ensure_fresh_vk_token(logged_in, now=now)
    assert failing.failed == 1
    assert check_health(row_of(logged_in), now=now) is True


def test_while_vk_id_is_away_a_valid_token_goes_on_working(
    logged_in: VkConnection, sandbox: Sandbox, now: datetime
) -> None:
    sandbox.vk.fault("error", method="oauth2/auth", text="server_error", times=5)
    token = logged_in.access_token
    assert ensure_fresh_vk_token(logged_in, now=now).access_token == token
    assert row_of(logged_in).is_online
    logged_in.token_expires_at = now
    logged_in.save()
    with pytest.raises(Transient):
        ensure_fresh_vk_token(logged_in, now=now)
    assert row_of(logged_in).is_online


def test_a_login_that_vk_ended_is_offline_at_once(
    logged_in: VkConnection, sandbox: Sandbox, now: datetime
) -> None:
    sandbox.vk.fault("error", method="oauth2/auth", text="invalid_grant")
    with pytest.raises(AuthRevoked):
        vk_client(logged_in)
    assert row_of(logged_in).last_error == "vk_id.invalid_grant"


def test_an_access_token_that_dies_early_is_replaced_without_a_word(
    logged_in: VkConnection, sandbox: Sandbox, now: datetime
) -> None:
    ensure_fresh_vk_token(logged_in, now=now)
    sandbox.vk.merchant.expire_token(logged_in.access_token)
    assert check_health(row_of(logged_in), now=now) is True
    assert not HealthCheckLog.objects.filter(event="offline").exists()


def test_while_one_process_renews_the_others_wait_for_its_tokens(
    logged_in: VkConnection, now: datetime
) -> None:
    VkConnection.objects.filter(pk=logged_in.pk).update(refresh_lease_until=now + timedelta(seconds=60))
    waited = threading.Event()

    def renewed_elsewhere(_seconds: float) -> None:
        waited.set()
        VkConnection.objects.filter(pk=logged_in.pk).update(access_token="new", refresh_token="new too")

    fresh = token_service.refresh_vk_token(logged_in, now=now, sleep=renewed_elsewhere)
    assert waited.is_set()
    assert fresh.access_token == "new"


def test_a_lease_that_was_left_behind_ends(logged_in: VkConnection, now: datetime) -> None:
    VkConnection.objects.filter(pk=logged_in.pk).update(refresh_lease_until=now - timedelta(seconds=1))
    token = logged_in.access_token
    assert ensure_fresh_vk_token(logged_in, now=now).access_token != token
