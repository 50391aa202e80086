"""The merchant's rules for goods: which products they pick, and what they make of price, stock and place."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncing.core.choices import ActionKind, CategorySource, Reason, Rounding
from syncing.core.goods_rules.matching import matcher
from syncing.core.goods_rules.records import (
    COMPARISONS,
    Comparison,
    Condition,
    Decision,
    GoodsRule,
    Part,
    RuleAction,
    RuleActionKind,
    Subject,
)
from syncing.core.goods_rules.ruleset import Ruleset
from syncing.core.planner import sync_user
from syncing.core.pricing import price_kopecks
from syncing.core.records import Rules, SourceProduct
from tests.unit.core.shop import STORE, PretendShop, product

PATH = ("Напитки", "Чай и кофе")
BASE = Rules(brake_items=10_000, default_category_id=1)


def rule(
    *actions: tuple[RuleActionKind, str], on: tuple[Condition, ...] = (), name: str = "Правило"
) -> GoodsRule:
    return GoodsRule(1, name, on, tuple(RuleAction(kind, value) for kind, value in actions))


def picks(condition: Condition, goods: SourceProduct) -> bool:
    return matcher(GoodsRule(1, "Правило", (condition,)))(goods, PATH)


@pytest.mark.parametrize(
    ("condition", "goods", "expected"),
    [
        (Condition(Subject.NAME, Comparison.CONTAINS, "ЗЕЛЁНЫЙ  чай"), {"name": "Зеленый чай 50 г"}, True),
        (Condition(Subject.NAME, Comparison.CONTAINS, "чай"), {"name": "Кофе"}, False),
        (Condition(Subject.NAME, Comparison.CONTAINS_NOT, "чай"), {"name": "Кофе"}, True),
        (Condition(Subject.NAME, Comparison.STARTS, "кофе"), {"name": "Кофе в зёрнах"}, True),
        (Condition(Subject.NAME, Comparison.STARTS, "зёрна"), {"name": "Кофе в зёрнах"}, False),
        (Condition(Subject.GROUP, Comparison.IS, "напитки"), {}, True),
        (Condition(Subject.GROUP, Comparison.IS_NOT, "напитки"), {}, False),
        (Condition(Subject.GROUP, Comparison.IS, "посуда"), {}, False),
        (Condition(Subject.BARCODE, Comparison.STARTS, "460"), {"barcodes": ("2000", "4600123")}, True),
        (Condition(Subject.ARTICLE, Comparison.IS, "a-1"), {"article": "A-1"}, True),
        (Condition(Subject.PRICE, Comparison.ABOVE, "100"), {"price": Decimal("100.01")}, True),
        (Condition(Subject.PRICE, Comparison.ABOVE, "100"), {"price": Decimal(100)}, False),
        (Condition(Subject.COST, Comparison.BELOW, "50"), {"cost": Decimal(49)}, True),
        (Condition(Subject.PHOTO, Comparison.PRESENT), {"photo_keys": ("a" * 64,)}, True),
        (Condition(Subject.PHOTO, Comparison.ABSENT), {"photo_keys": ("a" * 64,)}, False),
        (Condition(Subject.STOCK, Comparison.UNKNOWN), {"quantity": None}, True),
        (Condition(Subject.STOCK, Comparison.UNKNOWN), {"quantity": Decimal("NaN")}, True),
        (Condition(Subject.PRICE, Comparison.UNKNOWN), {"price": Decimal("Infinity")}, True),
        (Condition(Subject.PRICE, Comparison.ABOVE, "100"), {"price": Decimal("Infinity")}, False),
        (Condition(Subject.NAME, Comparison.IS, "зелёный чай"), {"name": "Зелёный   чай"}, True),
        (Condition(Subject.NAME, Comparison.IS, "зелёный чай"), {"name": "Зелёныйчай"}, False),
        (Condition(Subject.STOCK, Comparison.UNKNOWN), {"quantity": Decimal(0)}, False),
        (Condition(Subject.STORE, Comparison.IS, STORE), {}, True),
        (Condition(Subject.STORE, Comparison.IS_NOT, STORE), {}, False),
        (Condition(Subject.TYPE, Comparison.IS, "normal"), {"type": "NORMAL"}, True),
        (Condition(Subject.TYPE, Comparison.IS_NOT, "NORMAL"), {"type": "SERVICE"}, True),
        (Condition(Subject.TAG, Comparison.IS, "Подарок"), {"tags": ("лето", "подарок")}, True),
        (Condition(Subject.TAG, Comparison.IS, "подарок"), {"tags": ()}, False),
        (Condition(Subject.TAG, Comparison.IS_NOT, "подарок"), {"tags": ("лето",)}, True),
        (Condition(Subject.TAG, Comparison.IS_NOT, "подарок"), {"tags": ("лето", "подарок")}, False),
    ],
)
def test_a_condition_compares_what_it_names(
    condition: Condition, goods: dict[str, Any], *, expected: bool
) -> None:
    assert picks(condition, replace(product(1), **goods)) is expected


@pytest.mark.parametrize("comparison", [Comparison.ABOVE, Comparison.BELOW])
@pytest.mark.parametrize("subject", [Subject.PRICE, Subject.COST, Subject.STOCK])
def test_what_the_till_does_not_tell_is_neither_above_nor_below(
    subject: Subject, comparison: Comparison
) -> None:
    silent = replace(product(1), price=None, cost=None, quantity=None)
    assert not picks(Condition(subject, comparison, "10"), silent)


def test_every_subject_has_its_comparisons() -> None:
    assert set(COMPARISONS) == set(Subject)


PERCENT, ADD = RuleActionKind.PERCENT, RuleActionKind.ADD
OVER, FLOOR = RuleActionKind.OVER_COST, RuleActionKind.NOT_BELOW_COST
LEAST, MOST, ROUND = RuleActionKind.AT_LEAST, RuleActionKind.AT_MOST, RuleActionKind.ROUND
OLD = RuleActionKind.OLD_PRICE


@pytest.mark.parametrize(
    ("price", "cost", "markup", "actions", "kopecks"),
    [
        ("100", None, "0", [], 10_000),
        ("100", None, "10", [], 11_000),
        ("100", None, "10", [(PERCENT, "10")], 12_100),
        ("100", None, "0", [(PERCENT, "-15")], 8_500),
        ("100", None, "0", [(ADD, "12.34")], 11_234),
        ("100", None, "0", [(ADD, "-12.34")], 8_766),
        ("100", None, "0", [(PERCENT, "10"), (ADD, "5")], 11_500),
        ("100", None, "0", [(ADD, "5"), (PERCENT, "10")], 11_550),
        ("130.727272727", None, "0", [(PERCENT, "10")], 14_380),
        ("100", "60", "0", [(OVER, "50")], 9_000),
        ("100", "60", "10", [(OVER, "50")], 9_000),
        ("100", "60", "0", [(OVER, "50"), (ADD, "0.99")], 9_099),
        ("100", None, "0", [(OVER, "50")], 10_000),
        ("100", "0", "0", [(OVER, "50")], 10_000),
        ("100", "-5", "0", [(OVER, "50")], 10_000),
        ("100", "0.50", "0", [(OVER, "50")], 75),
        ("100", "1", "0", [(OVER, "50")], 150),
        ("100", "60", "0", [(PERCENT, "50"), (OVER, "50"), (ADD, "1")], 9_100),
        ("100", "60", "0", [(LEAST, "200"), (FLOOR, "10")], 20_000),
        ("100", "95", "0", [(FLOOR, "10")], 10_450),
        ("100", "80", "0", [(FLOOR, "10")], 10_000),
        ("100", None, "0", [(FLOOR, "10")], 10_000),
        ("100", "33.333", "0", [(FLOOR, "200")], 10_000),
        ("99.98", "33.333", "0", [(FLOOR, "200")], 10_000),
        ("40", None, "0", [(LEAST, "49.90")], 4_990),
        ("60", None, "0", [(LEAST, "49.90")], 6_000),
        ("600", None, "0", [(MOST, "499")], 49_900),
        ("400", None, "0", [(MOST, "499")], 40_000),
        ("600", None, "0", [(MOST, "499"), (LEAST, "550")], 55_000),
        ("600", None, "0", [(LEAST, "550"), (MOST, "499")], 55_000),
        ("123", None, "0", [(ROUND, "nine_up")], 12_900),
        ("129", None, "0", [(ROUND, "nine_up")], 12_900),
        ("129.01", None, "0", [(ROUND, "nine_up")], 13_900),
        ("130", None, "0", [(ROUND, "nine_up")], 13_900),
        ("3", None, "0", [(ROUND, "nine_up")], 900),
        ("9", None, "0", [(ROUND, "nine_up")], 900),
        ("123", None, "0", [(ROUND, "ninety_up")], 19_000),
        ("190", None, "0", [(ROUND, "ninety_up")], 19_000),
        ("190.50", None, "0", [(ROUND, "ninety_up")], 29_000),
        ("50", None, "0", [(ROUND, "ninety_up")], 9_000),
        ("123.40", None, "0", [(ROUND, "rouble")], 12_300),
        ("123.50", None, "0", [(ROUND, "rouble")], 12_400),
        ("123.01", None, "0", [(ROUND, "rouble_up")], 12_400),
        ("160.000033099", None, "0", [(ROUND, "rouble_up")], 16_000),
        ("121", None, "0", [(ROUND, "ten_up")], 13_000),
        ("120", None, "0", [(ROUND, "ten_up")], 12_000),
        ("100", "91", "0", [(FLOOR, "11"), (ROUND, "nine_up")], 10_900),
        ("100", "100.5", "0", [(FLOOR, "0"), (ROUND, "rouble")], 10_100),
        ("100", "101", "0", [(FLOOR, "10"), (ROUND, "ten_up")], 12_000),
        ("100", None, "0", [(MOST, "115.55"), (ROUND, "nine_up")], 10_900),
        ("118", None, "0", [(MOST, "115.55"), (ROUND, "nine_up")], 11_555),
        ("100", None, "0", [(ROUND, "nine_up"), (ROUND, "ten_up")], 10_000),
        ("100", None, "0", [(ROUND, "ten_up"), (ROUND, "nine_up")], 10_900),
        ("10", None, "0", [(ADD, "-25")], 0),
        ("10", None, "0", [(ADD, "-25"), (ADD, "30")], 3_000),
        ("10", None, "0", [(ADD, "-25"), (LEAST, "5")], 500),
        ("0.01", None, "0", [(PERCENT, "-50")], 1),
        ("0.01", None, "0", [(PERCENT, "-51")], 0),
        ("999999.99", None, "0", [(PERCENT, "1000")], 1_099_999_989),
        ("100", "60", "0", [(OVER, "50"), (OVER, "100")], 12_000),
        ("19.99", None, "5.5", [(PERCENT, "2.5")], 2_162),
        ("100", "120", "0", [(PERCENT, "-10"), (FLOOR, "0")], 12_000),
        ("100", "120", "0", [(FLOOR, "0"), (MOST, "110")], 12_000),
        ("249", None, "0", [(PERCENT, "-20"), (ROUND, "nine_up")], 20_900),
        ("1000", None, "0", [(PERCENT, "-33.333")], 66_667),
        ("100", None, "10", [(OLD, "")], 11_000),
        ("100", "70", "10", [(FLOOR, "60"), (PERCENT, "-5")], 11_200),
        ("0.50", None, "0", [(ROUND, "rouble")], 100),
        ("0.49", None, "0", [(ROUND, "rouble")], 0),
        ("99.99", None, "0", [(ROUND, "ninety_up"), (MOST, "150")], 15_000),
        ("3141.592653589", None, "2.71", [(PERCENT, "1.41"), (ROUND, "ten_up")], 328_000),
    ],
)
def test_a_price_to_the_kopeck(
    price: str, cost: str | None, markup: str, actions: list[tuple[RuleActionKind, str]], kopecks: int
) -> None:
    goods = replace(product(1), price=Decimal(price), cost=None if cost is None else Decimal(cost))
    decision = Ruleset([rule(*actions)]).decide(goods, PATH)
    assert price_kopecks(Decimal(price), Rules(markup_percent=Decimal(markup)), decision) == kopecks


numbers = st.decimals(min_value=0, max_value=10**6, places=3)
price_actions = st.lists(
    st.one_of(
        st.tuples(st.just(PERCENT), st.decimals(min_value=-90, max_value=1000, places=2).map(str)),
        st.tuples(st.just(ADD), st.decimals(min_value=-1000, max_value=1000, places=2).map(str)),
        st.tuples(st.sampled_from([OVER, FLOOR]), st.decimals(min_value=0, max_value=500, places=1).map(str)),
        st.tuples(
            st.sampled_from([LEAST, MOST]), st.decimals(min_value=1, max_value=10**6, places=2).map(str)
        ),
        st.tuples(st.just(ROUND), st.sampled_from(list(Rounding)).map(str)),
    ),
    max_size=6,
)


@given(numbers, numbers, st.none() | numbers, price_actions)
def test_a_higher_till_price_never_gives_a_lower_price(
    first: Decimal, second: Decimal, cost: Decimal | None, actions: list[tuple[RuleActionKind, str]]
) -> None:
    decision = Ruleset([rule(*actions)]).decide(replace(product(1), cost=cost), PATH)
    low, high = (price_kopecks(price, BASE, decision) for price in sorted((first, second)))
    assert 0 <= low <= high


@given(numbers, numbers, price_actions)
def test_a_price_is_never_below_its_highest_floor(
    price: Decimal, cost: Decimal, actions: list[tuple[RuleActionKind, str]]
) -> None:
    decision = Ruleset([rule(*actions)]).decide(replace(product(1), cost=cost), PATH)
    floor = max(decision.floors, default=Decimal(0)) * 100
    assert price_kopecks(price, BASE, decision) >= floor


def planned(shop: PretendShop, goods: list[SourceProduct], *rules: GoodsRule) -> Any:
    return sync_user(shop.context(goods, rules=replace(BASE, goods_rules=rules)))


CUPS = (Condition(Subject.NAME, Comparison.CONTAINS, "чашка"),)


def test_a_rule_leaves_goods_out_and_says_which_one_did() -> None:
    plan = planned(PretendShop(), [product(1)], rule((RuleActionKind.EXCLUDE, ""), on=CUPS, name="Без чашек"))
    assert [(skip.reason, skip.detail) for skip in plan.skipped] == [(Reason.RULE, "Без чашек")]


def test_a_later_include_overrules_an_exclude() -> None:
    second = (Condition(Subject.NAME, Comparison.CONTAINS, "синяя 2"),)
    rules = (rule((RuleActionKind.EXCLUDE, ""), on=CUPS), rule((RuleActionKind.INCLUDE, ""), on=second))
    plan = planned(PretendShop(), [product(1), product(2)], *rules)
    assert [action.key.product_id for action in plan.actions] == ["product-2"]


def test_the_order_of_rules_decides() -> None:
    exclude, include = rule((RuleActionKind.EXCLUDE, "")), rule((RuleActionKind.INCLUDE, ""))
    assert Ruleset([exclude, include]).decide(product(1), PATH).excluded_by is None
    assert Ruleset([include, exclude]).decide(product(1), PATH).excluded_by == exclude


def test_goods_that_a_rule_newly_leaves_out_are_hidden() -> None:
    shop = PretendShop()
    shop.apply(planned(shop, [product(1)]))
    plan = planned(shop, [product(1)], rule((RuleActionKind.EXCLUDE, ""), on=CUPS))
    assert [action.kind for action in plan.actions] == [ActionKind.HIDE]


def test_category_and_album_come_from_the_rule() -> None:
    place = rule((RuleActionKind.CATEGORY, "7"), (RuleActionKind.ALBUM, "Подарки"), name="Подарки")
    plan = planned(PretendShop(), [product(1)], place)
    [desired] = plan.desired.values()
    assert (desired.category_id, desired.album) == (7, "Подарки")
    [choice] = plan.categories.values()
    assert (choice.source, choice.basis) == (CategorySource.RULE, "Подарки")


def test_each_part_names_the_rule_that_decided_it() -> None:
    first = rule((PERCENT, "10"), (RuleActionKind.KEEP_BACK, "1"), name="первое")
    second = rule((ADD, "5"), name="второе")
    decided = Ruleset([first, second]).decide(product(1), PATH).decided_by
    assert {part: each.name for part, each in decided.items()} == {Part.PRICE: "второе", Part.STOCK: "первое"}


@pytest.mark.parametrize(
    ("in_till", "actions", "stock", "hidden"),
    [
        ("5", [(RuleActionKind.KEEP_BACK, "2")], 3, False),
        ("1", [(RuleActionKind.KEEP_BACK, "2")], 0, False),
        ("50", [(RuleActionKind.SHOW_AT_MOST, "10")], 10, False),
        ("5", [(RuleActionKind.SHOW_AT_MOST, "10")], 5, False),
        ("12", [(RuleActionKind.KEEP_BACK, "1"), (RuleActionKind.SHOW_AT_MOST, "10")], 10, False),
        # Unknown is not none and not endless.
        (None, [(RuleActionKind.KEEP_BACK, "2")], -1, False),
        (None, [(RuleActionKind.KEEP_BACK, "2"), (RuleActionKind.SHOW_AT_MOST, "1")], 1, False),
        ("-3", [(RuleActionKind.SHOW_AT_MOST, "1")], 0, False),
        (None, [(RuleActionKind.HIDE_AT, "3")], -1, False),
        ("3", [(RuleActionKind.HIDE_AT, "3")], 3, True),
        ("4", [(RuleActionKind.HIDE_AT, "3")], 4, False),
    ],
)
def test_stock_as_the_rules_show_it(
    in_till: str | None, actions: list[tuple[RuleActionKind, str]], stock: int, *, hidden: bool
) -> None:
    goods = replace(product(1), quantity=None if in_till is None else Decimal(in_till))
    [desired] = planned(PretendShop(), [goods], rule(*actions)).desired.values()
    assert (desired.stock, desired.hidden) == (stock, hidden)


def test_a_sale_and_its_return_do_not_make_goods_come_and_go() -> None:
    shop, low = PretendShop(), rule((RuleActionKind.HIDE_AT, "3"))
    seen = []
    for quantity in (4, 3, 4, 3, 4, 5, 4, 3):
        shop.apply(planned(shop, [replace(product(1), quantity=Decimal(quantity))], low))
        [item] = shop.items.values()
        seen.append(bool(item.hidden))
    assert seen == [False, True, True, True, True, False, False, True]


def test_rules_that_pick_nothing_change_nothing() -> None:
    nothing = rule((PERCENT, "50"), on=(Condition(Subject.NAME, Comparison.IS, "нет таких"),))
    goods = [product(number) for number in range(5)]
    assert planned(PretendShop(), goods, nothing).actions == planned(PretendShop(), goods).actions


def test_a_rule_about_groups_holds_only_under_them() -> None:
    rules = Ruleset(
        [
            rule((PERCENT, "10"), on=(Condition(Subject.GROUP, Comparison.IS, "Чай"),), name="Чай"),
            rule((PERCENT, "20"), on=(Condition(Subject.GROUP, Comparison.IS_NOT, "Чай"),), name="Прочее"),
        ]
    )
    for path, name in ((("Напитки", "Чай"), "Чай"), (("Посуда",), "Прочее"), ((), "Прочее")):
        assert rules.decide(product(1), path).decided_by[Part.PRICE].name == name
    assert (
        Ruleset([rule((PERCENT, "10"), on=(Condition(Subject.NAME, Comparison.IS, "нет"),))]).decide(
            product(1), ()
        )
        == Decision()
    )


def test_goods_that_the_same_rules_pick_keep_what_is_their_own() -> None:
    dear = (
        Condition(Subject.PRICE, Comparison.ABOVE, "100"),
        Condition(Subject.STOCK, Comparison.ABOVE, "5"),
    )
    rules = Ruleset([rule((PERCENT, "10"), on=dear), rule((OVER, "50")), rule((ADD, "1"))])
    goods = [
        replace(product(n), price=Decimal(price), cost=cost, quantity=Decimal(stock))
        for n, (price, cost, stock) in enumerate(
            [(200, Decimal(10), 9), (200, Decimal(20), 9), (200, None, 9), (200, None, 2), (50, None, 9)]
        )
    ]
    decisions = [rules.decide(each, PATH) for each in goods]
    prices = [price_kopecks(each.price or Decimal(0), BASE, decisions[n]) for n, each in enumerate(goods)]
    assert prices == [1_600, 3_100, 22_100, 20_100, 5_100]
    assert rules.decide(goods[0], ("Чай",)) == decisions[0]
