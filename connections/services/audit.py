"""The record of every binding that was made, refused or ended."""

from accounts.models import User
from connections.models import BindingAudit


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
