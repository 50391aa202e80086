"""Keeps tables bounded, and the map rebuildable."""

from datetime import datetime, timedelta

from connections.services import prune_connection_logs
from syncing.models import SyncJob, SyncJobItem

KEEP_JOBS = timedelta(days=90)
KEEP_ITEMS = timedelta(days=30)
BATCH = 5000


def prune(now: datetime) -> dict[str, int]:
    """Delete finished runs after 90 days and their single items after 30; return the numbers.

    Rows go in batches, so that no table is locked for long.
    """
    deleted = {"job_items": 0, "jobs": 0, **prune_connection_logs(now)}
    old_jobs = SyncJob.objects.finished_before(now - KEEP_ITEMS).values("pk")
    while ids := list(SyncJobItem.objects.of_jobs(old_jobs).values_list("pk", flat=True)[:BATCH]):
        deleted["job_items"] += SyncJobItem.objects.filter(pk__in=ids).delete()[0]
    while ids := list(SyncJob.objects.finished_before(now - KEEP_JOBS).values_list("pk", flat=True)[:BATCH]):
        deleted["jobs"] += SyncJob.objects.filter(pk__in=ids).delete()[0]
    return deleted
