"""Which item belongs to which product: by our map, by stamp, by picture, and under new ids."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from syncing.core.choices import MatchKind
from syncing.core.matching import as_shown, follow_cards, pair, relink, successors
from syncing.core.records import UNKNOWN_PHOTOS, ChannelItem, DesiredItem, Listing, Match, ProductKey
from syncing.core.sku_stamp import stamp
from tests.unit.core.shop import NOW, STORE, product

CUP, SAUCER = product(1), product(2, name="Блюдце белое")
SENT = DesiredItem("Чашка", "Синяя", 10_000, 5, 7, "A1", hidden=True, photo_key="own", more_photos=("b",))


def item_of(item_id: int, sku: str = "", **fields: Any) -> ChannelItem:
    return ChannelItem(item_id, "Из VK", "Текст из VK", 1, 1, sku, **({"hidden": False} | fields))


def listing_of(key: ProductKey, item_id: int | None, **fields: Any) -> Listing:
    return Listing(key, stamp(key), item_id, fields.pop("sent", SENT), **fields)


def test_a_listing_has_the_item_of_its_id_whatever_its_sku() -> None:
    listing, item = listing_of(CUP.key, 5), item_of(5)
    found = pair([listing], [item_of(4), item], [CUP])
    assert (found.pairs, found.matches, found.second_items) == ({CUP.key: (listing, item)}, [], {})


def test_an_item_with_the_stamp_takes_the_place_of_a_lost_one_and_may_be_hidden_or_not() -> None:
    listing, item = listing_of(CUP.key, 5), item_of(6, stamp(CUP.key))
    found = pair([listing], [item], [CUP])
    adopted = replace(listing, item_id=6, sent=replace(SENT, hidden=None))
    assert found.pairs == {CUP.key: (adopted, item)}
    assert found.matches == [Match(MatchKind.FOUND, CUP.key, 6)]
    never_sent = replace(listing, sent=None)
    assert pair([never_sent], [item], [CUP]).pairs[CUP.key][0] == replace(never_sent, item_id=6)


def test_a_product_without_a_listing_has_the_oldest_item_with_its_stamp() -> None:
    items = [
        item_of(7, stamp(CUP.key), created_at=2),
        item_of(9, stamp(CUP.key), created_at=1),
        item_of(8, stamp(CUP.key), created_at=1),
    ]
    found = pair([], items, [CUP, SAUCER])
    assert found.pairs == {CUP.key: (Listing(CUP.key, stamp(CUP.key), 8, None), items[2])}
    assert found.matches == [Match(MatchKind.FOUND, CUP.key, 8)]


def test_an_item_that_a_listing_has_is_no_other_products() -> None:
    listing = listing_of(SAUCER.key, 5)
    item = item_of(5, stamp(CUP.key))
    assert pair([listing], [item], [CUP]).pairs == {SAUCER.key: (listing, item)}


def test_where_vk_keeps_no_sku_the_picture_tells() -> None:
    listing = listing_of(CUP.key, None, photo_id=50)
    pictured = item_of(5, photo_ids=(50, 51))
    assert list(pair([listing], [pictured, item_of(6, photo_ids=(60,))], []).pairs) == [CUP.key]
    assert pair([listing], [replace(pictured, photo_ids=(51, 50))], []).pairs == {}
    # One with the stamp of other goods is theirs.
    assert pair([listing], [replace(pictured, sku=stamp(SAUCER.key))], []).pairs == {}
    assert pair([replace(listing, photo_id=None)], [pictured], []).pairs == {}


def test_an_item_that_is_nowhere_is_lost() -> None:
    assert pair([listing_of(CUP.key, 5)], [], [CUP]).matches == [Match(MatchKind.LOST, CUP.key, 5)]
    assert pair([listing_of(CUP.key, None)], [], [CUP]).matches == []


@pytest.mark.parametrize(
    ("created_at", "item_id", "is_duplicate"), [(0, 9, True), (1, 4, True), (1, 6, False), (2, 4, False)]
)
def test_only_an_older_item_with_the_same_stamp_is_a_duplicate(
    created_at: int, item_id: int, *, is_duplicate: bool
) -> None:
    own = item_of(5, stamp(CUP.key), created_at=1)
    other = item_of(item_id, stamp(CUP.key), created_at=created_at)
    found = pair([listing_of(CUP.key, 5)], [own, other], [CUP])
    assert found.second_items == ({CUP.key: other} if is_duplicate else {})
    assert found.pairs[CUP.key][1] == own


LISTING = listing_of(
    CUP.key,
    5,
    hidden_since=NOW,
    sent_photo_id=50,
    sent_more_ids=(51,),
    saved_photos={"b": 51},
    merchant_fields=frozenset({"title"}),
    own_values=({"title": "Чашка"},),
)


def test_an_item_goes_over_to_like_goods_with_all_that_the_merchant_did() -> None:
    like = replace(CUP, key=ProductKey(STORE, "new"))
    found = pair([LISTING], [item_of(5)], [])
    relink(found, {CUP.key: CUP}, [like], [like])
    moved = replace(LISTING, key=like.key, stamp=stamp(like.key), hidden_since=None)
    assert found.pairs == {like.key: (moved, item_of(5))}
    assert found.matches == [Match(MatchKind.RELINKED, like.key, 5, old_key=CUP.key)]


def test_goods_of_another_name_get_the_item_without_what_was_done_for_the_old_ones() -> None:
    code = ("4600000000015",)
    old = replace(CUP, barcodes=code)
    other = replace(SAUCER, key=ProductKey(STORE, "new"), barcodes=code)
    item = item_of(5, photo_ids=(50, 51), category_id=9)
    found = pair([LISTING], [item], [])
    relink(found, {old.key: old}, [other], [other])
    sent = as_shown(SENT, item)
    assert found.pairs == {other.key: (Listing(other.key, stamp(other.key), 5, sent), item)}
    assert found.matches == [Match(MatchKind.RELINKED, other.key, 5, old_key=CUP.key, reset_to=sent)]


@pytest.mark.parametrize(
    ("photos", "more"),
    [(None, ()), ((), ()), ((1,), ()), ((1, 2), UNKNOWN_PHOTOS), ((1, 2, 3), UNKNOWN_PHOTOS)],
)
def test_what_vk_shows_passes_for_sent_but_the_picture(
    photos: tuple[int, ...] | None, more: tuple[str, ...]
) -> None:
    item = item_of(5, photo_ids=photos, category_id=9)
    shown = replace(SENT, title="Из VK", description="Текст из VK", category_id=9, hidden=None, photo_key="")
    assert as_shown(SENT, item) == replace(shown, more_photos=more)
    assert as_shown(SENT, replace(item, category_id=None)).category_id == SENT.category_id


def test_a_card_takes_the_item_of_the_product_that_went_into_it_unless_it_has_one() -> None:
    products = {CUP.key: CUP, SAUCER.key: SAUCER}
    found = pair([LISTING], [item_of(5)], [])
    follow_cards(found, {CUP.key: SAUCER.key}, products)
    assert list(found.pairs) == [SAUCER.key]
    # Goods of another name: what the merchant wrote for the old ones stays behind.
    assert found.pairs[SAUCER.key][0].merchant_fields == frozenset()
    both = pair([LISTING, listing_of(SAUCER.key, 6)], [item_of(5), item_of(6)], [])
    follow_cards(both, {CUP.key: SAUCER.key}, products)
    assert (sorted(both.pairs), both.matches) == ([CUP.key, SAUCER.key], [])
    unknown = pair([LISTING], [item_of(5)], [])
    for known in ({CUP.key: CUP}, {SAUCER.key: SAUCER}):
        follow_cards(unknown, {CUP.key: SAUCER.key}, known)
    assert list(unknown.pairs) == [CUP.key]


def test_of_several_that_bore_a_mark_the_one_that_was_there_last_comes_back() -> None:
    code = ("4600000000015",)
    gone = [
        replace(product(n, name=f"Чай {n}"), barcodes=code, seen_at=NOW - timedelta(days=n))
        for n in (1, 2, 3)
    ]
    new = replace(product(9, name="Кофе"), barcodes=code)
    by_key = {one.key: one for one in gone}
    assert [old for old, _, _ in successors(by_key, [new], [new])] == [gone[0].key]
    elsewhere = replace(new, key=ProductKey("other", "9"))
    assert [old for old, _, _ in successors(by_key, [elsewhere], [elsewhere])] == [gone[0].key]
    # Two left at once, or one at no known time: there is no telling which.
    for seen_at in (gone[0].seen_at, None):
        unclear = by_key | {gone[1].key: replace(gone[1], seen_at=seen_at)}
        assert successors(unclear, [new], [new]) == []


def test_goods_without_a_name_are_not_each_other() -> None:
    nameless = replace(CUP, name="")
    assert successors({nameless.key: nameless}, [replace(nameless, key=SAUCER.key)], []) == []
    new = replace(nameless, key=ProductKey(STORE, "new"))
    assert successors({nameless.key: nameless}, [new], [new]) == []


def test_what_may_not_follow_holds_up_no_others() -> None:
    old = {one.key: one for one in (CUP, SAUCER)}
    new = [replace(one, key=ProductKey(STORE, f"new-{n}")) for n, one in enumerate((CUP, SAUCER))]
    found = successors(old, new, new, may_follow=lambda before, now: (before, now) == (SAUCER, new[1]))
    assert found == [(SAUCER.key, new[1].key, True)]


@pytest.mark.parametrize(("name", "is_like"), [(CUP.name.upper(), True), ("Кофе", False)])
def test_an_item_that_goes_into_the_card_of_like_goods_keeps_what_was_sent(
    name: str, *, is_like: bool
) -> None:
    card = replace(CUP, key=ProductKey("other-store", "1"), name=name)
    pairing = pair([listing_of(CUP.key, 5)], [item_of(5)], [CUP])
    follow_cards(pairing, {CUP.key: card.key}, {CUP.key: CUP, card.key: card})
    [match] = pairing.matches
    assert (match.reset_to is None) is is_like


def test_a_stamp_that_the_merchant_typed_as_an_article_ties_no_item() -> None:
    typed = replace(SAUCER, article=stamp(CUP.key))
    item = item_of(5, sku=stamp(CUP.key))
    assert pair([], [item], [CUP, typed]).pairs == {}
    assert list(pair([], [item], [CUP, SAUCER]).pairs) == [CUP.key]
