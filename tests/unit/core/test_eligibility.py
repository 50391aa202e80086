"""Why a product is out, in a code that has its sentence."""

from decimal import Decimal
from typing import Any

import pytest

from syncing.core.choices import Rounding
from syncing.core.eligibility import REASONS, exclusion_reason
from syncing.core.goods_rules.records import Decision, PriceStep, RuleActionKind
from syncing.core.records import ProductKey, Rules, SourceProduct
from tests.unit.core.shop import LIMITS


def goods(name: str = "Чай чёрный", **fields: Any) -> SourceProduct:
    return SourceProduct(ProductKey("A", "1"), name, **({"price": Decimal(100)} | fields))


def test_ordinary_goods_are_in() -> None:
    assert exclusion_reason(goods(), ("Продукты",), Rules(), LIMITS) is None


@pytest.mark.parametrize(
    ("product", "reason"),
    [
        (goods(allow_to_sell=False), ("not_for_sale", "")),
        (goods(price=None), ("no_price", "")),
        (goods(price=Decimal(0)), ("no_price", "0")),
        (goods(price=Decimal(-5)), ("no_price", "-5")),
        (goods(price=Decimal("0.004")), ("no_price", "0.004")),
        (goods(price=Decimal("NaN")), ("no_price", "NaN")),
        (goods(price=Decimal("Infinity")), ("no_price", "Infinity")),
        (goods(type="SERVICE"), ("service", "SERVICE")),
        (goods("Позиция по свободной цене"), ("free_price_position", "Позиция по свободной цене")),
        (goods("ТОВАР ПО СВОБОДНОЙ ЦЕНЕ"), ("free_price_position", "ТОВАР ПО СВОБОДНОЙ ЦЕНЕ")),
        (goods("Свободная цена"), ("free_price_position", "Свободная цена")),
        (goods("Продажа по произвольной цене 2"), ("free_price_position", "Продажа по произвольной цене 2")),
        (goods("Водка"), ("legal_alcohol", "kind:водка")),
        (goods(""), ("bad_name", "")),
        (goods(" «»!.,"), ("bad_name", " «»!.,")),
        (goods("🎁🎁"), ("bad_name", "🎁🎁")),
    ],
)
def test_a_product_is_out_for_its_reason(product: SourceProduct, reason: tuple[str, str]) -> None:
    assert exclusion_reason(product, ("Продукты",), Rules(), LIMITS) == reason


def test_what_cannot_be_fixed_is_said_first() -> None:
    hopeless = goods("Водка", price=None, allow_to_sell=False)

    assert exclusion_reason(hopeless, (), Rules(), LIMITS) == ("legal_alcohol", "kind:водка")
    assert exclusion_reason(hopeless, (), Rules(legal_filter=False), LIMITS) == ("not_for_sale", "")


@pytest.mark.parametrize(
    "product",
    [
        goods("Водка"),
        goods("Особая", type="BEER_MARKED"),
        goods(is_excisable=True),
        goods(is_age_limited=True),
    ],
)
def test_without_the_restriction_filter_nothing_restricted_is_asked(product: SourceProduct) -> None:
    assert exclusion_reason(product, ("Алкоголь",), Rules(legal_filter=False), LIMITS) is None


def test_a_price_that_rounds_to_nothing_is_no_price() -> None:
    cheap = goods(price=Decimal("0.40"))

    assert exclusion_reason(cheap, (), Rules(rounding=Rounding.ROUBLE), LIMITS) == ("no_price", "0.40")
    assert exclusion_reason(cheap, (), Rules(rounding=Rounding.ROUBLE_UP), LIMITS) is None


def test_every_reason_has_a_sentence_that_says_what_to_do() -> None:
    codes = {
        "filter_store", "filter_group", "filter_product", "not_for_sale", "no_price", "free_price_position",
        "service", "legal_alcohol", "legal_beer", "legal_tobacco", "legal_medicine", "legal_excisable",
        "legal_age",
        "legal_other", "legal_unsure", "legal_decided", "bad_name", "limit", "merged", "gone", "out_of_stock",
        "no_category", "resting", "rule", "group_unknown", "copy", "may_replace", "kept_out",
        "may_be_left_out", "may_be_kept_out",
        "rule_words",
    }  # fmt: skip

    assert set(REASONS) == codes
    assert all(sentence.endswith(".") and sentence.count(". ") >= 1 for sentence in REASONS.values())


def test_a_price_that_the_merchants_rules_make_nothing_of_is_no_price() -> None:
    free = Decision(steps=(PriceStep(RuleActionKind.ADD, Decimal(-100)),))
    assert exclusion_reason(goods(), (), Rules(), LIMITS, free) == ("no_price", "100")
    dear = Decision(steps=(PriceStep(RuleActionKind.ADD, Decimal("-99.99")),))
    assert exclusion_reason(goods(), (), Rules(), LIMITS, dear) is None


def test_a_price_of_nothing_is_none_whatever_the_rules_add_to_it() -> None:
    more = Decision(steps=(PriceStep(RuleActionKind.ADD, Decimal(5)),))
    assert exclusion_reason(goods(price=Decimal(0)), (), Rules(), LIMITS, more) == ("no_price", "0")
