"""Health: each change of state is logged once and told once, and repairs itself where it can."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.mail import EmailMessage

from accounts.models import User
from connections.clients.errors import AuthRevoked, Suspended
from connections.health_checks import check_health, due_checks
from connections.models import EvotorConnection, HealthCheckLog, VkConnection
from connections.signals import service_connected
from connections.status import mark_offline, mark_online, mark_paused
from connections.tasks import check_all_connections, check_connection
from sandbox import Sandbox
from tests.queues import waiting
from tests.signals import without_receivers

Afterwards = Callable[[Callable[[], object]], None]

pytestmark = pytest.mark.django_db


def evotor_of(user: User) -> EvotorConnection:
    return EvotorConnection.objects.get(user=user)


def vk_of(user: User) -> VkConnection:
    return VkConnection.objects.get(user=user)


def history(user: User) -> list[tuple[str, str, str]]:
    rows = HealthCheckLog.objects.filter(user=user).order_by("pk")
    return [(row.service, row.event, row.detail) for row in rows]


def test_a_revoked_till_token_is_told_once_and_its_repair_once(
    merchant: User, sandbox: Sandbox, afterwards: Afterwards, mailoutbox: list[EmailMessage]
) -> None:
    token = sandbox.evotor_token
    account = sandbox.evotor.merchants[sandbox.evotor.user_id]
    sandbox.evotor.revoke_token()
    for _round in range(3):
        afterwards(lambda: check_connection.fn("evotor", merchant.pk))
    assert history(merchant) == [("evotor", "offline", "evotor.401")]
    assert len(mailoutbox) == 1
    assert mailoutbox[0].to == [merchant.email]

    account.token = token
    for _round in range(3):
        afterwards(lambda: check_connection.fn("evotor", merchant.pk))
    assert [event for _service, event, _detail in history(merchant)] == ["offline", "online"]
    assert len(mailoutbox) == 2
    assert evotor_of(merchant).is_online


@pytest.mark.once
@pytest.mark.parametrize(
    ("harm", "repair", "code"),
    [
        (
            lambda box: box.vk.merchant.set_role(1),
            lambda box: box.vk.merchant.set_role(3),
            "vk.205",
        ),
        (
            lambda box: box.vk.merchant.switch_market(on=False),
            lambda box: box.vk.merchant.switch_market(on=True),
            "vk.1438",
        ),
    ],
    ids=["role lost", "market off"],
)
def test_a_community_that_closes_is_told_once_and_works_again_by_itself(
    merchant: User,
    sandbox: Sandbox,
    *,
    harm: Callable[[Sandbox], None],
    repair: Callable[[Sandbox], None],
    code: str,
    afterwards: Afterwards,
    mailoutbox: list[EmailMessage],
) -> None:
    harm(sandbox)
    for _round in range(2):
        afterwards(lambda: check_connection.fn("vk", merchant.pk))
    assert history(merchant) == [("vk", "offline", code)]
    repair(sandbox)
    for _round in range(2):
        afterwards(lambda: check_connection.fn("vk", merchant.pk))
    assert [event for _service, event, _detail in history(merchant)] == ["offline", "online"]
    assert len(mailoutbox) == 2


def test_a_revoked_vk_token_goes_offline(merchant: User, sandbox: Sandbox, now: datetime) -> None:
    sandbox.vk.merchant.revoke_token()
    assert check_health(vk_of(merchant), now=now) is False
    assert vk_of(merchant).last_error == "vk.5"


@pytest.mark.usefixtures("no_waiting")
def test_a_service_that_is_away_takes_nobody_offline(merchant: User, sandbox: Sandbox, now: datetime) -> None:
    sandbox.vk.fault("http", status=502, times=50)
    connection = vk_of(merchant)
    assert check_health(connection, now=now) is True
    assert history(merchant) == []


def test_a_captcha_pauses_the_connection_and_keeps_it_online(
    merchant: User, sandbox: Sandbox, now: datetime
) -> None:
    sandbox.vk.fault("error", code=14)
    connection = vk_of(merchant)
    assert check_health(connection, now=now) is True
    assert vk_of(merchant).is_paused(now + timedelta(minutes=30))
    assert due_checks(now + timedelta(minutes=20)) == [("evotor", merchant.pk)]


def test_a_check_is_one_cheap_request(merchant: User, sandbox: Sandbox, now: datetime) -> None:
    sandbox.vk.forget_calls()
    sandbox.evotor.forget_calls()
    check_health(vk_of(merchant), now=now)
    check_health(evotor_of(merchant), now=now)
    assert sandbox.vk.counts().total() == 1
    assert sandbox.evotor.counts().total() == 1


def test_checks_are_spread_and_what_was_just_asked_is_left_out(merchant: User, now: datetime) -> None:
    assert due_checks(now) == []
    assert len(due_checks(now + timedelta(minutes=10))) == 2
    EvotorConnection.objects.update(last_checked_at=now - timedelta(hours=1))
    check_all_connections.fn()
    messages = waiting(actor="check_connection")
    assert [message.args for message in messages] == [("evotor", merchant.pk)]


def test_an_old_tokens_error_says_nothing_of_the_new_token(merchant: User, now: datetime) -> None:
    stale = vk_of(merchant)
    VkConnection.objects.filter(pk=stale.pk).update(access_token="a new token")
    assert mark_offline(stale, code="vk.5", now=now) is False
    assert vk_of(merchant).is_online


def test_a_transition_seen_by_two_workers_happens_once(merchant: User, now: datetime) -> None:
    one, two = vk_of(merchant), vk_of(merchant)
    error = AuthRevoked("vk", "vk.5")
    assert [mark_offline(one, code=error.code, now=now), mark_offline(two, code=error.code, now=now)] == [
        True,
        False,
    ]
    assert [mark_online(one, now=now), mark_online(two, now=now)] == [True, False]
    assert len(history(merchant)) == 2


def test_a_longer_pause_is_not_shortened(merchant: User, now: datetime) -> None:
    connection = vk_of(merchant)
    error = Suspended("vk", "vk.29", pause_seconds=60)
    mark_paused(connection, until=now + timedelta(hours=3), code=error.code)
    mark_paused(connection, until=now + timedelta(minutes=1), code=error.code)
    assert vk_of(merchant).paused_until == now + timedelta(hours=3)
    mark_online(connection, now=now)
    assert vk_of(merchant).paused_until is None


def test_the_apps_above_hear_that_a_service_is_back(
    merchant: User, afterwards: Afterwards, now: datetime
) -> None:
    heard: list[tuple[int, str]] = []

    def hear(sender: object, *, user_id: int, service: str, **_kwargs: object) -> None:
        heard.append((user_id, service))

    with without_receivers(service_connected) as signal:
        signal.connect(hear)
        afterwards(lambda: mark_offline(vk_of(merchant), code="vk.5", now=now))
        assert heard == []
        afterwards(lambda: mark_online(vk_of(merchant), now=now))
    assert heard == [(merchant.pk, "vk")]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_notification_says_what_happened_and_what_to_press(
    merchant: User, afterwards: Afterwards, mailoutbox: list[EmailMessage], now: datetime, language: str
) -> None:
    User.objects.update(language=language)
    afterwards(lambda: mark_offline(vk_of(merchant), code="vk.5", now=now))
    message = mailoutbox[0]
    assert "\n" not in message.subject
    assert "/connections/" in message.body
    assert "{" not in message.body
    assert "&" not in message.body
