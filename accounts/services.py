"""Closes accounts and exports their data."""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from allauth.account.models import EmailAddress
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import QuerySet

from accounts.choices import ItemsAfterClosure
from accounts.models import SecurityEvent, SupportVisit, User
from accounts.signals import account_closing, account_deleting, data_export_requested

ROWS_AT_ONCE = 200


def close_account(user: User, *, goods: ItemsAfterClosure) -> bool:
    """Close the account; return True if it is deleted already.

    From now on nobody can log in to it. False: the goods are still being hidden or removed in VK,
    and the account goes when that is done. Raises ClosingRefused, with nothing changed.
    """
    with transaction.atomic():
        if goods != ItemsAfterClosure.LEAVE:
            answers = account_closing.send(sender=User, user=user, goods=goods)
            if not all(is_done for _receiver, is_done in answers):
                user.is_active = False
                user.save(update_fields=["is_active", "updated_at"])
                return False
        delete_account(user)
    return True


def reopen_account(user: User) -> None:
    """Let the owner of a closed account log in again: what they asked for could not be done."""
    user.is_active = True
    user.save(update_fields=["is_active", "updated_at"])


def delete_account(user: User) -> None:
    """Delete the user and every row that belongs to them."""
    with transaction.atomic():
        account_deleting.send(sender=User, user=user)
        # What others would add to the account meanwhile waits, and then finds it gone.
        User.objects.select_for_update().filter(pk=user.pk).first()
        user.delete()


def export_data(user: User) -> bytes:
    """Return a ZIP archive of JSON files with what we keep of the user, without secrets."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        files: dict[str, Iterable[Mapping[str, Any]]] = {"profile": _profile(user)}
        for _receiver, more in data_export_requested.send(sender=User, user=user):
            files |= cast("dict[str, Iterable[Mapping[str, Any]]]", more)
        for name, rows in files.items():
            with archive.open(f"{name}.json", "w") as file:
                for piece in _json_of(rows):
                    file.write(piece.encode())
    return buffer.getvalue()


def _json_of(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the rows as a JSON list, one at a time: all goods with their texts would fill the memory."""
    between = "[\n  "
    for row in rows.iterator(ROWS_AT_ONCE) if isinstance(rows, QuerySet) else rows:
        text = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        # A line break within a text is escaped.
        yield between + text.replace("\n", "\n  ")
        between = ",\n  "
    yield "[]" if between == "[\n  " else "\n]"


def _profile(user: User) -> list[dict[str, object]]:
    return [
        {
            "email": user.email,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "phone": user.phone,
            "language": user.language,
            "created_at": user.created_at,
            "last_login": user.last_login,
            "support_may_look_until": user.support_until,
            "visits_of_support": list(
                SupportVisit.objects.for_merchant(user).values("staff_email", "started_at", "ended_at")
            ),
            "security_events": list(
                SecurityEvent.objects.for_user(user).values(
                    "kind", "detail", "ip", "user_agent", "times", "created_at"
                )
            ),
            "addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        }
    ]


def set_wants_notifications(user: User, *, wants: bool) -> None:
    """Switch the emails about the shop on or off."""
    user.wants_notifications = wants
    user.save(update_fields=["wants_notifications", "updated_at"])
