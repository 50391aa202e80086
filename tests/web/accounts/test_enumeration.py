"""Nobody learns who is a customer: the same words and the same work, whether there is an account or not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import hashers
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from tests.queues import waiting
from tests.web.accounts.test_signup import PASSWORD, TYPED

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Work:
    """What a request has cost, and what it has answered."""

    status: int
    location: str
    page: str
    hashes: int
    emails: int
    messages: int
    writes: list[str]


@pytest.fixture
def anna() -> User:
    user = User.objects.create_user("anna@example.com", PASSWORD, phone="+79991234567")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Count how often a password is hashed."""
    done: list[str] = []
    original = hashers.MD5PasswordHasher.encode

    def encode(self: Any, password: str, salt: str) -> str:
        done.append(password)
        return str(original(self, password, salt))

    with monkeypatch.context() as patch:
        patch.setattr(hashers.MD5PasswordHasher, "encode", encode)
        yield done


def work_of(monkeypatch: pytest.MonkeyPatch, name: str, typed: dict[str, str]) -> Work:
    cache.clear()
    mail.outbox.clear()
    waiting()
    client = Client()
    with counted(monkeypatch) as hashes, CaptureQueriesContext(connection) as queries:
        answer = client.post(reverse(name), typed)
    writes = [
        " ".join(query["sql"].split()[:3])
        for query in queries
        if query["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}
    ]
    return Work(
        status=answer.status_code,
        location=answer.get("Location", ""),
        page=answer.content.decode()
        .replace(typed.get("email", "-"), "")
        .replace(typed.get("login", "-"), ""),
        hashes=len(hashes),
        emails=len(mail.outbox),
        messages=len(waiting()),
        writes=sorted(writes),
    )


def without_token(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrf" not in line.lower()]


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "field", "typed"),
    [
        ("account_signup", "email", TYPED),
        ("account_login", "login", {"password": "wrong"}),
        ("account_reset_password", "email", {}),
    ],
)
def test_a_known_address_gets_the_same_words_and_the_same_work(
    anna: User, monkeypatch: pytest.MonkeyPatch, name: str, field: str, typed: dict[str, str]
) -> None:
    known = work_of(monkeypatch, name, typed | {field: "anna@example.com"})
    unknown = work_of(monkeypatch, name, typed | {field: "olga@example.com"})
    assert (known.status, known.location) == (unknown.status, unknown.location)
    assert without_token(known.page) == without_token(unknown.page)
    assert (known.hashes, known.emails, known.messages) == (unknown.hashes, unknown.emails, unknown.messages)
    assert known.writes == unknown.writes


@pytest.mark.once
def test_the_work_for_a_known_address_leaves_nothing_behind(
    anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = work_of(monkeypatch, "account_signup", TYPED | {"email": "anna@example.com"})
    assert work.hashes == 1
    assert User.objects.count() == 1
    assert EmailAddress.objects.count() == 1
    assert mail.outbox[0].to == ["anna@example.com"]


@pytest.mark.once
def test_a_known_phone_gets_the_same_words_and_the_same_work(
    anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = work_of(monkeypatch, "account_signup", TYPED | {"email": "a@example.com"})
    unknown = work_of(
        monkeypatch, "account_signup", TYPED | {"email": "b@example.com", "phone": "8 999 765-43-21"}
    )
    assert (known.status, known.location, known.page) == (unknown.status, unknown.location, unknown.page)
    assert (known.hashes, known.emails, known.writes) == (unknown.hashes, unknown.emails, unknown.writes)


@pytest.mark.parametrize("spell", [str.upper, lambda text: f" {text} "], ids=["capitals", "blanks"])
def test_another_spelling_of_a_known_address_makes_no_second_account(
    anna: User, spell: Callable[[str], str]
) -> None:
    answer = Client().post(reverse("account_signup"), TYPED | {"email": spell("anna@example.com")})
    assert answer["Location"] == reverse("account_email_verification_sent")
    assert User.objects.count() == 1
