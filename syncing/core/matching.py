"""Which VK item belongs to which product: by our map, by stamp, and after a re-import by what it is."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from syncing.core.choices import MatchKind
from syncing.core.identity import are_alike, global_barcodes, plain_name, shop_codes, till_codes
from syncing.core.item_builder import visible_article
from syncing.core.records import (
    UNKNOWN_PHOTOS,
    ChannelItem,
    DesiredItem,
    Listing,
    Match,
    ProductKey,
    SourceProduct,
)
from syncing.core.sku_stamp import find_stamp, stamp, typed_stamps

# What a product can be known by.
Marks = Callable[[SourceProduct], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Pairing:
    """Listings that have an item in VK, with that item, and what had to be tied again.

    `second_items` are those that we made before the listing's one: they were gone, and the merchant has
    brought them back.
    """

    pairs: dict[ProductKey, tuple[Listing, ChannelItem]]
    matches: list[Match]
    second_items: dict[ProductKey, ChannelItem] = field(default_factory=dict)


def pair(
    listings: Sequence[Listing], items: Sequence[ChannelItem], products: Iterable[SourceProduct]
) -> Pairing:
    """Tie listings and products to VK items.

    An item that no listing claims but that carries a product's stamp is ours: its create's answer
    was lost, or our database was. Of several such items the oldest is taken. One that is younger
    than the listing's own may be a copy that the merchant has made, so it is theirs.
    """
    by_id = {item.item_id: item for item in items}
    claimed = {listing.item_id for listing in listings if listing.item_id in by_id}
    products = list(products)
    unclaimed = [item for item in items if item.item_id not in claimed]
    stamped = _by_stamp(unclaimed, typed_stamps(map(visible_article, products))) if unclaimed else {}
    # Where VK does not keep the sku, the picture tells: it belongs to one item alone.
    pictured = {item.photo_ids[0]: item for item in unclaimed if item.photo_ids and not find_stamp(item.sku)}
    pairing = Pairing({}, [])
    known = set()
    for listing in listings:
        known.add(listing.key)
        _pair_listing(pairing, listing, by_id, stamped, pictured)
    for product in products if stamped else ():
        if product.key not in known and (item := stamped.pop(stamp(product.key), None)):
            listing = Listing(key=product.key, stamp=stamp(product.key), item_id=item.item_id, sent=None)
            _tie(pairing, listing, item)
    return pairing


def _pair_listing(
    pairing: Pairing,
    listing: Listing,
    by_id: Mapping[int, ChannelItem],
    stamped: dict[str, ChannelItem],
    pictured: Mapping[int, ChannelItem],
) -> None:
    if listing.item_id is not None and (item := by_id.get(listing.item_id)):
        pairing.pairs[listing.key] = (listing, item)
        if (second := stamped.get(listing.stamp)) and _age(second) < _age(item):
            pairing.second_items[listing.key] = second
    elif found := stamped.pop(listing.stamp, None):
        _tie(pairing, listing, found)
    elif listing.photo_id is not None and (made := pictured.get(listing.photo_id)):
        _tie(pairing, listing, made)
    elif listing.item_id is not None:
        pairing.matches.append(Match(MatchKind.LOST, listing.key, listing.item_id))


def _tie(pairing: Pairing, listing: Listing, item: ChannelItem) -> None:
    # Whether this item is shown was never confirmed: what was sent went to the one that is lost.
    sent = replace(listing.sent, hidden=None) if listing.sent else None
    found = replace(listing, item_id=item.item_id, sent=sent)
    pairing.pairs[listing.key] = (found, item)
    pairing.matches.append(Match(MatchKind.FOUND, listing.key, item.item_id))


def _by_stamp(items: Iterable[ChannelItem], typed: frozenset[str]) -> dict[str, ChannelItem]:
    found: dict[str, ChannelItem] = {}
    for item in sorted(items, key=_age):
        if mark := find_stamp(item.sku, typed=typed):
            found.setdefault(mark, item)
    return found


def _age(item: ChannelItem) -> tuple[int, int]:
    return item.created_at, item.item_id


def follow_cards(
    pairing: Pairing, merged: Mapping[ProductKey, ProductKey], products: Mapping[ProductKey, SourceProduct]
) -> None:
    """Give the item of a product that went into a common card to the card, if that has none.

    The first store's product lends a card its identity; where that store loses it, or another store
    comes first, the item stays and changes its identity.
    """
    for key in sorted(merged.keys() & pairing.pairs.keys()):
        card = merged[key]
        if card not in pairing.pairs and card in products and key in products:
            is_like = are_alike(products[key].name, products[card].name)
            _move(pairing, products[key], products[card], is_like=is_like)


def relink(
    pairing: Pairing,
    gone: Mapping[ProductKey, SourceProduct],
    new: Sequence[SourceProduct],
    present: Iterable[SourceProduct],
    reimported: Collection[str] = (),
) -> None:
    """Give the items of products that left to products that came with the same identity.

    After a re-import every id is new and the goods are the same; goods may also move to another store.
    `gone` holds the last known records. In `reimported` stores every product changed its id at once.
    """
    arrived = {product.key: product for product in new}
    for old, key, is_like in successors(gone, new, present, reimported):
        _move(pairing, gone[old], arrived[key], is_like=is_like)


def relink_through(
    pairing: Pairing,
    found: Iterable[tuple[ProductKey, ProductKey, bool]],
    gone: Mapping[ProductKey, SourceProduct],
    new: Sequence[SourceProduct],
) -> None:
    """Give items to those of the new goods that came back over others; `found` are old, new, is like."""
    arrived = {product.key: product for product in new}
    for old, key, is_like in found:
        if old in pairing.pairs and key in arrived and key not in pairing.pairs:
            _move(pairing, gone[old], arrived[key], is_like=is_like)


def successors(
    gone: Mapping[ProductKey, SourceProduct],
    new: Sequence[SourceProduct],
    present: Iterable[SourceProduct],
    reimported: Collection[str] = (),
    *,
    may_follow: Callable[[SourceProduct, SourceProduct], bool] = lambda old, new: True,
) -> list[tuple[ProductKey, ProductKey, bool]]:
    """Return which new product is which one that left, and whether their names are alike.

    Makers' barcodes decide first, then the shop's own codes with a like name, then the name, first as it is
    written and then without regard to case; a mark
    that two products share decides nothing. In `reimported` stores an article or in-store barcode means
    the same goods whatever their new name; a till's code does not, since tills count them up.
    """
    pending, left = {product.key: product for product in new}, dict(gone)
    everywhere, found = list(present), []
    for in_one_store in (True, False):
        for marks, needs_like_name in (
            (global_barcodes, False),
            (shop_codes, True),
            (till_codes, True),
            (_name, False),
            (_plain_name, False),
        ):
            for old, key in _same_goods(left, pending, everywhere, marks, in_one_store=in_one_store):
                if old not in left or key not in pending or not may_follow(left[old], pending[key]):
                    continue
                is_same = in_one_store and old.store_id in reimported and marks is not till_codes
                is_like = is_same or are_alike(left[old].name, pending[key].name)
                if is_like or not needs_like_name:
                    found.append((old, key, is_like))
                    del left[old], pending[key]
    return found


def _same_goods(
    left: Mapping[ProductKey, SourceProduct],
    pending: Mapping[ProductKey, SourceProduct],
    present: Iterable[SourceProduct],
    marks: Marks,
    *,
    in_one_store: bool,
) -> list[tuple[ProductKey, ProductKey]]:
    """Return which product that left bears a mark of which new one; both bear it alone.

    Of a new one no other product of its store may bear the mark; other stores may sell the same goods
    under items of their own.
    """
    owners = _bearers(present, marks)
    if in_one_store:
        sources = _bearers(left.values(), marks, last_seen=True)
        return [(sources[home], owners[home]) for home in sorted(sources.keys() & owners.keys())]
    alone = {
        (key.store_id, mark): key
        for key, product in pending.items()
        for mark in marks(product)
        if owners.get((key.store_id, mark)) == key
    }
    here = _in_all_stores(alone.items())
    gone = _in_all_stores(_bearers(left.values(), marks, last_seen=True).items())
    return [(gone[mark], here[mark]) for mark in sorted(gone.keys() & here.keys())]


def _bearers(
    products: Iterable[SourceProduct], marks: Marks, *, last_seen: bool = False
) -> dict[tuple[str, str], ProductKey]:
    """Return, by store and mark, the product that alone bears the mark in its store.

    With `last_seen`, of several that left at different times it is the one that was there last.
    """
    found: dict[tuple[str, str], list[SourceProduct]] = defaultdict(list)
    for product in products:
        for mark in dict.fromkeys(marks(product)):
            found[product.key.store_id, mark].append(product)
    if last_seen:
        found = {home: _seen_last(several) for home, several in found.items()}
    return {home: several[0].key for home, several in found.items() if len(several) == 1}


def _seen_last(products: list[SourceProduct]) -> list[SourceProduct]:
    if len(products) == 1 or any(product.seen_at is None for product in products):
        return products
    last = max(product.seen_at for product in products if product.seen_at)
    return [product for product in products if product.seen_at == last]


def _in_all_stores(bearers: Iterable[tuple[tuple[str, str], ProductKey]]) -> dict[str, ProductKey]:
    """Return the marks that are borne in one store alone."""
    found: dict[str, set[ProductKey]] = defaultdict(set)
    for (_, mark), key in bearers:
        found[mark].add(key)
    return {mark: next(iter(keys)) for mark, keys in found.items() if len(keys) == 1}


def _move(pairing: Pairing, old: SourceProduct, product: SourceProduct, *, is_like: bool) -> None:
    """Move an item; the merchant's texts and photos for goods of another name do not move with it."""
    listing, item = pairing.pairs.pop(old.key)
    moved = replace(listing, key=product.key, stamp=stamp(product.key), hidden_since=None)
    sent = None
    if listing.sent is not None and not is_like:
        sent = as_shown(listing.sent, item)
        moved = replace(
            moved,
            sent=sent,
            sent_photo_id=None,
            sent_more_ids=None,
            saved_photos={},
            merchant_fields=frozenset(),
            own_values=(),
        )
    pairing.pairs[product.key] = (moved, item)
    pairing.matches.append(
        Match(MatchKind.RELINKED, product.key, item.item_id, old_key=listing.key, reset_to=sent)
    )


def as_shown(sent: DesiredItem, item: ChannelItem) -> DesiredItem:
    """Return `sent` as if VK's texts were ours and its picture not, so that all of them are written again.

    Whether it is shown is open: other goods' being hidden is no word on these.
    """
    return replace(
        sent,
        title=item.title,
        description=item.description,
        category_id=sent.category_id if item.category_id is None else item.category_id,
        hidden=None,
        photo_key="",
        more_photos=UNKNOWN_PHOTOS if len(item.photo_ids or ()) > 1 else (),
    )


def _name(product: SourceProduct) -> tuple[str, ...]:
    return (product.name,) if product.name else ()


def _plain_name(product: SourceProduct) -> tuple[str, ...]:
    return (plain_name(product.name),) if product.name else ()
