"""What a run needs of a merchant's account: both connections, and whether the account is being closed."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from connections.clients.error_catalog import OwnError
from connections.models import EvotorConnection, VkConnection
from evosync.common.kept_statements import object_of
from syncing.models import AccountClosure
from syncing.services.errors import CannotSync

PARTS = ("evotor_connection", "vk_connection", "account_closure")


@dataclass(frozen=True, slots=True)
class Account:
    """A merchant's account at one moment."""

    evotor: EvotorConnection | None
    vk: VkConnection | None
    closure: AccountClosure | None


def account_of(user: User) -> Account:
    """Return the merchant's account as it is now, read in one statement."""
    row = object_of(_with_parts, user.pk)
    evotor, vk, closure = (getattr(row, part, None) for part in PARTS)
    return Account(evotor, vk, closure)


def _with_parts(user_id: int) -> QuerySet[User]:
    return User.objects.select_related(*PARTS).filter(pk=user_id)


def vk_connection(user: User) -> VkConnection:
    """Return the merchant's connection to a VK community as it is now, or raise CannotSync."""
    return usable_vk(object_of(_vk_of, user.pk))


def _vk_of(user_id: int) -> QuerySet[VkConnection]:
    return VkConnection.objects.filter(user=user_id)


def evotor_connection(user: User) -> EvotorConnection:
    """Return the merchant's connection to the till as it is now, or raise CannotSync."""
    return usable_evotor(object_of(_evotor_of, user.pk))


def _evotor_of(user_id: int) -> QuerySet[EvotorConnection]:
    return EvotorConnection.objects.filter(user=user_id)


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
