"""Goods that one store's till has twice: same name, same barcodes, same article, another id.

A re-import writes the new goods before it deletes the old ones, and a reading may come between. VK then keeps
one item, which goes to the other product when the first one leaves.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime

from syncing.core.identity import global_barcodes, shop_codes
from syncing.core.records import ProductKey, SourceProduct
from syncing.core.reimport import came_later

# An old product and the one that may have replaced it.
PAIR = 2
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


def find_copies(
    products: Iterable[SourceProduct], in_place: Collection[ProductKey] = ()
) -> dict[ProductKey, ProductKey]:
    """Return the goods that others stand for already, with the product that does.

    `in_place` are those whose items are in VK: they come first, and each keeps its own item. Goods without
    barcode and article are not told apart from others of their name, so they are no copies.
    """
    found = {}
    for alike in _equal_goods(products):
        first = min(alike, key=lambda one: (one.key not in in_place, one.since or _BEFORE_ALL, one.key))
        for other in alike:
            if other is not first and other.key not in in_place:
                found[other.key] = first.key
    return found


def find_replacements(
    products: Iterable[SourceProduct], in_place: Collection[ProductKey]
) -> list[ProductKey]:
    """Return the goods that may be about to replace others in VK: goods that came back renamed.

    Both bear a code that no third product of the store bears, and the till has not listed the old one since
    the new one came. A whole reading tells whether it is still there.
    """
    products = list(products)
    if not in_place or all(one.key in in_place or one.since is None for one in products):
        return []
    by_code: dict[tuple[str, str], list[SourceProduct]] = defaultdict(list)
    for product in products:
        for code in codes_of(product):
            by_code[product.key.store_id, code].append(product)
    found = set()
    for bearers in by_code.values():
        if len(bearers) == PAIR:
            old, new = sorted(bearers, key=lambda one: one.key not in in_place)
            if old.key in in_place and new.key not in in_place and came_later(new.since, old.seen_at):
                found.add(new.key)
    return sorted(found)


def find_namesakes(
    appearing: Collection[ProductKey],
    products: Mapping[ProductKey, SourceProduct],
    in_place: Iterable[ProductKey],
) -> list[ProductKey]:
    """Return the goods about to appear that may be in VK already: one of two namesakes bears no code."""
    shown: dict[tuple[str, str], list[SourceProduct]] = defaultdict(list)
    for key in in_place:
        if product := products.get(key):
            shown[key.store_id, product.name].append(product)
    return [
        key
        for key in appearing
        if (product := products.get(key)) is not None
        and any(
            not codes_of(product) or not codes_of(one) for one in shown.get((key.store_id, product.name), ())
        )
    ]


def _equal_goods(products: Iterable[SourceProduct]) -> list[list[SourceProduct]]:
    """Return the products of one store that are equal in name and codes, several each."""
    by_name: dict[tuple[str, str], list[SourceProduct]] = defaultdict(list)
    for product in products:
        by_name[product.key.store_id, product.name].append(product)
    by_codes: dict[tuple[str, str, frozenset[str]], list[SourceProduct]] = defaultdict(list)
    for (store_id, name), namesakes in by_name.items():
        for product in namesakes if len(namesakes) > 1 else ():
            if codes := codes_of(product):
                by_codes[store_id, name, codes].append(product)
    return [alike for alike in by_codes.values() if len(alike) > 1]


def codes_of(product: SourceProduct) -> frozenset[str]:
    """Return the barcodes and the article by which a product is told from its namesakes."""
    return frozenset((*global_barcodes(product), *shop_codes(product)))
