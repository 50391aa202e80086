"""The page "Notifications": what is chosen is kept, chats are linked and unlinked, a test is sent."""

from datetime import timedelta
from typing import Any

from django.contrib.messages import get_messages
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import SecurityEvent
from syncing.models import Notification, NotificationChannel, NotificationDelivery, NotificationSettings
from syncing.services.deliveries import send_due
from tests.web.shop import Shop

URL = reverse("syncing:notifications")
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


def test_without_a_bot_no_messenger_is_offered(owner: Client, shop: Shop) -> None:
    assert "Telegram" not in owner.get(URL).content.decode()
    assert owner.post(reverse("syncing:link_chat"), {"kind": "telegram"}).status_code == 404
    assert owner.post(reverse("syncing:link_chat"), {"kind": "email"}).status_code == 404


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
