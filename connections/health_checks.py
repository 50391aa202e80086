"""Asks the services whether connections still work, and keeps what the answers mean."""

from datetime import datetime, timedelta

from connections import operator_alerts
from connections.choices import VkConnectionType
from connections.client_factory import evotor_client, vk_client
from connections.clients.error_catalog import EvotorError, VkError
from connections.clients.errors import ActionRequired, AuthRevoked, ClientError, Suspended
from connections.clients.patience import Patience
from connections.clients.service import Service
from connections.clients.vk import calls
from connections.clients.vk.records import VkCommunity
from connections.models import EvotorConnection, VkConnection
from connections.status import AnyConnection, mark_offline, mark_online, mark_paused
from connections.vk.market_right import look_for_right
from connections.vk.tokens import refresh_vk_token

EVERY = timedelta(minutes=10)
EDITOR = 2
# After these only a method that needs the right shows that it is there again.
RIGHTS_IN_DOUBT = {VkError.ACCESS_DENIED, VkError.RIGHTS_CHANGED}
# A VK ID token that VK calls dead may be replaced by its refresh token.
REPLACEABLE = {VkError.AUTH_FAILED, VkError.TOKEN_EXPIRED, VkError.TOKEN_EXTENSION_REQUIRED}


def check_health(connection: AnyConnection, *, now: datetime, patience: Patience | None = None) -> bool:
    """Ask the service one cheap question and keep what the answer means; return whether it is online.

    A service that is away or overloaded changes no state: that is not the merchant's to repair. Raises
    TooSlow where its answer takes longer than `patience` has.
    """
    if isinstance(connection, VkConnection) and connection.waits_for_right:
        if not look_for_right(connection, now=now, patience=patience):
            return False
        connection.refresh_from_db()
    try:
        fault = _ask(connection, now, patience)
    except Suspended as error:
        mark_paused(connection, until=now + timedelta(seconds=error.pause_seconds), code=error.code)
        fault = None
    except (AuthRevoked, ActionRequired) as error:
        fault = error.code
    except ClientError as error:
        operator_alerts.report(error)
        _touch(connection, now)
        return connection.is_online
    else:
        if fault is None:
            mark_online(connection, now=now)
    if fault is not None:
        mark_offline(connection, code=fault, now=now)
    return connection.is_online


def _touch(connection: AnyConnection, now: datetime) -> None:
    type(connection).objects.filter(pk=connection.pk).update(last_checked_at=now)


def _ask(connection: AnyConnection, now: datetime, patience: Patience | None) -> str | None:
    """Return the code of what is wrong in an answer, or None; raises ClientError where there is none."""
    if isinstance(connection, EvotorConnection):
        _ask_evotor(connection, patience)
        return None
    try:
        return _ask_vk(connection, patience)
    except AuthRevoked as error:
        if error.code not in REPLACEABLE or not connection.refresh_token:
            raise
        refresh_vk_token(connection, now=now, patience=patience)
        return _ask_vk(connection, patience)


def _ask_evotor(connection: EvotorConnection, patience: Patience | None) -> None:
    stores = evotor_client(connection, patience=patience).stores()
    owner = next((store.user_id for store in stores if store.user_id), None)
    if owner and connection.evotor_user_id is None:
        # The account had no store, and so no known id, when it was connected.
        if EvotorConnection.objects.of_account(owner).exists():
            raise AuthRevoked(Service.EVOTOR, EvotorError.LINKED_ELSEWHERE, method="stores")
        EvotorConnection.objects.without_account_id(connection).update(evotor_user_id=owner)
        connection.evotor_user_id = owner


def _ask_vk(connection: VkConnection, patience: Patience | None) -> str | None:
    client = vk_client(connection, patience=patience)
    if connection.group_id is None:
        client.run(calls.get_user())
        if connection.connection_type == VkConnectionType.VK_ID and not connection.has_market_scope:
            # The token lives, but it cannot do what it is for.
            return connection.last_error or VkError.RIGHTS_CHANGED
        return None
    fault = community_fault(client.run(calls.get_community(connection.group_id)))
    if fault is None and (connection.last_error in RIGHTS_IN_DOUBT or not connection.has_market_scope):
        # The community answers without the right to products; the next run would meet the same error.
        client.run(calls.get_items(connection.group_id, 0, 1))
    return fault


def community_fault(community: VkCommunity) -> str | None:
    """Return VK's own code for what keeps a sync out of this community, or None."""
    if community.admin_level < EDITOR:
        return VkError.MARKET_ACCESS_DENIED
    return None if community.market_enabled else VkError.PRODUCTS_DISABLED


def due_checks(now: datetime) -> list[tuple[Service, int]]:
    """Return (service, user id) of every connection that was not asked in the last ten minutes."""
    # A little less than the schedule's step, or a check that ran a second late would skip a round.
    every = EVERY - timedelta(minutes=1)
    evotor = EvotorConnection.objects.installed().due(now, every).values_list("user_id", flat=True)
    vk = VkConnection.objects.due(now, every).values_list("user_id", flat=True)
    return [(Service.EVOTOR, pk) for pk in evotor if pk] + [(Service.VK, pk) for pk in vk]


def find_connection(service: Service, user_id: int) -> AnyConnection | None:
    """Return the merchant's connection to this service, if there is one with a token."""
    if service == Service.VK:
        return VkConnection.objects.claimed().for_user(user_id).first()
    return EvotorConnection.objects.claimed().installed().for_user(user_id).first()
