"""How many requests Evotor still takes of each path, and until when, as its answers say."""

import math
from collections.abc import Callable

import requests

from connections.clients.error_catalog import EvotorError
from connections.clients.errors import RateLimited
from connections.clients.service import Service

EPOCH_IF_ABOVE = 1e9
# The last requests of a window, so many or a tenth of a small one, are spread over the rest of it.
FEW_LEFT = 5
# Ends of windows are told in whole seconds, rounded either way.
ROUNDED = 1.0
# Between the last requests of a window whose end is not told.
BLIND_PAUSE = 1.0


class RequestWindows:
    """Spreads the last requests of each path's window over it, and sends none beyond it."""

    def __init__(
        self, *, longest_pause: float, sleep: Callable[[float], None], clock: Callable[[], float]
    ) -> None:
        self._longest_pause, self._sleep, self._clock = longest_pause, sleep, clock
        # When the window of each path ends, by the clock: a 429 itself need not say it.
        self._resets: dict[str, float] = {}
        # How many requests each path has left in its window, once that is few.
        self._few_left: dict[str, int] = {}

    def reset_in(self, path: str, response: requests.Response) -> float | None:
        """Return the seconds until the limit is reset, as this answer or an earlier one of the path says."""
        self.note(path, response)
        reset = self._resets.get(path)
        # A window that has ended already says nothing of the next one.
        return None if reset is None or reset < self._clock() else reset - self._clock()

    def keep_pace(self, path: str) -> None:
        """Wait before one of the last requests of a path's window. Raises RateLimited where none is left."""
        left = self._few_left.get(path)
        if left is None:
            return
        reset, now = self._resets.get(path), self._clock()
        if reset is not None and reset + ROUNDED <= now:
            # A new window has begun; its first answer says what it holds.
            del self._few_left[path]
            return
        pause = BLIND_PAUSE if reset is None else (reset + ROUNDED - now) / (left + 1)
        if left == 0 and pause > self._longest_pause:
            text = "no request is left in this window"
            raise RateLimited(
                Service.EVOTOR, EvotorError.TOO_MANY_REQUESTS, text, method=path, retry_after=pause
            )
        self._sleep(min(pause, self._longest_pause))

    def note(self, path: str, response: requests.Response) -> None:
        """Remember what the path's window has left and when it ends, in seconds or as an epoch."""
        headers = response.headers
        value = _number(headers.get("Retry-After") or headers.get("X-RateLimit-Reset"))
        if value is not None:
            self._resets[path] = value if value > EPOCH_IF_ABOVE else self._clock() + max(0.0, value)
        left, limit = (_number(headers.get(f"X-RateLimit-{name}")) for name in ("Remaining", "Limit"))
        few = FEW_LEFT if limit is None else min(FEW_LEFT, limit // 10)
        if left is not None and left <= few:
            self._few_left[path] = max(0, int(left))
        else:
            self._few_left.pop(path, None)


def _number(text: str | None) -> float | None:
    """Read a header's number; what is none says nothing."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None
