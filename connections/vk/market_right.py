"""Waits for VK to give an app the right to products, and says so once when it has.

VK's moderators look at an app for some days. Until then a login works, and the token that it gives may not
manage products.
"""

from datetime import datetime

from django.db import transaction

from connections import operator_alerts
from connections.choices import NotificationKind, VkConnectionType
from connections.client_factory import vk_client
from connections.clients.error_catalog import OwnError, VkError, VkIdError
from connections.clients.errors import ActionRequired, AuthRevoked, ClientError
from connections.clients.patience import Patience
from connections.clients.vk import calls
from connections.models import VkConnection
from connections.status import notify_on_commit
from connections.vk.tokens import refresh_vk_token


def code_of_missing_right(app_id: str) -> str:
    """Return why a login through this app came without the right: the merchant left it out, or VK did."""
    if app_has_right(app_id):
        return VkError.RIGHTS_CHANGED
    return VkIdError.NO_MARKET_RIGHT


def app_has_right(app_id: str) -> bool:
    """Return True if VK has given the right to another login through this app."""
    return VkConnection.objects.of_app(app_id).with_market_scope().exists()


def look_again_for_others(connection: VkConnection) -> None:
    """Let the next round look at every login that waits, since the app of this one has the right now."""
    if connection.connection_type == VkConnectionType.VK_ID and connection.has_market_scope:
        VkConnection.objects.of_app(connection.app_id).waiting_for_right().update(last_checked_at=None)


def look_for_right(connection: VkConnection, *, now: datetime, patience: Patience | None = None) -> bool:
    """Ask whether the right has come; return True if the connection can be used from now on.

    VK names a token's rights when it renews it. If it gives them to new logins only, another merchant's
    login through the same app shows that the right is there. Raises TooSlow where VK takes longer than
    `patience` has.
    """
    try:
        connection = refresh_vk_token(connection, now=now, patience=patience)
        if connection.has_market_scope or _may_read_items(connection, patience):
            # A merchant who chose the community while waiting need do nothing more.
            code = "" if connection.group_id else OwnError.NO_COMMUNITY
            return _end_waiting(connection, error="", told=code, now=now)
        if app_has_right(connection.app_id):
            _end_waiting(connection, error=VkError.RIGHTS_CHANGED, told=VkError.RIGHTS_CHANGED, now=now)
            return False
    except AuthRevoked as error:
        # The refresher has taken the connection offline; nobody else would tell a merchant who only waits.
        notify_on_commit(connection, NotificationKind.LOST, code=error.code)
    except ClientError as error:
        operator_alerts.report(error)
    VkConnection.objects.only_row(connection).update(last_checked_at=now)
    return False


def _may_read_items(connection: VkConnection, patience: Patience | None) -> bool:
    if connection.group_id is None:
        return False
    try:
        vk_client(connection, patience=patience).run(calls.get_items(connection.group_id, 0, 1))
    except (AuthRevoked, ActionRequired):
        return False
    return True


def _end_waiting(connection: VkConnection, *, error: str, told: str, now: datetime) -> bool:
    """Leave the state of waiting and tell the merchant; return True if this process did."""
    with transaction.atomic():
        row = VkConnection.objects.select_for_update().waiting_for_right().only_row(connection).first()
        if row is None:
            return False
        row.last_error, row.last_checked_at = error, now
        row.save(update_fields=["last_error", "last_checked_at", "updated_at"])
        notify_on_commit(row, NotificationKind.GRANTED, code=told)
    connection.last_error = error
    return True
