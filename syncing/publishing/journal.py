"""What a run writes down: intents before VK is asked, results after VK has answered.

VK is the truth and these rows are the memory. An intent (a Listing that says "creating") makes a
lost answer findable; a result is written in one transaction with the run's counters.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import F

from catalog.models import Product
from connections.clients.errors import ClientError
from evosync.common.bulk import insert_rows, update_rows
from evosync.common.clock import is_past
from syncing.core.choices import ActionKind, MatchKind
from syncing.core.diff import MERCHANT_FIELDS
from syncing.core.drawn_pictures import style_of
from syncing.core.records import (
    Action,
    CategoryChoice,
    DesiredItem,
    ProductKey,
    RemovedItem,
    SyncResult,
)
from syncing.core.refusals import refused_fields
from syncing.core.sku_stamp import stamp
from syncing.models import Listing, ShopLimits, SyncJob, SyncJobItem
from syncing.publishing.job_items import changes_to_json, planned_changes
from syncing.publishing.lease import Lease
from syncing.publishing.listing_rows import ERROR_TEXT_LENGTH, confirm, lose, refuse, state_of
from syncing.publishing.shop_journal import ShopJournal
from syncing.publishing.vk.methods import Picture
from syncing.shop_mappers import desired_to_json, removed_to_json, sent_more_ids

COUNTERS = {
    ActionKind.CREATE: "items_created",
    ActionKind.UPDATE: "items_updated",
    ActionKind.RESTORE: "items_updated",
    ActionKind.HIDE: "items_hidden",
    ActionKind.REMOVE: "items_deleted",
}
OWN_VALUES = 6
# Of an item's pictures so many are known again: those that it has, and as many that it had.
SAVED_PHOTOS = 10

# A row's own `updated_at` is renewed only by `save`.
RETURNED = [
    *("vk_item_id", "state", "sent", "photo_id", "photo_key"),
    *("saved_photos", "merchant_fields", "hidden_since"),
]
ITEM_RESULT = ["result", "error_code", "error_text", "updated_at"]
LISTING_RESULT = [
    "vk_item_id",
    "state",
    "sent",
    "photo_id",
    "saved_photos",
    "merchant_fields",
    "kept_forms",
    "hidden_since",
    "last_error",
    "last_error_text",
    "refused",
    "last_verified_at",
    "lost_price",
]


@dataclass(frozen=True, slots=True)
class DoneInPart:
    """The result of an edit that VK has made but for its pictures; `refused` says why not those."""

    refused: ClientError


@dataclass(slots=True)
class Journal:
    """The rows of one run in one community. `clock` gives the time; `over` says that a slice ends."""

    job: SyncJob
    vk_group_id: int
    clock: Callable[[], datetime]
    over: Callable[[], bool] = lambda: False
    progress: Callable[[int, int], None] = lambda done, total: None
    listings: dict[ProductKey, Listing] = field(default_factory=dict)
    lease: Lease = field(init=False)
    shop: ShopJournal = field(init=False)
    _items: dict[ProductKey, SyncJobItem] = field(default_factory=dict)
    _products: dict[ProductKey, int] = field(default_factory=dict)
    _categories: Mapping[ProductKey, CategoryChoice] = field(default_factory=dict)
    _rule_names: Mapping[ProductKey, Mapping[str, str]] = field(default_factory=dict)
    _desired: Mapping[ProductKey, DesiredItem] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lease = Lease(self.job, self.clock, self.over)
        self.shop = ShopJournal(self.job.user, self.vk_group_id, self.clock, self.lease)

    def beat(self) -> None:
        """Show that the run lives. Raises PublishStopped where it must not go on."""
        self.lease.beat()

    def load(self, rows: Iterable[Listing], limits: ShopLimits | None) -> None:
        """Take over the community's map and limits, as the plan was made from them."""
        self.shop.load(limits)
        self.listings = {ProductKey(row.store_evotor_id, row.product_evotor_id): row for row in rows}

    def start(self, plan: SyncResult, *, phase: str) -> None:
        """Write down the whole plan before its first step, in place of an earlier slice's rest.

        With it the job enters its `phase`, so one that has entered it has a plan. Raises LeaseLost.
        """
        keys = {action.key.product_id for action in plan.actions}
        keys |= {match.key.product_id for match in plan.matches}
        found = Product.objects.for_user(self.job.user).with_evotor_ids(keys)
        self._products = {ProductKey(store, evotor): pk for pk, store, evotor in found}
        self._categories = plan.categories
        self._rule_names, self._desired = plan.rule_names, plan.desired
        items = [self._item(action) for action in plan.actions]
        lost = {match.key for match in plan.matches if match.kind is MatchKind.LOST}
        removed = self._removed_unheard(lost)
        # What is planned was counted in the total of the slice that planned it.
        has_rest = bool(self.job.total)
        done = self.job.done + len(removed)
        values = {
            "phase": phase,
            "vk_group_id": self.vk_group_id,
            "done": done,
            "items_deleted": self.job.items_deleted + len(removed),
            "total": done + len(items),
        }
        if items or has_rest:
            with self.lease.held(**values):
                update_rows(removed, ["result", "updated_at"])
                if has_rest:
                    self.job.items.planned().delete()
                insert_rows(items)
        else:
            self.lease.write(**values)
        for name, value in values.items():
            setattr(self.job, name, value)
        self._items = {action.key: item for action, item in zip(plan.actions, items, strict=True)}

    def _removed_unheard(self, lost: Collection[ProductKey]) -> list[SyncJobItem]:
        """Return as done what an earlier slice removed without having heard VK's answer."""
        if not lost or not self.job.total:
            return []
        rows = self.job.items.planned().removals().only("pk", "store_evotor_id", "product_evotor_id")
        removed = [row for row in rows if ProductKey(row.store_evotor_id, row.product_evotor_id) in lost]
        for row in removed:
            row.result, row.updated_at = SyncJobItem.Result.DONE, self.clock()
        return removed

    def add_actions(self, actions: Sequence[Action]) -> None:
        """Write down steps that became part of the run while it was carried out."""
        items = [self._item(action) for action in actions]
        total = self.job.total + len(items)
        with self.lease.held(total=total):
            insert_rows(items)
        self.job.total = total
        self._items |= {action.key: item for action, item in zip(actions, items, strict=True)}

    def settled(self) -> set[ProductKey]:
        """Return the products whose steps VK has answered."""
        return {key for key, row in self._items.items() if row.result != SyncJobItem.Result.PLANNED}

    def record_intents(self, actions: Iterable[Action]) -> None:
        """Write down that these items are about to be created."""
        now, fresh, known = self.clock(), [], []
        for action in actions:
            listing = self.listings.get(action.key)
            if listing is None:
                listing = self.listings[action.key] = self.new_listing(action.key)
                fresh.append(listing)
            else:
                known.append(listing)
            sent_at = listing.create_sent_at
            # A doubt that a wrong clock has dated begins now: it may not last until that time comes.
            if not listing.is_in_doubt or (sent_at is not None and not is_past(sent_at, now)):
                listing.create_sent_at = now
            listing.state = Listing.State.CREATING
        self._write(fresh, known, ["state", "create_sent_at"])

    def record_edit_intents(self, actions: Iterable[Action]) -> None:
        """Write down the texts and pictures that are about to be replaced, with what replaces them.

        Until VK's list shows the new ones, and where the answer is lost, either is ours and no edit
        of the merchant's. So is the visibility that we are about to change, until VK's answer is known.
        """
        at, rows = self.clock().isoformat(), []
        for action in actions:
            texts = {name: pair for name, pair in action.changes.items() if name in MERCHANT_FIELDS}
            listing = self.listings[action.key]
            old: dict[str, object] = {"at": at} | {name: before for name, (before, _) in texts.items()}
            if "photo_key" in action.changes and listing.sent.get("photo_key") == listing.photo_key:
                old["photo_id"] = listing.photo_id
            if "more_photos" in action.changes and (ids := sent_more_ids(listing)) is not None:
                old["more_ids"] = list(ids)
            hides_or_shows = "hidden" in action.changes and bool(listing.sent)
            if hides_or_shows:
                listing.sent = {**listing.sent, "hidden": None}
            if len(old) > 1:
                new = {"at": at} | {name: after for name, (_, after) in texts.items()}
                listing.own_values = [*(listing.own_values or []), old, new][-OWN_VALUES:]
            if hides_or_shows or len(old) > 1:
                rows.append(listing)
        self._update(rows, ["own_values", "sent"])

    def record_return_intents(self, items: Mapping[ProductKey, RemovedItem]) -> None:
        """Write down that these removed items are about to come back, as they were.

        Where VK's answer is lost, the next reading shows them, or shows that VK still has none of them.
        """
        fresh, known = [], []
        for key, item in items.items():
            listing = self.listings.get(key)
            if listing is None:
                listing = self.listings[key] = self.new_listing(key)
                fresh.append(listing)
            else:
                known.append(listing)
            listing.vk_item_id = item.item_id
            # Whether it is shown is open until VK has answered.
            listing.sent = desired_to_json(replace(item.sent, hidden=None)) if item.sent else {}
            listing.photo_id, listing.photo_key = item.photo_id, item.photo_key
            listing.saved_photos = dict(item.saved_photos) or None
            listing.merchant_fields, listing.hidden_since = sorted(item.merchant_fields), None
            listing.state = state_of(hidden=bool(item.sent and item.sent.hidden))
        self._write(fresh, known, RETURNED)

    def record_unconfirmed(self, action: Action, error: ClientError) -> None:
        """Leave an intent open: whether VK made the item cannot be told yet."""
        self.record_results([(action, error)])
        listing = self.listings[action.key]
        listing.state = Listing.State.CREATING
        self._update([listing], ["state"])

    def record_photos(self, photos: Iterable[tuple[Picture, int]]) -> None:
        """Keep the picture ids that VK just gave, each with its source, before they are used."""
        rows = {}
        for picture, photo_id in photos:
            listing = rows[picture.key] = self.listings[picture.key]
            if picture.is_main:
                listing.photo_id, listing.photo_key = photo_id, picture.photo_key
            # A drawn picture is drawn again when it is wanted again: the name may be another one by then.
            if style_of(picture.photo_key) is None:
                saved = {**(listing.saved_photos or {}), picture.photo_key: photo_id}
                listing.saved_photos = dict([*saved.items()][-SAVED_PHOTOS:])
        self._update([*rows.values()], ["photo_id", "photo_key", "saved_photos"])

    def record_more_ids(self, found: Mapping[ProductKey, Sequence[int]]) -> None:
        """Write down which further pictures are about to be put up: they are ours, whatever VK answers."""
        at, rows = self.clock().isoformat(), []
        for key, ids in found.items():
            listing = self.listings[key]
            new = {"at": at, "more_ids": list(ids)}
            listing.own_values = [*(listing.own_values or []), new][-OWN_VALUES:]
            rows.append(listing)
        self._update(rows, ["own_values"])

    def discard_photos(self, key: ProductKey) -> None:
        """Drop pictures of which VK no longer takes one; it does not say which."""
        listing = self.listings[key]
        listing.photo_id, listing.photo_key, listing.saved_photos = None, "", None
        self._update([listing], ["photo_id", "photo_key", "saved_photos"])

    def discard_item(self, key: ProductKey) -> None:
        """Note that VK no longer has this product's item, nor the picture that was on it."""
        lose(self.listings[key])
        with self.lease.held():
            self.listings[key].save()

    def record_results(self, results: Sequence[tuple[Action, object]]) -> None:
        """Write down what VK confirmed or refused, with the counters, in one transaction.

        A result is the new item's id for a CREATE, a ClientError for a refusal, DoneInPart where both
        happened, anything else for a success.
        """
        if not results:
            return
        rows, items = [], []
        counts: dict[str, int] = {}
        for action, value in results:
            listing, item = self.listings[action.key], self._items[action.key]
            if isinstance(value, ClientError):
                self._fail(action, value)
                counts["error_count"] = counts.get("error_count", 0) + 1
            elif isinstance(value, DoneInPart):
                confirm(listing, action, None, now=self.clock())
                self._fail(action, value.refused)
                counts["error_count"] = counts.get("error_count", 0) + 1
            else:
                confirm(listing, action, value, now=self.clock())
                item.result = SyncJobItem.Result.DONE
                counter = COUNTERS[action.kind]
                counts[counter] = counts.get(counter, 0) + 1
            item.updated_at = self.clock()
            rows.append(listing)
            items.append(item)
        counts["done"] = len(results)
        with self.lease.held(**{name: F(name) + n for name, n in counts.items()}):
            update_rows(rows, LISTING_RESULT)
            update_rows(items, ITEM_RESULT)
        for name, number in counts.items():
            setattr(self.job, name, getattr(self.job, name) + number)
        self.progress(self.job.done, self.job.total)

    def _fail(self, action: Action, error: ClientError) -> None:
        # A text that was tried again, shorter, counts as the plan has it.
        desired = self._desired.get(action.key) or action.desired
        refused = refused_fields(action, desired) if desired else None
        refuse(self.listings[action.key], error, refused=refused)
        _note_failure(self._items[action.key], error)

    def record_second_items(self, results: Sequence[tuple[Action, object]]) -> None:
        """Write into the run's history which second items were hidden; the map knows nothing of them."""
        rows = []
        for action, value in results:
            row = self._item(action)
            row.result = SyncJobItem.Result.DONE
            if isinstance(value, ClientError):
                _note_failure(row, value)
            rows.append(row)
        failed = sum(row.result == SyncJobItem.Result.FAILED for row in rows)
        hidden = len(rows) - failed
        with self.lease.held(items_hidden=F("items_hidden") + hidden, error_count=F("error_count") + failed):
            insert_rows(rows)
        self.job.items_hidden += hidden
        self.job.error_count += failed

    def record_album(self, keys: Iterable[ProductKey], album: str) -> None:
        """Write down that these items are in this album, or in none."""
        rows = []
        for key in keys:
            listing = self.listings[key]
            if listing.sent:
                listing.sent = {**listing.sent, "album": album}
                rows.append(listing)
        self._update(rows, ["sent"])

    def record_album_refusal(self, keys: Iterable[ProductKey], album: str, *, held: int | None) -> None:
        """Remember which album VK refuses these items, and how many items it held where it was full.

        The items themselves are fine, and they are asked for again once that no longer holds.
        """
        refusal = {"album": album, "at": self.clock().isoformat(), "held": held}
        rows = [self.listings[key] for key in keys]
        for listing in rows:
            listing.album_refusal = refusal
        self._update(rows, ["album_refusal"])

    def record_stay_refusal(self, key: ProductKey, album: str) -> None:
        """Remember an album that VK does not take an item out of."""
        listing = self.listings[key]
        listing.stay_refusal = {"album": album, "at": self.clock().isoformat(), "held": None}
        self._update([listing], ["stay_refusal"])

    def record_verified(self) -> None:
        """Write down that all items were just compared with VK: by one stamp of the shop."""
        now = self.clock()
        is_new = any(
            row.last_verified_at is None and row.state == Listing.State.LIVE for row in self.listings.values()
        )
        with self.lease.held():
            if is_new:
                rows = Listing.objects.for_user(self.job.user).in_community(self.vk_group_id).in_vk()
                rows.never_verified().update(last_verified_at=now)
            self.shop.write_limits(verified_at=now)

    def _update(self, rows: Collection[Listing], names: Sequence[str]) -> None:
        """Write these fields of these rows, if the job is still ours."""
        self._write([], rows, names)

    def _write(self, fresh: Collection[Listing], known: Collection[Listing], names: Sequence[str]) -> None:
        """Insert the fresh rows and write these fields of the known ones, if the job is still ours."""
        if fresh or known:
            with self.lease.held():
                insert_rows([*fresh])
                update_rows(known, names)

    def product_of(self, key: ProductKey) -> int | None:
        """Return the id of a product of the plan's actions, if the till's mirror has it."""
        return self._products.get(key)

    def new_listing(self, key: ProductKey) -> Listing:
        """Return an unsaved row for a product."""
        return Listing(
            user=self.job.user,
            vk_group_id=self.vk_group_id,
            store_evotor_id=key.store_id,
            product_evotor_id=key.product_id,
            product_id=self._products.get(key),
            stamp=stamp(key),
        )

    def _item(self, action: Action) -> SyncJobItem:
        changes = changes_to_json(planned_changes(action), self._categories.get(action.key))
        rules = self._rule_names.get(action.key, {})
        listing = self.listings.get(action.key) if action.kind is ActionKind.REMOVE else None
        return SyncJobItem(
            job=self.job,
            product_id=self._products.get(action.key),
            store_evotor_id=action.key.store_id,
            product_evotor_id=action.key.product_id,
            product_name=action.name[:255],
            action=action.kind.value,
            reason=action.reason,
            changes=changes,
            rules={name: rules[name] for name in changes if name in rules} or None,
            removed=removed_to_json(listing) if listing else None,
        )


def _note_failure(item: SyncJobItem, error: ClientError) -> None:
    item.result = SyncJobItem.Result.FAILED
    item.error_code, item.error_text = error.code, error.text[:ERROR_TEXT_LENGTH]
