"""Passwords that are guessed first are refused, in a page's words; long and odd ones are taken."""

import pytest
from django.conf import global_settings as default
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.password_strength import FEWEST_GUESSES, JUDGED_LENGTH, guesses
from evosync import settings as real
from tests.web.accounts.test_signup import TYPED


@pytest.mark.once
@pytest.mark.parametrize(
    "password",
    [
        "password1",
        "Password1!",
        "P@ssw0rd123",
        "qwerty12345",
        "1q2w3e4r5t",
        "йцукен12345",
        "пароль123",
        "Natasha1990",
        "dragon1987",
        "zaq12wsx",
        "iloveyou2",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "20251231",
        "evosync2026",
        "Эвотор2026",
        "anna.kovaleva",
        "x" * 5000,
    ],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    user = User(email="anna.kovaleva@example.com", first_name="Анна", last_name="Ковалёва")
    with pytest.raises(ValidationError):
        validate_password(password, user)


@pytest.mark.parametrize(
    "password",
    [
        "Kassa-4821-lavka",
        "correct horse battery",
        "лошадь батарея скрепка",
        "8461937502846193",
        "пять воробьёв на проводе",
        "🐎🔋📎 кот 🌵🎷x9",
        "z" + "Kassa-4821-lavka" * 40,
    ],
)
def test_what_is_long_or_odd_is_taken_whatever_signs_it_is_made_of(password: str) -> None:
    validate_password(password, User(email="anna@example.com"))


@pytest.mark.once
def test_a_long_password_is_judged_by_its_beginning_and_one_persons_words_leave_no_trace() -> None:
    assert guesses("Kassa-4821-lavka" * 1000) > FEWEST_GUESSES
    assert guesses("Trivelumbra9" * (JUDGED_LENGTH // 12)) > FEWEST_GUESSES
    user = User(email="trivelumbra@example.com")
    before = guesses("Trivelumbra-kv")
    assert guesses("Trivelumbra-kv", user) < before
    assert guesses("Trivelumbra-kv") == before


@pytest.mark.once
@pytest.mark.django_db
def test_the_page_says_what_a_good_password_is(client: Client) -> None:
    answer = client.post(reverse("account_signup"), TYPED | {"password1": "Natasha1990"})
    assert "слов" in str(answer.context["form"].errors["password1"])
    assert not User.objects.exists()


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("name", ["account_signup", "account_login"])
def test_password_managers_and_pasting_work(client: Client, name: str) -> None:
    page = client.get(reverse(name)).content.decode()
    assert 'type="password"' in page
    assert 'autocomplete="new-password"' in page or 'autocomplete="current-password"' in page
    assert "onpaste" not in page
    assert "maxlength" not in page.partition('type="password"')[2].partition(">")[0]


@pytest.mark.once
def test_passwords_are_kept_by_a_slow_hash() -> None:
    """The tests themselves use a quick one."""
    assert default.PASSWORD_HASHERS[0].endswith("PBKDF2PasswordHasher")
    assert "PASSWORD_HASHERS" not in vars(real)
    assert PBKDF2PasswordHasher.iterations >= 600_000


@pytest.mark.once
@pytest.mark.django_db
def test_a_fresh_installation_has_no_account() -> None:
    assert not User.objects.exists()
