"""A chat that is linked outlives no new password by email, and no other one without a word about it."""

import getpass
from collections.abc import Callable
from io import StringIO
from typing import Any
from unittest.mock import patch

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.contrib.messages import get_messages
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client, TestCase
from django.urls import reverse

from accounts.models import SecurityEvent, User
from accounts.session_ending import end_sessions
from evosync.common import clock
from syncing.choices import ChannelKind
from syncing.models import NotificationChannel
from syncing.models.channels import channel_key
from syncing.services import chat_links
from syncing.services.channels import email_channel
from tests.web.accounts.test_stolen_session import PASSWORD, log_in

NEW = {"password1": "Novyi-parol-77", "password2": "Novyi-parol-77"}


@pytest.fixture
def user(db: None) -> User:
    cache.clear()
    user = User.objects.create_user("owner@example.com", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    email_channel(user)
    chat_of(user, ChannelKind.TELEGRAM, "anna")
    chat_of(user, ChannelKind.MAX, "Stranger")
    return user


def chat_of(user: User, kind: ChannelKind, name: str) -> None:
    key = channel_key(kind, name)
    NotificationChannel.objects.create(user=user, kind=kind, key=key, address=name, name=name)


def said(answer: Any) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def chats(user: User) -> list[str]:
    return chat_links.names_of_chats(user)


def cannot_link(user: User, code: str) -> bool:
    try:
        chat_links.link(
            ChannelKind.TELEGRAM, code_hash=chat_links.hash_code(code), chat="9", name="x", now=clock.now()
        )
    except chat_links.CannotLink:
        return True
    return False


def test_a_new_password_by_email_unlinks_every_chat_and_says_so(user: User) -> None:
    other = User.objects.create_user("other@example.com", PASSWORD)
    chat_of(other, ChannelKind.TELEGRAM, "other")
    code = chat_links.issue_code(user, ChannelKind.TELEGRAM, now=clock.now())
    client = Client()
    client.post(reverse("account_reset_password"), {"email": user.email})
    link = next(line for line in str(mail.outbox[0].body).split() if line.startswith("http"))
    form = client.get("/" + link.split("/", 3)[3], follow=True)

    done = client.post(form.redirect_chain[-1][0], NEW, follow=True)

    assert (chats(user), chats(other)) == ([], ["Telegram other"])
    assert NotificationChannel.objects.for_user(user).get().kind == ChannelKind.EMAIL
    assert "Чаты с сообщениями о магазине отвязаны" in done.content.decode()
    assert "отвязаны: среди них мог быть чужой" in str(mail.outbox[1].body)
    unlinked = SecurityEvent.objects.filter(user=user, kind="chat_unlinked")
    assert sorted(event.detail for event in unlinked) == ["MAX Stranger", "Telegram anna"]
    assert cannot_link(user, code)


def set_by_command(user: User) -> None:
    with patch.object(getpass, "getpass", return_value=NEW["password1"]):
        call_command("changepassword", user.email, stdout=StringIO())


def set_by_staff(user: User) -> None:
    form = AdminPasswordChangeForm(user, NEW | {"usable_password": "true"})
    assert form.is_valid(), form.errors
    form.save()


def set_by_script(user: User) -> None:
    user.set_password(NEW["password1"])
    user.save(update_fields=["password"])


@pytest.mark.parametrize("change", [set_by_command, set_by_staff, set_by_script])
def test_a_new_password_by_somebody_else_unlinks_every_chat_and_ends_all_logins(
    user: User, change: Callable[[User], None]
) -> None:
    code = chat_links.issue_code(user, ChannelKind.TELEGRAM, now=clock.now())
    client = log_in(user)
    with TestCase.captureOnCommitCallbacks(execute=True):
        change(User.objects.get(pk=user.pk))
    assert chats(user) == []
    assert cannot_link(user, code)
    assert client.get(reverse("catalog:list")).status_code == 302
    assert not UserSession.objects.filter(user=user).exists()
    assert SecurityEvent.objects.filter(user=user, kind="password_changed").count() == 1


@pytest.mark.once
def test_a_login_that_renews_the_hash_of_the_password_unlinks_nothing(user: User, settings: Any) -> None:
    better = "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher"
    settings.PASSWORD_HASHERS = [better, *settings.PASSWORD_HASHERS]
    log_in(user)
    user.refresh_from_db()
    assert user.password.startswith("pbkdf2_sha1")
    assert len(chats(user)) == 2


@pytest.mark.once
def test_a_changed_password_keeps_the_chats_and_names_them(user: User) -> None:
    client = log_in(user)
    code = chat_links.issue_code(user, ChannelKind.TELEGRAM, now=clock.now())
    mail.outbox.clear()

    answer = client.post(reverse("account_change_password"), NEW | {"oldpassword": PASSWORD})

    assert answer.status_code == 302
    assert chats(user) == ["Telegram anna", "MAX Stranger"]
    assert "Остались привязанными чаты: Telegram anna, MAX Stranger." in said(answer)
    assert "Чаты остались привязанными" in str(mail.outbox[0].body)
    assert cannot_link(user, code)


def test_logging_out_everywhere_else_names_the_chats_too(user: User) -> None:
    client = log_in(user)
    answer = client.post(reverse("usersessions_list"))
    assert "MAX Stranger" in said(answer)
    assert len(chats(user)) == 2


def test_without_a_chat_nothing_is_said_about_chats(user: User) -> None:
    NotificationChannel.objects.for_user(user).chats().delete()
    answer = log_in(user).post(reverse("usersessions_list"))
    assert "чаты" not in said(answer)


@pytest.mark.once
def test_support_that_ends_all_sessions_unlinks_the_chats(user: User) -> None:
    end_sessions(user)
    assert chats(user) == []
