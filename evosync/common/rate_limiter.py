"""Rate limit of our requests, shared by all processes that use the same token.

VK counts requests per user token, while a web process, a worker and the health check may all use
that token at once. With Redis they reserve their slots in one place; without it there is one process.
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
# Seconds without requests after the service has answered "too fast".
PAUSE = 1.0

# Reserves the next free slot of KEYS[1], keeps ARGV[1] ms after it free, and returns the wait in ms.
RESERVE_SLOT = """
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local turn = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
redis.call('SET', KEYS[1], turn + tonumber(ARGV[1]), 'PX', turn - now + 60000)
return turn - now
"""


class _LocalSlots:
    """The slots of one key inside this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next = 0.0

    def reserve(self, interval: float) -> float:
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next)
            self._next = turn + interval
            return turn - now


@lru_cache(maxsize=4096)
def _local_slots(_key: str) -> _LocalSlots:
    return _LocalSlots()


@lru_cache(maxsize=2)
def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)


class RateLimiter:
    """Allows `per_second` requests a second over all processes; 0 sets no limit."""

    def __init__(self, key: str, per_second: float) -> None:
        self.key = key
        self.interval = MARGIN / per_second if per_second > 0 else 0.0

    def wait(self) -> None:
        """Sleep until the next free slot."""
        if self.interval:
            time.sleep(self._reserve(self.interval))

    def slow_down(self) -> None:
        """Keep the next second free: another program may use the token too, so VK's count is above ours."""
        if self.interval:
            self._reserve(PAUSE)

    def _reserve(self, seconds: float) -> float:
        """Reserve the next slot and the given seconds after it; return the seconds until the slot."""
        if settings.REDIS_URL:
            try:
                script = _redis(settings.REDIS_URL)
                return float(script.eval(RESERVE_SLOT, 1, f"pace:{self.key}", round(seconds * 1000))) / 1000
            except redis.RedisError:
                # VK itself answers 6 when we exceed the limit, so a local limit is enough for a while.
                log.warning("Redis does not answer; this process limits %s on its own.", self.key)
        return _local_slots(self.key).reserve(seconds)


def vk_rate_limiter(token: str) -> RateLimiter:
    """Return the rate limiter of this VK token. Redis sees the token's hash only."""
    fingerprint = hashlib.sha256(token.encode()).hexdigest()[:24]
    return RateLimiter(f"vk:{fingerprint}", settings.VK_REQUESTS_PER_SECOND)
