"""Counts a run's requests beside the fewest that VK's rules allow (docs/architecture.md, budgets)."""

from collections import Counter
from collections.abc import Collection
from math import ceil

from connections.clients.evotor.client import EvotorClient
from connections.clients.service import Service
from connections.clients.vk.client import VkClient
from connections.clients.vk.limits import BATCH
from syncing.core.choices import ActionKind
from syncing.core.records import ProductKey, SyncResult
from syncing.models import SyncJob
from syncing.publishing.vk.photos import FILES_AT_ONCE
from syncing.publishing.vk.reader import PAGE, PAGES_AT_ONCE


class RequestAccounting:
    """The requests of one slice, added to the job's at its end.

    The bound is that of the whole job, as if one slice had done all of it: the job keeps the numbers that
    the bound is made of.
    """

    def __init__(self) -> None:
        self.vk: VkClient | None = None
        self.evotor: EvotorClient | None = None
        self._reads = self._pictures = self._calls = 0

    def add_reading(self, plan: SyncResult, *, items: int) -> None:
        """Note the fewest requests that a reading of VK takes, whose shop has `items` or will have."""
        self._reads = max(1, ceil(max(items, count_creates(plan)) / (PAGE * PAGES_AT_ONCE)))

    def add_repeated_reading(self, *, items: int) -> None:
        """Note the fewest requests that a reading takes which shows what the last one showed."""
        self._reads = max(1, ceil(items / (PAGE * PAGES_AT_ONCE)))

    def add_writes(
        self, plan: SyncResult, *, settled: Collection[ProductKey], pictures: int, album_calls: int
    ) -> None:
        """Note the writes of a slice: of the plan's steps those that VK has answered, `settled`."""
        done = [action for action in plan.actions if action.key in settled]
        only_album = sum(set(action.changes) == {"album"} for action in done)
        self._pictures += pictures
        self._calls += len(done) - only_album + album_calls

    def add_to(self, job: SyncJob) -> None:
        """Add the counts to the job, unsaved, and begin again at nothing."""
        before = job.requests or {}
        parts = before.get("bound", {})
        # A job that an earlier release began has only its bound.
        reads = max(self._reads, parts.get("reads", before.get("vk_lower_bound", 0)))
        pictures = parts.get("pictures", 0) + self._pictures
        written = parts.get("calls", 0) + self._calls
        calls = Counter(before.get("vk_calls", {}))
        if self.vk is not None:
            calls.update(self.vk.calls)
        job.requests = {
            Service.VK: before.get(Service.VK, 0) + (self.vk.requests if self.vk else 0),
            "vk_calls": dict(sorted(calls.items())),
            "uploads": before.get("uploads", 0) + (self.vk.uploads if self.vk else 0),
            Service.EVOTOR: before.get(Service.EVOTOR, 0) + (self.evotor.requests if self.evotor else 0),
            "vk_lower_bound": reads + _least_uploads(pictures) + ceil(written / BATCH),
            "bound": {"reads": reads, "pictures": pictures, "calls": written},
        }
        self.vk = self.evotor = None
        self._reads = self._pictures = self._calls = 0


def _least_uploads(pictures: int) -> int:
    return 1 + ceil(pictures / FILES_AT_ONCE) if pictures else 0


def count_creates(plan: SyncResult) -> int:
    """Return how many new items a plan makes."""
    return sum(action.kind is ActionKind.CREATE for action in plan.actions)
