"""Whether this process is to end: runs look here before each request and give their job back.

A worker that gets SIGTERM ends within 30 seconds. Runs stop between two requests; a run whose
request takes longer loses its job to whoever comes next, who looks at VK before he writes.
"""

import threading
import time

import dramatiq

WAKE_SECONDS = 0.5

_asked = threading.Event()


def is_asked() -> bool:
    """Say whether the process is about to end."""
    return _asked.is_set()


def ask() -> None:
    """Tell every run of this process to stop before its next request."""
    _asked.set()


def forget() -> None:
    """Let runs go on: a worker starts in this process."""
    _asked.clear()


def rest(seconds: float) -> None:
    """Sleep, but wake up when the process is to end."""
    while seconds > 0 and not is_asked():
        time.sleep(min(seconds, WAKE_SECONDS))
        seconds -= WAKE_SECONDS


class StopRunsMiddleware(dramatiq.Middleware):
    """Stops runs when their worker shuts down, and gives back what did not stop in time."""

    def before_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Let runs go on, also after an earlier worker of this process has ended."""
        forget()

    def before_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Ask the runs to stop; Dramatiq then waits for them."""
        ask()

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Give back the jobs of runs that still wait for an answer: their threads end with the process."""
        from syncing.jobs import heartbeat

        heartbeat.give_back_all()
