"""Many rows are updated by one statement of plain values, and hold then what Django would have written."""

import math
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from catalog.models import Product
from evosync.common import bulk
from evosync.common.bulk import BYTES_IN_JSON, MOST_BYTES, batches, update_rows
from syncing.models import Listing

pytestmark = pytest.mark.django_db
NAMES = ["vk_item_id", "state", "sent", "own_values", "hidden_since", "last_error_text"]
VALUES: list[dict[str, Any]] = [
    {
        "vk_item_id": 7,
        "sent": {"title": "50 % «Чай» \\ 'x' \" %s 🫖", "price": 10.5},
        "own_values": [{"at": None}],
    },
    {"vk_item_id": None, "sent": {}, "own_values": None, "last_error_text": "\u2028 ; DROP TABLE --"},
    {
        "vk_item_id": 2**62,
        "hidden_since": datetime(2026, 3, 29, 1, 2, 3, 456789, tzinfo=UTC),
        "state": "hidden",
    },
]


def listings(user: User, number: int) -> list[Listing]:
    rows = [
        Listing(
            user=user, vk_group_id=1, store_evotor_id="s", product_evotor_id=f"p{n}", stamp=f"{n}", photo_id=n
        )
        for n in range(number)
    ]
    return Listing.objects.bulk_create(rows, batch_size=500)


def changed(rows: list[Listing]) -> None:
    for number, row in enumerate(rows):
        for name, value in VALUES[number % len(VALUES)].items():
            setattr(row, name, value)


def stored() -> list[dict[str, Any]]:
    return list(Listing.objects.order_by("pk").values("photo_id", *NAMES))


def test_rows_hold_what_django_itself_would_have_written(merchant: User) -> None:
    rows = listings(merchant, 3)
    changed(rows)
    Listing.objects.bulk_update(rows, NAMES)
    expected = stored()
    Listing.objects.update(vk_item_id=None, state="live", sent={}, own_values=None, hidden_since=None)
    Listing.objects.update(last_error_text="")
    update_rows(rows, NAMES)
    assert stored() == expected
    assert [row["photo_id"] for row in expected] == [0, 1, 2]


def test_a_row_that_was_deleted_is_not_made_again(merchant: User) -> None:
    rows = listings(merchant, 3)
    Listing.objects.filter(pk=rows[1].pk).delete()
    changed(rows)
    update_rows(rows, NAMES)
    assert [row["photo_id"] for row in stored()] == [0, 2]


def test_other_rows_stay_as_they_are(merchant: User) -> None:
    rows = listings(merchant, 4)
    before = stored()
    changed(rows)
    update_rows(rows[1:3], NAMES)
    assert [stored()[0], stored()[3]] == [before[0], before[3]]
    assert stored()[1] != before[1]


def test_no_rows_ask_the_database_nothing(merchant: User) -> None:
    with CaptureQueriesContext(connection) as captured:
        update_rows([], NAMES)
    assert len(captured) == 0


def test_a_row_given_twice_is_written_once(merchant: User) -> None:
    row = listings(merchant, 1)[0]
    row.state = Listing.State.HIDDEN
    update_rows([row, row], ["state"])
    assert Listing.objects.get().state == Listing.State.HIDDEN


def test_a_thousand_rows_are_two_statements_whatever_they_hold(merchant: User) -> None:
    rows = listings(merchant, 1000)
    for number, row in enumerate(rows):
        row.sent, row.vk_item_id, row.last_error_text = {"price": number}, number + 1, f"{number}"
    with CaptureQueriesContext(connection) as captured:
        update_rows(rows, NAMES)
    assert sum(query["sql"].startswith("UPDATE") for query in captured) == 2
    found = Listing.objects.order_by("pk").values_list("sent", "vk_item_id", "last_error_text")
    assert list(found) == [({"price": n}, n + 1, f"{n}") for n in range(1000)]


def test_a_database_of_few_parameters_gets_smaller_statements(
    merchant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection.features, "max_query_params", 99)
    assert bulk._rows_at_once(len(NAMES)) == 7
    rows = listings(merchant, 20)
    changed(rows[:1])
    update_rows(rows, NAMES)
    assert stored()[0]["vk_item_id"] == 7


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite is asked")
def test_sqlite_is_asked_how_many_parameters_it_takes(merchant: User) -> None:
    limit = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
    assert connection.features.max_query_params == limit > 999


def sizes_of(work: Callable[[], object], table: str) -> list[int]:
    """Do some work; return how many rows each statement that writes into a table has."""
    with CaptureQueriesContext(connection) as captured:
        work()
    written = [one["sql"] for one in captured if table in one["sql"] and not one["sql"].startswith("SELECT")]
    return [max(one.count("WHEN"), one.count("), (") + 1) for one in written]


def test_long_texts_go_to_the_database_in_shorter_statements(merchant: User) -> None:
    rows = listings(merchant, 500)
    assert len(sizes_of(lambda: update_rows(rows, NAMES), "syncing_listing")) == 1
    for row in rows:
        # As many bytes in a statement as a description of VK's longest, before and after.
        row.own_values = [{"description": "щ" * 3_000}, {"description": "ы" * 3_000}]
    statements = sizes_of(lambda: update_rows(rows, NAMES), "syncing_listing")
    assert len(statements) == math.ceil(500 / (MOST_BYTES // (BYTES_IN_JSON * 6_100)))
    assert {len(row.own_values or ()) for row in Listing.objects.all()} == {2}


@pytest.mark.parametrize(
    ("lengths", "found"),
    [
        ([], []),
        ([1, 1, 1, 1], [3, 1]),
        ([MOST_BYTES, 1, 1], [1, 2]),
        ([1, MOST_BYTES * 2, 1], [1, 1, 1]),
        ([MOST_BYTES // 2] * 3, [2, 1]),
    ],
)
def test_a_batch_has_so_many_rows_or_bytes_and_one_row_at_least(lengths: list[int], found: list[int]) -> None:
    rows = [Product(description="s" * length) for length in lengths]
    assert [len(one) for one in batches(rows, 3, ["description"])] == found
    assert [row for one in batches(rows, 3, ["description"]) for row in one] == rows


def test_what_is_not_written_weighs_nothing() -> None:
    rows = [Product(description="s" * MOST_BYTES) for _ in range(3)]
    assert [len(one) for one in batches(rows, 3, ["name"])] == [3]
    assert [len(one) for one in batches(rows, 3)] == [1, 1, 1]
