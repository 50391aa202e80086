"""Single new prices that look like a slip wait; everything else goes on."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncing.core.choices import ActionKind, PriceCause, PriceVerdict, QuestionCode
from syncing.core.evaluation import Evaluator, evaluate_all
from syncing.core.goods_rules.records import GoodsRule, RuleAction, RuleActionKind, TimedRule
from syncing.core.planner import sync_user
from syncing.core.price_control import cause_of
from syncing.core.price_decisions import held_price
from syncing.core.records import (
    TAKEN_OVER,
    DesiredItem,
    HeldPrice,
    PriceDecision,
    ProductKey,
    RemovedItem,
    Rules,
    SentPrice,
    SourceProduct,
    SyncResult,
    Undone,
)
from tests.unit.core.shop import LIMITS, NOW, PretendShop, product

RULES = Rules(default_category_id=1, price_hold_percent=50)
TEN = 10


class Shop(PretendShop):
    """A shop of cups at 100 roubles each, published once, whose merchant answers held prices."""

    def __init__(self, goods: int = 3, rules: Rules = RULES, **fields: Any) -> None:
        super().__init__()
        self.rules = rules
        self.answers: dict[ProductKey, PriceDecision] = {}
        self.goods = [product(number, price=Decimal(100), **fields) for number in range(goods)]
        self.run()

    def plan(self) -> SyncResult:
        """Return what a run would do now."""
        return sync_user(
            replace(self.context(self.goods, rules=self.rules), price_decisions=dict(self.answers))
        )

    def run(self) -> SyncResult:
        """Carry a plan out, and keep the answers that still count as a run's rows do."""
        plan = self.plan()
        self.apply(plan)
        kept = {key: self.answers[key] for key in plan.decided_prices}
        for one in plan.held_prices:
            verdict = PriceVerdict.REFUSED if one.is_refused else PriceVerdict.WAITING
            kept[one.key] = PriceDecision(
                verdict, one.old_kopecks, one.new_kopecks, one.till_kopecks, one.cost_kopecks
            )
        self.answers = kept
        return plan

    def change(self, number: int, **fields: Any) -> None:
        """Change a product in the till."""
        self.goods[number] = replace(self.goods[number], **fields)

    def answer(self, number: int, verdict: PriceVerdict) -> None:
        """Answer the held price of a product."""
        key = self.goods[number].key
        self.answers[key] = replace(self.answers[key], verdict=verdict)

    def prices(self) -> list[int | None]:
        """Return the prices in VK, product by product."""
        return [self.items[self.listings[each.key].item_id or 0].price_kopecks for each in self.goods]


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        (10_000, 15_000, None),
        (10_000, 15_001, PriceCause.PERCENT),
        (10_000, 5_000, None),
        (10_000, 4_999, PriceCause.PERCENT),
        (10_000, 99_999, PriceCause.PERCENT),
        (10_000, 100_000, PriceCause.TENFOLD),
        (10_000, 1_000, PriceCause.TENFOLD),
        (10_000, 1_001, PriceCause.PERCENT),
        (1, 2, PriceCause.PERCENT),
    ],
)
def test_a_price_is_held_above_the_share_and_tenfold(old: int, new: int, cause: PriceCause | None) -> None:
    assert cause_of(old, new, 50) is cause


def test_one_price_waits_while_everything_else_of_it_and_of_the_run_goes_on() -> None:
    shop = Shop()
    shop.change(0, price=Decimal(1000), quantity=Decimal(2), name="Чашка красная")
    shop.change(1, price=Decimal(120))
    plan = shop.run()
    assert shop.prices() == [10_000, 12_000, 10_000]
    [held] = plan.held_prices
    assert (held.old_kopecks, held.new_kopecks, held.cause) == (10_000, 100_000, PriceCause.TENFOLD)
    item = shop.items[shop.listings[shop.goods[0].key].item_id or 0]
    assert (item.title, item.stock) == ("Чашка красная", 2)
    assert not shop.plan().actions


def test_a_text_that_names_the_price_names_the_one_in_vk() -> None:
    shop = Shop(rules=replace(RULES, description_template="Отличная чашка всего за {price}"))
    shop.change(0, price=Decimal(500))
    shop.run()
    item = shop.items[shop.listings[shop.goods[0].key].item_id or 0]
    assert "100 руб." in item.description
    shop.answer(0, PriceVerdict.APPROVED)
    shop.run()
    item = shop.items[shop.listings[shop.goods[0].key].item_id or 0]
    assert "500 руб." in item.description


def test_a_first_publication_holds_nothing() -> None:
    shop = Shop(goods=1)
    shop.goods.append(product(7, price=Decimal(1_000_000)))
    assert not shop.plan().held_prices
    shop.run()
    assert shop.prices() == [10_000, 100_000_000]


def test_price_control_can_be_off() -> None:
    shop = Shop(rules=replace(RULES, price_hold_percent=None))
    shop.change(0, price=Decimal(1000))
    shop.run()
    assert shop.prices()[0] == 100_000


def test_a_yes_is_to_exactly_the_price_that_was_seen() -> None:
    shop = Shop()
    shop.change(0, price=Decimal(300))
    shop.run()
    shop.answer(0, PriceVerdict.APPROVED)
    shop.change(0, price=Decimal(301))
    assert [held.new_kopecks for held in shop.run().held_prices] == [30_100]
    assert shop.prices()[0] == 10_000
    shop.answer(0, PriceVerdict.APPROVED)
    assert not shop.run().held_prices
    assert shop.prices()[0] == 30_100
    shop.run()
    assert not shop.answers


def test_right_from_now_on_ends_when_the_till_changes_the_price_again() -> None:
    shop = Shop()
    shop.change(0, price=Decimal(300))
    shop.run()
    shop.answer(0, PriceVerdict.ACCEPTED)
    shop.run()
    assert shop.prices()[0] == 30_000
    # While the till says the same, no price that the rules make of it waits.
    shop.rules = replace(RULES, markup_percent=Decimal(900))
    shop.run()
    assert shop.prices()[0] == 300_000
    shop.rules = RULES
    shop.run()
    assert shop.prices()[0] == 30_000
    shop.change(0, price=Decimal(900))
    shop.run()
    assert shop.prices()[0] == 30_000
    assert [answer.verdict for answer in shop.answers.values()] == [PriceVerdict.WAITING]


def test_a_no_keeps_the_old_price_until_the_till_changes_it_again() -> None:
    shop = Shop()
    shop.change(0, price=Decimal(1000))
    shop.run()
    shop.answer(0, PriceVerdict.REFUSED)
    assert [held.is_refused for held in shop.run().held_prices] == [True]
    shop.change(0, quantity=Decimal(1))
    assert [held.is_refused for held in shop.run().held_prices] == [True]
    assert shop.prices()[0] == 10_000
    shop.change(0, price=Decimal(2000))
    assert [held.is_refused for held in shop.run().held_prices] == [False]
    shop.change(0, price=Decimal(110))
    assert not shop.run().held_prices
    assert shop.prices()[0] == 11_000


def test_a_price_that_goes_back_waits_no_more() -> None:
    shop = Shop()
    shop.change(0, price=Decimal(1000))
    shop.run()
    shop.change(0, price=Decimal(100))
    assert not shop.run().held_prices
    assert not shop.answers


def rule(kind: RuleActionKind, value: str) -> tuple[GoodsRule, ...]:
    return (GoodsRule(1, "Распродажа", (), (RuleAction(kind, value),)),)


def test_what_the_merchants_own_rule_changes_is_not_held_by_its_share() -> None:
    shop = Shop()
    shop.rules = replace(RULES, goods_rules=rule(RuleActionKind.PERCENT, "-70"))
    assert not shop.run().held_prices
    assert shop.prices() == [3_000] * 3
    shop.rules = RULES
    shop.run()
    assert shop.prices() == [10_000] * 3


def test_a_rule_with_a_zero_too_many_is_held_and_named() -> None:
    shop = Shop()
    shop.rules = replace(RULES, goods_rules=rule(RuleActionKind.PERCENT, "900"))
    assert {(held.cause, held.rule) for held in shop.run().held_prices} == {
        (PriceCause.TENFOLD, "Распродажа")
    }
    assert shop.prices() == [10_000] * 3


def test_a_slip_in_the_till_is_held_also_while_a_promotion_begins() -> None:
    shop = Shop()
    shop.change(0, price=Decimal(400))
    shop.rules = replace(RULES, goods_rules=rule(RuleActionKind.PERCENT, "-20"))
    assert [held.new_kopecks for held in shop.run().held_prices] == [32_000]
    assert shop.prices() == [10_000, 8_000, 8_000]


def test_the_price_before_a_promotion_of_nine_tenths_comes_back_when_it_ends() -> None:
    shop = Shop()
    actions = (RuleAction(RuleActionKind.PERCENT, "-90"), RuleAction(RuleActionKind.OLD_PRICE, ""))
    shop.rules = replace(RULES, goods_rules=(GoodsRule(1, "Распродажа", (), actions),))
    assert len(shop.run().held_prices) == 3
    for number in range(3):
        shop.answer(number, PriceVerdict.APPROVED)
    shop.run()
    assert shop.prices() == [1_000] * 3
    shop.rules = RULES
    # A slip in the till on that day is one all the same.
    shop.change(0, price=Decimal(1_000))
    assert [held.new_kopecks for held in shop.run().held_prices] == [100_000]
    assert shop.prices() == [1_000, 10_000, 10_000]


@pytest.mark.parametrize("at_once", [True, False])
def test_a_slip_in_the_till_that_a_promotion_hides_is_held_when_it_ends(*, at_once: bool) -> None:
    shop = Shop()
    shop.rules = replace(RULES, goods_rules=rule(RuleActionKind.AT_MOST, "90"))
    if not at_once:
        shop.run()
    shop.change(0, price=Decimal(500))
    shop.change(1, price=Decimal(120))
    for _ in range(2):
        assert not shop.run().held_prices
    assert not shop.plan().actions
    assert shop.prices() == [9_000] * 3
    shop.rules = RULES
    assert [held.new_kopecks for held in shop.run().held_prices] == [50_000]
    assert shop.prices() == [9_000, 12_000, 10_000]
    shop.answer(0, PriceVerdict.ACCEPTED)
    shop.run()
    assert shop.prices() == [50_000, 12_000, 10_000]


def crossed_out(shop: Shop) -> list[int | None]:
    """Return the crossed-out prices in VK, product by product."""
    return [shop.items[shop.listings[each.key].item_id or 0].old_price_kopecks for each in shop.goods]


def test_a_slip_in_the_till_behind_a_fixed_price_is_not_crossed_out() -> None:
    shop = Shop()
    fixed = (RuleAction(RuleActionKind.AT_MOST, "90"), RuleAction(RuleActionKind.OLD_PRICE, ""))
    shop.rules = replace(RULES, goods_rules=(GoodsRule(1, "Распродажа", (), fixed),))
    shop.run()
    assert crossed_out(shop) == [10_000] * 3
    shop.change(0, price=Decimal(1_000))
    shop.change(1, price=Decimal(120))
    for _ in range(2):
        assert not shop.run().held_prices
        assert crossed_out(shop) == [10_000, 12_000, 10_000]
    shop.change(0, price=Decimal(110))
    shop.run()
    assert crossed_out(shop) == [11_000, 12_000, 10_000]


def test_a_slip_in_the_purchase_price_is_held_where_prices_follow_it() -> None:
    rules = replace(RULES, goods_rules=rule(RuleActionKind.OVER_COST, "50"))
    shop = Shop(rules=rules, cost=Decimal(60))
    shop.change(0, cost=Decimal(160))
    assert [held.new_kopecks for held in shop.run().held_prices] == [24_000]
    assert shop.prices() == [9_000] * 3


def test_what_vk_shows_already_is_not_held() -> None:
    shop = Shop()
    item_id = shop.listings[shop.goods[0].key].item_id or 0
    shop.items[item_id] = replace(shop.items[item_id], price_kopecks=100_000)
    shop.change(0, price=Decimal(1000))
    assert not shop.run().held_prices
    assert shop.prices()[0] == 100_000


def test_an_item_that_was_taken_over_gets_the_tills_price() -> None:
    shop = Shop(goods=1)
    [(key, listing)] = shop.listings.items()
    assert listing.sent
    shop.listings[key] = replace(listing, sent=replace(listing.sent, till_kopecks=TAKEN_OVER))
    shop.change(0, price=Decimal(1000))
    assert not shop.run().held_prices
    assert shop.prices() == [100_000]


def test_many_are_asked_about_together_and_not_one_by_one() -> None:
    shop = Shop(goods=TEN + 1)
    for number in range(TEN + 1):
        shop.change(number, price=Decimal(200))
    plan = shop.plan()
    assert not plan.held_prices
    assert len(plan.large_prices) == TEN + 1
    assert [question.code for question in plan.questions] == [QuestionCode.MANY_PRICES]


def test_a_slip_among_many_new_prices_still_waits_alone() -> None:
    shop = Shop(goods=TEN + 2)
    shop.change(0, price=Decimal(1000))
    for number in range(1, TEN + 2):
        shop.change(number, price=Decimal(170))
    plan = shop.plan()
    assert [held.key for held in plan.held_prices] == [shop.goods[0].key]
    assert [question.count for question in plan.questions] == [TEN + 1]


def test_prices_that_were_approved_one_by_one_are_not_asked_about_again() -> None:
    shop = Shop(goods=20)
    for start in (0, TEN):
        for number in range(start, start + TEN):
            shop.change(number, price=Decimal(200))
        assert len(shop.run().held_prices) == start + TEN
    for number in range(20):
        shop.answer(number, PriceVerdict.APPROVED)
    plan = shop.run()
    assert not plan.questions
    assert [action.kind for action in plan.actions] == [ActionKind.UPDATE] * 20


amounts = st.decimals(min_value=Decimal("0.01"), max_value=10**6, places=2)


@given(st.lists(st.tuples(st.integers(0, 2), amounts), max_size=8), st.integers(5, 1000))
def test_no_price_in_vk_ever_jumps_without_a_yes(changes: list[tuple[int, Decimal]], percent: int) -> None:
    shop = Shop(rules=replace(RULES, price_hold_percent=percent))
    for number, price in changes:
        before = shop.prices()
        shop.change(number, price=price)
        plan = shop.run()
        for old, new in zip(before, shop.prices(), strict=True):
            assert old is not None
            assert new is not None
            assert cause_of(old, new, percent) is None
        wanted = {each.key: each.price for each in shop.goods}
        for held in plan.held_prices:
            assert held.new_kopecks == (wanted[held.key] or 0) * 100
        # What was carried out and planned again is empty.
        assert not shop.plan().actions


def test_a_price_that_the_merchant_took_back_is_not_asked_about() -> None:
    shop = Shop(1)
    shop.change(0, price=Decimal(1000))
    shop.run()
    shop.answer(0, PriceVerdict.APPROVED)
    shop.run()
    key = shop.goods[0].key
    undone = Undone({"price_kopecks": 10_000}, {"price_kopecks": 100_000})
    for _ in range(2):
        context = replace(shop.context(shop.goods, rules=shop.rules), undone={key: undone})
        found = sync_user(context)
        assert (found.held_prices, found.ended_undone) == ((), {})
        shop.apply(found)
    assert shop.prices() == [10_000]
    shop.change(0, price=Decimal(2000))
    found = sync_user(replace(shop.context(shop.goods, rules=shop.rules), undone={key: undone}))
    assert [one.new_kopecks for one in found.held_prices] == [200_000]


def test_goods_that_come_back_under_another_id_are_judged_by_their_price_in_vk() -> None:
    shop = Shop(goods=1, barcodes=("4601234567893",))
    old: SourceProduct = shop.goods[0]
    shop.listings[old.key] = replace(shop.listings[old.key], last_known=old)
    shop.goods[0] = replace(old, key=ProductKey(old.key.store_id, "again"), price=Decimal(1000))
    assert [held.old_kopecks for held in shop.run().held_prices] == [10_000]


@pytest.mark.parametrize("name", ["Чашка синяя 0", "Совсем другое"])
def test_an_answer_goes_with_the_item_to_the_same_goods_under_another_id(name: str) -> None:
    shop = Shop(goods=1, barcodes=("4601234567893",))
    shop.change(0, price=Decimal(1000))
    shop.run()
    shop.answer(0, PriceVerdict.REFUSED)
    old: SourceProduct = shop.goods[0]
    shop.listings[old.key] = replace(shop.listings[old.key], last_known=old)
    shop.goods[0] = replace(old, key=ProductKey(old.key.store_id, "again"), name=name)
    assert [held.is_refused for held in shop.plan().held_prices] == [name == old.name]


@pytest.mark.parametrize("is_known_lost", [False, True])
def test_an_item_that_is_made_again_after_a_deletion_by_hand_keeps_its_last_price(
    *, is_known_lost: bool
) -> None:
    shop = Shop(goods=1)
    key = shop.goods[0].key
    listing = shop.listings[key]
    shop.items.clear()
    if is_known_lost:
        lost = replace(listing, item_id=None, sent=None, lost_price=SentPrice(10_000, 0, 10_000))
        shop.listings[key] = lost
    shop.change(0, price=Decimal(1000))
    found = shop.run()
    assert [(one.old_kopecks, one.new_kopecks) for one in found.held_prices] == [(10_000, 100_000)]
    assert [one.kind for one in found.actions] == [ActionKind.CREATE]
    assert shop.prices() == [10_000]
    shop.run()
    shop.answer(0, PriceVerdict.APPROVED)
    shop.run()
    assert shop.prices() == [100_000]


def test_an_ordinary_new_price_of_an_item_that_is_made_again_is_written() -> None:
    shop = Shop(goods=1)
    shop.items.clear()
    shop.change(0, price=Decimal(110))
    assert shop.run().held_prices == ()
    assert shop.prices() == [11_000]


def test_many_items_that_are_made_again_are_held_one_by_one() -> None:
    """The safety check asks about new prices of items that are there."""
    shop = Shop(goods=5, rules=replace(RULES, brake_items=2, brake_percent=0))
    shop.items.clear()
    for number in range(5):
        shop.change(number, price=Decimal(200))
    found = shop.plan()
    assert (len(found.held_prices), found.large_prices) == (5, ())


def test_an_item_that_comes_back_from_an_undone_removal_keeps_its_price() -> None:
    shop = Shop(goods=1)
    key, listing = shop.goods[0].key, shop.listings[shop.goods[0].key]
    removed = RemovedItem(listing.item_id or 0, listing.sent)
    shop.items.clear()
    shop.listings.clear()
    shop.change(0, price=Decimal(1000))
    undone = Undone({"item": {}, "hidden": False}, {"item": None, "hidden": True}, removed)
    found = sync_user(replace(shop.context(shop.goods, rules=shop.rules), undone={key: undone}))
    assert found.desired[key].price_kopecks == 10_000
    assert [one.new_kopecks for one in found.held_prices] == [100_000]


def test_a_held_price_says_what_it_was_made_from_and_by_which_rule() -> None:
    rules = replace(RULES, goods_rules=rule(RuleActionKind.OVER_COST, "50"))
    shop = Shop(rules=rules, cost=Decimal(60))
    shop.change(0, cost=Decimal(160), price=Decimal(110))
    assert shop.run().held_prices == (
        HeldPrice(
            shop.goods[0].key,
            "Чашка синяя 0",
            old_kopecks=9_000,
            new_kopecks=24_000,
            cause=PriceCause.PERCENT,
            till_kopecks=11_000,
            cost_kopecks=16_000,
            rule="Распродажа",
        ),
    )
    shop = Shop()
    shop.change(0, price=Decimal(300))
    assert [(held.cost_kopecks, held.rule) for held in shop.run().held_prices] == [(None, "")]


def test_a_held_price_keeps_all_that_was_sent_with_the_old_one() -> None:
    promotion = (
        GoodsRule(
            1,
            "Акция",
            (),
            (RuleAction(RuleActionKind.PERCENT, "-20"), RuleAction(RuleActionKind.OLD_PRICE, "")),
        ),
    )
    shop = Shop(rules=replace(RULES, goods_rules=promotion), cost=Decimal(60))
    shop.change(0, price=Decimal(400), cost=Decimal(200))
    kept = shop.run().desired[shop.goods[0].key]
    assert (kept.price_kopecks, kept.old_price_kopecks) == (8_000, 10_000)
    assert (kept.till_kopecks, kept.cost_kopecks) == (10_000, 6_000)


def test_a_held_price_crosses_out_nothing_that_does_not_exceed_it() -> None:
    shop = Shop()
    for old_price, shown in ((10_000, 0), (10_001, 10_001), (0, 0)):
        listing = shop.listings[shop.goods[0].key]
        assert listing.sent
        shop.listings[listing.key] = replace(listing, sent=replace(listing.sent, old_price_kopecks=old_price))
        shop.change(0, price=Decimal(300))
        assert shop.plan().desired[listing.key].old_price_kopecks == shown


def test_a_slip_is_found_behind_goods_that_are_out_accepted_or_ordinary() -> None:
    shop = Shop(goods=4)
    shop.change(1, price=Decimal(300))
    shop.run()
    shop.answer(1, PriceVerdict.ACCEPTED)
    shop.change(0, price=None)
    shop.change(2, price=Decimal(110))
    shop.change(3, price=Decimal(500))
    assert [held.key for held in shop.run().held_prices] == [shop.goods[3].key]


def test_slips_of_one_cause_are_counted_apart_from_those_of_another() -> None:
    shop = Shop(goods=2 * TEN)
    for number in range(2 * TEN):
        shop.change(number, price=Decimal(200 if number < TEN else 5000))
    plan = shop.plan()
    assert not plan.large_prices
    assert [held.key for held in plan.held_prices] == sorted(each.key for each in shop.goods)


def test_a_price_whose_making_was_not_noted_is_judged_by_what_vk_was_sent() -> None:
    shop = Shop(goods=1)
    [(key, listing)] = shop.listings.items()
    assert listing.sent
    shop.listings[key] = replace(listing, sent=replace(listing.sent, till_kopecks=None))
    shop.rules = replace(RULES, markup_percent=Decimal(60))
    assert [held.new_kopecks for held in shop.run().held_prices] == [16_000]


def test_a_price_that_the_rules_of_today_would_not_have_made_is_held() -> None:
    shop = Shop(goods=1)
    shop.rules = replace(RULES, goods_rules=rule(RuleActionKind.ADD, "-100"))
    shop.change(0, price=Decimal(120))
    # The rules would make nothing of what the till said before: there is no telling who changed the price.
    assert [held.new_kopecks for held in shop.run().held_prices] == [2_000]


@pytest.mark.parametrize(("sent", "held"), [(-1, []), (0, []), (1, [10_000])])
def test_only_an_item_that_was_sent_with_a_price_is_held_at_it(sent: int, held: list[int]) -> None:
    shop = Shop(goods=1)
    [(key, listing)] = shop.listings.items()
    assert listing.sent
    shop.listings[key] = replace(listing, sent=replace(listing.sent, price_kopecks=sent))
    shop.items[listing.item_id or 0] = replace(shop.items[listing.item_id or 0], price_kopecks=7)
    assert [one.new_kopecks for one in shop.plan().held_prices] == held


def test_a_margin_over_the_purchase_price_that_the_merchant_raises_is_not_held() -> None:
    shop = Shop(rules=replace(RULES, goods_rules=rule(RuleActionKind.OVER_COST, "50")), cost=Decimal(60))
    shop.rules = replace(RULES, goods_rules=rule(RuleActionKind.OVER_COST, "300"))
    assert not shop.run().held_prices
    assert shop.prices() == [24_000] * 3


@pytest.mark.parametrize(
    ("verdict", "till", "cost", "price"),
    [
        (PriceVerdict.WAITING, 30_000, 6_000, 10_000),
        (PriceVerdict.REFUSED, 30_000, 6_000, 10_000),
        (PriceVerdict.APPROVED, 30_000, 6_000, None),
        (PriceVerdict.ACCEPTED, 30_000, 6_000, None),
        (PriceVerdict.WAITING, 30_001, 6_000, None),
        (PriceVerdict.WAITING, 30_000, None, None),
        (PriceVerdict.REFUSED, None, 6_000, None),
    ],
)
def test_an_item_keeps_its_price_while_the_till_says_what_was_not_approved(
    verdict: PriceVerdict, till: int | None, cost: int | None, price: int | None
) -> None:
    decision = PriceDecision(verdict, 10_000, 30_000, till_kopecks=30_000, cost_kopecks=6_000)
    assert held_price(decision, till, cost) == price


def test_a_product_shown_without_its_item_has_the_price_that_it_keeps() -> None:
    goods = product(1, price=Decimal(300), cost=Decimal(60))
    waiting = PriceDecision(PriceVerdict.WAITING, 10_000, 30_000, till_kopecks=30_000, cost_kopecks=6_000)
    evaluator = Evaluator(RULES, (), (), LIMITS, price_decisions={goods.key: waiting})
    shown = evaluator.evaluate(goods)
    assert isinstance(shown, DesiredItem)
    assert shown.price_kopecks == 10_000
    later = evaluator.evaluate(replace(goods, cost=Decimal(61)))
    assert isinstance(later, DesiredItem)
    assert later.price_kopecks == 30_000


def test_an_adopted_item_that_vk_lost_before_it_was_written_holds_up_no_prices() -> None:
    shop = Shop(goods=2)
    key = shop.goods[0].key
    shop.listings[key] = replace(shop.listings[key], sent=None)
    del shop.items[shop.listings[key].item_id or 0]
    shop.change(1, price=Decimal(1_000))
    plan = shop.plan()
    assert [held.key for held in plan.held_prices] == [shop.goods[1].key]
    assert [one.key for one in plan.actions] == [key]


def test_before_the_first_run_goods_are_shown_at_the_prices_that_are_kept_and_later_a_run_judges() -> None:
    shop = Shop(goods=1)
    shop.change(0, price=Decimal(300))
    waiting = PriceDecision(PriceVerdict.WAITING, 10_000, 30_000, till_kopecks=30_000)
    context = replace(shop.context(shop.goods, rules=RULES), price_decisions={shop.goods[0].key: waiting})
    [after] = evaluate_all(context).desired.values()
    [first] = evaluate_all(replace(context, listings=())).desired.values()
    assert (first.price_kopecks, after.price_kopecks) == (10_000, 30_000)


@pytest.mark.parametrize("verdict", [PriceVerdict.WAITING, PriceVerdict.REFUSED])
def test_a_held_price_is_held_in_another_community_too(verdict: PriceVerdict) -> None:
    shop = Shop()
    shop.change(0, price=Decimal(1000))
    shop.run()
    shop.answer(0, verdict)
    shop.items.clear()
    shop.listings.clear()
    assert [held.is_refused for held in shop.plan().held_prices] == [verdict is PriceVerdict.REFUSED]
    # The first upload has made the others.
    goods, answers, shop.goods = shop.goods, shop.answers, shop.goods[1:]
    shop.run()
    shop.goods, shop.answers = goods, answers
    assert [held.is_refused for held in shop.run().held_prices] == [verdict is PriceVerdict.REFUSED]
    assert shop.prices() == [10_000, 10_000, 10_000]


def sale(*actions: RuleAction, since: datetime = NOW - timedelta(days=9)) -> TimedRule:
    """Return a rule with these actions that ended an hour ago."""
    return TimedRule(GoodsRule(1, "Распродажа", (), actions), since, NOW - timedelta(hours=1))


def rules_of(*over: TimedRule, in_force: tuple[GoodsRule, ...] = (), **changes: Any) -> Rules:
    """Return the rules of now, some of which have ended."""
    timed = (*over, *map(TimedRule, in_force))
    return replace(RULES, timed_rules=timed, goods_rules=in_force, **changes)


def put_on_sale(shop: Shop, timed: TimedRule, *, written: datetime = NOW - timedelta(days=1)) -> None:
    """Publish the goods at the prices of a rule, approved one by one."""
    shop.rules = replace(RULES, goods_rules=(timed.rule,))
    for held in shop.run().held_prices:
        shop.answers[held.key] = replace(shop.answers[held.key], verdict=PriceVerdict.APPROVED)
    shop.run()
    shop.listings = {key: replace(one, written_at=written) for key, one in shop.listings.items()}


NINE_TENTHS = RuleAction(RuleActionKind.PERCENT, "-90")


@pytest.mark.parametrize("crossed_out", ["0", "999"])
def test_a_promotion_that_crosses_out_another_price_or_none_ends_without_a_question(crossed_out: str) -> None:
    shop, timed = Shop(goods=20), sale(NINE_TENTHS, RuleAction(RuleActionKind.OLD_PRICE, crossed_out))
    put_on_sale(shop, timed)
    assert shop.prices() == [1_000] * 20
    shop.rules = rules_of(timed)

    plan = shop.run()

    assert (plan.held_prices, plan.questions) == ((), ())
    assert shop.prices() == [10_000] * 20


def test_two_promotions_that_end_together_end_without_a_question() -> None:
    shop = Shop(goods=20)
    first = sale(RuleAction(RuleActionKind.PERCENT, "-50"), RuleAction(RuleActionKind.OLD_PRICE))
    second = replace(first, rule=replace(first.rule, id=2))
    shop.rules = replace(RULES, goods_rules=(first.rule, second.rule), brake_items=1_000)
    shop.run()
    shop.listings = {
        key: replace(one, written_at=NOW - timedelta(days=1)) for key, one in shop.listings.items()
    }
    assert shop.prices() == [2_500] * 20
    shop.rules = rules_of(first, second)

    assert shop.run().questions == ()
    assert shop.prices() == [10_000] * 20


def test_the_end_of_a_promotion_is_asked_about_where_it_is_not_the_only_cause() -> None:
    timed = sale(NINE_TENTHS, RuleAction(RuleActionKind.OLD_PRICE, "0"))
    others: list[Rules] = [
        # A markup that is new, a rule that begins as the other ends, and a rule that is over for long.
        rules_of(timed, markup_percent=Decimal(5)),
        rules_of(timed, in_force=rule(RuleActionKind.PERCENT, "5")),
        rules_of(replace(timed, ends_at=NOW - timedelta(days=2))),
    ]
    for rules in others:
        shop = Shop()
        put_on_sale(shop, timed)
        shop.rules = rules
        assert len(shop.run().held_prices) == 3
    shop = Shop()
    put_on_sale(shop, timed)
    shop.rules = rules_of(timed)
    shop.change(0, price=Decimal(101))
    assert [held.new_kopecks for held in shop.run().held_prices] == [10_100]


def test_a_rule_that_began_after_an_item_was_written_explains_no_price_of_it() -> None:
    timed = sale(NINE_TENTHS, RuleAction(RuleActionKind.OLD_PRICE, "0"))
    shop = Shop()
    put_on_sale(shop, timed, written=NOW - timedelta(days=10))
    shop.rules = rules_of(timed)
    assert len(shop.run().held_prices) == 3
