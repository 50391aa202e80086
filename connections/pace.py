"""Remembers where a service is slow: over which connection, or at its login. Such work waits elsewhere."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime

from django.core.cache import cache
from redis.exceptions import RedisError

from connections.clients.patience import Patience, TooSlow
from connections.clients.service import Interface, Service
from connections.models.connection import SLOW_FOR
from connections.status import AnyConnection, service_of
from evosync.common import clock

LOGINS = {Service.EVOTOR: Interface.EVOTOR_OAUTH, Service.VK: Interface.VK_ID}
# A login that took this long for new tokens is slow; the threads that others need of all hosts leave it to
# those of the queue `slow` for so long.
RENEWAL_SECONDS, LOGIN_SLOW_FOR = 2.0, 300
# Of the threads that others need in a process, one at a time waits for a login.
_turns = {service: threading.Lock() for service in Service}


@contextmanager
def reading(
    connection: AnyConnection, patience_seconds: float, *, is_whole: bool = True
) -> Iterator[Patience]:
    """Yield the patience of one reading over this connection, and remember how long the service took.

    One that is not `is_whole` cannot tell that the service is quick again. Raises TooSlow where it has been
    slow lately and this thread may not wait for it.
    """
    patience = Patience(service_of(connection), patience_seconds)
    if patience.is_limited and connection.is_slow(clock.now()):
        raise TooSlow(patience.service)
    try:
        yield patience
    except TooSlow as error:
        if error.service == patience.service:
            _set_slow_until(connection, clock.now() + SLOW_FOR)
        raise
    if patience.is_slow:
        _set_slow_until(connection, clock.now() + SLOW_FOR)
    elif is_whole and connection.slow_until is not None:
        _set_slow_until(connection, None)


def _set_slow_until(connection: AnyConnection, until: datetime | None) -> None:
    connection.slow_until = until
    type(connection).objects.filter(pk=connection.pk).update(slow_until=until)


@contextmanager
def renewing(service: Service, *, may_wait: bool) -> Iterator[None]:
    """Let the block renew a token, and remember for all hosts where that takes long.

    Nobody may give up a renewal that was sent: its answer has the only token that is valid from then on. So
    a thread that may not wait begins none while the login is slow. Raises TooSlow.
    """
    with nullcontext() if may_wait else _turn(service):
        started = time.monotonic()
        try:
            yield
        finally:
            if time.monotonic() - started >= RENEWAL_SECONDS:
                _note_slow(service)


@contextmanager
def _turn(service: Service) -> Iterator[None]:
    """Wait a little until no other such thread of this process renews a token. Raises TooSlow."""
    _check_login(service)
    if not _turns[service].acquire(timeout=RENEWAL_SECONDS):
        _note_slow(service)
        raise TooSlow(LOGINS[service])
    try:
        # It may have become free by an answer that took long.
        _check_login(service)
        yield
    finally:
        _turns[service].release()


def _check_login(service: Service) -> None:
    """Raise TooSlow where the login was slow lately; without Redis, where nobody knows, it was not."""
    with suppress(RedisError):
        if cache.get(_login_key(service)) is not None:
            raise TooSlow(LOGINS[service])


def _note_slow(service: Service) -> None:
    with suppress(RedisError):
        cache.set(_login_key(service), 1, LOGIN_SLOW_FOR)


def _login_key(service: Service) -> str:
    return f"slow-login:{service}"
