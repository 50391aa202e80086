"""What a merchant's data export has from the sync and the catalog, without secrets."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from catalog.models import PhotoImportFile, Product, ProductGroup, Store
from syncing.models import (
    Feed,
    GoodsRule,
    HeldPrice,
    Listing,
    NotificationChannel,
    NotificationDelivery,
    NotificationSettings,
    ProductTag,
    ReaderFeed,
    RestrictedDecision,
    SyncConfig,
    SyncFilter,
    SyncJob,
    TableExport,
    TableImport,
    TableImportLine,
    UndoneChange,
)

ROWS_AT_ONCE = 200
# Keys that only say which row is whose, or serve the machinery.
INTERNAL = {"id", "user_id", "active_key", "lease", "search_text", "content_hash", "plan_hash"}


def _facts(rows: QuerySet[Any, Any]) -> Iterable[Mapping[str, Any]]:
    found = rows.iterator(ROWS_AT_ONCE)
    return ({key: value for key, value in row.items() if key not in INTERNAL} for row in found)


def store_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return the stores of the till."""
    return _facts(Store.objects.for_user(user).values())


def group_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return the groups of the till."""
    return _facts(ProductGroup.objects.for_user(user).values())


def product_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return the goods of the till as they were last read."""
    return _facts(Product.objects.for_user(user).values())


def rule_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return the rules."""
    return _facts(SyncConfig.objects.filter(user=user).values())


def filter_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return what the merchant chose for VK."""
    rows = SyncFilter.objects.filter(sync_config__user=user)
    return _facts(rows.values("entity_type", "entity_id", "entity_name", "filter_mode"))


def decision_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return the decisions on goods that VK may not take."""
    rows = RestrictedDecision.objects.for_user(user).in_order()
    return rows.values("scope", "label", "verdict", "overrules", "decided_at")


def goods_rule_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return the rules for goods, in their order."""
    return _facts(GoodsRule.objects.for_user(user).in_order().values())


def undone_change_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return what the merchant took back of runs."""
    return UndoneChange.objects.for_user(user).values("product__name", "kept", "instead_of", "undone_at")


def table_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return the tables that were uploaded in the last days."""
    rows = TableImport.objects.for_user(user).order_by("pk")
    return rows.values("file_name", "state", "problem", "notes", "same", "created_at", "applied_at")


def table_line_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return their lines that change something, or are bad."""
    rows = TableImportLine.objects.for_user(user).order_by("table", "number")
    return rows.values(
        "table__file_name", "number", "kind", "name", "changes", "problem", "column", "detail", "is_applied"
    )


def table_export_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return the tables that were written for them in the last day."""
    rows = TableExport.objects.for_user(user).order_by("pk")
    return rows.values("format", "state", "problem", "goods", "size_bytes", "asked_at", "made_at")


def held_price_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return the new prices that wait for a yes, with the answers given."""
    return HeldPrice.objects.for_user(user).values(
        "product__name",
        "old_kopecks",
        "new_kopecks",
        "till_kopecks",
        "cost_kopecks",
        "cause",
        "rule_name",
        "verdict",
        "held_at",
        "decided_at",
    )


def tag_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return the tags on products."""
    return ProductTag.objects.for_user(user).order_by("name", "pk").values("name", "product__name")


def photo_import_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return the photos that were sent many at once in the last day, and what became of them."""
    rows = PhotoImportFile.objects.for_user(user).order_by("pk")
    return rows.values("name", "state", "problem", "product__name", "size_bytes")


def listing_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return which product is which item in VK."""
    return _facts(Listing.objects.for_user(user).values())


def feed_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return what is known of the feed, without its address."""
    return Feed.objects.for_user(user).values("created_at", "changed_at", "offers", "read_at")


def reader_feed_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return the feeds for readers with what was chosen for them, without their addresses."""
    return ReaderFeed.objects.for_user(user).values(
        "reader",
        "created_at",
        "link",
        "url_pattern",
        "vendor_from",
        "vendor",
        "ad_address",
        "ad_category",
        "ad_goods_type",
        "ad_is_new",
        "ad_more",
        "changed_at",
        "offers",
        "read_at",
    )


def notification_setting_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return what the merchant wants to be told, and when."""
    rows = NotificationSettings.objects.filter(user=user)
    return rows.values("muted", "at_night", "quiet_from", "quiet_until", "time_zone", "digest")


def channel_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return the channels by which the merchant is told."""
    rows = NotificationChannel.objects.for_user(user)
    return rows.values("kind", "name", "is_on", "off_code", "created_at")


def delivery_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return what was sent by them."""
    rows = NotificationDelivery.objects.for_user(user)
    return rows.values("channel__kind", "stage", "notification__trouble", "state", "created_at", "sent_at")


def job_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return the runs."""
    return _facts(SyncJob.objects.for_user(user).values())


def files_of(user: User) -> Mapping[str, Iterable[Mapping[str, Any]]]:
    """Return the rows of every file of this app."""
    return {
        "stores": store_rows(user),
        "groups": group_rows(user),
        "goods": product_rows(user),
        "rules": rule_rows(user),
        "filters": filter_rows(user),
        "decisions": decision_rows(user),
        "rules_for_goods": goods_rule_rows(user),
        "photo_imports": photo_import_rows(user),
        "held_prices": held_price_rows(user),
        "undone_changes": undone_change_rows(user),
        "tags": tag_rows(user),
        "items_in_vk": listing_rows(user),
        "tables": table_rows(user),
        "table_lines": table_line_rows(user),
        "tables_written": table_export_rows(user),
        "feed": feed_rows(user),
        "reader_feeds": reader_feed_rows(user),
        "notification_settings": notification_setting_rows(user),
        "notification_channels": channel_rows(user),
        "notifications_sent": delivery_rows(user),
        "runs": job_rows(user),
    }
