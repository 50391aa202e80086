"""How long a piece of work waits for a service before it gives its thread to others.

What is counted is waiting: requests on their way and pauses before the next one. What we do with the
answers ourselves takes a processor, and no other thread would get it sooner.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from connections.clients.service import Service

# A thread that others need waits this long for each service: more than a shop of some hundred goods takes.
PATIENCE_SECONDS = 5.0
# Of these so long for the first answer, where it is a short one: it tells whether the service is well. VK's
# may be a thousand items.
FIRST_ANSWER_SECONDS = {Service.EVOTOR: 2.0}
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

    Only for reading: a request that changes something is not given up. The first answer has less time than
    the whole where FIRST_ANSWER_SECONDS names the service, or has `first_seconds`.
    """

    def __init__(
        self, service: Service, seconds: float = math.inf, *, first_seconds: float | None = None
    ) -> None:
        self.service = service
        self.waited = 0.0
        self._seconds = seconds
        self._first_seconds = (
            FIRST_ANSWER_SECONDS.get(service, math.inf) if first_seconds is None else first_seconds
        )
        # What had been waited when the first good answer came.
        self._first_after: float | None = None

    @property
    def is_limited(self) -> bool:
        """Return True if waiting ends at some time."""
        return self._seconds < math.inf

    @property
    def is_slow(self) -> bool:
        """Return True if a thread that others need would have given up, whether or not this one did."""
        first = self.waited if self._first_after is None else self._first_after
        return self.waited >= PATIENCE_SECONDS or first >= self._first_seconds

    @property
    def _limit(self) -> float:
        is_first = self.is_limited and self._first_after is None
        return min(self._seconds, self._first_seconds) if is_first else self._seconds

    def waive(self) -> None:
        """Wait as long as it takes from now on."""
        self._seconds = math.inf

    def check(self) -> None:
        """Raise TooSlow where no time is left for another request."""
        if self.waited >= self._limit:
            raise TooSlow(self.service)

    @contextmanager
    def waiting(self, connect: float, read: float) -> Iterator[Timeouts]:
        """Count the time of a request; yield its timeouts, no longer than `connect` and `read`.

        An error inside the block says that no good answer came.
        """
        left = max(SHORTEST_REQUEST, self._limit - self.waited)
        started = time.monotonic()
        try:
            yield Timeouts(min(connect, left), min(read, left), min(connect + read, left))
        except BaseException:
            self.waited += time.monotonic() - started
            raise
        self.waited += time.monotonic() - started
        if self._first_after is None:
            self._first_after = self.waited

    def sleeping_by(self, sleep: Callable[[float], None]) -> Callable[[float], None]:
        """Return a sleep that is counted too. It raises TooSlow at once where the time left is shorter."""

        def patient_sleep(seconds: float) -> None:
            if self.waited + seconds > self._limit:
                raise TooSlow(self.service)
            self.waited += seconds
            sleep(seconds)

        return patient_sleep
