"""Keeps tables bounded that grow with every run and every change of a till."""

from datetime import datetime, timedelta

from django_dramatiq.models import Task

from accounts.retention import prune_visits
from catalog.models import Product
from catalog.photos.imports.receiving import prune as prune_imports
from connections.retention import prune_connection_logs
from evosync.common.batching import delete_in_batches
from syncing.models import (
    Listing,
    Notification,
    NotificationDelivery,
    SyncJob,
    SyncJobItem,
    TableExport,
    TableImport,
)
from syncing.services.tables import exports

KEEP_JOBS = timedelta(days=90)
KEEP_ITEMS = timedelta(days=30)
# Goods that left the till; what VK had of them was removed long before.
KEEP_GONE = timedelta(days=180)
# Every check and every run is a message: hours of those that went well are as many rows as months of runs.
KEEP_DONE_MESSAGES = timedelta(hours=6)
KEEP_MESSAGES = timedelta(days=7)
# Uploaded tables with their lines; one that was imported can be taken back so long.
KEEP_TABLES = timedelta(days=7)
BATCH = 1000


def prune(now: datetime) -> dict[str, int]:
    """Delete what is past its retention, in batches; return the numbers. docs/operators.md has the times."""
    return {
        "job_items": _prune_items(now),
        "jobs": delete_in_batches(SyncJob.objects.finished_before(now - KEEP_JOBS)),
        "deliveries": delete_in_batches(NotificationDelivery.objects.older_than(now - KEEP_JOBS)),
        "notifications": delete_in_batches(Notification.objects.closed_before(now - KEEP_JOBS)),
        "products": _prune_goods(now),
        "photo_imports": prune_imports(now),
        "table_exports": prune_exports(now),
        "tables": delete_in_batches(TableImport.objects.older_than(now - KEEP_TABLES)),
        **prune_messages(now),
        **prune_connection_logs(now),
        **prune_visits(now),
    }


def prune_exports(now: datetime) -> int:
    """Delete tables that workers wrote a day ago, with their files; return how many."""
    return delete_in_batches(TableExport.objects.older_than(now - exports.KEEP))


def prune_messages(now: datetime) -> dict[str, int]:
    """Delete the records of messages: after six hours where they went well, else after a week."""
    done = Task.tasks.filter(status=Task.STATUS_DONE, updated_at__lt=now - KEEP_DONE_MESSAGES)
    old = Task.tasks.filter(updated_at__lt=now - KEEP_MESSAGES)
    return {"messages": delete_in_batches(done) + delete_in_batches(old)}


def _prune_items(now: datetime) -> int:
    """Delete the single items of runs that ended 30 days ago.

    They are walked from the oldest row and only as far as there is something to delete: to look through
    60 days of runs for items that are long gone would take hours with ten thousand merchants.
    """
    deleted, last = 0, 0
    while True:
        rows = SyncJobItem.objects.filter(pk__gt=last).order_by("pk")
        batch = list(rows.values_list("pk", "job__finished_at")[:BATCH])
        old = [pk for pk, ended in batch if ended is not None and ended < now - KEEP_ITEMS]
        if not old:
            return deleted
        SyncJobItem.objects.filter(pk__in=old).delete()
        deleted, last = deleted + len(old), batch[-1][0]


def _prune_goods(now: datetime) -> int:
    """Delete products that left the till half a year ago, and their entries on the map.

    One that is still in VK stays, as does one with a picture of the merchant's own: it is needed if
    the product comes back.
    """
    kept = Listing.objects.exclude(state=Listing.State.REMOVED).filter(product__isnull=False)
    gone = Product.objects.missing_before(now - KEEP_GONE).filter(photos__isnull=True)
    rows = gone.exclude(pk__in=kept.values("product")).order_by("pk")
    deleted = 0
    while ids := list(rows.values_list("pk", flat=True)[:BATCH]):
        Listing.objects.filter(product__in=ids, state=Listing.State.REMOVED).delete()
        deleted += len(ids)
        Product.objects.filter(pk__in=ids).delete()
    return deleted
