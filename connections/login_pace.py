"""Renews tokens so that a slow or silent login holds few threads. All hosts know of it, by the cache.

Nobody may give up a renewal that was sent: its answer has the only token that is valid from then on. So
where a login is slow, none is begun by a thread that others need.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress

from django.core.cache import cache
from redis.exceptions import RedisError

from connections.clients.errors import Transient
from connections.clients.patience import TooSlow
from connections.clients.service import Interface, Service

LOGINS = {Service.EVOTOR: Interface.EVOTOR_OAUTH, Service.VK: Interface.VK_ID}
# A renewal that took so long was slow; what was seen of a login is believed for five minutes.
RENEWAL_SECONDS, REMEMBER_SECONDS = 2.0, 300
# Of all hosts one thread in so long asks a login that did not answer.
PROBE_SECONDS = 60
SLOW, SILENT = "slow", "silent"
# Of the threads that others need in a process, one at a time waits for a login.
_turns = {service: threading.Lock() for service in Service}


@contextmanager
def renewing(service: Service, *, may_wait: bool) -> Iterator[None]:
    """Let the block renew a token, and remember for all hosts where that takes long.

    Raises TooSlow in a thread that may not wait, where the login is slow; in another Transient, where the
    login did not answer and somebody has tried it lately.
    """
    with nullcontext() if may_wait else _turn(service):
        is_probe = may_wait and _may_probe(service)
        started, seen = time.monotonic(), SLOW
        try:
            yield
        except Transient:
            seen = SILENT
            raise
        finally:
            if is_probe or time.monotonic() - started >= RENEWAL_SECONDS:
                _note(service, seen)


@contextmanager
def _turn(service: Service) -> Iterator[None]:
    """Wait a little until no other such thread of this process renews a token. Raises TooSlow."""
    _check_is_quick(service)
    if not _turns[service].acquire(timeout=RENEWAL_SECONDS):
        _note(service, SLOW)
        raise TooSlow(LOGINS[service])
    try:
        # It may have become free by an answer that took long.
        _check_is_quick(service)
        yield
    finally:
        _turns[service].release()


def _check_is_quick(service: Service) -> None:
    """Raise TooSlow where the login was slow or silent lately; without Redis, nobody knows of that."""
    with suppress(RedisError):
        if cache.get(_key(service)) is not None:
            raise TooSlow(LOGINS[service])


def _may_probe(service: Service) -> bool:
    """Return True if this thread is to find out whether a silent login answers again.

    Raises Transient where another one has begun that lately.
    """
    with suppress(RedisError):
        if cache.get(_key(service)) != SILENT:
            return False
        if cache.add(f"{_key(service)}:probe", 1, PROBE_SECONDS):
            return True
        raise Transient(service, f"{service}.timeout", "the login did not answer lately")
    return False


def _note(service: Service, seen: str) -> None:
    with suppress(RedisError):
        cache.set(_key(service), seen, REMEMBER_SECONDS)


def _key(service: Service) -> str:
    return f"login:{service}"
