"""Prices: exact, monotone, never zero without saying so."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncing.core.choices import Rounding
from syncing.core.eligibility import exclusion_reason
from syncing.core.goods_rules.records import Decision
from syncing.core.pricing import old_price_kopecks, price_kopecks, to_kopecks
from syncing.core.records import ProductKey, Rules, SourceProduct
from tests.unit.core.shop import LIMITS

ROUNDINGS = tuple(Rounding)


@pytest.mark.parametrize(
    ("price", "markup", "rounding", "kopecks"),
    [
        ("130.727272727", 0, "kopeck", 13073),
        ("160.000033099", 0, "kopeck", 16000),
        ("8.88888888889", 0, "kopeck", 889),
        ("50.625", 0, "kopeck", 5063),
        ("0.005", 0, "kopeck", 1),
        ("0.004", 0, "kopeck", 0),
        ("92.1666666667", 10, "kopeck", 10138),
        ("100", Decimal("12.5"), "kopeck", 11250),
        ("100", -10, "kopeck", 9000),
        ("99.50", 0, "rouble", 10000),
        ("99.49", 0, "rouble", 9900),
        ("99.4999", 0, "rouble", 9900),
        ("99.01", 0, "rouble_up", 10000),
        ("160.000033099", 0, "rouble_up", 16000),
        ("160", 0, "rouble_up", 16000),
        ("91", 0, "ten_up", 10000),
        ("90", 0, "ten_up", 9000),
        ("0.01", 0, "ten_up", 1000),
        ("9999999.99", 0, "kopeck", 999999999),
        ("0.01", 0, "nine_up", 900),
        ("9", 0, "nine_up", 900),
        ("9.01", 0, "nine_up", 1900),
        ("91", 0, "nine_up", 9900),
        ("0.01", 0, "ninety_up", 9000),
        ("90.01", 0, "ninety_up", 19000),
        ("191", 0, "ninety_up", 29000),
        ("0", 0, "nine_up", 0),
        ("-5", 0, "ten_up", 0),
    ],
)
def test_a_price_is_marked_up_and_rounded(
    price: str, markup: Decimal | int, rounding: str, kopecks: int
) -> None:
    rules = Rules(markup_percent=Decimal(markup), rounding=Rounding(rounding))

    assert price_kopecks(Decimal(price), rules) == kopecks


till_prices = st.decimals(min_value=0, max_value=Decimal("9999999.99"), allow_nan=False, places=9)
all_rules = st.builds(
    Rules,
    markup_percent=st.decimals(min_value=-90, max_value=1000, allow_nan=False, places=2),
    rounding=st.sampled_from(ROUNDINGS),
)


@given(till_prices, till_prices, all_rules)
def test_a_dearer_product_is_never_cheaper_in_vk(one: Decimal, other: Decimal, rules: Rules) -> None:
    low, high = sorted((one, other))

    assert price_kopecks(low, rules) <= price_kopecks(high, rules)


@given(till_prices, all_rules)
def test_an_eligible_product_never_costs_nothing(price: Decimal, rules: Rules) -> None:
    goods = SourceProduct(ProductKey("A", "1"), "Хлеб", price=price)

    refused = exclusion_reason(goods, (), rules, LIMITS)

    assert (refused is None) == (price_kopecks(price, rules) > 0)
    assert refused is None or refused[0] == "no_price"


@given(till_prices, all_rules)
def test_rounding_stays_within_its_step(price: Decimal, rules: Rules) -> None:
    exact = price * (100 + rules.markup_percent)
    step = {
        "kopeck": 1,
        "rouble": 100,
        "rouble_up": 100,
        "ten_up": 1000,
        "nine_up": 1000,
        "ninety_up": 10_000,
    }[rules.rounding]

    kopecks = price_kopecks(price, rules)

    ending = {"nine_up": 900, "ninety_up": 9000}.get(rules.rounding, 0)
    assert kopecks % step == (ending if kopecks else 0)
    assert abs(kopecks - exact) <= (step if rules.rounding.endswith("_up") else Decimal(step) / 2)


@pytest.mark.parametrize(
    ("ceilings", "floors", "kopecks"),
    [
        (["99.999"], [], 9_999),
        (["99.995"], [], 9_999),
        (["99.99", "80"], [], 8_000),
        ([], ["100.001"], 10_001),
        ([], ["100.005"], 10_001),
        ([], ["100.01", "120"], 12_000),
        # The floor is the stronger one.
        (["90"], ["110"], 11_000),
        (["100"], ["100"], 10_000),
    ],
)
def test_a_price_stays_within_its_bounds_to_the_kopeck(
    ceilings: list[str], floors: list[str], kopecks: int
) -> None:
    bounds = Decision(ceilings=tuple(map(Decimal, ceilings)), floors=tuple(map(Decimal, floors)))
    assert price_kopecks(Decimal(100), Rules(), bounds) == kopecks


@pytest.mark.parametrize(("beside", "old"), [(0, 0), (1, 10_000), (9_999, 10_000), (10_000, 0), (10_001, 0)])
def test_an_old_price_stands_only_beside_a_lower_one_that_is_there(beside: int, old: int) -> None:
    assert old_price_kopecks(Decimal(50), Rules(), Decision(old_price=Decimal(100)), beside=beside) == old


@pytest.mark.parametrize(
    ("roubles", "kopecks"),
    [("130.727272727", 13_073), ("0.005", 1), ("0.025", 3), ("0", 0), ("NaN", None), ("Infinity", None)],
)
def test_a_price_of_the_till_is_noted_to_the_nearest_kopeck(roubles: str, kopecks: int | None) -> None:
    assert to_kopecks(Decimal(roubles)) == kopecks
    assert to_kopecks(None) is None
