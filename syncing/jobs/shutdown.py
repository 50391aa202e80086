"""Graceful shutdown: runs check here before each request and release their job.

A worker that gets SIGTERM ends within 30 seconds. Runs stop between two requests; where a request
takes longer, the job is released all the same, and the next owner looks at VK before it writes.
"""

import threading
import time

import dramatiq

WAKE_SECONDS = 0.5

_requested = threading.Event()


def is_requested() -> bool:
    """Return True if the process is about to end."""
    return _requested.is_set()


def request() -> None:
    """Tell every run of this process to stop before its next request."""
    _requested.set()


def reset() -> None:
    """Let runs go on: a worker starts in this process."""
    _requested.clear()


def sleep(seconds: float) -> None:
    """Sleep, but wake up when the process is to end."""
    while seconds > 0 and not is_requested():
        time.sleep(min(seconds, WAKE_SECONDS))
        seconds -= WAKE_SECONDS


class StopRunsMiddleware(dramatiq.Middleware):
    """Stops runs when their worker shuts down, and releases the jobs of those that do not stop in time.

    A process may have several workers that stop together: jobs are released when the last one has stopped.
    """

    def __init__(self) -> None:
        self._workers: set[dramatiq.Worker] = set()

    def before_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Let runs go on, also after an earlier worker of this process has ended."""
        reset()
        self._workers.add(worker)

    def before_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Ask the runs to stop; Dramatiq then waits for them."""
        request()

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Release the jobs of runs that still wait for an answer: their threads end with the process."""
        self._workers.discard(worker)
        if self._workers:
            return
        # The broker loads its middleware before Django's models are ready.
        from syncing.jobs import lifecycle

        lifecycle.release_registered()
