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
from connections.clients.service import Service
from connections.errors import CannotConnect, refusal_of, refused_when_silent
from connections.models import VkConnection
from connections.signals import service_disconnected
from connections.vk.community_address import parse_group
from connections.vk.connect import OF_THE_RIGHT, community_values, save_community
from connections.vk.market_right import code_of_missing_right, look_again_for_others
from connections.vk.tokens import vk_id_client


def redirect_uri() -> str:
    """Return the address that VK ID sends the browser back to; the app's settings in VK must name it."""
    return f"{settings.SITE_URL.rstrip('/')}{reverse('vk_id:callback')}"


def finish_login(
    user: User, *, app_id: str, code: str, verifier: str, device_id: str, state: str, now: datetime
) -> VkConnection:
    """Exchange the code and store the tokens; the community stays the one it was, or is chosen next.

    A token without the right to products is kept too, for the right may come (`vk.market_right`), but
    never in place of a connection that works. Raises CannotConnect, with nothing changed, then, and when
    VK refuses.
    """
    try:
        tokens = vk_id_client(app_id).exchange_code(
            code=code, verifier=verifier, device_id=device_id, redirect_uri=redirect_uri(), state=state
        )
    except ClientError as error:
        raise refusal_of(error) from None
    with transaction.atomic():
        connection = VkConnection.objects.select_for_update().for_user(user).first() or VkConnection(
            user=user
        )
        was_online = connection.is_online
        connection.connection_type = VkConnectionType.VK_ID
        connection.app_id, connection.device_id = app_id, device_id
        connection.access_token, connection.refresh_token = tokens.access_token, tokens.refresh_token
        connection.token_expires_at = now + timedelta(seconds=tokens.expires_in)
        connection.token_refreshed_at = connection.connected_at = now
        connection.scope, connection.vk_user_id = tokens.scope[:255], tokens.user_id
        connection.refresh_lease_until = None
        if connection.has_market_scope and not was_online:
            # What was wrong was the old login's.
            connection.last_error = ""
        if not connection.has_market_scope:
            if was_online:
                # Nothing of it is saved.
                raise CannotConnect(
                    RefusalCode.SCOPE,
                    _("VK has not given this login the right to products."),
                    _("Your present connection goes on as before. Leave Products ticked when VK asks."),
                )
            connection.last_error = code_of_missing_right(app_id)
            connection.last_checked_at = now
        # What the new token can do in the community is known only when it has been checked.
        connection.save()
    look_again_for_others(connection)
    return connection


def choose_community(user: User, *, group: int | str, now: datetime) -> VkConnection:
    """Point the merchant's connection at this community after the five checks.

    While VK's right to products is waited for, the checks of that right may fail: the community is noted,
    and work begins by itself when the right comes. Raises CannotConnect, with the checks inside and nothing
    changed, when another check fails or VK does not answer soon.
    """
    connection = VkConnection.objects.for_user(user).first()
    if connection is None or not connection.access_token:
        raise CannotConnect(RefusalCode.NO_TOKEN, _("VK is not connected."), _("Log in with VK first."))
    if isinstance(group, str):
        group = parse_group(group)
    waits = connection.waits_for_right
    with refused_when_silent(Service.VK) as patience:
        try:
            client = vk_client(connection, patience=patience)
        except ClientError as error:
            raise refusal_of(error) from None
        is_pasted = connection.connection_type == VkConnectionType.PASTED
        values = community_values(client, group, is_pasted=is_pasted, without=OF_THE_RIGHT if waits else ())
    return _note_community(connection, values) if waits else save_community(user, values, now)


def _note_community(connection: VkConnection, values: dict[str, object]) -> VkConnection:
    before = connection.group_id
    for name, value in values.items():
        setattr(connection, name, value)
    # The next round looks whether the right is there; it is not, as a rule.
    connection.last_checked_at = None
    with transaction.atomic():
        connection.save(update_fields=[*values, "last_checked_at", "updated_at"])
        if before not in (None, connection.group_id):
            service_disconnected.send(sender=VkConnection, user_id=connection.user_id)
    return connection
