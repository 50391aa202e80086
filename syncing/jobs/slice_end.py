"""The end of a slice: its job is finished, or given back for the next slice or another try."""

import logging
from datetime import timedelta

from django.db import DatabaseError
from django.db import connection as db_connection
from django.db.models import F
from django.utils.translation import gettext as _

from connections import operator_alerts
from connections.clients.error_catalog import OwnError, lookup
from connections.clients.errors import ClientError
from connections.clients.service import Service
from connections.status import AnyConnection, mark_offline, mark_paused
from evosync.common import clock
from evosync.common.database_errors import DatabaseState, state_of_database
from syncing.choices import JobCode, JobPhase
from syncing.jobs import lifecycle, shutdown
from syncing.jobs.failure_policy import RETRY_AFTER, is_hopeless, react
from syncing.jobs.request_accounting import RequestAccounting
from syncing.models import SyncJob
from syncing.publishing.errors import StopRequested
from syncing.services.accounts import Account, evotor_connection, vk_connection

logger = logging.getLogger(__name__)

# How often, and how far apart, a job is given back while the database does not answer.
RELEASE_PAUSES = (0, 1, 2, 4, 8, 8)


class SliceEnd:
    """Writes down how a slice ended, with the requests that it took."""

    def __init__(self, job: SyncJob, accounting: RequestAccounting) -> None:
        self.job, self.accounting = job, accounting
        self._done_before = job.done

    def fail(self, error: ClientError, account: Account) -> None:
        """Carry out what a failure of a whole connection means for the job and the connection.

        Of a run that is to stop it means nothing: its connection may be gone, or another one by now. Nor
        does it of a token that is another one now than that of the slice's `account`: the next slice uses it.
        """
        if SyncJob.objects.filter(pk=self.job.pk, stop_requested=True).exists():
            self.stop()
            return
        reaction = react(
            error,
            may_retry=not self.is_hopeless(),
            by_command=self.job.triggered_by == SyncJob.Trigger.COMMAND,
        )
        operator_alerts.report(error)
        user, now = self.job.user, clock.now()
        is_vk = error.service == Service.VK
        connection = vk_connection(user) if is_vk else evotor_connection(user)
        if _has_another_token(connection, account.vk if is_vk else account.evotor):
            self._save_counts()
            lifecycle.release(self.job)
            return
        if reaction.pauses_connection_for is not None:
            mark_paused(connection, until=now + reaction.pauses_connection_for, code=error.code)
        if reaction.takes_connection_offline:
            mark_offline(connection, code=error.code, now=now)
        if reaction.retry_after is None:
            self._fail_for_good(error.code)
            return
        self._save_counts()
        lifecycle.release(self.job, delay=reaction.retry_after)

    def stop(self) -> None:
        """End the job as the merchant wants it."""
        text = _("Stopped by you. What was done stays; the rest waits.")
        self.finish(SyncJob.Status.CANCELLED, JobCode.STOPPED, text)

    def ask(self) -> None:
        """End the job with the question about its plan, or as stopped where it was to stop meanwhile."""
        self.accounting.add_to(self.job)
        if not lifecycle.finish(self.job, status=SyncJob.Status.NEEDS_APPROVAL, code=JobCode.PLAN_HELD):
            raise StopRequested

    def give_way(self) -> None:
        """Give the job to the threads that wait for slow services: this one is needed by others."""
        self._save_counts()
        # To give way is no failed try.
        SyncJob.objects.filter(pk=self.job.pk, lease=self.job.lease).update(attempts=F("attempts") - 1)
        lifecycle.release(self.job)
        self.job.gave_way = True

    def is_hopeless(self) -> bool:
        """Return True if several tries in a row, this one included, got nothing done."""
        return is_hopeless(attempts=self.job.attempts, progressed=self.job.done > self._done_before)

    def _fail_for_good(self, code: str) -> None:
        row = lookup(code)
        self.finish(SyncJob.Status.FAILED, code, f"{_(row.text)} {_(row.next_step)}".strip())

    def finish(self, status: str, code: str = "", detail: str = "") -> None:
        """Finish the job with its request counts."""
        self.accounting.add_to(self.job)
        lifecycle.finish(self.job, status=status, code=code, detail=detail)

    def continue_later(self) -> None:
        """Give the job back for its next slice; what outlasted a whole slice goes on in the long queue."""
        self._save_counts()
        if self.job.phase == JobPhase.PUBLISH and not shutdown.is_requested():
            SyncJob.objects.filter(pk=self.job.pk, lease=self.job.lease).update(phase=JobPhase.BULK)
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
                self._save_counts()
                lifecycle.release(self.job, delay=delay)
            except DatabaseError as error:
                state = state_of_database(error)
                logger.warning("the job could not be given back yet: %s", state)
                if state != DatabaseState.BUSY:
                    db_connection.close()
            else:
                return True
        return False

    def _save_counts(self) -> None:
        """Keep the request counts of a slice that does not end its job.

        Only tries in a row that get nothing done are counted as attempts.
        """
        self.accounting.add_to(self.job)
        found = {"requests": self.job.requests}
        if self.job.done > self._done_before:
            found["attempts"] = 1
        SyncJob.objects.filter(pk=self.job.pk).update(**found)


def _has_another_token(connection: AnyConnection, used: AnyConnection | None) -> bool:
    """Return True if the token was exchanged since the slice began with the one of `used`."""
    return used is not None and used.access_token != connection.access_token
