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

# A little more than a second: requests that are sent at the right distance may arrive closer together.
SECOND = 1.03
# Seconds without requests after the service has answered "too fast".
PAUSE = 1.0
# So many windows ahead may be reserved, which is a wait of a minute; what lies farther in the future was
# reserved before Redis' clock was set back, and nobody waits for it.
FARTHEST = 60

# Reserves the next free slot of KEYS[1] and returns the wait in ms; at most ARGV[1] lie within ARGV[2] ms,
# and none farther ahead than ARGV[3] ms.
RESERVE_SLOT = """
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local slots = redis.call('LRANGE', KEYS[1], 0, -1)
if tonumber(slots[#slots] or '0') > now + tonumber(ARGV[3]) then
  redis.call('DEL', KEYS[1])
  slots = {}
end
local turn = math.max(now, tonumber(slots[#slots] or '0'))
if #slots >= tonumber(ARGV[1]) then
  turn = math.max(turn, tonumber(slots[1]) + tonumber(ARGV[2]))
end
redis.call('RPUSH', KEYS[1], turn)
redis.call('LTRIM', KEYS[1], -tonumber(ARGV[1]), -1)
redis.call('PEXPIRE', KEYS[1], turn - now + 60000)
return turn - now
"""
# Keeps ARGV[4] ms after the last reserved slot free; the slots behind them come evenly.
PAUSE_SLOTS = """
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local last = tonumber(redis.call('LINDEX', KEYS[1], -1) or '0')
if last < now or last > now + tonumber(ARGV[3]) then last = now end
local begin = last + tonumber(ARGV[4])
redis.call('DEL', KEYS[1])
for n = 0, ARGV[1] - 1 do
  redis.call('RPUSH', KEYS[1], begin + math.floor((n / ARGV[1] - 1) * ARGV[2]))
end
redis.call('PEXPIRE', KEYS[1], begin - now + 60000)
"""


class _LocalSlots:
    """The slots of one key inside this process: of the last ones the times, in seconds, the first first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._slots: list[float] = []

    def reserve(self, number: int, window: float) -> float:
        """Reserve the next free slot, of which at most `number` lie within `window`; return the wait."""
        with self._lock:
            now = time.monotonic()
            turn = max([now, *self._slots[-1:]])
            if len(self._slots) >= number:
                turn = max(turn, self._slots[-number] + window)
            self._slots = [*self._slots, turn][-number:]
            return turn - now

    def pause(self, number: int, window: float, seconds: float) -> None:
        """Keep some seconds after the last reserved slot free; the slots behind them come evenly."""
        with self._lock:
            begin = max([time.monotonic(), *self._slots[-1:]]) + seconds
            self._slots = [begin + (n / number - 1) * window for n in range(number)]


@lru_cache(maxsize=4096)
def _local_slots(_key: str) -> _LocalSlots:
    return _LocalSlots()


@lru_cache(maxsize=2)
def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)


class RateLimiter:
    """Allows `per_second` requests in any second over all processes; 0 sets no limit.

    Within the second they may come as they like: a request that an answer has kept waiting is followed by
    the next ones at once, so that none of the second is lost.
    """

    def __init__(self, key: str, per_second: float) -> None:
        self.key = key
        self._number = max(1, int(per_second))
        # Less than one a second is one in so many; of a fraction above one nothing is used.
        self._window = SECOND / min(per_second, 1) if per_second > 0 else 0.0

    def wait(self) -> None:
        """Sleep until the next free slot."""
        if self._window:
            time.sleep(self._reserve())

    def slow_down(self) -> None:
        """Keep the next second free: another program may use the token too, so VK's count is above ours."""
        if self._window and self._asked_of_redis(PAUSE_SLOTS, PAUSE) is None:
            _local_slots(self.key).pause(self._number, self._window, PAUSE)

    def _reserve(self) -> float:
        """Reserve the next free slot; return the seconds until then."""
        waits = self._asked_of_redis(RESERVE_SLOT)
        return _local_slots(self.key).reserve(self._number, self._window) if waits is None else waits

    def _asked_of_redis(self, script: str, *seconds: float) -> float | None:
        """Return the seconds that a script answers with, or None where no Redis does."""
        if not settings.REDIS_URL:
            return None
        milliseconds = [round(1000 * one) for one in (self._window, FARTHEST * self._window, *seconds)]
        try:
            server = _redis(settings.REDIS_URL)
            answer = server.eval(script, 1, f"slots:{self.key}", self._number, *milliseconds)
        except redis.RedisError:
            # VK itself answers 6 when we exceed the limit, so a local limit is enough for a while.
            log.warning("Redis does not answer; this process limits %s on its own.", self.key)
            return None
        return float(answer or 0) / 1000


def vk_rate_limiter(token: str) -> RateLimiter:
    """Return the rate limiter of this VK token. Redis sees the token's hash only."""
    fingerprint = hashlib.sha256(token.encode()).hexdigest()[:24]
    return RateLimiter(f"vk:{fingerprint}", settings.VK_REQUESTS_PER_SECOND)
