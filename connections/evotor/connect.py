"""Connects a till account by its token, and disconnects it."""

from datetime import datetime

from django.db import IntegrityError, OperationalError, transaction
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from connections.audit import notify_owner_of_attempt, record_linking
from connections.choices import CheckCode, EvotorConnectionType, LinkingEvent, RefusalCode
from connections.client_factory import evotor_client_for
from connections.clients.errors import ClientError
from connections.clients.evotor.client import EvotorClient
from connections.clients.evotor.records import EvotorProduct, EvotorStore
from connections.clients.service import Service
from connections.errors import CannotConnect, Check, clean_token, refusal_of, refused_when_silent
from connections.evotor.tokens import token_fingerprint
from connections.models import EvotorConnection
from connections.signals import service_disconnected
from connections.status import record_connected
from evosync.common.database_errors import DatabaseState, state_of_database

# Several tabs that link the same account in one moment come one after the other.
LINK_TRIES = 4


def connect_evotor(
    user: User,
    *,
    token: str,
    now: datetime,
    connection_type: str = EvotorConnectionType.MANUAL,
    refresh_token: str = "",
    expires_at: datetime | None = None,
) -> EvotorConnection:
    """Link the till account that this token opens to the merchant, after asking Evotor whose it is.

    The account's id comes from Evotor's answer and from nowhere else. Raises CannotConnect, with
    nothing changed, when Evotor refuses the token or does not answer soon, or the account belongs to
    somebody else.
    """
    token = clean_token(token)
    with refused_when_silent(Service.EVOTOR) as patience:
        try:
            stores = evotor_client_for(token, patience=patience).stores()
        except ClientError as error:
            raise refusal_of(error) from None
    secrets: dict[str, object] = {
        "access_token": token,
        "refresh_token": refresh_token,
        "token_expires_at": expires_at,
        "connection_type": connection_type,
    }
    return _link(user, _owner_of(stores), secrets, now)


def _owner_of(stores: list[EvotorStore]) -> str | None:
    return next((store.user_id for store in stores if store.user_id), None)


def _link(
    user: User, evotor_user_id: str | None, secrets: dict[str, object], now: datetime
) -> EvotorConnection:
    try:
        return _link_in_turn(user, evotor_user_id, secrets, now)
    except (CannotConnect, IntegrityError) as error:
        refusal = error if isinstance(error, CannotConnect) else _linked_elsewhere()
        record_linking(LinkingEvent.REFUSED, user=user, evotor_user_id=evotor_user_id, detail=refusal.code)
        if refusal.code == RefusalCode.LINKED_ELSEWHERE and evotor_user_id:
            notify_owner_of_attempt(evotor_user_id)
        raise refusal from None


def _link_in_turn(
    user: User, evotor_user_id: str | None, secrets: dict[str, object], now: datetime
) -> EvotorConnection:
    """Link, and again where another tab has linked in the same moment: the row says by now whose it is."""
    for _time in range(LINK_TRIES - 1):
        try:
            return _link_once(user, evotor_user_id, secrets, now)
        except IntegrityError:
            continue
        except OperationalError as error:
            if state_of_database(error) is not DatabaseState.BUSY:
                raise
    return _link_once(user, evotor_user_id, secrets, now)


def _link_once(
    user: User, evotor_user_id: str | None, secrets: dict[str, object], now: datetime
) -> EvotorConnection:
    with transaction.atomic():
        connection = _row_to_link(user, evotor_user_id, str(secrets["access_token"]))
        for name, value in secrets.items():
            setattr(connection, name, value)
        _finish(connection, user, evotor_user_id, now)
    return connection


def _row_to_link(user: User, evotor_user_id: str | None, token: str) -> EvotorConnection:
    """Return the locked row for this link: the same account's, an unclaimed one, or a new one."""
    rows = EvotorConnection.objects.select_for_update()
    mine = rows.for_user(user).first()
    fingerprint = token_fingerprint(token)
    known = rows.of_account(evotor_user_id) if evotor_user_id else rows.with_fingerprint(fingerprint)
    found = known.first()
    if found is None:
        if mine is None:
            return EvotorConnection()
        if mine.evotor_user_id in (None, evotor_user_id) or mine.access_token == token:
            return mine
        release_evotor(mine)
        return EvotorConnection()
    if found.user_id == user.pk:
        return found
    if found.user_id is not None:
        raise _linked_elsewhere()
    if found.access_token and found.access_token_hash != fingerprint:
        raise CannotConnect(
            RefusalCode.ANOTHER_TOKEN,
            _("Evotor has given us another token for this account since."),
            _("Copy the token that Evotor shows now, or use a link code."),
        )
    if mine is not None:
        release_evotor(mine)
    return found


def _linked_elsewhere() -> CannotConnect:
    return CannotConnect(
        RefusalCode.LINKED_ELSEWHERE,
        _("This Evotor account is connected to another EvoSync account."),
        _("Disconnect it there first."),
    )


def _finish(connection: EvotorConnection, user: User, evotor_user_id: str | None, now: datetime) -> None:
    was_online = connection.is_online and connection.user_id == user.pk
    connection.user = user
    connection.evotor_user_id = evotor_user_id or connection.evotor_user_id
    connection.access_token_hash = token_fingerprint(connection.access_token)
    connection.connected_at = connection.last_checked_at = now
    connection.is_online, connection.last_error = True, ""
    connection.uninstalled_at = connection.paused_until = None
    connection.save()
    record_linking(LinkingEvent.PASTED, user=user, evotor_user_id=connection.evotor_user_id)
    record_connected(connection, was_online=was_online, now=now)


def release_evotor(connection: EvotorConnection) -> None:
    """Unlink a till account from its owner and delete its tokens; call it inside a transaction.

    A row that Evotor's webhooks know stays as an unclaimed one, so that a later claim finds it.
    """
    record_linking(LinkingEvent.RELEASED, user=connection.user, evotor_user_id=connection.evotor_user_id)
    if connection.user_id is not None:
        service_disconnected.send(sender=EvotorConnection, user_id=connection.user_id)
    if connection.evotor_user_id is None:
        connection.delete()
        return
    connection.user = None
    connection.access_token = connection.refresh_token = connection.access_token_hash = ""
    connection.is_online = False
    connection.save()


def disconnect_evotor(user: User) -> bool:
    """Forget the merchant's till account and its tokens; return True if there was one.

    Items in VK and their listings stay as they are.
    """
    with transaction.atomic():
        connection = EvotorConnection.objects.select_for_update().for_user(user).first()
        if connection is None:
            return False
        release_evotor(connection)
    return True


def check_evotor(client: EvotorClient) -> list[Check]:
    """Try every right that a sync needs, one check each; ClientError only when Evotor is away.

    The right to stock shows in the goods alone: without it Evotor leaves the quantity out.
    """
    stores = client.stores()
    checks = [
        Check(
            CheckCode.STORES,
            bool(stores),
            ngettext("%(n)s store is visible.", "%(n)s stores are visible.", len(stores))
            % {"n": localize(len(stores))}
            if stores
            else _("Evotor shows no store yet."),
            "" if stores else _("Activate a till in Evotor; the store appears by itself."),
        )
    ]
    if stores:
        checks += _check_goods(client, stores[0].id)
    return checks


def _check_goods(client: EvotorClient, store_id: str) -> list[Check]:
    next_step = _("Tick this right for the application in Evotor and install it again.")
    try:
        page: list[EvotorProduct] = next(client.iter_products(store_id), [])
    except ClientError as error:
        reason = refusal_of(error)
        return [Check(CheckCode.PRODUCTS, False, reason.text, reason.next_step)]
    goods = [product for product in page if product.type != "SERVICE"]
    stock = not goods or any(product.quantity is not None for product in goods)
    return [
        Check(CheckCode.PRODUCTS, True, _("Goods can be read.")),
        Check(
            CheckCode.STOCK,
            stock,
            _("Stock can be read.")
            if stock
            else _("The right to read stock is missing: VK would show goods without a count."),
            "" if stock else next_step,
        ),
    ]
