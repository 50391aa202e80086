"""Chats in Telegram and MAX: told once, blocked for good, asked to wait, lost on the way, quiet at night."""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone, translation
from model_bakery import baker

from accounts.models import SecurityEvent, User
from accounts.services import delete_account, export_data
from catalog.models import Product, Store
from connections.client_factory import max_client, telegram_client
from connections.clients.errors import (
    AuthRevoked,
    InvalidRequest,
    OperatorActionRequired,
    RateLimited,
    Transient,
    Unreachable,
)
from sandbox.messengers import MaxBot, TelegramBot
from sandbox.messengers.messages import Bot
from syncing.choices import ChannelKind, DeliveryState
from syncing.core.choices import Reason
from syncing.models import (
    HeldPrice,
    Notification,
    NotificationChannel,
    NotificationDelivery,
    NotificationSettings,
    SyncJob,
)
from syncing.models.channels import LONGEST_WAIT, channel_key
from syncing.models.notifications import QUIET
from syncing.services import chat_links, deliveries, delivery_sender, digest
from syncing.services.channels import as_html
from syncing.services.deliveries import after_quiet_hours, hand_over_digests, send_test
from syncing.services.delivery_sender import send_due
from syncing.services.notifications import Message
from syncing.services.retention import KEEP_JOBS, prune

pytestmark = pytest.mark.django_db(transaction=True)

Trouble = Notification.Trouble
KINDS = [ChannelKind.TELEGRAM, ChannelKind.MAX]
MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.fixture
def bots(settings: Any) -> Iterator[dict[str, Bot]]:
    settings.SITE_URL = "https://evosync.example"
    with TelegramBot() as telegram, MaxBot() as in_max:
        settings.TELEGRAM_API_URL, settings.MAX_API_URL = telegram.url, in_max.url
        settings.TELEGRAM_BOT_TOKEN, settings.MAX_BOT_TOKEN = telegram.token, in_max.token
        settings.TELEGRAM_BOT_NAME, settings.MAX_BOT_NAME = telegram.name, in_max.name
        yield {ChannelKind.TELEGRAM: telegram, ChannelKind.MAX: in_max}


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user(
        "shop@example.com", "a-long-password", language="en", wants_notifications=False
    )


def chat_of(user: User, bots: dict[str, Bot], kind: str, chat: str = "77") -> NotificationChannel:
    bots[kind].chats.known.add(chat)
    return NotificationChannel.objects.create(
        user=user, kind=kind, key=channel_key(kind, chat), address=chat, name="anna"
    )


def trouble(user: User, kind: str = Trouble.FAILED) -> Notification:
    return Notification.objects.create(user=user, trouble=kind, open_key=f"{user.pk}:{kind}")


def end(notification: Notification) -> None:
    Notification.objects.filter(pk=notification.pk).update(
        open_key=None, closed_at=timezone.now(), tell_end=True
    )


@pytest.mark.once
@pytest.mark.parametrize("kind", KINDS)
def test_a_trouble_and_its_end_are_told_once_in_the_chat(user: User, bots: dict[str, Bot], kind: str) -> None:
    chat_of(user, bots, kind)
    found = trouble(user)
    assert send_due(timezone.now()) == 1
    assert send_due(timezone.now()) == 0
    message = bots[kind].messages[0]
    assert message.text.startswith("EvoSync: your shop in VK is not being kept up to date")
    assert message.buttons == (("Open EvoSync", "https://evosync.example/history/"),)
    end(found)
    assert send_due(timezone.now()) == 1
    assert send_due(timezone.now()) == 0
    assert "kept up to date again" in bots[kind].messages[1].text


@pytest.mark.same_statements
@pytest.mark.parametrize("ahead", [timedelta(hours=3), timedelta(days=400)], ids=str)
def test_what_a_wrong_clock_put_off_is_told_when_the_clock_is_right(
    user: User, bots: dict[str, Bot], ahead: timedelta
) -> None:
    chat_of(user, bots, ChannelKind.TELEGRAM)
    now = timezone.now()
    found = trouble(user)
    Notification.objects.update(not_before=now + ahead + QUIET)
    assert send_due(now) == 1
    end(found)
    deliveries.hand_over(Notification.objects.get(), now=now)
    waiting = NotificationDelivery.objects.filter(state=DeliveryState.WAITING)
    waiting.update(not_before=now + ahead + LONGEST_WAIT)
    assert send_due(now) == 1


@pytest.mark.same_statements
@pytest.mark.parametrize("left", [timedelta(seconds=1), LONGEST_WAIT], ids=str)
def test_what_waits_for_the_morning_is_not_told_before(
    user: User, bots: dict[str, Bot], left: timedelta
) -> None:
    chat_of(user, bots, ChannelKind.TELEGRAM)
    now = timezone.now()
    deliveries.hand_over(trouble(user), now=now)
    NotificationDelivery.objects.update(not_before=now + left)
    assert send_due(now) == 0
    assert send_due(now + left) == 1


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=400)], ids=str)
def test_what_a_dead_worker_claimed_by_a_wrong_clock_is_written_off(
    user: User, bots: dict[str, Bot], ahead: timedelta
) -> None:
    chat_of(user, bots, ChannelKind.TELEGRAM)
    now = timezone.now()
    deliveries.hand_over(trouble(user), now=now)
    NotificationDelivery.objects.update(
        state=DeliveryState.SENDING, claim="x", not_before=now + ahead + LONGEST_WAIT
    )
    assert send_due(now) == 0
    assert NotificationDelivery.objects.get().state == DeliveryState.UNSURE


@pytest.mark.once
@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=400)], ids=str)
def test_a_code_of_a_wrong_clock_links_no_chat(user: User, ahead: timedelta) -> None:
    now = timezone.now()
    code = chat_links.issue_code(user, ChannelKind.TELEGRAM, now=now + ahead)
    with pytest.raises(chat_links.CannotLink):
        chat_links.link(
            ChannelKind.TELEGRAM, code_hash=chat_links.hash_code(code), chat="5", name="x", now=now
        )


def test_every_channel_is_told_and_one_that_is_away_keeps_no_other_waiting(
    user: User, bots: dict[str, Bot]
) -> None:
    User.objects.filter(pk=user.pk).update(wants_notifications=True)
    for kind in KINDS:
        chat_of(user, bots, kind)
    bots[ChannelKind.TELEGRAM].chats.fault("reset_before", method="sendMessage")
    trouble(user)
    send_due(timezone.now())
    assert len(mail.outbox) == len(bots[ChannelKind.MAX].messages) == 1


@pytest.mark.once
def test_merchants_who_want_nothing_keep_nobody_waiting(
    user: User, bots: dict[str, Bot], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_sender, "MOST_AT_ONCE", 1)
    trouble(user)
    for wants, address in ((True, "second@example.com"), (False, "third@example.com")):
        other = User.objects.create_user(address, "a-long-password", wants_notifications=wants)
        if not wants:
            chat_of(other, bots, ChannelKind.TELEGRAM)
        trouble(other)
    now = timezone.now()
    assert [send_due(now), send_due(now), send_due(now)] == [1, 1, 0]
    assert [message.to for message in mail.outbox] == [["second@example.com"]]
    assert len(bots[ChannelKind.TELEGRAM].messages) == 1


@pytest.mark.same_statements
@pytest.mark.parametrize("kind", KINDS)
def test_a_blocked_bot_switches_the_channel_off_and_nothing_more_is_sent(
    user: User, bots: dict[str, Bot], kind: str
) -> None:
    channel = chat_of(user, bots, kind)
    bots[kind].chats.blocked.add("77")
    trouble(user)
    assert send_due(timezone.now()) == 0
    channel.refresh_from_db()
    assert not channel.is_on
    assert channel.off_code == f"{kind}.403"
    assert NotificationDelivery.objects.get(channel=channel).state == DeliveryState.REFUSED
    bots[kind].chats.blocked.clear()
    trouble(user, Trouble.LIMITS)
    assert send_due(timezone.now()) == 1
    assert bots[kind].messages == []
    (told,) = mail.outbox
    assert told.subject == "EvoSync: a channel is switched off", "no other channel is left: they get an email"
    assert f"{channel.get_kind_display()} anna" in told.body
    assert send_due(timezone.now() + timedelta(hours=1)) == 0


def test_the_other_channels_tell_of_one_that_is_lost_and_no_email_comes_that_nobody_wants(
    user: User, bots: dict[str, Bot]
) -> None:
    for kind in KINDS:
        chat_of(user, bots, kind)
    bots[ChannelKind.TELEGRAM].chats.fault(
        "error", method="sendMessage", status=403, text="Forbidden: new words"
    )
    trouble(user)
    send_due(timezone.now())
    send_due(timezone.now())
    told = "\n".join(message.text for message in bots[ChannelKind.MAX].messages)
    assert told.count("EvoSync: a channel is switched off") == 1
    assert "Telegram anna" in told
    assert mail.outbox == []


def test_a_channel_that_came_back_meanwhile_is_not_told_of(user: User, bots: dict[str, Bot]) -> None:
    channel = chat_of(user, bots, ChannelKind.TELEGRAM)
    bots[ChannelKind.TELEGRAM].chats.blocked.add("77")
    trouble(user)
    send_due(timezone.now())
    chat_links.switch_on(channel)
    assert send_due(timezone.now()) == 0
    assert mail.outbox == []


def test_what_could_not_be_sent_before_the_quiet_hours_waits_until_they_end(
    user: User, bots: dict[str, Bot], settings: Any
) -> None:
    chat_of(user, bots, ChannelKind.TELEGRAM)
    NotificationSettings.objects.create(
        user=user, quiet_from=22, quiet_until=8, time_zone="Asia/Vladivostok", at_night=[Trouble.LIMITS]
    )
    zone = ZoneInfo("Asia/Vladivostok")
    evening = datetime(2030, 1, 2, 21, 58, tzinfo=zone)
    address, settings.TELEGRAM_API_URL = settings.TELEGRAM_API_URL, "http://127.0.0.1:1"
    trouble(user)
    assert send_due(evening) == 0
    settings.TELEGRAM_API_URL = address
    assert send_due(evening + timedelta(minutes=6)) == 0
    trouble(user, Trouble.LIMITS)
    assert send_due(evening + timedelta(minutes=10)) == 1, "what may wake them"
    assert send_due(datetime(2030, 1, 3, 7, 59, tzinfo=zone)) == 0
    assert send_due(datetime(2030, 1, 3, 8, 0, tzinfo=zone)) == 1


@pytest.mark.once
def test_many_chats_of_a_service_that_is_away_keep_no_other_channel_waiting(
    user: User, bots: dict[str, Bot], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_sender, "MOST_AT_ONCE", 5)
    settings.TELEGRAM_API_URL = "http://127.0.0.1:1"
    for chat in range(8):
        chat_of(user, bots, ChannelKind.TELEGRAM, str(chat))
    chat_of(user, bots, ChannelKind.MAX)
    trouble(user)
    assert send_due(timezone.now()) == 1
    assert len(bots[ChannelKind.MAX].messages) == 1


@pytest.mark.once
def test_telegrams_length_is_that_of_utf_16(user: User, bots: dict[str, Bot]) -> None:
    chat_of(user, bots, ChannelKind.TELEGRAM)
    telegram_client().send_message("77", as_html(Message("🎁", "🎁🧦" * 3000), longest=4096))
    (message,) = bots[ChannelKind.TELEGRAM].messages
    assert message.text.endswith("🎁…") or message.text.endswith("🧦…")
    assert 4000 < len(message.text.encode("utf-16-le")) // 2 <= 4096


@pytest.mark.once
@pytest.mark.parametrize("kind", KINDS)
def test_a_service_that_asks_to_wait_is_asked_again_after_its_own_pause(
    user: User, bots: dict[str, Bot], kind: str
) -> None:
    chat_of(user, bots, kind)
    method = "sendMessage" if kind == ChannelKind.TELEGRAM else "messages"
    bots[kind].chats.fault("error", method=method, status=429, text="Too Many Requests", seconds=40)
    trouble(user)
    now = timezone.now()
    assert send_due(now) == 0
    assert send_due(now + timedelta(seconds=39)) == 0
    assert send_due(now + timedelta(seconds=41)) == 1
    assert len(bots[kind].messages) == 1


@pytest.mark.once
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", ["reset_after", "truncated", "http"])
def test_a_lost_answer_is_no_second_message(user: User, bots: dict[str, Bot], kind: str, fault: str) -> None:
    chat_of(user, bots, kind)
    bots[kind].chats.fault(fault, executed=fault == "http")
    found = trouble(user)
    assert send_due(timezone.now()) == 0
    assert send_due(timezone.now() + timedelta(days=1)) == 0
    assert len(bots[kind].messages) == 1
    assert NotificationDelivery.objects.get().state == DeliveryState.UNSURE
    end(found)
    assert send_due(timezone.now()) == 1, "who was perhaps told of the trouble is told of its end"


@pytest.mark.once
@pytest.mark.parametrize("kind", KINDS)
def test_what_was_not_sent_is_sent_later(user: User, bots: dict[str, Bot], kind: str, settings: Any) -> None:
    chat_of(user, bots, kind)
    name = f"{kind.upper()}_API_URL"
    address = getattr(settings, name)
    setattr(settings, name, "http://127.0.0.1:1")
    trouble(user)
    now = timezone.now()
    assert send_due(now) == 0
    setattr(settings, name, address)
    assert send_due(now + timedelta(minutes=4)) == 0
    assert send_due(now + timedelta(minutes=6)) == 1


@pytest.mark.once
def test_a_wrong_token_of_the_bot_is_the_operators_and_ends_no_channel(
    user: User, bots: dict[str, Bot], settings: Any
) -> None:
    channel = chat_of(user, bots, ChannelKind.TELEGRAM)
    token, settings.TELEGRAM_BOT_TOKEN = settings.TELEGRAM_BOT_TOKEN, "wrong"
    trouble(user)
    now = timezone.now()
    assert send_due(now) == 0
    channel.refresh_from_db()
    assert channel.is_on
    settings.TELEGRAM_BOT_TOKEN = token
    assert send_due(now + timedelta(minutes=6)) == 1


@pytest.mark.once
@pytest.mark.parametrize("kind", KINDS)
def test_a_long_name_with_the_signs_of_html_arrives_as_it_is_and_not_too_long(
    user: User, bots: dict[str, Bot], kind: str
) -> None:
    chat_of(user, bots, kind)
    name = "<b>&\"'</a><script>" * 600
    client = telegram_client() if kind == ChannelKind.TELEGRAM else max_client()
    client.send_message("77", as_html(Message("1 < 2", name), longest=4000))
    text = bots[kind].messages[0].text
    assert text.startswith("1 < 2\n\n<b>&\"'</a><script><b>&")
    assert text.endswith("…")
    assert len(text) <= 4000


@pytest.mark.once
def test_what_happens_at_night_comes_in_the_morning_as_one_message(user: User, bots: dict[str, Bot]) -> None:
    chat_of(user, bots, ChannelKind.TELEGRAM)
    NotificationSettings.objects.create(user=user, quiet_from=22, quiet_until=8, at_night=[Trouble.LIMITS])
    night = datetime(2030, 1, 2, 23, 30, tzinfo=MOSCOW)
    trouble(user, Trouble.FAILED)
    trouble(user, Trouble.ERRORS)
    over = trouble(user, Trouble.HELD_PLAN)
    trouble(user, Trouble.LIMITS)
    assert send_due(night) == 1, "only what the merchant wants to be woken for"
    end(over)
    assert send_due(datetime(2030, 1, 3, 7, 59, tzinfo=MOSCOW)) == 0
    assert send_due(datetime(2030, 1, 3, 8, 0, tzinfo=MOSCOW)) == 1
    morning = bots[ChannelKind.TELEGRAM].messages[1].text
    assert morning.startswith("EvoSync: 2 messages about your shop")
    assert "waits for your answer" not in morning


@pytest.mark.once
@pytest.mark.parametrize(
    ("begin", "until", "zone", "hour", "told"),
    [
        (22, 8, "Europe/Moscow", 21, 21),
        (22, 8, "Europe/Moscow", 22, 32),
        (22, 8, "Europe/Moscow", 3, 8),
        (22, 8, "Europe/Moscow", 8, 8),
        (13, 15, "Europe/Moscow", 14, 15),
        (22, 8, "Asia/Vladivostok", 15, 25),
        (5, 5, "Europe/Moscow", 5, 5),
    ],
)
def test_quiet_hours_are_those_of_the_shops_zone(
    begin: int, until: int, zone: str, hour: int, told: int
) -> None:
    rules = NotificationSettings(quiet_from=begin, quiet_until=until, time_zone=zone)
    midnight = datetime(2030, 1, 2, tzinfo=MOSCOW)
    assert after_quiet_hours(rules, midnight + timedelta(hours=hour)) == midnight + timedelta(hours=told)


def test_what_the_merchant_does_not_want_to_know_is_not_told(user: User, bots: dict[str, Bot]) -> None:
    chat_of(user, bots, ChannelKind.TELEGRAM)
    NotificationSettings.objects.create(user=user, muted=[Trouble.FAILED])
    trouble(user)
    trouble(user, Trouble.LIMITS)
    assert send_due(timezone.now()) == 1
    assert "not being kept" not in bots[ChannelKind.TELEGRAM].messages[0].text


def test_the_digest_comes_once_a_week_on_monday_morning(user: User, bots: dict[str, Bot]) -> None:
    chat_of(user, bots, ChannelKind.TELEGRAM)
    NotificationSettings.objects.create(user=user, digest=True, time_zone="Asia/Vladivostok")
    monday = datetime(2030, 1, 7, 9, tzinfo=ZoneInfo("Asia/Vladivostok"))
    job = SyncJob.objects.create(
        user=user, triggered_by="manual", status="success", finished_at=monday - timedelta(days=1),
        items_created=38, items_unchanged=100, done=252,
    )  # fmt: skip
    for number in range(214):
        job.items.create(
            action="update", result="done", product_name=f"{number}", changes={"price_kopecks": [1, 2]}
        )
    job.items.create(action="update", result="done", product_name="tea", changes={"stock": [1, 2]})
    for moment in (monday - timedelta(hours=1), monday, monday + timedelta(hours=2)):
        hand_over_digests(moment)
        send_due(moment)
    (message,) = bots[ChannelKind.TELEGRAM].messages
    assert "38 new products, 214 price changes, accuracy 100 %." in message.text
    assert "Nothing waits for you." in message.text
    shop = Store.objects.create(user=user, evotor_id="s", name="s", fetched_at=monday)
    for number in range(2):
        product = baker.make(Product, user=user, store=shop, evotor_id=f"{number}")
        HeldPrice.objects.create(
            user=user, product=product, old_kopecks=1, new_kopecks=9, till_kopecks=9, held_at=monday
        )
    SyncJob.objects.filter(pk=job.pk).update(skipped_by_reason={Reason.UNSURE: 1})
    with translation.override("en"):
        text = digest.message_of(user, now=monday).body
    assert text.startswith(
        "38 new products, 214 price changes, accuracy 100 %, 3 wait for you.\n2 prices wait for"
    )
    assert "1 product waits for your decision." in text
    hand_over_digests(monday + timedelta(days=7))
    assert NotificationDelivery.objects.filter(state=DeliveryState.WAITING).count() == 1


@pytest.mark.once
@pytest.mark.parametrize(
    ("day", "hour", "week"),
    [(6, 23, None), (7, 8, None), (7, 9, "2030-01"), (8, 8, None), (8, 23, "2030-01"), (9, 12, None)],
)
def test_a_digest_that_monday_missed_comes_on_tuesday(day: int, hour: int, week: str | None) -> None:
    zone = "Asia/Kamchatka"
    moment = datetime(2030, 1, day, hour, tzinfo=ZoneInfo(zone))
    assert digest.week_that_is_due(moment, zone) == week


@pytest.mark.once
def test_a_test_goes_by_every_channel_also_at_night(user: User, bots: dict[str, Bot]) -> None:
    User.objects.filter(pk=user.pk).update(wants_notifications=True)
    user.refresh_from_db()
    for kind in KINDS:
        chat_of(user, bots, kind)
    now = timezone.now()
    hour = now.astimezone(MOSCOW).hour
    NotificationSettings.objects.create(user=user, quiet_from=hour, quiet_until=(hour + 2) % 24)
    assert send_test(user, now=now) == 3
    assert send_due(now) == 3
    assert [message.subject for message in mail.outbox] == ["EvoSync: a test"]


@pytest.mark.once
def test_an_address_that_the_mail_server_refuses_for_good_is_not_tried_for_ever(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:

    User.objects.filter(pk=user.pk).update(wants_notifications=True)

    def refused(to: str, subject: str, body: str) -> None:
        raise SMTPRecipientsRefused({to: (550, b"no such user")})

    monkeypatch.setattr("syncing.services.channels.send_plain_email", refused)
    trouble(user)
    send_due(timezone.now())
    assert NotificationDelivery.objects.get().state == DeliveryState.REFUSED


@pytest.mark.once
@pytest.mark.parametrize(
    ("fault", "values", "error"),
    [
        ("error", {"status": 403, "text": "Forbidden: user is deactivated"}, AuthRevoked),
        ("error", {"status": 400, "text": "Bad Request: chat not found"}, AuthRevoked),
        ("error", {"status": 400, "text": "Bad Request: message is too long"}, InvalidRequest),
        ("error", {"status": 401, "text": "Unauthorized"}, OperatorActionRequired),
        ("error", {"status": 429, "text": "Too Many Requests", "seconds": 5}, RateLimited),
        ("http", {"status": 502}, Transient),
        ("reset_before", {}, Transient),
        ("bad_json", {}, Transient),
    ],
)
def test_every_refusal_of_telegram_says_who_acts_next_and_no_error_holds_the_token(
    bots: dict[str, Bot], fault: str, values: dict[str, Any], error: type[Exception]
) -> None:
    bot = bots[ChannelKind.TELEGRAM]
    bot.chats.known.add("77")
    bot.chats.fault(fault, **values)
    with pytest.raises(error) as caught:
        telegram_client().send_message("77", "text")
    assert bot.token not in f"{caught.value!r} {caught.value} {telegram_client()!r}"


@pytest.mark.once
def test_nobody_there_means_that_nothing_was_sent(settings: Any) -> None:
    settings.TELEGRAM_API_URL, settings.TELEGRAM_BOT_TOKEN = "http://127.0.0.1:1", "1:secret-token"
    with pytest.raises(Unreachable) as caught:
        telegram_client().send_message("77", "text")
    assert "secret-token" not in str(caught.value)


@pytest.mark.once
def test_the_command_tells_both_messengers_where_we_are(bots: dict[str, Bot], settings: Any) -> None:
    settings.TELEGRAM_WEBHOOK_SECRET = "t" * 32
    with pytest.raises(CommandError, match="MAX_WEBHOOK_SECRET"):
        call_command("bot_webhooks")
    settings.MAX_WEBHOOK_SECRET = "m" * 32
    call_command("bot_webhooks")
    assert bots[ChannelKind.TELEGRAM].chats.webhook == "https://evosync.example/webhooks/telegram/"
    assert bots[ChannelKind.MAX].chats.secret == "m" * 32


def test_a_code_links_one_chat_once_and_a_chat_has_one_owner(user: User, bots: dict[str, Bot]) -> None:
    now = timezone.now()
    kind = ChannelKind.TELEGRAM
    first = chat_links.hash_code(chat_links.issue_code(user, kind, now=now))
    code = chat_links.hash_code(chat_links.issue_code(user, kind, now=now))
    for wrong, at in ((first, now), ("", now), (code, now + chat_links.CODE_LIFE)):
        with pytest.raises(chat_links.CannotLink):
            chat_links.link(kind, code_hash=wrong, chat="5", name="x", now=at)
    with pytest.raises(chat_links.CannotLink):
        chat_links.link(ChannelKind.MAX, code_hash=code, chat="5", name="x", now=now)
    channel = chat_links.link(kind, code_hash=code, chat="5", name="x", now=now)
    with pytest.raises(chat_links.CannotLink):
        chat_links.link(kind, code_hash=code, chat="6", name="x", now=now)
    other = User.objects.create_user("other@example.com", "a-long-password")
    theirs = chat_links.hash_code(chat_links.issue_code(other, kind, now=now))
    with pytest.raises(chat_links.LinkedElsewhere):
        chat_links.link(kind, code_hash=theirs, chat="5", name="x", now=now)
    chat_links.unlink(channel)
    assert chat_links.link(kind, code_hash=theirs, chat="5", name="x", now=now).user == other
    events = SecurityEvent.objects.order_by("pk").values_list("user", "kind")
    assert list(events) == [
        (user.pk, "chat_linked"), (user.pk, "chat_unlinked"), (other.pk, "chat_linked"),
    ]  # fmt: skip


def test_channels_are_in_the_export_without_the_chats_number_and_go_with_the_account(
    user: User, bots: dict[str, Bot]
) -> None:

    chat_of(user, bots, ChannelKind.TELEGRAM, "771234567")
    trouble(user)
    send_due(timezone.now())
    with zipfile.ZipFile(io.BytesIO(export_data(user))) as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist())
        assert "notification_channels.json" in archive.namelist()
    assert "anna" in text
    assert "771234567" not in text
    delete_account(user)
    assert not NotificationChannel.objects.exists()
    assert not NotificationDelivery.objects.exists()


def test_deliveries_go_after_ninety_days(user: User, bots: dict[str, Bot]) -> None:
    chat_of(user, bots, ChannelKind.TELEGRAM)
    deliveries.send_test(user, now=timezone.now())
    assert prune(timezone.now())["deliveries"] == 0
    assert prune(timezone.now() + KEEP_JOBS + timedelta(days=1))["deliveries"] == 1
