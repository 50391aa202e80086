"""What syncing hands out of a user's data: the till's mirror, the rules, the map to VK, the runs."""

from collections.abc import Iterable, Mapping
from typing import Any

from accounts.events import own_data
from accounts.models import User
from catalog.models import Product, ProductGroup, Store
from syncing.models import Listing, SyncConfig, SyncFilter, SyncJob

# Keys that only say which row is whose.
INTERNAL = {"id", "user", "active_key", "lease", "message_id", "search_text", "content_hash"}


def _fields(model: type[Product | ProductGroup | Store | Listing | SyncConfig | SyncJob]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if field.name not in INTERNAL]


def store_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return the stores of the till."""
    return Store.objects.for_user(user).values(*_fields(Store))


def group_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return the groups of the till."""
    return ProductGroup.objects.for_user(user).values(*_fields(ProductGroup))


def product_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return the goods of the till as they were last read."""
    return Product.objects.for_user(user).values(*_fields(Product))


def rule_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return the rules."""
    return SyncConfig.objects.filter(user=user).values(*_fields(SyncConfig))


def filter_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return what the merchant chose for VK."""
    rows = SyncFilter.objects.filter(sync_config__user=user)
    return rows.values("entity_type", "entity_id", "entity_name", "filter_mode")


def listing_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return which product is which item in VK."""
    return Listing.objects.for_user(user).values(*_fields(Listing))


def job_rows(user: User) -> Iterable[Mapping[str, Any]]:
    """Return the runs."""
    return SyncJob.objects.for_user(user).values(*_fields(SyncJob))


own_data["stores"] = store_rows
own_data["groups"] = group_rows
own_data["goods"] = product_rows
own_data["rules"] = rule_rows
own_data["filters"] = filter_rows
own_data["items_in_vk"] = listing_rows
own_data["runs"] = job_rows
