"""The number of queries grows by batches of 1,000 rows, never by rows."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.ingest.known_products import known_products
from catalog.models import Store
from tests.integration.catalog.conftest import Refresh
from tests.unit.catalog.till import STORE, FakeTill, products

pytestmark = pytest.mark.django_db

# Each further one needs one more batch of a thousand.
SIZES = (10, 1_010, 2_010)


def queries(run: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        run()
    return len(captured)


def test_unchanged_rows_cost_no_query_each(till: FakeTill, refresh: Refresh) -> None:
    counts = []
    for size in SIZES:
        till.products[STORE] = products(size)
        refresh()
        counts.append(queries(refresh))
    assert counts[0] == counts[1] == counts[2]
    assert counts[0] <= 20


def test_the_daily_stamps_cost_one_query_per_thousand(till: FakeTill, refresh: Refresh) -> None:
    counts = []
    for size in SIZES:
        till.products[STORE] = products(size)
        refresh()
        refresh()
        Store.objects.update(reading_compared_at=None)
        counts.append(queries(refresh))
    assert counts[1] - counts[0] == counts[2] - counts[1] == 1


def test_changed_rows_cost_the_same_for_each_thousand(till: FakeTill, refresh: Refresh) -> None:
    counts = []
    for size in SIZES:
        till.products[STORE] = products(size)
        refresh()
        till.products[STORE] = products(size, price=Decimal(size))
        counts.append(queries(refresh))
    assert counts[1] - counts[0] == counts[2] - counts[1] == 1


def test_missing_rows_cost_one_query_per_thousand(till: FakeTill, refresh: Refresh) -> None:
    counts = []
    for size in SIZES:
        till.products[STORE] = products(size)
        refresh()
        till.products[STORE] = []
        counts.append(queries(refresh))
    assert counts[1] - counts[0] == counts[2] - counts[1] == 1


def test_a_push_of_one_product_does_not_read_the_whole_store(till: FakeTill, refresh: Refresh) -> None:
    till.products[STORE] = products(2000)
    refresh()
    with CaptureQueriesContext(connection) as captured:
        found = known_products(Store.objects.get(), {"p00007": till.products[STORE][7]})
    assert set(found) == {"p00007"}
    assert len(captured) == 2
