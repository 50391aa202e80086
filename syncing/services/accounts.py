"""What a run needs of a merchant's account: both connections, and whether the account is being closed."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from connections.clients.error_catalog import OwnError
from connections.models import EvotorConnection, VkConnection
from evosync.common.rows import row_or_none
from syncing.models import AccountClosure
from syncing.services.errors import CannotSync


@dataclass(frozen=True, slots=True)
class Account:
    """A merchant's account at one moment."""

    evotor: EvotorConnection | None
    vk: VkConnection | None
    closure: AccountClosure | None


def account_of(user: User) -> Account:
    """Return the merchant's account as it is now, read in one statement."""
    parts = ("evotor_connection", "vk_connection", "account_closure")
    row = row_or_none(User.objects.select_related(*parts).filter(pk=user.pk))
    evotor, vk, closure = (getattr(row, part, None) for part in parts)
    return Account(evotor, vk, closure)


def vk_connection(user: User) -> VkConnection:
    """Return the merchant's connection to a VK community as it is now, or raise CannotSync."""
    return usable_vk(row_or_none(VkConnection.objects.filter(user=user)))


def evotor_connection(user: User) -> EvotorConnection:
    """Return the merchant's connection to the till as it is now, or raise CannotSync."""
    return usable_evotor(row_or_none(EvotorConnection.objects.filter(user=user)))


def usable_vk(connection: VkConnection | None) -> VkConnection:
    """Return a connection that leads to a community, or raise CannotSync."""
    if connection is None or not connection.access_token:
        raise CannotSync(
            OwnError.NO_VK, _("VK is not connected, so no goods can be shown there. Connect VK first.")
        )
    if connection.group_id is None:
        raise CannotSync(
            OwnError.NO_COMMUNITY, _("No VK community is chosen yet. Choose one on the Connections page.")
        )
    return connection


def usable_evotor(connection: EvotorConnection | None) -> EvotorConnection:
    """Return a connection that leads to a till, or raise CannotSync."""
    if connection is None or not connection.access_token:
        raise CannotSync(
            OwnError.NO_EVOTOR,
            _("Evotor is not connected, so the till cannot be read. Connect Evotor first."),
        )
    return connection
