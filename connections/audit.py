"""The record of every binding that was made, refused or ended."""

from django.core.cache import cache
from django.db import transaction

from accounts.models import User
from connections.models import BindingAudit, EvotorConnection

HOUR = 3600


def record_binding(
    event: str,
    *,
    user: User | None,
    evotor_user_id: str | None = "",
    detail: str = "",
    old_user: User | None = None,
) -> BindingAudit:
    """Write down who was bound to which till account, or who tried. `detail` is a code, never a secret."""
    return BindingAudit.objects.create(
        event=event, user=user, old_user=old_user, evotor_user_id=evotor_user_id or "", detail=detail
    )


def tell_owner_of_attempt(evotor_user_id: str) -> None:
    """Write to the owner that somebody tried to connect his till elsewhere, once an hour at most."""
    from connections.tasks import send_notice

    owner = EvotorConnection.objects.of_account(evotor_user_id).values_list("user_id", flat=True).first()
    if owner is not None and cache.add(f"attempt-told:{owner}", 1, HOUR):
        transaction.on_commit(lambda: send_notice.send(owner, "evotor", "attempt", ""))
