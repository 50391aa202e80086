"""A stolen session is not an account: what matters asks again, tells the owner, and ends what was stolen."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.conf import settings as project
from django.contrib.auth import get_user
from django.core import mail
from django.core.cache import cache
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.choices import TOLD, SecurityEventKind
from accounts.models import SecurityEvent, User
from accounts.recent_login import LOGGED_IN_AT
from accounts.security_events import send_security_email
from syncing.models import Feed
from tests.queues import work_off
from tests.web.accounts.test_signup import link_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_half_minute")]

PASSWORD = "Kassa-4821-lavka"
# What asks for the password or the factor again; each with what it is sent.
SENSITIVE: dict[str, dict[str, str]] = {
    "account_email": {"action_add": "", "email": "new@example.com"},
    "accounts:download": {},
    "connections:evotor_connect": {"evotor-token": "t"},
    "connections:evotor_code": {},
    "connections:evotor_disconnect": {},
    "connections:vk_connect": {"vk-token": "t", "vk-community": "shop"},
    "connections:vk_community": {"group-community": "shop"},
    "connections:vk_disconnect": {},
    "vk_id:start": {"app_id": "123"},
    "evotor_oauth:start": {},
    "feed:new": {},
    "mfa_activate_totp": {"code": "123456"},
    "usersessions_list": {},
}


@pytest.fixture
def user() -> User:
    user = User.objects.create_user("anna@example.com", PASSWORD, first_name="Анна")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    EmailAddress.objects.create(user=user, email="second@example.com", verified=True)
    return user


def log_in(user: User, agent: str = "Firefox") -> Client:
    """Return the browser of somebody who has typed the password."""
    client = Client(headers={"user-agent": agent})
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert is_in(client)
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("accounts:profile")).status_code == 200


def an_hour_later(client: Client) -> Client:
    """Let the browser's login be older than the window."""
    session = client.session
    session[LOGGED_IN_AT] = time.time() - project.ACCOUNT_REAUTHENTICATION_TIMEOUT - 1
    session.save()
    return client


def code_of(secret: str) -> str:
    """Return the app's code now, as one that was not used before."""
    cache.clear()
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


def kinds(user: User) -> list[str]:
    return [event.kind for event in SecurityEvent.objects.for_user(user)]


@pytest.mark.same_statements
@pytest.mark.parametrize("name", SENSITIVE)
def test_what_matters_is_not_done_in_an_old_session(user: User, name: str, settings: Settings) -> None:
    settings.EVOTOR_OAUTH_CLIENT_ID = "client"
    client = an_hour_later(log_in(user))
    before = SecurityEvent.objects.count()
    answer = client.post(reverse(name), SENSITIVE[name])
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert SecurityEvent.objects.count() == before
    assert not EmailAddress.objects.filter(email="new@example.com").exists()
    assert not Feed.objects.exists()
    assert mail.outbox == []


@pytest.mark.parametrize("action", ["action_primary", "action_remove"])
def test_no_address_changes_in_an_old_session(user: User, action: str) -> None:
    client = an_hour_later(log_in(user))
    before = list(EmailAddress.objects.values_list("email", "primary"))
    answer = client.post(reverse("account_email"), {action: "", "email": "second@example.com"})
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert list(EmailAddress.objects.values_list("email", "primary")) == before


@pytest.mark.once
def test_nothing_that_was_typed_waits_in_the_session(user: User) -> None:
    client = an_hour_later(log_in(user))
    client.post(reverse("connections:vk_connect"), {"vk-token": "vk1.a.typed", "vk-community": "shop"})
    client.post(reverse("account_email"), {"action_add": "", "email": "typed@example.com"})
    assert "typed" not in str(dict(client.session))


@pytest.mark.once
def test_the_password_leads_back_and_opens_the_window_again(user: User) -> None:
    client = an_hour_later(log_in(user))
    page = f"http://testserver{reverse('connections:onboarding')}"
    asked = client.post(reverse("connections:vk_connect"), {}, headers={"referer": page})
    assert client.post(asked["Location"], {"password": "wrong"}).status_code == 200
    assert client.post(reverse("accounts:download")).status_code == 302
    answer = client.post(asked["Location"], {"password": PASSWORD})
    assert answer["Location"] == reverse("connections:onboarding")
    assert client.post(reverse("accounts:download")).status_code == 200


@pytest.mark.once
@pytest.mark.parametrize("referer", ["https://evil.example/page", "//evil.example", ""])
def test_the_way_back_stays_on_our_site(user: User, referer: str) -> None:
    client = an_hour_later(log_in(user))
    asked = client.post(reverse("connections:vk_disconnect"), headers={"referer": referer})
    assert client.post(asked["Location"], {"password": PASSWORD})["Location"] == reverse("accounts:profile")


@pytest.mark.once
def test_a_part_of_a_page_sends_the_whole_page_to_the_question(user: User) -> None:
    client = an_hour_later(log_in(user))
    page = f"http://testserver{reverse('connections:index')}"
    headers = {"HX-Request": "true", "HX-Current-URL": page}
    answer = client.post(reverse("connections:evotor_code"), headers=headers)
    assert answer.status_code == 200
    assert answer["HX-Redirect"].startswith(reverse("account_reauthenticate"))
    assert answer.content == b""


def test_with_a_second_factor_the_password_is_not_enough_to_switch_it_off(user: User) -> None:
    client = log_in(user)
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    an_hour_later(client)
    asked = client.get(reverse("mfa_deactivate_totp"))
    assert asked["Location"].startswith(reverse("mfa_reauthenticate"))
    # The page for the password leads to the one for the factor.
    assert client.post(reverse("account_reauthenticate"), {"password": PASSWORD})["Location"].startswith(
        reverse("mfa_reauthenticate")
    )
    assert client.post(asked["Location"], {"code": code_of(secret)}).status_code == 302
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert not Authenticator.objects.exists()


def _change_password(client: Client, user: User) -> None:
    new = {"oldpassword": PASSWORD, "password1": "Novyi-parol-77", "password2": "Novyi-parol-77"}
    assert client.post(reverse("account_change_password"), new).status_code == 302


def _activate(client: Client, user: User) -> None:
    page = client.get(reverse("mfa_activate_totp"))
    code = code_of(page.context["form"].secret)
    assert client.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302
    assert Authenticator.objects.filter(type="totp").exists()


def _deactivate(client: Client, user: User) -> None:
    totp.TOTP.activate(user, totp.generate_totp_secret())
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302


def _new_codes(client: Client, user: User) -> None:
    totp.TOTP.activate(user, totp.generate_totp_secret())
    assert client.post(reverse("mfa_generate_recovery_codes")).status_code == 302


def _end_others(client: Client, user: User) -> None:
    assert client.post(reverse("usersessions_list")).status_code == 302


ENDINGS: dict[Callable[[Client, User], None], SecurityEventKind] = {
    _change_password: SecurityEventKind.PASSWORD_CHANGED,
    _activate: SecurityEventKind.FACTOR_ADDED,
    _deactivate: SecurityEventKind.FACTOR_REMOVED,
    _new_codes: SecurityEventKind.RECOVERY_CODES,
    _end_others: SecurityEventKind.SESSIONS_ENDED,
}


@pytest.mark.parametrize(("do", "kind"), ENDINGS.items())
@pytest.mark.django_db(transaction=True)
def test_the_other_sessions_end_and_ones_own_stays(
    user: User, do: Callable[[Client, User], None], kind: SecurityEventKind
) -> None:
    mine, thief = log_in(user), log_in(user, "Thief")
    unlisted = log_in(user, "Unlisted")
    UserSession.objects.filter(user_agent="Unlisted").delete()
    mail.outbox.clear()
    do(mine, user)
    work_off()
    assert is_in(mine)
    assert not is_in(thief)
    assert not is_in(unlisted)
    assert [row.user_agent for row in UserSession.objects.all()] == ["Firefox"]
    assert kinds(user)[0] == kind
    assert [letter.to for letter in mail.outbox] == [[user.email]]


@pytest.mark.once
def test_a_new_password_by_e_mail_ends_all_sessions(user: User) -> None:
    mine = log_in(user)
    stranger = Client()
    stranger.post(reverse("account_reset_password"), {"email": user.email})
    link = next(line for line in str(mail.outbox[0].body).split() if line.startswith("http"))
    form = stranger.get(link.partition("testserver")[2] or "/" + link.split("/", 3)[3], follow=True)
    new = {"password1": "Novyi-parol-77", "password2": "Novyi-parol-77"}
    stranger.post(form.redirect_chain[-1][0], new)
    assert not is_in(mine)
    assert kinds(user)[0] == SecurityEventKind.PASSWORD_RESET
    assert len(mail.outbox) == 2


def test_support_that_removes_a_factor_ends_the_sessions_and_the_owner_is_told(
    user: User, settings: Settings, django_capture_on_commit_callbacks: Any
) -> None:
    settings.ADMIN_REQUIRES_MFA = False
    totp.TOTP.activate(user, totp.generate_totp_secret())
    thief = Client()
    thief.force_login(user)
    staff = Client()
    staff.force_login(User.objects.create_superuser("boss@example.com", PASSWORD))
    address = reverse("admin:mfa_authenticator_delete", args=[Authenticator.objects.get().pk])
    with django_capture_on_commit_callbacks(execute=True):
        assert staff.post(address, {"post": "yes"}).status_code == 302
    work_off()
    assert not is_in(thief)
    assert mail.outbox[-1].to == [user.email]


@pytest.mark.once
def test_an_account_whose_sessions_were_never_ended_keeps_djangos_own_hash(user: User) -> None:
    client = log_in(user)
    request = HttpRequest()
    request.session = client.session
    assert get_user(request) == user
    value = user.get_session_auth_hash()
    user.session_epoch = 1
    assert user.get_session_auth_hash() != value


def test_both_addresses_are_told_of_a_change(user: User, django_capture_on_commit_callbacks: Any) -> None:
    client = log_in(user)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("account_email"), {"action_primary": "", "email": "second@example.com"})
    work_off()
    assert sorted(letter.to[0] for letter in mail.outbox) == ["anna@example.com", "second@example.com"]
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("account_email"), {"action_remove": "", "email": "anna@example.com"})
    work_off()
    assert sorted(letter.to[0] for letter in mail.outbox) == ["anna@example.com", "second@example.com"]


@pytest.mark.once
def test_the_main_address_is_told_of_another_one(user: User, django_capture_on_commit_callbacks: Any) -> None:
    client = log_in(user)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("account_email"), {"action_add": "", "email": "new@example.com"})
    work_off()
    assert sorted(letter.to[0] for letter in mail.outbox) == ["anna@example.com", "new@example.com"]
    told = next(letter for letter in mail.outbox if letter.to == ["anna@example.com"])
    assert "new@example.com" in told.body


def test_a_code_that_switched_the_factor_on_opens_nothing_afterwards(user: User) -> None:
    client = log_in(user)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    code = code_of(secret)
    client.post(reverse("mfa_activate_totp"), {"code": code})
    other = Client()
    other.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert other.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200
    assert not is_in(other)
    assert other.post(reverse("mfa_authenticate"), {"code": code_of(secret)}).status_code == 302
    assert is_in(other)


@pytest.mark.once
def test_every_event_that_is_not_allauths_is_told_by_an_e_mail_without_a_gap(user: User) -> None:
    for kind in TOLD:
        event = SecurityEvent(user=user, kind=kind, detail="x@example.com", ip="192.0.2.1", user_agent="Fox")
        send_security_email(event)
    assert len(mail.outbox) == len(TOLD)
    for letter in mail.outbox:
        assert letter.subject.startswith("EvoSync: ")
        assert "192.0.2.1" in letter.body
        assert "\n\n\n" not in letter.body


def test_a_new_password_by_email_keeps_the_second_factor(user: User) -> None:
    totp.TOTP.activate(user, totp.generate_totp_secret())
    client = Client()
    client.post(reverse("account_reset_password"), {"email": user.email})
    form = client.get(link_in(str(mail.outbox[0].body)), follow=True)
    new = {"password1": "Novyi-parol-77", "password2": "Novyi-parol-77"}
    client.post(form.redirect_chain[-1][0], new)
    assert Authenticator.objects.filter(type="totp").exists()
    answer = client.post(reverse("account_login"), {"login": user.email, "password": "Novyi-parol-77"})
    assert answer["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)


@pytest.mark.once
def test_the_link_for_a_new_password_works_once_and_for_an_hour(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    client.post(reverse("account_reset_password"), {"email": user.email})
    link = link_in(str(mail.outbox[0].body))
    later = datetime.now() + timedelta(minutes=61)  # noqa: DTZ005 - as Django's own generator has it
    with monkeypatch.context() as patch:
        patch.setattr(default_token_generator.__class__, "_now", lambda self: later)
        assert Client().get(link, follow=True).context["token_fail"]
    form = client.get(link, follow=True)
    new = {"password1": "Novyi-parol-77", "password2": "Novyi-parol-77"}
    client.post(form.redirect_chain[-1][0], new)
    assert Client().get(link, follow=True).context["token_fail"]
