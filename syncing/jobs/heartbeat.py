"""The jobs that threads of this process work on, and the heartbeat that each of them shows."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import DatabaseError, connection

from evosync.common import clock
from evosync.common.database_errors import state_of_database
from syncing.models import SyncJob

logger = logging.getLogger(__name__)

BEAT_SECONDS = 20.0
# A database that is busy for a moment is asked again so soon: on SQLite the run itself may hold it.
RETRY_SECONDS = 2.0
# No slice takes so long: a run that hangs is taken for dead in the end.
MAX_BEATING = timedelta(minutes=20)


@dataclass(slots=True)
class Limit:
    """Until when a heartbeat is believed."""

    until: datetime = field(default_factory=lambda: clock.now() + MAX_BEATING)

    def begin_again(self) -> None:
        """Believe it as long as from the start: what beats has just shown that it goes on."""
        self.until = clock.now() + MAX_BEATING


_jobs: dict[str, int] = {}
_lock = threading.Lock()


@contextmanager
def taking(lease: str, user_id: int) -> Iterator[None]:
    """Register a lease before its job is taken, and no longer where the block raises.

    Other threads of this process would take a lease that none works under for a dead thread's.
    """
    with _lock:
        _jobs[lease] = user_id
    try:
        yield
    except BaseException:
        forget(lease)
        raise


def forget(lease: str) -> None:
    """Note that no thread of this process works under this lease."""
    with _lock:
        _jobs.pop(lease, None)


def is_registered(lease: str) -> bool:
    """Return True if a thread of this process works under this lease."""
    with _lock:
        return lease in _jobs


@contextmanager
def keep_beating(job: SyncJob) -> Iterator[Limit]:
    """Beat while the block runs, also while it waits for a long answer."""
    lease = job.lease
    mine = SyncJob.objects.active().filter(pk=job.pk, lease=lease)
    try:
        with beating(f"job {job.pk}", lambda now: mine.update(heartbeat_at=now)) as limit:
            yield limit
    finally:
        with _lock:
            _jobs.pop(lease, None)


@contextmanager
def beating(name: str, beat: Callable[[datetime], object]) -> Iterator[Limit]:
    """Call `beat` with the time every twenty seconds while the block runs, in a thread of its own."""
    ended, limit = threading.Event(), Limit()
    thread = threading.Thread(
        target=_beat_until, args=(name, beat, ended, limit), name=f"heartbeat of {name}", daemon=True
    )
    thread.start()
    try:
        yield limit
    finally:
        ended.set()


def _beat_until(name: str, beat: Callable[[datetime], object], ended: threading.Event, limit: Limit) -> None:
    told, wait = time.monotonic(), BEAT_SECONDS
    try:
        while not ended.wait(wait) and clock.now() < limit.until:
            try:
                beat(clock.now())
                told, wait = time.monotonic(), BEAT_SECONDS
            except DatabaseError as error:
                connection.close()
                wait = RETRY_SECONDS
                if time.monotonic() - told >= 2 * BEAT_SECONDS:
                    logger.warning("no heartbeat for %s: %s", name, state_of_database(error))
                    told = time.monotonic()
    finally:
        connection.close()


def take_all() -> dict[str, int]:
    """Return every registered lease with its merchant's id, and register none any more."""
    with _lock:
        taken = dict(_jobs)
        _jobs.clear()
    return taken
