"""What differs between an item in VK, what we sent, and what is wanted, field by field."""

from dataclasses import replace
from typing import Any

import pytest

from syncing.core.diff import album_key, confirmed, difference, owned_fields
from syncing.core.records import ChannelItem, DesiredItem, KeptForm, Listing, ProductKey
from syncing.core.sku_stamp import stamp

KEY = ProductKey("A", "1")
SENT = DesiredItem("Чашка", "Синяя чашка", 10_000, 5, 7, "A1", album="Посуда", photo_key="own")
ITEM = ChannelItem(
    item_id=1,
    title="Чашка",
    description="Синяя чашка",
    price_kopecks=10_000,
    stock=5,
    sku="A1",
    hidden=False,
    category_id=7,
    photo_ids=(50,),
    album_ids=(1,),
    old_price_kopecks=0,
)
LISTING = Listing(KEY, stamp(KEY), 1, SENT, sent_photo_id=50)
ALBUMS = {"посуда": 1, "кухня": 2}


def changes(item: ChannelItem = ITEM, desired: DesiredItem = SENT, **more: Any) -> dict[str, tuple[Any, Any]]:
    listing = replace(LISTING, **more.pop("listing", {}))
    return difference(listing, item, desired, ALBUMS, **more).changes


def taken_over(item: ChannelItem, desired: DesiredItem = SENT, **listing: Any) -> set[str]:
    return set(difference(replace(LISTING, **listing), item, desired, ALBUMS).taken_over)


def test_an_item_as_it_was_sent_and_is_wanted_differs_in_nothing() -> None:
    found = difference(LISTING, ITEM, SENT, ALBUMS)
    assert (found.changes, found.taken_over, found.kept_forms) == ({}, frozenset(), {})


@pytest.mark.parametrize("name", ["title", "description", "category_id", "old_price_kopecks"])
def test_what_the_merchant_wrote_stays_theirs_and_what_we_wrote_follows_the_till(name: str) -> None:
    theirs: Any = "Моё" if isinstance(getattr(SENT, name), str) else 77
    ours: Any = "Новое" if isinstance(theirs, str) else 99
    wanted = replace(SENT, **{name: ours})
    before = getattr(SENT, name)
    assert changes(ITEM, wanted) == {name: (before, ours)}
    edited = replace(ITEM, **{name: theirs})
    assert taken_over(edited, wanted) == {name}
    assert changes(edited, wanted) == {}
    # What they wrote is what is wanted now, or what we wrote a moment ago: nobody has edited it.
    assert taken_over(replace(ITEM, **{name: ours}), wanted) == set()
    assert taken_over(edited, wanted, own_values=({"stock": 1}, {name: theirs})) == set()
    assert taken_over(edited, wanted, own_values=({name: "Другое"},)) == {name}
    # Of what was never sent, or is not shown, nothing can be told.
    assert taken_over(edited, wanted, sent=None) == set()
    untold: Any = {name: None}
    assert taken_over(replace(ITEM, **untold), wanted) == set()


@pytest.mark.parametrize(("name", "value"), [("price_kopecks", 1), ("stock", 0), ("sku", "B2")])
def test_fields_of_the_till_are_written_over_what_the_merchant_wrote(name: str, value: Any) -> None:
    shown = replace(ITEM, **{name: value})
    assert changes(shown) == {name: (value, getattr(SENT, name))}
    assert taken_over(shown) == set()


def test_an_item_that_was_never_sent_is_compared_with_what_vk_shows() -> None:
    found = changes(replace(ITEM, title="Старое"), listing={"sent": None})
    assert found == {"title": ("Старое", "Чашка")}


def test_a_value_that_vk_keeps_in_a_form_of_its_own_is_no_edit() -> None:
    sent = replace(SENT, price_kopecks=19_990)
    listing = replace(LISTING, sent=sent, kept_forms={"price_kopecks": KeptForm(19_990)})
    found = difference(listing, replace(ITEM, price_kopecks=20_000), sent, ALBUMS)
    assert (found.changes, set(found.kept_forms)) == ({}, {"price_kopecks"})
    assert found.kept_forms["price_kopecks"].shown == 20_000


@pytest.mark.parametrize(
    ("price", "sent", "is_theirs"), [(10_000, 10_000, False), (10_000, 9_999, False), (10_000, 10_001, True)]
)
def test_an_old_price_that_vk_cannot_show_was_not_taken_away(
    price: int, sent: int, *, is_theirs: bool
) -> None:
    before = replace(SENT, old_price_kopecks=sent)
    shown = replace(ITEM, price_kopecks=price, old_price_kopecks=0)
    wanted = replace(SENT, old_price_kopecks=20_000)
    assert (taken_over(shown, wanted, sent=before) == {"old_price_kopecks"}) is is_theirs
    assert taken_over(replace(shown, price_kopecks=None), wanted, sent=before) == {"old_price_kopecks"}


@pytest.mark.parametrize(
    ("item", "listing", "is_theirs"),
    [
        ({"hidden": True}, {}, True),
        ({"hidden": False}, {"merchant_fields": frozenset({"hidden"})}, False),
        ({"hidden": None}, {"merchant_fields": frozenset({"hidden"})}, True),
        ({"hidden": None}, {}, False),
        ({"hidden": True}, {"sent": replace(SENT, hidden=None)}, False),
        ({"hidden": True}, {"sent": replace(SENT, hidden=True)}, False),
        ({"hidden": True}, {"sent": None}, False),
        # VK shows a sold-out item as a hidden one where it keeps its stock to itself.
        ({"hidden": True, "stock": None}, {"sent": replace(SENT, stock=0)}, False),
        ({"hidden": True, "stock": 0}, {"sent": replace(SENT, stock=0)}, True),
        ({"hidden": True, "stock": None}, {"sent": replace(SENT, stock=1)}, True),
    ],
)
def test_only_what_the_merchant_has_hidden_is_hidden_by_them(
    item: dict[str, Any], listing: dict[str, Any], *, is_theirs: bool
) -> None:
    owned = owned_fields(replace(LISTING, **listing), replace(ITEM, **item))
    assert owned == ({"hidden"} if is_theirs else set())


def test_other_fields_stay_the_merchants_but_never_an_album() -> None:
    noted = replace(LISTING, merchant_fields=frozenset({"title", "album"}))
    assert owned_fields(noted, ITEM) == {"title"}


@pytest.mark.parametrize(
    ("shown", "listing", "is_theirs"),
    [
        ((50,), {}, False),
        ((51,), {}, True),
        ((51, 50), {}, True),
        ((), {}, False),
        (None, {}, False),
        ((51,), {"sent_photo_id": None}, False),
        ((51,), {"own_values": ({"photo_id": 51},)}, False),
        ((51,), {"own_values": ({"photo_id": 52},)}, True),
        ((51,), {"own_values": ({"more_ids": 51},)}, True),
    ],
)
def test_a_main_picture_that_is_not_ours_is_the_merchants(
    shown: tuple[int, ...] | None, listing: dict[str, Any], *, is_theirs: bool
) -> None:
    item, wanted = replace(ITEM, photo_ids=shown), replace(SENT, photo_key="new", more_photos=("b",))
    assert taken_over(item, wanted, **listing) == ({"photo_key"} if is_theirs else set())
    pictures = {} if is_theirs else {"photo_key": ("own", "new"), "more_photos": ((), ("b",))}
    assert changes(item, wanted, listing=listing) == pictures


@pytest.mark.parametrize(
    ("shown", "listing", "is_theirs"),
    [
        ((50, 60), {}, False),
        ((50, 60, 61), {}, True),
        ((50, 61), {}, True),
        ((50,), {}, True),
        ((50, 70), {}, False),
        ((), {}, False),
        (None, {}, False),
        ((50, 61), {"sent_more_ids": None}, False),
        ((50, 61), {"own_values": ({"more_ids": [61]},)}, False),
        ((50, 61), {"own_values": ({"more_ids": [62]},)}, True),
    ],
)
def test_further_pictures_that_are_not_ours_are_the_merchants(
    shown: tuple[int, ...] | None, listing: dict[str, Any], *, is_theirs: bool
) -> None:
    base = {
        "sent": replace(SENT, more_photos=("a",)),
        "sent_more_ids": (60,),
        "saved_photos": {"b": 70},
    } | listing
    item, wanted = replace(ITEM, photo_ids=shown), replace(SENT, more_photos=("b",))
    assert taken_over(item, wanted, **base) == ({"more_photos"} if is_theirs else set())
    assert changes(item, wanted, listing=base) == ({} if is_theirs else {"more_photos": (("a",), ("b",))})


def test_an_item_that_was_never_sent_gets_its_pictures_another_way() -> None:
    assert changes(ITEM, replace(SENT, photo_key="new"), listing={"sent": None}) == {}


@pytest.mark.parametrize(
    ("before", "inside", "wanted", "more", "change"),
    [
        ("Посуда", (1,), "Посуда", {}, None),
        ("Посуда", (1,), "Кухня", {}, ("Посуда", "Кухня")),
        ("Посуда", (1, 2), "Кухня", {}, ("Посуда", "Кухня")),
        ("Посуда", (2,), "Кухня", {}, None),
        ("Посуда", (), "Посуда", {}, ("Посуда", "Посуда")),
        ("Посуда", (1,), "", {}, ("Посуда", "")),
        ("Посуда", (), "", {}, None),
        ("", (), "Кухня", {}, ("", "Кухня")),
        ("", (), "Новый", {}, ("", "Новый")),
        ("", (), "Кухня", {"may_enter_album": False}, None),
        ("Посуда", (1,), "Кухня", {"may_enter_album": False}, ("Посуда", "Кухня")),
        ("Посуда", (1,), "Кухня", {"stays_in": "посуда"}, ("", "Кухня")),
        ("Посуда", (1, 2), "Кухня", {"stays_in": "посуда"}, None),
        # Another album of ours that holds the item.
        ("", (1, 2), "Кухня", {"own_albums": {"посуда": 1, "кухня": 2}}, ("посуда", "Кухня")),
        ("", (1, 2), "Кухня", {"own_albums": {"посуда": 1}, "stays_in": "посуда"}, None),
        ("", (1, 3, 4), "Посуда", {"own_albums": {"б": 4, "а": 3}}, ("а", "Посуда")),
        ("Кухня", (1, 2), "Посуда", {"own_albums": {"а": 1}}, ("Кухня", "Посуда")),
        # VK does not say where the item is: what was sent counts.
        ("Посуда", None, "Посуда", {}, None),
        ("Посуда", None, "Кухня", {}, ("Посуда", "Кухня")),
        ("Посуда", None, "Кухня", {"may_enter_album": False}, None),
        ("Посуда", None, "", {"may_enter_album": False}, ("Посуда", "")),
        ("", None, "Кухня", {}, ("", "Кухня")),
    ],
)
def test_an_item_leaves_the_album_of_before_and_enters_the_one_wanted(
    before: str,
    inside: tuple[int, ...] | None,
    wanted: str,
    more: dict[str, Any],
    change: tuple[str, str] | None,
) -> None:
    item = replace(ITEM, album_ids=inside)
    sent = {"sent": replace(SENT, album=before)}
    found = changes(item, replace(SENT, album=wanted), listing=sent, **more)
    assert found == ({"album": change} if change else {})


def test_an_item_that_was_never_sent_leaves_no_album() -> None:
    assert changes(replace(ITEM, album_ids=(2,)), listing={"sent": None}) == {"album": ("", "Посуда")}


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Посуда", "посуда"),
        ("  Чай  и\tкофе ", "чай и кофе"),
        ("Чай &amp; кофе", "чай & кофе"),
        ("а" * 129, "а" * 128),
        ("", ""),
    ],
)
def test_an_album_is_known_whatever_its_spaces_and_case(title: str, key: str) -> None:
    assert album_key(title) == key


def confirm(desired: DesiredItem, item: ChannelItem, **listing: Any) -> DesiredItem | None:
    at = replace(LISTING, **listing)
    return confirmed(at, item, desired, difference(at, item, desired, ALBUMS), ALBUMS)


def test_a_write_whose_answer_was_lost_is_noted_with_what_its_price_was_made_from() -> None:
    wanted = replace(SENT, price_kopecks=12_000, title="Кружка", till_kopecks=12_000, cost_kopecks=6_000)
    assert confirm(wanted, replace(ITEM, price_kopecks=12_000, title="Кружка")) == wanted
    half = confirm(wanted, replace(ITEM, title="Кружка"))
    assert half == replace(SENT, title="Кружка")
    assert confirm(replace(SENT, photo_key="new"), ITEM) is None
    assert confirm(SENT, ITEM) is None
    assert confirm(wanted, ITEM, sent=None) is None


def test_what_vk_does_not_show_or_the_merchant_wrote_is_not_noted_as_ours() -> None:
    wanted = replace(SENT, title="Кружка", stock=4)
    assert confirm(wanted, replace(ITEM, title="Моё", stock=None)) is None
    assert confirm(wanted, replace(ITEM, title="Моё", stock=4)) == replace(SENT, stock=4)


def test_an_album_is_noted_once_the_item_is_in_it_and_in_no_other_of_before() -> None:
    wanted = replace(SENT, album="Кухня")
    assert confirm(wanted, replace(ITEM, album_ids=(2,))) == wanted
    assert confirm(wanted, replace(ITEM, album_ids=(1, 2))) is None
    assert confirm(wanted, replace(ITEM, album_ids=(1,))) is None
    assert confirm(wanted, replace(ITEM, album_ids=None)) is None
    assert confirm(replace(SENT, album=""), replace(ITEM, album_ids=())) is None
    assert confirm(replace(SENT, album="Новый"), replace(ITEM, album_ids=())) is None
