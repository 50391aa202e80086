"""Settings of one host of `bench.hosts`: a name and a clock of its own, and a death that is noticed sooner.

BENCH_HOST is the name; BENCH_CLOCK says by how many seconds the host's clock is wrong.
"""

import os
import socket
import time
from datetime import datetime, timedelta, timezone

from django.apps import AppConfig
from django.utils import timezone as django_timezone

WRONG = float(os.environ["BENCH_CLOCK"])
_right = time.time
time.time = lambda: _right() + WRONG
django_timezone.now = lambda: datetime.now(timezone.utc) + timedelta(seconds=WRONG)  # noqa: UP017 - not Django's
socket.gethostname = lambda: os.environ["BENCH_HOST"]

from evosync.settings import *  # noqa: E402, F403 - the clock is wrong before anything looks at it
from evosync.settings import INSTALLED_APPS as THEIRS  # noqa: E402

DEAD_AFTER, BEAT_SECONDS = timedelta(seconds=30), 5.0
INSTALLED_APPS = [*THEIRS, "bench.host.OneHost"]


class OneHost(AppConfig):
    """Divides the times of a death by four, so that the bench need not wait for minutes."""

    name = "bench"

    def ready(self) -> None:
        """Shorten them."""
        from syncing.jobs import heartbeat, lifecycle

        lifecycle.DEAD_AFTER, heartbeat.BEAT_SECONDS = DEAD_AFTER, BEAT_SECONDS
