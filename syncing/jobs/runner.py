"""One slice of one run: refresh the till's rows, plan, hold a doubtful plan, publish, write the result.

A run that dies anywhere is simply run again: the next plan starts from VK's present state.
"""

import gc
import logging
import math
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _
from structlog.contextvars import bound_contextvars

from catalog.ingest.refresh import refresh_changed, refresh_till
from catalog.ingest.report import Problem, RefreshSummary
from catalog.models import Store
from connections.client_factory import UNTIL_NEXT_WINDOW, evotor_client, vk_client
from connections.clients.errors import ClientError
from connections.clients.patience import PATIENCE_SECONDS, TooSlow
from connections.clients.vk.client import VkClient
from connections.models import EvotorConnection, VkConnection
from connections.pace import reading
from connections.status import mark_online, record_text_limits
from evosync.common import clock, memory
from evosync.common.database_errors import DatabaseState, state_of_database
from syncing.choices import WRITING_PHASES, JobCode, JobPhase
from syncing.core.choices import ActionKind, QuestionCode
from syncing.core.records import SyncResult
from syncing.core.safety import source_gaps
from syncing.jobs import account_closure, approval, heartbeat, lifecycle, shutdown
from syncing.jobs.failure_policy import RETRY_AFTER
from syncing.jobs.method_suspensions import record_suspensions, suspended_methods
from syncing.jobs.outcome import outcome_of
from syncing.jobs.request_accounting import RequestAccounting, count_creates
from syncing.jobs.slice_end import SliceEnd
from syncing.models import AccountClosure, SyncConfig, SyncJob
from syncing.publishing.errors import LeaseLost, SliceOver, StopRequested
from syncing.publishing.journal import Journal
from syncing.publishing.lease import Lease
from syncing.publishing.matches import MatchRecorder
from syncing.publishing.publisher import Publisher
from syncing.publishing.vk.methods import VkChannel
from syncing.publishing.vk.presence import PresenceCheck
from syncing.publishing.vk.reader import ShopSnapshot
from syncing.publishing.vk.text_limits import TextLimits, accepted_lengths
from syncing.services import held_prices, unchanged_runs, undo
from syncing.services.accounts import Account, account_of, usable_evotor, usable_vk, vk_connection
from syncing.services.errors import CannotSync
from syncing.services.planning import (
    Planned,
    keep_guessed_categories,
    make_plan,
    photo_source,
    read_vk_for_run,
)
from syncing.services.settings import config_for

logger = logging.getLogger(__name__)
Status = SyncJob.Status

SLICE = timedelta(minutes=4)
# To read and plan a big shop again takes seconds in which VK is asked for nothing, and memory for a second
# plan: 15,000 goods are made in 21 minutes.
SLICES_AT_ONCE = 6
# In the queue of short jobs: what is not done by then goes on in the queue of long ones.
SHORT_SLICE = timedelta(seconds=30)
# More new goods than this are the long queue's from the start; everything else in the plan comes first.
MAX_CREATES_OF_SHORT = 25
# Slices share the reading of the till for so long. The hourly run's freshness is promised to a run, however
# long its worker was stopped, VK had suspended it, or others were before it.
TILL_LASTS = timedelta(minutes=30)
# A reading that is dated later than this was dated by a clock that ran ahead.
CLOCKS_DIFFER = timedelta(minutes=2)
DATABASE_BACK_AFTER = timedelta(seconds=5)
Progress = Callable[[str, int, int], None]


def _silent(phase: str, done: int, total: int) -> None:
    """Report to nobody."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a run is carried out. `approve` passes the safety check for whatever plan it makes.

    A slice makes at most `max_creates` new items of a plan that has more, and leaves the others to
    the long queue: none, since pictures take their time.

    A slice that is over goes on, `slices_at_once` times in all, while nobody waits for the long queue and
    another plan would want the same.

    Until its first write a slice waits at most `patience_seconds` for each service, then it gives way.
    """

    refresh: bool = True
    approve: bool = False
    slice_seconds: float = SLICE.total_seconds()
    slices_at_once: int = 1
    max_creates: int | None = None
    patience_seconds: float = math.inf
    progress: Progress = _silent


DEFAULTS = LONG = RunOptions(slices_at_once=SLICES_AT_ONCE)
SLOW = RunOptions(slice_seconds=SHORT_SLICE.total_seconds(), max_creates=MAX_CREATES_OF_SHORT)
SHORT = replace(SLOW, patience_seconds=PATIENCE_SECONDS)


def run_slice(job: SyncJob, *, options: RunOptions = DEFAULTS) -> SyncJob:
    """Carry a claimed job on for at most one slice and write down where it stands.

    Afterwards the job is finished, or pending for its next slice or retry. Never raises ClientError.
    """
    with bound_contextvars(job=job.pk, merchant=job.user_id), heartbeat.keep_beating(job) as limit:
        run = JobRunner(job, options, limit)
        try:
            _carry_out(run)
        except (OperationalError, InterfaceError) as error:
            # Whose rows were waited for too long is seen in the database and not in a traceback.
            is_busy = state_of_database(error) == DatabaseState.BUSY
            logger.log(
                logging.WARNING if is_busy else logging.ERROR,
                "a run stops in the middle: %s",
                state_of_database(error),
                exc_info=not is_busy,
            )
            if not run.ending.release(delay=DATABASE_BACK_AFTER) or run.ending.is_hopeless():
                raise
        except Exception:
            if _is_deleted(job):
                logger.warning("the account was deleted under the run")
                return job
            run.ending.fail_by_bug()
            raise
        except BaseException:
            run.ending.release(delay=RETRY_AFTER)
            raise
    # The end of a job was read back when it was written.
    try:
        if not job.is_finished:
            job.refresh_from_db()
    except SyncJob.DoesNotExist:
        return job
    if not job.is_finished:
        # Parts of a plan know each other: the next slice's would stand beside it for long.
        del run
        gc.collect()
    if not job.is_finished or job.items_created:
        memory.give_back()
    return job


def _is_deleted(job: SyncJob) -> bool:
    """Return True if the job went with its merchant's account."""
    return not SyncJob.objects.filter(pk=job.pk).exists()


def run_to_end(job: SyncJob, *, options: RunOptions = DEFAULTS) -> SyncJob:
    """Run slice after slice until the job has ended, or must wait for a time of its own.

    Raises CannotSync where another process works on it.
    """
    while not job.is_finished:
        claimed = lifecycle.claim(job.user, now=clock.now(), early=True)
        if claimed is None:
            raise CannotSync(
                JobCode.RUNNING,
                _("A run for %(email)s is going on in another process (job %(number)s).")
                % {"email": job.user.email, "number": job.pk},
            )
        job = run_slice(claimed, options=options)
        if job.not_before is not None:
            break
    return job


def _carry_out(run: "JobRunner") -> None:
    """Run, and write down why it ended."""
    try:
        run.execute()
    except StopRequested:
        run.ending.stop()
    except SliceOver:
        run.ending.continue_later()
    except LeaseLost:
        logger.warning("the job was taken over by another process")
    except CannotSync as error:
        run.ending.finish(Status.FAILED, error.code, error.text)
    except TooSlow:
        run.ending.give_way()
    except ClientError as error:
        run.ending.fail(error, run.account)


def _publisher(
    connection: VkConnection, client: VkClient, journal: Journal, planned: Planned, now_part: SyncResult
) -> Publisher:
    """Return what carries `now_part` of a plan out, with what VK has shown to take in this community."""
    return Publisher(
        channel=VkChannel(
            client,
            journal.vk_group_id,
            picture=photo_source(journal.job.user, planned.context, planned.plan),
            sleep=shutdown.sleep,
            settle_seconds=settings.VK_SETTLE_SECONDS,
        ),
        journal=journal,
        plan=now_part,
        albums=dict(planned.context.albums),
        suspended=suspended_methods(connection),
        texts=TextLimits(
            taken=connection.longest_texts(clock.now()),
            accepted=accepted_lengths(
                listing.sent for listing in planned.context.listings if listing.sent and listing.item_id
            ),
        ),
    )


class JobRunner:
    """The working state of one slice."""

    def __init__(self, job: SyncJob, options: RunOptions, limit: heartbeat.Limit | None = None) -> None:
        self.job, self.options = job, options
        self.beating = limit or heartbeat.Limit()
        self.started = time.monotonic()
        self.accounting = RequestAccounting()
        self.unread_store: Problem | None = None
        self.ending = SliceEnd(job, self.accounting)
        self.account = Account(None, None, None)
        # By what the run is known again, "" for one that has to plan.
        self.key = ""
        self.slices = 1
        # What the plan is made from, apart from VK; "" where the slice does not go on.
        self.wishes = ""

    def execute(self) -> None:
        """Refresh, plan, check, publish; most of what the plan was made from is let go of before that."""
        if self.job.took_over:
            # The dead one's last request may still be taking effect.
            shutdown.sleep(settings.VK_SETTLE_SECONDS)
        self.account = account = account_of(self.job.user)
        connection = usable_vk(account.vk)
        with reading(connection, self.options.patience_seconds) as patience:
            if account.closure is None and self.options.refresh and self._must_read_till():
                self._refresh(usable_evotor(account.evotor))
            client = vk_client(connection, patience=patience)
            planned = self._plan(client, connection, account.closure)
        if planned is None:
            return
        # What is written is waited for: given up, it may still take effect.
        patience.waive()
        job, group_id = self.job, connection.group_id or 0
        rows = planned.rows
        source_size, gaps = len(planned.context.products), source_gaps(planned.context)
        journal = Journal(job, group_id, clock.now, self._is_over, self._report_progress)
        now_part, later = self._split(planned)
        # Reading VK takes minutes in a big shop: the merchant may have given the community up since.
        connection = vk_connection(job.user)
        publisher = _publisher(connection, client, journal, planned, now_part)
        if planned.plan.actions:
            planned = planned.without_sources()
        journal.load(rows, planned.limits)
        journal.start(planned.plan, phase=job.phase if job.phase in WRITING_PHASES else JobPhase.PUBLISH)
        MatchRecorder(journal).record(planned.plan)
        # A slice is measured from its first write: reading a big shop must not use it up.
        self.started = time.monotonic()
        try:
            publisher.carry_out()
        finally:
            self._note_published(connection, publisher)
        if publisher.brought_back:
            SyncJob.objects.filter(pk=self.job.pk).update(again=True)
        if later:
            raise SliceOver
        journal.record_verified()
        approval.supersede_held(job.user, by=job)
        self._note_source(planned, size=source_size, gaps=gaps)
        self._finish(publisher, planned, connection)

    def _plan(
        self, client: VkClient, connection: VkConnection, closure: AccountClosure | None
    ) -> Planned | None:
        """Read VK and plan; return what may be carried out, or None where the run has ended with that."""
        self.accounting.vk = client
        self.options.progress(JobPhase.PLAN, 0, 0)
        user, group_id = self.job.user, connection.group_id or 0
        check = PresenceCheck(client, group_id, self._check_lease, shutdown.sleep)
        if closure is None:
            shop = read_vk_for_run(user, client=client, group_id=group_id)
            if self._is_repeated(shop, group_id, connection):
                return None
            self._note_wishes()
            planned = make_plan(
                user,
                client=client,
                group_id=group_id,
                now=clock.now(),
                check=check,
                connection=connection,
                shop=shop,
            )
            keep_guessed_categories(user, planned)
            if planned.guessed_by_group:
                self._note_wishes()
            self.job.held_prices = held_prices.record_held(
                user, planned.plan, are_known=bool(planned.context.price_decisions)
            )
            undo.forget_ended(user, planned.plan, planned_at=planned.context.now)
            permitted = approval.permitted_plan(self.job, planned, approve=self.options.approve)
        else:
            planned = account_closure.plan_closure(closure, client, group_id=group_id, check=check)
            permitted = planned.plan
        mark_online(connection, now=clock.now())
        self._note_plan(planned)
        if permitted is None:
            self._check_lease()
            approval.hold_plan(self.job, planned.plan, vk_group_id=group_id)
            self.ending.ask()
            return None
        if len(permitted.actions) < len(planned.plan.actions):
            # What the merchant has not seen is left to a run of its own.
            SyncJob.objects.filter(pk=self.job.pk).update(again=True)
        held_prices.approve_with_plan(user, permitted)
        return replace(planned, plan=permitted)

    def _is_repeated(self, shop: ShopSnapshot, group_id: int, connection: VkConnection) -> bool:
        """End the run as its last one where all that it would plan from is the same, and say so."""
        if self.job.phase != JobPhase.PLAN or self.unread_store or self.job.approved_plan:
            return False
        self.key = unchanged_runs.run_key(self.job.user, shop, group_id=group_id, now=clock.now())
        found = unchanged_runs.recall(self.job.user, self.key, group_id=group_id, now=clock.now())
        if found is None:
            return False
        self._check_lease()
        mark_online(connection, now=clock.now())
        job = self.job
        job.plan_hash, job.questions, job.items_unchanged = found.plan_hash, [], found.unchanged
        job.items_skipped = sum(found.skipped_by_reason.values())
        job.skipped_by_reason = found.skipped_by_reason
        self.accounting.add_repeated_reading(items=len(shop.items))
        Journal(job, group_id, clock.now, self._is_over, self._report_progress).record_verified()
        approval.supersede_held(job.user, by=job)
        SyncConfig.objects.filter(user=job.user).update(last_run_at=clock.now())
        self.ending.finish(Status.SUCCESS)
        return True

    def _remember(self, planned: Planned, connection: VkConnection) -> None:
        """Keep what this run found, where it had nothing to do and nothing it started from has changed."""
        if not self.key or not unchanged_runs.may_be_kept(planned):
            return
        user, group_id = self.job.user, connection.group_id or 0
        if unchanged_runs.run_key(user, planned.shop, group_id=group_id, now=clock.now()) == self.key:
            unchanged_runs.remember(user, self.key, planned, self.job, connection=connection)

    def _must_read_till(self) -> bool:
        """Return True at the start of a run, and where it goes on after a pause that made the reading old.

        The phase begins again then, so that a plan of other prices passes the safety check of its own.
        """
        return not self.job.phase or not Store.objects.for_user(self.job.user).are_read_since(
            clock.now() - TILL_LASTS, until=clock.now() + CLOCKS_DIFFER
        )

    def _refresh(self, connection: EvotorConnection) -> None:
        self.options.progress(JobPhase.REFRESH, 0, 0)
        with reading(connection, self.options.patience_seconds) as patience:
            client = evotor_client(
                connection, sleep=shutdown.sleep, longest_pause=UNTIL_NEXT_WINDOW, patience=patience
            )
            self.accounting.evotor = client
            now = clock.now()
            if self.job.triggered_by == SyncJob.Trigger.WEBHOOK:
                refresh_changed(self.job.user, client=client, now=now)
                mark_online(connection, now=clock.now())
            else:
                # It has noted on the connection how Evotor answered.
                self._check_refresh(refresh_till(connection, client=client, now=now))
        Lease(self.job, clock.now).write(phase=JobPhase.PLAN)
        self.job.phase = JobPhase.PLAN

    def _check_lease(self) -> None:
        """Raise PublishStopped where nothing may be written any more."""
        Lease(self.job, clock.now).beat()

    def _check_refresh(self, summary: RefreshSummary) -> None:
        """Go on with the stores that were read; with none, end here. What was not read stays as it is."""
        summary.raise_if_nothing_read()
        self.unread_store = next(iter(summary.unread), None)

    def _note_plan(self, planned: Planned) -> None:
        plan, job = planned.plan, self.job
        job.plan_hash = plan.plan_hash
        job.questions = [[question.code, question.count, question.total] for question in plan.questions]
        job.items_skipped, job.items_unchanged = len(plan.skipped), plan.unchanged
        job.skipped_by_reason = dict(sorted(Counter(skip.reason for skip in plan.skipped).items()))
        self.accounting.add_reading(plan, items=len(planned.shop.items))

    def _note_published(self, connection: VkConnection, publisher: Publisher) -> None:
        """Keep what VK has shown to take and to refuse, and count what was written."""
        record_suspensions(connection, publisher)
        record_text_limits(connection, publisher.texts.learnt, now=clock.now())
        albums = publisher.album_publisher
        self.accounting.add_writes(
            publisher.plan,
            settled=publisher.journal.settled(),
            pictures=len(publisher.photos.pictured),
            album_calls=albums.album_calls + albums.additions,
        )

    def _note_source(self, planned: Planned, *, size: int, gaps: dict[str, int]) -> None:
        """Keep what the till held: the next plan's safety check compares with it."""
        user = self.job.user
        found = {"last_run_at": clock.now(), "source_size": size, "source_gaps": gaps}
        if not SyncConfig.objects.filter(user=user).update(**found):
            SyncConfig.objects.filter(pk=config_for(user).pk).update(**found)
        if any(question.code == QuestionCode.FILTERS_LOST for question in planned.plan.questions):
            # Carried out, so it was approved: the goods of this reading are not asked about again.
            config_for(user).filters.update(answered_at=planned.context.now)

    def _split(self, planned: Planned) -> tuple[SyncResult, bool]:
        """Return the part of the plan that is this slice's, and whether the long queue gets the rest."""
        most = self.options.max_creates
        if most is None or self.job.phase == JobPhase.BULK or count_creates(planned.plan) <= most:
            return planned.plan, False
        short = tuple(action for action in planned.plan.actions if action.kind is not ActionKind.CREATE)
        return replace(planned.plan, actions=short), True

    def _finish(self, publisher: Publisher, planned: Planned, connection: VkConnection) -> None:
        outcome = outcome_of(
            self.job, publisher, planned, connection=connection, unread_store=self.unread_store
        )
        if outcome.is_flawless and not publisher.has_written:
            self._remember(planned, connection)
        self.ending.finish(outcome.status, outcome.code, outcome.detail)

    def _is_over(self) -> bool:
        if shutdown.is_requested():
            return True
        if time.monotonic() - self.started <= self.slices * self.options.slice_seconds:
            return False
        if not self._may_go_on():
            return True
        self.slices += 1
        self.beating.begin_again()
        memory.give_back()
        return False

    def _note_wishes(self) -> None:
        if self.options.slices_at_once > 1:
            self.wishes = unchanged_runs.wishes_key(self.job.user, now=clock.now())

    def _may_go_on(self) -> bool:
        """Return True where a slice that is over would only give way to itself."""
        if not self.wishes or self.slices >= self.options.slices_at_once:
            return False
        if SyncJob.objects.active().waiting(clock.now()).in_bulk_queue().exists():
            return False
        return unchanged_runs.wishes_key(self.job.user, now=clock.now()) == self.wishes

    def _report_progress(self, done: int, total: int) -> None:
        self.options.progress(JobPhase.PUBLISH, done, total)
