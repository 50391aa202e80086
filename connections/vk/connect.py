"""Connects a VK community after five checks, and disconnects it."""

import logging
from collections.abc import Callable, Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from connections.choices import CheckCode, RefusalCode, VkConnectionType
from connections.client_factory import vk_client_for
from connections.clients.error_catalog import VkError
from connections.clients.errors import AuthRevoked, ClientError, Suspended, Transient
from connections.clients.service import Service
from connections.clients.vk import calls
from connections.clients.vk.client import VkClient
from connections.clients.vk.records import VkCommunity
from connections.errors import CannotConnect, Check, clean_token, refusal_of, refused_when_silent
from connections.models import VkConnection
from connections.signals import service_disconnected
from connections.status import record_connected
from connections.vk.community_address import parse_group
from connections.vk.tokens import vk_id_client

log = logging.getLogger(__name__)

EDITOR = 2
# The rights that the checks try out; VK does not say which a pasted token has. Photos need no more.
PROVEN_SCOPE = "market groups"
# What a token cannot pass without the right to products.
OF_THE_RIGHT = frozenset({CheckCode.SCOPE, CheckCode.PHOTOS})
ROUBLE = 643


def check_vk(client: VkClient, group: int | str, *, is_pasted: bool = True) -> list[Check]:
    """Try what a sync needs in this community: five checks, each failed one with its next step.

    What a failed check makes pointless is left out. `is_pasted` says whom the sentences speak to. Raises
    ClientError only when VK could not be asked (away, too fast, paused): no check is known then.
    """
    return _Checks(client, group, is_pasted=is_pasted).run()


class _Checks:
    """The five checks of one token and one community, and what they found out."""

    def __init__(self, client: VkClient, group: int | str, *, is_pasted: bool) -> None:
        self._client, self._group, self._is_pasted = client, group, is_pasted
        self.user_id: int | None = None
        self.community: VkCommunity | None = None

    def run(self) -> list[Check]:
        """Return the checks as far as they make sense."""
        user = self._try(CheckCode.USER, self._user)
        if not user.ok:
            return [user]
        role = self._try(CheckCode.ROLE, self._role)
        if self.community is None:
            return [user, role]
        group_id = self.community.id
        checks = [user, role, _check_market(self.community)]
        if not (role.ok and self.community.market_enabled):
            return checks
        scope = self._try(CheckCode.SCOPE, lambda: self._scope(group_id))
        if not scope.ok:
            return [*checks, scope]
        return [*checks, scope, self._try(CheckCode.PHOTOS, lambda: self._photos(group_id))]

    def _user(self) -> Check:
        person = self._client.run(calls.get_user())
        if not person.id:
            raise AuthRevoked(Service.VK, VkError.GROUP_TOKEN, method="users.get")
        self.user_id = person.id
        name = f"{person.first_name} {person.last_name}".strip()
        return Check(CheckCode.USER, True, _("VK lets EvoSync in as %(name)s.") % {"name": name})

    def _role(self) -> Check:
        try:
            self.community = self._client.run(calls.get_community(self._group))
        except ClientError as error:
            if error.code == VkError.INVALID_PARAMETER:
                # The one value here is the community: the catalog's words are about goods.
                return _no_such_community()
            raise
        return _check_role(self.community)

    def _scope(self, group_id: int) -> Check:
        self._client.run(calls.get_items(group_id, 0, 1))
        return Check(CheckCode.SCOPE, True, _("EvoSync may manage goods."))

    def _photos(self, group_id: int) -> Check:
        self._client.run(calls.photo_upload_server(group_id))
        return Check(CheckCode.PHOTOS, True, _("VK takes photos for goods."))

    def _try(self, code: CheckCode, check: Callable[[], Check]) -> Check:
        try:
            return check()
        except (Transient, Suspended):
            raise
        except ClientError as error:
            if self._is_pasted and (refused := token_refusal(error)):
                return Check(code, False, *refused)
            reason = refusal_of(error)
            next_step = reason.next_step or _("Connect VK again, then check again.")
            return Check(code, False, reason.text, next_step)


def token_refusal(error: ClientError) -> tuple[str, str] | None:
    """Return what is wrong with a token that somebody has just pasted, and their next step."""
    if error.code in (VkError.GROUP_TOKEN, VkError.APP_TOKEN):
        return (
            _("This token is not a person's: VK lets only people manage goods."),
            _("Paste the token of a person who manages the community."),
        )
    if error.code in (VkError.ACCESS_DENIED, VkError.RIGHTS_CHANGED):
        return (
            _("This token has no right to products."),
            _(
                "Ask for one with the right “Products” (market); VK gives it only to apps that it has "
                "approved."
            ),
        )
    if error.code in (VkError.AUTH_FAILED, VkError.TOKEN_EXPIRED):
        return _dead_token(error)
    return None


def _dead_token(error: ClientError) -> tuple[str, str]:
    if error.code == VkError.TOKEN_EXPIRED or "expired" in error.text:
        return _("This token has run out."), _("Ask for a new one where you got it.")
    if "ip address" in error.text:
        return (
            _("VK takes this token only from the computer that it was made on."),
            _("Ask for one that is made for a server."),
        )
    if "revoke" in error.text:
        return _("The access of this token was taken back in VK."), _("Ask for a new one where you got it.")
    return (
        _("VK does not know this token: it is cut off, mistyped or of another service."),
        _("Copy all of it again and paste it here."),
    )


def _no_such_community() -> Check:
    return Check(
        CheckCode.ROLE,
        False,
        _("VK does not know this community."),
        _("Copy the link of your community from VK's address line and paste it again."),
    )


def _check_role(community: VkCommunity) -> Check:
    if community.admin_level >= EDITOR:
        return Check(CheckCode.ROLE, True, _("You may edit “%(name)s”.") % {"name": community.name})
    return Check(
        CheckCode.ROLE,
        False,
        _("The person who gave the access is not an editor of “%(name)s”.") % {"name": community.name},
        _("In VK open Manage, Members, Managers and make this person an editor or an administrator."),
    )


def _check_market(community: VkCommunity) -> Check:
    if not community.market_enabled:
        return Check(
            CheckCode.MARKET,
            False,
            _("Products are turned off in this community."),
            _("In VK open Manage, Sections (or Products) and turn Products on."),
        )
    if community.currency_id not in (None, ROUBLE):
        return Check(
            CheckCode.MARKET,
            False,
            _("The shop's currency is not the rouble: prices from the till would be wrong."),
            _("In VK open Manage, Products and choose the Russian rouble."),
        )
    return Check(CheckCode.MARKET, True, _("Products are on and priced in roubles."))


def connect_vk(
    user: User,
    *,
    token: str,
    group: int | str,
    now: datetime,
) -> VkConnection:
    """Connect a community to the merchant with a token, after the five checks.

    An existing connection changes its token and may change its community. Raises CannotConnect, with
    the checks inside and nothing changed, when a check fails or VK could not be asked or was silent.
    """
    token = clean_token(token)
    if isinstance(group, str):
        group = parse_group(group)
    values: dict[str, object] = {
        "access_token": token,
        # A pasted token comes without what VK ID tells of its own.
        "refresh_token": "",
        "token_expires_at": None,
        "scope": PROVEN_SCOPE,
        "app_id": "",
        "device_id": "",
        "token_refreshed_at": None,
        "connection_type": VkConnectionType.PASTED,
    }
    with refused_when_silent(Service.VK) as patience:
        found = community_values(vk_client_for(token, patience=patience), group, is_pasted=True)
    return save_community(user, values | found, now)


def community_values(
    client: VkClient, group: int | str, *, is_pasted: bool, without: Collection[CheckCode] = ()
) -> dict[str, object]:
    """Return what the checks found out about the community, or raise the first failed check as a refusal.

    Checks of `without` may fail.
    """
    tried = _Checks(client, group, is_pasted=is_pasted)
    try:
        checks = tried.run()
    except ClientError as error:
        raise refusal_of(error) from None
    failed = next((check for check in checks if not check.ok and check.code not in without), None)
    community = tried.community
    if failed is not None or community is None:
        bad = failed or checks[0]
        raise CannotConnect(RefusalCode.of_check(bad.code), bad.text, bad.next_step, checks=checks)
    return {
        "group_id": community.id,
        "group_name": community.name[:255],
        "group_screen_name": community.screen_name[:255],
        "vk_user_id": tried.user_id,
    }


def save_community(user: User, values: dict[str, object], now: datetime) -> VkConnection:
    """Write what is known of the community into the merchant's connection, online from now on."""
    try:
        return _save_community(user, values, now)
    except IntegrityError:
        # Another tab has made the connection in the same moment: it is there to be changed.
        return _save_community(user, values, now)


def _save_community(user: User, values: dict[str, object], now: datetime) -> VkConnection:
    with transaction.atomic():
        connection = VkConnection.objects.select_for_update().for_user(user).first() or VkConnection(
            user=user
        )
        was_online, before = connection.is_online, connection.group_id
        # Another token or community has limits of its own.
        connection.method_rests = connection.text_limits = None
        for name, value in values.items():
            setattr(connection, name, value)
        connection.connected_at = connection.last_checked_at = now
        connection.is_online, connection.last_error, connection.paused_until = True, "", None
        connection.save()
        if before not in (None, connection.group_id):
            service_disconnected.send(sender=VkConnection, user_id=user.pk)
        record_connected(connection, was_online=was_online, now=now)
    return connection


def disconnect_vk(user: User) -> bool:
    """Forget the merchant's community and every token of it; return True if there was one.

    Items in VK and their listings stay: the same community connected again finds its items.
    """
    with transaction.atomic():
        connection = VkConnection.objects.select_for_update().for_user(user).first()
        if connection is None:
            return False
        connection.delete()
        service_disconnected.send(sender=VkConnection, user_id=user.pk)
    _end_session(connection)
    return True


def _end_session(connection: VkConnection) -> None:
    """Tell VK ID that the token is not needed any more; it would end by itself, so a failure is nothing."""
    if connection.connection_type != VkConnectionType.VK_ID:
        return
    try:
        vk_id_client(connection.app_id).revoke(connection.access_token)
    except ClientError as error:
        log.info("VK ID did not revoke the token of a connection that is gone: %s", error.code)
