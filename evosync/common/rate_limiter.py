"""The pace of our requests, shared by every process that speaks with the same token.

VK counts requests per user token, while a web process, a worker and the health check may all use
that token at once. With Redis they book their turns in one place; without it there is one process.
"""

import hashlib
import logging
import threading
import time
from functools import lru_cache

import redis
from django.conf import settings

log = logging.getLogger(__name__)

# A little slower than the limit: two requests sent at the right distance may arrive closer together.
MARGIN = 1.03
# Seconds in which nobody uses a token of which the service has said "too fast".
PAUSE = 1.0

# Books the next free moment for KEYS[1], keeps ARGV[1] ms after it free, and returns the wait in ms.
BOOK_TURN = """
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local turn = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
redis.call('SET', KEYS[1], turn + tonumber(ARGV[1]), 'PX', turn - now + 60000)
return turn - now
"""


class _Turns:
    """The turns of one key inside this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next = 0.0

    def book(self, interval: float) -> float:
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next)
            self._next = turn + interval
            return turn - now


@lru_cache(maxsize=4096)
def _turns(_key: str) -> _Turns:
    return _Turns()


@lru_cache(maxsize=2)
def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)


class SharedPacer:
    """Lets `per_second` callers a second through, counted over all processes; 0 lets everybody through."""

    def __init__(self, key: str, per_second: float) -> None:
        self.key = key
        self.interval = MARGIN / per_second if per_second > 0 else 0.0

    def wait(self) -> None:
        """Sleep until it is this caller's turn."""
        if self.interval:
            time.sleep(self._book(self.interval))

    def slow_down(self) -> None:
        """Keep the next second free: somebody else may use the token too, so VK's count is above ours."""
        if self.interval:
            self._book(PAUSE)

    def _book(self, seconds: float) -> float:
        """Take the next free turn with so many seconds after it; return how far away the turn is."""
        if settings.REDIS_URL:
            try:
                script = _redis(settings.REDIS_URL)
                return float(script.eval(BOOK_TURN, 1, f"pace:{self.key}", round(seconds * 1000))) / 1000
            except redis.RedisError:
                # A slower or a faster minute is better than none: VK itself answers 6 when we overdo it.
                log.warning("Redis does not keep the pace of %s; this process keeps its own.", self.key)
        return _turns(self.key).book(seconds)


def vk_pacer(token: str) -> SharedPacer:
    """Return the pacer of this VK token. The token itself does not leave: its hash is the key."""
    fingerprint = hashlib.sha256(token.encode()).hexdigest()[:24]
    return SharedPacer(f"vk:{fingerprint}", settings.VK_REQUESTS_PER_SECOND)
