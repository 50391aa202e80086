"""Keeps the merchant's last changes of many goods for an hour, so that they can take them back in turn."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from accounts.models import User
from evosync.common import clock
from syncing.choices import BulkAction
from syncing.services.bulk import categories, decisions, filters, photos, words
from syncing.services.bulk.records import CannotChange, Change
from syncing.services.tables.taking_back import restore_table

KEEP_SECONDS = 3600
FRESH_SECONDS = 60
MOST_KEPT = 10
# How each kind of change is taken back. Fields that were given back are not: the next run overwrites them.
RESTORE: Mapping[str, Callable[[User, Change], int]] = {
    BulkAction.EXCLUDE: filters.restore,
    BulkAction.INCLUDE: filters.restore,
    BulkAction.CATEGORY: categories.restore,
    BulkAction.TEXT: words.restore_texts,
    BulkAction.ALBUM: words.restore_albums,
    BulkAction.PHOTO: photos.restore,
    BulkAction.ALLOW: decisions.restore,
    BulkAction.FORBID: decisions.restore,
    BulkAction.TABLE: restore_table,
}


@dataclass(frozen=True, slots=True)
class LastChange:
    """A change that can be taken back. `token` names it; `number` goods were changed, `at` in seconds."""

    token: str
    action: str
    number: int
    at: float

    @property
    def is_fresh(self) -> bool:
        """Whether it was made within the last minute."""
        return clock.time() - self.at < FRESH_SECONDS


def remember(user: User, action: str, change: Change) -> None:
    """Keep a change above those before it; one that changed nothing is not kept."""
    if not change.number or action not in RESTORE:
        return
    last = LastChange(secrets.token_urlsafe(12), str(action), change.number, clock.time())
    cache.set(_key(user, last.token), asdict(change), KEEP_SECONDS)
    kept = [last, *_kept(user)]
    _keep(user, kept[:MOST_KEPT])
    cache.delete_many([_key(user, old.token) for old in kept[MOST_KEPT:]])


def require(user: User) -> None:
    """Raise RedisError while no change could be kept; one that cannot be taken back must not begin."""
    _kept(user)


def last_change(user: User) -> LastChange | None:
    """Return the change that can be taken back, None without one and while Redis is away."""
    return next(iter(last_changes(user)), None)


def last_changes(user: User) -> list[LastChange]:
    """Return the changes that can be taken back in turn, the newest first; none while Redis is away."""
    try:
        return _kept(user)
    except RedisError:
        return []


def take_back(user: User, token: str) -> int:
    """Write back what stood before the change; return for how many goods, 0 where it is no longer kept.

    Raises CannotChange; then nothing was changed, and it can be taken back later.
    """
    kept = _kept(user)
    if token not in [one.token for one in kept]:
        return 0
    last = kept[0]
    if last.token != token:
        raise CannotChange(
            _("Nothing was taken back: you have changed goods since. Take the later change back first.")
        )
    key = _key(user, token)
    change = cache.get(key)
    _keep(user, [one for one in _kept(user) if one.token != token])
    cache.delete(key)
    if change is None:
        return 0
    try:
        return RESTORE[last.action](user, Change(**change))
    except CannotChange:
        cache.set(key, change, KEEP_SECONDS)
        _keep(user, [*(one for one in _kept(user) if one.at > last.at), *kept])
        raise


def _kept(user: User) -> list[LastChange]:
    """Return the changes of the last hour, the newest first."""
    rows: list[dict[str, Any]] = cache.get(_key(user)) or []
    since = clock.time() - KEEP_SECONDS
    return [LastChange(**row) for row in rows if row["at"] > since]


def _keep(user: User, changes: Sequence[LastChange]) -> None:
    cache.set(_key(user), [asdict(one) for one in changes], KEEP_SECONDS)


def _key(user: User, token: str = "") -> str:
    """Return the key of a change's values, or of the list of changes: a page reads only that."""
    return f"bulk-changes-{user.pk}-{token}"
