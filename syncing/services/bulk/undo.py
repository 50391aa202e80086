"""Keeps the merchant's last change of many goods for an hour, so that they can take it back."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError

from accounts.models import User
from evosync.common import clock
from syncing.choices import BulkAction
from syncing.services.bulk import categories, decisions, filters, words
from syncing.services.bulk.records import CannotChange, Change
from syncing.services.tables.taking_back import restore_table

KEEP_SECONDS = 3600
FRESH_SECONDS = 60
# How each kind of change is taken back. Fields that were given back are not: the next run overwrites them.
RESTORE: Mapping[str, Callable[[User, Change], int]] = {
    BulkAction.EXCLUDE: filters.restore,
    BulkAction.INCLUDE: filters.restore,
    BulkAction.CATEGORY: categories.restore,
    BulkAction.TEXT: words.restore_texts,
    BulkAction.ALBUM: words.restore_albums,
    BulkAction.ALLOW: decisions.restore,
    BulkAction.FORBID: decisions.restore,
    BulkAction.TABLE: restore_table,
}


@dataclass(frozen=True, slots=True)
class LastChange:
    """A change that can be taken back. `token` names it; `number` goods were changed.

    A fresh one was made within the last minute.
    """

    token: str
    action: str
    number: int
    is_fresh: bool = False


def remember(user: User, action: str, change: Change) -> None:
    """Keep a change in place of the one before; one that changed nothing is not kept."""
    if change.number and action in RESTORE:
        kept = {
            "token": secrets.token_urlsafe(12),
            "action": str(action),
            "change": asdict(change),
            "at": clock.time(),
        }
        cache.set(_key(user), kept, KEEP_SECONDS)


def require(user: User) -> None:
    """Raise RedisError while no change could be kept; one that cannot be taken back must not begin."""
    _kept(user)


def last_change(user: User) -> LastChange | None:
    """Return the change that can be taken back, None without one and while Redis is away."""
    try:
        kept = _kept(user)
    except RedisError:
        return None
    if kept is None:
        return None
    is_fresh = clock.time() - kept.get("at", 0) < FRESH_SECONDS
    return LastChange(kept["token"], kept["action"], kept["change"]["number"], is_fresh)


def take_back(user: User, token: str) -> int:
    """Write back what stood before the change; return for how many goods, 0 where it is no longer kept.

    Raises CannotChange; then nothing was changed, and it can be taken back later.
    """
    kept = _kept(user)
    if kept is None or kept["token"] != token:
        return 0
    cache.delete(_key(user))
    try:
        return RESTORE[kept["action"]](user, Change(**kept["change"]))
    except CannotChange:
        cache.set(_key(user), kept, KEEP_SECONDS)
        raise


def _kept(user: User) -> dict[str, Any] | None:
    kept: dict[str, Any] | None = cache.get(_key(user))
    return kept


def _key(user: User) -> str:
    return f"bulk-change-{user.pk}"
