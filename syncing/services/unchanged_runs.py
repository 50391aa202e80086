"""Knows a run again that found nothing to do: with the same inputs the plan would be the same empty one.

The key of a run is a digest of all that a plan is made from: VK's answer, the merchant's rows, and the code
that plans. What a run finds while its key stays the same is known before it plans. Time is an input too, so
a key counts until the first moment at which it could matter, and no longer than a day.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from accounts.models import User
from catalog.mappers import PRODUCT_COLUMNS
from catalog.models import Product, ProductGroup, ProductPhoto, Store
from connections.clients.vk.records import VkAlbum, VkMarketItem
from connections.models import VkConnection
from connections.models.vk import TEXT_LIMIT_LASTS
from syncing.core.item_builder import REST
from syncing.mappers import LIMIT_COUNTS_FOR, OURS_FOR
from syncing.models import (
    Album,
    GoodsRule,
    HeldPrice,
    Listing,
    ProductTag,
    RestrictedDecision,
    ShopLimits,
    SyncConfig,
    SyncFilter,
    SyncJob,
    UndoneChange,
)
from syncing.publishing.vk.reader import ShopSnapshot
from syncing.services.categories import known_categories
from syncing.services.planning import Planned

# A whole comparison is made so often whatever the key says.
PLANNED_EVERY = timedelta(days=1)
# What decides about goods; nothing else can change a plan.
CODE = ("syncing", "catalog", "connections/clients")

_item = attrgetter(*(one.name for one in fields(VkMarketItem)))
_album = attrgetter(*(one.name for one in fields(VkAlbum)))


@dataclass(frozen=True, slots=True)
class Repeated:
    """What a run found that had nothing to do."""

    plan_hash: str
    unchanged: int
    skipped_by_reason: dict[str, int]


def run_key(user: User, shop: ShopSnapshot, *, group_id: int, now: datetime) -> str:
    """Return the key of a run that has read this shop; "" for one that has to plan."""
    if shop.unlisted or shop.unreadable or shop.unknown_unreadable or shop.categories:
        return ""
    digest = hashlib.sha256(_code().encode())
    for part in _parts(user, shop, group_id, now):
        digest.update(repr(part).encode())
    return digest.hexdigest()


def recall(user: User, key: str, *, group_id: int, now: datetime) -> Repeated | None:
    """Return what the run with this key found, if that still holds."""
    row = ShopLimits.objects.of_shop(user, group_id)
    if not key or row is None or row.run_key != key or not row.run_key_until or not row.run_found:
        return None
    if not row.run_key_until - PLANNED_EVERY <= now < row.run_key_until:
        return None
    return Repeated(**row.run_found)


def remember(user: User, key: str, planned: Planned, job: SyncJob, *, group_id: int) -> None:
    """Keep what a run with nothing to do has found, for as long as time cannot change it."""
    now = planned.context.now
    until = min([now + PLANNED_EVERY, *(at for at in _moments(user, planned, group_id) if at > now)])
    found = Repeated(job.plan_hash, job.items_unchanged, dict(job.skipped_by_reason))
    ShopLimits.objects.filter(user=user, vk_group_id=group_id).update(
        run_key=key,
        run_key_until=until,
        run_found={one.name: getattr(found, one.name) for one in fields(found)},
    )


def may_be_kept(planned: Planned) -> bool:
    """Return True if a plan has nothing to do and nothing that only waits for a time."""
    plan, context = planned.plan, planned.context
    waits = (
        plan.actions
        or plan.questions
        or plan.duplicates
        or plan.matches
        or plan.held_prices
        or plan.large_prices
        or planned.guessed_by_group
        or context.shop_refusals
        or context.creates_suspended_until
        or context.photos_suspended_until
        or any(one.album_refusal or one.stay_refusal for one in context.listings)
    )
    return not waits


def _moments(user: User, planned: Planned, group_id: int) -> Iterator[datetime]:
    """Yield the moments at which the same inputs may begin to make another plan."""
    days = timedelta(days=planned.context.rules.remove_after_days)
    for listing in planned.context.listings:
        if listing.hidden_since is not None:
            yield listing.hidden_since + days
        if planned.context.rules.goods_rules and listing.written_at is not None:
            yield listing.written_at + REST
        for own in listing.own_values:
            yield datetime.fromisoformat(str(own["at"])) + OURS_FOR
    limits = ShopLimits.objects.of_shop(user, group_id)
    if limits is not None:
        yield from (at + LIMIT_COUNTS_FOR for at in (limits.items_at, limits.albums_at) if at)
    for vk in VkConnection.objects.filter(user=user):
        for limit in (vk.method_rests or {}).values():
            yield datetime.fromisoformat(limit["until"])
        for limit in (vk.text_limits or {}).values():
            yield datetime.fromisoformat(limit["at"]) + TEXT_LIMIT_LASTS


def _parts(user: User, shop: ShopSnapshot, group_id: int, now: datetime) -> Iterator[object]:
    """Yield everything that a plan is made from, except for time."""
    yield group_id, [_item(item) for item in shop.items.values()]
    yield [_album(album) for album in shop.albums], sorted(shop.present)
    yield [(one.id, one.path) for one in known_categories()]
    yield from _stores(user)
    # What the till told of a product stands in its content hash; the merchant's own words do not.
    told = {*PRODUCT_COLUMNS, "fetched_at"} - {"content_hash"}
    yield _rows(Product.objects.for_user(user), leave_out=told)
    yield _rows(ProductGroup.objects.for_user(user), leave_out=("fetched_at",))
    yield _rows(ProductPhoto.objects.for_user(user))
    yield _rows(SyncConfig.objects.filter(user=user), leave_out=("last_run_at",))
    yield _rows(SyncFilter.objects.filter(sync_config__user=user))
    yield _rows(RestrictedDecision.objects.for_user(user.pk))
    rules = GoodsRule.objects.for_user(user.pk)
    yield _rows(rules), list(rules.in_force(now).order_by("pk").values_list("pk", flat=True))
    yield _rows(HeldPrice.objects.for_user(user))
    yield _rows(UndoneChange.objects.for_user(user))
    yield _rows(ProductTag.objects.for_user(user))
    yield _rows(Album.objects.in_shop(user, group_id))
    own = ("verified_at", "run_key", "run_key_until", "run_found")
    yield _rows(ShopLimits.objects.filter(user=user, vk_group_id=group_id), leave_out=own)
    yield _rows(Listing.objects.for_user(user).in_community(group_id))
    vk = VkConnection.objects.filter(user=user).values_list("group_id", "method_rests", "text_limits")
    yield list(vk)


def _stores(user: User) -> Iterator[object]:
    """Yield what tells the goods and groups of every store: when a reading last changed them."""
    for row in Store.objects.for_user(user).order_by("pk"):
        seen = row.fetched_at if row.missing_since else None
        whole = row.complete_walk_at is None
        yield row.pk, row.evotor_id, row.name, row.missing_since, row.present_since, seen
        yield row.changed_at, row.problem, row.proves_absence, whole


def _rows(found: QuerySet[Any], *, leave_out: Iterable[str] = ()) -> list[tuple[Any, ...]]:
    """Return rows as the database gives them: nothing is made of their values."""
    meta: Any = found.model._meta  # noqa: SLF001 - public in Django
    names = [one.attname for one in meta.concrete_fields if one.name not in set(leave_out)]
    sql, parameters = found.order_by("pk").values_list(*names).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


@cache
def _code() -> str:
    """Return a digest of the program that plans: another release has another key."""
    digest = hashlib.sha256()
    for folder in CODE:
        for path in sorted((Path(settings.BASE_DIR) / folder).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()
