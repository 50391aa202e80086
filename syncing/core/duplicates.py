"""Finds items made by hand in VK that show products which a run would create again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from syncing.core.choices import ActionKind
from syncing.core.records import ChannelItem, DesiredItem, ProductKey, SourceProduct, SyncContext, SyncResult
from syncing.core.sku_stamp import find_stamp

Whose = TypeVar("Whose", int, ProductKey)


class MatchedBy(StrEnum):
    """What an item and a product have in common, the surest first."""

    BARCODE = "barcode"
    ARTICLE = "article"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A hand-made item and the product that it shows, most likely."""

    item: ChannelItem
    product: SourceProduct
    desired: DesiredItem
    matched_by: MatchedBy


def find_duplicates(context: SyncContext, plan: SyncResult) -> list[Duplicate]:
    """Return the pairs in the order of titles; of whatever could be two things, nothing is said.

    An item that is hidden was hidden by the merchant, and one with a stamp is somebody's sync's.
    """
    mapped = {listing.item_id for listing in context.listings}
    items = {
        item.item_id: item
        for item in context.channel_items
        if item.item_id not in mapped and not item.hidden and find_stamp(item.sku) is None
    }
    missing = {action.key for action in plan.actions if action.kind is ActionKind.CREATE}
    products = {product.key: product for product in context.products if product.key in missing}
    found: list[Duplicate] = []
    for matched_by in MatchedBy:
        here = _unique(_item_marks(items.values(), matched_by))
        there = _unique(_product_marks(products.values(), plan, matched_by))
        for mark in sorted(here.keys() & there.keys()):
            # One product may have two barcodes, each with an item of its own.
            if there[mark] in products:
                item, product = items.pop(here[mark]), products.pop(there[mark])
                found.append(Duplicate(item, product, plan.desired[product.key], matched_by))
    return sorted(found, key=lambda one: (one.item.title, one.item.item_id))


def _item_marks(items: Iterable[ChannelItem], matched_by: MatchedBy) -> Iterator[tuple[str, int]]:
    for item in items:
        yield _mark(item.title if matched_by is MatchedBy.NAME else item.sku), item.item_id


def _product_marks(
    products: Iterable[SourceProduct], plan: SyncResult, matched_by: MatchedBy
) -> Iterator[tuple[str, ProductKey]]:
    for product in products:
        texts: tuple[str, ...] = (product.name, plan.desired[product.key].title)
        if matched_by is MatchedBy.BARCODE:
            texts = product.barcodes
        elif matched_by is MatchedBy.ARTICLE:
            texts = (product.article, product.code)
        for text in texts:
            yield _mark(text), product.key


def _mark(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())


def _unique(marks: Iterable[tuple[str, Whose]]) -> dict[str, Whose]:
    found: dict[str, set[Whose]] = defaultdict(set)
    for mark, whose in marks:
        if mark:
            found[mark].add(whose)
    return {mark: next(iter(all_of)) for mark, all_of in found.items() if len(all_of) == 1}
