"""Remembers over which connections a service is slow, so that their work waits in threads of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from connections.clients.patience import Patience, TooSlow
from connections.models.connection import SLOW_FOR
from connections.status import AnyConnection, service_of
from evosync.common import clock


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
