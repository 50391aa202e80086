"""Whose scheduled run is due, and when a merchant's next one is, by the runs that there were."""

from datetime import datetime

from accounts.models import User
from syncing.jobs.schedule import AT_MOST_EVERY, next_scheduled_run, rest_between
from syncing.models import SyncConfig, SyncJob
from syncing.services.settings import rules_of

# The schedule asks for so many runs an hour at most.
MOST_AN_HOUR = 2


def is_due(user: User, *, now: datetime) -> bool:
    """Return True if the schedule asks for a run of this merchant at this hour."""
    every = rules_of(user).compare_every_hours
    runs = _scheduled(user, hours=every, now=now)
    if any(asked_at >= now - AT_MOST_EVERY for asked_at, _failed in runs):
        return False
    return not any(asked_at >= now - rest_between(every) and not failed for asked_at, failed in runs)


def next_run_of(config: SyncConfig, *, now: datetime) -> datetime:
    """Return when this merchant's next scheduled run is asked for."""
    every = config.compare_every_hours
    runs = _scheduled(config.user, hours=every, now=now) if every > 1 else []
    last = next((asked_at for asked_at, failed in runs if not failed), None)
    return next_scheduled_run(config.user_id, now=now, every_hours=every, last=last)


def _scheduled(user: User, *, hours: int, now: datetime) -> list[tuple[datetime, bool]]:
    """Return when the last scheduled runs were asked for and whether they failed, the newest first.

    They reach back so many hours, unless a connection that comes and goes has asked for more runs. They are
    found from the newest on: to ask for those since a moment would read all that the merchant ever had.
    What is dated well after now was asked for by a clock that ran ahead, and keeps no other run away.
    """
    rows = SyncJob.objects.for_user(user).scheduled().newest().values_list("created_at", "status")
    newest = rows[: MOST_AN_HOUR * hours + 1]
    return [
        (asked_at, status == SyncJob.Status.FAILED)
        for asked_at, status in newest
        if asked_at <= now + AT_MOST_EVERY
    ]
