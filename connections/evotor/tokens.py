"""Keeps a token of Evotor's OAuth valid. Tokens that were pasted or sent by Evotor do not expire."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings

from connections.clients.error_catalog import EvotorOAuthError
from connections.clients.errors import Transient
from connections.clients.evotor.oauth import EvotorOAuthClient, EvotorTokens
from connections.clients.patience import Patience
from connections.clients.service import Service
from connections.models import EvotorConnection
from connections.token_refresh import TokenRefresher

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


def ensure_fresh_evotor_token(
    connection: EvotorConnection, *, now: datetime, patience: Patience | None = None
) -> EvotorConnection:
    """Renew the token where it is due and return the connection with a valid one.

    Raises ClientError, and TooSlow where Evotor's login is slow and `patience` has a limit.
    """
    return _REFRESHER.ensure_fresh(connection, now=now, patience=patience)


def _is_due(connection: EvotorConnection, now: datetime) -> bool:
    """Return True if this is a token of OAuth that ends within a day."""
    expires = connection.token_expires_at
    return bool(connection.refresh_token) and expires is not None and expires <= now + BEFORE_EXPIRY


def _request(connection: EvotorConnection, now: datetime) -> Mapping[str, object]:
    tokens = oauth_client().refresh(connection.refresh_token)
    return {
        "access_token": tokens.access_token,
        "access_token_hash": token_fingerprint(tokens.access_token),
        "refresh_token": tokens.refresh_token,
        "token_expires_at": expiry(tokens, now),
    }


def _not_saved() -> Transient:
    # Whether Evotor ends the old refresh token is not documented, so the next run tries it.
    return Transient(Service.EVOTOR, EvotorOAuthError.NOT_SAVED, method="oauth/token", may_have_run=True)


_REFRESHER = TokenRefresher(is_due=_is_due, request=_request, not_saved=_not_saved)
