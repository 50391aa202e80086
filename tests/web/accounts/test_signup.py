"""From sign-up to the first login, and the ways back in."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User

pytestmark = pytest.mark.django_db

PASSWORD = "Kassa-4821-lavka"
TYPED = {
    "email": "Anna@Example.com",
    "first_name": "Анна",
    "last_name": "Ковалёва",
    "phone": "8 (999) 123-45-67",
    "password1": PASSWORD,
}


def sign_up(client: Client, **changes: str) -> Any:
    return client.post(reverse("account_signup"), TYPED | changes)


def link_in(message: str) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", message)
    assert found is not None, message
    return found[1]


@pytest.mark.once
def test_sign_up_keeps_name_phone_and_language_and_sends_an_email(client: Client) -> None:
    answer = sign_up(client)
    assert answer.status_code == 302
    user = User.objects.get()
    assert (user.email, user.first_name, user.last_name) == ("anna@example.com", "Анна", "Ковалёва")
    assert (user.phone, user.language) == ("+79991234567", "ru")
    assert mail.outbox[0].to == ["anna@example.com"]


def test_sign_up_on_an_english_page_makes_an_english_merchant(client: Client) -> None:
    client.cookies["django_language"] = "en"
    sign_up(client)
    assert User.objects.get().language == "en"


def test_an_address_too_long_to_keep_is_refused_and_not_cut_off(client: Client) -> None:
    answer = sign_up(client, email="a" * 300 + "@example.com")
    assert "254" in str(answer.context["form"].errors["email"])
    assert not User.objects.exists()


@pytest.mark.once
def test_the_link_in_the_email_confirms_the_address_and_logs_in(client: Client) -> None:
    sign_up(client)
    address = link_in(str(mail.outbox[0].body))
    assert client.get(address).status_code == 200
    answer = client.post(address, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("connections:onboarding")
    assert EmailAddress.objects.get().verified
    assert client.get(reverse("accounts:profile")).status_code == 200


@pytest.mark.once
def test_before_the_address_is_confirmed_nobody_gets_in(client: Client) -> None:
    sign_up(client)
    answer = client.post(reverse("account_login"), {"login": "anna@example.com", "password": PASSWORD})
    assert answer["Location"] == reverse("account_email_verification_sent")
    assert client.get(reverse("accounts:profile")).status_code == 302


@pytest.mark.once
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "12345"),
        ("first_name", ""),
        ("last_name", ""),
        ("email", "not-an-address"),
        ("password1", "12345678"),
    ],
)
def test_a_wrong_field_is_named_and_the_rest_stays_typed(client: Client, field: str, value: str) -> None:
    answer = sign_up(client, **{field: value})
    assert not User.objects.exists()
    assert list(answer.context["form"].errors) == [field]
    page = answer.content.decode()
    for name in {"email", "first_name", "last_name"} - {field}:
        assert f'value="{TYPED[name]}"' in page
    assert PASSWORD not in page


def test_a_phone_that_somebody_else_has_is_taken_and_tells_nothing(client: Client) -> None:
    User.objects.create_user("first@example.com", phone="+79991234567")
    assert sign_up(client)["Location"] == reverse("account_email_verification_sent")
    assert User.objects.filter(phone="+79991234567").count() == 2


@pytest.mark.once
def test_sign_up_with_a_known_address_does_not_tell_that_it_is_known(client: Client) -> None:
    user = User.objects.create_user("anna@example.com", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    answer = sign_up(client)
    assert answer["Location"] == reverse("account_email_verification_sent")
    assert User.objects.count() == 1


@pytest.mark.once
def test_login_brings_the_merchants_language_back(client: Client) -> None:
    user = User.objects.create_user("anna@example.com", PASSWORD, language="en")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    answer = client.post(reverse("account_login"), {"login": "anna@example.com", "password": PASSWORD})
    assert answer.status_code == 302
    assert answer.cookies["django_language"].value == "en"


@pytest.mark.once
def test_a_wrong_password_keeps_the_address_and_not_the_password(client: Client) -> None:
    answer = client.post(reverse("account_login"), {"login": "anna@example.com", "password": "wrong-Secret"})
    page = answer.content.decode()
    assert 'value="anna@example.com"' in page
    assert "wrong-Secret" not in page
    assert "is-invalid" in page or 'role="alert"' in page


def test_the_sixth_wrong_password_in_a_row_is_not_even_tried(client: Client) -> None:
    user = User.objects.create_user("anna@example.com", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    for _attempt in range(5):
        client.post(reverse("account_login"), {"login": user.email, "password": "wrong"})
    answer = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert answer.status_code in {200, 429}
    assert client.get(reverse("accounts:profile")).status_code == 302


@pytest.mark.once
def test_a_forgotten_password_is_replaced_through_an_email(client: Client) -> None:
    user = User.objects.create_user("anna@example.com", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client.post(reverse("account_reset_password"), {"email": user.email})
    form = client.get(link_in(str(mail.outbox[0].body)), follow=True)
    address = form.redirect_chain[-1][0]
    client.post(address, {"password1": "Novyi-parol-77", "password2": "Novyi-parol-77"})
    user.refresh_from_db()
    assert user.check_password("Novyi-parol-77")


@pytest.mark.once
def test_resets_are_limited_and_the_page_says_what_to_do(client: Client) -> None:
    answers = [
        client.post(reverse("account_reset_password"), {"email": "anna@example.com"}) for _attempt in range(6)
    ]
    assert answers[-1].status_code == 429
    assert reverse("account_login") in answers[-1].content.decode()
