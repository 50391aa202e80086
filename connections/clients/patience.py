"""How long a piece of work waits for a service before it gives its thread to others.

What is counted is waiting: requests on their way and pauses before the next one. What we do with the
answers ourselves takes a processor, and no other thread would get it sooner.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

# A thread that others need waits this long for each service: more than a shop of some hundred goods takes.
PATIENCE_SECONDS = 5.0
# What is left may be too short for an answer of a service that is well.
SHORTEST_REQUEST = 1.0


class TooSlow(Exception):
    """A service's answers took longer than this work may wait; nothing that was sent has changed anything."""

    def __init__(self, service: str) -> None:
        super().__init__(f"{service} answers slowly")
        self.service = service


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds that one request may take to connect, between two pieces of its answer, and in all."""

    connect: float
    read: float
    deadline: float


class Patience:
    """The seconds that may be waited for one service in all; without a limit they are only counted.

    Only for reading: a request that changes something is not given up.
    """

    def __init__(self, service: str, seconds: float = math.inf) -> None:
        self.service = service
        self.waited = 0.0
        self._limit = seconds

    @property
    def is_limited(self) -> bool:
        """Return True if waiting ends at some time."""
        return self._limit < math.inf

    def waive(self) -> None:
        """Wait as long as it takes from now on."""
        self._limit = math.inf

    def check(self) -> None:
        """Raise TooSlow where no time is left for another request."""
        if self.waited >= self._limit:
            raise TooSlow(self.service)

    @contextmanager
    def waiting(self, connect: float, read: float) -> Iterator[Timeouts]:
        """Count the time of a request; yield its timeouts, no longer than `connect` and `read`."""
        left = max(SHORTEST_REQUEST, self._limit - self.waited)
        started = time.monotonic()
        try:
            yield Timeouts(min(connect, left), min(read, left), min(connect + read, left))
        finally:
            self.waited += time.monotonic() - started

    def sleeping_by(self, sleep: Callable[[float], None]) -> Callable[[float], None]:
        """Return a sleep that is counted too. It raises TooSlow at once where the time left is shorter."""

        def patient_sleep(seconds: float) -> None:
            if self.waited + seconds > self._limit:
                raise TooSlow(self.service)
            self.waited += seconds
            sleep(seconds)

        return patient_sleep
