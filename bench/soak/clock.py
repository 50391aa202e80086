"""The time that a soak lives by."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from unittest.mock import patch

from django.utils import timezone


class Clock:
    """Simulated time: pauses pass at once."""

    def __init__(self) -> None:
        self.seconds = datetime(2027, 3, 1, 8, tzinfo=UTC).timestamp()

    def time(self) -> float:
        """Return the Unix time."""
        return self.seconds

    def now(self) -> datetime:
        """Return the time as Django does."""
        return datetime.fromtimestamp(self.seconds, UTC)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += max(0.0, seconds)


@contextmanager
def simulated(clock: Clock) -> Iterator[None]:
    """Let the product live by this clock, and draw one picture for all goods."""
    from catalog.photos.placeholders import placeholder
    from connections import client_factory
    from connections.clients.evotor.client import EvotorClient
    from connections.clients.http import NoRateLimiter
    from connections.clients.vk.client import VkClient
    from syncing.services import planning

    picture = placeholder("Кружка", "Посуда")
    with ExitStack() as stack:
        for target, name, value in (
            (planning, "placeholder", lambda *_: picture),
            (client_factory, "vk_rate_limiter", lambda token: NoRateLimiter()),
            (timezone, "now", clock.now),
            (time, "sleep", clock.sleep),
        ):
            stack.enter_context(patch.object(target, name, value))
        for client in (VkClient, EvotorClient):
            stack.enter_context(patch.dict(client.__init__.__kwdefaults__ or {}, sleep=clock.sleep))
        yield
