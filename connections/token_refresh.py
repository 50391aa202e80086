"""Renews the tokens of a connection: once, by one process, with no transaction open meanwhile.

A lease is a conditional update of the row, so it holds between processes on every database, with
Redis and without; one that a killed process left behind ends by itself.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.db import DatabaseError, transaction

from connections import operator_alerts
from connections.choices import HealthEvent
from connections.clients.error_catalog import EvotorError, VkError
from connections.clients.errors import AuthRevoked, ClientError, OperatorActionRequired, Transient
from connections.clients.patience import Patience, TooSlow
from connections.clients.service import Service
from connections.login_pace import LOGINS, RENEWAL_SECONDS, renewing
from connections.models import EvotorConnection, VkConnection
from connections.models.connection import REFRESH_LEASE
from connections.status import mark_offline, record_health_event, service_of

log = logging.getLogger(__name__)

# How long the others wait for the process that renews the token.
WAIT_SECONDS = 45.0
SAVE_TRIES = 3
TOKEN_BUSY = {Service.EVOTOR: EvotorError.TOKEN_BUSY, Service.VK: VkError.TOKEN_BUSY}

C = TypeVar("C", EvotorConnection, VkConnection)


@dataclass(frozen=True, slots=True)
class TokenRefresher(Generic[C]):
    """What the services differ in. `request` asks for new tokens and returns them as column values.

    `not_saved` makes the error of tokens that the service gave and the database did not take.
    """

    is_due: Callable[[C, datetime], bool]
    request: Callable[[C, datetime], Mapping[str, object]]
    not_saved: Callable[[], ClientError]

    def ensure_fresh(self, connection: C, *, now: datetime, patience: Patience | None = None) -> C:
        """Renew the tokens where that is due; return the connection with the tokens that are valid.

        While the service is away a token that is still valid stays in use. Raises AuthRevoked when the
        merchant has to log in again; the connection is offline by then. Raises TooSlow where the service's
        login is slow and `patience` has a limit.
        """
        if not self.is_due(connection, now):
            return connection
        try:
            return self.refresh(connection, now=now, patience=patience)
        except (Transient, OperatorActionRequired):
            if connection.token_expires_at is not None and connection.token_expires_at > now:
                return connection
            raise

    def refresh(
        self,
        connection: C,
        *,
        now: datetime,
        sleep: Callable[[float], None] = time.sleep,
        patience: Patience | None = None,
    ) -> C:
        """Renew the tokens, or take over those that another process has just renewed.

        Raises TooSlow where the service's login is slow and `patience` has a limit.
        """
        used, may_wait = connection.refresh_token, patience is None or not patience.is_limited
        with renewing(service_of(connection), may_wait=may_wait):
            if _take_lease(connection, now):
                return self._renew(connection, used, now)
        return _await_other(connection, used, sleep, may_wait=may_wait)

    def _renew(self, connection: C, used: str, now: datetime) -> C:
        """Ask for new tokens under the lease, unless they have been renewed since the caller read them."""
        connection.refresh_from_db()
        if connection.refresh_token != used:
            _end_lease(connection)
            return connection
        try:
            values = self.request(connection, now)
        except ClientError as error:
            _end_lease(connection)
            _record_failure(connection, error, now)
            raise
        self._save(connection, values, now)
        return connection

    def _save(self, connection: C, values: Mapping[str, object], now: datetime) -> None:
        """Save all values in one transaction, in several tries: the old tokens may be dead."""
        for attempt in range(1, SAVE_TRIES + 1):
            try:
                with transaction.atomic():
                    _save_once(connection, values, now)
                    return
            except DatabaseError as error:
                # Without a traceback: its frames hold the tokens.
                name = type(error).__name__
                log.error("A renewed token was not saved: %s, %s.", connection.pk, name)  # noqa: TRY400
                time.sleep(0.2 * attempt)
        connection.refresh_from_db()
        _end_lease(connection)
        lost = self.not_saved()
        _record_failure(connection, lost, now)
        raise lost


def _save_once(
    connection: EvotorConnection | VkConnection, values: Mapping[str, object], now: datetime
) -> None:
    for name, value in values.items():
        setattr(connection, name, value)
    connection.refresh_lease_until = None
    connection.save(update_fields=[*values, "refresh_lease_until", "updated_at"])
    record_health_event(connection, HealthEvent.TOKEN_REFRESHED, now=now)


def _record_failure(connection: EvotorConnection | VkConnection, error: ClientError, now: datetime) -> None:
    operator_alerts.report(error)
    if isinstance(error, AuthRevoked):
        record_health_event(connection, HealthEvent.TOKEN_REFRESH_FAILED, now=now, detail=error.code)
        mark_offline(connection, code=error.code, now=now)


def _take_lease(connection: EvotorConnection | VkConnection, now: datetime) -> bool:
    rows = type(connection).objects.unleased(now).only_row(connection)
    return rows.update(refresh_lease_until=now + REFRESH_LEASE) == 1


def _end_lease(connection: EvotorConnection | VkConnection) -> None:
    type(connection).objects.only_row(connection).update(refresh_lease_until=None)
    connection.refresh_lease_until = None


def _await_other(connection: C, used: str, sleep: Callable[[float], None], *, may_wait: bool) -> C:
    """Wait for the process that holds the lease and take its tokens. Raises Transient or TooSlow at last."""
    deadline = time.monotonic() + (WAIT_SECONDS if may_wait else RENEWAL_SECONDS)
    while True:
        connection.refresh_from_db()
        if connection.refresh_token != used:
            return connection
        if time.monotonic() >= deadline:
            service = service_of(connection)
            if not may_wait:
                raise TooSlow(LOGINS[service])
            raise Transient(service.value, TOKEN_BUSY[service], "another process renews this token")
        sleep(0.1)
