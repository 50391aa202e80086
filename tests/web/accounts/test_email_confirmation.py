"""The link of the confirmation email: pressed once, twice, too late, or cut off."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.web.accounts.test_signup import TYPED

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(client: Client) -> str:
    """Sign up and return the path of the mailed link."""
    client.post(reverse("account_signup"), TYPED)
    found = re.search(r"https?://[^/]+(/accounts/confirm-email/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_a_second_press_by_the_same_browser_leads_on(client: Client, link: str) -> None:
    client.post(link)
    for again in (client.post(link), client.get(link)):
        assert again.status_code == 302
        assert again.headers["Location"] == reverse("connections:onboarding")


@pytest.mark.once
def test_a_second_press_elsewhere_says_that_it_is_confirmed(client: Client, link: str) -> None:
    client.post(link)
    stranger = Client(headers={"Accept-Language": "ru"})
    for again in (stranger.post(link), stranger.get(link)):
        assert again.status_code == 200
        page = again.content.decode()
        assert "anna@example.com уже подтверждён" in page
        assert reverse("account_login") in page


@pytest.mark.once
def test_a_press_confirms_the_address(client: Client, link: str) -> None:
    asked = client.get(link)
    assert "anna@example.com" in asked.content.decode()
    assert not EmailAddress.objects.get().verified
    client.post(link)
    assert EmailAddress.objects.get().verified


@pytest.mark.once
@pytest.mark.parametrize("cut", [4, 30])
def test_a_link_that_was_cut_off_says_what_to_do(client: Client, link: str, cut: int) -> None:
    broken = f"{link.rstrip('/')[:-cut]}/"
    assert "Скопируйте её целиком" in client.get(broken).content.decode()
    pressed = client.post(broken)
    assert pressed.status_code == 404
    assert "Скопируйте её целиком" in pressed.content.decode()
    assert not EmailAddress.objects.get().verified


def test_a_link_of_four_days_ago_says_what_to_do(
    client: Client, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = (timezone.now() + timedelta(days=4)).timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    pressed = Client().post(link)
    assert pressed.status_code == 404
    assert reverse("account_login") in pressed.content.decode()
    assert not EmailAddress.objects.get().verified


def test_a_link_of_an_address_that_is_gone_confirms_nothing(client: Client, link: str) -> None:
    EmailAddress.objects.all().delete()
    assert client.post(link).status_code == 404
