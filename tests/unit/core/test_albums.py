"""Which albums a shop has: kept, renamed, removed or left out, on paper."""

from dataclasses import replace
from datetime import timedelta

import pytest

from syncing.core.albums import may_enter, misplaced
from syncing.core.choices import ActionKind, AlbumStep
from syncing.core.planner import sync_user
from syncing.core.records import (
    AlbumPlan,
    AlbumRefusal,
    GroupKey,
    Listing,
    Rules,
    ShopRefusal,
    SourceGroup,
    SyncContext,
    SyncResult,
)
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


TEA, COFFEE = group("Чай", 1), group("Кофе", 2)
A_DAY = timedelta(days=1)


def with_hidden(new: int = 1, **limits: int) -> tuple[PretendShop, SyncContext]:
    """Return a shop with four items in one album, of which the last two are hidden, and new goods for it."""
    shop, _ = shop_of([TEA], per_group=4)
    for number, days in ((2, 3), (3, 5)):
        key = product(number).key
        listing = shop.listings[key]
        shop.listings[key] = replace(listing, hidden_since=NOW - timedelta(days=days))
        item_id = listing.item_id or 0
        shop.items[item_id] = replace(shop.items[item_id], hidden=True)
    goods = [product(number, group_id="group-1") for number in (0, 1, *range(50, 50 + new))]
    context = shop.context(goods, rules=RULES, groups=[TEA])
    return shop, replace(
        context, own_albums={"чай": 501}, album_counts={501: 4}, limits=replace(LIMITS, **limits)
    )


def evicted(context: SyncContext) -> list[str]:
    return [key.product_id for key, pk in sync_user(context).albums.evictions if pk == 501]


@pytest.mark.parametrize(
    ("new", "places", "leaving"),
    [
        (1, 4, ["product-3"]),
        (2, 4, ["product-3", "product-2"]),
        (5, 4, ["product-3", "product-2"]),
        (1, 5, []),
        (2, 5, ["product-3"]),
        # VK may hold more than it says.
        (1, 3, ["product-3"]),
        (0, 4, []),
    ],
)
def test_the_longest_hidden_goods_leave_a_full_album_for_new_ones(
    new: int, places: int, leaving: list[str]
) -> None:
    _, context = with_hidden(new, items_per_album=places)
    assert evicted(context) == leaving


def test_places_that_hidden_goods_leave_are_free() -> None:
    _, context = with_hidden(1, items_per_album=4)
    assert sync_user(context).albums.held == {"чай": 3}


@pytest.mark.parametrize(
    ("age", "held", "leaving"), [(6, 4, ["product-3"]), (7, 4, []), (6, 5, []), (6, None, [])]
)
def test_an_album_is_as_full_as_vk_said_of_late(age: int, held: int | None, leaving: list[str]) -> None:
    shop, context = with_hidden(1)
    refusal = AlbumRefusal("чай", NOW - age * A_DAY, held)
    listings = [
        replace(one, album_refusal=refusal) if one.key == product(0).key else one for one in context.listings
    ]
    assert evicted(replace(context, listings=tuple(listings))) == leaving
    # The smallest number counts.
    later = AlbumRefusal("чай", NOW, 9)
    listings = [replace(one, album_refusal=later) if one.key == product(1).key else one for one in listings]
    assert evicted(replace(context, listings=tuple(listings))) == leaving
    assert shop.albums == {"чай": 501}


def test_goods_in_vk_that_are_not_in_their_album_wait_for_a_place_too() -> None:
    shop, context = with_hidden(0, items_per_album=4)
    item_id = shop.listings[product(0).key].item_id or 0
    shop.items[item_id] = replace(shop.items[item_id], album_ids=None)
    items = tuple(shop.items.values())
    assert evicted(replace(context, channel_items=items)) == ["product-3"]


def crowded(sizes: dict[str, int], **context: object) -> AlbumPlan:
    """Return the plan for groups of these sizes where VK has albums `а` and `б` of ours, and room for two."""
    groups = [group(name, number) for number, name in enumerate(sizes)]
    goods = [
        product(number * 100 + place, group_id=one.key.group_id)
        for number, one in enumerate(groups)
        for place in range(sizes[one.name])
    ]
    shop = PretendShop(albums={"а": 501, "б": 502})
    made = replace(
        shop.context(goods, rules=RULES, groups=groups),
        own_albums={"а": 501, "б": 502},
        album_counts={501: 0, 502: 0},
        limits=replace(LIMITS, albums=2),
    )
    return sync_user(replace(made, **context)).albums  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("size", "removed", "left_out"),
    [(5, [], {"В": 5}), (6, [("а", 501)], {"А": 3}), (9, [("а", 501)], {"А": 3})],
)
def test_a_group_takes_the_album_of_one_that_it_has_clearly_outgrown(
    size: int, removed: list[tuple[str, int]], left_out: dict[str, int]
) -> None:
    plan = crowded({"А": 3, "Б": 40, "В": size})
    assert (list(plan.removals), plan.left_out) == (removed, left_out)
    assert ("а" in plan.known) == (not removed)


@pytest.mark.parametrize(("size", "swaps"), [(14, 0), (15, 1)])
def test_a_big_group_must_be_half_as_big_again(size: int, swaps: int) -> None:
    assert len(crowded({"А": 10, "Б": 40, "В": size}).removals) == swaps


def test_an_album_into_which_others_have_put_items_is_not_taken() -> None:
    plan = crowded({"А": 1, "Б": 40, "В": 9}, album_counts={501: 1, 502: 0})
    assert (plan.removals, plan.left_out) == ((), {"В": 9})
    plan = crowded({"А": 1, "Б": 40, "В": 9}, own_albums={"б": 502})
    assert (plan.removals, plan.left_out) == ((), {"В": 9})


def test_at_most_three_albums_change_hands_in_one_plan() -> None:
    names = {f"мала{number}": 500 + number for number in range(4)}
    sizes = {name.capitalize(): 1 for name in names} | {f"Велика{number}": 9 for number in range(4)}
    groups = [group(name, number) for number, name in enumerate(sizes)]
    goods = [
        product(number * 100 + place, group_id=one.key.group_id)
        for number, one in enumerate(groups)
        for place in range(sizes[one.name])
    ]
    context = replace(
        PretendShop(albums=names).context(goods, rules=RULES, groups=groups),
        own_albums=names,
        album_counts=dict.fromkeys(names.values(), 0),
        limits=replace(LIMITS, albums=4),
    )
    plan = sync_user(context).albums
    assert plan.removals == (("мала0", 500), ("мала1", 501), ("мала2", 502))
    assert plan.left_out == {"Мала0": 1, "Мала1": 1, "Мала2": 1, "Велика3": 9}


def test_an_album_of_hidden_goods_alone_goes_before_any_other() -> None:
    shop, context = with_hidden(0)
    hidden_only = tuple(
        replace(item, album_ids=(502,) if item.hidden else (501,)) for item in shop.items.values()
    )
    goods = (*context.products, product(900, group_id="group-2"))
    context = replace(
        context,
        products=goods,
        groups=(TEA, COFFEE),
        channel_items=hidden_only,
        albums={"чай": 501, "старый": 502},
        own_albums={"чай": 501, "старый": 502},
        album_counts={501: 2, 502: 2},
        limits=replace(LIMITS, albums=2),
    )
    plan = sync_user(context).albums
    assert (plan.removals, plan.left_out) == ((("старый", 502),), {})
    assert plan.known == {"чай": 501}
    # With an item of somebody else's in it, it stays; so it does where there is room.
    shared = sync_user(replace(context, album_counts={501: 2, 502: 3})).albums
    assert (shared.removals, shared.left_out) == ((), {"Кофе": 1})
    assert sync_user(replace(context, limits=replace(LIMITS, albums=3))).albums.removals == ()


@pytest.mark.parametrize(
    ("step", "subject", "title"),
    [(AlbumStep.MAKE, "кофе", "Кофе"), (AlbumStep.RENAME, "501", "Кофе"), (AlbumStep.REMOVE, "501", "чай")],
)
@pytest.mark.parametrize(("days", "stands"), [(6, True), (7, False)])
def test_a_refused_step_is_not_asked_for_again_for_a_week(
    step: AlbumStep, subject: str, title: str, days: int, *, stands: bool
) -> None:
    per_group = 1 if step is AlbumStep.RENAME else 0
    shop, _ = shop_of([TEA], per_group=1)
    context = context_of(shop, [COFFEE], 1)
    if step is AlbumStep.RENAME:
        goods = tuple(replace(one, group_id="group-2") for one in context.products)
        context = replace(context, products=goods)
    elif step is AlbumStep.REMOVE:
        context = replace(
            context, products=(), album_counts={501: 0}, channel_items=(), listings=(), groups=()
        )
    else:
        context = replace(context, albums={}, own_albums={}, album_counts={}, channel_items=(), listings=())
    refusal = ShopRefusal(step, subject, title, NOW - days * A_DAY, "vk.1")
    plan = sync_user(replace(context, shop_refusals=(refusal,)))
    assert plan.albums.refused == ((refusal,) if stands else ())
    assert len(plan.albums.renames) == (per_group and not stands)
    assert plan.albums.under_other_titles == ({"кофе": 501} if per_group and stands else {})
    assert len(plan.albums.removals) == (step is AlbumStep.REMOVE and not stands)
    # What is asked for now is not what was refused.
    other = replace(refusal, title="Другое")
    assert sync_user(replace(context, shop_refusals=(other,))).albums.refused == ()


def test_a_plan_tells_how_full_its_albums_are_and_who_is_in_place() -> None:
    shop, context = shop_of([TEA, COFFEE])
    item_id = shop.listings[product(0).key].item_id or 0
    shop.items[item_id] = replace(shop.items[item_id], album_ids=None)
    plan = sync_user(replace(context, channel_items=tuple(shop.items.values()))).albums
    assert plan.sizes == {"чай": 2, "кофе": 2}
    assert plan.held == {"чай": 2, "кофе": 2}
    assert plan.inside == {product(number).key for number in (1, 100, 101)}


def test_an_album_follows_only_more_than_half_of_its_goods() -> None:
    shop, _ = shop_of([TEA], per_group=4)
    for moved, renames in ((2, 0), (3, 1)):
        goods = [product(number, group_id="group-2" if number < moved else "group-1") for number in range(4)]
        groups = [COFFEE] if moved > 2 else [TEA, COFFEE]
        context = replace(
            shop.context(goods, rules=RULES, groups=groups),
            own_albums={"чай": 501},
            album_counts={501: 4},
        )
        assert len(sync_user(context).albums.renames) == renames


@pytest.mark.parametrize(
    ("kept_in", "kept_out", "count"),
    [
        (None, None, 0),
        (AlbumRefusal("чай", NOW - 6 * A_DAY), None, 1),
        (AlbumRefusal("чай", NOW - 7 * A_DAY), None, 0),
        (AlbumRefusal("кофе", NOW), None, 0),
        (None, AlbumRefusal("чай", NOW - timedelta(hours=23)), 1),
        (None, AlbumRefusal("чай", NOW - A_DAY), 0),
        (None, AlbumRefusal("чай", NOW, held=7), 0),
        (None, AlbumRefusal("кофе", NOW), 0),
        (AlbumRefusal("чай", NOW), AlbumRefusal("чай", NOW), 1),
    ],
)
def test_an_item_is_misplaced_while_vk_keeps_it_in_or_out_of_an_album(
    kept_in: AlbumRefusal | None, kept_out: AlbumRefusal | None, count: int
) -> None:
    _, context = shop_of([TEA], per_group=2)
    first, *others = context.listings
    refused = replace(first, stay_refusal=kept_in, album_refusal=kept_out)
    context = replace(context, albums={"чай": 501, "кофе": 502}, listings=(refused, *others))
    assert misplaced(context) == count
    lost = replace(context, channel_items=())
    assert misplaced(lost) == (count if kept_out else 0)
    unknown = tuple(replace(item, album_ids=None) for item in context.channel_items)
    assert misplaced(replace(context, channel_items=unknown)) == (count if kept_out else 0)


def test_hidden_goods_of_one_album_are_no_matter_of_another_that_is_waited_for() -> None:
    shop, context = shop_of([TEA, COFFEE])
    left = product(101).key
    shop.listings[left] = replace(shop.listings[left], hidden_since=NOW - A_DAY)
    present = [one for one in context.products if one.key != left]
    goods = [*present, product(9, group_id="group-1")]
    context = replace(context, products=tuple(goods), listings=tuple(shop.listings.values()))
    plan = sync_user(context)
    assert [action.key for action in plan.actions if action.kind is ActionKind.CREATE] == [product(9).key]
    assert plan.albums.evictions == ()
    # Where VK did not count it either.
    assert sync_user(replace(context, album_counts={502: 2})).albums.evictions == ()


def test_an_album_that_vk_refused_to_make_wants_no_room() -> None:
    shop, _ = shop_of([TEA])
    context = replace(context_of(shop, [TEA, COFFEE]), limits=replace(LIMITS, albums=1))
    assert sync_user(context).albums.left_out == {"Кофе": 2}
    for step, left_out in ((AlbumStep.MAKE, {}), (AlbumStep.RENAME, {"Кофе": 2})):
        refusal = ShopRefusal(step, "кофе", "Кофе", NOW, "vk.1")
        assert sync_user(replace(context, shop_refusals=(refusal,))).albums.left_out == left_out


def test_an_album_that_vk_calls_empty_stays_while_an_item_of_ours_is_in_it() -> None:
    shop, context = shop_of([TEA, COFFEE])
    goods = tuple(replace(one, group_id="group-2") for one in context.products)
    context = replace(context, products=goods, album_counts={501: 0, 502: 2})
    assert sync_user(context).albums.removals == ()
    shop.apply(sync_user(context))
    context = replace(shop.context(goods, rules=RULES, groups=[TEA, COFFEE]), own_albums=dict(shop.albums))
    assert sync_user(replace(context, album_counts={501: 0, 502: 4})).albums.removals == (("чай", 501),)


def test_of_two_albums_whose_goods_moved_into_one_group_the_bigger_is_renamed() -> None:
    shop, context = shop_of([TEA, COFFEE], per_group=3)
    goods = [replace(one, group_id="group-3") for one in context.products if one.key != product(102).key]
    context = shop.context(goods, rules=RULES, groups=[group("Напитки", 3)])
    plan = sync_user(replace(context, own_albums=dict(shop.albums), album_counts={501: 3, 502: 3}))
    assert [(rename.album_id, rename.title) for rename in plan.albums.renames] == [(501, "Напитки")]


def test_a_full_album_is_asked_for_again_after_a_week_also_where_it_holds_as_much() -> None:
    _, context = shop_of([TEA])
    plan = replace(sync_user(context).albums, held={"чай": 7})
    for age, may in ((7 * A_DAY - timedelta(seconds=1), False), (7 * A_DAY, True)):
        refusal = AlbumRefusal("чай", NOW - age, held=7)
        assert may_enter(context, plan, refusal, "чай") is may


def moved_on(shop: PretendShop, context: SyncContext) -> SyncContext:
    """Return the shop's next context: everything of the first album belongs to that of the second."""
    goods = [replace(one, group_id="group-2") for one in context.products]
    return replace(
        shop.context(goods, rules=RULES, groups=[TEA, COFFEE]),
        own_albums=dict(shop.albums),
        album_counts={501: 2, 502: 2},
    )


def test_an_album_of_ours_is_removed_in_the_run_that_empties_it() -> None:
    shop, context = shop_of([TEA, COFFEE])
    albums = sync_user(moved_on(shop, context)).albums
    assert albums.removals == ()
    assert [(one.key, one.album_id) for one in albums.emptied] == [("чай", 501)]
    assert len(albums.emptied[0].leaving) == 2


def test_an_emptied_album_leaves_its_place_to_a_new_group_in_the_same_run() -> None:
    shop, context = shop_of([TEA, COFFEE])
    context = moved_on(shop, context)
    context = replace(
        context,
        products=(*context.products, product(900, group_id="group-3")),
        groups=(TEA, COFFEE, group("Вода", 3)),
        limits=replace(LIMITS, albums=2),
    )
    plan = sync_user(context)
    assert (plan.albums.left_out, len(plan.albums.emptied)) == ({}, 1)
    assert plan.desired[product(900).key].album == "Вода"
    # An album that one of its items cannot leave keeps its place.
    first = context.listings[0]
    stuck = replace(first, stay_refusal=AlbumRefusal("чай", NOW))
    plan = sync_user(replace(context, listings=(stuck, *context.listings[1:])))
    assert plan.albums.left_out == {"Вода": 1}


@pytest.mark.parametrize("change", ["not ours", "another's item", "a hidden item", "refused of late"])
def test_an_album_that_keeps_something_is_not_removed(change: str) -> None:
    shop, context = shop_of([TEA, COFFEE])
    context = moved_on(shop, context)
    match change:
        case "not ours":
            context = replace(context, own_albums={"кофе": 502})
        case "another's item":
            context = replace(context, album_counts={501: 3, 502: 2})
        case "a hidden item":
            context = replace(context, products=context.products[1:])
        case _:
            refusal = ShopRefusal(AlbumStep.REMOVE, "501", "чай", NOW, "vk.1")
            context = replace(context, shop_refusals=(refusal,))
    assert sync_user(context).albums.emptied == ()
