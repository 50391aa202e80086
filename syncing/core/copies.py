"""Goods that one store's till has twice: same name, same barcodes, same article, another id.

A re-import writes the new goods before it deletes the old ones, and a reading may come between. VK then keeps
one item, which goes to the other product when the first one leaves.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from syncing.core.identity import are_alike, global_barcodes, plain_name, shop_codes, till_codes
from syncing.core.records import ProductKey, SourceProduct

# An old product and the one that may have replaced it.
PAIR = 2
# How long old goods may stay beside new ones while goods are loaded into the till again.
ONE_IMPORT = timedelta(hours=1)
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
    """Return the goods that may be about to replace others in VK: goods that came back under another id.

    They came after the old ones, and no reading an hour later or more has listed these: a re-import may take
    so long. Then the old ones are there to stay.
    """
    products = list(products)
    if not in_place or all(one.key in in_place or one.since is None for one in products):
        return []
    counterparts = _Counterparts(products, in_place)
    waiting = (
        one for one in products if one.key not in in_place and any(map(_waits_for(one), counterparts.of(one)))
    )
    return sorted(one.key for one in waiting)


def find_namesakes(
    appearing: Collection[ProductKey],
    products: Mapping[ProductKey, SourceProduct],
    in_place: Collection[ProductKey],
) -> list[ProductKey]:
    """Return the goods about to appear that may be in VK already, under the id of before a re-import."""
    counterparts = _Counterparts(products.values(), in_place)
    known = (product for key in appearing if (product := products.get(key)) is not None)
    return [
        one.key
        for one in known
        if counterparts.namesakes_of(one) or any(map(_came_before(one), counterparts.of(one)))
    ]


class _Counterparts:
    """Goods in VK that others of their store may be.

    Two may be one where they bear a code that no third product of the store bears, where they have one name
    and at least one of them bears no code, or where they have a like name and one code of the till.
    """

    def __init__(self, products: Iterable[SourceProduct], in_place: Collection[ProductKey]) -> None:
        self._by_code: dict[tuple[str, str], list[SourceProduct]] = defaultdict(list)
        self._by_till_code: dict[tuple[str, str], list[SourceProduct]] = defaultdict(list)
        self._by_name: dict[tuple[str, str], list[SourceProduct]] = defaultdict(list)
        self._in_place = in_place
        for product in products:
            for code in codes_of(product):
                self._by_code[product.key.store_id, code].append(product)
            if product.key not in in_place:
                continue
            for code in till_codes(product):
                self._by_till_code[product.key.store_id, code].append(product)
            if product.name:
                self._by_name[product.key.store_id, plain_name(product.name)].append(product)

    def of(self, product: SourceProduct) -> list[SourceProduct]:
        """Return those in VK that this one may be."""
        pairs = (self._by_code[product.key.store_id, code] for code in codes_of(product))
        others = [one for pair in pairs if len(pair) == PAIR for one in pair if one.key in self._in_place]
        counted = (self._by_till_code.get((product.key.store_id, code), ()) for code in till_codes(product))
        others += (one for alike in counted for one in alike if are_alike(one.name, product.name))
        return [*others, *self.namesakes_of(product)]

    def namesakes_of(self, product: SourceProduct) -> list[SourceProduct]:
        """Return those in VK of its name, where one of both bears no code."""
        alike = self._by_name.get((product.key.store_id, plain_name(product.name)), ())
        return [one for one in alike if not (codes_of(product) and codes_of(one))]


def _came_before(new: SourceProduct) -> Callable[[SourceProduct], bool]:
    return lambda old: new.since is not None and (old.since is None or new.since > old.since)


def _waits_for(new: SourceProduct) -> Callable[[SourceProduct], bool]:
    """Return a function that tells of an old one whether it may still leave in the same re-import."""
    came_before = _came_before(new)
    since = new.since or _BEFORE_ALL
    return lambda old: came_before(old) and old.seen_at is not None and old.seen_at < since + ONE_IMPORT


def _equal_goods(products: Iterable[SourceProduct]) -> list[list[SourceProduct]]:
    """Return the products of one store that are equal in name and codes, several each."""
    by_name: dict[tuple[str, str], list[SourceProduct]] = defaultdict(list)
    for product in products:
        if product.barcodes or product.article:
            by_name[product.key.store_id, plain_name(product.name)].append(product)
    by_codes: dict[tuple[str, str, frozenset[str]], list[SourceProduct]] = defaultdict(list)
    for (store_id, name), namesakes in by_name.items():
        for product in namesakes if len(namesakes) > 1 else ():
            if codes := codes_of(product):
                by_codes[store_id, name, codes].append(product)
    return [alike for alike in by_codes.values() if len(alike) > 1]


def codes_of(product: SourceProduct) -> frozenset[str]:
    """Return the barcodes and the article by which a product is told from its namesakes."""
    return frozenset((*global_barcodes(product), *shop_codes(product)))
