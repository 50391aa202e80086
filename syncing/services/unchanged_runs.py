"""Knows a run again that found nothing to do: with the same inputs the plan would be the same empty one.

The key of a run is a digest of all that a plan is made from: VK's answer, the merchant's rows, and the code
that plans. What a run finds while its key stays the same is known before it plans. Time is an input too, so
a key counts until the first moment at which it could matter, and no longer than a day.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from django.db.models import Case, Expression, QuerySet, Value, When
from django.db.models.functions import JSONArray

from accounts.models import User
from catalog.mappers import PRODUCT_COLUMNS
from catalog.models import Product, ProductGroup, ProductPhoto, Store
from connections.clients.vk.records import VkAlbum, VkMarketItem
from connections.models import VkConnection
from connections.models.vk import TEXT_LIMIT_LASTS
from evosync.common.kept_statements import Question, rows_of
from evosync.common.program import program_digest
from syncing.core.choices import Reason
from syncing.core.shown_stock import REST
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
from syncing.shop_mappers import LIMIT_COUNTS_FOR, OURS_FOR

# A whole comparison is made so often whatever the key says.
PLANNED_EVERY = timedelta(days=1)
# The whole program: which part of it cannot change a plan is not worth a mistake.
CODE = ("accounts", "catalog", "connections", "evosync", "syncing")

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
    digest = hashlib.sha256(program_digest(*CODE).encode())
    for part in _parts(user, shop, group_id, now):
        digest.update(_written(part))
    return digest.hexdigest()


def wishes_key(user: User, *, now: datetime) -> str:
    """Return the key of all that a plan is made from, except for what a run itself writes: VK and our map."""
    digest = hashlib.sha256()
    for part in _rows(_of_merchant, user, now):
        digest.update(_written(part))
    return digest.hexdigest()


def recall(user: User, key: str, *, group_id: int, now: datetime) -> Repeated | None:
    """Return what the run with this key found, if that still holds."""
    row = ShopLimits.objects.of_shop(user, group_id) if key else None
    if row is None or row.run_key != key or not row.run_key_until or not row.run_found:
        return None
    if not row.run_key_until - PLANNED_EVERY <= now < row.run_key_until:
        return None
    return Repeated(**row.run_found)


def remember(user: User, key: str, planned: Planned, job: SyncJob, *, connection: VkConnection) -> None:
    """Keep what a run with nothing to do has found, for as long as time cannot change it."""
    now = planned.context.now
    until = min([now + PLANNED_EVERY, *(at for at in _moments(planned, connection) if at > now)])
    found = Repeated(job.plan_hash, job.items_unchanged, dict(job.skipped_by_reason))
    ShopLimits.objects.filter(user=user, vk_group_id=connection.group_id or 0).update(
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
        or plan.second_items
        or plan.matches
        or plan.held_prices
        # It ends when the till lists the other product again, which changes nothing else.
        or any(skip.reason == Reason.MAY_REPLACE for skip in plan.skipped)
        or plan.large_prices
        or planned.guessed_by_group
        or context.shop_refusals
        or context.creates_suspended_until
        or context.photos_suspended_until
        or any(one.album_refusal or one.stay_refusal for one in context.listings)
    )
    return not waits


def _moments(planned: Planned, connection: VkConnection) -> Iterator[datetime]:
    """Yield the moments at which the same inputs may begin to make another plan."""
    days = timedelta(days=planned.context.rules.remove_after_days)
    for listing in planned.context.listings:
        if listing.hidden_since is not None:
            yield listing.hidden_since + days
        if planned.context.rules.goods_rules and listing.written_at is not None:
            yield listing.written_at + REST
        for own in listing.own_values:
            yield datetime.fromisoformat(str(own["at"])) + OURS_FOR
    if (limits := planned.limits) is not None:
        yield from (at + LIMIT_COUNTS_FOR for at in (limits.items_at, limits.albums_at) if at)
    for limit in (connection.method_rests or {}).values():
        yield datetime.fromisoformat(limit["until"])
    for limit in (connection.text_limits or {}).values():
        yield datetime.fromisoformat(limit["at"]) + TEXT_LIMIT_LASTS


def _written(part: object) -> bytes:
    """Return a part of a key as bytes; a text as it is, since to quote a long one takes time."""
    return (part if isinstance(part, str) else repr(part)).encode() + b"\0"


def _parts(user: User, shop: ShopSnapshot, group_id: int, now: datetime) -> Iterator[object]:
    """Yield everything that a plan is made from, except for time."""
    yield group_id, [_item(item) for item in shop.items.values()]
    yield [_album(album) for album in shop.albums], sorted(shop.present)
    yield [(one.id, one.path) for one in known_categories()]
    yield from _rows(_of_merchant_and_shop, user, now, group_id)


def _rows(question: Question, user: User, now: datetime, *ids: int) -> Iterator[object]:
    """Yield the rows that a question asks for, and which rules for goods are in force."""
    found = sorted(text for (text,) in rows_of(question, user.pk, *ids))
    yield "\n".join(found)
    if any(text.startswith(f'["{GoodsRule.__name__}"') for text in found):
        rules = GoodsRule.objects.for_user(user.pk).in_force(now).order_by("pk")
        yield list(rules.values_list("pk", flat=True))


def _of_merchant(user: int) -> QuerySet[Any]:
    """Ask for what till and merchant say, in one statement."""
    return _together(source(user) for source in MERCHANT_SOURCES)


def _of_merchant_and_shop(user: int, group: int) -> QuerySet[Any]:
    """Ask for that and for what runs have written about a community, in one statement."""
    shops = (source(user, group) for source in SHOP_SOURCES)
    return _together((*(source(user) for source in MERCHANT_SOURCES), *shops))


def _together(sources: Iterable[QuerySet[Any]]) -> QuerySet[Any]:
    first, *others = sources
    return first.union(*others, all=True)


def _without(found: QuerySet[Any], *left_out: str) -> QuerySet[Any]:
    meta: Any = found.model._meta  # noqa: SLF001 - public in Django
    return _columns(found, *(one.attname for one in meta.concrete_fields if one.name not in left_out))


def _columns(found: QuerySet[Any], *columns: str | Expression) -> QuerySet[Any]:
    """Return rows as one text each, which begins with the model and is written by the database.

    Nothing is made of their values.
    """
    return found.order_by().values_list(JSONArray(Value(found.model.__name__), *columns))


# What the till told of a product stands in its content hash; the merchant's own words do not.
TOLD = {*PRODUCT_COLUMNS, "fetched_at"} - {"content_hash"}
KEPT_OF_A_SHOP = ("verified_at", "run_key", "run_key_until", "run_found")
# What tells the goods and groups of a store: when a reading last changed them. While it is listed nobody
# asks when it was last read, only whether it ever was to its end.
OF_A_STORE = (
    *("pk", "evotor_id", "name", "missing_since", "present_since", "changed_at", "problem"),
    Case(When(missing_since=None, then=None), default="fetched_at"),
    Case(When(complete_walk_at=None, then=0), default=1),
)
# The rows of a merchant.
MERCHANT_SOURCES: tuple[Callable[[int], QuerySet[Any]], ...] = (
    lambda user: _columns(Store.objects.filter(user=user), *OF_A_STORE),
    lambda user: _without(Product.objects.filter(user=user), *TOLD),
    lambda user: _without(ProductGroup.objects.filter(user=user), "fetched_at"),
    lambda user: _without(ProductPhoto.objects.filter(user=user)),
    lambda user: _without(SyncConfig.objects.filter(user=user), "last_run_at"),
    lambda user: _without(SyncFilter.objects.filter(sync_config__user=user)),
    lambda user: _without(RestrictedDecision.objects.filter(user=user)),
    lambda user: _without(GoodsRule.objects.filter(user=user)),
    lambda user: _without(HeldPrice.objects.filter(user=user)),
    lambda user: _without(UndoneChange.objects.filter(user=user)),
    lambda user: _without(ProductTag.objects.filter(user=user)),
    lambda user: _columns(VkConnection.objects.filter(user=user), "group_id"),
)
# Of a merchant and a community: what a run writes.
SHOP_SOURCES: tuple[Callable[[int, int], QuerySet[Any]], ...] = (
    lambda user, group: _without(Album.objects.filter(user=user, vk_group_id=group)),
    lambda user, group: _without(ShopLimits.objects.filter(user=user, vk_group_id=group), *KEPT_OF_A_SHOP),
    lambda user, group: _without(Listing.objects.filter(user=user, vk_group_id=group)),
    lambda user, _: _columns(VkConnection.objects.filter(user=user), "method_rests", "text_limits"),
)
