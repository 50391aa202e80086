"""The demo's shop: always the same, and awkward in every way that a till is."""

from collections import Counter

import pytest

from sandbox.demo.catalogue import DANGLING, fill_with_demo
from sandbox.evotor.records import TillGroup, TillStore
from sandbox.evotor.state import EvotorState


@pytest.fixture(scope="module")
def stores() -> tuple[TillStore, TillStore]:
    return fill_with_demo(EvotorState(clock=lambda: 1_700_000_000))


def depth(store: TillStore, group: TillGroup) -> int:
    return 1 + (depth(store, store.groups[group.parent_id]) if group.parent_id else 0)


def test_the_same_shop_comes_every_time(stores: tuple[TillStore, TillStore]) -> None:
    assert fill_with_demo(EvotorState(clock=lambda: 1_700_000_000)) == stores


def test_there_are_several_hundred_products_in_two_stores(stores: tuple[TillStore, TillStore]) -> None:
    shop, kiosk = stores
    assert 400 < len(shop.products) < 700
    assert len(kiosk.products) > 30
    assert max(depth(shop, group) for group in shop.groups.values()) >= 3


def test_every_awkward_kind_is_there(stores: tuple[TillStore, TillStore]) -> None:
    rows = [product.fields for product in stores[0].products.values()]
    names = Counter(row["name"] for row in rows)
    stock = [row["quantity"] for row in rows if row.get("quantity") is not None]
    assert {"ALCOHOL_MARKED", "BEER_MARKED", "TOBACCO_MARKED", "SERVICE"} <= {row["type"] for row in rows}
    assert {"дроб", "кг", "л", "м", ""} <= {row["measure_name"] for row in rows}
    assert min(stock) < 0
    assert 0 in stock
    assert any(value != int(value) for value in stock)
    assert any("quantity" not in row for row in rows)
    assert any("quantity" in row and row["quantity"] is None for row in rows)
    assert any(row["price"] == 0 for row in rows)
    assert any(row["price"] is None for row in rows)
    assert any(row["allow_to_sell"] is False for row in rows)
    assert any(row.get("parent_id") == DANGLING for row in rows)
    assert max(names.values()) == 2
    assert max(len(name) for name in names) > 100
    assert min(len(name.strip()) for name in names) < 4
    assert any("🍭" in name for name in names)
    assert any('"' in name for name in names)
    assert any("\\" in name for name in names)
    assert any(row.get("attributes_choices") for row in rows)


def test_both_stores_share_barcodes_at_other_prices(stores: tuple[TillStore, TillStore]) -> None:
    shop, kiosk = (
        {
            code: row.fields["price"]
            for row in store.products.values()
            for code in row.fields.get("barcodes", [])
        }
        for store in stores
    )
    assert len(shop.keys() & kiosk.keys()) > 20
    assert all(shop[code] != kiosk[code] for code in shop.keys() & kiosk.keys())
