"""The merchant's rules, the map from products to VK items, the journal of runs, and his letters."""

from syncing.models.letters import Farewell, Notice
from syncing.models.rules import Feed, SyncConfig, SyncFilter
from syncing.models.runs import PLAN_LASTS, SyncJob, SyncJobItem
from syncing.models.shop import Album, Listing

__all__ = [
    "PLAN_LASTS",
    "Album",
    "Farewell",
    "Feed",
    "Listing",
    "Notice",
    "SyncConfig",
    "SyncFilter",
    "SyncJob",
    "SyncJobItem",
]
