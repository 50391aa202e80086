"""The price that is crossed out: from a rule, into VK, and taken away when the promotion is over."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncing.core.goods_rules.records import GoodsRule, Part, RuleAction, RuleActionKind
from syncing.core.goods_rules.ruleset import Ruleset
from syncing.core.planner import sync_user
from syncing.core.pricing import old_price_kopecks, price_kopecks
from syncing.core.records import ChannelItem, Rules, SyncResult
from tests.unit.core.shop import PretendShop, product

BASE = Rules(brake_items=10_000, default_category_id=1)
PERCENT, ADD, OLD, ROUND = (
    RuleActionKind.PERCENT,
    RuleActionKind.ADD,
    RuleActionKind.OLD_PRICE,
    RuleActionKind.ROUND,
)
Actions = list[tuple[RuleActionKind, str]]


def rule(*actions: tuple[RuleActionKind, str], name: str = "Акция") -> GoodsRule:
    return GoodsRule(1, name, (), tuple(RuleAction(kind, value) for kind, value in actions))


@pytest.mark.parametrize(
    ("rules", "markup", "price", "old"),
    [
        ([[(PERCENT, "-20"), (OLD, "")]], "0", 8_000, 10_000),
        ([[(OLD, ""), (PERCENT, "-20")]], "0", 8_000, 10_000),
        ([[(PERCENT, "-20"), (OLD, "")]], "10", 8_800, 11_000),
        # What is crossed out is what buyers saw before, also by the rules above.
        ([[(PERCENT, "10")], [(PERCENT, "-20"), (OLD, "")]], "0", 8_800, 11_000),
        ([[(ROUND, "nine_up")], [(PERCENT, "-20"), (OLD, "")]], "0", 8_900, 10_900),
        ([[(PERCENT, "-20"), (OLD, "")], [(ADD, "5")]], "0", 8_500, 10_000),
        ([[(PERCENT, "-20"), (OLD, "150")]], "0", 8_000, 15_000),
        ([[(PERCENT, "-20"), (OLD, "99.99")]], "0", 8_000, 9_999),
        # VK shows no old price that does not exceed the price.
        ([[(PERCENT, "-20"), (OLD, "80")]], "0", 8_000, 0),
        ([[(PERCENT, "-20"), (OLD, "50")]], "0", 8_000, 0),
        ([[(PERCENT, "20"), (OLD, "")]], "0", 12_000, 0),
        ([[(OLD, "")]], "0", 10_000, 0),
        ([[(PERCENT, "-20"), (OLD, "0")]], "0", 8_000, 0),
        ([[(PERCENT, "-20")]], "0", 8_000, 0),
    ],
)
def test_an_old_price_to_the_kopeck(rules: list[Actions], markup: str, price: int, old: int) -> None:
    made = replace(BASE, markup_percent=Decimal(markup))
    decision = Ruleset([rule(*actions) for actions in rules]).decide(product(1), ())
    assert price_kopecks(Decimal(100), made, decision) == price
    assert old_price_kopecks(Decimal(100), made, decision, beside=price) == old


def test_the_rule_that_crosses_out_is_named() -> None:
    decided = Ruleset([rule((PERCENT, "-20"), (OLD, ""))]).decide(product(1), ()).decided_by
    assert set(decided) == {Part.PRICE, Part.OLD_PRICE}


class Shop(PretendShop):
    """A shop of one cup at 100 roubles, with a promotion that can be switched on and off."""

    def __init__(self) -> None:
        super().__init__()
        self.rules, self.goods = BASE, product(1, price=Decimal(100))
        self.run()

    def plan(self) -> SyncResult:
        """Return what a run would do now."""
        return sync_user(self.context([self.goods], rules=self.rules))

    def run(self) -> SyncResult:
        """Carry a plan out."""
        plan = self.plan()
        self.apply(plan)
        return plan

    def promote(self, percent: str = "-20") -> None:
        """Begin a promotion."""
        self.rules = replace(BASE, goods_rules=(rule((PERCENT, percent), (OLD, "")),))

    def end(self) -> None:
        """End it."""
        self.rules = BASE

    @property
    def item(self) -> ChannelItem:
        """The cup in VK."""
        [item] = self.items.values()
        return item

    def edit(self, **fields: object) -> None:
        """Change the item by hand in VK."""
        self.items[self.item.item_id] = replace(self.item, **fields)  # type: ignore[arg-type]

    def prices(self) -> tuple[int | None, int | None]:
        """Return price and old price in VK."""
        return self.item.price_kopecks, self.item.old_price_kopecks


def test_a_promotion_comes_and_goes_with_its_old_price() -> None:
    shop = Shop()
    shop.promote()
    [action] = shop.run().actions
    assert action.changes == {"price_kopecks": (10_000, 8_000), "old_price_kopecks": (0, 10_000)}
    assert not shop.plan().actions
    shop.end()
    shop.run()
    assert shop.prices() == (10_000, 0)
    assert not shop.plan().actions


def test_a_new_item_has_its_old_price_at_once() -> None:
    shop = PretendShop()
    rules = replace(BASE, goods_rules=(rule((PERCENT, "-20"), (OLD, "")),))
    shop.apply(sync_user(shop.context([product(1, price=Decimal(100))], rules=rules)))
    [item] = shop.items.values()
    assert (item.price_kopecks, item.old_price_kopecks) == (8_000, 10_000)


def test_an_old_price_set_by_hand_stays() -> None:
    shop = Shop()
    shop.edit(old_price_kopecks=15_000)
    plan = shop.run()
    assert not plan.actions
    assert shop.prices() == (10_000, 15_000)
    assert {"old_price_kopecks"} in plan.merchant_fields.values()
    shop.promote()
    shop.run()
    assert shop.prices() == (8_000, 15_000)


def test_an_old_price_taken_away_by_hand_stays_away() -> None:
    shop = Shop()
    shop.promote()
    shop.run()
    shop.edit(old_price_kopecks=0)
    assert not shop.run().actions
    assert shop.prices() == (8_000, 0)


def test_an_old_price_that_vk_hides_beside_a_higher_price_is_nobodys_edit() -> None:
    shop = Shop()
    shop.promote()
    shop.run()
    shop.edit(price_kopecks=12_000, old_price_kopecks=0)
    plan = shop.run()
    assert not any(plan.merchant_fields.values())
    assert shop.item.price_kopecks == 8_000


def test_an_item_of_before_old_prices_were_known_is_left_as_it_is() -> None:
    shop = Shop()
    shop.edit(old_price_kopecks=None)
    assert not shop.plan().actions


def test_an_old_price_given_back_to_the_till_goes() -> None:
    shop = Shop()
    shop.edit(old_price_kopecks=15_000)
    shop.run()
    [(key, listing)] = shop.listings.items()
    assert listing.sent
    sent = replace(listing.sent, old_price_kopecks=None)  # type: ignore[arg-type]
    shop.listings[key] = replace(listing, sent=sent, merchant_fields=frozenset())
    shop.run()
    assert shop.prices() == (10_000, 0)


@given(
    st.lists(
        st.tuples(
            st.decimals(min_value=1, max_value=10_000, places=2),
            st.integers(-90, 90),
            st.sampled_from(["", "0", "120"]),
        ),
        max_size=6,
    )
)
def test_an_old_price_in_vk_always_exceeds_the_price(turns: list[tuple[Decimal, int, str]]) -> None:
    shop = Shop()
    for price, percent, old in turns:
        shop.goods = replace(shop.goods, price=price)
        shop.rules = replace(BASE, goods_rules=(rule((PERCENT, str(percent)), (OLD, old)),))
        shop.run()
        now, crossed_out = shop.prices()
        assert now is not None
        assert crossed_out is not None
        assert crossed_out == 0 or crossed_out > now
        assert not shop.plan().actions
