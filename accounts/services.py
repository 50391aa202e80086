"""Closing an account and handing out its data."""

import io
import json
import zipfile

from allauth.account.models import EmailAddress
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from accounts.models import SupportVisit, User
from accounts.signals import Goods, on_account_closing, own_data


def close_account(user: User, *, goods: Goods) -> bool:
    """Close the account; say whether it is gone already.

    From now on nobody can log in to it. False: the goods are still being hidden or removed in VK,
    and the account goes when that is done. Raises ClosingRefused, with nothing changed.
    """
    with transaction.atomic():
        if goods != Goods.LEAVE:
            finished = [hook(user, goods) for hook in on_account_closing]
            if not all(finished):
                user.is_active = False
                user.save(update_fields=["is_active", "updated_at"])
                return False
        delete_account(user)
    return True


def reopen_account(user: User) -> None:
    """Let the owner of a closed account in again: what he asked for on leaving could not be done."""
    user.is_active = True
    user.save(update_fields=["is_active", "updated_at"])


def delete_account(user: User) -> None:
    """Delete the user and every row that belongs to them."""
    with transaction.atomic():
        user.delete()


def pack_own_data(user: User) -> bytes:
    """Return a ZIP archive of JSON files with what we keep of the user, without secrets."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        files = {"profile": _profile} | own_data
        for name, rows_of in files.items():
            text = json.dumps(list(rows_of(user)), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
            archive.writestr(f"{name}.json", text)
    return buffer.getvalue()


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
            "addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        }
    ]
