"""Which albums a shop has: kept, renamed, removed or left out, on paper."""

from dataclasses import replace
from datetime import timedelta

from syncing.core.planner import sync_user
from syncing.core.records import AlbumRefusal, GroupKey, Listing, Rules, SourceGroup, SyncContext, SyncResult
from tests.unit.core.shop import LIMITS, NOW, STORE, PretendShop, product

RULES = Rules(brake_items=10_000, default_category_id=1)


def group(name: str, number: int) -> SourceGroup:
    return SourceGroup(GroupKey(STORE, f"group-{number}"), name)


def shop_of(groups: list[SourceGroup], per_group: int = 2) -> tuple[PretendShop, SyncContext]:
    """Return a shop whose products are all in VK, each in the album of its group."""
    shop = PretendShop()
    shop.albums = {one.name.casefold(): number for number, one in enumerate(groups, 501)}
    context = context_of(shop, groups, per_group)
    shop.apply(sync_user(context))
    return shop, context_of(shop, groups, per_group)


def context_of(shop: PretendShop, groups: list[SourceGroup], per_group: int = 2) -> SyncContext:
    goods = [
        product(number * 100 + place, group_id=one.key.group_id)
        for number, one in enumerate(groups)
        for place in range(per_group)
    ]
    counts = dict.fromkeys(shop.albums.values(), 0)
    for item in shop.items.values():
        for pk in item.album_ids or ():
            counts[pk] = counts.get(pk, 0) + 1
    context = shop.context(goods, rules=RULES, groups=groups)
    return replace(context, own_albums=dict(shop.albums), album_counts=counts)


def unfiled() -> tuple[PretendShop, Listing]:
    """Return a shop whose one item is not in the album of its group, and its listing."""
    shop, _ = shop_of([group("Чай", 1)], per_group=1)
    item_id, item = next(iter(shop.items.items()))
    shop.items[item_id] = replace(item, album_ids=())
    return shop, next(iter(shop.listings.values()))


def kinds(plan: SyncResult) -> list[set[str]]:
    return [set(action.changes) for action in plan.actions]


def test_the_album_of_a_renamed_group_follows_it_in_one_call() -> None:
    shop, _ = shop_of([group("Чай", 1), group("Кофе", 2)])
    plan = sync_user(context_of(shop, [group("Чай и сборы", 1), group("Кофе", 2)]))
    assert [(rename.old_key, rename.title) for rename in plan.albums.renames] == [("чай", "Чай и сборы")]
    assert plan.actions == ()
    assert plan.albums.removals == ()


def test_an_album_that_we_did_not_make_is_neither_renamed_nor_removed() -> None:
    shop, _ = shop_of([group("Чай", 1)])
    context = replace(context_of(shop, [group("Кофе", 1)]), own_albums={})
    plan = sync_user(context)
    assert (plan.albums.renames, plan.albums.removals) == ((), ())


def test_an_empty_album_of_ours_that_nobody_needs_is_removed_and_makes_room() -> None:
    _, context = shop_of([group("Чай", 1)])
    albums = {"чай": 501, "старый": 502}
    context = replace(
        context,
        albums=albums,
        own_albums=albums,
        album_counts={501: 2, 502: 0},
        limits=replace(LIMITS, albums=2),
    )
    assert sync_user(context).albums.removals == (("старый", 502),)


def test_where_there_are_more_groups_than_albums_the_biggest_groups_get_them() -> None:
    groups = [group(f"Группа {number}", number) for number in range(1, 5)]
    goods = [
        product(number * 100 + place, group_id=f"group-{number}")
        for number in range(1, 5)
        for place in range(number)
    ]
    context = PretendShop().context(goods, rules=RULES, groups=groups)
    plan = sync_user(replace(context, limits=replace(LIMITS, albums=2)))
    assert plan.albums.left_out == {"Группа 1": 1, "Группа 2": 2}
    assert {item.album for item in plan.desired.values()} == {"", "Группа 3", "Группа 4"}


def test_a_refused_album_is_asked_for_again_after_a_day() -> None:
    shop, listing = unfiled()
    for age, expected in ((timedelta(hours=23), []), (timedelta(hours=25), [{"album"}])):
        shop.listings[listing.key] = replace(listing, album_refusal=AlbumRefusal("чай", NOW - age))
        assert kinds(sync_user(context_of(shop, [group("Чай", 1)], 1))) == expected


def test_a_refused_album_is_asked_for_at_once_where_the_product_moves_to_another_group() -> None:
    shop, _ = shop_of([group("Чай", 1), group("Кофе", 2)], per_group=1)
    key, listing = next(iter(shop.listings.items()))
    shop.listings[key] = replace(listing, album_refusal=AlbumRefusal("вода", NOW))
    item_id = listing.item_id or 0
    shop.items[item_id] = replace(shop.items[item_id], album_ids=())
    assert kinds(sync_user(context_of(shop, [group("Чай", 1), group("Кофе", 2)], 1))) == [{"album"}]


def test_a_full_album_is_asked_for_again_once_it_holds_less() -> None:
    shop, listing = unfiled()
    refusal = AlbumRefusal("чай", NOW - timedelta(days=2), held=7)
    shop.listings[listing.key] = replace(listing, album_refusal=refusal)
    context = context_of(shop, [group("Чай", 1)], 1)
    assert kinds(sync_user(replace(context, album_counts={501: 7}))) == []
    assert kinds(sync_user(replace(context, album_counts={501: 6}))) == [{"album"}]


def test_an_album_that_an_earlier_release_gave_up_is_asked_for_again() -> None:
    shop, listing = unfiled()
    shop.listings[listing.key] = replace(listing, merchant_fields=frozenset({"album"}))
    plan = sync_user(context_of(shop, [group("Чай", 1)], 1))
    assert kinds(plan) == [{"album"}]
    assert plan.merchant_fields == {listing.key: frozenset()}


def test_long_hidden_items_make_room_for_new_ones() -> None:
    shop = PretendShop()
    old = [product(number) for number in range(6)]
    shop.apply(sync_user(shop.context(old, rules=RULES)))
    for number, (key, listing) in enumerate(list(shop.listings.items())[:3]):
        item_id = listing.item_id or 0
        shop.items[item_id] = replace(shop.items[item_id], hidden=True)
        shop.listings[key] = replace(listing, hidden_since=NOW - timedelta(days=3 - number))
    goods = [*old[3:], *(product(number) for number in range(10, 15))]
    context = replace(shop.context(goods, rules=RULES), limits=replace(LIMITS, items=8))
    plan = sync_user(context)
    # Two places are free, three more are made; nothing is left out, and room comes before what needs it.
    assert [action.kind for action in plan.actions] == ["remove"] * 3 + ["create"] * 5
    assert [skip.reason for skip in plan.skipped] == []
    tight = sync_user(replace(context, limits=replace(LIMITS, items=7)))
    assert [skip.reason for skip in tight.skipped] == ["limit"]
