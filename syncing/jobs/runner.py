"""One slice of one run: refresh the mirror, plan, ask where it is doubtful, publish, write the result.

A run that dies anywhere is simply run again: the plan is made anew from VK's present state.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError
from django.db import connection as db_connection
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.ingest.refresh import refresh_store, refresh_till
from catalog.ingest.report import Problem, RefreshSummary
from catalog.models import Store
from connections.client_factory import UNTIL_NEXT_WINDOW, evotor_client, vk_client
from connections.clients.error_catalog import OwnError, lookup
from connections.clients.errors import (
    AuthRevoked,
    ClientError,
    RateLimited,
    Suspended,
    Transient,
)
from connections.clients.evotor.client import EvotorClient
from connections.clients.vk.client import VkClient
from connections.models import VkConnection
from connections.status import mark_offline, mark_online, mark_paused
from evosync.common.telemetry.logging import log_context
from syncing.core.choices import ActionKind
from syncing.core.records import SyncResult
from syncing.jobs import account_closure, approval, heartbeat, lifecycle, shutdown
from syncing.models import AccountClosure, SyncJob
from syncing.publishing.errors import LeaseLost, SliceOver, StopRequested
from syncing.publishing.journal import Journal
from syncing.publishing.publisher import Publisher
from syncing.services.errors import CannotSync
from syncing.services.planning import (
    Planned,
    evotor_connection,
    make_plan,
    photo_source,
    vk_connection,
)
from syncing.services.settings import config_for

logger = logging.getLogger(__name__)
Status = SyncJob.Status

SLICE = timedelta(minutes=4)
# In the queue of short jobs: what is not done by then goes on in the queue of long ones.
SHORT_SLICE = timedelta(seconds=30)
# More new goods than this are the long queue's from the start; everything else in the plan comes first.
MAX_CREATES_OF_SHORT = 25
# The till's clock and ours may differ, and a change may be stored late.
SINCE_OVERLAP = timedelta(minutes=10)
RETRY_AFTER = timedelta(seconds=60)
SLOW_DOWN = timedelta(minutes=2)
DATABASE_BACK_AFTER = timedelta(seconds=5)
# How often, and how far apart, a job is given back while the database does not answer.
RELEASE_PAUSES = (0, 1, 2, 4, 8, 8)
MAX_ATTEMPTS_WITHOUT_PROGRESS = 4
Progress = Callable[[str, int, int], None]


def _silent(phase: str, done: int, total: int) -> None:
    """Report to nobody."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a run is carried out. `approve` passes the safety check for whatever plan it makes.

    A slice makes at most `max_creates` new items of a plan that has more, and leaves the others to
    the long queue: none, since pictures take their time.
    """

    refresh: bool = True
    approve: bool = False
    slice_seconds: float = SLICE.total_seconds()
    max_creates: int | None = None
    progress: Progress = _silent


DEFAULTS = LONG = RunOptions()
SHORT = RunOptions(slice_seconds=SHORT_SLICE.total_seconds(), max_creates=MAX_CREATES_OF_SHORT)


def run_slice(job: SyncJob, *, options: RunOptions = DEFAULTS) -> SyncJob:
    """Carry a claimed job on for at most one slice and write down where it stands.

    Afterwards the job is finished, or pending for its next slice or retry. Never raises ClientError.
    """
    with log_context(job=job.pk, merchant=job.user_id), heartbeat.keep_beating(job):
        run = JobRunner(job, options)
        try:
            _carry_out(run)
        except (OperationalError, InterfaceError):
            logger.exception("the database went away in the middle of a run")
            if not run.release(delay=DATABASE_BACK_AFTER) or run.is_hopeless():
                raise
        except Exception:
            run.fail_by_bug()
            raise
        except BaseException:
            run.release(delay=RETRY_AFTER)
            raise
    job.refresh_from_db()
    return job


def _carry_out(run: "JobRunner") -> None:
    """Run, and write down why it ended."""
    try:
        run.go()
    except StopRequested:
        run.end(Status.CANCELLED, "stopped", _("Stopped by you. What was done stays; the rest waits."))
    except SliceOver:
        run.continue_later()
    except LeaseLost:
        logger.warning("the job was taken over by another process")
    except CannotSync as error:
        run.end(Status.FAILED, error.code, error.text)
    except ClientError as error:
        run.fail(error)


class JobRunner:
    """The working state of one slice."""

    def __init__(self, job: SyncJob, options: RunOptions) -> None:
        self.job, self.options = job, options
        self.started = time.monotonic()
        self.vk: VkClient | None = None
        self.evotor: EvotorClient | None = None
        self.lower_bound = 0
        self.unread_store: Problem | None = None
        self.done_before = job.done

    def go(self) -> None:
        """Refresh, plan, check its safety, publish."""
        user = self.job.user
        connection = vk_connection(user)
        if self.job.took_over:
            # The dead one's last request may still be taking effect.
            shutdown.sleep(settings.VK_SETTLE_SECONDS)
        closure = AccountClosure.objects.for_user(user).first()
        if closure is None and self.options.refresh and not self.job.phase:
            self._refresh()
        self.vk = vk_client(connection)
        self.options.progress("plan", 0, 0)
        group_id = connection.group_id or 0
        if closure is None:
            planned = make_plan(user, client=self.vk, group_id=group_id, now=timezone.now())
        else:
            planned = account_closure.plan_closure(closure, self.vk, group_id=group_id)
        mark_online(connection, now=timezone.now())
        self._note_plan(planned)
        if closure is None and not self._may_start(planned):
            approval.hold_plan(self.job, planned.plan, vk_group_id=connection.group_id or 0)
            self.end(Status.NEEDS_APPROVAL, "brake", "")
            return
        self._publish(self.vk, planned, connection)

    def _refresh(self) -> None:
        self.options.progress("refresh", 0, 0)
        connection = evotor_connection(self.job.user)
        self.evotor = evotor_client(connection, sleep=shutdown.sleep, longest_pause=UNTIL_NEXT_WINDOW)
        now = timezone.now()
        if self.job.triggered_by == SyncJob.Trigger.WEBHOOK:
            self._refresh_changed(self.evotor, now)
        else:
            self._judge(refresh_till(connection, client=self.evotor, now=now))
        mark_online(connection, now=timezone.now())
        self._enter("plan")

    def _enter(self, phase: str) -> None:
        """Note how far the run has come, where it is still ours. Raises LeaseLost."""
        if not SyncJob.objects.filter(pk=self.job.pk, lease=self.job.lease).update(phase=phase):
            raise LeaseLost
        self.job.phase = phase

    def _judge(self, summary: RefreshSummary) -> None:
        """Go on with the stores that were read; with none, end here. What was not read stays as it is."""
        summary.raise_if_nothing_read()
        self.unread_store = next(iter(summary.unread), None)

    def _refresh_changed(self, client: EvotorClient, now: datetime) -> None:
        """Read what changed lately in the stores that said so: a push must reach VK within seconds."""
        stores = Store.objects.for_user(self.job.user).present()
        # None is marked where Evotor named a store that we do not know yet.
        for store in list(stores.pushed()) or list(stores):
            since = min(store.fetched_at, now) - SINCE_OVERLAP
            refresh_store(self.job.user, store.evotor_id, client=client, since=since, now=now)
            # A push that came meanwhile has a mark of its own, which stays.
            Store.objects.filter(pk=store.pk, pushed_at=store.pushed_at).update(pushed_at=None)

    def _note_plan(self, planned: Planned) -> None:
        plan, job = planned.plan, self.job
        job.plan_hash = plan.plan_hash
        job.questions = [[question.code, question.count, question.total] for question in plan.questions]
        job.items_skipped, job.items_unchanged = len(plan.skipped), plan.unchanged
        job.skipped_by_reason = dict(sorted(Counter(skip.reason for skip in plan.skipped).items()))
        self.lower_bound = max(1, ceil(max(len(planned.shop.items), _creates(planned.plan)) / 1000))

    def _may_start(self, planned: Planned) -> bool:
        """Say whether the plan may be carried out, cut down to what the merchant has approved."""
        if not planned.plan.questions or self.options.approve:
            return True
        if self.job.approved_plan:
            part = approval.approved_subset(self.job, planned)
            if part is None:
                return False
            if len(part.actions) < len(planned.plan.actions):
                # What he has not seen is left to a run of its own.
                SyncJob.objects.filter(pk=self.job.pk).update(again=True)
            planned.plan = part
            return True
        # A first slice passed the safety check for the whole run; its rest is the same plan, partly done.
        return self.job.phase in ("publish", lifecycle.BULK)

    def _publish(self, client: VkClient, planned: Planned, connection: VkConnection) -> None:
        job = self.job
        if job.phase not in ("publish", lifecycle.BULK):
            self._enter("publish")
        journal = Journal(job, connection.group_id or 0, timezone.now, self._is_over, self._report_progress)
        journal.load()
        journal.start(planned.plan)
        journal.apply_matches(planned.plan)
        now_part, later = self._split(planned)
        # A slice is measured from its first write: reading a big shop must not use it up.
        self.started = time.monotonic()
        publisher = Publisher(
            client=client,
            group_id=connection.group_id or 0,
            journal=journal,
            plan=now_part,
            albums=dict(planned.context.albums),
            picture=photo_source(job.user, planned.context, planned.plan),
            sleep=shutdown.sleep,
            settle_seconds=settings.VK_SETTLE_SECONDS,
        )
        try:
            publisher.carry_out()
        finally:
            self.lower_bound += _least_requests(now_part, publisher)
        if later:
            raise SliceOver
        journal.record_verified()
        approval.supersede_held(job.user, by=job)
        config = config_for(job.user)
        config.last_run_at = timezone.now()
        config.source_size = len(planned.context.products)
        config.save(update_fields=["last_run_at", "source_size"])
        self._end_published(publisher)

    def _split(self, planned: Planned) -> tuple[SyncResult, bool]:
        """Return the part of the plan that is this slice's, and whether the long queue gets the rest."""
        most = self.options.max_creates
        if most is None or self.job.phase == lifecycle.BULK or _creates(planned.plan) <= most:
            return planned.plan, False
        short = tuple(action for action in planned.plan.actions if action.kind is not ActionKind.CREATE)
        return replace(planned.plan, actions=short), True

    def _end_published(self, publisher: Publisher) -> None:
        if publisher.refusals:
            row = lookup(publisher.refusals[0].code)
            self.end(Status.PARTIAL, row.code, f"{_(row.text)} {_(row.next_step)}")
        elif self.unread_store is not None:
            code = self.unread_store.error_code
            text = f"{self.unread_store.store_name}: {_(lookup(code).text)}"
            self.end(Status.PARTIAL, code, f"{text} {_('Its goods stay in VK as they are.')}")
        else:
            self.job.refresh_from_db(fields=["error_count"])
            self.end(Status.PARTIAL if self.job.error_count else Status.SUCCESS)

    def _is_over(self) -> bool:
        return shutdown.is_requested() or time.monotonic() - self.started > self.options.slice_seconds

    def _report_progress(self, done: int, total: int) -> None:
        self.options.progress("publish", done, total)

    def fail(self, error: ClientError) -> None:
        """Decide what a failure of the whole connection means for the job and the connection."""
        connection = (
            vk_connection(self.job.user) if error.service == "vk" else evotor_connection(self.job.user)
        )
        now = timezone.now()
        match error:
            case Suspended():
                mark_paused(connection, until=now + timedelta(seconds=error.pause_seconds), code=error.code)
                self.retry_later(error, delay=timedelta(seconds=error.pause_seconds))
            case AuthRevoked():
                mark_offline(connection, code=error.code, now=now)
                self._fail_for_good(error.code)
            case RateLimited() if not self.is_by_command:
                # Nothing was carried out and nothing is wrong: the run goes on however often it takes.
                self.save_counts()
                lifecycle.release(self.job, delay=SLOW_DOWN)
            case Transient():
                self.retry_later(error, delay=RETRY_AFTER)
            case _:
                self._fail_for_good(error.code)

    def retry_later(self, error: ClientError, *, delay: timedelta) -> None:
        """Give the job back for another try, unless several tries in a row got nothing done."""
        if self.is_by_command or self.is_hopeless():
            self._fail_for_good(error.code)
            return
        self.save_counts()
        lifecycle.release(self.job, delay=delay)

    @property
    def is_by_command(self) -> bool:
        """Whether somebody sits before a terminal and decides himself whether to try again."""
        return self.job.triggered_by == SyncJob.Trigger.COMMAND

    def is_hopeless(self) -> bool:
        """Say whether several tries in a row, this one included, got nothing done."""
        progressed = self.job.done > self.done_before
        return not progressed and self.job.attempts >= MAX_ATTEMPTS_WITHOUT_PROGRESS

    def _fail_for_good(self, code: str) -> None:
        row = lookup(code)
        self.end(Status.FAILED, code, f"{_(row.text)} {_(row.next_step)}".strip())

    def end(self, status: str, code: str = "", detail: str = "") -> None:
        """Finish the job with its request counts."""
        self._count_requests()
        lifecycle.finish(self.job, status=status, code=code, detail=detail)

    def continue_later(self) -> None:
        """Give the job back for its next slice; what outlasted a whole slice goes on in the long queue."""
        self.save_counts()
        if self.job.phase == "publish" and not shutdown.is_requested():
            SyncJob.objects.filter(pk=self.job.pk, lease=self.job.lease).update(phase=lifecycle.BULK)
        lifecycle.release(self.job)

    def fail_by_bug(self) -> None:
        """Give the job back for another try; end it where that has not helped before."""
        if self.is_hopeless():
            self._fail_for_good(OwnError.INTERNAL)
        else:
            self.release(delay=RETRY_AFTER)

    def release(self, *, delay: timedelta) -> bool:
        """Give the job back after an error, once the database answers; say whether it did in time."""
        for seconds in RELEASE_PAUSES:
            shutdown.sleep(seconds)
            try:
                self.save_counts()
                lifecycle.release(self.job, delay=delay)
            except DatabaseError:
                logger.warning("the job could not be given back yet: the database is away")
                db_connection.close()
            else:
                return True
        return False

    def save_counts(self) -> None:
        """Keep the request counts of a slice that does not end its job.

        Only tries in a row that get nothing done are counted as attempts.
        """
        self._count_requests()
        found = {"requests": self.job.requests}
        if self.job.done > self.done_before:
            found["attempts"] = 1
        SyncJob.objects.filter(pk=self.job.pk).update(**found)

    def _count_requests(self) -> None:
        before = self.job.requests or {}
        calls = Counter(before.get("vk_calls", {}))
        if self.vk is not None:
            calls.update(self.vk.calls)
        self.job.requests = {
            "vk": before.get("vk", 0) + (self.vk.requests if self.vk else 0),
            "vk_calls": dict(sorted(calls.items())),
            "uploads": before.get("uploads", 0) + (self.vk.uploads if self.vk else 0),
            "evotor": before.get("evotor", 0) + (self.evotor.requests if self.evotor else 0),
            "vk_lower_bound": before.get("vk_lower_bound", 0) + self.lower_bound,
        }
        self.vk = self.evotor = None
        self.lower_bound = 0


def _creates(plan: SyncResult) -> int:
    return sum(action.kind is ActionKind.CREATE for action in plan.actions)


def _least_requests(plan: SyncResult, publisher: Publisher) -> int:
    """Return the fewest requests that VK's rules allow for these writes (docs/architecture.md, budgets)."""
    creates = _creates(plan)
    pictures = creates + sum("photo_key" in action.changes for action in plan.actions)
    only_album = sum(set(action.changes) == {"album"} for action in plan.actions)
    writes = (
        len(plan.actions)
        - only_album
        + publisher.album_publisher.new_albums
        + publisher.album_publisher.additions
    )
    return (1 + ceil(pictures / 5) if pictures else 0) + ceil(writes / 25)
