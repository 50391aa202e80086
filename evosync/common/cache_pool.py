"""Connections to Redis that the caches of all threads of a process share."""

from functools import lru_cache
from typing import Any

from redis import ConnectionPool


class SharedPool(ConnectionPool):
    """A pool that is made once for each address.

    Django makes a cache, and with it a pool, for every thread, and closes neither where the thread ends.
    """

    @classmethod
    def from_url(cls, url: str, **options: Any) -> "SharedPool":
        """Return the pool of this address with these options."""
        return cls._of(url, tuple(sorted(options.items())))

    @classmethod
    @lru_cache(maxsize=8)
    def _of(cls, url: str, options: tuple[tuple[str, Any], ...]) -> "SharedPool":
        return super().from_url(url, **dict(options))
