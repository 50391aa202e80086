"""Puts goods back as they were before a run, and lets them follow the till again.

Nothing is written to VK here: what the items shall hold is noted, and the next run's plan has it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Product
from connections.models import VkConnection
from evosync.common.batching import chunks
from evosync.common.bulk import update_rows
from syncing.choices import JobCode
from syncing.core.records import HeldValue, ProductKey
from syncing.core.run_undo import Step, values_before
from syncing.mappers import desired_from_json
from syncing.models import Listing, SyncJob, SyncJobItem
from syncing.models.listings import ListingQuerySet
from syncing.services.errors import CannotSync

ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class PutBack:
    """What an undo would do to one product; nothing where all of it stays as it is."""

    item: SyncJobItem
    values: Mapping[str, HeldValue]
    changes: Mapping[str, tuple[object, object]]


def put_back(user: User, items: Iterable[SyncJobItem]) -> list[PutBack]:
    """Return what an undo would do to each of these products of a run. Nothing is written."""
    rows = list(items)
    listings = {_key(row): row for row in _listings_of(_listings(user), rows)}
    return [_put_back(row, listings.get(_key(row))) for row in rows]


def why_not(job: SyncJob) -> str:
    """Return why a run cannot be undone, empty if it can be."""
    if job.undone_at is not None:
        return _("This run is undone already. Its goods are as they were, or have changed since.")
    if not job.is_finished:
        return _("This run is still going on. Stop it first, then undo what it has done.")
    if not job.items.done().exists():
        return _("There is nothing to undo: this run changed no goods, or it is more than 30 days old.")
    return ""


def undo_run(user: User, job: SyncJob, product: Product | None = None) -> int:
    """Note that the goods of a run shall be as before it, all or one; return how many that changes.

    The next run writes it to VK. Raises CannotSync where the run is undone already, or one is writing.
    """
    with transaction.atomic():
        locked = SyncJob.objects.select_for_update().get(pk=job.pk)
        if text := why_not(locked):
            raise CannotSync(JobCode.UNDONE, text)
        items = locked.items.done().newest()
        if product is not None:
            items = items.filter(product=product)
        listings = _listings(user).select_for_update()
        refuse_while_writing(user)
        number = sum(_hold(listings, some, locked) for some in chunks(list(items), ROWS_AT_ONCE))
        if product is None and number:
            locked.undone_at = timezone.now()
            locked.save(update_fields=["undone_at"])
    return number


def release(user: User, product: Product | None = None) -> int:
    """Let goods follow the till again that an undo holds, one or all; return how many.

    The next run writes the till's values to VK. Raises CannotSync while a run is writing.
    """
    with transaction.atomic():
        rows = held_by_undo(user)
        if product is not None:
            rows = rows.filter(product=product)
        keys = list(rows.select_for_update().values_list("pk", flat=True))
        if keys:
            refuse_while_writing(user)
        for some in chunks(keys, ROWS_AT_ONCE):
            Listing.objects.filter(pk__in=some).update(held=None)
    return len(keys)


def held_by_undo(user: User) -> ListingQuerySet:
    """Return the items of the merchant's community that have earlier values since an undo."""
    return _listings(user).held()


def refuse_while_writing(user: User) -> None:
    """Raise CannotSync while a run is writing: its plan was made before."""
    if SyncJob.objects.for_user(user).of_outcome(SyncJob.Status.RUNNING).exists():
        raise CannotSync(
            JobCode.RUNNING,
            _("A run is going on, so nothing was changed. Press the button again when it has ended."),
        )


def _hold(listings: ListingQuerySet, items: list[SyncJobItem], job: SyncJob) -> int:
    rows = {_key(row): row for row in _listings_of(listings, items)}
    changed = {}
    for item in items:
        listing = rows.get(_key(item))
        found = _put_back(item, listing)
        if listing is None or not found.values:
            continue
        held = {name: [one.value, one.undone] for name, one in found.values.items()}
        listing.held = {
            "run": job.pk,
            "at": timezone.now().isoformat(),
            "fields": listing.held_values | held,
        }
        changed[listing.pk] = listing
    update_rows(changed.values(), ["held"])
    return len(changed)


def _put_back(item: SyncJobItem, listing: Listing | None) -> PutBack:
    if listing is None:
        return PutBack(item, {}, {})
    held = {name: HeldValue(*pair) for name, pair in listing.held_values.items()}
    sent = desired_from_json(listing.sent)
    step = Step(item.action, item.reason, item.changes)
    values = values_before(step, sent, held, frozenset(listing.merchant_fields))
    changes = {
        name: (held[name].value if name in held else getattr(sent, name), one.value)
        for name, one in values.items()
    }
    return PutBack(item, values, changes)


def _listings(user: User) -> ListingQuerySet:
    connection = VkConnection.objects.claimed().for_user(user).first()
    if connection is None or connection.group_id is None:
        return Listing.objects.none()
    return Listing.objects.for_user(user).in_community(connection.group_id)


def _listings_of(listings: ListingQuerySet, items: Iterable[SyncJobItem]) -> ListingQuerySet:
    return listings.filter(product_evotor_id__in={item.product_evotor_id for item in items})


def _key(row: SyncJobItem | Listing) -> ProductKey:
    return ProductKey(row.store_evotor_id, row.product_evotor_id)
