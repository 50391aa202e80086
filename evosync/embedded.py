"""Workers and schedule inside the one process, for an installation without Redis.

The same actors run on Dramatiq's in-memory broker. What is lost with the process is only messages:
job rows survive, and the sweeper takes them up again after a restart.
"""

import atexit
import logging
import threading
import time
from functools import lru_cache

import dramatiq
import pendulum
from django.conf import settings
from django.utils.module_loading import autodiscover_modules
from dramatiq import Worker

logger = logging.getLogger(__name__)

# Long uploads have threads of their own, so that a price change never waits behind them.
THREADS = {("sync", "health", "default"): 4, ("bulk",): 2}
STOP_MS = 20_000

_workers: list[Worker] = []


@lru_cache(maxsize=1)
def start() -> None:
    """Start the workers and the schedule once in this process, where settings say embedded."""
    if not settings.EMBEDDED:
        return
    # Services enqueue by an actor's name, so nothing else may have imported the actors.
    autodiscover_modules(*settings.DRAMATIQ_AUTODISCOVER_MODULES)
    _workers.extend(_start_worker(set(queues), threads) for queues, threads in THREADS.items())
    atexit.register(stop)
    threading.Thread(target=_schedule_forever, name="schedule", daemon=True).start()


def _start_worker(queues: set[str], threads: int) -> Worker:
    worker = Worker(dramatiq.get_broker(), queues=queues, worker_threads=threads, worker_timeout=100)
    worker.start()
    return worker


def stop() -> None:
    """Let runs give their jobs back before the process ends, or before what they speak with does."""
    while _workers:
        _workers.pop().stop(timeout=STOP_MS // len(THREADS))


def _schedule_forever() -> None:
    """Send each periodic actor's message in the minutes that its cron line names."""
    while True:
        now = pendulum.now()
        for actor in dramatiq.get_broker().actors.values():
            line = actor.options.get("periodic")
            if line is not None and line.validate(now):
                try:
                    actor.send_with_options(scheduled_at=str(now))
                except Exception:
                    logger.exception("could not schedule %s", actor.actor_name)
        time.sleep(60 - pendulum.now().second)
