"""From rows and VK's present state to the core's context. Nothing is written here."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from accounts.models import User
from catalog.models import Product, ProductGroup, ProductPhoto, Store
from evosync.common import clock
from syncing import mappers, shop_mappers
from syncing.core import records
from syncing.models import Album, Listing, ShopLimits, SyncConfig, SyncFilter
from syncing.publishing.vk.reader import ShopSnapshot
from syncing.services.categories import flatten, known_categories
from syncing.services.features import Used, used_by
from syncing.services.gone import gone_groups, gone_products
from syncing.services.held_prices import price_decisions, price_decisions_about
from syncing.services.settings import rules_of
from syncing.services.tags import Tags, tags_by_product, tags_for
from syncing.services.undo import undone_changes, undone_changes_about


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
    return build_context(
        user, config, [], ShopSnapshot(), now, only=only, with_gone=with_gone, with_tags=with_tags
    )


def build_context(
    user: User,
    config: SyncConfig,
    listings: list[Listing],
    shop: ShopSnapshot,
    now: datetime,
    *,
    only: Iterable[Product] | None = None,
    group_id: int | None = None,
    limits: ShopLimits | None = None,
    with_gone: bool = False,
    with_tags: bool = False,
) -> records.SyncContext:
    """Return all that a plan depends on.

    `listings`, `group_id` and `limits` are those of the community to plan for; `only`, `with_gone` and
    `with_tags` mean what they mean in `local_context`.
    """
    only = None if only is None else list(only)
    used = used_by(user)
    stores = {store.pk: store for store in Store.objects.for_user(user)}
    groups = _groups(user, stores)
    photos = _photo_keys(user if used.photos else None, stores, groups)
    rules = mappers.rules_record(config, has_goods_rules=used.goods_rules, has_decisions=used.decisions)
    tags = tags_by_product(user, only) if with_tags else tags_for(user, rules, only)
    products = _products(user, stores, photos, only, tags)
    with_gone = with_gone or (group_id is not None and (used.filters or used.undone))
    gone, groups_gone = _gone(user, stores, used, is_planned=bool(listings or group_id), with_gone=with_gone)
    albums, own_albums, album_counts = shop_mappers.albums_of(shop.albums, _made_albums(user, group_id, used))
    return records.SyncContext(
        now=now,
        rules=rules,
        products=products,
        groups=groups,
        filters=_filters(user) if used.filters else (),
        listings=_listings(listings, gone, now),
        channel_items=channel_items(listings, shop),
        source=_source_state(config, stores.values(), size=len(products)),
        limits=shop_mappers.shop_limits(limits, now=now),
        gone_products=tuple(gone.values()),
        gone_groups=groups_gone,
        stores=tuple(map(mappers.store_record, stores.values())),
        albums=albums,
        own_albums=own_albums,
        album_counts=album_counts,
        shop_refusals=shop_mappers.shop_refusals(limits, now=now),
        undone=_undone(user, group_id, only) if used.undone else {},
        price_decisions=_price_decisions(user, only) if used.held_prices else {},
        categories=tuple(flatten(shop.categories) or known_categories()),
    )


def channel_items(listings: Iterable[Listing], shop: ShopSnapshot) -> tuple[records.ChannelItem, ...]:
    """Return the shop's items for the core, also those of our map that are there and cannot be read."""
    unseen = shop.present | shop.unreadable
    return (
        *(shop_mappers.item_record(item) for item in shop.items.values()),
        *(shop_mappers.unseen_item_record(row) for row in listings if row.vk_item_id in unseen),
    )


def _groups(user: User, stores: Mapping[int, Store]) -> tuple[records.SourceGroup, ...]:
    return tuple(
        mappers.group_record(
            row, stores[row.store_id].evotor_id, store_seen_at=stores[row.store_id].goods_seen_at
        )
        for row in ProductGroup.objects.for_user(user).present()
    )


def _gone(
    user: User, stores: Mapping[int, Store], used: Used, *, is_planned: bool, with_gone: bool
) -> tuple[Mapping[records.ProductKey, records.SourceProduct], tuple[records.SourceGroup, ...]]:
    """Return the goods that have left the till, by key, and the groups; with goods the groups come, too."""
    products: Mapping[records.ProductKey, records.SourceProduct] = {}
    if is_planned or with_gone:
        products = gone_products(user, stores.values(), may_be_missing=used.gone_products)
    groups = gone_groups(user, stores.values()) if used.gone_groups and (with_gone or products) else ()
    return products, groups


def _filters(user: User) -> tuple[records.Filter, ...]:
    rows = SyncFilter.objects.filter(sync_config__user=user)
    return tuple(mappers.filter_record(row) for row in rows)


def _undone(
    user: User, group_id: int | None, only: list[Product] | None
) -> Mapping[records.ProductKey, records.Undone]:
    return undone_changes(user, group_id) if only is None else undone_changes_about(only)


def _price_decisions(
    user: User, only: list[Product] | None
) -> Mapping[records.ProductKey, records.PriceDecision]:
    return price_decisions(user) if only is None else price_decisions_about(only)


def _photo_keys(
    user: User | None, stores: Mapping[int, Store], groups: tuple[records.SourceGroup, ...]
) -> mappers.PhotoKeys:
    """Return the merchant's own pictures; None stands for one who has none."""
    photos: Iterable[ProductPhoto] = ()
    if user is not None:
        photos = ProductPhoto.objects.for_user(user).select_related("group").in_order()
    return mappers.PhotoKeys(photos, groups, {pk: store.evotor_id for pk, store in stores.items()})


def _listings(
    rows: Iterable[Listing], gone: Mapping[records.ProductKey, records.SourceProduct], now: datetime
) -> tuple[records.Listing, ...]:
    """Return the listings for the core, with the last record of products that have left the till."""
    return tuple(
        shop_mappers.listing_record(
            row, gone.get(records.ProductKey(row.store_evotor_id, row.product_evotor_id)), now=now
        )
        for row in rows
    )


def _made_albums(user: User, group_id: int | None, used: Used) -> dict[str, int]:
    """Return the albums that we made in the community, by key."""
    if group_id is None or not used.albums:
        return {}
    return dict(Album.objects.in_shop(user, group_id).values_list("key", "vk_album_id"))


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
