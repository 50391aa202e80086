"""An undone run's goods hold their earlier values until the till asks for something else."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncing.core.choices import ActionKind, Reason
from syncing.core.planner import sync_user
from syncing.core.records import DesiredItem, HeldValue, Rules, SourceProduct, SyncResult
from syncing.core.run_undo import Step, values_before
from tests.unit.core.shop import PretendShop, product

CUP = DesiredItem("Чашка", "Белая", 12_000, 5, 7, "sku", album="Посуда")
DEAR, CHEAP = HeldValue(10_000, 12_000), HeldValue(9_000, 12_000)


def step(kind: str = ActionKind.UPDATE, reason: str = "", **changes: Any) -> Step:
    return Step(kind, reason, changes)


def test_a_changed_field_goes_back() -> None:
    done = step(price_kopecks=[10_000, 12_000], title=["Чаша", "Чашка"])
    assert values_before(done, CUP, {}) == {"price_kopecks": DEAR, "title": HeldValue("Чаша", "Чашка")}


@pytest.mark.parametrize(
    "done",
    [
        step(stock=[9, 5]),
        step(photo_key=["a", "b"]),
        step(price_kopecks=[10_000, 11_000]),
        step(title=[None, "Чашка"]),
        step(ActionKind.REMOVE),
        step(ActionKind.HIDE, Reason.GONE, hidden=[False, True]),
        step(ActionKind.HIDE, Reason.DUPLICATE, hidden=[False, True]),
    ],
    ids=["stock", "picture", "changed later", "unknown before", "removed", "left", "second item"],
)
def test_what_cannot_or_must_not_go_back_stays(done: Step) -> None:
    assert values_before(done, replace(CUP, hidden=True), {}) == {}


def test_what_the_merchant_owns_stays() -> None:
    assert values_before(step(title=["Чаша", "Чашка"]), CUP, {}, frozenset({"title"})) == {}


def test_nothing_is_held_where_nothing_was_confirmed() -> None:
    assert values_before(step(price_kopecks=[10_000, 12_000]), None, {}) == {}


def test_what_the_run_made_is_hidden() -> None:
    made = step(ActionKind.CREATE, price_kopecks=[None, 12_000])
    assert values_before(made, CUP, {}) == {"hidden": HeldValue(value=True, undone=False)}


def test_a_category_is_known_by_its_number() -> None:
    chosen = {"id": 7, "source": "group", "basis": "Посуда"}
    assert values_before(step(category_id=[3, chosen]), CUP, {}) == {"category_id": HeldValue(3, 7)}


def test_an_older_run_is_undone_on_top_of_a_newer_one() -> None:
    older = step(price_kopecks=[9_000, 10_000])
    assert values_before(older, CUP, {"price_kopecks": DEAR}) == {"price_kopecks": CHEAP}


def test_a_run_whose_undo_holds_has_nothing_left_to_undo() -> None:
    assert values_before(step(price_kopecks=[10_000, 12_000]), CUP, {"price_kopecks": DEAR}) == {}


class Shop(PretendShop):
    """A shop whose merchant can undo the last run."""

    def __init__(self, rules: Rules | None = None) -> None:
        super().__init__()
        self.rules = rules or Rules(brake_items=10_000, default_category_id=1)

    def run(self, *goods: SourceProduct) -> SyncResult:
        plan = sync_user(self.context(goods, rules=self.rules))
        for key, names in plan.lapsed.items():
            held = {name: one for name, one in self.listings[key].held.items() if name not in names}
            self.listings[key] = replace(self.listings[key], held=held)
        self.apply(plan)
        return plan

    def undo(self, plan: SyncResult) -> None:
        for action in plan.actions:
            listing = self.listings[action.key]
            done = Step(action.kind, action.reason, action.changes)
            found = values_before(done, listing.sent, listing.held, listing.merchant_fields)
            self.listings[action.key] = replace(listing, held={**listing.held, **found})

    def prices(self) -> list[int | None]:
        return [item.price_kopecks for item in self.items.values()]


def goods(*prices: int) -> list[SourceProduct]:
    return [product(number, price=Decimal(price)) for number, price in enumerate(prices)]


def test_an_undo_holds_until_the_till_asks_for_something_else() -> None:
    shop = Shop()
    shop.run(*goods(100))
    shop.undo(shop.run(*goods(120)))
    shop.run(*goods(120))
    assert shop.prices() == [10_000]
    assert shop.run(*goods(120)).actions == ()
    shop.run(*goods(130))
    assert shop.prices() == [13_000]
    shop.run(*goods(120))
    assert shop.prices() == [12_000], "What lapsed is not held again."


def test_price_control_does_not_hold_what_the_merchant_takes_back() -> None:
    shop = Shop(Rules(brake_items=10_000, default_category_id=1, price_hold_percent=None))
    shop.run(*goods(100))
    done = shop.run(*goods(1_000))
    shop.rules = replace(shop.rules, price_hold_percent=50)
    shop.undo(done)
    plan = shop.run(*goods(1_000))
    assert (shop.prices(), plan.held_prices) == ([10_000], ())


def test_stock_follows_the_till_while_a_price_is_held() -> None:
    shop = Shop()
    shop.run(*goods(100))
    shop.undo(shop.run(*goods(120)))
    [cup] = goods(120)
    shop.run(replace(cup, quantity=Decimal(2)))
    assert [(item.price_kopecks, item.stock) for item in shop.items.values()] == [(10_000, 2)]


def test_goods_that_the_run_made_are_hidden_and_say_why() -> None:
    shop = Shop()
    shop.undo(shop.run(*goods(100)))
    [action] = shop.run(*goods(100)).actions
    assert (action.kind, action.reason) == (ActionKind.HIDE, Reason.UNDONE)


@given(st.lists(st.tuples(st.integers(1, 900), st.integers(1, 900)), min_size=1, max_size=20))
def test_undone_prices_are_those_before_the_run(pairs: list[tuple[int, int]]) -> None:
    shop = Shop()
    shop.run(*goods(*(old for old, _ in pairs)))
    before = dict(shop.items)
    after = goods(*(new for _, new in pairs))
    shop.undo(shop.run(*after))
    shop.run(*after)
    assert shop.items == before
    assert shop.run(*after).actions == ()
