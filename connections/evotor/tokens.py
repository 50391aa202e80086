"""Keeping a token of Evotor's OAuth alive. Tokens that were pasted or handed over have no end."""

import hashlib
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from connections.clients.errors import AuthRevoked, ClientError, Transient
from connections.clients.evotor.oauth import EvotorOAuthClient, EvotorTokens
from connections.models import EvotorConnection, HealthCheckLog, Service
from connections.token_leases import await_other, end_lease, take_lease

# The token lives for a week.
BEFORE_EXPIRY = timedelta(days=1)


def token_fingerprint(token: str) -> str:
    """Return what is kept of a token to recognise it by: its SHA-256, or nothing of no token."""
    return hashlib.sha256(token.encode()).hexdigest() if token else ""


def oauth_client() -> EvotorOAuthClient:
    """Return the client of Evotor's OAuth for the operator's application."""
    return EvotorOAuthClient(
        base_url=settings.EVOTOR_OAUTH_URL,
        client_id=settings.EVOTOR_OAUTH_CLIENT_ID,
        client_secret=settings.EVOTOR_OAUTH_CLIENT_SECRET,
        ca_bundle=settings.EVOTOR_CA_BUNDLE,
    )


def expiry(tokens: EvotorTokens, now: datetime) -> datetime | None:
    """Return when the access token ends, None where Evotor does not say."""
    return now + timedelta(seconds=tokens.expires_in) if tokens.expires_in is not None else None


def ensure_fresh_evotor_token(connection: EvotorConnection, *, now: datetime) -> EvotorConnection:
    """Renew a token of OAuth a day before it ends; every other token is left alone.

    While Evotor is away a token that is still valid goes on being used. Raises AuthRevoked when the
    merchant has to consent again; the connection is offline by then.
    """
    expires = connection.token_expires_at
    if not connection.refresh_token or expires is None or expires > now + BEFORE_EXPIRY:
        return connection
    try:
        return _refresh(connection, now=now, sleep=time.sleep)
    except Transient:
        if expires > now:
            return connection
        raise


def _refresh(
    connection: EvotorConnection, *, now: datetime, sleep: Callable[[float], None]
) -> EvotorConnection:
    used = connection.refresh_token
    if not take_lease(connection, now):
        return await_other(connection, used, service=Service.EVOTOR.value, sleep=sleep)
    connection.refresh_from_db()
    if connection.refresh_token != used:
        end_lease(connection)
        return connection
    try:
        tokens = oauth_client().refresh(used)
    except ClientError as error:
        end_lease(connection)
        if isinstance(error, AuthRevoked):
            _note_failure(connection, error, now)
        raise
    _store(connection, tokens, now)
    return connection


def _store(connection: EvotorConnection, tokens: EvotorTokens, now: datetime) -> None:
    values = {
        "access_token": tokens.access_token,
        "access_token_hash": token_fingerprint(tokens.access_token),
        "refresh_token": tokens.refresh_token,
        "token_expires_at": expiry(tokens, now),
        "refresh_lease_until": None,
    }
    for name, value in values.items():
        setattr(connection, name, value)
    with transaction.atomic():
        connection.save(update_fields=[*values, "updated_at"])
        _log(connection, HealthCheckLog.Event.TOKEN_REFRESHED, "", now)


def _note_failure(connection: EvotorConnection, error: ClientError, now: datetime) -> None:
    from connections.health_checks import mark_offline  # health makes clients

    _log(connection, HealthCheckLog.Event.TOKEN_REFRESH_FAILED, error.code, now)
    mark_offline(connection, error=error, now=now)


def _log(connection: EvotorConnection, event: str, detail: str, now: datetime) -> None:
    if connection.user_id is not None:
        HealthCheckLog.objects.create(
            user_id=connection.user_id, service=Service.EVOTOR, event=event, detail=detail, checked_at=now
        )
