"""What came back under other ids: goods, groups and stores, and what may be what a filter left out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from syncing.core.choices import EntityType, FilterMode
from syncing.core.lost_filters import LostFilters
from syncing.core.records import Filter, GroupKey, ProductKey, SourceGroup, SourceProduct, SourceStore
from syncing.core.reimport import Till, came_later, dead_groups, find_store_succession, find_succession
from tests.unit.core.shop import NOW, STORE, PretendShop, product

DAY = timedelta(days=1)
BEFORE, LEFT, CAME = NOW - 9 * DAY, NOW - 2 * DAY, NOW - DAY
BARCODE = "4600000000015"


def old(number: int, **changes: Any) -> SourceProduct:
    return product(number, **({"since": BEFORE, "seen_at": LEFT} | changes))


def new(number: int, **changes: Any) -> SourceProduct:
    """Return the same goods under another id."""
    made = product(number, **({"since": CAME, "seen_at": NOW} | changes))
    return replace(made, key=ProductKey(changes.get("store", made.key.store_id), f"new-{number}"))


def group(name: str, id_: str, **changes: Any) -> SourceGroup:
    return SourceGroup(GroupKey(STORE, id_), name, **({"since": BEFORE, "seen_at": LEFT} | changes))


def came(name: str, id_: str, **changes: Any) -> SourceGroup:
    return group(name, id_, **({"since": CAME, "seen_at": NOW} | changes))


@pytest.mark.parametrize(
    ("since", "seen_at", "later"),
    [
        (CAME, LEFT, True),
        (LEFT, LEFT, False),
        (BEFORE, LEFT, False),
        (None, LEFT, False),
        (CAME, None, False),
    ],
)
def test_only_what_was_not_there_yet_came_later(
    since: datetime | None, seen_at: datetime | None, *, later: bool
) -> None:
    assert came_later(since, seen_at) is later


def test_goods_follow_their_marks_to_what_came_later() -> None:
    gone = Till([old(1), old(2, name="Блюдце", barcodes=(BARCODE,))])
    present = Till([new(1), new(2, name="Тарелка", barcodes=(BARCODE,)), product(3)])
    found = find_succession(gone, present)
    assert found.products == {old(1).key: new(1).key, old(2).key: new(2).key}
    # Another name under the same maker's barcode is no like name, except where the whole store came again.
    assert found.alike >= {old(1).key}
    stayed = Till([*present.products, product(4, since=BEFORE)])
    assert find_succession(gone, stayed).alike == {old(1).key}


@pytest.mark.parametrize("since", [None, BEFORE, LEFT - DAY])
def test_goods_that_were_there_already_have_replaced_nothing(since: datetime | None) -> None:
    assert find_succession(Till([old(1)]), Till([new(1, since=since)])).products == {}


def test_goods_that_stood_beside_the_old_ones_for_some_hours_have_replaced_them() -> None:
    since = LEFT - timedelta(hours=5)
    gone = Till([old(1), old(2)], [group("Посуда", "old")])
    present = Till([new(1, since=since), new(2, since=since)], [came("Посуда", "new", since=since)])
    found = find_succession(gone, present)
    assert found.products == {old(1).key: new(1).key, old(2).key: new(2).key}
    assert found.groups == {GroupKey(STORE, "old"): (GroupKey(STORE, "new"),)}
    # Of two that came on one day the later one replaces the earlier one only.
    assert find_succession(Till([old(1, since=since)]), Till([new(1, since=since)])).products == {}


@pytest.mark.parametrize("is_like", [True, False])
def test_goods_that_came_back_twice_between_two_readings_are_followed_to_the_last_ones(
    *, is_like: bool
) -> None:
    first = old(1, barcodes=(BARCODE,), name="Блюдце белое" if is_like else "Тарелка")
    again = replace(
        old(2, barcodes=(BARCODE,), name="БЛЮДЦЕ БЕЛОЕ"), since=LEFT + DAY / 4, seen_at=LEFT + DAY / 2
    )
    last = new(3, barcodes=(BARCODE,), name="Блюдце белое")
    found = find_succession(Till([first, again]), Till([last, product(4, since=BEFORE)]))
    assert found.products == {first.key: last.key, again.key: last.key}
    assert found.alike == {again.key} | ({first.key} if is_like else set())


def test_a_name_in_other_letters_is_the_same_name() -> None:
    found = find_succession(Till([old(1, name="Ёмкость  малая")]), Till([new(2, name="ЕМКОСТЬ МАЛАЯ")]))
    assert found.products == {old(1).key: new(2).key}
    two = Till([new(2, name="ЕМКОСТЬ МАЛАЯ"), new(3, name="Емкость малая")])
    assert find_succession(Till([old(1, name="Ёмкость малая")]), two).products == {}


def test_goods_whose_leaving_was_not_dated_are_followed_by_none() -> None:
    assert find_succession(Till([old(1, seen_at=None)]), Till([new(1)])).products == {}


@pytest.mark.parametrize(
    ("gone_at", "more", "is_known"),
    [
        ([LEFT, LEFT], [], True),
        # Only one left at last; of a store that kept goods an article alone says nothing.
        ([LEFT], [], False),
        ([LEFT - DAY, LEFT], [], False),
        ([LEFT, LEFT], [product(9, since=BEFORE)], False),
        ([LEFT, LEFT], [product(9, since=None)], False),
        ([LEFT, LEFT], [product(9, since=CAME)], True),
    ],
)
def test_an_article_is_enough_where_all_goods_of_a_store_left_at_once(
    gone_at: list[datetime], more: Sequence[SourceProduct], *, is_known: bool
) -> None:
    gone = [old(n, article=f"A{n}", seen_at=at) for n, at in enumerate(gone_at)]
    renamed = [new(n, article=f"A{n}", name=f"Чайник {n}") for n in range(len(gone_at))]
    found = find_succession(Till(gone), Till([*renamed, *more]))
    assert bool(found.products) is is_known


def test_a_group_follows_its_name_and_its_goods_the_goods_first() -> None:
    gone = Till([old(1, group_id="g1"), old(2, group_id="g1")], [group("Чай", "g1")])
    tea, other = came(" ЧАЙ ", "n1"), came("Сборы", "n2")
    goods = [new(1, group_id="n2"), new(2, group_id="n2")]
    assert find_succession(gone, Till(goods, [tea, other])).groups == {
        GroupKey(STORE, "g1"): (other.key, tea.key)
    }
    assert find_succession(gone, Till((), [tea, other])).groups == {GroupKey(STORE, "g1"): (tea.key,)}
    assert find_succession(gone, Till(goods, [other])).groups == {GroupKey(STORE, "g1"): (other.key,)}
    same = Till([replace(one, group_id="n1") for one in goods], [tea])
    assert find_succession(gone, same).groups == {GroupKey(STORE, "g1"): (tea.key,)}
    assert find_succession(gone, Till((), [other])).groups == {}


@pytest.mark.parametrize("changes", [{"since": None}, {"since": BEFORE}, {"is_listed": False}])
def test_a_group_that_was_there_or_is_not_listed_is_no_successor(changes: dict[str, Any]) -> None:
    gone = Till([old(1, group_id="g1")], [group("Чай", "g1")])
    present = Till([new(1, group_id="n1")], [came("Чай", "n1", **changes)])
    assert find_succession(gone, present).groups == {}


def test_of_two_groups_of_one_name_the_one_with_the_same_way_from_the_root_follows() -> None:
    roots = [came("Напитки", "d"), came("Подарки", "p")]
    namesakes = [came("Чай", "n1", parent_id="p"), came("Чай", "n2", parent_id="d")]
    gone = Till((), [group("напитки", "old-d"), group("Чай", "g1", parent_id="old-d")])
    found = find_succession(gone, Till((), [*roots, *namesakes])).groups
    assert found[GroupKey(STORE, "g1")] == (namesakes[1].key,)
    alone = Till((), [group("Чай", "g1")])
    assert find_succession(alone, Till((), [*roots, *namesakes])).groups == {}


@pytest.mark.parametrize(
    ("into", "others", "follows"),
    [
        (["n1", "n1", "n2"], 0, True),
        (["n1", "n2"], 0, False),
        (["n1", "n1"], 1, True),
        (["n1", "n1"], 2, False),
        (["n1"], 0, True),
    ],
)
def test_a_group_follows_most_of_its_goods_into_one_that_holds_few_others(
    into: list[str], others: int, *, follows: bool
) -> None:
    gone = [old(n, group_id="g1") for n in range(len(into))]
    gone += [old(n + 50, group_id="g2") for n in range(others)]
    present = [new(n, group_id=id_) for n, id_ in enumerate(into)]
    present += [new(n + 50, group_id="n1") for n in range(others)]
    groups = [came("Новая", "n1"), came("Другая", "n2")]
    found = find_succession(
        Till(gone, [group("Чай", "g1"), group("Кофе", "g2")]), Till(present, groups)
    ).groups
    assert found.get(GroupKey(STORE, "g1")) == ((groups[0].key,) if follows else None)


def test_groups_above_follow_by_their_depth() -> None:
    tree = [group("Напитки", "top"), group("Чай", "g1", parent_id="top")]
    after = [came("Питьё", "new-top"), came("Сборы", "n1", parent_id="new-top")]
    found = find_succession(Till([old(1, group_id="g1")], tree), Till([new(1, group_id="n1")], after)).groups
    assert found == {tree[0].key: (after[0].key,), tree[1].key: (after[1].key,)}


@pytest.mark.parametrize(
    ("listed", "found"),
    [
        ([SourceStore("b", " МАГАЗИН", since=CAME)], {"a": "b"}),
        ([SourceStore("b", "Магазин", since=BEFORE)], {}),
        ([SourceStore("b", "Другой", since=CAME)], {}),
        ([SourceStore("b", "Магазин", since=CAME), SourceStore("c", "Магазин", since=CAME)], {}),
        ([SourceStore("b", "Магазин", since=CAME), SourceStore("c", "Другой", since=BEFORE)], {"a": "b"}),
        ([SourceStore("b", "Магазин", since=CAME, is_listed=False)], {}),
    ],
)
def test_a_store_follows_the_only_later_one_of_its_name(
    listed: list[SourceStore], found: dict[str, str]
) -> None:
    gone = SourceStore("a", "Магазин", is_listed=False, seen_at=LEFT)
    assert find_store_succession([gone, *listed]) == found
    assert find_store_succession([replace(gone, is_listed=True), *listed]) == {}


def test_a_group_that_is_not_listed_is_dead_where_nothing_stands_in_it_or_under_it() -> None:
    parent = group("Напитки", "top", is_listed=False)
    child = group("Чай", "g1", parent_id="top", is_listed=False)
    empty = group("Кофе", "g2", is_listed=False)
    listed = group("Посуда", "g3")
    goods = [product(1, group_id="g1")]
    assert dead_groups([parent, child, empty, listed], goods) == [empty]
    assert dead_groups([parent, child, listed], ()) == [parent, child]
    elsewhere = replace(goods[0], key=ProductKey("other", "1"))
    assert dead_groups([parent, child], [elsewhere]) == [parent, child]
    assert dead_groups([listed], ()) == []


def out(id_: str, kind: EntityType = EntityType.PRODUCT, **changes: Any) -> Filter:
    return Filter(kind, id_, FilterMode.EXCLUDE, **changes)


def concerned(
    candidate: SourceProduct, *lines: Filter, goods: Sequence[SourceProduct] = (), **context: Any
) -> bool:
    groups = context.pop("groups", ())
    made = PretendShop().context([*goods, candidate], groups=groups, filters=lines)
    return LostFilters(replace(made, **context)).concerns(candidate.key)


@pytest.mark.parametrize(
    ("left", "candidate", "may_be"),
    [
        (old(1), new(1), True),
        (old(1), new(1, name="ЧАШКА  синяя 1"), True),
        (old(1, barcodes=(BARCODE,)), new(2, name="Кофе", barcodes=(BARCODE,)), True),
        (old(1, article="К-15"), new(2, name="Чашка синяя 1 белая", article="К-15"), True),
        (old(1, article="К-15"), new(2, name="Молоко", article="К-15"), False),
        (old(1, name="Чашка синяя"), new(2, name="Чашка синяя новая"), True),
        (old(1, name="Чашка синяя"), new(2, name="Молоко"), False),
        (old(1), new(1, since=None), False),
        (old(1, since=None), new(1), True),
        (old(1, since=CAME, seen_at=CAME), new(1), False),
        (old(1), replace(new(1), key=ProductKey("other", "1")), False),
    ],
)
def test_goods_that_look_like_ones_that_a_filter_left_out_are_asked_about(
    left: SourceProduct, candidate: SourceProduct, *, may_be: bool
) -> None:
    line = out(left.key.product_id)
    assert concerned(candidate, line, gone_products=(left,)) is may_be
    # They were asked about, the filter went over to another id, or no filter left them out.
    assert not concerned(candidate, replace(line, answered_at=NOW), gone_products=(left,))
    assert not concerned(candidate, out("another"), gone_products=(left,))
    assert not concerned(candidate, gone_products=(left,))


def test_a_yes_covers_what_came_before_it() -> None:
    left, candidate = old(1), new(1)
    for answered_at, asked in ((CAME - DAY / 2, True), (CAME, False), (NOW, False)):
        line = out(left.key.product_id, answered_at=answered_at)
        assert concerned(candidate, line, gone_products=(left,)) is asked


def test_a_copy_beside_goods_that_are_left_out_is_asked_about_unless_the_filter_went_over() -> None:
    left, candidate = old(1, seen_at=NOW), new(1)
    assert concerned(candidate, out(left.key.product_id), goods=[left])
    followed = (out(left.key.product_id), out("x", follows=left.key.product_id))
    assert not concerned(candidate, *followed, goods=[left])


@pytest.mark.parametrize(
    ("since", "lost_at", "stayed", "asked"),
    [
        (CAME, LEFT, 0, True),
        (CAME, LEFT, 2, True),
        (CAME, LEFT, 3, False),
        (LEFT, LEFT, 0, False),
        (LEFT + 30 * DAY, LEFT, 0, True),
        (LEFT + 31 * DAY, LEFT, 0, False),
        (None, LEFT, 0, False),
        (CAME, None, 0, False),
    ],
)
def test_goods_that_came_where_half_of_a_store_had_left_with_a_left_out_one_are_asked_about(
    since: datetime | None, lost_at: datetime | None, stayed: int, *, asked: bool
) -> None:
    gone = (old(1, name="Сахар", seen_at=lost_at), old(2, name="Соль", seen_at=lost_at))
    goods = [product(50 + number, since=BEFORE) for number in range(stayed)]
    candidate = new(9, name="Молоко", since=since)
    line = out("product-1")
    assert concerned(candidate, line, gone_products=gone, goods=goods) is asked
    # One that left alone, or long before the others, was no re-import.
    assert not concerned(candidate, line, gone_products=gone[:1], goods=goods)
    apart = (gone[0], replace(gone[1], seen_at=LEFT - 2 * DAY))
    assert not concerned(candidate, line, gone_products=apart, goods=goods)
    assert not concerned(candidate, replace(line, answered_at=NOW), gone_products=gone, goods=goods)


def test_goods_in_a_group_that_came_where_a_left_out_one_had_gone_are_asked_about() -> None:
    gone = group("Табак", "g1")
    line = out("g1", EntityType.GROUP)
    candidate = new(9, name="Молоко", group_id="n1", since=None)
    for since, asked in ((CAME, True), (BEFORE, False)):
        groups = [came("Прочее", "n1", since=since)]
        assert concerned(candidate, line, groups=groups, gone_groups=(gone,)) is asked
        # One that is not listed and holds nothing has gone as well.
        dead = [*groups, replace(gone, is_listed=False)]
        assert concerned(candidate, line, groups=dead) is asked
    groups = [came("Прочее", "n1")]
    assert not concerned(candidate, replace(line, answered_at=NOW), groups=groups, gone_groups=(gone,))
    assert not concerned(candidate, line, groups=groups, gone_groups=(replace(gone, seen_at=None),))


def test_goods_in_a_second_group_of_a_left_out_ones_name_are_asked_about() -> None:
    left = group("Табак", "g1")
    line = out("g1", EntityType.GROUP)
    candidate = new(9, name="Молоко", group_id="n1", since=None)
    assert concerned(candidate, line, groups=[left, came("ТАБАК", "n1")])
    assert not concerned(candidate, line, groups=[left, came("Прочее", "n1")])
    assert not concerned(candidate, line, groups=[left, came("Табак", "n1", since=None)])
    assert not concerned(candidate, line, groups=[left, came("Табак", "n1", since=BEFORE)])
    assert concerned(candidate, line, groups=[replace(left, since=None), came("Табак", "n1")])
    assert not concerned(candidate, replace(line, answered_at=CAME), groups=[left, came("Табак", "n1")])
    answered = replace(line, answered_at=CAME - DAY / 2)
    assert concerned(candidate, answered, groups=[left, came("Табак", "n1")])
    top = came("Прочее", "top")
    assert not concerned(candidate, line, groups=[left, top, came("Табак", "n1", parent_id="top")])


@pytest.mark.parametrize(
    ("is_listed", "since", "asked"), [(False, CAME, True), (True, CAME, False), (False, BEFORE, False)]
)
def test_goods_of_a_store_that_came_where_a_left_out_one_had_gone_are_asked_about(
    since: datetime, *, is_listed: bool, asked: bool
) -> None:
    stores = (
        SourceStore("gone", "Магазин", is_listed=is_listed, seen_at=LEFT),
        SourceStore(STORE, "Другой", since=since),
    )
    line = out("gone", EntityType.STORE)
    candidate = product(9)
    assert concerned(candidate, line, stores=stores) is asked
    assert not concerned(candidate, replace(line, answered_at=NOW), stores=stores)
    assert not concerned(candidate, out("other", EntityType.STORE), stores=stores)
    assert not LostFilters(PretendShop().context([], filters=[line])).concerns(candidate.key)


@pytest.mark.parametrize(
    ("since", "came_at", "asked"),
    [(BEFORE, CAME, True), (None, CAME, True), (BEFORE, BEFORE, False), (BEFORE, None, False)],
)
def test_a_copy_that_came_with_its_group_is_a_re_import_and_one_put_into_an_old_group_is_none(
    since: datetime | None, came_at: datetime | None, *, asked: bool
) -> None:
    left, candidate = old(1, group_id="g1", seen_at=NOW), new(1, group_id="g2")
    groups = [group("Табак", "g1", since=since), group("Прочее", "g2", since=came_at)]
    assert concerned(candidate, out("g1", EntityType.GROUP), goods=[left], groups=groups) is asked
    # Of goods outside all groups nothing came with a group.
    outside = replace(candidate, group_id="")
    assert not concerned(outside, out("g1", EntityType.GROUP), goods=[left], groups=groups)


def test_goods_that_stood_beside_others_of_one_name_are_not_followed_through_them() -> None:
    twin = replace(old(1, seen_at=LEFT), key=ProductKey(STORE, "twin"))
    first = old(1, seen_at=LEFT - 2 * DAY)
    assert find_succession(Till([first, twin]), Till([new(1)])).products == {twin.key: new(1).key}
    between = replace(twin, since=LEFT - DAY)
    found = find_succession(Till([first, between]), Till([new(1)])).products
    assert found == {first.key: new(1).key, between.key: new(1).key}


def test_a_group_that_moved_under_another_one_is_followed_while_no_other_bears_its_name() -> None:
    gone = Till((), [group("Напитки", "d"), group("Чай", "g1", parent_id="d")])
    moved = came("Чай", "n1", parent_id="p")
    assert find_succession(gone, Till((), [came("Подарки", "p"), moved])).groups == {
        GroupKey(STORE, "g1"): (moved.key,)
    }


def test_goods_that_did_not_come_back_hold_up_no_group() -> None:
    gone = Till([old(9, group_id="g1"), old(1, group_id="g1")], [group("Чай", "g1")])
    tea = came("Сборы", "n1")
    assert find_succession(gone, Till([new(1, group_id="n1")], [tea])).groups == {
        GroupKey(STORE, "g1"): (tea.key,)
    }


def test_the_goods_of_a_group_that_came_back_at_another_depth_take_the_groups_above_along() -> None:
    gone = Till([old(1, group_id="g1")], [group("Напитки", "d"), group("Чай", "g1", parent_id="d")])
    flat = came("Всё", "n1")
    found = find_succession(gone, Till([new(1, group_id="n1")], [flat])).groups
    assert found == {GroupKey(STORE, "d"): (flat.key,)}
