"""Which goods may be those that a filter left out, now under another id.

A filter names ids. Where the till gives goods or groups other ids and nothing tells which are which, they
must not go to VK without a question.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cached_property

from syncing.core.choices import EntityType, FilterMode, Reason
from syncing.core.filters import FilterSet
from syncing.core.group_tree import GroupTree
from syncing.core.identity import are_alike, global_barcodes, name_stems, plain_name, shop_codes, till_codes
from syncing.core.records import Filter, ProductKey, SourceGroup, SourceProduct, SyncContext
from syncing.core.reimport import came_later, dead_groups

# What came this long after a filter's goods had left is something else.
REPLACED_WITHIN = timedelta(days=30)
# Goods that left in one re-import were last read so close together.
ONE_READING = timedelta(days=1)


class Turnover:
    """How many goods of each store left in one reading, and how many stayed."""

    def __init__(self, context: SyncContext) -> None:
        self._left: dict[str, list[datetime]] = defaultdict(list)
        self._came: dict[str, list[datetime]] = defaultdict(list)
        self._unnoted: Counter[str] = Counter()
        for product in context.gone_products:
            if product.seen_at:
                self._left[product.key.store_id].append(product.seen_at)
        for product in context.products:
            if product.since:
                self._came[product.key.store_id].append(product.since)
            else:
                self._unnoted[product.key.store_id] += 1
        for moments in (*self._left.values(), *self._came.values()):
            moments.sort()

    def has_lost_half(self, store: str, moment: datetime) -> bool:
        """Return True if half of a store's goods were last read at this moment, or close to it."""
        left = self._left[store]
        gone = bisect_right(left, moment + ONE_READING) - bisect_left(left, moment - ONE_READING)
        stayed = self._unnoted[store] + bisect_right(self._came[store], moment)
        return gone > 1 and gone >= stayed


class LostFilters:
    """Tells of a product whether it may be one that a filter left out under another id."""

    def __init__(self, context: SyncContext) -> None:
        self._context = context
        followed = {(line.entity_type, line.follows) for line in context.filters if line.follows}
        self._excluding = [
            line
            for line in context.filters
            if line.mode is FilterMode.EXCLUDE and (line.entity_type, line.entity_id) not in followed
        ]
        self._answered = max((line.answered_at for line in context.filters if line.answered_at), default=None)
        self._products = {product.key: product for product in context.products}
        self._tree = GroupTree(context.groups)

    def concerns(self, key: ProductKey) -> bool:
        """Return True if the product may be one that a filter left out."""
        product = self._products.get(key)
        if product is None or not self._context.filters:
            return False
        return self._resembles_left_out(product) or self._is_in_place_of_lost(product)

    # Goods that look like ones that were left out

    def _resembles_left_out(self, product: SourceProduct) -> bool:
        if product.since is None or (self._answered and product.since <= self._answered):
            return False
        return any(
            self._came_before(other, product) and self._may_be(other, product)
            for other in self._look_alikes(product)
        )

    def _came_before(self, other: SourceProduct, product: SourceProduct) -> bool:
        return other.since is None or came_later(product.since, other.since)

    def _may_be(self, other: SourceProduct, product: SourceProduct) -> bool:
        """Return True for what is gone, or may be: the reading that found the new one did not look for it."""
        if other.key not in self._products or came_later(product.since, other.seen_at):
            return True
        reason = self._filters.excluded_by(other)
        if reason is Reason.FILTER_PRODUCT:
            return other.key.product_id in self._excluded_ids
        if reason is not Reason.FILTER_GROUP:
            return False
        # Both are there: a copy into another group is the merchant's own doing, one that came with its
        # group is a re-import that has not ended.
        old = self._tree.path(other.key.store_id, other.group_id)[-1:]
        new = self._tree.path(product.key.store_id, product.group_id)[-1:]
        return bool(old and new) and new[0].since is not None and self._group_came_before(old[0], new[0])

    def _group_came_before(self, old: SourceGroup, new: SourceGroup) -> bool:
        return old.since is None or came_later(new.since, old.since)

    @cached_property
    def _excluded_ids(self) -> frozenset[str]:
        return frozenset(line.entity_id for line in self._excluding if line.entity_type is EntityType.PRODUCT)

    @cached_property
    def _filters(self) -> FilterSet:
        """The filters as they held for what is gone, too."""
        context = self._context
        return FilterSet(context.filters, [*context.gone_groups, *context.groups])

    @cached_property
    def _by_mark(self) -> dict[tuple[str, str], list[SourceProduct]]:
        """The goods that filters leave out or left out, by what they are known by."""
        found: dict[tuple[str, str], list[SourceProduct]] = defaultdict(list)
        for product in (*self._context.gone_products, *self._context.products):
            if self._filters.excluded_by(product) in (Reason.FILTER_GROUP, Reason.FILTER_PRODUCT):
                for mark in _marks(product):
                    found[product.key.store_id, mark].append(product)
                if product.key not in self._products:
                    for stem in name_stems(product.name):
                        found[product.key.store_id, stem].append(product)
        return found

    def _look_alikes(self, product: SourceProduct) -> Iterator[SourceProduct]:
        home = product.key.store_id
        for mark in _marks(product):
            for other in self._by_mark.get((home, mark), ()):
                if not mark.startswith("code ") or are_alike(other.name, product.name):
                    yield other
        seen: set[ProductKey] = set()
        for stem in name_stems(product.name):
            for other in self._by_mark.get((home, stem), ()):
                if other.key not in seen and are_alike(other.name, product.name):
                    yield other
                seen.add(other.key)

    # Goods that came where a filter's goods or groups had left

    def _is_in_place_of_lost(self, product: SourceProduct) -> bool:
        store = product.key.store_id
        path = self._tree.path(store, product.group_id)
        arrivals = [group.since for group in path]
        return (
            any(map(self._is_second_of_its_name, path))
            or any(
                _replaces(since, moment) for moment in self._lost_groups.get(store, ()) for since in arrivals
            )
            or any(_replaces(product.since, moment) for moment in self._replaced.get(store, ()))
            or any(_replaces(self._store_since.get(store), moment) for moment in self._lost_stores)
        )

    def _is_second_of_its_name(self, group: SourceGroup) -> bool:
        """Return True for a group that came beside a left-out one of the same name."""
        others = self._left_out_names.get(self._names(group), ())
        return any(
            other.key != group.key
            and group.since is not None
            and self._group_came_before(other, group)
            and (line.answered_at is None or line.answered_at < group.since)
            for other, line in others
        )

    @cached_property
    def _left_out_names(self) -> dict[tuple[str, ...], list[tuple[SourceGroup, Filter]]]:
        lines = {line.entity_id: line for line in self._excluding if line.entity_type is EntityType.GROUP}
        found: dict[tuple[str, ...], list[tuple[SourceGroup, Filter]]] = defaultdict(list)
        for group in self._context.groups:
            if line := lines.get(group.key.group_id):
                found[self._names(group)].append((group, line))
        return found

    def _names(self, group: SourceGroup) -> tuple[str, ...]:
        """Return the store and the names from the root down."""
        return group.key.store_id, *(plain_name(one.name) for one in self._tree.path(*group.key))

    def _is_open(self, line: Filter, seen_at: datetime | None) -> bool:
        """Return True if the merchant has not been asked since the filter's product or group was there."""
        return seen_at is not None and (line.answered_at is None or line.answered_at <= seen_at)

    @cached_property
    def _lost_groups(self) -> dict[str, list[datetime]]:
        """When groups that a filter leaves out were last seen, by store."""
        context = self._context
        gone = [*context.gone_groups, *dead_groups(context.groups, context.products)]
        living = {group.key.group_id for group in context.groups} - {one.key.group_id for one in gone}
        lines = {line.entity_id: line for line in self._excluding if line.entity_type is EntityType.GROUP}
        found: dict[str, list[datetime]] = defaultdict(list)
        for group in gone:
            line = lines.get(group.key.group_id)
            if line and group.seen_at and line.entity_id not in living and self._is_open(line, group.seen_at):
                found[group.key.store_id].append(group.seen_at)
        return found

    @cached_property
    def _replaced(self) -> dict[str, list[datetime]]:
        """When stores lost half of their goods, and with them what a filter leaves out."""
        lines = {line.entity_id: line for line in self._excluding if line.entity_type is EntityType.PRODUCT}
        living = {product.key.product_id for product in self._context.products}
        found: dict[str, set[datetime]] = defaultdict(set)
        for product in self._context.gone_products:
            line = lines.get(product.key.product_id)
            if (
                line
                and product.seen_at
                and line.entity_id not in living
                and self._is_open(line, product.seen_at)
            ):
                found[product.key.store_id].add(product.seen_at)
        for store, moments in self._lost_groups.items():
            found[store].update(moments)
        turnover = Turnover(self._context)
        return {
            store: [moment for moment in sorted(moments) if turnover.has_lost_half(store, moment)]
            for store, moments in found.items()
        }

    @cached_property
    def _lost_stores(self) -> list[datetime]:
        lines = {line.entity_id: line for line in self._excluding if line.entity_type is EntityType.STORE}
        return [
            store.seen_at
            for store in self._context.stores
            if not store.is_listed and store.seen_at and (line := lines.get(store.store_id))
            if self._is_open(line, store.seen_at)
        ]

    @cached_property
    def _store_since(self) -> dict[str, datetime | None]:
        return {store.store_id: store.since for store in self._context.stores}


def _replaces(since: datetime | None, left: datetime) -> bool:
    return since is not None and left < since <= left + REPLACED_WITHIN


def _marks(product: SourceProduct) -> Iterable[str]:
    """Return what a product is known by. Another article or code is another product's too."""
    yield from (f"barcode {barcode}" for barcode in global_barcodes(product))
    yield from (f"code {code}" for code in (*shop_codes(product), *till_codes(product)))
    if product.name:
        yield f"name {plain_name(product.name)}"
