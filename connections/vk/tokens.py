"""Keeping a VK ID token alive. VK replaces both tokens at every refresh and kills the old ones.

So a refresh happens once, by one process: a lease in the row keeps the others out while VK is asked
(no transaction is open meanwhile), and both new tokens are saved together before anybody uses them.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from connections.clients.error_catalog import VkIdError
from connections.clients.errors import AuthRevoked, ClientError, Transient
from connections.clients.vk.vk_id import Tokens, VkIdClient
from connections.models import HealthCheckLog, Service, VkConnection
from connections.token_leases import await_other, end_lease, take_lease

log = logging.getLogger(__name__)

BEFORE_EXPIRY = timedelta(minutes=10)
AT_LEAST_EVERY = timedelta(days=1)
SAVE_TRIES = 3


def vk_id_client(app_id: str) -> VkIdClient:
    """Return a client of VK ID for the operator's app, or for the merchant's own."""
    return VkIdClient(base_url=settings.VK_ID_URL, client_id=app_id or settings.VK_CLIENT_ID)


def needs_refresh(connection: VkConnection, now: datetime) -> bool:
    """Say whether the token ends within ten minutes or has not been renewed for a day."""
    if not connection.refresh_token:
        return False
    expires, refreshed = connection.token_expires_at, connection.token_refreshed_at
    return (expires is not None and expires <= now + BEFORE_EXPIRY) or (
        refreshed is None or refreshed <= now - AT_LEAST_EVERY
    )


def ensure_fresh_vk_token(connection: VkConnection, *, now: datetime | None = None) -> VkConnection:
    """Renew the token where it is due and return the connection with the tokens that hold.

    While VK ID is away a token that is still valid goes on being used. Raises AuthRevoked when the
    merchant has to log in again; the connection is offline by then.
    """
    now = now or timezone.now()
    if not needs_refresh(connection, now):
        return connection
    try:
        return refresh_vk_token(connection, now=now)
    except Transient:
        if connection.token_expires_at is not None and connection.token_expires_at > now:
            return connection
        raise


def refresh_vk_token(
    connection: VkConnection, *, now: datetime, sleep: Callable[[float], None] = time.sleep
) -> VkConnection:
    """Renew both tokens, or take over those that another process has just renewed."""
    used = connection.refresh_token
    if not take_lease(connection, now):
        return await_other(connection, used, service=Service.VK.value, sleep=sleep)
    connection.refresh_from_db()
    if connection.refresh_token != used:
        end_lease(connection)
        return connection
    try:
        tokens = vk_id_client(connection.app_id).refresh(
            refresh_token=connection.refresh_token, device_id=connection.device_id
        )
    except ClientError as error:
        end_lease(connection)
        _note_failure(connection, error, now)
        raise
    _save(connection, tokens, now)
    return connection


def _save(connection: VkConnection, tokens: Tokens, now: datetime) -> None:
    """Save both tokens in one transaction; VK has killed the old ones, so a hiccup is tried again.

    Where it does not help, the login is lost, and the connection says so at once.
    """
    for attempt in range(1, SAVE_TRIES + 1):
        try:
            with transaction.atomic():
                store_tokens(connection, tokens, now)
                _log(connection, HealthCheckLog.Event.TOKEN_REFRESHED, "", now)
                return
        except DatabaseError as error:
            # Without a traceback: its frames hold the tokens.
            name = type(error).__name__
            log.error("A renewed VK token was not saved: connection %s, %s.", connection.pk, name)  # noqa: TRY400
            time.sleep(0.2 * attempt)
    connection.refresh_from_db()
    end_lease(connection)
    lost = AuthRevoked("vk", VkIdError.NOT_SAVED, method="oauth2/auth")
    _note_failure(connection, lost, now)
    raise lost


def store_tokens(connection: VkConnection, tokens: Tokens, now: datetime) -> None:
    """Write what VK ID gave into the row, and end the lease."""
    connection.access_token = tokens.access_token
    connection.refresh_token = tokens.refresh_token
    connection.token_expires_at = now + timedelta(seconds=tokens.expires_in)
    connection.token_refreshed_at = now
    connection.scope = tokens.scope[:255] or connection.scope
    connection.refresh_lease_until = None
    connection.save(
        update_fields=[
            "access_token",
            "refresh_token",
            "token_expires_at",
            "token_refreshed_at",
            "scope",
            "refresh_lease_until",
            "updated_at",
        ]
    )


def _note_failure(connection: VkConnection, error: ClientError, now: datetime) -> None:
    from connections.health_checks import mark_offline

    if isinstance(error, AuthRevoked):
        _log(connection, HealthCheckLog.Event.TOKEN_REFRESH_FAILED, error.code, now)
        mark_offline(connection, error=error, now=now)


def _log(connection: VkConnection, event: str, detail: str, now: datetime) -> None:
    HealthCheckLog.objects.create(
        user_id=connection.user_id, service=Service.VK, event=event, detail=detail, checked_at=now
    )
