"""Which plans are asked about before their first write, to the item."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from syncing.core.choices import (
    ActionKind,
    EntityType,
    Field,
    FilterMode,
    MatchKind,
    PriceVerdict,
    QuestionCode,
)
from syncing.core.planner import sync_user
from syncing.core.records import (
    Action,
    Filter,
    GroupKey,
    Match,
    PriceDecision,
    ProductKey,
    Question,
    Rules,
    SourceGroup,
    SourceProduct,
    SyncContext,
)
from syncing.core.safety import SafetyCheck, count_in_vk, is_in_vk
from tests.unit.core.shop import LIMITS, NOW, STORE, PretendShop, product

RULES = Rules(default_category_id=1, brake_items=2, brake_percent=20)
GOODS = [product(number) for number in range(20)]


def context_of(goods: Iterable[SourceProduct] = GOODS, rules: Rules = RULES, **source: Any) -> SyncContext:
    """Return the context of a shop with twenty items in VK, and these goods in the till."""
    shop = PretendShop()
    shop.apply(sync_user(shop.context(GOODS, rules=replace(rules, brake_items=10_000))))
    return shop.context(goods, rules=rules, **source)


def actions(kind: ActionKind, count: int, **changes: tuple[object, object]) -> list[Action]:
    item = sync_user(context_of()).desired[GOODS[0].key]
    return [Action(kind, one.key, one.name, desired=item, changes=dict(changes)) for one in GOODS[:count]]


def asked(
    context: SyncContext, steps: list[Action], matches: list[Match] | None = None
) -> tuple[Question, ...]:
    return SafetyCheck(context).questions(steps, matches or [])


@pytest.mark.parametrize(
    ("kind", "changes", "code"),
    [
        (ActionKind.HIDE, {}, QuestionCode.MANY_HIDDEN),
        (ActionKind.REMOVE, {}, QuestionCode.MANY_HIDDEN),
        (ActionKind.UPDATE, {"price_kopecks": (1, 2)}, QuestionCode.MANY_PRICES),
        (ActionKind.UPDATE, {"title": ("Чай", "Чашка")}, QuestionCode.MANY_NAMES),
        (ActionKind.RESTORE, {"title": ("Чай", "Чашка")}, QuestionCode.MANY_NAMES),
        (ActionKind.UPDATE, {"description": ("Чай", "Чай\nЦена за 1 кг.")}, QuestionCode.MANY_UNITS),
        (ActionKind.UPDATE, {"stock": (5, LIMITS.stock)}, QuestionCode.MANY_ENDLESS_STOCKS),
        (ActionKind.UPDATE, {"stock": (5, 0)}, QuestionCode.MANY_ZERO_STOCKS),
        (ActionKind.UPDATE, {"stock": (1, 0)}, QuestionCode.MANY_ZERO_STOCKS),
        (ActionKind.UPDATE, {"stock": (None, 0)}, QuestionCode.MANY_ZERO_STOCKS),
    ],
)
def test_more_than_a_fifth_of_the_items_is_asked_about(
    kind: ActionKind, changes: dict[str, tuple[object, object]], code: QuestionCode
) -> None:
    context = context_of()
    assert asked(context, actions(kind, 4, **changes)) == ()
    assert asked(context, actions(kind, 5, **changes)) == (Question(code, 5, 20),)


@pytest.mark.parametrize(
    "changes",
    [
        {"stock": (0, 0)},
        {"stock": (5, 1)},
        {"stock": (-1, LIMITS.stock)},
        {"title": ("ЧАЙ", "Чай")},
        {"title": ("Чай", "Скидка! Чай")},
        {"title": ("Скидка! Чашка", "Новинка! Чашка")},
        {"description": ("Чай", "Кофе")},
    ],
)
def test_other_changes_of_many_are_carried_out_unasked(changes: dict[str, tuple[object, object]]) -> None:
    assert asked(context_of(), actions(ActionKind.UPDATE, 20, **changes)) == ()


@pytest.mark.parametrize(
    ("name", "is_asked"),
    [
        (lambda number: f"Кофе {number}", False),
        (lambda _number: "Кофе", True),
        (lambda number: f"{number:03}", True),
        (lambda number: f"Чай {number + 1}", True),
        (lambda number: f"Чай {number + 1}" if number < 10 else f"Кофе {number}", False),
    ],
)
def test_all_names_of_a_small_shop_are_asked_about_where_they_name_no_goods(
    name: Callable[[int], str],
    is_asked: bool,  # noqa: FBT001
) -> None:
    goods = [replace(one, name=name(number)) for number, one in enumerate(GOODS)]
    context = context_of(goods, rules=replace(RULES, brake_items=10_000))
    steps = [
        replace(step, changes={"title": (f"Чай {number}", one.name)})
        for number, (step, one) in enumerate(zip(actions(ActionKind.UPDATE, 20), goods, strict=True))
    ]
    question = Question(QuestionCode.MANY_NAMES, 20, 20)
    assert asked(context, steps) == ((question,) if is_asked else ())
    assert asked(context, steps[1:]) == ()


def test_names_that_the_merchant_wrote_are_not_asked_about() -> None:
    own = [replace(one, own_title="Чашка") for one in GOODS[:3]]
    context = context_of([*own, *GOODS[3:]])
    steps = actions(ActionKind.UPDATE, 7, title=("Чай", "Чашка"))
    assert asked(context, steps) == ()
    steps = actions(ActionKind.UPDATE, 8, title=("Чай", "Чашка"))
    assert asked(context, steps) == (Question(QuestionCode.MANY_NAMES, 5, 20),)


@pytest.mark.parametrize(
    ("total", "percent", "limit"), [(20, 20, 4.0), (20, 5, 2), (20, 50, 10.0), (20, 0, 2)]
)
def test_the_limit_is_a_share_of_what_shoppers_see_and_some_in_any_case(
    total: int, percent: int, limit: float
) -> None:
    context = context_of(rules=replace(RULES, brake_percent=percent))
    assert count_in_vk(context.listings) == total
    assert SafetyCheck(context).limit == limit


def test_shoppers_see_what_has_an_item_and_is_not_hidden() -> None:
    listing = context_of().listings[0]
    assert is_in_vk(listing)
    assert not is_in_vk(replace(listing, item_id=None))
    assert not is_in_vk(replace(listing, hidden_since=NOW))


def test_many_items_that_vk_has_lost_are_asked_about() -> None:
    lost = [Match(MatchKind.LOST, one.key, 1) for one in GOODS]
    assert asked(context_of(), [], lost[:4]) == ()
    assert asked(context_of(), [], lost[:5]) == (Question(QuestionCode.MANY_LOST_IN_VK, 5, 20),)
    assert asked(context_of(), [], [replace(one, kind=MatchKind.FOUND) for one in lost]) == ()


def test_new_goods_that_may_be_in_vk_already_are_asked_about() -> None:
    again = [replace(one, key=ProductKey(STORE, f"new-{one.key.product_id}")) for one in GOODS[:5]]
    context = context_of([*GOODS, *again])
    made = [Action(ActionKind.CREATE, one.key, one.name) for one in again]
    assert asked(context, made[:4]) == ()
    assert asked(context, made) == (Question(QuestionCode.MANY_NAMESAKES, 5, 20),)
    # The item of one of them has gone over already.
    moved = Match(MatchKind.RELINKED, again[0].key, 1, old_key=GOODS[0].key)
    assert asked(context, made, [moved]) == ()
    assert asked(context, [replace(one, kind=ActionKind.UPDATE) for one in made]) == ()


@pytest.mark.parametrize(
    ("left", "before", "question"),
    [
        (0, 20, Question(QuestionCode.EMPTY_SOURCE, 20, 20)),
        (9, 20, Question(QuestionCode.SHRUNKEN_SOURCE, 11, 20)),
        (10, 20, None),
        (1, 3, Question(QuestionCode.SHRUNKEN_SOURCE, 2, 3)),
        (0, 2, Question(QuestionCode.EMPTY_SOURCE, 2, 2)),
        # Of so few nobody is asked.
        (1, 2, None),
    ],
)
def test_a_till_that_lost_more_than_half_of_its_goods_is_asked_about(
    left: int, before: int, question: Question | None
) -> None:
    context = context_of(GOODS[:left], previous_size=before)
    found = asked(context, actions(ActionKind.HIDE, 1))
    assert found == ((question,) if question else ())
    # Where nothing leaves VK there is nothing to ask.
    assert asked(context, []) == ()


def test_goods_of_a_store_that_is_gone_are_asked_about() -> None:
    context = context_of(vanished_stores=frozenset({STORE}))
    elsewhere = Action(ActionKind.HIDE, ProductKey("other", "1"), "Чашка")
    steps = [*actions(ActionKind.HIDE, 2), elsewhere]
    assert asked(context, steps) == (Question(QuestionCode.STORE_VANISHED, 2, 3),)
    assert asked(context, actions(ActionKind.UPDATE, 2)) == ()
    assert asked(context_of(), steps) == ()


def test_goods_that_a_filter_may_have_left_out_under_another_id_are_asked_about() -> None:
    left_out = product(77, barcodes=("4600000000015",))
    again = replace(left_out, key=ProductKey(STORE, "again"), since=NOW)
    context = replace(
        context_of([*GOODS, again]),
        filters=(Filter(EntityType.PRODUCT, left_out.key.product_id, FilterMode.EXCLUDE),),
        gone_products=(left_out,),
    )
    made = [Action(ActionKind.CREATE, again.key, again.name), *actions(ActionKind.RESTORE, 1)]
    assert Question(QuestionCode.FILTERS_LOST, 1, 2) in asked(context, made)
    codes = {question.code for question in asked(replace(context, filters=()), made)}
    assert QuestionCode.FILTERS_LOST not in codes
    codes = {question.code for question in asked(context, actions(ActionKind.UPDATE, 1))}
    assert QuestionCode.FILTERS_LOST not in codes


@pytest.mark.parametrize(
    ("lost", "accepted", "is_asked"), [(2, 0, False), (12, 0, True), (12, 12, False), (12, 11, False)]
)
def test_a_gap_is_asked_about_until_it_is_answered_and_again_when_it_grows(
    lost: int, accepted: int, *, is_asked: bool
) -> None:
    goods = [
        replace(one, kept_fields=frozenset({Field.PRICE}) if number < lost else frozenset())
        for number, one in enumerate(GOODS)
    ]
    context = context_of(goods, accepted_gaps={Field.PRICE.value: accepted} if accepted else {})
    found = asked(context, [])
    assert [(one.code, one.count, one.total) for one in found] == (
        [(QuestionCode.UNTOLD_PRICE, lost, 20)] if is_asked else []
    )
    answered = SafetyCheck(context).questions([], [], answered={QuestionCode.UNTOLD_PRICE})
    assert answered == ()


def test_while_vk_has_nothing_of_ours_there_is_nothing_to_lose() -> None:
    context = replace(context_of([], previous_size=20), listings=())
    assert asked(context, actions(ActionKind.HIDE, 20)) == ()


def test_where_the_merchant_lets_nothing_pass_unasked_a_single_gap_is_asked_about() -> None:
    goods = [replace(GOODS[0], kept_fields=frozenset({Field.PRICE})), *GOODS[1:3]]
    context = replace(context_of(goods), rules=replace(RULES, brake_items=0))
    assert asked(context, []) == (Question(QuestionCode.UNTOLD_PRICE, 1, 3),)


def test_groups_that_hold_goods_and_are_no_longer_listed_are_counted_among_all_groups() -> None:
    groups = tuple(
        SourceGroup(GroupKey(STORE, f"group-{number}"), f"Группа {number}", is_listed=number > 2)
        for number in range(5)
    )
    goods = [replace(one, group_id=groups[number % 5].key.group_id) for number, one in enumerate(GOODS)]
    context = replace(context_of(goods), groups=groups)
    assert asked(context, []) == (Question(QuestionCode.GROUPS_VANISHED, 3, 5),)


def test_new_goods_are_asked_about_where_their_store_has_no_such_group() -> None:
    goods = [replace(one, group_id="group-1") for one in GOODS]
    made = [Action(ActionKind.CREATE, one.key, one.name) for one in goods[:3]]
    for store, found in ((STORE, ()), ("other", (Question(QuestionCode.GROUPS_UNKNOWN, 3, 3),))):
        group = SourceGroup(GroupKey(store, "group-1"), "Чашки")
        context = replace(context_of(goods), groups=(group,), listings=())
        assert asked(context, made) == found


def test_edits_raise_no_question_about_new_goods_even_where_one_would_be_too_many() -> None:
    context = replace(context_of(), rules=replace(RULES, brake_items=0, brake_percent=0))
    assert asked(context, actions(ActionKind.UPDATE, 3, description=("а", "б"))) == ()


def test_a_price_to_which_the_merchant_said_yes_is_not_asked_about() -> None:
    context, steps = context_of(), actions(ActionKind.UPDATE, 5, price_kopecks=(1, 2))
    assert asked(context, steps) == (Question(QuestionCode.MANY_PRICES, 5, 20),)
    wanted = steps[0].desired
    assert wanted is not None
    yes = PriceDecision(
        PriceVerdict.ACCEPTED, 1, wanted.price_kopecks, wanted.till_kopecks, wanted.cost_kopecks
    )
    assert asked(replace(context, price_decisions={steps[0].key: yes}), steps) == ()


def test_a_field_that_every_product_has_is_counted_whatever_it_says() -> None:
    kept = frozenset({Field.ALLOW_TO_SELL})
    goods = [replace(one, kept_fields=kept if n < 12 else frozenset()) for n, one in enumerate(GOODS)]
    goods[19] = replace(goods[19], allow_to_sell=False)
    assert asked(context_of(goods), []) == (Question(QuestionCode.UNTOLD_ALLOW_TO_SELL, 12, 20),)


def test_goods_whose_untold_stock_is_none_count_as_ones_that_have_a_stock() -> None:
    kept = frozenset({Field.QUANTITY})
    goods = [replace(one, quantity=Decimal(0), kept_fields=kept) for one in GOODS[:12]] + GOODS[12:]
    assert asked(context_of(goods), []) == (Question(QuestionCode.UNTOLD_QUANTITY, 12, 20),)


@pytest.mark.parametrize(
    ("old_price", "till", "is_asked"),
    [(10_000, 10_000, False), (0, 10_000, True), (9_900, 10_000, True), (10_000, 11_000, True)],
)
def test_the_end_of_a_promotion_of_many_goods_is_carried_out_unasked(
    old_price: int, till: int, *, is_asked: bool
) -> None:
    context = context_of()
    steps = [
        replace(
            action,
            desired=replace(action.desired, price_kopecks=10_000, old_price_kopecks=0, till_kopecks=10_000),
        )
        for action in actions(ActionKind.UPDATE, 20, price_kopecks=(8_000, 10_000))
        if action.desired
    ]
    listings = tuple(
        replace(
            one,
            sent=replace(one.sent, price_kopecks=8_000, old_price_kopecks=old_price, till_kopecks=till),
        )
        for one in context.listings
        if one.sent
    )

    codes = [question.code for question in asked(replace(context, listings=listings), steps)]

    assert codes == ([QuestionCode.MANY_PRICES] if is_asked else [])


@pytest.mark.parametrize(
    ("count", "changes", "code"),
    [
        (6, {"stock": (5, 0)}, QuestionCode.MANY_ZERO_STOCKS),
        (6, {"stock": (5, LIMITS.stock)}, QuestionCode.MANY_ENDLESS_STOCKS),
        (5, {"stock": (5, 0)}, None),
        (6, {"stock": (5, 1)}, None),
    ],
)
def test_nearly_all_of_a_small_shop_is_asked_about(
    count: int, changes: dict[str, tuple[object, object]], code: QuestionCode | None
) -> None:
    whole = context_of(rules=replace(RULES, brake_items=10))
    context = replace(whole, products=tuple(GOODS[:8]), listings=whole.listings[:8])
    keys = {one.key for one in context.listings}
    steps = [one for one in actions(ActionKind.UPDATE, 20, **changes) if one.key in keys][:count]
    assert asked(context, steps) == ((Question(code, count, 8),) if code else ())
    # Who wants fewer questions than usual is not asked.
    bold = replace(context, rules=replace(RULES, brake_items=11))
    assert asked(bold, steps) == ()


def test_the_last_goods_for_sale_among_many_sold_out_ones_are_no_question() -> None:
    whole = context_of(rules=replace(RULES, brake_items=10))
    listings = tuple(
        replace(one, sent=replace(one.sent, stock=0)) if number < 4 and one.sent else one
        for number, one in enumerate(whole.listings[:8])
    )
    context = replace(whole, products=tuple(GOODS[:8]), listings=listings)
    keys = [one.key for one in listings[4:]]
    steps = [one for one in actions(ActionKind.UPDATE, 20, stock=(5, 0)) if one.key in keys]
    assert len(steps) == 4
    assert asked(context, steps) == ()
