"""Passwords that are guessed first are refused, in a page's words; long and odd ones are taken."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.password_strength import FEWEST_GUESSES, JUDGED_LENGTH, guesses
from tests.web.accounts.test_signup import TYPED


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


def test_a_long_password_is_judged_by_its_beginning_and_one_persons_words_leave_no_trace() -> None:
    assert guesses("Kassa-4821-lavka" * 1000) > FEWEST_GUESSES
    assert guesses("Trivelumbra9" * (JUDGED_LENGTH // 12)) > FEWEST_GUESSES
    user = User(email="trivelumbra@example.com")
    before = guesses("Trivelumbra-kv")
    assert guesses("Trivelumbra-kv", user) < before
    assert guesses("Trivelumbra-kv") == before


@pytest.mark.django_db
def test_the_page_says_what_a_good_password_is(client: Client) -> None:
    answer = client.post(reverse("account_signup"), TYPED | {"password1": "Natasha1990"})
    assert "слов" in str(answer.context["form"].errors["password1"])
    assert not User.objects.exists()
