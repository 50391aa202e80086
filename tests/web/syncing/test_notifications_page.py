"""The page "Notifications": what is chosen is kept, chats are linked and unlinked, a test is sent."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import SecurityEvent
from connections.clients.web_push.encoding import encode
from connections.clients.web_push.vapid import VapidKey
from sandbox.messengers.push import Browser
from syncing.models import Notification, NotificationChannel, NotificationDelivery, NotificationSettings
from syncing.services.delivery_sender import send_due
from tests.web.shop import Shop

URL = reverse("syncing:notifications")
KEY = VapidKey.new()
CHOSEN = {
    "kinds": ["brake", "failed"], "digest": "on", "quiet_from": "22", "quiet_until": "8",
    "time_zone": "Asia/Omsk", "at_night": ["brake"],
}  # fmt: skip


def test_what_is_chosen_is_kept_and_shown_again(owner: Client, shop: Shop) -> None:
    assert owner.post(URL, CHOSEN).status_code == 302
    rules = NotificationSettings.objects.get()
    assert (sorted(rules.muted), rules.at_night) == (["errors", "limits", "prices"], ["brake"])
    assert (rules.quiet_from, rules.quiet_until, rules.time_zone) == (22, 8, "Asia/Omsk")
    shop.user.refresh_from_db()
    assert not shop.user.wants_notifications
    page = owner.get(URL).content.decode()
    assert '<option value="22" selected>' in page
    assert owner.post(URL, CHOSEN | {"email": "on", "quiet_from": "", "quiet_until": ""}).status_code == 302
    assert NotificationSettings.objects.get().quiet_from is None


def test_quiet_hours_with_one_end_are_refused_and_nothing_is_kept(owner: Client) -> None:
    answer = owner.post(URL, CHOSEN | {"quiet_until": ""})
    assert answer.status_code == 422
    assert "both ends" in answer.content.decode()
    assert not NotificationSettings.objects.exists()


@pytest.mark.once
def test_without_a_bot_no_messenger_is_offered(owner: Client, shop: Shop) -> None:
    assert "Telegram" not in owner.get(URL).content.decode()
    assert owner.post(reverse("syncing:link_chat"), {"kind": "telegram"}).status_code == 404
    assert owner.post(reverse("syncing:link_chat"), {"kind": "email"}).status_code == 404


@pytest.mark.once
def test_a_chat_is_linked_only_soon_after_a_login(owner: Client, settings: Any) -> None:
    settings.TELEGRAM_BOT_TOKEN, settings.TELEGRAM_BOT_NAME = "1:x", "evosync_bot"
    page = owner.post(reverse("syncing:link_chat"), {"kind": "telegram"})
    assert "https://t.me/evosync_bot?start=" in page.content.decode()
    session = owner.session
    session["logged_in_at"] = 0
    session["account_authentication_methods"] = []
    session.save()
    answer = owner.post(reverse("syncing:link_chat"), {"kind": "telegram"})
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]


def test_a_channel_that_was_switched_off_says_so_and_can_be_unlinked(owner: Client, shop: Shop) -> None:
    channel = NotificationChannel.objects.create(
        user=shop.user, kind="telegram", key="telegram:1", address="1", name="anna", is_on=False,
        off_code="telegram.403",
    )  # fmt: skip
    assert "the bot was blocked" in owner.get(URL).content.decode()
    assert owner.post(reverse("syncing:unlink_chat", args=[channel.pk])).status_code == 302
    assert not NotificationChannel.objects.exists()
    assert SecurityEvent.objects.get().kind == "chat_unlinked"


def test_the_accounts_email_is_no_chat_to_unlink(owner: Client, shop: Shop) -> None:
    channel = NotificationChannel.objects.create(user=shop.user, kind="email", key=f"email:{shop.user.pk}")
    assert owner.post(reverse("syncing:unlink_chat", args=[channel.pk])).status_code == 404


def test_a_test_is_sent_and_the_page_says_what_became_of_it(owner: Client, shop: Shop) -> None:
    answer = owner.post(reverse("syncing:send_test"))
    assert "on its way" in str(next(iter(get_messages(answer.wsgi_request))))
    send_due(timezone.now())
    assert len(mail.outbox) == 1
    assert "sent" in owner.get(URL).content.decode()
    NotificationDelivery.objects.update(state="unsure")
    assert "perhaps sent" in owner.get(URL).content.decode()


def test_with_every_channel_off_the_test_says_so(owner: Client, shop: Shop) -> None:
    shop.user.wants_notifications = False
    shop.user.save()
    answer = owner.post(reverse("syncing:send_test"))
    assert "every channel is off" in str(next(iter(get_messages(answer.wsgi_request))))


def test_the_page_asks_few_questions_of_the_database(
    owner: Client, shop: Shop, django_assert_max_num_queries: Any
) -> None:
    now = timezone.now()
    channel = NotificationChannel.objects.create(user=shop.user, kind="telegram", key="telegram:1")
    for number in range(30):
        found = Notification.objects.create(
            user=shop.user, trouble="failed", closed_at=now, opened_at=now - timedelta(days=number)
        )
        NotificationDelivery.objects.create(
            channel=channel, notification=found, stage="begin", key=f"{number}", state="sent"
        )
    with django_assert_max_num_queries(15):
        assert owner.get(URL).status_code == 200


ADD = reverse("syncing:add_browser")
PHONE = (
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36"
)


def told_by_a_browser(**changed: str) -> dict[str, str]:
    browser = Browser("/x", "")
    return {
        "endpoint": f"https://fcm.googleapis.com/fcm/send/{uuid.uuid4()}",
        "p256dh": encode(browser.public),
        "auth": encode(browser.auth),
        "before": "",
    } | changed


def said(answer: Any) -> str:
    return str(list(get_messages(answer.wsgi_request))[-1])


@pytest.mark.once
def test_without_a_key_of_ours_no_browser_is_offered_or_added(owner: Client, shop: Shop) -> None:
    assert "data-push" not in owner.get(URL).content.decode()
    assert owner.post(ADD, told_by_a_browser()).status_code == 404


def test_browsers_are_added_tested_and_removed(owner: Client, shop: Shop, settings: Any) -> None:
    settings.WEB_PUSH_PRIVATE_KEY = KEY.to_text()
    assert f'data-push="{KEY.public_text}"' in owner.get(URL).content.decode()
    first = told_by_a_browser()
    assert "in this browser now" in said(owner.post(ADD, first, headers={"User-Agent": PHONE}))
    again = told_by_a_browser(before=first["endpoint"])
    owner.post(ADD, again, headers={"User-Agent": PHONE})
    channel = NotificationChannel.objects.get(kind="push")
    assert channel.name == "Chrome, Android"
    assert again["endpoint"] in channel.address
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM syncing_notificationchannel")
        assert again["endpoint"] not in str(cursor.fetchall()), "it is kept encrypted"
    page = owner.get(URL).content.decode()
    assert again["endpoint"] not in page
    assert "Chrome, Android" in page
    assert "on its way" in said(owner.post(reverse("syncing:send_test"), {"channel": channel.pk}))
    assert NotificationDelivery.objects.get().channel == channel
    assert "is removed" in said(owner.post(reverse("syncing:unlink_chat", args=[channel.pk])))
    kinds = SecurityEvent.objects.order_by("pk").values_list("kind", "detail")
    assert list(kinds) == [
        ("browser_added", "browser Chrome, Android"),
        ("browser_added", "browser Chrome, Android"),
        ("browser_removed", "browser Chrome, Android"),
    ]


@pytest.mark.once
def test_what_is_no_browsers_answer_or_no_known_service_is_refused(
    owner: Client, shop: Shop, settings: Any
) -> None:
    settings.WEB_PUSH_PRIVATE_KEY = KEY.to_text()
    for changed in ({"auth": ""}, {"p256dh": "x"}, {"endpoint": ""}):
        assert "did not say" in said(owner.post(ADD, told_by_a_browser(**changed)))
    for address in ("https://169.254.169.254/latest", "http://fcm.googleapis.com/x", "https://evil.example/"):
        assert "does not know" in said(owner.post(ADD, told_by_a_browser(endpoint=address)))
    assert not NotificationChannel.objects.filter(kind="push").exists()


def test_a_browser_is_added_only_soon_after_a_login_and_not_for_ever(
    owner: Client, shop: Shop, settings: Any
) -> None:
    settings.WEB_PUSH_PRIVATE_KEY = KEY.to_text()
    statuses = [owner.post(ADD, told_by_a_browser()).status_code for _time in range(12)]
    assert statuses == [302] * 10 + [429] * 2
    session = owner.session
    session["logged_in_at"] = 0
    session["account_authentication_methods"] = []
    session.save()
    assert "reauthenticate" in owner.post(ADD, told_by_a_browser())["Location"]


@pytest.mark.once
def test_a_browser_of_the_password_before_is_shown_as_off(owner: Client, shop: Shop, settings: Any) -> None:
    settings.WEB_PUSH_PRIVATE_KEY = KEY.to_text()
    owner.post(ADD, told_by_a_browser())
    assert "switch them on again" not in owner.get(URL).content.decode()
    shop.user.set_password("another-long-password")
    shop.user.save()
    owner.force_login(shop.user)
    assert "switch them on again" in owner.get(URL).content.decode()


@pytest.mark.once
def test_a_lost_browser_says_what_to_do(owner: Client, shop: Shop) -> None:
    NotificationChannel.objects.create(
        user=shop.user, kind="push", key="push:1", name="Safari, iPhone", is_on=False, off_code="push.410"
    )
    assert "switch them on again" in owner.get(URL).content.decode()


def test_a_test_goes_by_the_channel_that_was_pressed_and_no_other_merchants(
    owner: Client, shop: Shop, other_shop: Shop, settings: Any
) -> None:
    settings.TELEGRAM_BOT_TOKEN, settings.TELEGRAM_BOT_NAME = "1:x", "evosync_bot"
    for user in (shop.user, other_shop.user):
        NotificationChannel.objects.create(user=user, kind="telegram", key=f"telegram:{user.pk}")
    url = reverse("syncing:send_test")
    theirs = NotificationChannel.objects.get(user=other_shop.user)
    assert "Nothing was sent" in said(owner.post(url, {"channel": theirs.pk}))
    owner.post(url, {"channel": "email"})
    assert [row.channel.kind for row in NotificationDelivery.objects.all()] == ["email"]
    owner.post(url)
    assert NotificationDelivery.objects.count() == 3
    assert [owner.post(url).status_code for _time in range(4)] == [302, 302, 302, 429]
