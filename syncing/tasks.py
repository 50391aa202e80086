"""When runs happen. Actors take ids, load, call one service; all are safe to run twice.

An `actor_name` is the name that messages of earlier releases carry: they may be on the queue in an upgrade.
"""

import logging
from collections import defaultdict
from datetime import timedelta
from typing import Any

import dramatiq
from periodiq import cron

from accounts.models import User
from catalog.photos.imports import work as photo_import
from catalog.photos.imports.receiving import prune as prune_imports
from connections.clients.patience import PATIENCE_SECONDS
from evosync.common import clock
from evosync.common.telemetry import heartbeat
from syncing import queue
from syncing.choices import JobPhase
from syncing.jobs import account_closure, computations, lifecycle, triggers
from syncing.jobs.due import is_due
from syncing.jobs.lifecycle import claim, request_sync
from syncing.jobs.runner import LONG, SHORT, SLOW, RunOptions, run_slice
from syncing.jobs.schedule import second_of_hour
from syncing.models import AccountClosure, SyncConfig, SyncJob
from syncing.services import bot, deliveries
from syncing.services.delivery_sender import send_due
from syncing.services.errors import CannotSync
from syncing.services.retention import prune, prune_exports, prune_messages

logger = logging.getLogger(__name__)

# To delete an account with all its rows takes seconds.
CLOSURES_AT_ONCE = 20
COMPUTE_LIMIT_MS = int(timedelta(minutes=5).total_seconds() * 1000)
TIME_LIMIT_MS = int(timedelta(minutes=9).total_seconds() * 1000)
# Slices that nobody else waits for follow each other at once.
BULK_LIMIT_MS = int(timedelta(minutes=30).total_seconds() * 1000)
# A till whose answers take a minute each is read to the end; a run's heartbeat lasts a little longer.
SLOW_LIMIT_MS = int(timedelta(minutes=18).total_seconds() * 1000)


# Prices, stocks and hides pass first uploads by: they have this queue and its workers to themselves.
@dramatiq.actor(
    queue_name="sync", max_retries=3, min_backoff=60_000, max_backoff=60_000, time_limit=TIME_LIMIT_MS
)
def run_sync_for_user(user_id: int) -> None:
    """Carry the merchant's unfinished job on for a short slice; what is long goes on in `bulk`."""
    _carry_on(user_id, SHORT)


@dramatiq.actor(
    queue_name="bulk", max_retries=3, min_backoff=60_000, max_backoff=60_000, time_limit=BULK_LIMIT_MS
)
def run_bulk_sync_for_user(user_id: int) -> None:
    """Carry the merchant's unfinished job on for a long slice; come back where it is not done."""
    _carry_on(user_id, LONG)


# These wait for a slow till or VK in threads of their own, so that the others' runs need not.
@dramatiq.actor(
    queue_name="slow", max_retries=3, min_backoff=60_000, max_backoff=60_000, time_limit=SLOW_LIMIT_MS
)
def run_slow_sync_for_user(user_id: int) -> None:
    """Carry the merchant's unfinished job on for a short slice, however long the services take to answer."""
    _carry_on(user_id, SLOW)


def _carry_on(user_id: int, options: RunOptions) -> None:
    user = User.objects.filter(pk=user_id).first()
    # A merchant who closes the account cannot log in any more; the closing run still works for them.
    if user is None or not (user.is_active or AccountClosure.objects.for_user(user).exists()):
        return
    job = claim(user, now=clock.now())
    if job is None:
        return
    job = run_slice(job, options=options)
    if job.is_finished and not user.is_active:
        account_closure.advance_closure(user_id, now=clock.now())
    if not job.is_finished and not job.lease:
        wait = (job.not_before - clock.now()).total_seconds() if job.not_before else 0
        is_bulk = job.phase == JobPhase.BULK and not wait and not job.gave_way
        queue.enqueue(user_id, delay_seconds=max(0.0, wait), bulk=is_bulk, slow=job.gave_way)


@dramatiq.actor(queue_name="sync", max_retries=3, min_backoff=60_000, periodic=cron("0 * * * *"))
def run_sync_all() -> None:
    """Ask for a run of every merchant who is ready, spread over the hour by user id."""
    ready = SyncConfig.objects.ready(clock.now()).values_list("user_id", flat=True)
    by_second: dict[int, list[int]] = defaultdict(list)
    for user_id in ready.iterator(chunk_size=2000):
        by_second[second_of_hour(user_id)].append(user_id)
    for second, user_ids in sorted(by_second.items()):
        start_scheduled_syncs.send_with_options(args=(user_ids,), delay=second * 1000)


# Hundreds of these wait for their second; a webhook's message must not stand behind them.
@dramatiq.actor(queue_name="default", max_retries=3, min_backoff=60_000)
def start_scheduled_syncs(user_ids: list[int]) -> None:
    """Ask for the runs of these merchants that are due, once an hour at most, however many schedulers ask."""
    for user_id in user_ids:
        _start_scheduled_sync(user_id)


def _start_scheduled_sync(user_id: int) -> None:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    if not is_due(user, now=clock.now()):
        return
    try:
        request_sync(user, trigger=SyncJob.Trigger.SCHEDULE)
    except CannotSync as error:
        logger.info("no scheduled run for user %s: %s", user_id, error.code)


@dramatiq.actor(queue_name="default", max_retries=0, periodic=cron("* * * * *"))
def sweep_stale_jobs() -> None:
    """Enqueue jobs whose worker died or whose message was lost, and runs for rules that began or ended."""
    for user_id, is_bulk in lifecycle.requeue_stale(clock.now()):
        # Without a worker of its own a long upload goes on in short slices between the others.
        queue.enqueue(user_id, bulk=is_bulk and heartbeat.is_alive("bulk"))
    triggers.on_rules_turned(clock.now())
    for user_id in photo_import.lost(clock.now()):
        queue.enqueue_photo_import(user_id)


# What fails is tried again by its row: the sweeper wakes a worker every minute.
@dramatiq.actor(queue_name="default", max_retries=0, time_limit=COMPUTE_LIMIT_MS)
def import_photos_for_user(user_id: int) -> None:
    """Prepare, save or take back a merchant's many photos for a short slice."""
    done = photo_import.work(user_id)
    if done.again_in is not None:
        queue.enqueue_photo_import(user_id, delay_seconds=done.again_in)
    if done.has_changed and (user := User.objects.filter(pk=user_id).first()):
        triggers.on_photos_changed(user)


# A lost question is asked again by the sweeper; what fails is tried again by its row.
@dramatiq.actor(queue_name="default", max_retries=0, time_limit=COMPUTE_LIMIT_MS)
def compute_for_user(user_id: int, kind: str) -> None:
    """Compute a preview, a feed or the reasons of the catalogue, where that is asked for."""
    computations.compute(user_id, kind, patience_seconds=PATIENCE_SECONDS)


@dramatiq.actor(queue_name="slow", max_retries=0, time_limit=SLOW_LIMIT_MS)
def compute_slowly_for_user(user_id: int, kind: str) -> None:
    """Compute what is asked for, however long the services take to answer."""
    computations.compute(user_id, kind)


@dramatiq.actor(queue_name="default", max_retries=0, periodic=cron("* * * * *"))
def sweep_computations() -> None:
    """Enqueue questions whose worker died or whose message was lost, and ask for feeds that have changed."""
    now = clock.now()
    for user_id, kind in computations.requeue_lost(now):
        queue.enqueue_computation(user_id, kind)
    computations.ask_for_changed_feeds(now)


# Each waits for mail servers and messengers, some of which may be silent; a push must not stand behind them.
@dramatiq.actor(actor_name="send_notices", queue_name="health", max_retries=0, periodic=cron("*/5 * * * *"))
def send_notifications() -> None:
    """Send the notifications that are due; what cannot be sent now is due again later."""
    now = clock.now()
    deliveries.hand_over_digests(now)
    send_due(now)


# A question whose answer failed is asked again by whom it matters to.
@dramatiq.actor(queue_name="default", max_retries=0)
def answer_bot(kind: str, chat: str, name: str, text: str, code_hash: str) -> None:
    """Answer one message to a bot of ours."""
    bot.answer(kind, chat=chat, name=name, text=text, code_hash=code_hash)


@dramatiq.actor(
    actor_name="settle_farewells", queue_name="default", max_retries=0, periodic=cron("* * * * *")
)
def advance_closures() -> None:
    """Advance account closures whose run has ended or could not begin."""
    for user_id in AccountClosure.objects.unattended().values_list("user_id", flat=True)[:CLOSURES_AT_ONCE]:
        account_closure.advance_closure(user_id, now=clock.now())


@dramatiq.actor(actor_name="send_goodbye", queue_name="default", max_retries=10, min_backoff=60_000)
def send_closure_email(email: str, language: str, facts: dict[str, Any]) -> None:
    """Email the former user the result of the account closure; retried if SMTP is down."""
    account_closure.send_closure_email_to(email, language, facts)


@dramatiq.actor(queue_name="default", periodic=cron("0 3 * * *"))
def prune_old_logs() -> None:
    """Delete history past its retention."""
    logger.info("pruned %s", prune(clock.now()))


@dramatiq.actor(queue_name="default", max_retries=0, periodic=cron("17 * * * *"))
def prune_old_messages() -> None:
    """Delete the records of messages, which would be more rows than all other tables, and old imports."""
    prune_messages(clock.now())
    prune_imports(clock.now())
    prune_exports(clock.now())
