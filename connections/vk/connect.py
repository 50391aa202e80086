"""Connects a VK community after five checks, and disconnects it."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from connections.choices import CheckCode, RefusalCode, VkConnectionType
from connections.client_factory import vk_client_for
from connections.clients.error_catalog import VkError
from connections.clients.errors import ClientError, Suspended, Transient
from connections.clients.vk import calls
from connections.clients.vk.client import VkClient
from connections.clients.vk.records import VkCommunity
from connections.errors import CannotConnect, Check, clean_token, refusal_of
from connections.models import VkConnection
from connections.status import record_connected
from connections.vk.community_address import parse_group
from connections.vk.tokens import vk_id_client

log = logging.getLogger(__name__)

EDITOR = 2
# The rights that the checks try out; VK does not say which a pasted token has.
PROVEN_SCOPE = "market photos"
ROUBLE = 643


def check_vk(client: VkClient, group: int | str) -> list[Check]:
    """Try what a sync needs in this community: five checks, each failed one with its next step.

    Raises ClientError only when VK could not be asked (away, too fast, paused): no check is known then.
    """
    return _run_checks(client, group)[0]


def _run_checks(client: VkClient, group: int | str) -> tuple[list[Check], VkCommunity | None, int | None]:
    user_id: int | None = None
    community: VkCommunity | None = None

    def user() -> Check:
        nonlocal user_id
        person = client.run(calls.get_user())
        user_id = person.id
        name = f"{person.first_name} {person.last_name}".strip()
        return Check(CheckCode.USER, True, _("VK knows the token: %(name)s.") % {"name": name})

    def role() -> Check:
        nonlocal community
        try:
            community = client.run(calls.get_community(group))
        except ClientError as error:
            if error.code == VkError.INVALID_PARAMETER:
                # The one value here is the community: the catalog's words are about goods.
                return _no_such_community()
            raise
        return _check_role(community)

    def scope() -> Check:
        client.run(calls.get_items(_id_of(community, group), 0, 1))
        return Check(CheckCode.SCOPE, True, _("The token may manage goods."))

    def photos() -> Check:
        client.run(calls.photo_upload_server(_id_of(community, group)))
        return Check(CheckCode.PHOTOS, True, _("VK takes photos for goods."))

    checks = [_try(CheckCode.USER, user), _try(CheckCode.ROLE, role)]
    checks.append(_check_market(community))
    if community is None and isinstance(group, str):
        checks += [_unknown(code) for code in (CheckCode.SCOPE, CheckCode.PHOTOS)]
    else:
        checks += [_try(CheckCode.SCOPE, scope), _try(CheckCode.PHOTOS, photos)]
    return checks, community, user_id


def _id_of(community: VkCommunity | None, group: int | str) -> int:
    return community.id if community is not None else int(group)


def _try(code: CheckCode, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except (Transient, Suspended):
        raise
    except ClientError as error:
        reason = refusal_of(error)
        return Check(code, False, reason.text, reason.next_step or _("Connect VK again, then check again."))


def _unknown(code: CheckCode) -> Check:
    return Check(
        code,
        False,
        _("It cannot be checked before the community is found."),
        _("Repair what stands above it first, then check again."),
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
        _("The owner of the token is not an editor of “%(name)s”.") % {"name": community.name},
        _("In VK open Manage, Members, Managers and make this person an editor or an administrator."),
    )


def _check_market(community: VkCommunity | None) -> Check:
    if community is None:
        return _unknown(CheckCode.MARKET)
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
    refresh_token: str = "",
    expires_at: datetime | None = None,
    scope: str = "",
    app_id: str = "",
    device_id: str = "",
) -> VkConnection:
    """Connect a community to the merchant with a token, after the five checks.

    An existing connection changes its token and may change its community. Raises CannotConnect, with
    the checks inside and nothing changed, when a check fails or VK could not be asked.
    """
    token = clean_token(token)
    if isinstance(group, str):
        group = parse_group(group)
    values: dict[str, object] = {
        "access_token": token,
        "refresh_token": refresh_token,
        "token_expires_at": expires_at,
        "scope": scope or PROVEN_SCOPE,
        "app_id": app_id,
        "device_id": device_id,
        "token_refreshed_at": now if refresh_token else None,
        "connection_type": VkConnectionType.PASTED,
    }
    return save_community(user, values | community_values(vk_client_for(token), group), now)


def community_values(client: VkClient, group: int | str) -> dict[str, object]:
    """Return what the checks found out about the community, or raise the first failed check as a refusal."""
    try:
        checks, community, user_id = _run_checks(client, group)
    except ClientError as error:
        raise refusal_of(error) from None
    failed = next((check for check in checks if not check.ok), None)
    if failed is not None or community is None:
        bad = failed or checks[0]
        raise CannotConnect(RefusalCode.of_check(bad.code), bad.text, bad.next_step, checks=checks)
    return {
        "group_id": community.id,
        "group_name": community.name[:255],
        "group_screen_name": community.screen_name[:255],
        "vk_user_id": user_id,
    }


def save_community(user: User, values: dict[str, object], now: datetime) -> VkConnection:
    """Write what is known of the community into the merchant's connection, online from now on."""
    with transaction.atomic():
        connection = VkConnection.objects.select_for_update().for_user(user).first() or VkConnection(
            user=user
        )
        was_online = connection.is_online
        # Another token or community has limits of its own.
        connection.method_rests = connection.text_limits = None
        for name, value in values.items():
            setattr(connection, name, value)
        connection.connected_at = connection.last_checked_at = now
        connection.is_online, connection.last_error, connection.paused_until = True, "", None
        connection.save()
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
