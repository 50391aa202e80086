"""Messages in browsers: encrypted, signed, sent to known services only, dropped when a browser ends them."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import SecurityEvent, User
from accounts.session_ending import end_sessions
from connections.client_factory import push_client, push_contact
from connections.clients.errors import (
    ClientError,
    InvalidRequest,
    OperatorActionRequired,
    RateLimited,
    Transient,
    Unreachable,
)
from connections.clients.web_push.client import Subscription
from connections.clients.web_push.encryption import LARGEST_MESSAGE
from connections.clients.web_push.vapid import VapidKey
from sandbox.messengers import PushService, TelegramBot
from sandbox.messengers.push import Browser
from syncing.choices import ChannelKind, DeliveryState
from syncing.models import Notification, NotificationChannel, NotificationDelivery
from syncing.services import browsers
from syncing.services.channels import as_push
from syncing.services.chat_links import LinkedElsewhere
from syncing.services.deliveries import send_test
from syncing.services.delivery_sender import send_due
from syncing.services.notifications import Message

pytestmark = pytest.mark.django_db(transaction=True)

KEY = VapidKey.new()


@pytest.fixture
def service(settings: Any) -> Iterator[PushService]:
    settings.SITE_URL = "https://evosync.example"
    settings.WEB_PUSH_PRIVATE_KEY, settings.WEB_PUSH_HOSTS = KEY.to_text(), ["127.0.0.1"]
    with PushService() as service:
        yield service


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user(
        "shop@example.com", "a-long-password", language="en", wants_notifications=False
    )


def subscription_of(told: dict[str, str]) -> Subscription:
    return Subscription.checked(
        address=told["endpoint"], browser_key=told["p256dh"], auth=told["auth"], sender=KEY.public_text
    )


def browser_of(user: User, service: PushService, name: str = "Chrome, Android") -> Browser:
    browser, told = service.subscribe(KEY.public_text)
    browsers.add_browser(user, subscription_of(told), name=name)
    return browser


def trouble(user: User, kind: str = Notification.Trouble.FAILED) -> Notification:
    return Notification.objects.create(user=user, trouble=kind, open_key=f"{user.pk}:{kind}")


def test_a_message_of_any_length_that_fits_arrives_and_a_longer_one_is_not_sent(
    service: PushService,
) -> None:
    browser, told = service.subscribe(KEY.public_text)
    subscription = subscription_of(told)
    for length in (2, LARGEST_MESSAGE):
        push_client().send(subscription, json.dumps("x" * (length - 2)).encode(), lasts=60)
    assert [len(message) for message in browser.messages] == [0, LARGEST_MESSAGE - 2]
    with pytest.raises(ValueError, match="length"):
        push_client().send(subscription, b"x" * (LARGEST_MESSAGE + 1), lasts=60)


def test_the_longest_texts_of_ours_fit(service: PushService) -> None:
    button = ("🎁" * 500, "https://evosync.example/decide/" + "9" * 120 + "/")
    told = as_push(Message('🎁"' * 500, '🎁\\"\n' * 5000, (button,) * 9), language="ru")
    assert len(told) <= LARGEST_MESSAGE
    assert len(json.loads(told)["actions"]) == 2


@pytest.mark.once
def test_every_browser_is_told_once_with_paths_and_no_addresses(user: User, service: PushService) -> None:
    found = [browser_of(user, service, name) for name in ("Chrome, Android", "Firefox, Windows")]
    trouble(user)
    assert send_due(timezone.now()) == 2
    assert send_due(timezone.now()) == 0
    for browser in found:
        (message,) = browser.messages
        assert message["title"] == "EvoSync: your shop in VK is not being kept up to date"
        assert message["body"].startswith("Several runs in a row have failed")
        assert "://" not in json.dumps(message)
        assert message["url"] == "/history/"
        assert message["actions"] == [{"title": "Open EvoSync", "url": "/history/"}]
    keys = {browser.messages[0]["tag"] for browser in found}
    assert len(keys) == 2


@pytest.mark.parametrize("status", [404, 410])
def test_an_ended_subscription_is_switched_off_told_of_once_and_replaced_by_a_new_one(
    user: User, service: PushService, status: int
) -> None:
    browser = browser_of(user, service)
    service.fault("error", status=status, text="gone")
    trouble(user)
    assert send_due(timezone.now()) == 0
    channel = NotificationChannel.objects.get(kind=ChannelKind.PUSH)
    assert (channel.is_on, channel.off_code) == (False, f"push.{status}")
    assert send_due(timezone.now()) == 1
    assert "browser Chrome, Android" in mail.outbox[0].body
    assert browser.messages == []
    again = browser_of(user, service)
    assert NotificationChannel.objects.get(kind=ChannelKind.PUSH).is_on, "the lost one of that name is gone"
    send_test(user, now=timezone.now())
    send_due(timezone.now())
    assert [message["title"] for message in again.messages] == ["EvoSync: a test"]


@pytest.mark.once
@pytest.mark.parametrize(
    ("fault", "error", "state"),
    [
        ({"kind": "error", "status": 429, "seconds": 40}, RateLimited, DeliveryState.WAITING),
        ({"kind": "error", "status": 503, "seconds": 40}, Transient, DeliveryState.WAITING),
        ({"kind": "error", "status": 500}, Transient, DeliveryState.UNSURE),
        ({"kind": "error", "status": 400}, InvalidRequest, DeliveryState.REFUSED),
        ({"kind": "error", "status": 413}, InvalidRequest, DeliveryState.REFUSED),
        ({"kind": "error", "status": 403}, OperatorActionRequired, DeliveryState.WAITING),
        ({"kind": "error", "status": 401}, OperatorActionRequired, DeliveryState.WAITING),
        ({"kind": "reset_after"}, Transient, DeliveryState.UNSURE),
    ],
)
def test_every_refusal_says_who_acts_next(
    user: User,
    service: PushService,
    fault: dict[str, Any],
    error: type[ClientError],
    state: DeliveryState,
) -> None:
    browser, told = service.subscribe(KEY.public_text)
    subscription = subscription_of(told)
    service.fault(times=2, text=f"no {subscription.address}", **fault)
    with pytest.raises(error) as caught:
        push_client().send(subscription, b"{}", lasts=60)
    assert subscription.address not in f"{caught.value!r} {caught.value.text} {subscription!r}"
    browsers.add_browser(user, subscription, name="Chrome, Android")
    trouble(user)
    now = timezone.now()
    send_due(now)
    row = NotificationDelivery.objects.get()
    assert row.state == state
    assert row.channel.is_on
    if "seconds" in fault:
        assert send_due(now + timedelta(seconds=39)) == 0
        assert send_due(now + timedelta(seconds=41)) == 1
        assert len(browser.messages) == 1


@pytest.mark.once
def test_another_key_of_ours_ends_the_subscriptions_of_the_one_before(
    user: User, service: PushService, settings: Any
) -> None:
    browser_of(user, service)
    settings.WEB_PUSH_PRIVATE_KEY = VapidKey.new().to_text()
    trouble(user)
    send_due(timezone.now())
    assert NotificationChannel.objects.get(kind=ChannelKind.PUSH).off_code == "push.other_key"


@pytest.mark.same_statements
@pytest.mark.parametrize("how", ["password", "all devices"])
def test_another_password_or_a_logout_of_all_devices_ends_the_messages(
    user: User, service: PushService, how: str
) -> None:
    browser = browser_of(user, service)
    if how == "password":
        user.set_password("another-long-password")
        user.save()
    else:
        end_sessions(user)
    trouble(user)
    send_due(timezone.now())
    assert NotificationChannel.objects.get(kind=ChannelKind.PUSH).off_code == "push.logged_out"
    assert send_due(timezone.now()) == 1
    assert browser.messages == []
    assert "browser Chrome, Android" in mail.outbox[0].body


def test_a_setting_that_is_no_key_switches_no_browser_off(
    user: User, service: PushService, settings: Any
) -> None:
    browser = browser_of(user, service)
    trouble(user)
    NotificationDelivery.objects.create(
        channel=NotificationChannel.objects.get(), stage="test", key="t", state=DeliveryState.WAITING
    )
    settings.WEB_PUSH_PRIVATE_KEY = "no key"
    now = timezone.now()
    assert send_due(now) == 0
    settings.WEB_PUSH_PRIVATE_KEY = KEY.to_text()
    assert send_due(now + timedelta(minutes=6)) == 1
    assert len(browser.messages) == 1


@pytest.mark.once
def test_a_service_that_is_away_got_nothing(service: PushService) -> None:
    browser, _told = service.subscribe(KEY.public_text)
    subscription = Subscription("http://127.0.0.1:1/x", browser.public, browser.auth, KEY.public_text)
    with pytest.raises(Unreachable):
        push_client().send(subscription, b"{}", lasts=60)


def test_a_browser_has_one_owner_and_a_merchant_ten_browsers(user: User, service: PushService) -> None:
    _browser, told = service.subscribe(KEY.public_text)
    browsers.add_browser(user, subscription_of(told), name="first")
    browsers.add_browser(user, subscription_of(told), name="first")
    other = User.objects.create_user("other@example.com", "a-long-password")
    with pytest.raises(LinkedElsewhere):
        browsers.add_browser(other, subscription_of(told), name="theirs")
    for number in range(browsers.MOST_BROWSERS - 1):
        browser_of(user, service, f"{number}")
    with pytest.raises(browsers.TooManyBrowsers):
        browser_of(user, service, "one more")
    NotificationChannel.objects.filter(name="3").update(is_on=False)
    browser_of(user, service, "one more")
    assert NotificationChannel.objects.for_user(user).count() == browsers.MOST_BROWSERS
    assert SecurityEvent.objects.filter(kind="browser_added", user=user).count() == browsers.MOST_BROWSERS + 1


def test_the_commands_make_a_key_name_what_is_wrong_and_send_a_test(
    user: User, service: PushService, settings: Any
) -> None:
    def said(*arguments: str) -> str:
        out = StringIO()
        try:
            call_command(*arguments, stdout=out)
        except CommandError as error:
            out.write(f"{error}")
        return out.getvalue()

    made = said("web_push_key").strip().partition("=")[2]
    assert VapidKey.from_text(made).to_text() == made
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    text = said("channels")
    assert "telegram: off, not set up\nmax: off, not set up" in text
    assert f"push: on, public key {KEY.public_text}, contact mailto:" in text
    assert KEY.to_text() not in text
    assert "put right" not in text
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.WEB_PUSH_CONTACT = "me"
    with TelegramBot() as bot:
        settings.TELEGRAM_API_URL, settings.TELEGRAM_BOT_TOKEN = bot.url, bot.token
        settings.TELEGRAM_BOT_NAME = "another_bot"
        text = said("channels")
        for words in (
            f"email: on, locmem, from {settings.DEFAULT_FROM_EMAIL}",
            "EMAIL_URL names no mail server",
            "TELEGRAM_WEBHOOK_SECRET is empty",
            f"is not the bot's name, {bot.name}",
            "WEB_PUSH_CONTACT is neither",
            "4 to put right",
        ):
            assert words in text
        settings.TELEGRAM_BOT_TOKEN = "wrong"
        assert "telegram.401" in said("channels")
    settings.TELEGRAM_BOT_TOKEN = settings.TELEGRAM_BOT_NAME = settings.WEB_PUSH_CONTACT = ""
    browser = browser_of(user, service)
    assert "test, push Chrome, Android: taken" in said("channels", "--test", user.email)
    assert [message["title"] for message in browser.messages] == ["EvoSync: a test"]
    browser.is_gone = True
    assert "test, push Chrome, Android: push.410 Gone" in said("channels", "--test", user.email)
    assert NotificationChannel.objects.get(kind="push").is_on, "a test of the operator's changes nothing"
    NotificationChannel.objects.all().delete()
    assert "is off" in said("channels", "--test", user.email)


@pytest.mark.once
def test_the_contact_is_the_address_that_emails_come_from(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL, settings.WEB_PUSH_CONTACT = "EvoSync <hello@shop.example>", ""
    assert push_contact() == "mailto:hello@shop.example"
