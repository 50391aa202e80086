"""Remembers for all processes which of VK's hosts cannot be reached."""

import logging

from django.core.cache import cache

from connections.clients.vk.hosts import REMEMBER_SECONDS, LocalHostMemory

log = logging.getLogger(__name__)

# What this process itself has seen holds where the cache does not answer.
_local = LocalHostMemory()


class SharedHostMemory:
    """Keeps it in the cache; where the cache does not answer, in this process."""

    def is_unreachable(self, host: str) -> bool:
        """Return True if the host could not be reached lately."""
        try:
            return cache.get(_key(host)) is not None
        except Exception:  # noqa: BLE001 - whatever a lost Redis raises
            return _local.is_unreachable(host)

    def note_unreachable(self, host: str) -> None:
        """Remember that for a while."""
        log.warning("%s cannot be reached; the other host is asked for %s seconds.", host, REMEMBER_SECONDS)
        _local.note_unreachable(host)
        try:
            cache.set(_key(host), 1, REMEMBER_SECONDS)
        except Exception:  # noqa: BLE001 - whatever a lost Redis raises
            log.warning("Redis does not answer; this process alone remembers that %s is away.", host)


def _key(host: str) -> str:
    return f"vk-host-away:{host}"
