"""Asks the services while the merchant waits: each right, and the communities to choose from."""

from datetime import datetime

from accounts.models import User
from connections.choices import RefusalCode, VkConnectionType
from connections.client_factory import evotor_client, vk_client, vk_client_for
from connections.clients.errors import ClientError
from connections.clients.patience import Patience
from connections.clients.service import Service
from connections.clients.vk import calls
from connections.clients.vk.records import VkCommunity
from connections.errors import CannotConnect, Check, clean_token, refusal_of, refused_when_silent
from connections.evotor.connect import check_evotor
from connections.health_checks import check_health
from connections.models import EvotorConnection, VkConnection
from connections.status import AnyConnection, mark_online
from connections.vk.connect import check_vk, token_refusal


def check_now(user: User, *, service: Service, now: datetime) -> list[Check]:
    """Try every right of one connection and store its status.

    Nothing is tried where there is no connection; one that waits for VK's moderators is only looked at.

    Raises CannotConnect when the service could not be asked, does not answer soon or does not know the token
    any more.
    """
    connection = _connection(user, service)
    if connection is None:
        return []
    with refused_when_silent(service) as patience:
        return _try_rights(connection, patience, now)


def _try_rights(connection: AnyConnection, patience: Patience, now: datetime) -> list[Check]:
    if isinstance(connection, VkConnection) and connection.waits_for_right:
        check_health(connection, now=now, patience=patience)
        return []
    try:
        checks = _checks(connection, patience)
    except ClientError as error:
        check_health(connection, now=now, patience=patience)
        raise refusal_of(error) from None
    if checks and all(check.ok for check in checks):
        mark_online(connection, now=now)
    else:
        check_health(connection, now=now, patience=patience)
    return checks


def _connection(user: User, service: Service) -> AnyConnection | None:
    if service == Service.EVOTOR:
        return EvotorConnection.objects.claimed().for_user(user).first()
    return VkConnection.objects.claimed().for_user(user).first()


def _checks(connection: AnyConnection, patience: Patience) -> list[Check]:
    if isinstance(connection, EvotorConnection):
        return check_evotor(evotor_client(connection, patience=patience))
    if connection.group_id is None:
        return []
    is_pasted = connection.connection_type == VkConnectionType.PASTED
    return check_vk(vk_client(connection, patience=patience), connection.group_id, is_pasted=is_pasted)


def communities_of(user: User, *, token: str = "") -> list[VkCommunity]:
    """Return the communities that the token's owner manages; without a token the stored one is used.

    A given token is used for this question and not stored. Raises CannotConnect when it is no token,
    when VK refuses it, or when VK cannot be asked or does not answer soon.
    """
    with refused_when_silent(Service.VK) as patience:
        try:
            if token:
                client = vk_client_for(clean_token(token), patience=patience)
            else:
                connection = VkConnection.objects.claimed().for_user(user).first()
                if connection is None:
                    return []
                client = vk_client(connection, patience=patience)
            return client.run(calls.managed_communities())
        except ClientError as error:
            if token and (refused := token_refusal(error)):
                raise CannotConnect(RefusalCode.USER, *refused) from None
            raise refusal_of(error) from None
