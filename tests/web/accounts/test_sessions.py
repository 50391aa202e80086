"""A stolen dump opens no session, and nobody is logged out by the way that sessions are kept."""

import math
from importlib import import_module
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from cryptography.fernet import Fernet
from django.conf import settings as project
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from accounts.recent_login import BEGAN_AT, SEEN_AT
from accounts.sessions import OLD_COOKIE_NAME, SessionStore, hash_old_keys, is_row_key, rotate_sessions
from tests.queues import work_off
from tests.web.accounts.test_stolen_session import PASSWORD, is_in, log_in
from tests.web.accounts.test_stolen_session import user as user  # noqa: PLC0414 - a fixture
from tests.web.admin.test_actions import act
from tests.web.test_secrets_at_rest import dump

pytestmark = pytest.mark.django_db


def cookie_of(client: Client) -> str:
    return str(client.cookies[project.SESSION_COOKIE_NAME].value)


def with_cookie(value: str, name: str = "") -> Client:
    client = Client()
    client.cookies[name or project.SESSION_COOKIE_NAME] = value
    return client


def an_old_session(user: User) -> str:
    """Log in as a release did that kept the keys in clear and the rows readable; return the cookie."""
    new = log_in(user).session
    old = DatabaseStore()
    old.update(dict(new.items()))
    old.create()
    UserSession.objects.filter(session_key=new.session_key).update(session_key=old.session_key)
    new.delete()
    return str(old.session_key)


def test_nothing_in_the_database_is_a_cookie(user: User) -> None:
    client = log_in(user)
    session = client.session
    session["shop"] = "a-mark-in-the-session"
    session.save()
    assert session["shop"] == client.session["shop"]
    found = dump()
    assert cookie_of(client) not in found
    assert "a-mark-in-the-session" not in found
    for key in [
        *Session.objects.values_list("pk", flat=True),
        *UserSession.objects.values_list("session_key", flat=True),
    ]:
        assert is_row_key(key)
        assert not is_in(with_cookie(key))
    assert is_in(with_cookie(cookie_of(client)))


@pytest.mark.once
@pytest.mark.parametrize(
    "cookie", ["", "x", "#", "~" * 40, "#" + "0" * 39, "ä" * 32, "a" * 5000, "a\x00b" * 9]
)
def test_a_strange_cookie_is_nobodys(cookie: str) -> None:
    assert with_cookie(cookie).get(reverse("accounts:profile")).status_code == 302


@pytest.mark.once
def test_the_list_of_devices_shows_the_own_one_and_ends_the_others(user: User) -> None:
    mine, other = log_in(user, "Firefox"), log_in(user, "Other")
    page = mine.get(reverse("usersessions_list"))
    assert len(page.context["sessions"]) == 2
    assert page.content.decode().count("es-badge-ok") == 1
    mine.post(reverse("usersessions_list"))
    assert is_in(mine)
    assert not is_in(other)
    assert len(mine.get(reverse("usersessions_list")).context["sessions"]) == 1


def test_a_new_password_changes_the_secret_and_a_logout_ends_the_row(user: User) -> None:
    client = log_in(user)
    first = cookie_of(client)
    new = {"oldpassword": PASSWORD, "password1": "Novyi-parol-77", "password2": "Novyi-parol-77"}
    client.post(reverse("account_change_password"), new)
    second = cookie_of(client)
    assert first != second
    assert not is_in(with_cookie(first))
    assert is_in(client)
    client.post(reverse("account_logout"))
    assert not is_in(with_cookie(second))
    assert not Session.objects.exists()


@pytest.mark.once
def test_a_login_changes_the_secret(user: User) -> None:
    client = Client()
    session = SessionStore()
    session["before"] = 1
    session.create()
    client.cookies[project.SESSION_COOKIE_NAME] = planted = str(session.secret)
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert is_in(client)
    assert cookie_of(client) != planted
    assert not is_in(with_cookie(planted))


@pytest.mark.once
@pytest.mark.parametrize("name", ["service_worker", "account_login", "catalog:list"])
def test_an_answer_to_the_secret_before_a_login_does_not_end_that_login(user: User, name: str) -> None:
    before = cookie_of(log_in(user))
    Session.objects.all().delete()
    client = log_in(user)

    # Asked before the login, and answered after it.
    answer = with_cookie(before).get(reverse(name))

    assert project.SESSION_COOKIE_NAME not in answer.cookies
    assert is_in(client)
    ended = client.post(reverse("account_logout"))
    assert ended.cookies[project.SESSION_COOKIE_NAME].value == ""


@pytest.mark.once
def test_a_secret_is_long_and_random() -> None:
    secrets = set()
    for _number in range(200):
        session = SessionStore()
        session.create()
        secrets.add(str(session.secret))
    assert len(secrets) == 200
    assert min(len(secret) * math.log2(len(VALID_KEY_CHARS)) for secret in secrets) > 128
    assert len({secret[0] for secret in secrets}) > 20


@pytest.mark.parametrize("hashed_first", [False, True])
def test_a_session_from_before_goes_on_and_its_key_is_hashed(user: User, *, hashed_first: bool) -> None:
    cookie = an_old_session(user)
    assert cookie in dump()
    if hashed_first:
        assert hash_old_keys() == 1
        assert cookie not in dump()
    client = with_cookie(cookie)
    assert is_in(client)
    assert cookie not in dump()
    assert len(client.get(reverse("usersessions_list")).context["sessions"]) == 1
    assert not [row for row in Session.objects.all() if not row.session_key.startswith("#")]


@pytest.mark.once
def test_a_session_under_the_old_cookies_name_moves_to_the_new_one(user: User, settings: Settings) -> None:
    cookie = an_old_session(user)
    settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE = "__Host-sessionid", True
    client = with_cookie(cookie, OLD_COOKIE_NAME)
    assert is_in(client)
    assert cookie_of(client) == cookie
    assert client.cookies[OLD_COOKIE_NAME].value == ""
    assert client.cookies["__Host-sessionid"]["secure"]
    del client.cookies[OLD_COOKIE_NAME]
    assert is_in(client)


@pytest.mark.once
def test_the_old_cookies_name_opens_no_session_of_today(user: User, settings: Settings) -> None:
    cookie = cookie_of(log_in(user))
    settings.SESSION_COOKIE_NAME = "__Host-sessionid"
    assert not is_in(with_cookie(cookie, OLD_COOKIE_NAME))
    assert is_in(with_cookie(cookie))


def test_sessions_move_to_a_new_key_and_one_that_no_key_reads_is_only_logged_out(
    user: User, settings: Settings
) -> None:
    client = log_in(user)
    old, new = settings.FIELD_ENCRYPTION_KEYS, [Fernet.generate_key().decode()]
    settings.FIELD_ENCRYPTION_KEYS = new + old
    assert sum(changed for _table, changed in rotate_sessions()) == 1
    assert sum(changed for _table, changed in rotate_sessions()) == 0
    settings.FIELD_ENCRYPTION_KEYS = new
    assert is_in(client)
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert not is_in(client)
    assert sum(changed for _table, changed in rotate_sessions()) == 0


def test_the_engine_in_use_is_ours() -> None:
    assert import_module(project.SESSION_ENGINE).SessionStore is SessionStore
    assert EmailAddress.objects.count() == 0


def age(client: Client, *, began: float = 0, seen: float = 0) -> Client:
    """Let the browser's session have begun and been used so many hours ago."""
    session = client.session
    session[BEGAN_AT] -= began * 3600
    session[SEEN_AT] -= seen * 3600
    session.save()
    return client


@pytest.mark.parametrize(
    ("is_staff", "began", "seen", "stays"),
    [
        (False, 24 * 89, 24 * 13, True),
        (False, 24 * 91, 0, False),
        (False, 24 * 20, 24 * 15, False),
        (True, 11, 1, True),
        (True, 13, 0, False),
        (True, 3, 2.5, False),
    ],
)
def test_a_session_ends_when_it_is_too_old_or_idle(
    user: User, *, is_staff: bool, began: float, seen: float, stays: bool
) -> None:
    User.objects.filter(pk=user.pk).update(is_staff=is_staff)
    client = age(log_in(user), began=began, seen=seen)
    cookie = cookie_of(client)
    assert is_in(client) is stays
    assert is_in(with_cookie(cookie)) is stays


@pytest.mark.once
def test_a_visit_puts_off_the_end_of_an_idle_session_and_not_that_of_an_old_one(user: User) -> None:
    client = age(log_in(user), began=24 * 20, seen=24 * 10)
    assert is_in(client)
    assert is_in(age(client, seen=24 * 10))
    assert not is_in(age(client, began=24 * 71))


@pytest.mark.once
def test_a_session_from_before_sessions_were_dated_begins_now(user: User) -> None:
    client = log_in(user)
    session = client.session
    del session[BEGAN_AT], session[SEEN_AT]
    session.save()
    assert is_in(client)
    assert client.session[BEGAN_AT] > 0


@pytest.mark.once
def test_support_can_log_somebody_out_everywhere(
    user: User, settings: Settings, django_capture_on_commit_callbacks: Any
) -> None:
    settings.ADMIN_REQUIRES_MFA = False
    thief = log_in(user)
    staff = Client()
    staff.force_login(User.objects.create_superuser("boss@example.com", PASSWORD))
    with django_capture_on_commit_callbacks(execute=True):
        act(staff, "end_sessions", user)
    work_off()
    assert not is_in(thief)
    assert mail.outbox[-1].to == [user.email]
