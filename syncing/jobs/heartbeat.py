"""Which jobs this process has in hand, and the sign of life that it gives for them."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from syncing.models import SyncJob

logger = logging.getLogger(__name__)

BEAT_SECONDS = 20.0
# No slice is so long: a run that hangs is to be taken for dead in the end.
LONGEST = timedelta(minutes=20)

_held: dict[str, int] = {}
_lock = threading.Lock()


def hold(job: SyncJob) -> None:
    """Note that a thread of this process works on the job."""
    with _lock:
        _held[job.lease] = job.user_id


def is_held(lease: str) -> bool:
    """Say whether a thread of this process works under this lease."""
    with _lock:
        return lease in _held


@contextmanager
def kept_alive(job: SyncJob) -> Iterator[None]:
    """Show that the job's owner lives while the block runs, also while it waits for a long answer."""
    lease, ended = job.lease, threading.Event()
    thread = threading.Thread(
        target=_beat_until, args=(job.pk, lease, ended), name=f"pulse of job {job.pk}", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        ended.set()
        with _lock:
            _held.pop(lease, None)


def _beat_until(job_id: int, lease: str, ended: threading.Event) -> None:
    last = timezone.now() + LONGEST
    try:
        while not ended.wait(BEAT_SECONDS) and timezone.now() < last:
            try:
                SyncJob.objects.active().filter(pk=job_id, lease=lease).update(heartbeat_at=timezone.now())
            except DatabaseError:
                logger.warning("no sign of life for job %s: the database is away", job_id)
                connection.close()
    finally:
        connection.close()


def give_back_all() -> None:
    """Give back every job that this process still has in hand, for it is about to end.

    The request under way may still take effect, so the next owner waits as long as after a lost answer.
    """
    from syncing.jobs import lifecycle

    with _lock:
        held = dict(_held)
        _held.clear()
    delay = timedelta(seconds=settings.VK_SETTLE_SECONDS)
    for lease, user_id in held.items():
        try:
            given = lifecycle.release_lease(lease, delay=delay)
        except DatabaseError:
            logger.exception("a job of user %s was not given back; the sweeper will find it", user_id)
            continue
        if given:
            lifecycle.nudge(user_id, delay_seconds=delay.total_seconds())
