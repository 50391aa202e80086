"""Statements that are built once answer for every merchant."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from catalog.models import Store
from evosync.common import clock
from evosync.common.kept_statements import count_of, has_rows, rows_of

pytestmark = [pytest.mark.django_db, pytest.mark.mariadb]


@pytest.fixture
def user() -> User:
    """Return a merchant."""
    return User.objects.create(email="merchant@example.com")


def named(user: int, store: int) -> QuerySet[Any]:
    """Return the name of one store of a merchant's."""
    return Store.objects.filter(user=user, pk=store).values_list("name")


def by_key(user: int, key: str) -> QuerySet[Any]:
    """Return the name of a merchant's store by Evotor's id."""
    return Store.objects.filter(user=user, evotor_id=key).values_list("name")


def listed(user: int) -> QuerySet[Any]:
    """Return the stores of a merchant that are there, with a flag and a text among the parameters."""
    return Store.objects.filter(user=user, missing_since__isnull=True, problem="").values("pk")


def test_each_merchant_gets_their_own_rows(user: User) -> None:
    other = User.objects.create(email="other@example.com")
    mine, theirs = (
        Store.objects.create(user=one, evotor_id="s", name=name, fetched_at=clock.now())
        for one, name in ((user, "Лавка"), (other, "Чай"))
    )
    assert rows_of(named, user.pk, mine.pk) == [("Лавка",)]
    assert rows_of(named, other.pk, theirs.pk) == [("Чай",)]
    assert rows_of(named, user.pk, theirs.pk) == []
    assert rows_of(by_key, other.pk, "s") == [("Чай",)]
    assert rows_of(by_key, other.pk, "other") == []


def test_rows_are_counted_and_asked_for(user: User) -> None:
    assert (count_of(listed, user.pk), has_rows(listed, user.pk)) == (0, False)
    for n in range(3):
        Store.objects.create(user=user, evotor_id=f"s{n}", name="Лавка", fetched_at=clock.now())
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert (count_of(listed, user.pk), has_rows(listed, user.pk)) == (3, True)
    assert len(asked) == 2
    Store.objects.filter(user=user).update(problem="vanished")
    assert (count_of(listed, user.pk), has_rows(listed, user.pk)) == (0, False)
