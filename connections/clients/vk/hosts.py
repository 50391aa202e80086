"""The hosts of VK's API: the first, and one that is asked only while the first cannot be reached.

A request goes to another host only if nothing of it was sent (`Unreachable`), so no write reaches both.
"""

import threading
import time
from collections.abc import Callable
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from connections.clients.errors import Unreachable

R = TypeVar("R")

# VK's own domains: its API is in them, and so is what its answers name for pictures.
VK_DOMAINS = (".vk.com", ".vk.ru", ".userapi.com", ".vkuser.net", ".vkuserphoto.ru")

# So long the fallback is asked first, so that not every request waits for the dead host's timeout.
REMEMBER_SECONDS = 300


class HostMemory(Protocol):
    """Remembers that a host could not be reached."""

    def is_unreachable(self, host: str) -> bool:
        """Return True if the host could not be reached lately."""

    def note_unreachable(self, host: str) -> None:
        """Remember that for a while."""


class LocalHostMemory:
    """Remembers within this process."""

    def __init__(
        self, seconds: float = REMEMBER_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds, self._clock = seconds, clock
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def is_unreachable(self, host: str) -> bool:
        """Return True if the host could not be reached lately."""
        with self._lock:
            return self._until.get(host, 0.0) > self._clock()

    def note_unreachable(self, host: str) -> None:
        """Remember that for a while."""
        with self._lock:
            self._until[host] = self._clock() + self._seconds


class ApiHosts:
    """Where VK's API is. Addresses are scheme and host; `ca_bundle` is trusted for these hosts alone."""

    def __init__(
        self, first: str, fallback: str = "", *, ca_bundle: str = "", memory: HostMemory | None = None
    ) -> None:
        first, fallback = first.rstrip("/"), fallback.rstrip("/")
        self.urls = (first, fallback) if fallback and fallback != first else (first,)
        self._ca_bundle = ca_bundle
        self._memory = memory or LocalHostMemory()
        self._addresses = {_address(url) for url in self.urls}

    def __repr__(self) -> str:
        return " or ".join(self.urls)

    def verify(self, url: str) -> bool | str:
        """Return what Requests is to trust for this address: the bundle, or the usual authorities."""
        return self._ca_bundle if self._ca_bundle and _address(url) in self._addresses else True

    def ask(self, send: Callable[[str], R]) -> R:
        """Return what `send` returns for the host that can be reached. Raises ClientError."""
        *others, last = self._in_order()
        for url in others:
            try:
                return send(url)
            except Unreachable:
                self._memory.note_unreachable(url)
        return send(last)

    def _in_order(self) -> list[str]:
        if len(self.urls) > 1 and self._memory.is_unreachable(self.urls[0]):
            return [self.urls[1], self.urls[0]]
        return list(self.urls)


def _address(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme)
