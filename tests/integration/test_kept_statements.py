"""Statements that are built once answer for every merchant."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from catalog.models import Store
from evosync.common import clock
from evosync.common.kept_statements import count_of, has_rows, object_of, objects_of, rows_of

pytestmark = [pytest.mark.django_db, pytest.mark.mariadb]


@pytest.fixture
def user() -> User:
    """Return a merchant."""
    return User.objects.create(email="merchant@example.com")


def named(user: int, store: int) -> QuerySet[Any]:
    """Return the name of one store of a merchant's."""
    return Store.objects.filter(user=user, pk=store).values_list("name")


def by_key(user: int, key: str) -> QuerySet[Store]:
    """Return a merchant's store by Evotor's id, with the merchant."""
    return Store.objects.select_related("user").filter(user=user, evotor_id=key)


def stores_of(user: int) -> QuerySet[Store]:
    """Return all stores of a merchant."""
    return Store.objects.filter(user=user).order_by("pk")


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


def test_objects_are_those_that_the_queryset_makes(user: User) -> None:
    other = User.objects.create(email="other@example.com")
    for one in (user, other):
        for key in ("s1", "s2"):
            Store.objects.create(user=one, evotor_id=key, name=f"Лавка {key}", fetched_at=clock.now())
    assert object_of(by_key, user.pk, "s3") is None
    for one, key in ((user, "s1"), (user, "s2"), (other, "s2")):
        found, expected = object_of(by_key, one.pk, key), by_key(one.pk, key).get()
        assert found is not None
        for field in Store._meta.concrete_fields:
            assert getattr(found, field.attname) == getattr(expected, field.attname)
        with CaptureQueriesContext(connection) as asked:
            assert found.user.email == one.email
        assert not asked
        found.name = "Чай"
        found.save()
        assert by_key(one.pk, key).get().name == "Чай"
    assert objects_of(stores_of, other.pk) == list(stores_of(other.pk))


@pytest.mark.django_db(transaction=True)
def test_another_thread_asks_by_its_own_connection(user: User) -> None:
    store = Store.objects.create(user=user, evotor_id="s", name="Лавка", fetched_at=clock.now())

    def ask() -> list[Store]:
        try:
            return objects_of(stores_of, user.pk)
        finally:
            connection.close()

    assert objects_of(stores_of, user.pk) == [store]
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(ask).result() == [store]
