"""From rows and VK's present state to the core's context and its plan. Nothing is written here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Product, ProductGroup, ProductPhoto, Store
from catalog.photos.placeholders import placeholder
from connections.client_factory import vk_client
from connections.clients.error_catalog import OwnError
from connections.clients.vk.client import VkClient
from connections.models import EvotorConnection, VkConnection
from evosync.common import clock
from syncing import mappers
from syncing.core import records
from syncing.core.categories import CategoryChooser
from syncing.core.choices import CardStyle
from syncing.core.drawn_pictures import style_of
from syncing.core.planner import sync_user
from syncing.models import Album, Listing, ShopLimits, SyncConfig, SyncFilter
from syncing.publishing.vk.methods import ADD, PHOTO_METHODS, Picture
from syncing.publishing.vk.presence import PresenceCheck
from syncing.publishing.vk.reader import ShopSnapshot, read_shop
from syncing.services.categories import are_categories_due, flatten, known_categories, remember_categories
from syncing.services.errors import CannotSync
from syncing.services.gone import gone_groups, gone_products
from syncing.services.held_prices import price_decisions, price_decisions_about
from syncing.services.settings import config_for, rules_of
from syncing.services.tags import Tags, tags_by_product, tags_for
from syncing.services.undo import undone_changes, undone_changes_about


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with what it was made from. `guessed_by_group` holds VK categories that no run has kept yet."""

    context: records.SyncContext
    shop: ShopSnapshot
    plan: records.SyncResult
    guessed_by_group: Mapping[str, int] = field(default_factory=dict)


def vk_connection(user: User) -> VkConnection:
    """Return the merchant's connection to a VK community, or raise CannotSync."""
    connection = VkConnection.objects.filter(user=user).first()
    if connection is None or not connection.access_token:
        raise CannotSync(
            OwnError.NO_VK, _("VK is not connected, so no goods can be shown there. Connect VK first.")
        )
    if connection.group_id is None:
        raise CannotSync(
            OwnError.NO_COMMUNITY, _("No VK community is chosen yet. Choose one on the Connections page.")
        )
    return connection


def evotor_connection(user: User) -> EvotorConnection:
    """Return the merchant's connection to the till, or raise CannotSync."""
    connection = EvotorConnection.objects.filter(user=user).first()
    if connection is None or not connection.access_token:
        raise CannotSync(
            OwnError.NO_EVOTOR,
            _("Evotor is not connected, so the till cannot be read. Connect Evotor first."),
        )
    return connection


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


def channel_items(listings: Iterable[Listing], shop: ShopSnapshot) -> tuple[records.ChannelItem, ...]:
    """Return the shop's items for the core, also those of our map that are there and cannot be read."""
    unseen = shop.present | shop.unreadable
    return (
        *(mappers.item_record(item) for item in shop.items.values()),
        *(mappers.unseen_item_record(row) for row in listings if row.vk_item_id in unseen),
    )


def read_vk(user: User, *, client: VkClient, group_id: int) -> ShopSnapshot:
    """Return the merchant's shop in VK, with VK's categories if they are not known. Raises ClientError."""
    rows = Listing.objects.for_user(user).in_community(group_id).filter(vk_item_id__isnull=False)
    expected = [pk for pk in rows.values_list("vk_item_id", flat=True) if pk is not None]
    shop = read_shop(client, group_id, expected=expected, with_categories=are_categories_due())
    remember_categories(shop.categories)
    return shop


def plan_from(
    user: User, shop: ShopSnapshot, *, group_id: int, now: datetime, connection: VkConnection | None = None
) -> Planned:
    """Plan from the rows and a shop that was read before; nothing is written.

    A caller who has read the merchant's connection already gives it.
    """
    config = rules_of(user)
    listings = list(Listing.objects.for_user(user).in_community(group_id))
    connection = connection or VkConnection.objects.filter(user=user).first()
    context = _context(user, config, listings, shop, now, group_id=group_id)
    if connection is not None:
        context = _with_present_limits(context, connection)
    return Planned(context, shop, sync_user(context), _new_guesses(context))


def keep_guessed_categories(user: User, planned: Planned) -> None:
    """Write down the VK categories that a run has guessed for groups; later runs keep to them."""
    if planned.guessed_by_group:
        with transaction.atomic():
            config = SyncConfig.objects.select_for_update().get(pk=config_for(user).pk)
            config.guessed_by_group = {**(config.guessed_by_group or {}), **planned.guessed_by_group}
            config.save(update_fields=["guessed_by_group"])


def _new_guesses(context: records.SyncContext) -> dict[str, int]:
    chooser = CategoryChooser(context.rules, context.categories)
    found = {group.key.group_id: chooser.guess_for_group(group) for group in context.groups}
    known = context.rules.guessed_by_group
    return {key: category for key, category in found.items() if category and known.get(key) != category}


def plan_now(user: User) -> Planned:
    """Return the plan from the till as last read and VK as it is. Raises ClientError or CannotSync."""
    connection = vk_connection(user)
    group_id = connection.group_id or 0
    client = vk_client(connection)
    return make_plan(user, client=client, group_id=group_id, now=clock.now(), connection=connection)


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


def local_context(
    user: User,
    *,
    config: SyncConfig | None = None,
    only: Iterable[Product] | None = None,
    with_gone: bool = False,
    with_tags: bool = False,
) -> records.SyncContext:
    """Return the context without asking VK: enough to say which products are in, and why.

    With `only` it holds those rows as its products and does not read the others; `with_gone` adds what has
    left the till, `with_tags` the tags of goods also where no rule asks for them yet. A caller who has read
    the merchant's rules already gives them as `config`.
    """
    config = config or rules_of(user)
    now = clock.now()
    return _context(
        user, config, [], ShopSnapshot(), now, only=only, with_gone=with_gone, with_tags=with_tags
    )


def _context(
    user: User,
    config: SyncConfig,
    listings: list[Listing],
    shop: ShopSnapshot,
    now: datetime,
    *,
    only: Iterable[Product] | None = None,
    group_id: int | None = None,
    with_gone: bool = False,
    with_tags: bool = False,
) -> records.SyncContext:
    only = None if only is None else list(only)
    stores = {store.pk: store for store in Store.objects.for_user(user)}
    ids = {pk: store.evotor_id for pk, store in stores.items()}
    groups = tuple(
        mappers.group_record(row, ids[row.store_id], store_seen_at=stores[row.store_id].goods_seen_at)
        for row in ProductGroup.objects.for_user(user).present()
    )
    photos = ProductPhoto.objects.for_user(user).select_related("group").in_order()
    keys = mappers.PhotoKeys(photos, groups, ids)
    rules = mappers.rules_record(config)
    tags = tags_by_product(user, only) if with_tags else tags_for(user, rules, only)
    products = _products(user, stores, keys, only, tags)
    filters = tuple(mappers.filter_record(row) for row in SyncFilter.objects.filter(sync_config__user=user))
    undone = undone_changes(user, group_id) if only is None else undone_changes_about(only)
    with_gone = bool(filters or undone) and (with_gone or group_id is not None)
    gone = gone_products(user, stores.values()) if listings or with_gone else {}
    made: dict[str, int] = {}
    learnt = None
    if group_id is not None:
        made = dict(Album.objects.in_shop(user, group_id).values_list("key", "vk_album_id"))
        learnt = ShopLimits.objects.of_shop(user, group_id)
    albums, own_albums, album_counts = mappers.albums_of(shop.albums, made)
    return records.SyncContext(
        now=now,
        rules=rules,
        products=products,
        groups=groups,
        filters=filters,
        listings=tuple(
            mappers.listing_record(
                row,
                gone.get(records.ProductKey(row.store_evotor_id, row.product_evotor_id)),
                now=now,
            )
            for row in listings
        ),
        channel_items=channel_items(listings, shop),
        source=_source_state(config, stores.values(), size=len(products)),
        limits=mappers.shop_limits(learnt, now=now),
        gone_products=tuple(gone.values()),
        gone_groups=gone_groups(user, stores.values()) if with_gone else (),
        stores=tuple(map(mappers.store_record, stores.values())),
        albums=albums,
        own_albums=own_albums,
        album_counts=album_counts,
        shop_refusals=mappers.shop_refusals(learnt),
        undone=undone,
        price_decisions=price_decisions(user) if only is None else price_decisions_about(only),
        categories=tuple(flatten(shop.categories) or known_categories()),
    )


def _products(
    user: User,
    stores: Mapping[int, Store],
    photos: mappers.PhotoKeys,
    only: Iterable[Product] | None,
    tags: Tags,
) -> tuple[records.SourceProduct, ...]:
    """Return the goods of the listed stores, or those of `only`."""
    rows = only
    if rows is None:
        rows = Product.objects.for_user(user).present().order_by("pk").iterator(chunk_size=2000)
    return tuple(
        mappers.product_record(
            row,
            stores[row.store_id].evotor_id,
            photos.of(row),
            store_seen_at=stores[row.store_id].goods_seen_at,
            tags=tags.get(row.pk, ()),
        )
        for row in rows
        if stores[row.store_id].missing_since is None
    )


def _source_state(config: SyncConfig, stores: Iterable[Store], *, size: int) -> records.SourceState:
    """Return what the last readings prove about the till, `size` being its goods now."""
    stores = list(stores)
    return records.SourceState(
        complete_stores=frozenset(
            store.evotor_id
            for store in stores
            if store.complete_walk_at and store.missing_since is None and store.proves_absence
        ),
        vanished_stores=frozenset(store.evotor_id for store in stores if store.missing_since is not None),
        previous_size=config.source_size or size,
        accepted_gaps=config.source_gaps or {},
    )


def unreadable_titles(planned: Planned) -> str:
    """Return the titles of the merchant's items that are too large to be read, to be told to them."""
    sent = {listing.item_id: listing.sent for listing in planned.context.listings}
    titles = (found.title for pk in sorted(planned.shop.unreadable) if (found := sent.get(pk)))
    return " ".join(f"«{title}»." for title in titles)


def photo_source(
    user: User, context: records.SyncContext, plan: records.SyncResult
) -> Callable[[Picture], bytes]:
    """Return a function that gives a picture's JPEG: the merchant's own, else one drawn by us."""
    groups = {group.key: group.name for group in context.groups}
    group_of = {product.key: product.group_id for product in context.products}
    photos = {photo.content_hash: photo for photo in ProductPhoto.objects.for_user(user)}

    def picture(one: Picture) -> bytes:
        key, desired = one.key, plan.desired[one.key]
        if (photo := photos.get(one.photo_key)) is not None:
            # Pictures are read in several threads; the row's own file object is one for all of them.
            with photo.file.storage.open(str(photo.file.name), "rb") as file:
                return bytes(file.read())
        group = groups.get(records.GroupKey(key.store_id, group_of.get(key, "")), "")
        return placeholder(desired.title, group, style_of(one.photo_key) or CardStyle.COLOUR)

    return picture
