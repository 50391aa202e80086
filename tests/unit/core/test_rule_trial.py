"""What a rule is said to make a run ask, before it is kept."""

from dataclasses import replace
from decimal import Decimal

import pytest

from syncing.core.choices import OutOfStock, QuestionCode
from syncing.core.evaluation import evaluate_all
from syncing.core.goods_rules.records import (
    Comparison,
    Condition,
    GoodsRule,
    RuleAction,
    RuleActionKind,
    Subject,
)
from syncing.core.planner import sync_user
from syncing.core.records import Rules, SyncContext
from syncing.core.rule_trial import prices_that_wait, questions_of_rule
from tests.unit.core.shop import PretendShop, product

RULES = Rules(default_category_id=1, brake_items=2, brake_percent=20)
GOODS = [product(number, price=Decimal(100)) for number in range(20)]


def shop_of(goods: int, rules: Rules = RULES) -> SyncContext:
    """Return the context of a shop of twenty goods, of which so many are in VK."""
    shop = PretendShop()
    unasked = replace(rules, brake_items=10_000)
    shop.apply(sync_user(shop.context(GOODS[:goods], rules=unasked, previous_size=20)))
    return shop.context(GOODS, rules=rules)


def ruled(context: SyncContext, kind: RuleActionKind, value: str = "") -> SyncContext:
    rule = GoodsRule(1, "Правило", (), (RuleAction(kind, value),))
    return replace(context, rules=replace(context.rules, goods_rules=(rule,)))


@pytest.mark.parametrize(
    ("kind", "value", "codes"),
    [
        (RuleActionKind.PERCENT, "-10", {QuestionCode.MANY_PRICES}),
        (RuleActionKind.EXCLUDE, "", {QuestionCode.MANY_HIDDEN}),
        (RuleActionKind.HIDE_AT, "5", {QuestionCode.MANY_HIDDEN}),
        (RuleActionKind.KEEP_BACK, "5", {QuestionCode.MANY_ZERO_STOCKS}),
        (RuleActionKind.KEEP_BACK, "4", set()),
        (RuleActionKind.TITLE_PREFIX, "Новинка", set()),
        (RuleActionKind.OLD_PRICE, "150", set()),
    ],
)
def test_a_trial_asks_what_the_run_with_the_rule_asks(
    kind: RuleActionKind, value: str, codes: set[QuestionCode]
) -> None:
    context = shop_of(20, replace(RULES, out_of_stock=OutOfStock.KEEP))
    after = ruled(context, kind, value)
    plan = sync_user(after)

    found = questions_of_rule(context, sync_user(context).desired, plan.desired)

    assert {one.code for one in found} == codes
    assert found == plan.questions


def test_goods_that_are_not_in_vk_count_for_nothing() -> None:
    for in_vk, counts in ((4, [4]), (0, [])):
        context = shop_of(in_vk)
        after = ruled(context, RuleActionKind.PERCENT, "10")
        found = questions_of_rule(context, sync_user(context).desired, sync_user(after).desired)
        assert [one.count for one in found] == counts


def some_ruled(context: SyncContext, tenfold: int, ordinary: int) -> SyncContext:
    """Return the context with a rule of +900 % for the first goods and one of +10 % for the next."""
    goods = [
        replace(one, tags=("ten",) if place < tenfold else ("some",) if place < tenfold + ordinary else ())
        for place, one in enumerate(context.products)
    ]
    rules = tuple(
        GoodsRule(
            number,
            tag,
            (Condition(Subject.TAG, Comparison.IS, tag),),
            (RuleAction(RuleActionKind.PERCENT, percent),),
        )
        for number, (tag, percent) in enumerate((("ten", "900"), ("some", "10")), start=1)
    )
    return replace(context, products=tuple(goods), rules=replace(context.rules, goods_rules=rules))


@pytest.mark.parametrize(
    ("in_vk", "tenfold", "ordinary", "waiting", "asked"),
    [
        # The limit is four: a fifth of what is in VK.
        (20, 3, 3, 3, []),
        (20, 3, 5, 3, [5]),
        (20, 5, 0, 0, [5]),
        (20, 5, 5, 0, [10]),
        # Of what is not in VK no price waits.
        (4, 5, 5, 0, [4]),
        (2, 5, 5, 2, []),
        (0, 5, 5, 0, []),
    ],
)
def test_a_tenfold_price_that_waits_is_asked_about_once(
    in_vk: int, tenfold: int, ordinary: int, waiting: int, asked: list[int]
) -> None:
    context = shop_of(in_vk, replace(RULES, price_hold_percent=50))
    after = some_ruled(context, tenfold, ordinary)
    plan = sync_user(after)
    old, new = evaluate_all(context).desired, evaluate_all(after).desired

    held = prices_that_wait(context, old, new)
    found = questions_of_rule(context, old, new, held)

    assert len(held) == waiting
    assert held == {one.key for one in plan.held_prices}
    assert [one.count for one in found] == asked
    assert found == plan.questions


def test_without_control_of_prices_none_waits() -> None:
    context = shop_of(20, replace(RULES, price_hold_percent=None))
    after = some_ruled(context, 3, 2)
    old, new = evaluate_all(context).desired, evaluate_all(after).desired
    held = prices_that_wait(context, old, new)
    assert held == frozenset()
    assert questions_of_rule(context, old, new, held) == sync_user(after).questions


def test_a_trial_that_brings_the_crossed_out_price_back_asks_nothing() -> None:
    plain = shop_of(20, replace(RULES, price_hold_percent=50))
    promotion = RuleAction(RuleActionKind.PERCENT, "-95"), RuleAction(RuleActionKind.OLD_PRICE, "100")
    promoted = replace(plain, rules=replace(plain.rules, goods_rules=(GoodsRule(1, "Акция", (), promotion),)))
    old, new = evaluate_all(promoted).desired, evaluate_all(plain).desired
    assert prices_that_wait(plain, old, new) == frozenset()
    assert questions_of_rule(plain, old, new) == ()
