"""Letters: their links lead to our site, whoever made us write them, and a name is only a name in them."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.web.accounts.test_signup import TYPED

pytestmark = pytest.mark.django_db

SITE = "https://shop.example"
FORGED = {
    "Host": "thief.example",
    "X-Forwarded-Host": "thief.example",
    "X-Forwarded-Proto": "https",
    "Forwarded": "host=thief.example",
}


@pytest.fixture(autouse=True)
def _any_host_gets_in(settings: Any) -> None:
    """The worst case: an operator who let every host in."""
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = SITE


@pytest.fixture
def anna() -> User:
    user = User.objects.create_user("anna@example.com", "Kassa-4821-lavka", first_name="Анна")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def letter_after(view: str, typed: dict[str, str], user: User | None = None) -> str:
    """Return the letter that a visitor with forged headers makes us write."""
    client = Client(headers=FORGED)
    if user is not None:
        client.force_login(user)
    client.post(reverse(view), typed)
    (letter,) = mail.outbox
    return f"{letter.subject}\n{letter.body}"


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    ("view", "typed"),
    [
        ("account_signup", TYPED),
        ("account_reset_password", {"email": "anna@example.com"}),
    ],
)
def test_links_lead_to_our_site_whatever_host_is_claimed(
    request: pytest.FixtureRequest, view: str, typed: dict[str, str], *, known: bool
) -> None:
    if known:
        request.getfixturevalue("anna")
    letter = letter_after(view, typed)
    assert "thief" not in letter
    (link,) = re.findall(r"https?://\S+", letter)
    assert link.startswith(f"{SITE}/")


def test_a_letter_to_a_new_address_leads_to_our_site(anna: User) -> None:
    letter = letter_after("account_email", {"action_add": "", "email": "new@example.com"}, anna)
    assert "thief" not in letter
    assert re.findall(r"https?://\S+", letter)[0].startswith(f"{SITE}/")


@pytest.mark.parametrize("name", ["Анна\r\nBcc: all@example.com", "Анна\nhttps://thief.example"])
def test_a_name_of_two_lines_adds_no_header_and_no_link(client: Client, name: str) -> None:
    client.post(reverse("account_signup"), TYPED | {"first_name": name})
    for letter in mail.outbox:
        assert letter.to == ["anna@example.com"]
        assert letter.bcc == []
        assert "thief" not in f"{letter.subject}{letter.body}"
        assert "Bcc" not in letter.message().as_string()
