"""A snapshot reads a store to the end or fails; what it did not find is looked for again."""

from datetime import UTC, datetime

import pytest

from catalog.ingest.reader import (
    MAX_SINGLE_LOOKUPS,
    SPOT_CHECKS,
    StoreSnapshot,
    ignore_progress,
    read_store_changes,
    read_store_snapshot,
)
from connections.clients.errors import AuthRevoked, Transient
from connections.clients.evotor.records import EvotorGroup, EvotorStore
from tests.unit.catalog.till import STORE, FakeTill, product, products

SHOP = EvotorStore(STORE, "Лавка", "", "")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def snapshot(till: FakeTill, present: set[str] = frozenset()) -> StoreSnapshot:  # type: ignore[assignment]
    return read_store_snapshot(till, SHOP, present=present, progress=ignore_progress)


def test_the_last_of_two_records_with_one_id_wins() -> None:
    till = FakeTill(products={STORE: [product("a", name="Чай"), product("a", name="Кофе")]})
    assert snapshot(till).products["a"].name == "Кофе"


def test_a_removed_record_is_no_product() -> None:
    till = FakeTill(products={STORE: [product("a", is_removed=True)]})
    found = snapshot(till, {"a"})
    assert (found.products, found.gone) == ({}, {"a"})


def test_few_absences_are_proven_one_by_one() -> None:
    till = FakeTill(products={STORE: [product("a")]})
    assert snapshot(till, {"a", "b", "c"}).gone == {"b", "c"}
    assert (till.count("product "), till.count("products")) == (2, 1)


def test_many_absences_are_proven_by_a_second_walk_and_some_lookups() -> None:
    present = {one.id for one in products(MAX_SINGLE_LOOKUPS + 1)}
    till = FakeTill(products={STORE: []})
    assert snapshot(till, present).gone == present
    assert (till.count("product "), till.count("products")) == (SPOT_CHECKS, 2)


def test_a_list_that_breaks_off_twice_proves_no_absence() -> None:
    all_there, short = products(MAX_SINGLE_LOOKUPS * 3), products(MAX_SINGLE_LOOKUPS)
    till = FakeTill()
    till.before = lambda request: till.products.update(
        {STORE: all_there if request.startswith("product ") else short}
    )
    found = snapshot(till, {one.id for one in all_there})
    assert found.gone == set()
    assert found.unverified_error is not None
    assert found.unverified_error.code == "evotor.unsteady_list"
    assert till.count("products") == 2


def test_a_product_that_slipped_over_a_pages_edge_is_found_again() -> None:
    till = FakeTill(page_size=2, products={STORE: products(4)})

    def sell_out_the_first(request: str) -> None:
        if request == f"products {STORE} 2":
            del till.products[STORE][0]

    till.before = sell_out_the_first
    found = snapshot(till, {"p00000", "p00001", "p00002", "p00003"})
    # The third became the second while the second page was asked for.
    assert set(found.products) == {"p00000", "p00001", "p00002", "p00003"}
    assert till.log[-1] == "product p00002"


def test_a_failed_proof_is_an_unverified_error_and_keeps_what_was_proven() -> None:
    till = FakeTill(products={STORE: []})
    till.failures["product b"] = Transient("evotor", "evotor.503")
    found = read_store_snapshot(till, SHOP, present=["a", "b", "c"], progress=ignore_progress)
    assert found.gone == {"a"}
    assert found.unverified_error is till.failures["product b"]


def test_a_dead_token_ends_the_walk_at_any_point() -> None:
    till = FakeTill(products={STORE: []})
    till.failures["product a"] = AuthRevoked("evotor", "evotor.401")
    with pytest.raises(AuthRevoked):
        snapshot(till, {"a"})


def test_groups_are_read_again_once_where_a_parent_is_unknown() -> None:
    till = FakeTill(products={STORE: [product("a", parent_id="new")]})

    def make_the_group(request: str) -> None:
        if request.startswith("products"):
            till.groups[STORE] = [EvotorGroup("new", "Чай", "")]

    till.before = make_the_group
    found = snapshot(till)
    assert (till.count("groups"), found.unknown_parents()) == (2, set())


def test_a_parent_that_stays_unknown_is_asked_for_only_once_more() -> None:
    till = FakeTill(products={STORE: [product("a", parent_id="lost")]})
    assert snapshot(till).unknown_parents() == {"lost"}
    assert till.count("groups") == 2


@pytest.mark.parametrize(
    ("parents", "circles"),
    [
        ({"a": "", "b": "a"}, set()),
        ({"a": "a"}, {"a"}),
        ({"a": "b", "b": "c", "c": "a", "d": "a"}, {"a", "b", "c"}),
        ({"a": "lost"}, set()),
    ],
)
def test_circles_of_groups_are_found(parents: dict[str, str], circles: set[str]) -> None:
    groups = {key: EvotorGroup(key, key, parent) for key, parent in parents.items()}
    assert StoreSnapshot(groups=groups).groups_in_circles() == circles


def test_a_reading_of_changes_asks_for_groups_only_where_it_must() -> None:
    till = FakeTill(products={STORE: [product("a", parent_id="g")]})
    assert (
        read_store_changes(till, SHOP, since=NOW, known_groups={"g"}, progress=ignore_progress).groups is None
    )
    read_store_changes(till, SHOP, since=NOW, known_groups=set(), progress=ignore_progress)
    assert till.count("groups") == 1
