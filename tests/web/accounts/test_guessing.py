"""Who guesses passwords, codes and tokens is slowed down, and whose account it is comes in all the same."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as project
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.choices import SecurityEventKind
from accounts.known_devices import MOST_ACCOUNTS
from accounts.models import SecurityEvent, User
from tests.queues import work_off
from tests.web.accounts.test_signup import link_in
from tests.web.accounts.test_stolen_session import PASSWORD, an_hour_later, is_in, log_in
from tests.web.accounts.test_stolen_session import user as user  # noqa: PLC0414 - a fixture

pytestmark = pytest.mark.django_db


def guess(client: Client, address: str, *, ip: str = "198.51.100.7", password: str = "wrong") -> Any:
    return client.post(reverse("account_login"), {"login": address, "password": password}, REMOTE_ADDR=ip)


@pytest.mark.once
def test_wrong_passwords_from_elsewhere_do_not_keep_the_owner_out(user: User) -> None:
    for _attempt in range(30):
        guess(Client(), user.email)
    assert not is_in(log_in_from(user, "198.51.100.7")), "the one who guesses is slowed down"
    assert is_in(log_in_from(user, "203.0.113.9"))


def log_in_from(user: User, ip: str, client: Client | None = None) -> Client:
    client = client or Client()
    guess(client, user.email, ip=ip, password=PASSWORD)
    return client


@pytest.mark.once
def test_a_thousand_addresses_that_guess_do_not_keep_a_known_browser_out(user: User) -> None:
    known = log_in(user)
    known.post(reverse("account_logout"))
    for number in range(120):
        guess(Client(), user.email, ip=f"192.0.2.{number}")
    assert not is_in(log_in_from(user, "203.0.113.9")), "a browser that nobody knows waits"
    assert is_in(log_in_from(user, "203.0.113.9", known))


@pytest.mark.once
def test_a_known_browser_has_a_limit_too_and_none_for_other_accounts(user: User) -> None:
    other = User.objects.create_user("other@example.com", PASSWORD)
    EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=True)
    thief = log_in(user)
    thief.post(reverse("account_logout"))
    for number in range(11):
        guess(thief, user.email, ip=f"192.0.2.{number}")
    assert not is_in(log_in_from(user, "192.0.2.99", thief))
    cache.clear()
    for number in range(60):
        guess(thief, other.email, ip=f"192.0.2.{number}")
    assert not is_in(log_in_from(other, "192.0.2.99", thief))


@pytest.mark.once
@pytest.mark.parametrize("cookie", ["", "x", "a:b:c", "WyJhIiwgW11d:1vabc:def"])
def test_a_made_up_cookie_is_no_known_browser(user: User, cookie: str) -> None:
    client = Client()
    client.cookies[project.DEVICE_COOKIE_NAME] = cookie
    for _attempt in range(6):
        guess(client, user.email)
    assert not is_in(log_in_from(user, "198.51.100.7", client))


@pytest.mark.once
def test_a_browser_remembers_few_accounts_and_no_address() -> None:
    client = Client()
    for number in range(MOST_ACCOUNTS + 3):
        someone = User.objects.create_user(f"shop{number}@example.com", PASSWORD)
        EmailAddress.objects.create(user=someone, email=someone.email, verified=True, primary=True)
        guess(client, someone.email, ip=f"192.0.2.{number}", password=PASSWORD)
        client.post(reverse("account_logout"))
    value = client.cookies[project.DEVICE_COOKIE_NAME].value
    assert "shop" not in value
    assert len(value) < 500


SPELLINGS = [
    "v1@example.com",
    "V1@EXAMPLE.COM",
    "v1@exämple.com",
    "v1@xn--exmple-cua.com",
    "v1@ｅｘａｍｐｌｅ.com",
    " v1@example.com ",
]
STRANGE = [
    "v1@example.com.",
    "v1@exam\u200bple.com",
    "v1\u200b@example.com",
    "v1@\u200b.com",
    "v1@.com",
    "v1@" + "a" * 64 + ".com",
    "v1@" + "ä" * 60 + ".com",
    "v1@xn--.com",
    "v1@xn--a.com",
    "v1@-a-.com",
    "v1@ß.com",
    "v1@\u202eexample.com",
    "ｖ1@example.com",
    "v1@example.com\x00",
    "v1@example.com\r\nBcc: x@example.com",
    "@",
    "",
    "v1@" + "a." * 200 + "com",
    "😀@example.com",
    "v1@😀.com",
]


def test_spellings_that_look_alike_share_one_limit() -> None:
    user = User.objects.create_user("v1@example.com", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    for spelling in SPELLINGS[1:]:
        guess(Client(), spelling)
    assert not is_in(log_in_from(user, "198.51.100.7"))


@pytest.mark.parametrize("address", [*SPELLINGS, *STRANGE])
@pytest.mark.parametrize(
    "name", ["account_login", "account_signup", "account_reset_password", "account_email"]
)
def test_no_spelling_breaks_a_page(user: User, name: str, address: str) -> None:
    typed = {
        "login": address,
        "email": address,
        "password": PASSWORD,
        "password1": PASSWORD,
        "first_name": "А",
        "last_name": "Б",
        "action_add": "",
    }
    client = log_in(user) if name == "account_email" else Client()
    assert client.post(reverse(name), typed).status_code in {200, 302}
    work_off()


def test_resets_to_look_alikes_share_one_limit() -> None:
    answers = [
        Client().post(reverse("account_reset_password"), {"email": spelling}).status_code
        for spelling in SPELLINGS
    ]
    assert answers == [302] * 5 + [429]


def test_failures_and_the_lock_stand_in_the_owners_list(user: User) -> None:
    for _attempt in range(8):
        guess(Client(), user.email)
    guess(Client(), "nobody@example.com")
    work_off()
    found = dict(SecurityEvent.objects.for_user(user).values_list("kind", "times"))
    assert found == {SecurityEventKind.LOGIN_FAILED: 5, SecurityEventKind.LOCKED_OUT: 3}
    assert SecurityEvent.objects.count() == 2


def test_a_new_password_by_email_lets_the_owner_in_at_once(user: User) -> None:
    client = Client()
    for _attempt in range(6):
        guess(client, user.email)
    client.post(reverse("account_reset_password"), {"email": user.email})
    form = client.get(link_in(str(mail.outbox[0].body)), follow=True)
    new = {"password1": "Novyi-parol-77", "password2": "Novyi-parol-77"}
    client.post(form.redirect_chain[-1][0], new, REMOTE_ADDR="198.51.100.7")
    cache_of_client = guess(client, user.email, password="Novyi-parol-77")
    assert cache_of_client.status_code == 302
    assert is_in(client)


@pytest.mark.once
@pytest.mark.usefixtures("no_waiting")
def test_tokens_cannot_be_tried_out_without_limit(user: User) -> None:
    client = log_in(user)
    for name, typed in (
        ("connections:vk_communities", {"vk-token": "vk1.a.stolen"}),
        ("connections:vk_connect", {"vk-token": "vk1.a.stolen", "vk-community": "shop"}),
        ("connections:evotor_connect", {"evotor-token": "stolen"}),
    ):
        cache.clear()
        answers = [client.post(reverse(name), typed).status_code for _attempt in range(12)]
        assert answers[-1] == 429, name


@pytest.mark.once
def test_the_old_password_cannot_be_tried_out_without_limit(user: User) -> None:
    client = log_in(user)
    wrong = {"oldpassword": "wrong", "password1": "Novyi-parol-77", "password2": "Novyi-parol-77"}
    answers = [client.post(reverse("account_change_password"), wrong).status_code for _attempt in range(8)]
    assert answers[-1] == 429
    an_hour_later(client)
    cache.clear()
    address = reverse("account_reauthenticate")
    answers = [client.post(address, {"password": "wrong"}).status_code for _attempt in range(12)]
    assert answers[-1] == 429


@pytest.mark.once
def test_the_admin_has_no_page_of_its_own_where_a_password_could_be_tried(settings: Any) -> None:
    settings.ADMIN_REQUIRES_MFA = False
    boss = User.objects.create_superuser("boss@example.com", PASSWORD)
    client = Client()
    client.force_login(boss)
    typed = {"old_password": "wrong", "new_password1": "Novyi-parol-77", "new_password2": "Novyi-parol-77"}
    for answer in (client.get("/admin/password_change/"), client.post("/admin/password_change/", typed)):
        assert answer["Location"] == reverse("account_change_password")
    boss.refresh_from_db()
    assert boss.check_password(PASSWORD)
