"""Stamps: one for each product for ever, found whatever stands around them, never found by chance."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncing.core.records import ProductKey
from syncing.core.sku_stamp import find_stamp, stamp, typed_stamps

keys = st.builds(ProductKey, st.text(max_size=40), st.text(max_size=40))
KEY = ProductKey("20240115-AAAA-40BB-80CC-000000000001", "7a1f0b52-4a0e-4e0c-9a54-0d7b6f6f1a10")


def test_a_stamp_never_changes_from_one_release_to_the_next() -> None:
    assert stamp(KEY) == "ESZ5G85GQWQNEVZM"


@given(keys)
def test_a_stamp_is_sixteen_capital_letters_and_digits(key: ProductKey) -> None:
    assert re.fullmatch(r"ES[0-9A-HJKMNP-TV-Z]{14}", stamp(key))


@given(
    keys,
    st.sampled_from(["", "TEA-50 ", "46000000 17/", "арт. №5 (", "ES", "¶ "]),
    st.sampled_from(["", " x", ")"]),
)
def test_a_stamp_is_found_in_any_company(key: ProductKey, before: str, after: str) -> None:
    separator = "" if before != "ES" else " "

    assert find_stamp(f"{before}{separator}{stamp(key)}{after}") == stamp(key)
    assert find_stamp(f"{before}{separator}{stamp(key)}{after}".lower()) == stamp(key)


def test_a_stamp_retyped_by_hand_is_read_as_it_was_meant() -> None:
    marks = [stamp(ProductKey("A", str(number))) for number in range(200)]
    retyped = [mark[:2] + mark[2:].replace("0", "O").replace("1", "I") for mark in marks]

    assert retyped != marks
    assert [find_stamp(sku) for sku in retyped] == marks


@pytest.mark.parametrize(
    "sku", ["", "TEA-50", "ES-1234", "4600000000017", "ES12345678901234", "ESTELLE PRINCESS"]
)
def test_a_merchants_own_article_is_no_stamp(sku: str) -> None:
    assert find_stamp(sku) is None


def test_of_what_only_looks_like_a_stamp_hardly_any_passes() -> None:
    chance = random.Random(7)
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    skus = ["ES" + "".join(chance.choices(letters, k=14)) for _ in range(20_000)]

    assert sum(find_stamp(sku) is not None for sku in skus) < 20_000 / 500


@given(keys, st.integers(2, 15), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_a_damaged_stamp_is_never_read_as_the_right_one(key: ProductKey, place: int, letter: str) -> None:
    damaged = stamp(key)[:place] + letter + stamp(key)[place + 1 :]

    assert damaged == stamp(key) or find_stamp(damaged) != stamp(key)


@given(st.lists(keys, unique=True, min_size=2, max_size=2))
def test_two_products_have_two_stamps(pair: list[ProductKey]) -> None:
    assert stamp(pair[0]) != stamp(pair[1])


def test_store_and_product_ids_do_not_run_together() -> None:
    assert stamp(ProductKey("ab", "c")) != stamp(ProductKey("a", "bc"))


@given(
    other=keys,
    ours=keys,
    form=st.sampled_from(["{} {}", "{}/{}", "a {} b {} c", "{}  {})"]),
    lower=st.booleans(),
)
def test_of_two_stamps_in_a_sku_the_last_one_is_ours(
    other: ProductKey, ours: ProductKey, form: str, *, lower: bool
) -> None:
    sku = form.format(stamp(other), stamp(ours))

    assert find_stamp(sku.lower() if lower else sku) == stamp(ours)


@given(key=keys, before=st.sampled_from(["", "TEA "]), lower=st.booleans())
def test_a_sku_that_is_only_an_article_of_the_till_proves_nothing(
    key: ProductKey, before: str, *, lower: bool
) -> None:
    article = before + stamp(key)
    typed = typed_stamps([article.lower() if lower else article, "TEA-50", ""])

    assert find_stamp(f" {article} ", typed=typed) is None
    assert find_stamp(f"{article} {stamp(KEY)}", typed=typed) == stamp(KEY)
    assert "TEA-50" not in typed
