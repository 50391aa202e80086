"""Emails: their links lead to our site whatever Host header the request had; a name is only text in them."""

import re
from pathlib import Path
from typing import Any

import allauth
import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as project
from django.core import mail
from django.template.backends.django import Template
from django.template.loader import get_template, render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation

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


# Ways in that are switched off, so nobody gets their emails.
UNUSED = {"login_code", "password_reset_code", "webauthn_added", "webauthn_removed"}
PACKAGE = Path(allauth.__file__).parent / "templates"
MAILS = sorted(
    f"{folder}/email/{file.name.removesuffix('_message.txt')}"
    for folder in ("account", "mfa")
    for file in PACKAGE.joinpath(folder, "email").glob("*_message.txt")
    if not file.name.startswith(("base_", *UNUSED))
)
FACTS = {
    "email": "anna@example.com",
    "from_email": "anna@example.com",
    "to_email": "new@example.com",
    "deleted_email": "old@example.com",
    "activate_url": f"{SITE}/confirm/",
    "password_reset_url": f"{SITE}/reset/",
    "signup_url": f"{SITE}/signup/",
    "timestamp": "1 января 2026 г. 12:00",
    "ip": "192.0.2.1",
    "user_agent": "Firefox",
    "current_site": {"name": "EvoSync", "domain": "shop.example"},
}
# What a Russian sentence may hold in Latin letters.
NAMES = re.compile(r"https?://\S+|\S+@\S+|EvoSync|Firefox|IP|shop\.example")


@pytest.mark.once
@pytest.mark.parametrize("name", MAILS)
def test_every_email_of_the_login_has_our_words_in_both_languages(name: str) -> None:
    for part in ("subject", "message"):
        template = get_template(f"{name}_{part}.txt")
        assert isinstance(template, Template)
        assert Path(template.origin.name).is_relative_to(project.BASE_DIR), name
        with translation.override("ru"):
            russian = render_to_string(f"{name}_{part}.txt", FACTS)
        assert not re.search("[A-Za-z]", NAMES.sub("", russian)), russian
        with translation.override("en"):
            english = render_to_string(f"{name}_{part}.txt", FACTS | {"timestamp": "noon"})
        assert not re.search("[А-Яа-я]", english), english
        assert not re.search(r"\n\n\n", english.strip()), english


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


def email_after(view: str, typed: dict[str, str], user: User | None = None) -> str:
    """Return the email that a visitor with forged headers makes us write."""
    client = Client(headers=FORGED)
    if user is not None:
        client.force_login(user)
    client.post(reverse(view), typed)
    (message,) = mail.outbox
    return f"{message.subject}\n{message.body}"


@pytest.mark.once
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
    message = email_after(view, typed)
    assert "thief" not in message
    (link,) = re.findall(r"https?://\S+", message)
    assert link.startswith(f"{SITE}/")


@pytest.mark.once
def test_an_email_to_a_new_address_leads_to_our_site(anna: User) -> None:
    message = email_after("account_email", {"action_add": "", "email": "new@example.com"}, anna)
    assert "thief" not in message
    assert re.findall(r"https?://\S+", message)[0].startswith(f"{SITE}/")


@pytest.mark.parametrize("name", ["Анна\r\nBcc: all@example.com", "Анна\nhttps://thief.example"])
def test_a_name_of_two_lines_adds_no_header_and_no_link(client: Client, name: str) -> None:
    client.post(reverse("account_signup"), TYPED | {"first_name": name})
    for message in mail.outbox:
        assert message.to == ["anna@example.com"]
        assert message.bcc == []
        assert "thief" not in f"{message.subject}{message.body}"
        assert "Bcc" not in message.message().as_string()
