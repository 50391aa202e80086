"""Changes the status of a connection: online, offline, paused.

Exactly one process changes a row's status, so the log line and the notification that follow exist
once, however many workers see the same error.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from connections.choices import HealthEvent, NotificationKind
from connections.clients.service import Service
from connections.models import EvotorConnection, HealthCheckLog, VkConnection
from connections.operator_alerts import resolve_for
from connections.queue import enqueue_notification
from connections.signals import service_connected
from evosync.common import clock

AnyConnection = EvotorConnection | VkConnection


def service_of(connection: AnyConnection) -> Service:
    """Return which service this connection leads to."""
    return Service.VK if isinstance(connection, VkConnection) else Service.EVOTOR


def mark_offline(connection: AnyConnection, *, code: str, now: datetime) -> bool:
    """Stop using the connection until the merchant repairs it; return True if this changed its status.

    An error that an older token caused says nothing of the token in the row and is ignored.
    """
    with transaction.atomic():
        row = _locked(connection)
        if row is None or row.access_token != connection.access_token:
            return False
        is_change = row.is_online
        row.is_online, row.last_error, row.last_checked_at = False, code[:64], now
        row.save(update_fields=["is_online", "last_error", "last_checked_at", "updated_at"])
        if is_change:
            record_health_event(row, HealthEvent.OFFLINE, now=now, detail=code)
            notify_on_commit(row, NotificationKind.LOST, code=row.last_error)
    _copy_status(connection, row)
    return is_change


def mark_online(connection: AnyConnection, *, now: datetime) -> bool:
    """Note that the service has just answered; return True if the connection was offline before."""
    if _stamp_online(connection, now):
        return False
    with transaction.atomic():
        row = _locked(connection)
        if row is None or row.access_token != connection.access_token:
            return False
        if isinstance(row, EvotorConnection) and row.uninstalled_at is not None:
            return False
        is_change, was_lost = not row.is_online, row.last_error != ""
        row.is_online, row.last_error, row.last_checked_at, row.paused_until = True, "", now, None
        row.save(update_fields=["is_online", "last_error", "last_checked_at", "paused_until", "updated_at"])
        if is_change:
            record_health_event(row, HealthEvent.ONLINE, now=now)
            # A connection that was never lost has nothing to recover from.
            if was_lost:
                notify_on_commit(row, NotificationKind.BACK)
            _announce_on_commit(row)
    _copy_status(connection, row)
    resolve_for(service_of(row), now=now)
    return is_change


def _stamp_online(connection: AnyConnection, now: datetime) -> bool:
    """Stamp a connection whose status stays as it is; return True if it is one.

    Whose token has answered does not matter then: one that is offline or gone is not stamped.
    """
    stands: dict[str, Any] = {"last_error": "", "paused_until": None}
    if isinstance(connection, EvotorConnection):
        stands["uninstalled_at"] = None
    rows = type(connection).objects.online().filter(pk=connection.pk, **stands)
    if not rows.update(last_checked_at=now, updated_at=now):
        return False
    connection.is_online, connection.last_error, connection.paused_until = True, "", None
    connection.last_checked_at = now
    resolve_for(service_of(connection), now=now)
    return True


def mark_paused(connection: AnyConnection, *, until: datetime, code: str) -> None:
    """Send nothing over this connection until then; a longer pause that is already set stays."""
    with transaction.atomic():
        row = _locked(connection)
        if row is None:
            return
        before = row.paused_until if row.is_paused(clock.now()) else None
        row.paused_until = max(until, before or until)
        row.last_error = code[:64]
        row.save(update_fields=["paused_until", "last_error", "updated_at"])
    _copy_status(connection, row)


def suspend_method(connection: VkConnection, method: str, *, until: datetime, code: str) -> None:
    """Send no call of this method before then; everything else goes on."""
    with transaction.atomic():
        row = VkConnection.objects.select_for_update().only_row(connection).first()
        if row is None or row.access_token != connection.access_token:
            return
        row.method_rests = {**(row.method_rests or {}), method: {"until": until.isoformat(), "code": code}}
        row.save(update_fields=["method_rests", "updated_at"])
    connection.method_rests = row.method_rests


def record_text_limits(connection: VkConnection, lengths: Mapping[str, int], *, now: datetime) -> None:
    """Remember how long the texts are that VK took in place of longer ones, by field."""
    if not lengths:
        return
    with transaction.atomic():
        row = VkConnection.objects.select_for_update().only_row(connection).first()
        if row is None or row.group_id != connection.group_id:
            return
        learnt = {name: {"longest": longest, "at": now.isoformat()} for name, longest in lengths.items()}
        row.text_limits = {**(row.text_limits or {}), **learnt}
        row.save(update_fields=["text_limits", "updated_at"])
    connection.text_limits = row.text_limits


def record_connected(connection: AnyConnection, *, was_online: bool, now: datetime) -> None:
    """Log that the merchant connected the service, and tell the apps above. No notification is needed."""
    if not was_online:
        record_health_event(connection, HealthEvent.ONLINE, now=now)
    _announce_on_commit(connection)


def record_health_event(
    connection: AnyConnection, event: HealthEvent, *, now: datetime, detail: str = ""
) -> None:
    """Add a line to the merchant's health history; an account that nobody claimed has none."""
    if connection.user_id is not None:
        HealthCheckLog.objects.create(
            user_id=connection.user_id,
            service=service_of(connection),
            event=event,
            detail=detail[:255],
            checked_at=now,
        )


def _locked(connection: AnyConnection) -> AnyConnection | None:
    if isinstance(connection, VkConnection):
        return VkConnection.objects.select_for_update().only_row(connection).first()
    return EvotorConnection.objects.select_for_update().only_row(connection).first()


def _copy_status(connection: AnyConnection, row: AnyConnection) -> None:
    """Give the caller's object the status of the locked row."""
    for name in ("is_online", "last_error", "last_checked_at", "paused_until"):
        setattr(connection, name, getattr(row, name))


def notify_on_commit(row: AnyConnection, kind: NotificationKind, *, code: str = "") -> None:
    """Email the merchant about this connection once the change is stored; `code` explains it."""
    if row.user_id is not None:
        transaction.on_commit(partial(enqueue_notification, row.user_id, service_of(row), kind, code=code))


def _announce_on_commit(row: AnyConnection) -> None:
    if row.user_id is not None:
        transaction.on_commit(
            partial(
                service_connected.send, sender=type(row), user_id=row.user_id, service=service_of(row).value
            )
        )
