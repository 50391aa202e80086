"""The link by which a merchant's telephone adds photos at the shelf, without a login.

It is signed and lasts two hours. What is kept lies in the cache, one link a merchant: the next one, a
revocation, another password and a lost cache all end it.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User
from evosync.common import clock

LASTS = timedelta(hours=2)
NONCE_BYTES = 32
SALT = "syncing.shelf-link"


@dataclass(frozen=True, slots=True)
class ShelfLink:
    """A link that works: the last part of its address, and when it ends."""

    token: str
    ends_at: datetime


def issue_link(user: User) -> ShelfLink:
    """Return a new link; the merchant's earlier one ends."""
    nonce, ends_at = secrets.token_urlsafe(NONCE_BYTES), clock.now() + LASTS
    kept = {"nonce": nonce, "ends_at": ends_at.isoformat(), "password": _password_mark(user)}
    cache.set(_key(user.pk), kept, LASTS.total_seconds())
    return ShelfLink(_token(user.pk, nonce), ends_at)


def link_of(user: User) -> ShelfLink | None:
    """Return the merchant's link while it works."""
    kept = cache.get(_key(user.pk))
    if not kept or not constant_time_compare(kept["password"], _password_mark(user)):
        return None
    ends_at = datetime.fromisoformat(kept["ends_at"])
    return ShelfLink(_token(user.pk, kept["nonce"]), ends_at) if ends_at > clock.now() else None


def revoke_link(user: User) -> bool:
    """End the merchant's link; return True if there was one."""
    return cache.delete(_key(user.pk))


def user_at(token: str) -> User | None:
    """Return whose link this is, None where it does not work or never did."""
    number = token.partition("-")[0]
    if not number.isdecimal() or len(number) > len(str(2**63)):
        return None
    user = User.objects.filter(pk=int(number), is_active=True).first()
    link = link_of(user) if user else None
    return user if link and constant_time_compare(link.token, token) else None


def _key(user_id: int) -> str:
    return f"shelf-link:{user_id}"


def _token(user_id: int, nonce: str) -> str:
    """Return the signed token: what lies in the cache alone opens nothing."""
    signature = salted_hmac(SALT, f"{user_id}:{nonce}", algorithm="sha256").hexdigest()
    return f"{user_id}-{nonce}-{signature}"


def _password_mark(user: User) -> str:
    """Return what changes with the password and with the end of all sessions."""
    return salted_hmac(SALT, user.get_session_auth_hash(), algorithm="sha256").hexdigest()
