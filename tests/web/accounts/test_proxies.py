"""Limits on logins are kept per visitor, also behind the operator's proxy."""

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PROXY = "172.18.0.1"


def guess(client: Client, forwarded_for: str) -> int:
    """Try a password from this address and return the answer's status."""
    fields = {"login": "anna@example.com", "password": "wrong"}
    headers = {"X-Forwarded-For": forwarded_for}
    answer = client.post("/accounts/login/", fields, headers=headers, REMOTE_ADDR=PROXY, secure=True)
    return answer.status_code


def guess_often(client: Client, address: str) -> set[int]:
    return {guess(client, address) for _ in range(35)}


@pytest.fixture(autouse=True)
def _anna() -> None:
    User.objects.create_user("anna@example.com", "a long passphrase")


def test_guessing_a_password_locks_nobody_else_out(client: Client, settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert 429 in guess_often(client, "198.51.100.7")
    assert guess(client, "203.0.113.9") == 200


def test_a_made_up_address_in_front_of_the_proxys_own_is_not_believed(
    client: Client, settings: Settings
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    found = {guess(client, f"192.0.2.{number}, 198.51.100.7") for number in range(35)}
    assert 429 in found


def test_without_a_proxy_of_ours_the_header_is_not_believed(client: Client) -> None:
    assert 429 in {guess(client, f"192.0.2.{number}") for number in range(35)}
