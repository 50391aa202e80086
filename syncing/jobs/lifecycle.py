"""The life of a job: requested, claimed, released, finished, stopped, requeued.

Jobs live in the database; a queue message only wakes a worker, so losing Redis loses no work.
"""

import logging
from contextlib import nullcontext, suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from evosync.common import clock
from evosync.common.rows import row_or_none
from syncing import queue
from syncing.choices import JobCode, JobPhase
from syncing.jobs import heartbeat
from syncing.jobs.leases import has_ended, new_lease
from syncing.models import AccountClosure, SyncJob
from syncing.services import notifications
from syncing.services.accounts import account_of, usable_evotor, usable_vk
from syncing.services.errors import CannotSync

logger = logging.getLogger(__name__)

Status, Trigger = SyncJob.Status, SyncJob.Trigger

# An owner without a heartbeat for this long is dead. A live one beats every twenty seconds.
DEAD_AFTER = timedelta(seconds=120)
REQUEUE_PENDING_AFTER = timedelta(seconds=120)
# A first upload waits in its own queue, where others may be before it.
REQUEUE_BULK_AFTER = timedelta(seconds=240)


def request_sync(user: User, *, trigger: str, delay: timedelta = timedelta(0)) -> SyncJob:
    """Ask for a run, not before `delay` has passed, and return its job; where one is unfinished, that one.

    Raises CannotSync where a connection is missing, or the account is being closed.
    """
    job, created = ensure_job(user, trigger=trigger, delay=delay)
    if created and trigger != Trigger.COMMAND:
        transaction.on_commit(partial(queue.enqueue, user.pk, delay_seconds=delay.total_seconds()))
    return job


def ensure_job(user: User, *, trigger: str, delay: timedelta = timedelta(0)) -> tuple[SyncJob, bool]:
    """Return the unfinished job, made where there is none, and whether it was made. No worker is woken.

    Raises CannotSync as `request_sync` does.
    """
    account = account_of(user)
    if account.closure is not None:
        raise _account_closing()
    usable_evotor(account.evotor)
    usable_vk(account.vk)
    not_before = clock.now() + delay if delay else None
    return get_or_create_active(user, trigger, not_before)


def _account_closing() -> CannotSync:
    return CannotSync(JobCode.ACCOUNT_CLOSING, _("This account is being closed, so no run begins any more."))


def get_or_create_active(
    user: User, trigger: str, not_before: datetime | None = None
) -> tuple[SyncJob, bool]:
    """Return the unfinished job. The unique key decides between two that ask at once.

    Raises CannotSync where the account was deleted meanwhile.
    """
    try:
        # By itself the statement can be sent again after a deadlock. A caller's transaction survives it.
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            job = SyncJob.objects.create(
                user=user,
                active_key=user.pk,
                triggered_by=trigger,
                created_at=clock.now(),
                not_before=not_before,
            )
            return job, True
    except IntegrityError:
        active = row_or_none(SyncJob.objects.active().for_user(user))
        if active is not None:
            # A rehearsal makes no run: one follows it.
            SyncJob.objects.active().filter(pk=active.pk, phase=JobPhase.PREFLIGHT).update(again=True)
            return active, False
        if not User.objects.filter(pk=user.pk).exists():
            raise _account_closing() from None
        # It ended between the two queries.
        return get_or_create_active(user, trigger, not_before)


def claim(user: User, *, now: datetime, early: bool = False) -> SyncJob | None:
    """Take the merchant's unfinished job for this process, or return None where another has it.

    `early` also takes a job that waits for its time.
    """
    job = row_or_none(SyncJob.objects.active().for_user(user))
    if job is None or (not early and job.not_before and job.not_before > now):
        return None
    if job.status == Status.RUNNING and job.lease and not _is_dead(job, now):
        return None
    if job.phase == JobPhase.PREFLIGHT:
        # Its owner died. What it may have left in VK is its next start's to remove.
        end_hold(job)
        return None
    lease = new_lease()
    with heartbeat.taking(lease, user.pk):
        taken = SyncJob.objects.filter(pk=job.pk, lease=job.lease, status=job.status).update(
            lease=lease,
            status=Status.RUNNING,
            heartbeat_at=now,
            started_at=job.started_at or now,
            attempts=job.attempts + 1,
        )
    if not taken:
        heartbeat.forget(lease)
        return None
    took_over = job.status == Status.RUNNING
    job.refresh_from_db()
    job.user, job.took_over = user, took_over
    return job


def hold_account(user: User, *, now: datetime) -> SyncJob:
    """Keep every run of this merchant away, and return the job that stands for it. Raises CannotSync.

    No run is made of it, also where its owner dies (`end_hold`).
    """
    if AccountClosure.objects.for_user(user).exists():
        raise _account_closing()
    held = _try_to_hold(user, now)
    if held is None and SyncJob.objects.active().for_user(user).filter(phase=JobPhase.PREFLIGHT).exists():
        # To claim what a dead owner holds ends it.
        claim(user, now=now, early=True)
        held = _try_to_hold(user, now)
    if held is None:
        text = _("A run for %(email)s is going on or waits. Try again when it has ended.")
        raise CannotSync(JobCode.RUNNING, text % {"email": user.email})
    return held


def _try_to_hold(user: User, now: datetime) -> SyncJob | None:
    """Return a job that holds the account, or None where there is an unfinished one."""
    lease = new_lease()
    try:
        with heartbeat.taking(lease, user.pk), transaction.atomic():
            return SyncJob.objects.create(
                user=user,
                active_key=user.pk,
                triggered_by=Trigger.COMMAND,
                created_at=now,
                status=Status.RUNNING,
                phase=JobPhase.PREFLIGHT,
                lease=lease,
                started_at=now,
                heartbeat_at=now,
            )
    except IntegrityError:
        return None


def end_hold(job: SyncJob) -> None:
    """Let runs begin again. One that was asked for meanwhile begins now, as this very job.

    A job that still remembers something in VK stays in the history, as cancelled.
    """
    mine = SyncJob.objects.active().filter(pk=job.pk, lease=job.lease, phase=JobPhase.PREFLIGHT)
    waiting: dict[str, Any] = {"status": Status.PENDING, "phase": "", "requests": {}, "again": False}
    if mine.filter(again=True).update(lease="", not_before=None, heartbeat_at=clock.now(), **waiting):
        transaction.on_commit(partial(queue.enqueue, job.user_id))
        return
    mine.filter(requests={}).delete()
    ended: dict[str, Any] = {"status": Status.CANCELLED, "error_code": JobCode.STOPPED}
    mine.update(active_key=None, lease="", finished_at=clock.now(), **ended)


def _is_dead(job: SyncJob, now: datetime) -> bool:
    """Return True if the job's owner is gone: no sign of life, or a process of this host that ended."""
    if job.heartbeat_at is None or now - job.heartbeat_at > DEAD_AFTER:
        return True
    return has_ended(job.lease, heartbeat.is_registered)


def release(job: SyncJob, *, delay: timedelta = timedelta(0)) -> None:
    """Give an unfinished job back, to be taken up again after `delay`."""
    release_lease(job.lease, delay=delay)


def release_lease(lease: str, *, delay: timedelta = timedelta(0)) -> bool:
    """Give the unfinished job under this lease back; say whether there was one."""
    if not lease:
        return False
    mine = SyncJob.objects.active().filter(lease=lease)
    return bool(
        mine.update(
            lease="",
            status=Status.PENDING,
            not_before=clock.now() + delay if delay else None,
            heartbeat_at=clock.now(),
        )
    )


def release_registered() -> None:
    """Release every job that this process still works on, for it is about to end.

    The request under way may still take effect, so the next owner waits as long as after a lost answer.
    """
    delay = timedelta(seconds=settings.VK_SETTLE_SECONDS)
    for lease, user_id in heartbeat.take_all().items():
        try:
            released = release_lease(lease, delay=delay)
        except DatabaseError:
            logger.exception("a job of user %s was not released; the sweeper will find it", user_id)
            continue
        if released:
            queue.enqueue(user_id, delay_seconds=delay.total_seconds())


def finish(job: SyncJob, *, status: str, code: str = "", detail: str = "") -> bool:
    """End a job; return True if it ended. Only its owner can: after a lost lease nothing is written.

    A run that was asked to stop does not end with a question: its plan may be about a community that the
    merchant has given up meanwhile.
    """
    mine = SyncJob.objects.filter(pk=job.pk, lease=job.lease, active_key__isnull=False)
    ended = (mine.filter(stop_requested=False) if status == Status.NEEDS_APPROVAL else mine).update(
        status=status,
        active_key=None,
        lease="",
        finished_at=clock.now(),
        error_code=code,
        error_detail=detail[:2000],
        requests=job.requests,
        questions=job.questions,
        plan_hash=job.plan_hash,
        items_skipped=job.items_skipped,
        items_unchanged=job.items_unchanged,
        skipped_by_reason=job.skipped_by_reason,
        held_prices=job.held_prices,
    )
    if ended:
        user = job.user
        job.refresh_from_db()
        job.user = user
        _note(job)
        if job.again:
            # The till reported a change while this run was going on.
            with suppress(CannotSync):
                request_sync(job.user, trigger=Trigger.WEBHOOK)
    return bool(ended)


def _note(job: SyncJob) -> None:
    """Open or close notifications; an error in that changes nothing of how the run has ended."""
    try:
        notifications.record_outcome(job)
    except Exception:
        logger.exception("no notification of run %s", job.pk)


def stop_job(job: SyncJob) -> str | None:
    """Ask a run to end after the request that is under way; a waiting one ends at once.

    Return its status now, None where it had ended before.
    """
    if not SyncJob.objects.active().filter(pk=job.pk).update(stop_requested=True):
        return None
    ended = (
        SyncJob.objects.active()
        .filter(pk=job.pk, status=Status.PENDING)
        .update(status=Status.CANCELLED, active_key=None, finished_at=clock.now())
    )
    return Status.CANCELLED if ended else Status.RUNNING


def stop_run_of(user_id: int) -> None:
    """Ask the merchant's run to end, for what it works with is theirs no more.

    What holds the account has hidden items of its own to take out of VK, and ends by itself.
    """
    job = SyncJob.objects.active().filter(user_id=user_id).exclude(phase=JobPhase.PREFLIGHT).first()
    if job is not None:
        stop_job(job)


def take_run_away(user: User) -> None:
    """End the merchant's run at once: its owner finds its lease gone and writes nothing more."""
    SyncJob.objects.active().for_user(user).update(
        status=Status.CANCELLED, active_key=None, lease="", finished_at=clock.now()
    )


def requeue_stale(now: datetime) -> list[tuple[int, bool]]:
    """Return the merchants whose waiting or dead jobs need a message, each with whether it is for `bulk`.

    Called every minute; a job that was found is not found again before its message had time to arrive.
    """
    _bring_back_from_the_future(now)
    dead = SyncJob.objects.active().dead(now - DEAD_AFTER)
    short = (
        SyncJob.objects.active()
        .waiting(now)
        .exclude(phase=JobPhase.BULK)
        .untouched(now - REQUEUE_PENDING_AFTER)
    )
    bulk = SyncJob.objects.active().waiting(now).in_bulk_queue().untouched(now - REQUEUE_BULK_AFTER)
    found = dict.fromkeys(dead.values_list("user_id", flat=True), False)
    for waiting, is_bulk in ((short, False), (bulk, True)):
        ids = list(waiting.values_list("user_id", flat=True))
        SyncJob.objects.active().filter(user_id__in=ids, status=Status.PENDING).update(heartbeat_at=now)
        found |= dict.fromkeys(ids, is_bulk)
    return sorted(found.items())


def _bring_back_from_the_future(now: datetime) -> None:
    """Date what a clock wrote that ran ahead and has been set right since: else it would wait as long.

    A living owner beats again before it counts as dead.
    """
    for job in SyncJob.objects.active().written_after(now + DEAD_AFTER):
        ahead = max((job.heartbeat_at or job.created_at) - now, timedelta(0))
        unchanged = SyncJob.objects.active().filter(pk=job.pk, lease=job.lease, heartbeat_at=job.heartbeat_at)
        unchanged.update(
            created_at=min(job.created_at, now),
            heartbeat_at=now,
            not_before=job.not_before - ahead if job.not_before else None,
        )
