"""What a merchant's data export has from connections: facts and history, no secrets."""

from collections.abc import Iterable, Mapping
from typing import Any

from accounts.models import User
from connections.clients.service import Service
from connections.models import EvotorConnection, HealthCheckLog, LinkingRecord, VkConnection

COMMON = ("connection_type", "is_online", "last_error", "token_expires_at", "last_checked_at", "connected_at")


def connection_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return both connections, without tokens."""
    evotor = EvotorConnection.objects.for_user(user).values(*COMMON, "evotor_user_id")
    vk = VkConnection.objects.for_user(user).values(
        *COMMON, "app_id", "scope", "vk_user_id", "group_id", "group_name", "group_screen_name"
    )
    return [{"service": Service.EVOTOR} | row for row in evotor] + [
        {"service": Service.VK} | row for row in vk
    ]


def health_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return the changes of health, newest first."""
    return HealthCheckLog.objects.for_user(user).values("service", "event", "detail", "checked_at")


def linking_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return who was linked to which till account, newest first."""
    rows = LinkingRecord.objects.for_user(user)
    return rows.values("event", "evotor_user_id", "detail", "created_at")


def on_data_export_requested(
    sender: object, *, user: User, **_kwargs: object
) -> Mapping[str, Iterable[Mapping[str, Any]]]:
    """Return the files of this app."""
    return {
        "connections": connection_rows(user),
        "health": health_rows(user),
        "links": linking_rows(user),
    }
