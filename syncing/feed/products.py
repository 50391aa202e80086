"""The products of a merchant's feed, evaluated one at a time by the same rules as a job."""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from operator import itemgetter

from accounts.models import User
from catalog.models import Product, ProductGroup, ProductPhoto, ProductQuerySet, Store
from syncing import mappers
from syncing.core import records
from syncing.core.choices import Reason, Stores
from syncing.core.copies import find_copies
from syncing.core.evaluation import Evaluator
from syncing.core.feed.offers import FeedOffer
from syncing.core.feed.yml import YmlCategory
from syncing.core.item_builder import visible_article
from syncing.core.lost_filters import LostFilters
from syncing.core.safety import brings_back
from syncing.core.shown_stock import UNLIMITED, is_hidden, stock_of
from syncing.core.sku_stamp import stamp
from syncing.core.undone import fields_in_force, keeps_hidden, stays_out, stays_shown, with_kept
from syncing.core.unknown_groups import UnknownGroups
from syncing.feed.old_prices import OldPrices
from syncing.models import Listing, SyncFilter
from syncing.services.catalog_states import community_of
from syncing.services.context import local_context
from syncing.services.held_prices import price_decisions, prices_of_held_plan
from syncing.services.lost_marks import perhaps_kept_out
from syncing.services.settings import rules_of
from syncing.services.tags import tags_for
from syncing.services.undo import undone_changes
from syncing.shop_mappers import VK_LIMITS, desired_from_json

# What the feed tells of an item and an undone run may have kept; pictures are those of now.
FEED_FIELDS = frozenset({"title", "description", "price_kopecks", "old_price_kopecks", "hidden"})
ROWS_AT_ONCE, HASHES_AT_ONCE = 500, 1000
# The category of products outside all groups. Texts of the feed are Russian, like the till's.
ROOT_NAME = "Товары"
ROOT_ID = 1
# A group's category is its row's id moved behind the root's.
ID_SHIFT = 1


@dataclass(slots=True)
class FeedSummary:
    """How many products are in the feed, in which groups, and why the others are not."""

    offers: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    groups: set[records.GroupKey] = field(default_factory=set)


class FeedProducts:
    """One merchant's products under the current rules. Reads the rules once and the products on demand.

    Products come from the database 500 at a time, so memory does not grow with them; only for a
    merchant who makes one item of the same goods in several stores all of them are compared at once.
    """

    def __init__(self, user: User) -> None:
        self.user = user
        config = rules_of(user)
        stores = list(Store.objects.for_user(user).order_by("pk"))
        self.stores = [store for store in stores if store.missing_since is None]
        self._store_ids = {store.pk: store.evotor_id for store in stores}
        rows = ProductGroup.objects.for_user(user).present().in_stores(self.stores)
        self._group_rows = {
            records.GroupKey(self._store_ids[row.store_id], row.evotor_id): row for row in rows
        }
        groups = [mappers.group_record(row, key.store_id) for key, row in sorted(self._group_rows.items())]
        filters = SyncFilter.objects.filter(sync_config__user=user).order_by("pk")
        self._filters = tuple(map(mappers.filter_record, filters))
        rules = mappers.rules_record(config)
        self._held_prices = prices_of_held_plan(user) | price_decisions(user)
        self._tags = tags_for(user, rules)
        self._undone = undone_changes(user, group_id=None)
        self.evaluator = Evaluator(rules, self._filters, groups, VK_LIMITS, price_decisions=self._held_prices)
        self._old_prices = OldPrices(user, self.evaluator, self._held_prices)
        self._unknown_groups = UnknownGroups(groups, self.evaluator.rules)
        photos = ProductPhoto.objects.for_user(user).select_related("group").in_order()
        self._photos = mappers.PhotoKeys(photos, groups, self._store_ids)
        self._photo_line = repr([(one.product_id, one.group_id, one.content_hash) for one in photos])

    def fingerprint(self) -> str:
        """Return a digest of all that the feed depends on: equal while the feed is equal."""
        digest = hashlib.sha256(
            repr((self.evaluator.rules, self._filters, self._photo_line, self.shop_name)).encode()
        )
        digest.update(repr((sorted(self._held_prices.items()), sorted(self._tags.items()))).encode())
        digest.update(repr(sorted(self._sent.items(), key=itemgetter(0))).encode())
        digest.update(self._old_prices.fingerprint().encode())
        digest.update(repr(sorted(self._perhaps_kept_out)).encode())
        for product, one in sorted(self._undone.items(), key=itemgetter(0)):
            kept = sorted(one.kept.items()), sorted(one.instead_of.items())
            digest.update(repr((product, kept)).encode())
        for key, row in sorted(self._group_rows.items()):
            digest.update(repr((row.pk, key, row.name, row.parent_evotor_id)).encode())
        for pk, content in self._contents():
            digest.update(f"{pk} {content}\n".encode())
        return digest.hexdigest()

    def _contents(self) -> Iterator[tuple[int, str]]:
        """Yield (row id, content hash) of every product, in pages like the rows."""
        last, more = 0, True
        while more:
            rows = self._present().after(last).values_list("pk", "content_hash")
            page = list(rows[:HASHES_AT_ONCE])
            yield from page
            more = len(page) == HASHES_AT_ONCE
            last = page[-1][0] if page else last

    def _present(self) -> ProductQuerySet:
        return Product.objects.for_user(self.user).present().in_stores(self.stores).order_by("pk")

    @cached_property
    def shop_name(self) -> str:
        """The shop's name: that of the first store."""
        return self.stores[0].name if self.stores else ROOT_NAME

    @cached_property
    def _sent(self) -> Mapping[records.ProductKey, records.DesiredItem]:
        """The items whose leaving the merchant has taken back, as VK last confirmed them."""
        shown = {key for key, one in self._undone.items() if brings_back(one)}
        if not shown:
            return {}
        rows = Listing.objects.for_user(self.user).in_community(community_of(self.user)).with_item()
        keys = (
            (records.ProductKey(row.store_evotor_id, row.product_evotor_id), row) for row in rows.of_undone()
        )
        return {
            key: sent
            for key, row in keys
            if key in shown and (sent := desired_from_json(row.sent)) is not None
        }

    @cached_property
    def _whole_till(self) -> records.SyncContext:
        """What is in the till and what has left it, all at once: needed only where goods may be others."""
        return local_context(self.user, with_gone=True)

    @cached_property
    def _lost_filters(self) -> LostFilters | None:
        """What tells goods that a filter may have left out under another id, where there are filters."""
        return LostFilters(self._whole_till) if self._filters else None

    @cached_property
    def _perhaps_kept_out(self) -> frozenset[records.ProductKey]:
        """The goods that a run asks about before it shows them: a load may have lost what kept them out."""
        return perhaps_kept_out(self.user, lambda: self._whole_till)

    def _may_be_left_out(self, product: records.SourceProduct) -> bool:
        return self._lost_filters is not None and self._lost_filters.concerns(product.key)

    @cached_property
    def _copies(self) -> Collection[records.ProductKey]:
        """The goods that stand in the till a second time, under one name and equal codes."""
        rows = self._present().with_coded_namesakes()
        wanted = [
            one
            for one in map(self._record, rows)
            if self.evaluator.exclusion(one) is None and not self._is_kept_out(one)
        ]
        return find_copies(wanted)

    def summary(self) -> FeedSummary:
        """Count which products are in and why others are not, without building offers."""
        summary = FeedSummary()
        for _row, product, merged in self._products():
            if reason := self._why_out(product, merged):
                summary.reasons[reason] += 1
            elif summary.offers == VK_LIMITS.items:
                summary.reasons[Reason.LIMIT] += 1
            else:
                summary.offers += 1
                path = self.evaluator.tree.path(product.key.store_id, product.group_id)
                summary.groups.update(group.key for group in path)
        return summary

    def _why_out(self, product: records.SourceProduct, merged: records.Skip | None) -> str:
        if skip := merged or self.evaluator.exclusion(product):
            return skip.reason if merged or self._staying(product) is None else ""
        if reason := self._why_withheld(product):
            return reason
        hidden = is_hidden(stock_of(product.quantity, VK_LIMITS), self.evaluator.rules)
        return Reason.OUT_OF_STOCK if keeps_hidden(self._undone.get(product.key), hidden=hidden) else ""

    def categories(self, summary: FeedSummary) -> Iterator[YmlCategory]:
        """Yield the groups that hold goods of the feed, parents first, and one for goods outside groups."""
        yield YmlCategory(ROOT_ID, ROOT_NAME)
        paths = (self.evaluator.tree.path(*key) for key in summary.groups)
        for path in sorted(paths, key=lambda path: (len(path), path[-1].key)):
            parent = self._category_id(path[-2]) if len(path) > 1 else None
            yield YmlCategory(self._category_id(path[-1]), path[-1].name or ROOT_NAME, parent)

    def _category_id(self, group: records.SourceGroup) -> int:
        return self._group_rows[group.key].pk + ID_SHIFT

    def offers(
        self, picture: Callable[[int, str], str], vk_items: Mapping[int, int] | None = None
    ) -> Iterator[FeedOffer]:
        """Yield the feed's goods. `picture` gives the address of a product row's photo by its key.

        `vk_items` maps row ids to items in VK, where a reader asks for them.
        """
        items = vk_items or {}
        left = VK_LIMITS.items
        for row_id, product, merged in self._products():
            found = merged or self._evaluate(product)
            if not left or not isinstance(found, records.DesiredItem) or found.hidden:
                continue
            if not self._why_withheld(product):
                left -= 1
                offer = self._offer(row_id, product, found)
                address = picture(row_id, self._picture_version(offer, found))
                more = tuple(picture(row_id, key) for key in found.more_photos)
                yield replace(offer, picture=address, more_pictures=more, vk_item_id=items.get(row_id))

    def _evaluate(self, product: records.SourceProduct) -> records.DesiredItem | records.Skip:
        """Return the item as a run leaves it in VK: with what it keeps of before a run that is undone."""
        found = self.evaluator.evaluate(product)
        if isinstance(found, records.DesiredItem):
            found = self._old_prices.as_in_vk(product, found)
        one = self._undone.get(product.key)
        if one is None:
            return found
        if not isinstance(found, records.DesiredItem):
            return self._staying(product) or found
        # The price that the rules want, though a new one may be held.
        wanted = replace(found, price_kopecks=self.evaluator.price_of(product))
        fields = fields_in_force(one, wanted) & FEED_FIELDS
        return with_kept(one, fields, found, partial(self._at_price, product))

    def _staying(self, product: records.SourceProduct) -> records.DesiredItem | None:
        """Return the item, as VK has it, of goods that are left out by choice and whose leaving is undone.

        What VK forbids stays out all the same. Pictures are those of now.
        """
        sent = self._sent.get(product.key)
        skip = self.evaluator.exclusion(product) if sent else None
        if sent is None or skip is None or not stays_shown(self._undone.get(product.key), skip.reason):
            return None
        if self.evaluator.refusal(product) or self._unknown_groups.is_awaited(product):
            return None
        made = self.evaluator.item_of(product, category=self.evaluator.category_of(product))
        return replace(sent, hidden=False, photo_key=made.photo_key, more_photos=made.more_photos)

    def _at_price(self, product: records.SourceProduct, price: int) -> records.DesiredItem:
        category = self.evaluator.category_of(product)
        return self.evaluator.item_of(product, category=category, price=price)

    def _why_withheld(self, product: records.SourceProduct) -> Reason | None:
        """Return why a product that till and rules want is kept back, as a run would."""
        if self._is_kept_out(product):
            return Reason.KEPT_OUT
        if self._staying(product):
            return None
        if self._may_be_left_out(product):
            return Reason.MAY_BE_LEFT_OUT
        if product.key in self._perhaps_kept_out:
            return Reason.MAY_BE_KEPT_OUT
        if self._unknown_groups.is_awaited(product):
            return Reason.GROUP_UNKNOWN
        return Reason.COPY if product.key in self._copies else None

    def _is_kept_out(self, product: records.SourceProduct) -> bool:
        return stays_out(self._undone.get(product.key))

    def _picture_version(self, offer: FeedOffer, item: records.DesiredItem) -> str:
        """Return what names the picture: a drawn one is another one where what it shows is another."""
        if offer.has_photo:
            return item.photo_key
        shown = repr((item.photo_key, offer.name, offer.groups[-1:]))
        return hashlib.sha256(shown.encode()).hexdigest()

    def _offer(self, row_id: int, product: records.SourceProduct, item: records.DesiredItem) -> FeedOffer:
        path = self.evaluator.tree.path(product.key.store_id, product.group_id)
        return FeedOffer(
            id=stamp(product.key),
            name=item.title,
            price_kopecks=item.price_kopecks,
            old_price_kopecks=item.old_price_kopecks,
            category_id=self._category_id(path[-1]) if path else ROOT_ID,
            picture="",
            description=item.description,
            vendor_code=visible_article(product),
            barcodes=product.barcodes,
            count=None if item.stock == UNLIMITED else item.stock,
            row_id=row_id,
            till_id=product.key.product_id,
            code=product.code,
            article=product.article,
            groups=tuple(group.name for group in path),
            has_photo=bool(product.photo_keys),
        )

    def _products(self) -> Iterator[tuple[int, records.SourceProduct, records.Skip | None]]:
        """Yield (row id, product, the skip if it is merged into another), in a stable order."""
        if self.evaluator.rules.stores == Stores.MERGE:
            yield from self._merged_products()
            return
        for row in self._rows():
            yield row.pk, self._record(row), None

    def _merged_products(self) -> Iterator[tuple[int, records.SourceProduct, records.Skip | None]]:
        row_ids, products = {}, {}
        for row in self._rows():
            product = self._record(row)
            row_ids[product.key], products[product.key] = row.pk, product
        kept, merged = self.evaluator.merge(products.values())
        for product in kept:
            yield row_ids[product.key], product, None
        for key, skip in merged.items():
            yield row_ids[key], products[key], skip

    def _record(self, row: Product) -> records.SourceProduct:
        return mappers.product_record(
            row, self._store_ids[row.store_id], self._photos.of(row), tags=self._tags.get(row.pk, ())
        )

    def _rows(self) -> Iterator[Product]:
        """Yield the present products by ascending id, in pages: no cursor stays open while a client reads.

        MariaDB's driver would also take a whole result into memory, however it is asked for.
        """
        rows = self._present()
        last, page = 0, list(rows[:ROWS_AT_ONCE])
        while page:
            yield from page
            last = page[-1].pk
            # Two pages at once would be twice the memory.
            page.clear()
            page = list(rows.after(last)[:ROWS_AT_ONCE])
