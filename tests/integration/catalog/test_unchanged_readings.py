"""A reading that says what the last one said reads and stamps no row; any other compares them all."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from catalog.ingest import writer
from catalog.ingest.product_rows import compare_products
from catalog.ingest.reader import StoreSnapshot
from catalog.ingest.reading_key import reading_key
from catalog.ingest.refresh import refresh_catalog, refresh_store
from catalog.models import Product, ProductGroup, Store
from connections.clients.evotor.records import BrokenRecord, EvotorGroup
from tests.integration.catalog.conftest import START, Refresh
from tests.unit.catalog.till import STORE, FakeTill, product, products

pytestmark = pytest.mark.django_db


def reads_rows(run: Callable[[], object]) -> bool:
    """Return True if the rows of the products were compared with what was read."""
    with CaptureQueriesContext(connection) as captured:
        run()
    return any("content_hash" in one["sql"] for one in captured)


@pytest.fixture
def settled(till: FakeTill, refresh: Refresh) -> FakeTill:
    """Return a till with goods in a group that has been read until nothing was new."""
    till.groups[STORE] = [EvotorGroup("g", "Посуда", "")]
    till.products[STORE] = products(3, parent_id="g")
    refresh()
    assert reads_rows(refresh)
    assert not reads_rows(refresh)
    return till


def seen() -> set[object]:
    """Return when the goods and groups were last seen."""
    rows = [*Product.objects.select_related("store"), *ProductGroup.objects.select_related("store")]
    return {row.last_seen(row.store.goods_seen_at) for row in rows if row.missing_since is None}


def test_an_unchanged_reading_moves_the_time_of_all_goods_and_groups(
    settled: FakeTill, refresh: Refresh
) -> None:
    refresh()
    assert seen() == {START + timedelta(hours=3)}
    assert Store.objects.get().complete_walk_at == START + timedelta(hours=3)


@pytest.mark.once
def test_a_change_is_written_and_the_next_reading_compares_again(settled: FakeTill, refresh: Refresh) -> None:
    settled.products[STORE][0] = product("p00000", parent_id="g", price=Decimal(7))
    assert reads_rows(refresh)
    assert Product.objects.get(evotor_id="p00000").price == Decimal(7)
    assert reads_rows(refresh)
    assert not reads_rows(refresh)
    assert len(seen()) == 1


@pytest.mark.once
@pytest.mark.parametrize("field", ["name", "quantity", "cost_price", "barcodes", "allow_to_sell", "nulls"])
def test_every_field_of_a_product_is_part_of_the_key(field: str) -> None:
    values = {
        "name": "Б",
        "quantity": Decimal(1),
        "cost_price": Decimal(3),
        "barcodes": ("4600000000001",),
        "allow_to_sell": False,
        "nulls": frozenset({"code"}),
    }
    before = StoreSnapshot(products={"a": product("a")}, groups={})
    after = StoreSnapshot(products={"a": product("a", **{field: values[field]})}, groups={})
    assert reading_key(before, None) != reading_key(after, None)
    assert reading_key(before, None) == reading_key(
        StoreSnapshot(products={"a": product("a")}, groups={}), None
    )


@pytest.mark.once
def test_a_group_that_left_is_noticed(settled: FakeTill, refresh: Refresh) -> None:
    settled.groups[STORE] = []
    assert reads_rows(refresh)
    group = ProductGroup.objects.get()
    assert group.unlisted_since is not None
    # The reading before this one was the last that listed it.
    assert (
        group.fetched_at == group.last_seen(Store.objects.get().goods_seen_at) == START + timedelta(hours=2)
    )


def test_a_product_that_left_says_itself_when_it_was_last_seen(settled: FakeTill, refresh: Refresh) -> None:
    settled.products[STORE].pop()
    assert reads_rows(refresh)
    gone = Product.objects.missing().get()
    assert gone.fetched_at == START + timedelta(hours=2)
    refresh()
    gone.refresh_from_db()
    assert gone.last_seen(Store.objects.get().goods_seen_at) == START + timedelta(hours=2)


@pytest.mark.once
def test_rows_that_a_push_changed_are_compared_again(
    settled: FakeTill, refresh: Refresh, owner: User
) -> None:
    original = settled.products[STORE][0]
    settled.products[STORE][0] = replace(original, price=Decimal(5))
    at = START + timedelta(hours=2, minutes=30)
    refresh_store(owner, STORE, client=settled, since=START, now=at)
    # The till is again what the last whole reading found, our rows are not.
    settled.products[STORE][0] = original
    assert reads_rows(refresh)
    assert Product.objects.get(evotor_id="p00000").price == original.price


@pytest.mark.once
def test_a_row_that_is_no_longer_there_comes_back(settled: FakeTill, refresh: Refresh) -> None:
    Product.objects.filter(evotor_id="p00001").delete()
    assert reads_rows(refresh)
    assert Product.objects.count() == 3


def test_once_a_day_all_rows_are_compared_and_stamped(settled: FakeTill, owner: User) -> None:
    Product.objects.filter(evotor_id="p00001").update(price=Decimal(1), content_hash="")
    later = START + timedelta(hours=23, minutes=59)
    assert not reads_rows(lambda: refresh_catalog(owner, client=settled, now=later))
    tomorrow = START + timedelta(days=1)
    assert reads_rows(lambda: refresh_catalog(owner, client=settled, now=tomorrow))
    assert Product.objects.get(evotor_id="p00001").price == Decimal(190)
    assert set(Product.objects.values_list("fetched_at", flat=True)) == {tomorrow}


@pytest.mark.once
def test_a_list_with_a_record_that_cannot_be_read_is_no_unchanged_reading(
    settled: FakeTill, refresh: Refresh
) -> None:
    settled.broken.append(BrokenRecord(STORE, "«?»"))
    refresh()
    assert Store.objects.get().problem == "bad_record"
    assert reads_rows(refresh)


@pytest.mark.once
def test_goods_that_the_till_tells_wrongly_are_reported_every_time(
    settled: FakeTill, refresh: Refresh
) -> None:
    settled.products[STORE][0] = product("p00000", parent_id="g", price=Decimal(-5))
    refresh()
    assert [problem.code for problem in refresh().problems] == ["bad_number"]
    assert [problem.code for problem in refresh().problems] == ["bad_number"]


def test_an_older_reading_changes_nothing_that_a_newer_one_found_unchanged(
    settled: FakeTill, owner: User, refresh: Refresh
) -> None:
    refresh()
    older = FakeTill(products={STORE: products(2, price=Decimal(1))}, groups=settled.groups)
    refresh_catalog(owner, client=older, now=START + timedelta(hours=2, minutes=59))
    assert set(Product.objects.present().values_list("price", flat=True)) == {Decimal(190)}
    assert Product.objects.present().count() == 3
    assert Store.objects.get().goods_seen_at == START + timedelta(hours=3)


def test_what_another_refresh_writes_meanwhile_is_compared_again(
    settled: FakeTill, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both read the till; the second writes while the first one has worked out what to write."""
    at, compare = START + timedelta(hours=4), compare_products
    rows: list[int] = []

    def interrupted(store: Store, *more: Any) -> Any:
        found = compare(store, *more)
        rows.append(len(found[1].upserts))
        if len(rows) == 1:
            pushed = FakeTill(products={STORE: [product("p00001", parent_id="g", price=Decimal(9))]})
            refresh_store(owner, STORE, client=pushed, since=START, now=at + timedelta(minutes=1))
        return found

    monkeypatch.setattr(writer, "compare_products", interrupted)
    settled.products[STORE][1] = product("p00001", parent_id="g", price=Decimal(8))
    refresh_catalog(owner, client=settled, now=at)
    # The push began later: its price stays, though the first one had worked out another.
    assert Product.objects.get(evotor_id="p00001").price == Decimal(9)
    assert rows == [1, 1, 0]


@pytest.mark.once
def test_nothing_is_compared_while_others_wait(settled: FakeTill, owner: User) -> None:
    settled.products[STORE] = [product(one.id, parent_id="g", price=Decimal(3)) for one in products(3)]
    with CaptureQueriesContext(connection) as captured:
        refresh_catalog(owner, client=settled, now=START + timedelta(hours=4))
    statements = [one["sql"] for one in captured]
    compared = next(
        n for n, sql in enumerate(statements) if sql.startswith("SELECT") and "content_hash" in sql
    )
    locked = max(n for n, sql in enumerate(statements) if sql.startswith(("SAVEPOINT", "BEGIN")))
    assert compared < locked
