"""Lets tests begin with the same runs: the first carries them out, each further one begins with a copy.

A copy is the rows of all tables, VK's categories in the cache, and what both stand-ins remember. Each test
gets a fresh one, in a database and a sandbox of its own.
"""

import pickle
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.cache import cache
from django.db import connection

from accounts.models import User
from sandbox import Sandbox
from syncing.services import categories
from tests.databases import MigratedRows, Rows

# What a copy holds of times grows old; a busy machine makes it again before anything is due because of that.
LASTS_SECONDS: Final = 60
# Of the stand-in's server and not of its memory. No fault is planned yet where a test begins.
OF_THE_SERVER: Final = frozenset({"lock", "faults", "address"})


@dataclass(frozen=True)
class Copy:
    """A merchant's start, kept. `goes_on_from` are the rows that it began with."""

    user_id: int
    goes_on_from: Mapping[str, Rows]
    made_at: float
    rows: MigratedRows
    cached: dict[str, Any]
    memories: tuple[bytes, ...]

    def may_serve(self, before: Mapping[str, Rows]) -> bool:
        """Return True if it is young enough, and nothing was chosen before that it does not know of."""
        return self.goes_on_from == before and time.monotonic() - self.made_at < LASTS_SECONDS


class SharedStart:
    """Carries `begin` out once in a while, and copies what came of it for every test.

    `begin` gets a new sandbox and, where the start goes on from another one, that one's merchant. What a test
    chooses between the two has to stand in the database, which is compared: sandboxes are not.
    """

    def __init__(self, begin: Callable[[Sandbox, User | None], User]) -> None:
        self._begin = begin
        self._kept: Copy | None = None

    def __call__(self, box: Sandbox, user: User | None = None) -> User:
        """Return the merchant of the start, in this test's database and in `box`."""
        before = MigratedRows(connection).kept if user else {}
        if self._kept is None or not self._kept.may_serve(before):
            started, began = time.monotonic(), self._begin(box, user)
            self._kept = Copy(
                user_id=began.pk,
                goes_on_from=before,
                made_at=started,
                rows=MigratedRows(connection),
                cached=cache.get_many((categories.KEY, categories.FRESH_KEY)),
                memories=memories_of(box),
            )
        else:
            self._kept.rows.restore(connection)
            cache.set_many(self._kept.cached)
            recall(box, self._kept.memories)
        return User.objects.get(pk=self._kept.user_id)


def memories_of(box: Sandbox) -> tuple[bytes, ...]:
    """Return a copy of what both stand-ins remember."""
    return tuple(_remembered(memory) for memory in (box.evotor, box.vk))


def recall(box: Sandbox, memories: tuple[bytes, ...]) -> None:
    """Let both stand-ins remember this and nothing else."""
    for memory, remembered in zip((box.evotor, box.vk), memories, strict=True):
        vars(memory).update(pickle.loads(remembered))  # noqa: S301 - our own


def _remembered(memory: object) -> bytes:
    # Five times as quick as `copy.deepcopy`.
    return pickle.dumps({name: value for name, value in vars(memory).items() if name not in OF_THE_SERVER})
