"""Asking the services while the merchant waits: rights one by one, communities, another community."""

from datetime import datetime

from accounts.models import User
from connections.clients import vk_calls
from connections.clients.errors import ClientError
from connections.clients.vk import VkCommunity
from connections.errors import Check, clean_token, refusal_of
from connections.models import EvotorConnection, Service, VkConnection
from connections.services.clients import evotor_client, vk_client, vk_client_for
from connections.services.evotor import check_evotor
from connections.services.health import check_health, mark_online
from connections.services.tokens import ensure_fresh_vk_token
from connections.services.vk import check_vk
from connections.services.vk_login import choose_community


def check_now(user: User, *, service: Service, now: datetime) -> list[Check]:
    """Try every right of one end and keep its state; nothing where there is no connection.

    Raises CannotConnect when the service could not be asked or does not know the token any more.
    """
    connection: EvotorConnection | VkConnection | None
    if service == Service.EVOTOR:
        connection = EvotorConnection.objects.for_user(user).first()
    else:
        connection = VkConnection.objects.for_user(user).first()
    if connection is None or not connection.access_token:
        return []
    try:
        checks = _checks(connection, now)
    except ClientError as error:
        check_health(connection, now=now)
        raise refusal_of(error) from None
    if all(check.ok for check in checks):
        mark_online(connection, now=now)
    else:
        check_health(connection, now=now)
    return checks


def _checks(connection: EvotorConnection | VkConnection, now: datetime) -> list[Check]:
    if isinstance(connection, EvotorConnection):
        return check_evotor(evotor_client(connection))
    fresh = ensure_fresh_vk_token(connection, now=now)
    return check_vk(vk_client(fresh), fresh.group_id) if fresh.group_id is not None else []


def communities_of(user: User, *, token: str = "") -> list[VkCommunity]:
    """Return the communities that the token's owner manages; without a token the kept one is used.

    Raises CannotConnect when VK refuses the token or cannot be asked.
    """
    try:
        if token.strip():
            client = vk_client_for(clean_token(token))
        else:
            connection = VkConnection.objects.claimed().for_user(user).first()
            if connection is None:
                return []
            client = vk_client(ensure_fresh_vk_token(connection))
        return client.run(vk_calls.managed_communities())
    except ClientError as error:
        raise refusal_of(error) from None


def change_community(user: User, *, group: int | str, now: datetime) -> VkConnection:
    """Send the goods to another community with the token that is kept, after the five checks.

    Goods in the old community stay there. Raises CannotConnect, with nothing changed.
    """
    return choose_community(user, group=group, now=now)
