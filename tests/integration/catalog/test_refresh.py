"""A refresh mirrors what was proven and nothing else."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from catalog.ingest.refresh import refresh_catalog
from catalog.models import Product, ProductGroup, Store
from connections.clients.errors import ActionRequired, AuthRevoked, ClientError, ItemRefused, Transient
from connections.clients.evotor.records import EvotorGroup
from tests.integration.catalog.conftest import START, Refresh
from tests.unit.catalog.till import OTHER, STORE, FakeTill, product, products

pytestmark = pytest.mark.django_db


def present() -> set[str]:
    return set(Product.objects.present().values_list("evotor_id", flat=True))


def snapshot() -> list[tuple[Any, ...]]:
    models = (Product, ProductGroup)
    return [row for model in models for row in model._default_manager.order_by("pk").values_list()]


def test_the_first_refresh_mirrors_everything(till: FakeTill, refresh: Refresh) -> None:
    till.groups[STORE] = [EvotorGroup("tea", "Чай", ""), EvotorGroup("green", "Зелёный", "tea")]
    till.products[STORE] = [product("a", parent_id="green", barcodes=("46",)), product("b", quantity=None)]
    summary = refresh()
    assert (summary.complete, summary.added, summary.previous_size, summary.size) == (True, 2, 0, 2)
    assert summary.complete_stores == {STORE}
    assert summary.requests == 3
    row = Product.objects.get(evotor_id="a")
    assert (row.price, row.quantity) == (Decimal(190), Decimal(12))
    assert (row.barcodes, row.group_evotor_id) == (["46"], "green")
    assert Product.objects.get(evotor_id="b").quantity is None
    assert ProductGroup.objects.get(evotor_id="green").parent_evotor_id == "tea"
    store = Store.objects.get()
    assert (store.evotor_id, store.complete_walk_at, store.fetched_at, store.problem) == (
        STORE,
        START,
        START,
        "",
    )


def test_an_unchanged_refresh_only_moves_the_time(till: FakeTill, refresh: Refresh) -> None:
    till.products[STORE] = products(3)
    refresh()
    before = set(Product.objects.values_list("pk", "content_hash", "name"))
    summary = refresh()
    assert (summary.added, summary.changed, summary.missing, summary.size) == (0, 0, 0, 3)
    assert set(Product.objects.values_list("pk", "content_hash", "name")) == before
    rows = Product.objects.select_related("store")
    assert {row.last_seen(row.store.goods_seen_at) for row in rows} == {START + timedelta(hours=1)}


@pytest.mark.once
def test_a_change_is_written_and_counted(till: FakeTill, refresh: Refresh) -> None:
    till.products[STORE] = products(3)
    refresh()
    till.products[STORE][1] = product("p00001", price=Decimal("5.5"), quantity=Decimal(-1))
    summary = refresh()
    assert (summary.changed, summary.newly_zero_stock) == (1, 1)
    assert Product.objects.get(evotor_id="p00001").price == Decimal("5.5")


@pytest.mark.once
def test_stock_that_becomes_unknown_is_not_sold_out(till: FakeTill, refresh: Refresh) -> None:
    till.products[STORE] = [product("a"), product("b", quantity=Decimal(0))]
    refresh()
    till.products[STORE] = [product("a", quantity=None), product("b", quantity=Decimal(-3))]
    assert refresh().newly_zero_stock == 0


@pytest.mark.once
def test_a_product_that_left_is_marked_and_kept(till: FakeTill, refresh: Refresh) -> None:
    till.products[STORE] = products(3)
    refresh()
    del till.products[STORE][0]
    summary = refresh()
    assert (summary.missing, summary.previous_size, summary.size) == (1, 3, 2)
    assert Product.objects.get(evotor_id="p00000").missing_since == START + timedelta(hours=1)
    assert refresh().missing == 0
    assert Product.objects.get(evotor_id="p00000").missing_since == START + timedelta(hours=1)


@pytest.mark.parametrize("price", [190, 200])
def test_a_product_that_returns_is_present_again(till: FakeTill, refresh: Refresh, price: int) -> None:
    till.products[STORE] = [product("a"), product("b")]
    refresh()
    del till.products[STORE][0]
    refresh()
    till.products[STORE] = [product("a", price=Decimal(price)), product("b")]
    summary = refresh()
    assert (summary.returned, summary.added, summary.changed) == (1, 0, int(price != 190))
    assert present() == {"a", "b"}


@pytest.mark.once
def test_a_product_lost_by_a_page_shift_is_kept_and_updated(till: FakeTill, refresh: Refresh) -> None:
    till.products[STORE] = products(6)
    refresh()
    till.page_size = 3
    till.products[STORE][3] = product("p00003", name="Кофе")

    def delete_the_first(request: str) -> None:
        if request == f"products {STORE} 2":
            del till.products[STORE][0]

    till.before = delete_the_first
    summary = refresh()
    # The first was read before it left; the fourth slipped to the page that had been read.
    assert (summary.missing, summary.changed, summary.size) == (0, 1, 6)
    assert Product.objects.get(evotor_id="p00003").name == "Кофе"


@pytest.mark.once
def test_a_failure_on_page_two_of_three_changes_nothing(till: FakeTill, refresh: Refresh) -> None:
    till.products[STORE] = products(6)
    refresh()
    before = snapshot()
    till.page_size = 2
    till.products[STORE] = products(6, name="Кофе")[1:]
    till.failures[f"products {STORE} 2"] = Transient("evotor", "evotor.503")
    summary = refresh()
    assert (summary.complete, summary.complete_stores, summary.size) == (False, frozenset(), 6)
    assert [(one.code, one.store_id, one.is_fatal) for one in summary.problems] == [
        ("evotor.503", STORE, True)
    ]
    assert snapshot() == before
    store = Store.objects.get()
    assert (store.problem, store.complete_walk_at, store.fetched_at) == ("evotor.503", START, START)
    till.failures.clear()
    assert refresh().complete
    assert Store.objects.get().problem == ""


@pytest.mark.once
@pytest.mark.parametrize("failing", [f"groups {STORE}", f"products {STORE} 1"])
def test_one_stores_failure_does_not_stop_the_others(till: FakeTill, refresh: Refresh, failing: str) -> None:
    till.products |= {STORE: products(2), OTHER: products(3)}
    till.failures[failing] = ItemRefused("evotor", "evotor.404", status=404)
    summary = refresh()
    assert (summary.complete_stores, summary.size) == (frozenset({OTHER}), 3)


@pytest.mark.once
def test_a_store_without_the_application_is_marked(till: FakeTill, refresh: Refresh) -> None:
    till.products |= {STORE: products(2), OTHER: products(3)}
    till.failures[f"groups {STORE}"] = ActionRequired("evotor", "evotor.402", status=402)
    summary = refresh()
    assert [problem.code for problem in summary.problems] == ["not_installed"]
    assert Store.objects.get(evotor_id=STORE).problem == "not_installed"
    assert Store.objects.get(evotor_id=OTHER).problem == ""


@pytest.mark.once
@pytest.mark.parametrize("failing", ["stores", f"groups {STORE}", f"products {STORE} 1", "product p00000"])
@pytest.mark.parametrize("code", ["evotor.401", "evotor.403"])
def test_a_dead_token_is_the_callers_to_handle(
    till: FakeTill, refresh: Refresh, failing: str, code: str
) -> None:
    till.products[STORE] = products(2)
    refresh()
    before = snapshot()
    del till.products[STORE][0]
    till.failures[failing] = AuthRevoked("evotor", code)
    with pytest.raises(AuthRevoked):
        refresh()
    assert snapshot() == before


@pytest.mark.once
def test_a_failed_list_of_stores_changes_nothing(till: FakeTill, refresh: Refresh) -> None:
    till.products[STORE] = products(2)
    refresh()
    till.failures["stores"] = Transient("evotor", "evotor.network")
    with pytest.raises(ClientError):
        refresh()
    assert Store.objects.get().missing_since is None


def test_a_store_that_vanished_takes_no_product_with_it(till: FakeTill, refresh: Refresh) -> None:
    till.products |= {STORE: products(2), OTHER: products(3)}
    refresh()
    lost = till.products.pop(STORE)
    summary = refresh()
    assert (summary.complete_stores, summary.vanished_stores) == (frozenset({OTHER}), frozenset({STORE}))
    assert (summary.previous_size, summary.size) == (5, 3)
    assert Store.objects.get(evotor_id=STORE).missing_since == START + timedelta(hours=1)
    assert Product.objects.present().count() == 5
    till.products[STORE] = lost
    assert refresh().vanished_stores == frozenset()
    assert Store.objects.get(evotor_id=STORE).missing_since is None


@pytest.mark.once
def test_an_account_without_stores_is_complete_and_empty(till: FakeTill, refresh: Refresh) -> None:
    till.products = {}
    summary = refresh()
    assert (summary.complete, summary.stores, summary.size) == (True, (), 0)


def test_an_emptied_store_is_reported_with_its_former_size(till: FakeTill, refresh: Refresh) -> None:
    till.products[STORE] = products(30)
    refresh()
    till.products[STORE] = []
    summary = refresh()
    assert summary.emptied_stores == {STORE}
    assert (summary.previous_size, summary.size, summary.missing) == (30, 0, 30)
    assert till.count("products") == 3
    assert Product.objects.count() == 30
    assert refresh().emptied_stores == frozenset()


@pytest.mark.once
def test_an_emptiness_that_could_not_be_proven_marks_nothing(till: FakeTill, refresh: Refresh) -> None:
    till.products[STORE] = products(30)
    refresh()
    till.products[STORE] = []

    def fail_the_second_walk(request: str) -> None:
        if request.startswith("products"):
            till.failures[request] = Transient("evotor", "evotor.503")
            till.before = lambda _: None

    def let_the_first_pass(request: str) -> None:
        if request.startswith("products"):
            till.before = fail_the_second_walk

    till.before = let_the_first_pass
    summary = refresh()
    assert (summary.complete, summary.emptied_stores, summary.size) == (False, frozenset(), 30)
    assert Store.objects.get().complete_walk_at == START


@pytest.mark.once
def test_a_reimport_makes_new_rows_and_marks_the_old_ones(till: FakeTill, refresh: Refresh) -> None:
    till.products[STORE] = products(25)
    refresh()
    till.products[STORE] = [replace(one, id=f"n{one.id}") for one in till.products[STORE]]
    summary = refresh()
    assert (summary.added, summary.missing, summary.size, summary.emptied_stores) == (25, 25, 25, frozenset())


def test_the_same_id_in_two_stores_is_two_products(till: FakeTill, refresh: Refresh) -> None:
    till.products |= {STORE: [product("a", name="Чай")], OTHER: [product("a", name="Кофе")]}
    refresh()
    assert set(Product.objects.values_list("store__evotor_id", "name")) == {(STORE, "Чай"), (OTHER, "Кофе")}


def test_ids_that_differ_by_case_are_two_products(till: FakeTill, refresh: Refresh) -> None:
    till.products[STORE] = [product("a"), product("A")]
    assert refresh().added == 2
    assert refresh().changed == 0


def test_another_merchants_rows_are_left_alone(till: FakeTill, refresh: Refresh, owner: User) -> None:
    till.products[STORE] = products(2)
    refresh()
    other = User.objects.create_user("other@example.com", "a long passphrase")
    empty = FakeTill(products={STORE: products(1, name="Кофе")})
    refresh_catalog(other, client=empty, now=START + timedelta(hours=5))
    assert Product.objects.for_user(owner).present().count() == 2
    assert not Product.objects.for_user(owner).search("кофе").exists()


@pytest.mark.once
def test_oddities_are_reported_and_stop_nothing(till: FakeTill, refresh: Refresh) -> None:
    till.groups[STORE] = [EvotorGroup("x", "X", "y"), EvotorGroup("y", "Y", "x")]
    till.products[STORE] = [
        product("a", parent_id="lost"),
        product("b", price=Decimal("1E400")),
        product("c" * 37),
        product("d", name=""),
    ]
    summary = refresh()
    found = {problem.code: problem.count for problem in summary.problems}
    assert found == {"unknown_parent": 1, "group_cycle": 2, "bad_number": 1, "bad_id": 1}
    assert summary.complete
    assert present() == {"a", "b", "d"}
    assert Product.objects.get(evotor_id="b").price is None


def test_a_group_that_left_is_marked_and_may_return(till: FakeTill, refresh: Refresh) -> None:
    till.groups[STORE] = [EvotorGroup("x", "X", ""), EvotorGroup("y", "Y", "")]
    refresh()
    gone = till.groups[STORE].pop()
    refresh()
    assert not ProductGroup.objects.missing().exists()
    refresh()
    assert set(ProductGroup.objects.missing().values_list("evotor_id", flat=True)) == {"y"}
    till.groups[STORE] += [gone]
    refresh()
    assert not ProductGroup.objects.missing().exists()


def test_a_row_that_a_push_wrote_meanwhile_is_not_put_back(till: FakeTill, refresh: Refresh) -> None:
    till.products[STORE] = products(2)
    refresh()
    pushed = START + timedelta(hours=1, minutes=1)
    Product.objects.filter(evotor_id="p00000").update(name="Новое", fetched_at=pushed)
    refresh()
    row = Product.objects.get(evotor_id="p00000")
    assert (row.name, row.fetched_at) == ("Новое", pushed)


def test_no_transaction_is_open_while_the_till_is_asked(till: FakeTill, refresh: Refresh) -> None:
    till.products |= {STORE: products(3), OTHER: products(3)}
    depth = len(connection.savepoint_ids)
    seen: set[int] = set()
    till.before = lambda _: seen.add(len(connection.savepoint_ids))
    refresh()
    del till.products[STORE][0]
    refresh()
    assert seen == {depth}


@pytest.mark.once
def test_progress_is_told_after_each_page(till: FakeTill, refresh: Refresh) -> None:
    till.page_size, till.products[STORE] = 2, products(3)
    told: list[tuple[str, int]] = []
    refresh(progress=lambda store, count: told.append((store, count)))
    assert told == [("Лавка 1", 2), ("Лавка 1", 3)]
