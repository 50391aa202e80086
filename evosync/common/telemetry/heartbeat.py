"""Heartbeats of workers and schedulers, kept in the cache and read by `/readyz` and the probes.

A worker beats while all its threads live; one that serves the queue of long uploads beats as `bulk`
(too). A scheduler beats whenever it has sent a periodic
message, so its heartbeat proves work and not only a process.
"""

import logging
import socket
import threading
from typing import Literal

from django.core.cache import cache
from dramatiq import Broker, Message, Middleware, Worker

from evosync.common import clock

logger = logging.getLogger(__name__)

Role = Literal["worker", "bulk", "scheduler"]

BEAT_SECONDS = 5.0
# The scheduler has something to send every minute; one missed minute is no alarm.
MAX_AGE_SECONDS: dict[Role, float] = {"worker": 30.0, "bulk": 30.0, "scheduler": 150.0}
KEEP_SECONDS = 24 * 60 * 60


def beat(role: Role) -> None:
    """Note that this host's `role` is alive now. A cache that does not answer is logged, not raised."""
    now = clock.time()
    try:
        cache.set_many({_key(role): now, _key(role, socket.gethostname()): now}, KEEP_SECONDS)
    except Exception:
        logger.warning("could not note the heartbeat of the %s", role, exc_info=True)


def age(role: Role, *, host: str = "") -> float | None:
    """Return seconds since the last beat of any host, or of `host`; None where there was none for a day.

    Raises what the cache raises when it does not answer.
    """
    seen = cache.get(_key(role, host))
    return None if seen is None else max(0.0, clock.time() - seen)


def is_alive(role: Role, *, host: str = "") -> bool:
    """Return True if the last heartbeat is young enough."""
    seconds = age(role, host=host)
    return seconds is not None and seconds <= MAX_AGE_SECONDS[role]


def _key(role: Role, host: str = "") -> str:
    return f"heartbeat:{role}:{host}" if host else f"heartbeat:{role}"


class HeartbeatMiddleware(Middleware):
    """Sends the heartbeats of Dramatiq's workers and of the scheduler."""

    def __init__(self) -> None:
        self._stopped = threading.Event()

    def after_worker_boot(self, broker: Broker, worker: Worker) -> None:
        """Beat until the worker shuts down or one of its threads dies."""
        self._stopped.clear()
        threading.Thread(target=self._beat_for, args=(worker,), name="heartbeat", daemon=True).start()

    def before_worker_shutdown(self, broker: Broker, worker: Worker) -> None:
        """Stop beating."""
        self._stopped.set()

    def after_enqueue(self, broker: Broker, message: Message[object], delay: int | None) -> None:
        """Beat for the scheduler when a periodic message goes out for the first time."""
        if "scheduled_at" in message.options and not message.options.get("retries"):
            beat("scheduler")

    def _beat_for(self, worker: Worker) -> None:
        queues = worker.consumer_whitelist or {"sync", "bulk"}
        while all(thread.is_alive() for thread in worker.workers):
            if queues - {"bulk", "slow"}:
                beat("worker")
            if "bulk" in queues:
                beat("bulk")
            if self._stopped.wait(BEAT_SECONDS):
                return
        logger.error("a worker thread has died; this worker does not report itself alive any more")
