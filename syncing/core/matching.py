"""Which VK item belongs to which product: by our map, by stamp, and after a re-import by what it is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from syncing.core.choices import MatchKind
from syncing.core.item_builder import visible_article
from syncing.core.records import ChannelItem, Listing, Match, ProductKey, SourceProduct
from syncing.core.sku_stamp import find_stamp, stamp, typed_stamps


@dataclass(frozen=True, slots=True)
class Pairing:
    """Listings that have an item in VK, with that item, and what had to be tied again.

    `duplicates` are items that we made before the listing's one: they were gone, and the merchant has
    brought them back.
    """

    pairs: dict[ProductKey, tuple[Listing, ChannelItem]]
    matches: list[Match]
    duplicates: dict[ProductKey, ChannelItem] = field(default_factory=dict)


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
    typed = typed_stamps(map(visible_article, products))
    stamped = _by_stamp((item for item in items if item.item_id not in claimed), typed)
    pairing = Pairing({}, [])
    known = set()
    for listing in listings:
        known.add(listing.key)
        _pair_listing(pairing, listing, by_id, stamped)
    for product in products:
        if product.key not in known and (item := stamped.pop(stamp(product.key), None)):
            listing = Listing(key=product.key, stamp=stamp(product.key), item_id=item.item_id, sent=None)
            _adopt(pairing, listing, item)
    return pairing


def _pair_listing(
    pairing: Pairing, listing: Listing, by_id: dict[int, ChannelItem], stamped: dict[str, ChannelItem]
) -> None:
    if listing.item_id is not None and (item := by_id.get(listing.item_id)):
        pairing.pairs[listing.key] = (listing, item)
        if (duplicate := stamped.get(listing.stamp)) and _age(duplicate) < _age(item):
            pairing.duplicates[listing.key] = duplicate
    elif adopted := stamped.pop(listing.stamp, None):
        _adopt(pairing, listing, adopted)
    elif listing.item_id is not None:
        pairing.matches.append(Match(MatchKind.LOST, listing.key, listing.item_id))


def _adopt(pairing: Pairing, listing: Listing, item: ChannelItem) -> None:
    found = replace(listing, item_id=item.item_id)
    pairing.pairs[listing.key] = (found, item)
    pairing.matches.append(Match(MatchKind.ADOPTED, listing.key, item.item_id))


def _by_stamp(items: Iterable[ChannelItem], typed: frozenset[str]) -> dict[str, ChannelItem]:
    found: dict[str, ChannelItem] = {}
    for item in sorted(items, key=_age):
        if mark := find_stamp(item.sku, typed=typed):
            found.setdefault(mark, item)
    return found


def _age(item: ChannelItem) -> tuple[int, int]:
    return item.created_at, item.item_id


def relink(pairing: Pairing, gone: Sequence[Listing], new: Sequence[SourceProduct]) -> None:
    """Give the items of products that left the till to products that came with the same identity.

    After a re-import every id is new and the goods are the same. Barcode decides first, then
    article, then exact name; a key that two products share decides nothing.
    """
    pending, left = {product.key: product for product in new}, {listing.key: listing for listing in gone}
    for identity in (_barcodes, _article, _name):
        sources = _unique(
            (mark, key)
            for key, listing in left.items()
            if listing.last_known
            for mark in identity(listing.last_known)
        )
        targets = _unique((mark, key) for key, product in pending.items() for mark in identity(product))
        for mark in sorted(sources.keys() & targets.keys()):
            old, key = sources[mark], targets[mark]
            if old in left and key in pending and old.store_id == key.store_id:
                _move(pairing, left.pop(old), pending.pop(key))


def _move(pairing: Pairing, listing: Listing, product: SourceProduct) -> None:
    _, item = pairing.pairs.pop(listing.key)
    moved = replace(listing, key=product.key, stamp=stamp(product.key), hidden_since=None)
    pairing.pairs[product.key] = (moved, item)
    pairing.matches.append(Match(MatchKind.RELINKED, product.key, item.item_id, old_key=listing.key))


def _unique(marks: Iterable[tuple[str, ProductKey]]) -> dict[str, ProductKey]:
    found: dict[str, set[ProductKey]] = defaultdict(set)
    for mark, key in marks:
        found[f"{key.store_id}\n{mark}"].add(key)
    return {mark: next(iter(keys)) for mark, keys in found.items() if len(keys) == 1}


def _barcodes(product: SourceProduct) -> tuple[str, ...]:
    return product.barcodes


def _article(product: SourceProduct) -> tuple[str, ...]:
    return (product.article,) if product.article else ()


def _name(product: SourceProduct) -> tuple[str, ...]:
    return (product.name,) if product.name else ()
