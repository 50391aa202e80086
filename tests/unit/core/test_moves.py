"""Items follow their goods to another id, store or card; nothing is sold under another product's name."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from syncing.core.choices import ActionKind, EntityType, FilterMode, MatchKind, Reason, Stores
from syncing.core.planner import sync_user
from syncing.core.records import Filter, ProductKey, Rules, SourceProduct, SyncResult
from tests.unit.core.shop import NOW, STORE, PretendShop, product

OTHER, THIRD = "store-2", "store-3"
BARCODE = "4600000000017"
MERGE = Rules(
    brake_items=10_000, default_category_id=1, stores=Stores.MERGE, store_order=(STORE, OTHER, THIRD)
)
ALL = frozenset({STORE, OTHER, THIRD})


def at(store: str, one: SourceProduct) -> SourceProduct:
    return replace(one, key=ProductKey(store, one.key.product_id))


def shop_with(*products: SourceProduct, rules: Rules | None = None) -> PretendShop:
    shop = PretendShop()
    shop.apply(sync_user(shop.context(products, rules=rules, complete_stores=ALL)))
    return shop


def after(
    shop: PretendShop, left: Sequence[SourceProduct], *products: SourceProduct, **context: Any
) -> SyncResult:
    """Return the plan after these products left and those are in the till."""
    for one in left:
        shop.listings[one.key] = replace(shop.listings[one.key], last_known=one)
    return sync_user(shop.context(products, complete_stores=ALL, **context))


def moved(plan: SyncResult) -> list[ProductKey]:
    return [match.key for match in plan.matches if match.kind is MatchKind.RELINKED]


@pytest.mark.parametrize(
    ("old", "new", "follows"),
    [
        ({"article": "AB-17"}, {"article": "AB-17"}, False),
        ({"barcodes": ("2000000000017",)}, {"barcodes": ("2000000000017",)}, False),
        ({"barcodes": ("V0032548",)}, {"barcodes": ("V0032548",)}, False),
        ({"barcodes": (BARCODE,)}, {"barcodes": (BARCODE,)}, True),
        ({"article": "AB-17"}, {"article": "AB-17", "name": "ЧАШКА СИНЯЯ 17"}, True),
        ({"barcodes": ("2000000000017",)}, {"barcodes": ("2000000000017",), "name": "Чашка  синяя 17"}, True),
        ({"article": "0"}, {"article": "0"}, False),
        ({"code": "1234"}, {"code": "1234"}, False),
    ],
)
def test_codes_of_the_shop_carry_an_item_only_to_goods_of_a_like_name(
    old: dict[str, Any], new: dict[str, Any], *, follows: bool
) -> None:
    first = product(17, **old)
    shop = shop_with(first)
    second = product(2, **({"name": "Чайник медный"} | new))
    plan = after(shop, [first], second)
    assert moved(plan) == ([second.key] if follows else [])
    kinds = {action.kind for action in plan.actions}
    assert (ActionKind.CREATE in kinds) is not follows


def test_the_merchants_edits_go_with_goods_of_a_like_name() -> None:
    first = product(1, barcodes=(BARCODE,))
    shop = shop_with(first)
    ((item_id, item),) = shop.items.items()
    shop.items[item_id] = replace(item, title="Моя кружка", description="Мой текст")
    second = product(2, barcodes=(BARCODE,), name="ЧАШКА СИНЯЯ 1")
    plan = after(shop, [first], second)
    (action,) = plan.actions
    assert not {"title", "description", "photo_key"} & action.changes.keys()
    assert plan.merchant_fields[second.key] == {"title", "description"}


def test_goods_of_another_name_get_their_own_title_text_and_picture() -> None:
    first = product(1, barcodes=(BARCODE,))
    shop = shop_with(first)
    ((item_id, item),) = shop.items.items()
    shop.items[item_id] = replace(item, title="Моя кружка", description="Мой текст", photo_ids=(99,))
    shop.listings[first.key] = replace(
        shop.listings[first.key], sent_photo_id=7, merchant_fields=frozenset({"title", "photo_key"})
    )
    second = product(2, barcodes=(BARCODE,), name="Чайник медный")
    plan = after(shop, [first], second)
    (action,) = plan.actions
    assert action.item_id == item_id
    assert action.changes["title"] == ("Моя кружка", "Чайник медный")
    assert {"description", "photo_key", "sku"} <= action.changes.keys()
    (match,) = plan.matches
    assert match.reset_to is not None
    assert (match.reset_to.title, match.reset_to.photo_key) == ("Моя кружка", "")
    assert second.key not in plan.merchant_fields


def test_a_barcode_that_present_goods_share_carries_nothing() -> None:
    first = product(1, barcodes=(BARCODE,))
    shop = shop_with(first)
    second = product(2, barcodes=(BARCODE,), name="Чайник медный")
    third = product(3, barcodes=(BARCODE,), name="Ложка стальная", allow_to_sell=False)
    assert moved(after(shop, [first], second, third)) == []


@pytest.mark.parametrize(
    "same",
    [
        {"barcodes": (BARCODE,)},
        {"article": "AB-17"},
        {"barcodes": ("2000000000017",)},
        {},
    ],
)
def test_goods_that_move_to_another_store_keep_their_item(same: dict[str, Any]) -> None:
    here = product(1, **same)
    there = replace(at(OTHER, here), key=ProductKey(OTHER, "fresh-id"))
    shop = shop_with(here)
    (item_id,) = shop.items
    plan = after(shop, [here], there)
    assert moved(plan) == [there.key]
    assert [(action.kind, action.item_id) for action in plan.actions] == [(ActionKind.UPDATE, item_id)]
    shop.apply(plan)
    assert sync_user(shop.context([there], complete_stores=ALL)).actions == ()


def test_goods_of_two_stores_keep_an_item_each_when_one_store_loses_them() -> None:
    here = product(1, barcodes=(BARCODE,))
    there = at(OTHER, here)
    shop = shop_with(here, there)
    plan = after(shop, [here], there)
    assert moved(plan) == []
    assert [action.kind for action in plan.actions] == [ActionKind.HIDE]


def test_a_card_keeps_its_item_when_its_first_store_loses_the_goods() -> None:
    one = product(1, barcodes=(BARCODE,))
    cards = [one, at(OTHER, one), at(THIRD, one)]
    shop = shop_with(*cards, rules=MERGE)
    assert len(shop.items) == 1
    (item_id,) = shop.items
    plan = after(shop, [one], *cards[1:], rules=MERGE)
    assert moved(plan) == [cards[1].key]
    assert {action.item_id for action in plan.actions} == {item_id}
    assert not {ActionKind.CREATE, ActionKind.HIDE, ActionKind.REMOVE} & {one.kind for one in plan.actions}


@pytest.mark.parametrize("change", ["order", "filter"])
def test_a_card_keeps_its_item_when_another_store_comes_first(change: str) -> None:
    one = product(1, barcodes=(BARCODE,), price=Decimal(100))
    cards = [one, at(OTHER, one)]
    shop = shop_with(*cards, rules=MERGE)
    (item_id,) = shop.items
    context: dict[str, Any] = {"rules": replace(MERGE, store_order=(OTHER, STORE))}
    if change == "filter":
        context = {"rules": MERGE, "filters": [Filter(EntityType.STORE, STORE, FilterMode.EXCLUDE)]}
    plan = after(shop, [], *cards, **context)
    assert moved(plan) == [cards[1].key]
    assert [match.reset_to for match in plan.matches] == [None]
    assert {action.item_id for action in plan.actions} == {item_id}
    shop.apply(plan)
    again = sync_user(shop.context(cards, complete_stores=ALL, **context))
    assert (again.actions, again.unchanged, len(shop.items)) == ((), 1, 1)


def test_a_first_store_that_is_reimported_while_stores_are_merged_keeps_its_items() -> None:
    ours = [product(n, barcodes=(f"460000000{n:04}",)) for n in range(1, 4)]
    theirs = [at(OTHER, one) for one in ours]
    shop = shop_with(*ours, *theirs)
    mine = shop.listings[ours[0].key].item_id or 0
    shop.items[mine] = replace(shop.items[mine], title="Моя кружка")
    shop.apply(sync_user(shop.context([*ours, *theirs], complete_stores=ALL)))
    items = {shop.listings[one.key].item_id for one in ours}
    new = [replace(one, key=ProductKey(STORE, f"new-{one.key.product_id}")) for one in ours]
    plan = after(shop, ours, *new, *theirs, rules=MERGE)
    assert moved(plan) == [one.key for one in new]
    assert {match.item_id for match in plan.matches} == items
    shop.apply(plan)
    assert {item.item_id for item in shop.items.values() if not item.hidden} == items
    assert shop.items[mine].title == "Моя кружка"


def test_goods_that_another_store_loads_again_are_not_shown_beside_their_card() -> None:
    ours = product(1, barcodes=(BARCODE,), since=NOW - timedelta(days=9), seen_at=NOW)
    theirs = at(OTHER, ours)
    shop = shop_with(ours, theirs, rules=MERGE)
    # The new goods are read before the old ones are deleted.
    again = replace(theirs, key=ProductKey(OTHER, "new"), since=NOW)
    plan = sync_user(shop.context([ours, theirs, again], rules=MERGE, complete_stores=ALL))
    assert (plan.actions, {skip.key for skip in plan.skipped}) == ((), {theirs.key, again.key})
    [item] = shop.items.values()
    assert sync_user(shop.context([ours, again], rules=MERGE, complete_stores=ALL)).actions == ()
    assert shop.items == {item.item_id: item}


def test_an_item_that_went_into_a_card_is_not_shown_again_while_its_store_is_loaded_again() -> None:
    ours = product(1, barcodes=(BARCODE,), since=NOW - timedelta(days=9), seen_at=NOW)
    theirs = at(OTHER, ours)
    shop = shop_with(ours, theirs)
    shop.apply(sync_user(shop.context([ours, theirs], rules=MERGE, complete_stores=ALL)))
    assert [item.hidden for item in shop.items.values()] == [False, True]
    again = replace(theirs, key=ProductKey(OTHER, "a-new-one"), since=NOW)
    plan = sync_user(shop.context([ours, theirs, again], rules=MERGE, complete_stores=ALL))
    assert (plan.actions, [skip.key for skip in plan.skipped]) == ((), [again.key, theirs.key])


def test_stores_that_are_merged_while_the_first_one_is_loaded_again_keep_its_item() -> None:
    ours = product(1, barcodes=(BARCODE,), since=NOW - timedelta(days=9), seen_at=NOW)
    theirs = at(OTHER, ours)
    shop = shop_with(ours, theirs)
    kept = shop.listings[ours.key].item_id
    again = replace(ours, key=ProductKey(STORE, "a-new-one"), since=NOW)
    assert again.key < ours.key
    shop.apply(sync_user(shop.context([ours, again, theirs], rules=MERGE, complete_stores=ALL)))
    assert [item.item_id for item in shop.items.values() if not item.hidden] == [kept]
    shop.apply(after(shop, [ours], again, theirs, rules=MERGE))
    assert [item.item_id for item in shop.items.values() if not item.hidden] == [kept]


def test_nothing_follows_goods_whose_absence_is_not_proven() -> None:
    first = product(1, barcodes=(BARCODE,))
    shop = shop_with(first)
    shop.listings[first.key] = replace(shop.listings[first.key], last_known=first)
    second = product(2, barcodes=(BARCODE,))
    plan = sync_user(shop.context([second], complete_stores=frozenset({OTHER})))
    assert moved(plan) == []


def test_a_store_whose_every_product_changed_its_id_is_known_again_by_its_articles() -> None:
    old = [product(n, article=f"A{n}") for n in range(3)]
    shop = shop_with(*old)
    new = [product(n + 10, article=f"A{n}", name=f"Чайник медный {n}") for n in range(3)]
    plan = after(shop, old, *new)
    assert moved(plan) == [one.key for one in new]
    assert {match.reset_to for match in plan.matches} == {None}


def test_one_product_that_changed_its_id_and_name_among_others_is_another() -> None:
    old = [product(n, article=f"A{n}") for n in range(3)]
    shop = shop_with(*old)
    new = product(10, article="A0", name="Чайник медный")
    assert moved(after(shop, old[:1], new, *old[1:])) == []


def test_goods_that_went_into_another_stores_card_are_named_with_the_product_that_has_it() -> None:
    one = product(1, barcodes=(BARCODE,), name="Чашка")
    other = replace(at(OTHER, one), key=ProductKey(OTHER, "2"), name="ЧАШКА")
    [skip] = sync_user(PretendShop().context([one, other], rules=MERGE, complete_stores=ALL)).skipped
    assert (skip.key, skip.name, skip.reason, skip.detail) == (other.key, "ЧАШКА", Reason.MERGED, "product-1")


@pytest.mark.parametrize("is_read", [True, False])
def test_two_reimports_between_two_runs_keep_the_item_and_the_merchants_title(*, is_read: bool) -> None:
    long_ago = NOW - timedelta(days=30)
    first = replace(
        product(1), name="Чашка синяя большая", barcodes=("4600000000015",), since=long_ago, seen_at=NOW
    )
    shop = PretendShop()
    shop.apply(sync_user(shop.context([first])))
    [item] = shop.items.values()
    shop.items[item.item_id] = replace(item, title="Моя чашка")
    shop.apply(sync_user(shop.context([first])))
    shop.listings[first.key] = replace(shop.listings[first.key], last_known=first)
    # It came back with another name, then with that name and without the barcode.
    renamed = "Чашка синяя большая новая"
    later = NOW + timedelta(minutes=5)
    second = replace(
        first,
        key=ProductKey(STORE, "second"),
        name=renamed,
        since=later,
        seen_at=later + timedelta(minutes=5),
    )
    since = later + timedelta(minutes=10)
    third = replace(second, key=ProductKey(STORE, "third"), barcodes=(), since=since, seen_at=since)
    context = shop.context([third])
    plan = sync_user(replace(context, gone_products=(first, second) if is_read else (first,)))
    assert ([match.key for match in plan.matches] == [third.key]) is is_read
    shop.apply(plan)
    assert (shop.items[item.item_id].title, len(shop.items)) == ("Моя чашка", 1 if is_read else 2)
