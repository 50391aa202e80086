"""Items follow goods that came back under another id, went to another store or into a card."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from syncing.core.choices import Reason, Stores
from syncing.core.copies import find_copies
from syncing.core.evaluation import Evaluation
from syncing.core.matching import Pairing, follow_cards, relink, relink_through
from syncing.core.plan.draft import Draft
from syncing.core.records import ProductKey, SourceProduct, SyncContext
from syncing.core.reimport import find_through
from syncing.core.undone import follow_items

Products = Mapping[ProductKey, SourceProduct]


def follow_moved_goods(draft: Draft) -> None:
    """Give moved goods their items, and with them what the merchant said about their prices and runs."""
    _relink_moved(draft)
    matches = draft.pairing.matches
    draft.context = replace(
        draft.context,
        undone=follow_items(draft.context.undone, matches),
        price_decisions=follow_items(draft.context.price_decisions, matches),
    )


def _relink_moved(draft: Draft) -> None:
    context, evaluation, pairing = draft.context, draft.evaluation, draft.pairing
    products = {product.key: product for product in context.products}
    gone = _gone_with_items(draft, products)
    reimported = _reimported_stores(pairing, gone)
    _relink_cards(draft, products, gone, reimported)
    if evaluation.merged:
        # A card that waits behind an equal product of its store takes no item from another one.
        waiting = find_copies(products.values(), pairing.pairs)
        merged = {key: card for key, card in evaluation.merged.items() if card not in waiting}
        follow_cards(pairing, merged, products)
    gone = {key: product for key, product in gone.items() if key in pairing.pairs}
    if not gone:
        return
    # Of equal goods the one that the others wait behind may take an item over.
    copies = find_copies(products.values(), pairing.pairs)
    present = [product for key, product in products.items() if key not in gone and key not in copies]
    # Then goods that are out of VK: their hidden items are theirs when they are let in again, renamed or not.
    for candidates in (evaluation.products, _left_out(evaluation, products)):
        new = [one for key, one in candidates.items() if key not in pairing.pairs and key not in copies]
        still_gone = {key: product for key, product in gone.items() if key in pairing.pairs}
        if still_gone and new:
            relink(pairing, still_gone, new, present, reimported)
            _relink_through(context, pairing, still_gone, new, present)


def _relink_cards(draft: Draft, products: Products, gone: Products, reimported: Collection[str]) -> None:
    """Give cards that came back under another id their own shown items, before those of other stores come.

    Where stores are merged while the first one is re-imported, both have an item: the first one's stays.
    """
    pairing, cards = draft.pairing, draft.evaluation.merged
    waiting = {cards[key] for key in cards.keys() & pairing.pairs.keys() if cards[key] not in pairing.pairs}
    for store_id in sorted({key.store_id for key in waiting}):
        left = {
            key: product
            for key, product in gone.items()
            if key.store_id == store_id and pairing.pairs[key][0].hidden_since is None
        }
        here = [product for key, product in products.items() if key.store_id == store_id and key not in gone]
        relink(pairing, left, [one for one in here if one.key in waiting], here, reimported)


def _gone_with_items(draft: Draft, products: Products) -> dict[ProductKey, SourceProduct]:
    """Return the goods that left and have an item that others may take over."""
    gone = {
        key: listing.last_known
        for key, (listing, _) in draft.pairing.pairs.items()
        if key not in products and listing.last_known and draft.is_provably_gone(key)
    }
    if draft.context.rules.stores == Stores.MERGE:
        # The same goods of a store that no longer takes part.
        out = _left_out_stores(draft.evaluation)
        gone |= {key: products[key] for key in out if key in draft.pairing.pairs}
    return gone


def _relink_through(
    context: SyncContext,
    pairing: Pairing,
    gone: Products,
    new: Sequence[SourceProduct],
    present: Sequence[SourceProduct],
) -> None:
    """Let items follow goods that changed their ids twice since the last run, by those in between."""
    seen = {product.key: product for product in context.gone_products}
    left = {key: seen.get(key, product) for key, product in gone.items() if key in pairing.pairs}
    between = [product for key, product in seen.items() if key not in pairing.pairs]
    if left and between:
        relink_through(pairing, find_through(left, between, present), left, new)


def _reimported_stores(pairing: Pairing, gone: Collection[ProductKey]) -> set[str]:
    """Return the stores in which every product that was for sale has left at once, two at least."""
    for_sale: dict[str, list[ProductKey]] = defaultdict(list)
    for key, (listing, _) in pairing.pairs.items():
        if listing.hidden_since is None:
            for_sale[key.store_id].append(key)
    return {
        store_id for store_id, keys in for_sale.items() if len(keys) > 1 and all(key in gone for key in keys)
    }


def _left_out(evaluation: Evaluation, products: Products) -> dict[ProductKey, SourceProduct]:
    """Return the goods that filters and rules leave out, without those of whole stores or on other cards."""
    elsewhere = {*evaluation.merged, *_left_out_stores(evaluation)}
    return {key: products[key] for key in evaluation.skipped.keys() & products.keys() - elsewhere}


def _left_out_stores(evaluation: Evaluation) -> list[ProductKey]:
    return [key for key, skip in evaluation.skipped.items() if skip.reason == Reason.FILTER_STORE]
