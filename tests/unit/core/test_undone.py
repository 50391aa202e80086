"""An undone run: VK keeps what it had until till or rules want something else."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from syncing.core.choices import ActionKind, EntityType, FilterMode, OutOfStock, QuestionCode, Reason, Removal
from syncing.core.planner import sync_user
from syncing.core.records import (
    Filter,
    GroupKey,
    Listing,
    RemovedItem,
    Rules,
    SourceGroup,
    SourceProduct,
    SyncResult,
    Undone,
)
from syncing.core.restricted_goods.verdicts import Restriction
from syncing.core.sku_stamp import stamp
from syncing.core.undone import (
    brought_back,
    follow_items,
    keeps_hidden,
    needs_no_item,
    stays_in_vk,
    stays_out,
    stays_shown,
)
from tests.unit.core.shop import NOW, PretendShop, product

RULES = Rules(brake_items=10_000, default_category_id=1)
CUP = replace(product(1), price=Decimal(100))
DEARER = replace(CUP, price=Decimal(120))
PRICE = Undone({"price_kopecks": 10_000}, {"price_kopecks": 12_000})
SHOWN = Undone({"hidden": False}, {"hidden": True})
NOT_SHOWN = Undone({"hidden": True}, {"hidden": False})


def plan(
    shop: PretendShop, *goods: SourceProduct, undone: Undone | None = None, rules: Rules = RULES, **more: Any
) -> SyncResult:
    context = shop.context(goods, rules=rules, **more)
    return sync_user(replace(context, undone={CUP.key: undone} if undone else {}))


def shop_with(*goods: SourceProduct) -> PretendShop:
    shop = PretendShop()
    shop.apply(plan(shop, *goods))
    for one in goods:
        shop.listings[one.key] = replace(shop.listings[one.key], last_known=one)
    return shop


def only_item(shop: PretendShop) -> Any:
    [item] = shop.items.values()
    return item


def test_vk_gets_the_old_price_back_and_keeps_it() -> None:
    shop = shop_with(DEARER)
    shop.apply(plan(shop, DEARER, undone=PRICE))
    assert only_item(shop).price_kopecks == 10_000
    again = plan(shop, DEARER, undone=PRICE)
    assert (again.actions, again.ended_undone) == ((), {})


def test_a_new_price_of_the_till_ends_it() -> None:
    shop = shop_with(DEARER)
    shop.apply(plan(shop, DEARER, undone=PRICE))
    found = plan(shop, replace(CUP, price=Decimal(130)), undone=PRICE)
    assert found.ended_undone == {CUP.key: {"price_kopecks"}}
    shop.apply(found)
    assert only_item(shop).price_kopecks == 13_000


def test_a_price_that_comes_back_by_itself_ends_it() -> None:
    shop = shop_with(DEARER)
    found = plan(shop, CUP, undone=PRICE)
    assert found.ended_undone == {CUP.key: {"price_kopecks"}}


def test_the_other_fields_follow_the_till() -> None:
    shop = shop_with(DEARER)
    shop.apply(plan(shop, replace(DEARER, quantity=Decimal(2)), undone=PRICE))
    assert (only_item(shop).price_kopecks, only_item(shop).stock) == (10_000, 2)


def test_a_description_that_names_the_price_names_the_old_one() -> None:
    rules = replace(RULES, description_template="Цена {price}")
    shop = PretendShop()
    shop.apply(plan(shop, DEARER, rules=rules))
    shop.apply(plan(shop, DEARER, undone=PRICE, rules=rules))
    assert "100" in only_item(shop).description


def test_what_the_run_made_is_hidden_and_comes_back_when_it_is_released() -> None:
    shop = shop_with(CUP)
    found = plan(shop, CUP, undone=NOT_SHOWN)
    assert [(one.kind, one.reason) for one in found.actions] == [(ActionKind.HIDE, Reason.UNDONE)]
    shop.apply(found)
    assert plan(shop, CUP, undone=NOT_SHOWN).actions == ()
    shop.apply(plan(shop, CUP))
    assert not only_item(shop).hidden


def test_what_the_merchant_took_out_stays_out_when_it_is_sold_out_and_restocked() -> None:
    rules = replace(RULES, out_of_stock=OutOfStock.HIDE)
    shop = shop_with(CUP)
    for quantity in (5, 0, 7):
        found = plan(shop, replace(CUP, quantity=Decimal(quantity)), undone=NOT_SHOWN, rules=rules)
        assert found.ended_undone == {}
        shop.apply(found)
        assert only_item(shop).hidden
    shop.apply(plan(shop, replace(CUP, quantity=Decimal(7)), rules=rules))
    assert not only_item(shop).hidden


def test_no_item_is_made_of_what_the_merchant_took_out() -> None:
    shop = shop_with(CUP)
    shop.apply(plan(shop, CUP, undone=NOT_SHOWN))
    shop.items.clear()
    found = plan(shop, CUP, undone=NOT_SHOWN)
    assert found.actions == ()
    assert [(one.key, one.name, one.reason) for one in found.skipped] == [
        (CUP.key, CUP.name, Reason.KEPT_OUT)
    ]
    assert found.ended_undone == {}
    shop.apply(found)
    assert [one.kind for one in plan(shop, CUP).actions] == [ActionKind.CREATE]


def test_what_else_is_kept_of_it_ends_as_ever() -> None:
    shop = shop_with(DEARER)
    both = Undone({**PRICE.kept, "hidden": True}, {**PRICE.instead_of, "hidden": False})
    found = plan(shop, replace(CUP, price=Decimal(130)), undone=both)
    assert found.ended_undone == {CUP.key: {"price_kopecks"}}
    shop.apply(found)
    assert (only_item(shop).price_kopecks, only_item(shop).hidden) == (13_000, True)


def test_an_item_whose_product_left_is_shown_again_and_stays() -> None:
    shop = shop_with(CUP)
    shop.apply(plan(shop))
    assert only_item(shop).hidden
    found = plan(shop, undone=SHOWN)
    assert [(one.kind, one.reason) for one in found.actions] == [(ActionKind.RESTORE, Reason.UNDONE)]
    shop.apply(found)
    assert not only_item(shop).hidden
    assert plan(shop, undone=SHOWN).actions == ()
    assert [one.kind for one in plan(shop).actions] == [ActionKind.HIDE]


def test_when_it_is_back_in_the_till_the_till_decides() -> None:
    shop = shop_with(CUP)
    shop.apply(plan(shop))
    shop.apply(plan(shop, undone=SHOWN))
    found = plan(shop, CUP, undone=SHOWN)
    assert found.ended_undone == {CUP.key: {"hidden"}}


def test_what_a_filter_left_out_is_shown_again() -> None:
    shop = shop_with(CUP)
    out = Filter(EntityType.PRODUCT, CUP.key.product_id, FilterMode.EXCLUDE)
    shop.apply(plan(shop, CUP, filters=[out]))
    shop.apply(plan(shop, CUP, filters=[out], undone=SHOWN))
    assert not only_item(shop).hidden


@pytest.mark.parametrize("changes", [{"name": "Сигареты Kent 8"}, {"type": "ALCOHOL_MARKED"}])
def test_what_vk_forbids_is_not_shown_again(changes: dict[str, Any]) -> None:
    shop = shop_with(CUP)
    forbidden = replace(CUP, **changes)
    shop.apply(plan(shop, forbidden))
    assert only_item(shop).hidden
    assert plan(shop, forbidden, undone=SHOWN).actions == ()


def test_sold_out_goods_are_shown_again_where_that_is_undone() -> None:
    rules = replace(RULES, out_of_stock=OutOfStock.HIDE)
    shop = shop_with(CUP)
    sold_out = replace(CUP, quantity=Decimal(0))
    shop.apply(plan(shop, sold_out, rules=rules))
    shop.apply(plan(shop, sold_out, rules=rules, undone=SHOWN))
    assert not only_item(shop).hidden
    assert plan(shop, sold_out, rules=rules, undone=SHOWN).actions == ()


def test_a_product_that_is_out_for_a_day_ends_nothing() -> None:
    shop = shop_with(DEARER)
    assert plan(shop, undone=PRICE).ended_undone == {}


def test_what_the_merchant_wrote_in_vk_later_stays() -> None:
    shop = shop_with(CUP)
    item = only_item(shop)
    shop.items[item.item_id] = replace(item, title="Моя чашка")
    title = Undone({"title": "Старая чашка"}, {"title": item.title})
    found = plan(shop, CUP, undone=title)
    assert found.actions == ()
    assert found.merchant_fields == {CUP.key: {"title"}}


def test_goods_that_are_out_hold_up_no_others() -> None:
    saucer = replace(product(2), price=Decimal(120))
    shop = shop_with(saucer)
    context = shop.context([saucer], rules=RULES)
    found = sync_user(replace(context, undone={CUP.key: PRICE, saucer.key: PRICE}))
    assert found.desired[saucer.key].price_kopecks == 10_000


def test_pictures_are_kept_together_and_none_is_shown_twice() -> None:
    first, second, third = "a" * 64, "b" * 64, "c" * 64
    order = Undone({"photo_key": first, "more_photos": []}, {"photo_key": second, "more_photos": [first]})
    shop = shop_with(CUP)
    wanted = replace(CUP, photo_keys=(second, first))
    kept = plan(shop, wanted, undone=order).desired[CUP.key]
    assert (kept.photo_key, kept.more_photos) == (first, ())
    more = plan(shop, replace(CUP, photo_keys=(second, first, third)), undone=order)
    assert (more.desired[CUP.key].photo_key, more.desired[CUP.key].more_photos) == (second, (first, third))
    assert more.ended_undone == {CUP.key: {"photo_key", "more_photos"}}
    main = Undone({"photo_key": first}, {"photo_key": second})
    kept = plan(shop, wanted, undone=main).desired[CUP.key]
    assert (kept.photo_key, kept.more_photos) == (first, ())


AT_ONCE = replace(RULES, removal=Removal.DELETE)
OUT = Filter(EntityType.PRODUCT, CUP.key.product_id, FilterMode.EXCLUDE)


def removed_by_a_run(shop: PretendShop, *goods: SourceProduct, **more: Any) -> Undone:
    """Let a run remove the cup; return what undoing that run keeps."""
    listing = shop.listings[CUP.key]
    assert listing.item_id is not None
    shop.apply(plan(shop, *goods, rules=AT_ONCE, **more))
    assert CUP.key not in shop.listings
    removed = RemovedItem(listing.item_id, listing.sent, merchant_fields=listing.merchant_fields)
    kept, instead = {"item": {}, "hidden": bool(listing.sent and listing.sent.hidden)}, {"item": None}
    return Undone(kept, instead | {"hidden": True}, removed)


def test_a_removed_item_whose_product_left_comes_back_as_it_was_and_stays() -> None:
    shop = shop_with(CUP)
    before = only_item(shop)
    undone = removed_by_a_run(shop)
    found = plan(shop, rules=AT_ONCE, undone=undone)
    assert [(one.kind, one.item_id, one.reason) for one in found.actions] == [
        (ActionKind.CREATE, before.item_id, Reason.UNDONE)
    ]
    shop.apply(found)
    assert only_item(shop) == before
    assert plan(shop, rules=AT_ONCE, undone=undone).actions == ()
    assert [one.kind for one in plan(shop, rules=AT_ONCE).actions] == [ActionKind.REMOVE]


def test_an_item_that_was_hidden_comes_back_hidden_and_is_not_removed_for_its_age() -> None:
    shop = shop_with(CUP)
    shop.apply(plan(shop))
    undone = removed_by_a_run(shop)
    shop.apply(plan(shop, undone=undone))
    assert only_item(shop).hidden
    long_ago = replace(shop.listings[CUP.key], hidden_since=NOW - timedelta(days=90))
    shop.listings[CUP.key] = long_ago
    assert plan(shop, undone=undone).actions == ()
    assert [one.kind for one in plan(shop).actions] == [ActionKind.REMOVE]


def test_goods_that_are_wanted_again_get_their_removed_item_back_and_then_follow_the_till() -> None:
    shop = shop_with(CUP)
    before = only_item(shop)
    undone = removed_by_a_run(shop, CUP, filters=[OUT])
    found = plan(shop, DEARER, undone=undone)
    assert ([one.item_id for one in found.actions], found.ended_undone) == (
        [before.item_id],
        {CUP.key: frozenset({"hidden"})},
    )
    shop.apply(found)
    found = plan(shop, DEARER, undone=undone)
    assert found.ended_undone == {CUP.key: {"item", "hidden"}}
    shop.apply(found)
    assert only_item(shop) == replace(before, price_kopecks=12_000)


def test_what_the_merchant_wrote_into_a_removed_item_comes_back_with_it() -> None:
    shop = shop_with(CUP)
    item = only_item(shop)
    shop.items[item.item_id] = replace(item, title="Моя чашка")
    shop.apply(plan(shop, CUP))
    undone = removed_by_a_run(shop, CUP, filters=[OUT])
    for _ in range(2):
        shop.apply(plan(shop, CUP, undone=undone))
    assert only_item(shop).title == "Моя чашка"


@pytest.mark.parametrize("changes", [{"name": "Сигареты Kent 8"}, {"type": "ALCOHOL_MARKED"}])
def test_a_removed_item_that_vk_forbids_does_not_come_back(changes: dict[str, Any]) -> None:
    shop = shop_with(CUP)
    forbidden = replace(CUP, **changes)
    undone = removed_by_a_run(shop, forbidden)
    assert plan(shop, forbidden, undone=undone).actions == ()


CIGARETTES = replace(CUP, name="Сигареты Kent 8")


@pytest.mark.parametrize("gone", [True, False])
@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Сигареты Kent 8"},
        {"type": "ALCOHOL_MARKED"},
        {"allow_to_sell": False},
        {"name": "Ромашка", "group_id": "untold"},
    ],
)
def test_what_vk_forbids_is_not_shown_for_having_left_or_for_a_filter(
    changes: dict[str, Any], *, gone: bool
) -> None:
    shop = shop_with(CUP)
    refused = replace(CUP, **changes)
    shop.apply(plan(shop))
    shop.listings[CUP.key] = replace(shop.listings[CUP.key], last_known=refused)
    goods, filters = ([], []) if gone else ([refused], [OUT])
    assert plan(shop, *goods, filters=filters, undone=SHOWN).actions == ()
    undone = removed_by_a_run(shop, *goods, filters=filters)
    context = replace(shop.context(goods, rules=RULES, filters=filters), gone_products=(refused,) * gone)
    assert sync_user(replace(context, undone={CUP.key: undone})).actions == ()


def test_what_stays_shown_is_hidden_once_vk_forbids_it() -> None:
    shop = shop_with(CUP)
    shop.apply(plan(shop, CUP, filters=[OUT]))
    shop.apply(plan(shop, CUP, filters=[OUT], undone=SHOWN))
    found = plan(shop, CIGARETTES, filters=[OUT], undone=SHOWN)
    assert [(one.kind, one.reason) for one in found.actions] == [(ActionKind.HIDE, Restriction.TOBACCO)]


def test_the_group_that_left_with_its_goods_tells_that_vk_forbids_them() -> None:
    group = SourceGroup(GroupKey(CUP.key.store_id, "smoke"), "Сигареты")
    shop = shop_with(CUP)
    shop.apply(plan(shop))
    in_group = replace(CUP, name="Kent 8", group_id="smoke")
    shop.listings[CUP.key] = replace(shop.listings[CUP.key], last_known=in_group)
    context = replace(shop.context([], rules=RULES), undone={CUP.key: SHOWN}, gone_groups=(group,))
    assert sync_user(context).actions == ()


@pytest.mark.parametrize("price", [90, 190])
def test_a_price_that_nobody_took_back_is_beside_no_old_price_that_somebody_did(price: int) -> None:
    names = ("price_kopecks", "old_price_kopecks")
    promotion = Undone(
        dict(zip(names, (5_000, 10_000), strict=True)), dict(zip(names, (10_000, 0), strict=True))
    )
    shop = shop_with(replace(CUP, price=Decimal(100)))
    shop.apply(plan(shop, CUP, undone=promotion))
    assert (only_item(shop).price_kopecks, only_item(shop).old_price_kopecks) == (5_000, 10_000)
    found = plan(shop, replace(CUP, price=Decimal(price)), undone=promotion)
    assert found.ended_undone == {CUP.key: set(names)}
    shop.apply(found)
    assert (only_item(shop).price_kopecks, only_item(shop).old_price_kopecks) == (price * 100, 0)


def test_no_old_price_stays_that_the_price_reaches() -> None:
    crossed_out = Undone({"old_price_kopecks": 11_000}, {"old_price_kopecks": 0})
    shop = shop_with(CUP)
    shop.apply(plan(shop, CUP, undone=crossed_out))
    assert only_item(shop).old_price_kopecks == 11_000
    shop.apply(plan(shop, DEARER, undone=crossed_out))
    assert (only_item(shop).price_kopecks, only_item(shop).old_price_kopecks) == (12_000, 0)


def test_an_item_that_the_merchant_removed_after_it_came_back_stays_removed() -> None:
    shop = shop_with(CUP)
    undone = removed_by_a_run(shop)
    shop.apply(plan(shop, rules=AT_ONCE, undone=undone))
    shop.items.clear()
    found = plan(shop, rules=AT_ONCE, undone=undone)
    assert (found.actions, found.ended_undone) == ((), {CUP.key: frozenset({"item", "hidden"})})


def test_an_item_whose_return_was_never_confirmed_is_asked_back_again_without_a_question() -> None:
    shop = shop_with(CUP, product(2))
    undone = removed_by_a_run(shop, product(2))
    assert undone.removed
    assert undone.removed.sent
    begun = replace(undone.removed.sent, hidden=None)
    shop.listings[CUP.key] = Listing(CUP.key, stamp(CUP.key), undone.removed.item_id, begun)
    found = plan(shop, product(2), rules=replace(AT_ONCE, brake_items=0, brake_percent=0), undone=undone)
    assert [one.item_id for one in found.actions] == [undone.removed.item_id]
    assert QuestionCode.MANY_LOST_IN_VK not in [one.code for one in found.questions]


def test_an_item_of_another_listing_is_not_asked_back() -> None:
    other = product(2)
    shop = shop_with(CUP, other)
    undone = removed_by_a_run(shop, other)
    taken = shop.listings[other.key].item_id
    assert taken is not None
    undone = replace(undone, removed=RemovedItem(taken, undone.removed.sent if undone.removed else None))
    assert plan(shop, other, rules=AT_ONCE, undone=undone).returning == {}


def test_what_comes_back_needs_room_in_the_shop() -> None:
    shop = shop_with(CUP, product(2))
    undone = removed_by_a_run(shop, product(2))
    context = shop.context([product(2)], rules=AT_ONCE)
    full = replace(context, limits=replace(context.limits, items=1), undone={CUP.key: undone})
    assert sync_user(full).actions == ()


@pytest.mark.parametrize("name", [CUP.name, "Совсем другое"])
def test_what_is_undone_follows_the_item_to_the_same_goods_under_another_id(name: str) -> None:
    coded = replace(DEARER, barcodes=("4600000000017",))
    shop = shop_with(coded)
    shop.apply(plan(shop, coded, undone=PRICE))
    again = replace(coded, key=product(7).key, name=name)
    found = plan(shop, again, undone=PRICE)
    shop.apply(found)
    is_same = name == CUP.name
    assert only_item(shop).price_kopecks == (10_000 if is_same else 12_000)
    [match] = found.matches
    assert (match.old_key, match.key, match.reset_to is None) == (CUP.key, again.key, is_same)
    assert follow_items({CUP.key: PRICE}, found.matches) == ({again.key: PRICE} if is_same else {})


def cups(first: str, second: str, **changes: Any) -> list[SourceProduct]:
    return [replace(product(n), name=name, **changes) for n, name in ((1, first), (2, second))]


@pytest.mark.parametrize(
    ("changes", "told"),
    [({"article": "77"}, "Чашка белая (77)"), ({}, f"Чашка белая ({stamp(CUP.key)})")],
)
def test_a_title_that_another_product_has_by_now_is_told_from_it(changes: dict[str, Any], told: str) -> None:
    """The till renamed the first, gave its old name to the second, and the first rename is undone."""
    back = Undone({"title": "Чашка белая"}, {"title": "Чашка алая"})
    shop = shop_with(*cups("Чашка белая", "Чашка синяя", **changes))
    now = cups("Чашка алая", "Чашка белая", **changes)
    shop.apply(plan(shop, *now))
    shop.apply(plan(shop, *now, undone=back))
    assert sorted(item.title for item in shop.items.values()) == ["Чашка белая", told]
    assert plan(shop, *now, undone=back).actions == ()
    other = cups("Чашка алая", "Чашка синяя", **changes)
    shop.apply(plan(shop, *other, undone=back))
    assert sorted(item.title for item in shop.items.values()) == ["Чашка белая", "Чашка синяя"]


def test_two_kept_titles_are_told_apart_once_the_till_tells_them_apart() -> None:
    shop = shop_with(*cups("Чашка", "Чашка"))
    now = cups("Чашка алая", "Чашка синяя")
    shop.apply(plan(shop, *now))
    undone = {
        one.key: Undone({"title": "Чашка"}, {"title": shop.items[shop.listings[one.key].item_id or 0].title})
        for one in now
    }
    shop.apply(sync_user(replace(shop.context(now, rules=RULES), undone=undone)))
    assert len({item.title for item in shop.items.values()}) == 2


def test_goods_of_one_name_share_a_kept_title() -> None:
    shop = shop_with(*cups("Чашка белая", "Чашка белая"))
    now = cups("Чашка алая", "Чашка алая")
    shop.apply(plan(shop, *now))
    back = Undone({"title": "Чашка белая"}, {"title": "Чашка алая"})
    undone = dict.fromkeys((one.key for one in now), back)
    shop.apply(sync_user(replace(shop.context(now, rules=RULES), undone=undone)))
    assert {item.title for item in shop.items.values()} == {"Чашка белая"}


@pytest.mark.parametrize("removal", [Removal.HIDE, Removal.DELETE])
@pytest.mark.parametrize("left", [0, 20])
def test_many_goods_that_come_back_by_an_undo_are_asked_about(removal: Removal, left: int) -> None:
    goods = [product(number) for number in range(6 + left)]
    rules = replace(RULES, removal=removal)
    shop = shop_with(*goods)
    listings = {one.key: shop.listings[one.key] for one in goods[:6]}
    shop.apply(plan(shop, *goods[6:], rules=rules))
    undone = {}
    for key, listing in listings.items():
        removed = RemovedItem(listing.item_id or 0, listing.sent)
        undone[key] = (
            SHOWN
            if removal is Removal.HIDE
            else Undone({"item": {}, "hidden": False}, {"item": None, "hidden": True}, removed)
        )

    def asked(few: int, number: int) -> list[tuple[QuestionCode, int, int]]:
        careful = replace(rules, brake_items=few, brake_percent=0)
        taken_back = dict(list(undone.items())[:number])
        found = sync_user(replace(shop.context(goods[6:], rules=careful), undone=taken_back))
        assert len(found.actions) == number
        return [(one.code, one.count, one.total) for one in found.questions]

    assert asked(5, 6) == [(QuestionCode.MANY_RETURNING, 6, left)]
    assert asked(6, 6) == []
    assert asked(5, 5) == []


def test_what_was_taken_back_says_where_the_item_stays() -> None:
    removed = Undone({"hidden": True, "item": True}, {"hidden": False})

    assert [needs_no_item(one) for one in (NOT_SHOWN, removed, SHOWN, PRICE, None)] == [
        True,
        False,
        False,
        False,
        False,
    ]
    assert [stays_out(one) for one in (NOT_SHOWN, removed, SHOWN, None)] == [True, True, False, False]
    assert stays_shown(SHOWN, Reason.GONE)
    assert not stays_shown(SHOWN, Reason.NO_PRICE)
    assert not stays_shown(NOT_SHOWN, Reason.GONE)
    assert stays_in_vk(removed, Reason.RULE)
    assert not stays_in_vk(removed, Reason.NO_PRICE)
    assert not stays_in_vk(SHOWN, Reason.RULE)


@pytest.mark.parametrize(
    ("kept", "instead_of", "hidden"), [(False, True, False), (True, False, True), (True, True, True)]
)
def test_what_an_undone_run_kept_shown_or_hidden_counts_while_the_rules_want_the_same(
    *, kept: bool, instead_of: bool, hidden: bool
) -> None:
    one = Undone({"hidden": kept}, {"hidden": instead_of})
    assert keeps_hidden(one, hidden=instead_of) is hidden
    assert keeps_hidden(one, hidden=not instead_of) is not instead_of
    assert keeps_hidden(None, hidden=hidden) is hidden
    assert keeps_hidden(Undone({"title": "a"}, {"title": "b"}), hidden=hidden) is hidden


@pytest.mark.parametrize("hidden", [True, False])
def test_a_removed_item_of_which_only_the_removal_was_undone_comes_back_as_it_was(*, hidden: bool) -> None:
    sent = replace(plan(PretendShop(), CUP).desired[CUP.key], hidden=hidden)
    found = brought_back(Undone({"item": {}}, {"item": None}, RemovedItem(7, sent)))
    assert found == sent
