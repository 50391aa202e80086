"""Keeps a VK ID token valid. VK replaces both tokens at every refresh and ends the old ones."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.conf import settings

from connections.clients.error_catalog import VkIdError
from connections.clients.errors import AuthRevoked
from connections.clients.patience import Patience
from connections.clients.service import Service
from connections.clients.vk.vk_id import VkIdClient
from connections.models import VkConnection
from connections.token_refresh import TokenRefresher
from evosync.common import clock

BEFORE_EXPIRY = timedelta(minutes=10)
AT_LEAST_EVERY = timedelta(days=1)


def vk_id_client(app_id: str) -> VkIdClient:
    """Return a client of VK ID for the operator's app, or for the merchant's own."""
    return VkIdClient(base_url=settings.VK_ID_URL, client_id=app_id or settings.VK_CLIENT_ID)


def ensure_fresh_vk_token(
    connection: VkConnection, *, now: datetime | None = None, patience: Patience | None = None
) -> VkConnection:
    """Renew the token where it is due and return the connection with a valid one.

    Raises ClientError, and TooSlow where VK ID is slow and `patience` has a limit.
    """
    return _REFRESHER.ensure_fresh(connection, now=now or clock.now(), patience=patience)


def refresh_vk_token(
    connection: VkConnection,
    *,
    now: datetime,
    sleep: Callable[[float], None] = time.sleep,
    patience: Patience | None = None,
) -> VkConnection:
    """Renew the token although it is not due, for VK may end one early. Raises as `ensure_fresh_vk_token`."""
    return _REFRESHER.refresh(connection, now=now, sleep=sleep, patience=patience)


def _is_due(connection: VkConnection, now: datetime) -> bool:
    """Return True if the token ends within ten minutes or was not renewed for a day."""
    if not connection.refresh_token:
        return False
    expires, refreshed = connection.token_expires_at, connection.token_refreshed_at
    is_lately = refreshed is not None and now - AT_LEAST_EVERY < refreshed <= now + clock.CLOCKS_DIFFER
    return (expires is not None and expires <= now + BEFORE_EXPIRY) or not is_lately


def _request(connection: VkConnection, now: datetime) -> Mapping[str, object]:
    tokens = vk_id_client(connection.app_id).refresh(
        refresh_token=connection.refresh_token, device_id=connection.device_id
    )
    return {
        "access_token": tokens.access_token,
        "refresh_token": tokens.refresh_token,
        "token_expires_at": now + timedelta(seconds=tokens.expires_in),
        "token_refreshed_at": now,
        "scope": tokens.scope[:255] or connection.scope,
    }


def _not_saved() -> AuthRevoked:
    # VK has ended the old tokens, so without the new ones the login is lost.
    return AuthRevoked(Service.VK, VkIdError.NOT_SAVED, method="oauth2/auth")


_REFRESHER = TokenRefresher(is_due=_is_due, request=_request, not_saved=_not_saved)
