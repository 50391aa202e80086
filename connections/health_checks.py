"""The health of connections: who is asked, what an answer changes, and who is told.

A change of state is a row that exactly one process changed, so the log line and the notice that
follow it exist once, however many workers saw the same error.
"""

from datetime import datetime, timedelta

from django.db import transaction

from connections import signals
from connections.client_factory import evotor_client, vk_client
from connections.clients.error_catalog import EvotorError, VkError
from connections.clients.errors import ActionRequired, AuthRevoked, ClientError, Suspended
from connections.clients.vk import calls
from connections.clients.vk.records import VkCommunity
from connections.models import EvotorConnection, HealthCheckLog, Service, VkConnection
from connections.vk.tokens import refresh_vk_token

EVERY = timedelta(minutes=10)
EDITOR = 2
# A VK ID token that VK calls dead may be replaced by its refresh token.
REPLACEABLE = {VkError.AUTH_FAILED, VkError.TOKEN_EXPIRED, VkError.TOKEN_EXTENSION_REQUIRED}

AnyConnection = EvotorConnection | VkConnection


def service_of(connection: AnyConnection) -> Service:
    """Return which end this is."""
    return Service.VK if isinstance(connection, VkConnection) else Service.EVOTOR


def mark_offline(connection: AnyConnection, *, error: ClientError, now: datetime) -> bool:
    """Take the connection out of work until the merchant repairs it; say whether this changed anything.

    An error that an older token earned says nothing of the token in the row and is left aside.
    """
    return go_offline(connection, error.code, now=now)


def go_offline(connection: AnyConnection, code: str, *, now: datetime) -> bool:
    """Do what `mark_offline` does, for a fault that is known by its code alone."""
    with transaction.atomic():
        row = _locked(connection)
        if row is None or row.access_token != connection.access_token:
            return False
        changed = row.is_online
        row.is_online, row.last_error, row.last_checked_at = False, code[:64], now
        row.save(update_fields=["is_online", "last_error", "last_checked_at", "updated_at"])
        if changed:
            _record(row, HealthCheckLog.Event.OFFLINE, code, now)
            _tell_later(row, signals.on_disconnected, "lost")
    _mirror(connection, row)
    return changed


def mark_online(connection: AnyConnection, *, now: datetime) -> bool:
    """Note that the service has just answered this connection; say whether it had been offline."""
    with transaction.atomic():
        row = _locked(connection)
        if row is None or row.access_token != connection.access_token:
            return False
        if isinstance(row, EvotorConnection) and row.uninstalled_at is not None:
            return False
        changed, was_lost = not row.is_online, row.last_error != ""
        row.is_online, row.last_error, row.last_checked_at, row.paused_until = True, "", now, None
        row.save(update_fields=["is_online", "last_error", "last_checked_at", "paused_until", "updated_at"])
        if changed:
            _record(row, HealthCheckLog.Event.ONLINE, "", now)
            # A connection that was never lost has nothing to recover from.
            _tell_later(row, signals.on_connected, "back" if was_lost else "")
    _mirror(connection, row)
    return changed


def pause(connection: AnyConnection, *, until: datetime, error: ClientError) -> None:
    """Let all work of this connection rest until then; a longer rest that is already set stays."""
    with transaction.atomic():
        row = _locked(connection)
        if row is None:
            return
        row.paused_until = max(until, row.paused_until or until)
        row.last_error = error.code[:64]
        row.save(update_fields=["paused_until", "last_error", "updated_at"])
    _mirror(connection, row)


def _locked(connection: AnyConnection) -> AnyConnection | None:
    if isinstance(connection, VkConnection):
        return VkConnection.objects.select_for_update().filter(pk=connection.pk).first()
    return EvotorConnection.objects.select_for_update().filter(pk=connection.pk).first()


def _mirror(connection: AnyConnection, row: AnyConnection) -> None:
    """Let the caller's copy say what the row says."""
    for name in ("is_online", "last_error", "last_checked_at", "paused_until"):
        setattr(connection, name, getattr(row, name))


def _record(row: AnyConnection, event: str, detail: str, now: datetime) -> None:
    if row.user_id is None:
        return
    HealthCheckLog.objects.create(
        user_id=row.user_id, service=service_of(row), event=event, detail=detail[:255], checked_at=now
    )


def note_connected(row: AnyConnection, *, was_online: bool, now: datetime) -> None:
    """Log that the merchant connected this end himself, and tell the apps above; no notice is needed."""
    if not was_online:
        _record(row, HealthCheckLog.Event.ONLINE, "", now)
    _tell_later(row, signals.on_connected, "")


def note_disconnected(user_id: int, service: str) -> None:
    """Tell the apps above that the merchant let go of this end."""
    transaction.on_commit(lambda: signals.announce(signals.on_disconnected, user_id, service))


def _tell_later(row: AnyConnection, hooks: list[signals.Hook], notice: str) -> None:
    from connections.tasks import send_notice

    user_id, service, code = row.user_id, service_of(row).value, row.last_error
    if user_id is None:
        return

    def tell() -> None:
        if notice:
            send_notice.send(user_id, service, notice, code)
        signals.announce(hooks, user_id, service)

    transaction.on_commit(tell)


def check_health(connection: AnyConnection, *, now: datetime) -> bool:
    """Ask the service one cheap question and keep what the answer means; return whether it is online.

    A service that is away or overloaded changes no state: that is not the merchant's to repair.
    """
    try:
        fault = _ask(connection, now)
    except Suspended as error:
        pause(connection, until=now + timedelta(seconds=error.pause_seconds), error=error)
        fault = None
    except (AuthRevoked, ActionRequired) as error:
        fault = error.code
    except ClientError:
        _touch(connection, now)
        return connection.is_online
    else:
        if fault is None:
            mark_online(connection, now=now)
    if fault is not None:
        go_offline(connection, fault, now=now)
    return connection.is_online


def _touch(connection: AnyConnection, now: datetime) -> None:
    type(connection).objects.filter(pk=connection.pk).update(last_checked_at=now)


def _ask(connection: AnyConnection, now: datetime) -> str | None:
    """Return the code of what is wrong in an answer, or None; raises ClientError where there is none."""
    if isinstance(connection, EvotorConnection):
        _ask_evotor(connection)
        return None
    try:
        return _ask_vk(connection)
    except AuthRevoked as error:
        if error.code not in REPLACEABLE or not connection.refresh_token:
            raise
        refresh_vk_token(connection, now=now)
        return _ask_vk(connection)


def _ask_evotor(connection: EvotorConnection) -> None:
    owner = next((store.user_id for store in evotor_client(connection).stores() if store.user_id), None)
    if owner and connection.evotor_user_id is None:
        # The account had no store, and so no known id, when it was connected.
        if EvotorConnection.objects.of_account(owner).exists():
            raise AuthRevoked("evotor", EvotorError.BOUND_ELSEWHERE, method="stores")
        EvotorConnection.objects.nameless(connection).update(evotor_user_id=owner)
        connection.evotor_user_id = owner


def _ask_vk(connection: VkConnection) -> str | None:
    client = vk_client(connection)
    if connection.group_id is None:
        client.run(calls.get_user())
        return None
    return fault_in(client.run(calls.get_community(connection.group_id)))


def fault_in(community: VkCommunity) -> str | None:
    """Return VK's own code for what keeps a sync out of this community, or None."""
    if community.admin_level < EDITOR:
        return VkError.MARKET_ACCESS_DENIED
    return None if community.market_enabled else VkError.PRODUCTS_DISABLED


def due_checks(now: datetime) -> list[tuple[str, int]]:
    """Return (service, user id) of every connection that was not asked in the last ten minutes."""
    # A little less than the schedule's step, or a check that ran a second late would skip a round.
    every = EVERY - timedelta(minutes=1)
    evotor = EvotorConnection.objects.installed().due(now, every).values_list("user_id", flat=True)
    vk = VkConnection.objects.due(now, every).values_list("user_id", flat=True)
    return [(Service.EVOTOR.value, pk) for pk in evotor if pk] + [(Service.VK.value, pk) for pk in vk]


def find_connection(service: str, user_id: int) -> AnyConnection | None:
    """Return the merchant's connection to this service, if there is one with a token."""
    if service == Service.VK:
        return VkConnection.objects.claimed().for_user(user_id).first()
    return EvotorConnection.objects.claimed().installed().for_user(user_id).first()
