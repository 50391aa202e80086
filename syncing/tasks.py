"""When runs happen. Actors take ids, load, call one service; all are safe to run twice."""

import logging
from datetime import timedelta

import dramatiq
from django.utils import timezone
from periodiq import cron

from accounts.models import User
from syncing import services
from syncing.models import SyncConfig, SyncJob
from syncing.schedule import second_of_hour
from syncing.services import jobs
from syncing.services.care import prune

logger = logging.getLogger(__name__)

TIME_LIMIT_MS = int(timedelta(minutes=9).total_seconds() * 1000)


@dramatiq.actor(
    queue_name="sync", max_retries=3, min_backoff=60_000, max_backoff=60_000, time_limit=TIME_LIMIT_MS
)
def run_sync_for_user(user_id: int) -> None:
    """Carry the merchant's unfinished job on for one slice; come back where it is not done."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    job = services.claim(user, now=timezone.now())
    if job is None:
        return
    job = services.run_slice(job)
    if not job.is_finished:
        wait = (job.not_before - timezone.now()).total_seconds() if job.not_before else 0
        jobs.nudge(user_id, delay_seconds=max(0.0, wait))


@dramatiq.actor(queue_name="sync", periodic=cron("0 * * * *"))
def run_sync_all() -> None:
    """Ask for a run of every merchant who is ready, spread over the hour by user id."""
    ready = SyncConfig.objects.ready(timezone.now()).values_list("user_id", flat=True)
    for user_id in ready.iterator(chunk_size=2000):
        start_scheduled_sync.send_with_options(args=(user_id,), delay=second_of_hour(user_id) * 1000)


@dramatiq.actor(queue_name="sync", max_retries=3, min_backoff=60_000)
def start_scheduled_sync(user_id: int) -> None:
    """Ask for the hourly run of one merchant."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    try:
        services.request_sync(user, trigger=SyncJob.Trigger.SCHEDULE)
    except services.CannotSync as error:
        logger.info("no scheduled run for user %s: %s", user_id, error.code)


@dramatiq.actor(queue_name="default", periodic=cron("* * * * *"))
def sweep_stale_jobs() -> None:
    """Nudge jobs whose worker died or whose message was lost."""
    for user_id in jobs.sweep(timezone.now()):
        jobs.nudge(user_id)


@dramatiq.actor(queue_name="default", periodic=cron("0 3 * * *"))
def prune_old_logs() -> None:
    """Delete history past its retention."""
    prune(timezone.now())
