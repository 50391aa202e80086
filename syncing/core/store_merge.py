"""Makes one product of the same goods in several stores, for merchants who want one card in VK."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from syncing.core.identity import is_global
from syncing.core.records import ProductKey, Rules, SourceProduct

_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


def merge_by_barcode(
    products: Sequence[SourceProduct], rules: Rules
) -> tuple[list[SourceProduct], dict[ProductKey, ProductKey]]:
    """Return the products with equal barcodes made one, and which product went into which.

    The first store in the merchant's order lends its identity, name and price; where it does not sell
    the goods or has no price, the next does for the price. Stock is summed over the stores that sell,
    a negative one counting as nothing; it is unknown as soon as one store's is, because goods that may
    be there must not be shown as sold out. Two products of one store are never made one.
    """
    # Of equal goods of a store, of which one is about to go, the older one stays on the card.
    cards = _cards(sorted(products, key=lambda one: (_rank(one, rules), one.since or _BEFORE_ALL, one.key)))
    merged = {product.key: card[0].key for card in cards for product in card[1:]}
    together = {card[0].key: _merge(card) for card in cards if len(card) > 1}
    kept = [together.get(product.key, product) for product in products if product.key not in merged]
    return kept, merged


def _rank(product: SourceProduct, rules: Rules) -> int:
    """Return the place of the product's store in the merchant's order; unnamed stores come last."""
    try:
        return rules.store_order.index(product.key.store_id)
    except ValueError:
        return len(rules.store_order)


def _cards(products: Iterable[SourceProduct]) -> list[list[SourceProduct]]:
    cards: list[list[SourceProduct]] = []
    by_mark: dict[str, list[list[SourceProduct]]] = defaultdict(list)
    for product in products:
        marks = _marks(product)
        known = (card for mark in marks for card in by_mark[mark])
        card = next((card for card in known if _has_room(card, product)), None)
        if card is None:
            card = []
            cards.append(card)
        card.append(product)
        for mark in marks:
            if not any(card is other for other in by_mark[mark]):
                by_mark[mark].append(card)
    return cards


def _has_room(card: list[SourceProduct], product: SourceProduct) -> bool:
    return all(member.key.store_id != product.key.store_id for member in card)


def _marks(product: SourceProduct) -> list[str]:
    """Return what makes goods the same: the barcode, with the name where the shop made it up itself.

    Codes that begin with 2 are given out by each till on its own, so two stores use the same one for
    different goods; so may a code that is no GTIN at all.
    """
    marks = []
    for barcode in product.barcodes:
        if is_global(barcode):
            marks.append(barcode.zfill(14))
        elif barcode:
            marks.append(f"{barcode}\n{' '.join(product.name.casefold().split())}")
    return marks


def _merge(card: list[SourceProduct]) -> SourceProduct:
    primary = card[0]
    selling = [product for product in card if product.allow_to_sell]
    prices = [product.price for product in selling if product.price is not None and product.price > 0]
    pictures = next((product.photo_keys for product in card if product.photo_keys), ())
    return replace(
        primary,
        price=prices[0] if prices else primary.price,
        quantity=_stock(selling or card),
        allow_to_sell=bool(selling),
        photo_keys=pictures,
        tags=tuple(dict.fromkeys(tag for product in card for tag in product.tags)),
    )


def _stock(card: list[SourceProduct]) -> Decimal | None:
    total = Decimal(0)
    for product in card:
        if product.quantity is None:
            return None
        total += max(product.quantity, Decimal(0))
    return total
