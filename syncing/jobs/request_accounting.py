"""Counts a run's requests beside the fewest that VK's rules allow (docs/architecture.md, budgets)."""

from collections import Counter
from math import ceil

from connections.clients.evotor.client import EvotorClient
from connections.clients.service import Service
from connections.clients.vk.client import VkClient
from connections.clients.vk.limits import BATCH
from syncing.core.choices import ActionKind
from syncing.core.records import SyncResult
from syncing.models import SyncJob
from syncing.publishing.vk.photos import FILES_AT_ONCE
from syncing.publishing.vk.reader import PAGE, PAGES_AT_ONCE


class RequestAccounting:
    """The requests of one slice, added to the job's at its end."""

    def __init__(self) -> None:
        self.vk: VkClient | None = None
        self.evotor: EvotorClient | None = None
        self._lower_bound = 0

    def add_reading(self, plan: SyncResult, *, items: int) -> None:
        """Add the fewest requests that a reading of VK takes, whose shop has `items` or will have."""
        self._lower_bound = max(1, ceil(max(items, count_creates(plan)) / (PAGE * PAGES_AT_ONCE)))

    def add_writes(self, plan: SyncResult, *, album_calls: int) -> None:
        """Add the fewest requests that a plan's writes take."""
        pictures = count_creates(plan) + sum("photo_key" in action.changes for action in plan.actions)
        only_album = sum(set(action.changes) == {"album"} for action in plan.actions)
        if pictures:
            self._lower_bound += 1 + ceil(pictures / FILES_AT_ONCE)
        self._lower_bound += ceil((len(plan.actions) - only_album + album_calls) / BATCH)

    def add_to(self, job: SyncJob) -> None:
        """Add the counts to the job, unsaved, and begin again at nothing."""
        before = job.requests or {}
        calls = Counter(before.get("vk_calls", {}))
        if self.vk is not None:
            calls.update(self.vk.calls)
        job.requests = {
            Service.VK: before.get(Service.VK, 0) + (self.vk.requests if self.vk else 0),
            "vk_calls": dict(sorted(calls.items())),
            "uploads": before.get("uploads", 0) + (self.vk.uploads if self.vk else 0),
            Service.EVOTOR: before.get(Service.EVOTOR, 0) + (self.evotor.requests if self.evotor else 0),
            "vk_lower_bound": before.get("vk_lower_bound", 0) + self._lower_bound,
        }
        self.vk = self.evotor = None
        self._lower_bound = 0


def count_creates(plan: SyncResult) -> int:
    """Return how many new items a plan makes."""
    return sum(action.kind is ActionKind.CREATE for action in plan.actions)
