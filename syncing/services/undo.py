"""Putting goods back as they were before a run: the merchant's word, which the next plan carries out.

Nothing is written to VK here. The run that follows is planned, asked about and carried out like any other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Product, ProductPhoto
from connections.models import VkConnection
from evosync.common import clock
from evosync.common.batching import chunks
from evosync.common.bulk import insert_rows
from syncing.choices import JobCode
from syncing.core.drawn_pictures import style_of
from syncing.core.records import UNKNOWN_PHOTOS, ProductKey, SyncResult, Undone
from syncing.core.undone import HIDDEN, ITEM, PICTURES, UNDOABLE, takes_out
from syncing.models import SyncJob, SyncJobItem, UndoneChange
from syncing.models.jobs import SyncJobItemQuerySet
from syncing.services.errors import CannotSync
from syncing.services.settings import lock_config
from syncing.shop_mappers import removed_record

ROWS_AT_ONCE = 500
Action = SyncJobItem.Action


@dataclass(slots=True)
class Draft:
    """What becomes of one product: the fields that are kept, and what they replace."""

    kept: dict[str, Any] = field(default_factory=dict)
    instead_of: dict[str, Any] = field(default_factory=dict)

    def take_back(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Add one run's part, the newest first.

        A field that was written again since then stays as it was written. What is taken back of an item's
        appearing replaces that it is shown, whatever later runs made of it.
        """
        for name, old in before.items():
            if name not in self.kept:
                self.kept[name], self.instead_of[name] = old, after[name]
            elif self.kept[name] == after[name]:
                self.kept[name] = old
                if name == HIDDEN and takes_out(before, after):
                    self.instead_of[name] = after[name]


def elsewhere(job: SyncJob) -> str:
    """Return what to tell a merchant whose run wrote in another community than the connected one, else ""."""
    connected = VkConnection.objects.for_user(job.user).values_list("group_id", flat=True).first()
    # Of runs that are older than the column it is not known.
    if job.vk_group_id in (None, connected):
        return ""
    address = f"vk.com/club{job.vk_group_id}"
    return _(
        "This run wrote in the community %(address)s, which is not connected now. Nothing was undone, and no "
        "goods were changed. Connect that community again, then undo the run."
    ) % {"address": address}


def undoable_items(job: SyncJob, product: Product | None = None) -> SyncJobItemQuerySet:
    """Return the parts of a run that can be taken back, of one product if given, the newest first."""
    items = job.items.undoable()
    return (items.filter(product=product) if product else items).newest()


def count_removed(job: SyncJob, product: Product | None = None) -> tuple[int, int]:
    """Return how many items the run removed that can come back, and how many that cannot."""
    can = undoable_items(job, product).removals().count()
    rows = job.items.done().not_undone().removals()
    return can, (rows.filter(product=product) if product else rows).count() - can


def count_appeared(job: SyncJob, product: Product | None = None) -> int:
    """Return how many goods the run put in VK, or showed there again, that leave it when it is undone."""
    return undoable_items(job, product).appearances().count()


def count_without_item(job: SyncJob, product: Product | None = None) -> int:
    """Return how many parts of the run are about goods that are not in VK now, but for what it removed."""
    return undoable_items(job, product).without_item().count()


def changes_of(item: SyncJobItem) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return by field what VK had before the run and what the run wrote, of what can be taken back."""
    if item.action == Action.CREATE:
        return {"hidden": True}, {"hidden": False}
    if item.action == Action.REMOVE:
        before = {ITEM: item.removed, "hidden": item.removed["hidden"]} if item.removed else {}
        return before, {ITEM: None, "hidden": True}
    before, after = {}, {}
    for name in UNDOABLE:
        if name in item.changes:
            old, new = map(_plain, item.changes[name])
            if old is not None and old != [*UNKNOWN_PHOTOS]:
                before[name], after[name] = old, new
    return before, after


def _plain(value: Any) -> Any:
    """Return a category without the reason that the run noted with it."""
    return value["id"] if isinstance(value, Mapping) else value


def undo(job: SyncJob, product: Product | None = None) -> int:
    """Take a finished run back, or its part in one product; return how many products that concerns.

    0 where nothing is left to be taken back: a run is undone once. Raises CannotSync where another
    community is connected now: what the run did is there, and not here.
    """
    if not job.is_finished:
        return 0
    with transaction.atomic():
        # Two runs may have written the same product.
        lock_config(job.user)
        if refusal := elsewhere(job):
            raise CannotSync(JobCode.OTHER_COMMUNITY, refusal)
        items = list(undoable_items(job, product))
        drafts = _drafts(job.user, items)
        for some in chunks(drafts.items(), ROWS_AT_ONCE):
            ids = [pk for pk, _ in some]
            UndoneChange.objects.for_user(job.user).filter(product__in=ids).delete()
            rows = [
                UndoneChange(
                    user=job.user, product_id=pk, job=job, kept=draft.kept, instead_of=draft.instead_of
                )
                for pk, draft in some
            ]
            insert_rows(rows)
        for few in chunks([item.pk for item in items], ROWS_AT_ONCE):
            SyncJobItem.objects.filter(pk__in=few).update(undone_at=clock.now())
    return len(drafts)


def _drafts(user: User, items: Iterable[SyncJobItem]) -> dict[int, Draft]:
    """Return what is kept of each product, by its row id, on top of what is kept already."""
    items = list(items)
    drafts = {
        row.product_id: Draft(dict(row.kept), dict(row.instead_of))
        for row in UndoneChange.objects.for_user(user).filter(product__in={item.product_id for item in items})
    }
    pictures = set(ProductPhoto.objects.for_user(user).values_list("content_hash", flat=True))
    found: dict[int, Draft] = {}
    for item in items:
        before, after = changes_of(item)
        if any(one not in pictures and not style_of(str(one)) for one in _pictures(before)):
            # A photo is deleted: there is nothing to show.
            before = {name: old for name, old in before.items() if name not in PICTURES}
        if before and item.product_id is not None:
            draft = found.setdefault(item.product_id, drafts.get(item.product_id) or Draft())
            draft.take_back(before, after)
    return found


def _pictures(values: Mapping[str, Any]) -> list[str]:
    main = [values["photo_key"]] if values.get("photo_key") else []
    return [*main, *values.get("more_photos", ())]


def release(user: User, product: Product | None = None) -> int:
    """Let till and rules decide again, about one product or all; return about how many."""
    with transaction.atomic():
        lock_config(user)
        rows = UndoneChange.objects.for_user(user)
        return (rows.filter(product=product) if product else rows).delete()[0]


def undone_changes_about(products: Iterable[Product]) -> dict[ProductKey, Undone]:
    """Return what the merchant has taken back about these products, which have been read with it."""
    found = {}
    for product in products:
        row: UndoneChange | None = getattr(product, "undone_change", None)
        if row is not None:
            found[ProductKey(product.store.evotor_id, product.evotor_id)] = Undone(row.kept, row.instead_of)
    return found


def undone_changes(user: User, group_id: int | None) -> dict[ProductKey, Undone]:
    """Return what the merchant has taken back, for the core; removed items of this community alone."""
    rows = UndoneChange.objects.for_user(user)
    values = rows.values_list("product__store__evotor_id", "product__evotor_id", "kept", "instead_of")
    return {
        ProductKey(store, product): Undone(kept, instead, removed_record(kept.get(ITEM), group_id=group_id))
        for store, product, kept, instead in values
    }


def forget_ended(user: User, plan: SyncResult, *, planned_at: datetime) -> None:
    """Delete what a run's plan found to hold no longer; what was undone since is for the next run."""
    if not plan.ended_undone:
        return
    ended_by_product = _by_row_id(user, plan.ended_undone)
    with transaction.atomic():
        lock_config(user)
        for row in UndoneChange.objects.for_user(user).undone_before(planned_at):
            ended = ended_by_product.get(row.product_id)
            if not ended:
                continue
            left = {name: value for name, value in row.kept.items() if name not in ended}
            if left:
                row.kept = left
                row.instead_of = {name: row.instead_of[name] for name in left}
                row.save(update_fields=["kept", "instead_of"])
            else:
                row.delete()


def _by_row_id(user: User, found: Mapping[ProductKey, frozenset[str]]) -> dict[int, frozenset[str]]:
    rows = Product.objects.for_user(user).with_evotor_ids({key.product_id for key in found})
    by_row = {pk: found.get(ProductKey(store, product)) for pk, store, product in rows}
    return {pk: names for pk, names in by_row.items() if names}
