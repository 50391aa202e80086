"""The record of every link between a till account and a merchant: made, refused or ended."""

from functools import partial

from django.core.cache import cache
from django.db import transaction

from accounts.models import User
from connections.choices import LinkingEvent, NotificationKind
from connections.clients.service import Service
from connections.models import EvotorConnection, LinkingRecord
from connections.queue import enqueue_notification

HOUR = 3600


def record_linking(
    event: LinkingEvent,
    *,
    user: User | None,
    evotor_user_id: str | None = "",
    detail: str = "",
) -> LinkingRecord:
    """Record who was linked to which till account, or who tried. `detail` is a code, never a secret."""
    return LinkingRecord.objects.create(
        event=event, user=user, evotor_user_id=evotor_user_id or "", detail=detail
    )


def notify_owner_of_attempt(evotor_user_id: str) -> None:
    """Email the owner that somebody tried to connect their till elsewhere, once an hour at most."""
    owner = EvotorConnection.objects.of_account(evotor_user_id).values_list("user_id", flat=True).first()
    if owner is not None and cache.add(f"attempt-told:{owner}", 1, HOUR):
        transaction.on_commit(partial(enqueue_notification, owner, Service.EVOTOR, NotificationKind.ATTEMPT))
