"""What a rule is said to make a run ask, before it is kept."""

from dataclasses import replace
from decimal import Decimal

import pytest

from syncing.core.choices import OutOfStock, QuestionCode
from syncing.core.goods_rules.records import GoodsRule, RuleAction, RuleActionKind
from syncing.core.planner import sync_user
from syncing.core.records import Rules, SyncContext
from syncing.core.rule_trial import questions_of_rule
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
