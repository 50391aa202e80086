"""Threads of their own for work that waits for slow services, inside each process that serves `sync`.

Waiting takes no processor, so it needs no process of its own, only threads that nobody else needs.
"""

import logging
import threading

from dramatiq import Broker, Middleware, Worker

QUEUE = "slow"
# Each waits for one till or community; a process has four threads for everybody else's.
THREADS = 8
STOP_MS = 20_000


class SlowQueueMiddleware(Middleware):
    """Starts and stops a second worker, for the queue of slow services, with the one that serves `sync`."""

    def __init__(self) -> None:
        self._workers: dict[Worker, Worker] = {}
        self._stopping: dict[Worker, threading.Thread] = {}

    def after_worker_boot(self, broker: Broker, worker: Worker) -> None:
        """Start the second worker, unless this one has been told to serve that queue itself."""
        queues = worker.consumer_whitelist or {QUEUE}
        if "sync" in queues and QUEUE not in queues:
            slow = self._workers[worker] = Worker(broker, queues={QUEUE}, worker_threads=THREADS)
            # Those that wait count as fetched: with the few of the other queues most threads would be idle.
            slow.queue_prefetch = THREADS
            broker.logger.addFilter(_is_no_second_worker)
            slow.start()

    def before_worker_shutdown(self, broker: Broker, worker: Worker) -> None:
        """Stop it at the same time, so that both have as long for their last request."""
        slow = self._workers.pop(worker, None)
        if slow is not None:
            thread = threading.Thread(target=slow.stop, args=(STOP_MS,), name="stop of slow worker")
            self._stopping[worker] = thread
            thread.start()

    def after_worker_shutdown(self, broker: Broker, worker: Worker) -> None:
        """Wait until it has stopped."""
        if thread := self._stopping.pop(worker, None):
            thread.join()


def _is_no_second_worker(record: logging.LogRecord) -> bool:
    """Return False for Dramatiq's warning of a second worker, which is no news at each start."""
    return "a middleware of the same type twice" not in record.getMessage()
