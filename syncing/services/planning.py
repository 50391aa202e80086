"""Reads VK and makes a plan from it and from our rows. Nothing is written here."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from catalog.models import ProductPhoto
from catalog.photos.placeholders import placeholder
from connections.client_factory import vk_client
from connections.clients.error_catalog import OwnError
from connections.clients.errors import ItemRefused
from connections.clients.service import Service
from connections.clients.vk.client import VkClient
from connections.models import VkConnection
from connections.pace import reading
from evosync.common import clock
from evosync.common.kept_statements import rows_of
from evosync.common.rows import row_or_none
from syncing.core import records
from syncing.core.categories import CategoryChooser
from syncing.core.choices import CardStyle
from syncing.core.drawn_pictures import style_of
from syncing.core.planner import sync_user
from syncing.models import Listing, ShopLimits
from syncing.publishing.vk.methods import ADD, PHOTO_METHODS, Picture
from syncing.publishing.vk.presence import PresenceCheck
from syncing.publishing.vk.reader import ShopSnapshot, read_shop
from syncing.services.accounts import vk_connection
from syncing.services.categories import (
    are_categories_due,
    cache_categories,
    known_categories,
    remember_categories,
)
from syncing.services.context import build_context
from syncing.services.settings import lock_config, rules_of


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with what it was made from. `guessed_by_group` holds VK categories that no run has kept yet."""

    context: records.SyncContext
    shop: ShopSnapshot
    plan: records.SyncResult
    guessed_by_group: Mapping[str, int] = field(default_factory=dict)
    # The rows that the context's listings are made of, and what the community turned out to hold: while a
    # run goes on only the run writes them.
    rows: Sequence[Listing] = ()
    limits: ShopLimits | None = None

    def without_sources(self) -> "Planned":
        """Return the plan with only those rows and items that a run is still asked about at its end."""
        context, shop = self.context, self.shop
        listings = tuple(
            one
            for one in context.listings
            if one.item_id in shop.unreadable or one.album_refusal or one.stay_refusal
        )
        ids = {one.item_id for one in listings}
        return replace(
            self,
            context=replace(
                context,
                products=(),
                gone_products=(),
                listings=listings,
                channel_items=tuple(one for one in context.channel_items if one.item_id in ids),
            ),
            shop=ShopSnapshot(unreadable=shop.unreadable, unknown_unreadable=shop.unknown_unreadable),
            rows=(),
        )


def make_plan(
    user: User,
    *,
    client: VkClient,
    group_id: int,
    now: datetime,
    check: PresenceCheck | None = None,
    connection: VkConnection | None = None,
    shop: ShopSnapshot | None = None,
) -> Planned:
    """Read VK, where no `shop` that was just read is given, and plan. Raises ClientError.

    Nothing is written. A run gives a `check`, and then an item that no reading shows counts as gone only
    where VK answers an edit that changes nothing with "not found".
    """
    shop = shop or read_vk(user, client=client, group_id=group_id)
    if check is not None:
        shop = account_for_unlisted(user, shop, check)
    return plan_from(user, shop, group_id=group_id, now=now, connection=connection)


def account_for_unlisted(user: User, shop: ShopSnapshot, check: PresenceCheck) -> ShopSnapshot:
    """Return the shop with those unlisted items noted that VK has all the same. Raises ClientError."""
    if not shop.unlisted:
        return shop
    rows = Listing.objects.for_user(user).in_community(check.group_id).of_items(shop.unlisted)
    skus = {row.vk_item_id or 0: row.sent.get("sku") for row in rows}
    return replace(shop, present=check.still_there(skus))


def read_vk(user: User, *, client: VkClient, group_id: int) -> ShopSnapshot:
    """Return the merchant's shop in VK, with VK's categories if they are not known. Writes no row.

    Raises ClientError.
    """
    shop = _read_shop(user, client, group_id, with_categories=not known_categories())
    cache_categories(shop.categories)
    return shop


def read_vk_for_run(user: User, *, client: VkClient, group_id: int) -> ShopSnapshot:
    """Return the merchant's shop in VK, and keep VK's categories where they are due. Raises ClientError."""
    shop = _read_shop(user, client, group_id, with_categories=are_categories_due())
    remember_categories(shop.categories)
    return shop


def _read_shop(user: User, client: VkClient, group_id: int, *, with_categories: bool) -> ShopSnapshot:
    expected = [pk for (pk,) in rows_of(_known_items, user.pk, group_id)]
    return read_shop(client, group_id, expected=expected, with_categories=with_categories)


def _known_items(user_id: int, group_id: int) -> QuerySet[Any]:
    known = Listing.objects.filter(user=user_id, vk_group_id=group_id, vk_item_id__isnull=False)
    return known.values_list("vk_item_id")


def plan_from(
    user: User, shop: ShopSnapshot, *, group_id: int, now: datetime, connection: VkConnection | None = None
) -> Planned:
    """Plan from the rows and a shop that was read before; nothing is written.

    A caller who has read the merchant's connection already gives it.
    """
    config = rules_of(user)
    listings = list(Listing.objects.for_user(user).in_community(group_id))
    connection = connection or row_or_none(VkConnection.objects.filter(user=user))
    limits = ShopLimits.objects.of_shop(user, group_id)
    context = build_context(user, config, listings, shop, now, group_id=group_id, limits=limits)
    if connection is not None:
        context = _with_present_limits(context, connection)
    return Planned(context, shop, sync_user(context), _new_guesses(context), listings, limits)


def keep_guessed_categories(user: User, planned: Planned) -> None:
    """Write down the VK categories that a run has guessed for groups; later runs keep to them."""
    if planned.guessed_by_group:
        with transaction.atomic():
            config = lock_config(user)
            config.guessed_by_group = {**(config.guessed_by_group or {}), **planned.guessed_by_group}
            config.save(update_fields=["guessed_by_group"])


def _new_guesses(context: records.SyncContext) -> dict[str, int]:
    chooser = CategoryChooser(context.rules, context.categories)
    found = {group.key.group_id: chooser.guess_for_group(group) for group in context.groups}
    known = context.rules.guessed_by_group
    return {key: category for key, category in found.items() if category and known.get(key) != category}


def plan_now(user: User, *, patience_seconds: float = math.inf) -> Planned:
    """Return the plan from the till as last read and VK as it is. Raises ClientError or CannotSync.

    Raises TooSlow where VK takes longer than `patience_seconds`.
    """
    connection = vk_connection(user)
    with reading(connection, patience_seconds) as patience:
        client = vk_client(connection, patience=patience)
        shop = read_vk(user, client=client, group_id=connection.group_id or 0)
    return plan_from(user, shop, group_id=connection.group_id or 0, now=clock.now(), connection=connection)


def preview(user: User) -> records.SyncResult:
    """Return what a run would do now."""
    return plan_now(user).plan


def _with_present_limits(context: records.SyncContext, connection: VkConnection) -> records.SyncContext:
    """Return the context with what VK takes in this community now: suspended methods, lengths of texts."""
    suspended, longest = connection.suspended_methods(context.now), connection.longest_texts(context.now)
    ends = {method: until for method, (_code, until) in suspended.items()}
    return replace(
        context,
        limits=replace(
            context.limits,
            title_weight=longest.get("title", context.limits.title_weight),
            description_length=longest.get("description", context.limits.description_length),
        ),
        creates_suspended_until=ends.get(ADD),
        photos_suspended_until=max((ends[name] for name in PHOTO_METHODS if name in ends), default=None),
    )


def unreadable_titles(planned: Planned) -> str:
    """Return the titles of the merchant's items that are too large to be read, to be told to them."""
    sent = {listing.item_id: listing.sent for listing in planned.context.listings}
    titles = (found.title for pk in sorted(planned.shop.unreadable) if (found := sent.get(pk)))
    return " ".join(f"«{title}»." for title in titles)


def photo_source(
    user: User, context: records.SyncContext, plan: records.SyncResult
) -> Callable[[Picture], bytes]:
    """Return a function that gives a picture's JPEG: the merchant's own, else one drawn by us.

    The function raises ItemRefused where the merchant's own cannot be read.
    """
    groups = {group.key: group.name for group in context.groups}
    group_of = {product.key: product.group_id for product in context.products}
    wanted = [
        one
        for action in plan.actions
        if action.desired is not None
        for one in (action.desired.photo_key, *action.desired.more_photos)
    ]
    photos = {}
    if any(style_of(one) is None for one in wanted):
        photos = {photo.content_hash: photo for photo in ProductPhoto.objects.for_user(user)}

    def picture(one: Picture) -> bytes:
        key, desired = one.key, plan.desired[one.key]
        if (photo := photos.get(one.photo_key)) is not None:
            return _read(photo)
        group = groups.get(records.GroupKey(key.store_id, group_of.get(key, "")), "")
        return placeholder(desired.title, group, style_of(one.photo_key) or CardStyle.COLOUR)

    return picture


def _read(photo: ProductPhoto) -> bytes:
    try:
        # Pictures are read in several threads; the row's own file object is one for all of them.
        with photo.file.storage.open(str(photo.file.name), "rb") as file:
            return bytes(file.read())
    except OSError as error:
        # One lost file or a storage that is away keeps no other goods from VK.
        raise ItemRefused(Service.VK, OwnError.PHOTO_UNREADABLE, type(error).__name__) from error
