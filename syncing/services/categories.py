"""VK's categories, read from VK once a day, and the merchant's choices among them."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from django.core.cache import cache
from django.db import transaction
from redis.exceptions import RedisError

from accounts.models import User
from catalog.models import Product, ProductGroup
from connections.clients.vk.records import VkCategory
from evosync.common import clock
from evosync.common.bulk import upsert_rows
from syncing.core.records import Category
from syncing.models import CategoryTree, SyncConfig
from syncing.models.categories import ONLY
from syncing.services.settings import config_for, lock_config

KEY = "vk-category-tree"
# The row serves when the cache is lost, and other processes see within the hour what one has read.
KEEP_SECONDS, UNKNOWN_SECONDS = 3600, 60
FRESH_KEY, FRESH_SECONDS = "vk-category-tree-fresh", 24 * 3600
# VK has some 400 categories, three names deep.
MOST_KEPT, DEEPEST, LONGEST_NAME = 5_000, 6, 100

Leaves = list[list[Any]]


def flatten(categories: Iterable[VkCategory], path: tuple[str, ...] = ()) -> list[Category]:
    """Return the tree's leaves in VK's order."""
    leaves = []
    for category in categories:
        here = (*path, category.name)
        if category.children:
            leaves += flatten(category.children, here)
        else:
            leaves.append(Category(category.id, here))
    return leaves


def known_categories() -> list[Category]:
    """Return the categories as last read, or none; never asks VK."""
    leaves = _cached_leaves()
    if leaves is None:
        leaves = _kept_leaves()
        # Not over what another process has just read.
        with suppress(RedisError):
            cache.add(KEY, leaves, KEEP_SECONDS if leaves else UNKNOWN_SECONDS)
    return [Category(number, tuple(path)) for number, path in leaves]


def are_categories_due() -> bool:
    """Return True if a run has to read them: they are not known, or were read more than a day ago."""
    return cache.get(FRESH_KEY) is None or not known_categories()


def cache_categories(categories: Iterable[VkCategory]) -> list[Category]:
    """Show VK's tree for a while without writing it down, and return its leaves."""
    leaves = flatten(categories)
    if leaves:
        with suppress(RedisError):
            cache.set(KEY, _bounded(leaves), KEEP_SECONDS)
    return leaves


def remember_categories(categories: Iterable[VkCategory]) -> list[Category]:
    """Keep VK's tree, since it is the same for every merchant, and return its leaves."""
    leaves = cache_categories(categories)
    if leaves:
        _write(_bounded(leaves))
        with suppress(RedisError):
            cache.set(FRESH_KEY, True, FRESH_SECONDS)
    return leaves


def _cached_leaves() -> Leaves | None:
    """Return what the cache has; while Redis is away the row serves, so that no page needs both."""
    try:
        leaves: Leaves | None = cache.get(KEY)
    except RedisError:
        return None
    return leaves


def _bounded(leaves: list[Category]) -> Leaves:
    return [[one.id, [name[:LONGEST_NAME] for name in one.path[:DEEPEST]]] for one in leaves[:MOST_KEPT]]


def _kept_leaves() -> Leaves:
    return CategoryTree.objects.kept().values_list("leaves", flat=True).first() or []


def _write(leaves: Leaves) -> None:
    """Write the row, unless it says the same."""
    if leaves != _kept_leaves():
        row = CategoryTree(pk=ONLY, leaves=leaves, changed_at=clock.now())
        upsert_rows([row], ["id"], ["leaves", "changed_at"])


def choose_for_group(group: ProductGroup, category_id: int | None) -> None:
    """Keep the merchant's VK category for a group; None lets EvoSync guess again."""
    choose_for_groups(group.user, {group.evotor_id: category_id})


def choose_for_groups(user: User, choices: Mapping[str, int | None]) -> None:
    """Keep the merchant's VK categories by Evotor's ids of groups, all at once; None as for one group."""
    _choose(user, "category_by_group", choices)


def choose_for_product(product: Product, category_id: int | None) -> None:
    """Keep the merchant's VK category for one product; None lets its group decide again."""
    choose_for_products(product.user, {product.evotor_id: category_id})


def choose_for_products(user: User, choices: Mapping[str, int | None]) -> None:
    """Keep the merchant's VK categories by Evotor's ids of products, all at once; None as for one product."""
    _choose(user, "category_by_product", choices)


def product_categories(user: User) -> dict[str, int]:
    """Return the merchant's own VK categories by Evotor's ids of products."""
    return dict(config_for(user).category_by_product or {})


def used_categories(config: SyncConfig) -> list[int]:
    """Return the merchant's own VK categories, those that they chose last for a group or product first."""
    return [*(config.category_by_product or {}).values(), *config.category_by_group.values()][::-1]


def _choose(user: User, field: str, choices: Mapping[str, int | None]) -> None:
    """Write the choices down; the newest stand last."""
    with transaction.atomic():
        config = lock_config(user)
        kept = {key: value for key, value in (getattr(config, field) or {}).items() if key not in choices}
        chosen = {key: value for key, value in choices.items() if value is not None}
        setattr(config, field, kept | chosen)
        config.save(update_fields=[field])
