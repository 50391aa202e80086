"""The merchant's rules, the map from products to VK items, the journal of runs, and the notifications."""

from syncing.models.categories import CategoryTree
from syncing.models.channels import NotificationChannel, NotificationDelivery, NotificationSettings
from syncing.models.computations import Computation
from syncing.models.goods_rules import GoodsRule
from syncing.models.held_prices import HeldPrice
from syncing.models.jobs import PLAN_LASTS, SyncJob, SyncJobItem
from syncing.models.listings import Album, Listing, ShopLimits
from syncing.models.notifications import AccountClosure, Notification
from syncing.models.reader_feeds import ReaderFeed
from syncing.models.restricted import RestrictedDecision
from syncing.models.settings import RULES, Feed, SyncConfig, SyncFilter
from syncing.models.tables import TableExport, TableImport, TableImportLine
from syncing.models.tags import LONGEST_TAG, ProductTag
from syncing.models.undone import UndoneChange

__all__ = [
    "LONGEST_TAG",
    "PLAN_LASTS",
    "RULES",
    "AccountClosure",
    "Album",
    "CategoryTree",
    "Computation",
    "Feed",
    "GoodsRule",
    "HeldPrice",
    "Listing",
    "Notification",
    "NotificationChannel",
    "NotificationDelivery",
    "NotificationSettings",
    "ProductTag",
    "ReaderFeed",
    "RestrictedDecision",
    "ShopLimits",
    "SyncConfig",
    "SyncFilter",
    "SyncJob",
    "SyncJobItem",
    "TableExport",
    "TableImport",
    "TableImportLine",
    "UndoneChange",
]
