"""Whose job it is: a process that lost its job writes nothing more."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from evosync.common.kept_statements import has_rows
from syncing.models import SyncJob
from syncing.models.jobs import SyncJobQuerySet
from syncing.publishing.errors import LeaseLost, SliceOver, StopRequested


@dataclass(frozen=True, slots=True)
class Lease:
    """A process's hold on a job. `clock` gives the time; `over` says that the slice ends."""

    job: SyncJob
    clock: Callable[[], datetime]
    over: Callable[[], bool] = lambda: False

    def beat(self) -> None:
        """Show that the run lives. Raises PublishStopped where it must not go on."""
        if not self._mine().filter(stop_requested=False).update(heartbeat_at=self.clock()):
            raise StopRequested if self._mine().exists() else LeaseLost
        if self.over():
            raise SliceOver

    def write(self, **values: Any) -> None:
        """Write these values into the job, if it is still ours. Raises LeaseLost."""
        if not self._mine().update(**values):
            raise LeaseLost

    @contextmanager
    def held(self, **values: Any) -> Iterator[None]:
        """Write these values into the job and what follows as one, and only if the job is still ours.

        A process that was frozen during a request wakes up with an old answer, when the job's new owner
        has written a newer one. Raises LeaseLost.
        """
        with transaction.atomic():
            # Either locks the job's row until the end: who takes the job over waits for what is written.
            if values:
                self.write(**values)
            elif not has_rows(_locked, self.job.pk, self.job.lease):
                raise LeaseLost
            yield

    def _mine(self) -> SyncJobQuerySet:
        return _held_by(self.job.pk, self.job.lease)


def _held_by(job_id: int, lease: str) -> SyncJobQuerySet:
    return SyncJob.objects.filter(pk=job_id, lease=lease, active_key__isnull=False)


def _locked(job_id: int, lease: str) -> SyncJobQuerySet:
    return _held_by(job_id, lease).select_for_update()
