"""The time that all hosts agree on: Redis' where there is one, else this host's own.

What one host writes another one compares: leases, heartbeats, "not before", a recent login. Hosts whose
clocks are apart would take the living for dead, or wait for the dead, so each adds what its clock lacks.
"""

import logging
import threading
import time as host
from datetime import datetime, timedelta
from functools import lru_cache

import redis
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

logger = logging.getLogger(__name__)

# A clock that is set right is found out so soon.
MEASURE_EVERY = 20.0
# Hosts that keep their clocks in step are left alone.
TOLERANCE = 0.5
TIMEOUT = 1.0
# What was written lately may be dated so much later, while a clock is set right.
CLOCKS_DIFFER = timedelta(minutes=2)


class _Offset:
    """The seconds that this host's clock is behind Redis', as last measured."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seconds = 0.0
        self._until = 0.0

    def seconds(self, url: str) -> float:
        """Return them; without an answer of Redis the last ones still hold."""
        if host.monotonic() < self._until or not self._lock.acquire(blocking=self._until == 0.0):
            return self._seconds
        try:
            if host.monotonic() >= self._until:
                self._measure(url)
                self._until = host.monotonic() + MEASURE_EVERY
            return self._seconds
        finally:
            self._lock.release()

    def _measure(self, url: str) -> None:
        began = host.time()
        try:
            seconds, micros = _redis(url).time()
        except redis.RedisError:
            logger.warning("Redis does not tell the time; this host's clock is taken as before")
            return
        ended = host.time()
        behind = seconds + micros / 1_000_000 - (began + ended) / 2
        # An answer that took long tells the time no better than this.
        doubt = (ended - began) / 2
        behind = behind if abs(behind) > TOLERANCE + doubt else 0.0
        if abs(behind - self._seconds) > TOLERANCE:
            logger.warning("this host's clock is %.1f s behind Redis'", behind)
            self._seconds = behind


_offset = _Offset()


@lru_cache(maxsize=2)
def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)


def behind() -> float:
    """Return the seconds to add to this host's clock; 0 where it is right or there is no Redis."""
    return _offset.seconds(settings.REDIS_URL) if settings.REDIS_URL else 0.0


def now() -> datetime:
    """Return the time that all hosts agree on."""
    return timezone.now() + timedelta(seconds=behind())


def time() -> float:
    """Return the Unix time that all hosts agree on."""
    return host.time() + behind()


def is_before(until: datetime | None, now: datetime, *, longest: timedelta) -> bool:
    """Return True if `now` is before `until`, which is written at most `longest` ahead.

    What lies farther ahead was written by a clock that was wrong, and counts as over.
    """
    return until is not None and now < until <= now + longest + CLOCKS_DIFFER


def is_past(moment: datetime, now: datetime) -> bool:
    """Return True if a moment is not to come yet; one that is, and is told as past, is of a wrong clock."""
    return moment <= now + CLOCKS_DIFFER


def before(column: str, now: datetime, *, longest: timedelta) -> Q:
    """Return the condition that `is_before` holds for a column."""
    return Q(**{f"{column}__gt": now, f"{column}__lte": now + longest + CLOCKS_DIFFER})


def reached(column: str, now: datetime, *, longest: timedelta) -> Q:
    """Return the condition that a column's moment has come, or was written by a clock that was wrong."""
    return Q(**{f"{column}__lte": now}) | Q(**{f"{column}__gt": now + longest + CLOCKS_DIFFER})


def since(column: str, moment: datetime, now: datetime) -> Q:
    """Return the condition that a column tells of something after `moment`, and of nothing yet to come."""
    return Q(**{f"{column}__gt": moment, f"{column}__lte": now + CLOCKS_DIFFER})
