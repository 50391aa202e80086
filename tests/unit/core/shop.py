"""A pretend VK shop that plans are applied to, for tests of the planner without any I/O."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from connections.clients.vk import limits
from syncing.core.choices import ActionKind
from syncing.core.diff import album_key
from syncing.core.records import (
    Action,
    ChannelItem,
    ChannelLimits,
    Filter,
    Listing,
    ProductKey,
    RemovedItem,
    Rules,
    SourceGroup,
    SourceProduct,
    SourceState,
    SyncContext,
    SyncResult,
)
from syncing.core.sku_stamp import stamp

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LIMITS = ChannelLimits(
    items=limits.ITEMS,
    albums=limits.ALBUMS,
    items_per_album=limits.ITEMS_PER_ALBUM,
    title_weight=limits.TITLE_WEIGHT,
    album_title_weight=limits.ALBUM_TITLE_WEIGHT,
    sku_length=limits.SKU_LENGTH,
    stock=limits.STOCK,
)
STORE = "20240115-AAAA-40BB-80CC-000000000001"


def product(number: int, **changes: Any) -> SourceProduct:
    """Return an ordinary product that may be sold in VK."""
    fields: dict[str, Any] = {
        "name": f"Чашка синяя {number}",
        "price": Decimal(100 + number),
        "quantity": Decimal(5),
        "measure": "шт",
    }
    return SourceProduct(key=ProductKey(STORE, f"product-{number}"), **(fields | changes))


@dataclass
class PretendShop:
    """VK and our map of it, changed only by plans and by what a merchant does in VK."""

    items: dict[int, ChannelItem] = field(default_factory=dict)
    listings: dict[ProductKey, Listing] = field(default_factory=dict)
    albums: dict[str, int] = field(default_factory=dict)
    removed: dict[int, ChannelItem] = field(default_factory=dict)
    next_id: int = 1000

    def context(
        self,
        products: Iterable[SourceProduct],
        *,
        rules: Rules | None = None,
        groups: Sequence[SourceGroup] = (),
        filters: Sequence[Filter] = (),
        **source: Any,
    ) -> SyncContext:
        """Return the context of a run over these products, all stores fully read."""
        listed = tuple(products)
        state: dict[str, Any] = {"complete_stores": frozenset({STORE}), "previous_size": len(listed)} | source
        return SyncContext(
            now=NOW,
            rules=rules or Rules(brake_items=10_000, default_category_id=1),
            products=listed,
            groups=tuple(groups),
            filters=tuple(filters),
            listings=tuple(self.listings.values()),
            channel_items=tuple(reversed(self.items.values())),
            source=SourceState(**state),
            limits=LIMITS,
            albums=self.albums,
        )

    def apply(self, plan: SyncResult) -> None:
        """Do what the publisher would, with every call confirmed."""
        for match in plan.matches:
            old = self.listings.pop(match.old_key or match.key, None)
            if match.kind != "lost":
                base = old or Listing(match.key, stamp(match.key), match.item_id, None)
                self.listings[match.key] = replace(
                    base,
                    key=match.key,
                    stamp=stamp(match.key),
                    item_id=match.item_id,
                    sent=plan.desired.get(match.key, base.sent),
                    hidden_since=None,
                )
        for key, names in plan.merchant_fields.items():
            self.listings[key] = replace(self.listings[key], merchant_fields=names)
        for key, shown in plan.confirmed.items():
            self.listings[key] = replace(self.listings[key], sent=shown, hidden_since=None)
        for key in plan.departed:
            self.listings[key] = replace(self.listings[key], hidden_since=NOW)
        for action in plan.actions:
            if action.key in plan.returning:
                self._bring_back(action.key, plan.returning[action.key])
            else:
                self._apply(action)

    def _bring_back(self, key: ProductKey, removed: RemovedItem) -> None:
        self.items[removed.item_id] = self.removed.pop(removed.item_id)
        self.listings[key] = Listing(
            key, stamp(key), removed.item_id, removed.sent, merchant_fields=removed.merchant_fields
        )

    def _apply(self, action: Action) -> None:
        if action.kind is ActionKind.REMOVE:
            self.removed[action.item_id or 0] = self.items.pop(action.item_id or 0)
            self.listings.pop(action.key)
        elif action.kind is ActionKind.CREATE:
            self._create(action)
        else:
            self._edit(action)

    def _create(self, action: Action) -> None:
        assert action.desired is not None
        self.next_id += 1
        desired = action.desired
        self.items[self.next_id] = ChannelItem(
            item_id=self.next_id,
            title=desired.title,
            description=desired.description,
            price_kopecks=desired.price_kopecks,
            old_price_kopecks=desired.old_price_kopecks,
            stock=desired.stock,
            sku=desired.sku,
            hidden=desired.hidden,
            category_id=desired.category_id,
            album_ids=self._album_ids(desired.album),
        )
        self.listings[action.key] = Listing(action.key, stamp(action.key), self.next_id, desired)

    def _edit(self, action: Action) -> None:
        item = self.items[action.item_id or 0]
        changes: dict[str, Any] = {name: new for name, (_, new) in action.changes.items()}
        changes.pop("photo_key", None)
        if "album" in changes:
            changes["album_ids"] = self._album_ids(changes.pop("album"))
        self.items[item.item_id] = replace(item, **changes)
        listing = self.listings[action.key]
        departed = action.kind is ActionKind.HIDE and action.reason not in {"out_of_stock", "undone"}
        self.listings[action.key] = replace(
            listing, sent=action.desired or listing.sent, hidden_since=NOW if departed else None
        )

    def _album_ids(self, title: str) -> tuple[int, ...]:
        if not title:
            return ()
        return (self.albums.setdefault(album_key(title), len(self.albums) + 1),)
