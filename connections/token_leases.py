"""Leases: one process renews a token at a time, and no transaction is open while it asks.

A lease is a conditional update of the row, so it holds between processes on every database, with
Redis and without; one that was left behind by a killed process ends by itself.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from connections.clients.errors import Transient
from connections.models import EvotorConnection, VkConnection

# Longer than the other side may take to answer, so that a lease never ends while its holder waits.
LEASE = timedelta(seconds=90)
# How long the others wait for the process that renews the token.
WAIT_SECONDS = 45.0

C = TypeVar("C", EvotorConnection, VkConnection)


def take_lease(connection: EvotorConnection | VkConnection, now: datetime) -> bool:
    """Take the right to renew this connection's token; say whether it was free."""
    rows = type(connection).objects.unleased(now).only_row(connection)
    return rows.update(refresh_lease_until=now + LEASE) == 1


def end_lease(connection: EvotorConnection | VkConnection) -> None:
    """Give the right back."""
    type(connection).objects.only_row(connection).update(refresh_lease_until=None)
    connection.refresh_lease_until = None


def await_other(connection: C, used: str, *, service: str, sleep: Callable[[float], None]) -> C:
    """Wait for the process that holds the lease; its tokens are ours. Raises Transient in the end."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        connection.refresh_from_db()
        if connection.refresh_token != used:
            return connection
        if time.monotonic() >= deadline:
            raise Transient(service, f"{service}.token_busy", "another process renews this token")
        sleep(0.1)
