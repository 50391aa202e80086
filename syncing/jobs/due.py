"""Whose scheduled run is due, and when a merchant's next one is, by the runs that there were."""

from datetime import datetime, timedelta

from accounts.models import User
from syncing.jobs.schedule import AT_MOST_EVERY, next_scheduled_run, rest_between
from syncing.models import SyncConfig, SyncJob
from syncing.services.settings import rules_of


def is_due(user: User, *, now: datetime) -> bool:
    """Return True if the schedule asks for a run of this merchant at this hour."""
    jobs = SyncJob.objects.for_user(user)
    if jobs.scheduled_since(now - AT_MOST_EVERY).exists():
        return False
    rest = rest_between(rules_of(user).compare_every_hours)
    return not jobs.scheduled_since(now - rest).unfailed().exists()


def next_run_of(config: SyncConfig, *, now: datetime) -> datetime:
    """Return when this merchant's next scheduled run is asked for."""
    every = config.compare_every_hours
    jobs = SyncJob.objects.for_user(config.user).scheduled_since(now - timedelta(hours=every)).unfailed()
    last = jobs.newest().values_list("created_at", flat=True).first() if every > 1 else None
    return next_scheduled_run(config.user_id, now=now, every_hours=every, last=last)
