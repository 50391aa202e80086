"""A worker process that kills itself at a numbered step: each commit and each HTTP call, before and after.

`python -m tests.integration.workers.stepping` loads EvoSync once and then forks a fresh worker for every
line of JSON on its input: `{"kill_at": 17, "users": [5], "threads": 1}`. The fork serves all queues with
Dramatiq's own Worker until none of these merchants has an unfinished job, or until the step. The answer is
one line: `{"killed": true, "finished": false, "steps": ["before commit", …]}`.
"""

import gc
import io
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, cast

PATIENCE_SECONDS = 120.0
CHANGES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class Steps:
    """Counts steps over all threads; at number `kill_at` the process is gone. 0 lets it live."""

    def __init__(self, kill_at: int, pipe: int) -> None:
        self.kill_at, self.pipe = kill_at, pipe
        self.passed: list[str] = []
        self.lock = threading.Lock()

    def pass_by(self, what: str) -> None:
        """Count one more step."""
        with self.lock:
            self.passed.append(what)
            if len(self.passed) == self.kill_at:
                self.report(killed=True, finished=False)
                os.kill(os.getpid(), signal.SIGKILL)

    def report(self, *, killed: bool, finished: bool) -> None:
        """Tell the parent where this process ends."""
        line = json.dumps({"killed": killed, "finished": finished, "steps": self.passed})
        os.write(self.pipe, line.encode() + b"\n")

    def around(self, what: str, act: Callable[[], Any]) -> Any:
        """Do something between two steps."""
        self.pass_by(f"before {what}")
        result = act()
        self.pass_by(f"after {what}")
        return result


def count_steps(steps: Steps) -> None:
    """Put a step before and after everything that others can see: commits and HTTP calls."""
    import requests
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.signals import connection_created

    database, http = cast(Any, BaseDatabaseWrapper), cast(Any, requests.adapters.HTTPAdapter)
    commit, send = database._commit, http.send

    def counted_commit(self: Any) -> Any:
        return steps.around("commit", lambda: commit(self))

    def counted_send(self: Any, request: Any, **options: Any) -> Any:
        words = request.url.split("?")[0].split("/")[3:]
        # Every shop has other ids; the kind of the step is the same.
        path = "/".join("…" if any(map(str.isdigit, word)) else word for word in words)
        return steps.around(f"{request.method} {path}", lambda: send(self, request, **options))

    def counted_statement(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        changes = sql.lstrip().upper().startswith(CHANGES)
        if not changes or context["connection"].in_atomic_block:
            return execute(sql, params, many, context)
        # Outside a transaction every statement is its own commit.
        what = "commit of " + " ".join(sql.replace("`", "").split()[:3])
        return steps.around(what, lambda: execute(sql, params, many, context))

    def watch(connection: Any, **_more: Any) -> None:
        connection.execute_wrappers.append(counted_statement)

    database._commit, http.send = counted_commit, counted_send
    connection_created.connect(watch, weak=False)


def work(kill_at: int, users: list[int], threads: int, pipe: int) -> None:
    """Be a worker until the step, or until these merchants' jobs are done."""
    import dramatiq
    from django.db import connection
    from dramatiq import Worker

    from syncing.models import SyncJob

    broker = dramatiq.get_broker()
    broker.broker_id = f"{os.getpid()}-{time.monotonic_ns()}"  # type: ignore[attr-defined]
    steps = Steps(kill_at, pipe)
    count_steps(steps)
    # An empty queue is asked about twice a second; asking all of them more often took a fifth of the time.
    worker = Worker(broker, worker_threads=threads, worker_timeout=400)
    worker.start()
    deadline = time.monotonic() + PATIENCE_SECONDS + 3 * len(users)
    while SyncJob.objects.active().filter(user_id__in=users).exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    connection.close()
    worker.stop(timeout=10_000)
    steps.report(killed=False, finished=time.monotonic() < deadline)


def fork_worker(order: dict[str, Any]) -> str:
    """Fork one worker, wait for its end and return what it said last."""
    mine, its = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(mine)
        try:
            work(order["kill_at"], order["users"], order["threads"], its)
        finally:
            os._exit(0)
    os.close(its)
    with os.fdopen(mine) as said:
        answer = said.read()
    os.waitpid(child, 0)
    return answer


def main() -> None:
    """Load everything, then fork a worker per line."""
    import django
    from django.utils.module_loading import autodiscover_modules
    from PIL import Image

    django.setup()
    autodiscover_modules("tasks")
    from syncing.services import planning

    # Drawing sixty pictures takes longer than everything else together, and is no step.
    small = io.BytesIO()
    Image.new("RGB", (400, 400), "white").save(small, "JPEG")
    planning.placeholder = lambda *_: small.getvalue()  # type: ignore[attr-defined]
    # A fork that collects garbage would copy all this memory.
    gc.freeze()
    for line in sys.stdin:
        sys.stdout.write(fork_worker(json.loads(line)))
        sys.stdout.flush()


if __name__ == "__main__":
    main()
