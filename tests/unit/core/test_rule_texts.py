"""What rules for goods put into titles and descriptions, and how they keep a low stock steady."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncing.core.characters import vk_length
from syncing.core.choices import ActionKind, QuestionCode, Reason
from syncing.core.goods_rules.records import Comparison as How
from syncing.core.goods_rules.records import (
    Condition,
    Decision,
    GoodsRule,
    RuleAction,
    RuleActionKind,
    Subject,
)
from syncing.core.planner import sync_user
from syncing.core.records import ChannelItem, DesiredItem, Rules, SourceProduct
from syncing.core.rule_words import refuse_text, refuse_words
from syncing.core.shown_stock import REST
from tests.unit.core.shop import LIMITS, NOW, PretendShop, product

BASE = Rules(brake_items=10_000, default_category_id=1)
BEFORE, BEHIND = RuleActionKind.TITLE_PREFIX, RuleActionKind.TITLE_SUFFIX
TEXT, FEW = RuleActionKind.ADD_TEXT, RuleActionKind.FEW_LEFT
HIDE, BACK, MOST = RuleActionKind.HIDE_AT, RuleActionKind.KEEP_BACK, RuleActionKind.SHOW_AT_MOST


def rule(*actions: tuple[RuleActionKind, str], on: tuple[Condition, ...] = ()) -> GoodsRule:
    return GoodsRule(1, "Правило", on, tuple(RuleAction(kind, value) for kind, value in actions))


def wanted(goods: SourceProduct, *rules: GoodsRule) -> DesiredItem:
    plan = sync_user(PretendShop().context([goods], rules=replace(BASE, goods_rules=rules)))
    return plan.desired[goods.key]


def test_words_stand_before_and_behind_the_name() -> None:
    found = wanted(product(1, name="Чашка синяя"), rule((BEFORE, "Акция!"), (BEHIND, "(подарок)")))
    assert found.title == "Акция! Чашка синяя (подарок)"


def test_the_last_rule_decides_the_words() -> None:
    found = wanted(product(1, name="Чашка синяя"), rule((BEFORE, "Новинка")), rule((BEFORE, "Акция")))
    assert found.title == "Акция Чашка синяя"


def test_a_long_name_makes_room_for_the_words() -> None:
    name = (
        "Сервиз чайный фарфоровый на двенадцать персон с золотой каймой, ручная роспись, подарочная упаковка"
    )
    found = wanted(product(1, name=name), rule((BEFORE, "Акция"), (BEHIND, "до воскресенья")))
    assert vk_length(found.title) <= LIMITS.title_weight
    assert found.title.startswith("Акция Сервиз чайный")
    assert found.title.endswith(" до воскресенья")


@given(st.text(min_size=4, max_size=150), st.text(max_size=45), st.text(max_size=45))
def test_no_words_make_a_title_that_vk_refuses(name: str, before: str, behind: str) -> None:
    goods = product(1, name=f"Чай {name}")
    plan = sync_user(
        PretendShop().context(
            [goods], rules=replace(BASE, goods_rules=(rule((BEFORE, before), (BEHIND, behind)),))
        )
    )
    for item in plan.desired.values():
        assert 4 <= vk_length(item.title) <= LIMITS.title_weight


def test_two_products_never_share_a_title_that_words_have_cut() -> None:
    name = "Сервиз чайный фарфоровый на двенадцать персон с золотой каймой, ручная роспись, упаковка "
    goods = [product(number, name=f"{name}{colour}") for number, colour in enumerate(("синяя", "алая"))]
    rules = replace(BASE, goods_rules=(rule((BEFORE, "Большая распродажа")),))
    titles = [item.title for item in sync_user(PretendShop().context(goods, rules=rules)).desired.values()]
    assert len(set(titles)) == 2
    assert all(vk_length(title) <= LIMITS.title_weight for title in titles)


def test_a_text_stands_at_the_end_of_the_description() -> None:
    goods = product(1, description="Отличная чашка для чая")
    found = wanted(goods, rule((TEXT, "Самовывоз сегодня.")))
    assert found.description == "Отличная чашка для чая\n\nСамовывоз сегодня."


def test_a_long_description_makes_room_for_the_text() -> None:
    goods = product(1, description="слово " * 1_900)
    found = wanted(goods, rule((TEXT, "Самовывоз сегодня.")))
    assert len(found.description) <= LIMITS.description_length
    assert found.description.endswith("Самовывоз сегодня.")


@pytest.mark.parametrize(
    ("quantity", "actions", "few"),
    [
        ("3", [(FEW, "3 Спешите!")], True),
        ("4", [(FEW, "3 Спешите!")], False),
        ("0", [(FEW, "3 Спешите!")], False),
        # What is kept back is not for sale, and what is not shown is there all the same.
        ("5", [(FEW, "3 Спешите!"), (BACK, "2")], True),
        ("2", [(FEW, "3 Спешите!"), (BACK, "2")], False),
        ("50", [(FEW, "3 Спешите!"), (MOST, "2")], False),
        # Unknown is not few.
        (None, [(FEW, "3 Спешите!")], False),
    ],
)
def test_few_left_is_said_while_few_are_left(
    quantity: str | None, actions: list[tuple[RuleActionKind, str]], *, few: bool
) -> None:
    goods = product(1, quantity=None if quantity is None else Decimal(quantity))
    assert wanted(goods, rule(*actions)).description.startswith("Спешите!\n\n") is few


def test_few_left_has_words_of_its_own() -> None:
    assert wanted(product(1, quantity=Decimal(1)), rule((FEW, "3"))).description.startswith("Осталось мало.")


def test_a_rule_picks_by_a_tag() -> None:
    tagged = Condition(Subject.TAG, How.IS, "подарок")
    goods = product(1, name="Чашка синяя", tags=("подарок",))
    assert wanted(goods, rule((BEFORE, "Подарок:"), on=(tagged,))).title == "Подарок Чашка синяя"
    assert wanted(replace(goods, tags=()), rule((BEFORE, "Подарок:"), on=(tagged,))).title == "Чашка синяя"


class Till:
    """One product that is sold and returned, with a run after each, and how often VK was written to."""

    def __init__(self, quantity: int, *actions: tuple[RuleActionKind, str]) -> None:
        self.shop, self.now, self.writes = PretendShop(), NOW, 0
        self.rules = replace(BASE, goods_rules=(rule(*actions),))
        self.stock(quantity)
        self.writes, self.now = 0, self.now + timedelta(days=1)

    def stock(self, quantity: int) -> None:
        """Run with so many pieces in the till."""
        goods = product(1, quantity=Decimal(quantity), description="Отличная чашка для чая")
        plan = sync_user(replace(self.shop.context([goods], rules=self.rules), now=self.now))
        self.shop.apply(plan)
        for action in plan.actions:
            self.writes += 1
            listing = self.shop.listings[action.key]
            self.shop.listings[action.key] = replace(listing, written_at=self.now)

    def trade(self, quantities: Iterable[int], *, minutes: float) -> None:
        """Run after each change, evenly spread over so many minutes."""
        listed = list(quantities)
        for quantity in listed:
            self.now += timedelta(minutes=minutes) / len(listed)
            self.stock(quantity)

    @property
    def item(self) -> ChannelItem:
        """The item in VK."""
        [item] = self.shop.items.values()
        return item


@pytest.mark.parametrize("high", [1, 2, 3, 4, 5, 6, 8])
@pytest.mark.parametrize("actions", [[(HIDE, "3")], [(HIDE, "3"), (FEW, "5")], [(HIDE, "3"), (BACK, "1")]])
def test_a_hundred_sales_and_returns_in_ten_minutes_write_at_most_twice(
    actions: list[tuple[RuleActionKind, str]], high: int
) -> None:
    till = Till(high, *actions)
    till.trade([high - 1, high] * 100, minutes=10)
    assert till.writes <= 2


def test_a_sale_down_to_the_bound_hides_at_once() -> None:
    till = Till(5, (HIDE, "3"))
    till.stock(4)
    assert (till.item.stock, till.item.hidden) == (4, False)
    till.stock(3)
    assert till.item.hidden


def test_what_is_hidden_comes_back_after_a_rest_or_with_new_goods() -> None:
    till = Till(4, (HIDE, "3"))
    till.stock(3)
    till.stock(6)
    assert till.item.hidden
    till.now += REST
    till.stock(6)
    assert (till.item.hidden, till.item.stock) == (False, 6)
    till.stock(3)
    till.stock(40)
    assert (till.item.hidden, till.item.stock) == (False, 40)


def test_a_sale_is_shown_at_once_also_where_a_return_waits() -> None:
    till = Till(8, (HIDE, "3"))
    till.stock(7)
    till.stock(8)
    assert till.item.stock == 7
    till.stock(5)
    assert till.item.stock == 5
    till.now += REST
    till.stock(6)
    assert till.item.stock == 6


def test_without_a_rule_that_hides_every_change_is_written() -> None:
    till = Till(8, (BACK, "1"))
    till.trade([7, 8, 7, 8], minutes=1)
    assert till.writes == 4


@given(st.lists(st.integers(0, 30), min_size=1, max_size=40), st.integers(0, 6))
def test_vk_never_offers_more_than_the_till_has(quantities: list[int], bound: int) -> None:
    till = Till(10, (HIDE, str(bound)), (FEW, "5"))
    for quantity in quantities:
        till.now += timedelta(minutes=1)
        till.stock(quantity)
        assert till.item.hidden or (till.item.stock or 0) <= quantity
        assert till.item.hidden or quantity > bound


CUP = product(1, name="Чашка синяя")
OLD_WORDS = [
    replace(BASE, goods_rules=(rule((BEFORE, "Сигареты")),)),
    replace(BASE, goods_rules=(rule((BEHIND, "и пиво")),)),
    replace(BASE, goods_rules=(rule((TEXT, "Доставка сегодня. Виски и джин по запросу!")),)),
    replace(BASE, goods_rules=(rule((FEW, "9 Сигареты кончаются")),)),
    replace(BASE, description_template="{name} за {price}\nЛекарства отпускаем по рецепту"),
]


@pytest.mark.parametrize("rules", OLD_WORDS)
def test_words_of_an_old_rule_that_are_forbidden_by_now_hold_the_goods_back(rules: Rules) -> None:
    shop = PretendShop()
    shop.apply(sync_user(shop.context([CUP], rules=BASE)))
    found = sync_user(shop.context([CUP], rules=rules))
    assert [(one.kind, one.reason) for one in found.actions] == [(ActionKind.HIDE, Reason.RULE_WORDS)]
    [skip] = found.skipped
    assert skip.detail.startswith("legal_")
    assert sync_user(PretendShop().context([CUP], rules=rules)).actions == ()
    without = replace(rules, legal_filter=False)
    assert sync_user(shop.context([CUP], rules=without)).skipped == ()


def test_an_own_text_that_is_forbidden_by_now_holds_its_product_back_alone() -> None:
    goods = [replace(CUP, own_description="Сигареты Kent, блок"), product(2)]
    found = sync_user(PretendShop().context(goods, rules=BASE))
    assert [(one.key, one.reason) for one in found.skipped] == [(CUP.key, Reason.RULE_WORDS)]


def test_many_goods_that_such_words_would_take_out_are_asked_about() -> None:
    shop = PretendShop()
    goods = [product(number) for number in range(30)]
    asking = replace(BASE, brake_items=10, brake_percent=20)
    shop.apply(sync_user(shop.context(goods, rules=asking)))
    found = sync_user(shop.context(goods, rules=replace(asking, description_template="Сигареты Kent")))
    assert [one.code for one in found.questions] == [QuestionCode.MANY_HIDDEN]


@pytest.mark.parametrize(
    "text",
    ["Самовывоз сегодня.", "Без табака и никотина", "Не содержит алкоголя", "{name}: {price}", "К пиву"],
)
def test_an_ordinary_text_holds_nothing_back(text: str) -> None:
    rules = replace(BASE, goods_rules=(rule((TEXT, text)),), description_template=text)
    assert sync_user(PretendShop().context([CUP], rules=rules)).skipped == ()


def test_what_the_name_says_too_was_decided_with_the_name() -> None:
    kent = product(1, name="Сигареты Kent")
    assert refuse_words(kent, Decision(add_text="Сигареты Kent"), "") is None
    assert refuse_words(CUP, Decision(add_text="Сигареты Kent"), "") is not None


def test_what_was_kept_back_to_the_last_piece_is_for_sale_with_the_next_one() -> None:
    till = Till(4, (HIDE, "1"), (BACK, "3"))
    till.stock(3)
    assert (till.item.stock, till.item.hidden) == (0, False)
    till.stock(4)
    assert till.item.stock == 1


def test_a_title_that_is_told_apart_by_its_mark_fits_where_its_words_fill_the_room() -> None:
    goods = [product(number, name=f"{'бв г ' * 30}{colour}") for number, colour in enumerate(("сон", "дом"))]
    rules = replace(BASE, goods_rules=(rule((BEFORE, "Большая распродажа на всей неделе")),))
    titles = [item.title for item in sync_user(PretendShop().context(goods, rules=rules)).desired.values()]
    assert len(set(titles)) == 2
    assert all(vk_length(title) <= LIMITS.title_weight for title in titles)


@pytest.mark.parametrize(
    ("text", "name", "is_refused"),
    [
        ("Сигареты Kent", "", True),
        ("Сигареты Kent", "Чашка синяя", True),
        ("Сигареты Kent", "Сигареты Kent", False),
        ("Самовывоз сегодня", "", False),
    ],
)
def test_a_text_is_refused_for_what_its_goods_name_does_not_say(
    text: str, name: str, *, is_refused: bool
) -> None:
    assert (refuse_text(text, name) is not None) is is_refused
