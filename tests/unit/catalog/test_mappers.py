"""Whatever Evotor sends fits the columns, and changes are told from repetitions."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.mappers import (
    PRODUCT_COLUMNS,
    ProductValues,
    group_told,
    group_values,
    product_told,
    product_values,
    storable_id,
    store_values,
)
from catalog.models import Product
from connections.clients.evotor.records import EvotorGroup, EvotorProduct, EvotorStore
from syncing.core.last_known import recall
from tests.unit.catalog.till import product


def values_of(record: EvotorProduct) -> ProductValues:
    """Return the columns of a product that we hear of for the first time."""
    return product_values(product_told(record))


def test_the_columns_are_those_that_come_from_the_till() -> None:
    assert set(values_of(product("a")).columns) == set(PRODUCT_COLUMNS)
    ours = {"id", "user", "store", "evotor_id", "fetched_at", "missing_since", "present_since"}
    ours |= {"own_title", "own_description", "own_album", "unmarked_at", "unmarked_type"}
    assert {column.name for column in Product._meta.concrete_fields} - ours == set(PRODUCT_COLUMNS)


def test_an_absent_value_is_unknown_and_no_problem() -> None:
    values = values_of(product("a", price=None, quantity=None, name="", type=""))
    assert values.columns["price"] is None
    assert values.columns["quantity"] is None
    assert values.columns["name"] == ""
    assert values.columns["product_type"] == "NORMAL"
    assert values.unreadable == ()


def test_a_mark_that_cannot_be_read_is_no_permission_to_sell_what_is_new() -> None:
    names = ("allow_to_sell", "is_excisable", "is_age_limited")
    unread = product("a", **dict.fromkeys(names), unreadable=names)
    new = values_of(unread)
    assert [new.columns[name] for name in names] == [False, True, True]
    assert new.is_marked
    # What was told before stands, and so does what was only left out.
    known = recall(product_told(product("a")).told, None, is_complete=True)
    assert not product_values(product_told(unread), known).is_marked
    assert not values_of(product("a", **dict.fromkeys(names))).is_marked


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("130.727272727", "130.7272727270"),
        ("0", "0E-10"),
        ("-0", "0E-10"),
        ("1E-999999", "0E-10"),
        ("999999999999", "999999999999.0000000000"),
        ("0.00000000005", "1E-10"),
    ],
)
def test_prices_keep_what_the_column_can_hold(given: str, kept: str) -> None:
    assert str(values_of(product("a", price=Decimal(given))).columns["price"]) == str(Decimal(kept))


@pytest.mark.parametrize(
    "given", ["1E12", "1E400", "-1E12", "NaN", "Infinity", "-Infinity", "sNaN", "999999999999.99999999999"]
)
def test_a_number_that_no_till_can_mean_is_unknown_and_reported(given: str) -> None:
    values = values_of(product("a", price=Decimal(given), quantity=Decimal(given)))
    assert values.columns["price"] is None
    assert values.columns["quantity"] is None
    assert values.unreadable == ("price", "quantity")


def test_a_price_below_nothing_is_reported_and_a_stock_below_nothing_is_not() -> None:
    values = values_of(product("a", price=Decimal(-5), quantity=Decimal(-5)))
    assert (values.columns["price"], values.quantity) == (None, Decimal(-5))
    assert values.unreadable == ("price",)


def test_a_store_whose_name_is_not_told_keeps_it() -> None:
    assert store_values(EvotorStore("s", "", "", "")) == {}


def test_stock_is_kept_to_a_thousandth_below_zero_too() -> None:
    assert values_of(product("a", quantity=Decimal("-1292.12349"))).quantity == Decimal("-1292.123")


def test_long_texts_are_cut_to_their_columns() -> None:
    values = values_of(product("a", name="Ж" * 999, measure_name="ш" * 99, code="1" * 99)).columns
    assert [len(values[name]) for name in ("name", "measure_name", "code")] == [255, 32, 64]
    assert store_values(EvotorStore("s", "Л" * 999, "у" * 999, ""))["address"] == "у" * 255
    assert (
        group_values(recall(group_told(EvotorGroup("g", "Г" * 999, "")), None, is_complete=True))["name"]
        == "Г" * 255
    )


def test_what_no_database_keeps_is_dropped() -> None:
    assert values_of(product("a", name="Чай\0 \ud800чёрный")).columns["name"] == "Чай чёрный"


def test_barcodes_are_kept_once_each_in_order() -> None:
    values = values_of(product("a", barcodes=("V0032548", " 46 ", "", "V0032548"))).columns
    assert values["barcodes"] == ["V0032548", "46"]


def test_the_search_text_folds_case_and_yo() -> None:
    values = values_of(product("a", name="Чай  «ТАЁЖНЫЙ»", article_number="TEA-50", barcodes=("46",)))
    assert values.columns["search_text"] == "чай «таежный» tea-50 46"


@pytest.mark.parametrize(
    ("evotor_id", "fits"),
    [("a" * 36, True), ("a" * 37, False), ("", False), ("a\0", False), ("\ud800", False)],
)
def test_an_id_is_kept_whole_or_not_at_all(evotor_id: str, fits: bool) -> None:  # noqa: FBT001
    assert storable_id(evotor_id) is fits


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Кофе"},
        {"price": Decimal("190.01")},
        {"price": None},
        {"quantity": Decimal(0)},
        {"parent_id": "g"},
        {"allow_to_sell": False},
        {"barcodes": ("46",)},
        {"is_excisable": True},
        {"description": "Листовой"},
    ],
)
def test_each_change_changes_the_hash(change: dict[str, object]) -> None:
    assert values_of(product("a", **change)).content_hash != values_of(product("a")).content_hash


def test_another_spelling_of_the_same_number_is_no_change() -> None:
    spellings = {
        values_of(product("a", price=Decimal(text))).content_hash for text in ("190", "190.0", "1.9E2")
    }
    assert len(spellings) == 1


@given(st.text(), st.decimals(), st.lists(st.text()))
def test_any_record_fits_its_columns(text: str, number: Decimal, barcodes: list[str]) -> None:
    record = product("a", name=text, code=text, price=number, quantity=number, barcodes=tuple(barcodes))
    row = Product(evotor_id="a", **values_of(record).columns)
    row.clean_fields(exclude={"user", "store", "fetched_at", "name"})
    assert len(row.name) <= 255
