"""Goods that the till has twice are in VK once, also while a re-import is under way."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from syncing.core.choices import ActionKind, MatchKind, OutOfStock, QuestionCode, Reason
from syncing.core.copies import find_copies, find_namesakes, find_replacements
from syncing.core.goods_rules.records import (
    Comparison,
    Condition,
    GoodsRule,
    RuleAction,
    RuleActionKind,
    Subject,
)
from syncing.core.planner import sync_user
from syncing.core.records import ProductKey, Rules, SourceProduct, SyncResult
from tests.unit.core.shop import NOW, STORE, PretendShop, product

RULES = Rules(brake_items=3, brake_percent=0, default_category_id=1)
BARCODE = "4600000000015"
CUP = replace(product(1), barcodes=(BARCODE,), article="К-15", since=NOW - timedelta(days=9))


def again(one: SourceProduct, **changes: object) -> SourceProduct:
    """Return the same goods as a re-import writes them."""
    key = ProductKey(STORE, f"new-{one.key.product_id}")
    return replace(one, key=key, since=NOW, **changes)  # type: ignore[arg-type]


def plan(shop: PretendShop, *goods: SourceProduct, rules: Rules = RULES) -> SyncResult:
    return sync_user(shop.context(goods, rules=rules))


def shop_with(*goods: SourceProduct, rules: Rules = RULES) -> PretendShop:
    """Return a shop that shows these goods and knows what the till said of them."""
    shop = PretendShop()
    shop.apply(plan(shop, *goods, rules=rules))
    for one in goods:
        shop.listings[one.key] = replace(shop.listings[one.key], last_known=one)
    return shop


def kinds(found: SyncResult) -> list[ActionKind]:
    return [action.kind for action in found.actions]


def test_a_copy_waits_while_vk_shows_the_other_one() -> None:
    shop = shop_with(CUP)
    found = plan(shop, CUP, again(CUP))
    assert kinds(found) == []
    assert [(skip.key, skip.reason) for skip in found.skipped] == [(again(CUP).key, Reason.COPY)]


def test_the_item_goes_to_the_copy_when_the_first_one_leaves() -> None:
    shop = shop_with(CUP)
    [item_id] = shop.items
    shop.apply(plan(shop, CUP, again(CUP)))
    found = plan(shop, again(CUP))
    assert [match.kind for match in found.matches] == [MatchKind.RELINKED]
    shop.apply(found)
    assert list(shop.items) == [item_id]
    assert not shop.items[item_id].hidden


@pytest.mark.parametrize("order", [1, -1])
def test_before_anything_is_in_vk_the_older_one_goes_there(order: int) -> None:
    found = plan(PretendShop(), *(CUP, again(CUP))[::order])
    assert [action.key for action in found.actions] == [CUP.key]


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Чашка синяя 2"},
        {"barcodes": ("4600000000022",)},
        {"barcodes": (BARCODE, "4600000000022")},
        {"article": "К-16"},
        {"barcodes": (), "article": ""},
    ],
)
def test_goods_that_differ_in_name_or_code_are_others(other: dict[str, object]) -> None:
    found = plan(PretendShop(), CUP, again(CUP, **other))
    assert kinds(found) == [ActionKind.CREATE, ActionKind.CREATE]


@pytest.mark.parametrize("changes", [{"price": product(9).price}, {"quantity": product(9).quantity}])
def test_another_price_or_stock_does_not_make_other_goods(changes: dict[str, object]) -> None:
    assert len(plan(PretendShop(), CUP, again(CUP, **changes)).actions) == 1


def test_goods_of_another_store_are_no_copies() -> None:
    elsewhere = replace(CUP, key=ProductKey("another store", CUP.key.product_id))
    assert find_copies([CUP, elsewhere]) == {}


def test_the_copy_is_shown_where_the_other_one_is_hidden() -> None:
    rules = replace(RULES, out_of_stock=OutOfStock.HIDE)
    shop = shop_with(CUP, rules=rules)
    sold_out = replace(CUP, quantity=Decimal(0))
    shop.apply(plan(shop, sold_out, rules=rules))
    assert ActionKind.CREATE in kinds(plan(shop, sold_out, again(CUP), rules=rules))


def test_two_that_are_both_in_vk_stay() -> None:
    shop = shop_with(CUP, again(CUP, article="К-16"))
    found = plan(shop, CUP, again(CUP))
    assert ActionKind.HIDE not in kinds(found)
    assert found.skipped == ()


def without_codes(count: int) -> list[SourceProduct]:
    return [replace(product(number), since=NOW - timedelta(days=9)) for number in range(count)]


def test_many_that_have_the_names_of_others_without_codes_are_asked_about() -> None:
    goods = without_codes(4)
    shop = shop_with(*goods)
    found = plan(shop, *goods, *map(again, goods))
    assert [(one.code, one.count) for one in found.questions] == [(QuestionCode.MANY_NAMESAKES, 4)]


def test_a_few_of_one_name_without_codes_are_added() -> None:
    goods = without_codes(3)
    shop = shop_with(*goods)
    found = plan(shop, *goods, *map(again, goods))
    assert (found.questions, kinds(found)) == ((), [ActionKind.CREATE] * 3)


def test_other_names_are_not_asked_about() -> None:
    goods = without_codes(9)
    shop = shop_with(*goods[:4])
    assert plan(shop, *goods).questions == ()


def test_goods_that_came_back_under_another_id_are_not_asked_about() -> None:
    goods = without_codes(4)
    shop = shop_with(*goods)
    assert plan(shop, *map(again, goods)).questions == ()


def test_of_several_equal_goods_the_one_in_vk_stands_for_the_others_then_the_oldest_then_the_first() -> None:
    old = again(CUP)
    oldest = replace(CUP, key=ProductKey(STORE, "z"), since=NOW - timedelta(days=99))
    undated = replace(CUP, key=ProductKey(STORE, "y"), since=None)
    other = replace(CUP, key=ProductKey("other-store", "x"))
    assert find_copies([CUP, old, oldest, other]) == {CUP.key: oldest.key, old.key: oldest.key}
    assert find_copies([CUP, old, oldest], {CUP.key}) == {old.key: CUP.key, oldest.key: CUP.key}
    assert find_copies([CUP, undated]) == {CUP.key: undated.key}
    assert find_copies([replace(CUP, key=ProductKey(STORE, "a")), CUP]) == {CUP.key: ProductKey(STORE, "a")}


SEEN = replace(CUP, seen_at=NOW - timedelta(hours=1))
RENAMED = again(SEEN, name="Кружка для чая", barcodes=())


@pytest.mark.parametrize("same", [{"barcodes": ()}, {"article": ""}, {"article": "К-15 "}])
def test_goods_that_came_back_renamed_wait_until_a_whole_reading_tells_of_the_old_ones(
    same: dict[str, object],
) -> None:
    shop = shop_with(SEEN)
    new = replace(RENAMED, **({"barcodes": SEEN.barcodes} | same))  # type: ignore[arg-type]
    found = plan(shop, SEEN, new)
    assert (found.actions, [(one.key, one.reason) for one in found.skipped]) == (
        (),
        [(new.key, Reason.MAY_REPLACE)],
    )
    shop.apply(plan(shop, new))
    assert [item.title for item in shop.items.values() if not item.hidden] == ["Кружка для чая"]


def test_goods_of_one_code_that_the_till_still_lists_together_an_hour_later_are_two() -> None:
    shop = shop_with(SEEN)
    assert plan(shop, replace(SEEN, seen_at=NOW), RENAMED).actions == ()
    came = replace(RENAMED, since=NOW - timedelta(hours=1))
    assert kinds(plan(shop, replace(SEEN, seen_at=NOW), came)) == [ActionKind.CREATE]
    # One that was there before the other came does not wait for it.
    assert find_replacements([SEEN, replace(RENAMED, since=SEEN.since)], {SEEN.key}) == []


@pytest.mark.parametrize(
    ("shown", "new", "waits"),
    [
        ({"barcodes": (), "article": ""}, {"name": "КРУЖКА  зелёная"}, True),
        ({}, {"name": "Кружка зелёная", "barcodes": (), "article": ""}, True),
        ({}, {"name": "Кружка зеленая", "article": "К-16", "barcodes": ()}, False),
        ({"barcodes": (), "article": "", "code": "17"}, {"name": "Кружка зелен.", "code": "17"}, True),
        ({"barcodes": (), "article": "", "code": "17"}, {"name": "Ложка", "code": "17"}, False),
        ({"barcodes": (), "article": ""}, {"name": "Кружка зелёная 2"}, False),
    ],
)
def test_namesakes_of_which_one_bears_no_code_and_goods_of_one_till_code_wait_too(
    shown: dict[str, object], new: dict[str, object], *, waits: bool
) -> None:
    old = replace(SEEN, name="Кружка зелёная", **shown)  # type: ignore[arg-type]
    other = again(old, **new)
    assert find_replacements([old, other], {old.key}) == [other.key] * waits


@pytest.mark.parametrize("codes", [{}, {"barcodes": (), "article": ""}])
def test_what_a_rule_leaves_out_for_its_tag_does_not_appear_untagged_amid_a_reimport(
    codes: dict[str, object],
) -> None:
    tagged = Condition(Subject.TAG, Comparison.IS, "нет")
    rule = GoodsRule(1, "Не во VK", (tagged,), (RuleAction(RuleActionKind.EXCLUDE),))
    rules = replace(RULES, goods_rules=(rule,))
    old = replace(SEEN, tags=("нет",), **codes)  # type: ignore[arg-type]
    new = again(old, tags=())
    found = plan(PretendShop(), old, new, rules=rules)
    assert (found.actions, {one.key: one.reason for one in found.skipped}) == (
        (),
        {old.key: Reason.RULE, new.key: Reason.MAY_REPLACE},
    )
    # An hour later both are there: the merchant has tagged the one and not the other.
    found = plan(PretendShop(), replace(old, seen_at=NOW + timedelta(hours=1)), new, rules=rules)
    assert kinds(found) == [ActionKind.CREATE]


def test_many_renamed_goods_with_the_codes_of_others_are_asked_about() -> None:
    goods = [replace(one, article=f"АР-{n + 10}") for n, one in enumerate(without_codes(4))]
    shop = shop_with(*goods)
    found = plan(shop, *goods, *(again(one, name=f"Предмет {one.article}") for one in goods))
    assert [(one.code, one.count) for one in found.questions] == [(QuestionCode.MANY_NAMESAKES, 4)]


def test_a_copy_is_one_whatever_the_case_of_its_name() -> None:
    assert find_copies([CUP, again(CUP, name=CUP.name.upper())], {CUP.key}) == {again(CUP).key: CUP.key}


@pytest.mark.parametrize(
    "others",
    [
        [replace(RENAMED, key=ProductKey("other-store", "1"))],
        [replace(RENAMED, article="К-16")],
        [replace(RENAMED, since=None)],
        [RENAMED, again(RENAMED, name="Кружка для кофе")],
    ],
)
def test_only_the_one_product_that_bears_the_code_of_another_can_replace_it(
    others: list[SourceProduct],
) -> None:
    assert find_replacements([SEEN, *others], {SEEN.key}) == []
    assert find_replacements([SEEN, RENAMED], {SEEN.key, RENAMED.key}) == []
    assert find_replacements([SEEN, RENAMED], ()) == []


BARE = replace(CUP, barcodes=(), article="")


@pytest.mark.parametrize(
    ("new", "shown", "may_be_there"),
    [
        (BARE, CUP, True),
        (CUP, BARE, True),
        (BARE, BARE, True),
        (CUP, replace(CUP, barcodes=("4600000000022",), article="К-16"), False),
        (BARE, replace(BARE, name="Чашка белая"), False),
    ],
)
def test_a_namesake_may_be_in_vk_already_where_one_of_both_bears_no_code(
    new: SourceProduct, shown: SourceProduct, *, may_be_there: bool
) -> None:
    new = again(new)
    goods = {one.key: one for one in (new, shown)}
    stranger = ProductKey(STORE, "stranger")
    found = find_namesakes([stranger, new.key], goods, [stranger, shown.key])
    assert found == [new.key] * may_be_there
    elsewhere = replace(shown, key=ProductKey("other-store", "1"))
    assert find_namesakes([new.key], {new.key: new, elsewhere.key: elsewhere}, [elsewhere.key]) == []


@pytest.mark.parametrize(
    ("old_since", "new_since", "is_there"),
    [
        (SEEN.since, NOW, True),
        (None, NOW, True),
        (NOW, NOW, False),
        (NOW, SEEN.since, False),
        (SEEN.since, None, False),
        (None, None, False),
    ],
)
def test_renamed_goods_of_one_code_may_be_in_vk_already_where_they_came_later(
    old_since: datetime | None, new_since: datetime | None, *, is_there: bool
) -> None:
    old, new = replace(SEEN, since=old_since), replace(RENAMED, since=new_since)
    goods = {one.key: one for one in (old, new)}
    assert find_namesakes([new.key], goods, [old.key]) == [new.key] * is_there
    assert find_replacements(goods.values(), {old.key}) == [new.key] * is_there
