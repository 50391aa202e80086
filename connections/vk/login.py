"""Logging in with VK ID, and choosing a community afterwards."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from connections.choices import RefusalCode, VkConnectionType
from connections.client_factory import vk_client
from connections.clients.errors import ClientError
from connections.errors import CannotConnect, refusal_of
from connections.models import VkConnection
from connections.vk.community_address import parse_group
from connections.vk.connect import community_values, save_community
from connections.vk.tokens import vk_id_client


def redirect_uri() -> str:
    """Return the address that VK ID sends the browser back to; the app's settings in VK must name it."""
    return f"{settings.SITE_URL.rstrip('/')}{reverse('vk_id:callback')}"


def finish_login(
    user: User, *, app_id: str, code: str, verifier: str, device_id: str, state: str, now: datetime
) -> VkConnection:
    """Exchange the code and store the tokens; the community stays the one it was, or is chosen next.

    Raises CannotConnect, with nothing changed, when VK refuses or gives a token that may not manage goods.
    """
    try:
        tokens = vk_id_client(app_id).exchange_code(
            code=code, verifier=verifier, device_id=device_id, redirect_uri=redirect_uri(), state=state
        )
    except ClientError as error:
        raise refusal_of(error) from None
    if "market" not in tokens.scope.split():
        raise CannotConnect(
            RefusalCode.SCOPE,
            _("VK gave a token without the right to manage products."),
            _("Ask VK for this right for the app, use an app of your own that has it, or paste a token."),
        )
    with transaction.atomic():
        connection = VkConnection.objects.select_for_update().for_user(user).first() or VkConnection(
            user=user
        )
        connection.connection_type = VkConnectionType.VK_ID
        connection.app_id, connection.device_id = app_id, device_id
        connection.access_token, connection.refresh_token = tokens.access_token, tokens.refresh_token
        connection.token_expires_at = now + timedelta(seconds=tokens.expires_in)
        connection.token_refreshed_at = connection.connected_at = now
        connection.scope, connection.vk_user_id = tokens.scope[:255], tokens.user_id
        connection.refresh_lease_until = None
        # What the new token can do in the community is known only when it has been checked.
        connection.save()
    return connection


def choose_community(user: User, *, group: int | str, now: datetime) -> VkConnection:
    """Point the merchant's connection at this community after the five checks.

    Raises CannotConnect, with the checks inside and nothing changed, when a check fails.
    """
    connection = VkConnection.objects.for_user(user).first()
    if connection is None or not connection.access_token:
        raise CannotConnect(RefusalCode.NO_TOKEN, _("VK is not connected."), _("Log in with VK first."))
    if isinstance(group, str):
        group = parse_group(group)
    try:
        client = vk_client(connection)
    except ClientError as error:
        raise refusal_of(error) from None
    return save_community(user, community_values(client, group), now)
