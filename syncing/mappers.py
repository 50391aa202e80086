"""Between rows and the core's records. Nothing else knows both."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime, timedelta
from typing import Any

from catalog import models as rows
from connections.clients.vk import limits
from connections.clients.vk.records import VkAlbum, VkMarketItem
from evosync.common import clock
from syncing import models
from syncing.choices import RestrictedVerdict
from syncing.core import choices, records
from syncing.core.diff import album_key
from syncing.core.goods_rules import records as goods_rules
from syncing.core.group_tree import GroupTree
from syncing.core.last_known import kept_fields
from syncing.core.restricted_goods.decisions import Decision, Decisions, Scope

# How VK calls an item: on sale, removed, not available.
IS_HIDDEN: Mapping[int | None, bool] = {0: False, 1: True, 2: True}
VK_LIMITS = records.ChannelLimits(
    items=limits.ITEMS,
    albums=limits.ALBUMS,
    items_per_album=limits.ITEMS_PER_ALBUM,
    title_weight=limits.TITLE_WEIGHT,
    album_title_weight=limits.ALBUM_TITLE_WEIGHT,
    sku_length=limits.SKU_LENGTH,
    stock=limits.STOCK,
    photos=limits.PHOTOS,
)
# Longer than VK's lists lag behind its writes, and than a dead run's rest takes to be taken up.
OURS_FOR = timedelta(minutes=10)
# So long a limit that VK showed by a refusal counts, until it is tried again.
LIMIT_COUNTS_FOR = timedelta(days=1)


def product_record(
    row: rows.Product,
    store_id: str,
    photo_keys: tuple[str, ...] = (),
    *,
    description: str | None = None,
    store_seen_at: datetime | None = None,
    tags: tuple[str, ...] = (),
) -> records.SourceProduct:
    """Return the core's view of a product row; `store_id` is Evotor's id of its store.

    A caller who has not read the description gives another; one who asks when goods were last seen gives
    the store's `goods_seen_at`.
    """
    return records.SourceProduct(
        key=records.ProductKey(store_id, row.evotor_id),
        name=row.name,
        price=row.price,
        quantity=row.quantity,
        measure=row.measure_name,
        article=row.article_number,
        code=row.code,
        barcodes=tuple(row.barcodes),
        description=row.description if description is None else description,
        allow_to_sell=row.allow_to_sell,
        type=row.product_type,
        is_excisable=row.is_excisable,
        is_age_limited=row.is_age_limited,
        group_id=row.group_evotor_id,
        kept_fields=kept_fields(row.untold_fields),
        left_groups=tuple(row.left_groups or ()),
        photo_keys=photo_keys,
        cost=row.cost_price,
        own_title=row.own_title,
        own_description=row.own_description,
        own_album=row.own_album,
        tags=tags,
        since=row.present_since,
        seen_at=row.last_seen(store_seen_at),
        unmarked_at=row.unmarked_at,
        unmarked_type=row.unmarked_type,
    )


def group_record(
    row: rows.ProductGroup, store_id: str, *, store_seen_at: datetime | None = None
) -> records.SourceGroup:
    """Return the core's view of a group row; `store_seen_at` as for a product."""
    return records.SourceGroup(
        records.GroupKey(store_id, row.evotor_id),
        row.name,
        row.parent_evotor_id,
        is_listed=row.unlisted_since is None and row.missing_since is None,
        since=row.present_since,
        seen_at=row.last_seen(store_seen_at),
        left_groups=tuple(row.left_groups or ()),
    )


def store_record(row: rows.Store) -> records.SourceStore:
    """Return the core's view of a store row."""
    return records.SourceStore(
        row.evotor_id, row.name, row.missing_since is None, row.present_since, row.fetched_at
    )


def filter_record(row: models.SyncFilter) -> records.Filter:
    """Return the core's view of a filter row."""
    return records.Filter(
        choices.EntityType(row.entity_type),
        row.entity_id,
        choices.FilterMode(row.filter_mode),
        row.follows,
        row.answered_at,
    )


def decisions_record(rows: Iterable[models.RestrictedDecision]) -> Decisions:
    """Return the core's view of the merchant's decisions on restricted goods."""
    return Decisions.of(
        Decision(
            Scope(row.scope),
            row.key,
            may_sell=row.verdict == RestrictedVerdict.ALLOWED,
            overrules=row.overrules,
        )
        for row in rows
    )


def goods_rule_record(row: models.GoodsRule) -> goods_rules.GoodsRule:
    """Return the core's view of a rule for goods."""
    return goods_rules.GoodsRule(
        id=row.pk,
        name=row.name,
        conditions=tuple(
            goods_rules.Condition(
                goods_rules.Subject(each["subject"]),
                goods_rules.Comparison(each["comparison"]),
                each["value"],
            )
            for each in row.conditions
        ),
        actions=_actions(row),
    )


def _actions(row: models.GoodsRule) -> tuple[goods_rules.RuleAction, ...]:
    """Return a rule's actions; a promotion crosses out the price before it, unless it says otherwise."""
    actions = tuple(
        goods_rules.RuleAction(goods_rules.RuleActionKind(each["kind"]), each["value"])
        for each in row.actions
    )
    kinds = {action.kind for action in actions}
    is_promotion = row.ends_at is not None and bool(kinds & goods_rules.PRICE_ACTIONS)
    if is_promotion and goods_rules.RuleActionKind.OLD_PRICE not in kinds:
        return (*actions, goods_rules.RuleAction(goods_rules.RuleActionKind.OLD_PRICE))
    return actions


def rules_record(
    config: models.SyncConfig, *, has_goods_rules: bool = True, has_decisions: bool = True
) -> records.Rules:
    """Return the core's view of the merchant's rules and decisions.

    A caller who knows that there are no rules for goods, or no decisions, says so.
    """
    decided, ruled = models.RestrictedDecision.objects.all(), models.GoodsRule.objects.all()
    decisions = decided.for_user(config.user_id).in_order() if has_decisions else decided.none()
    rules = ruled.for_user(config.user_id) if has_goods_rules else ruled.none()
    now = clock.now()
    timed = [
        (goods_rules.TimedRule(goods_rule_record(row), row.starts_at, row.ends_at), row.has_ended(now))
        for row in rules.begun(now).in_order()
    ]
    return records.Rules(
        markup_percent=config.markup_percent,
        rounding=choices.Rounding(config.rounding),
        out_of_stock=choices.OutOfStock(config.out_of_stock),
        sentence_case=config.sentence_case,
        write_out_shortenings=config.write_out_shortenings,
        description_template=config.description_template,
        card_style=choices.CardStyle(config.card_style),
        default_category_id=config.default_category_id or 0,
        category_by_group={key: int(value) for key, value in config.category_by_group.items()},
        category_by_product={key: int(value) for key, value in (config.category_by_product or {}).items()},
        guessed_by_group={key: int(value) for key, value in (config.guessed_by_group or {}).items()},
        template_by_group=dict(config.template_by_group or {}),
        album_by_group=dict(config.album_by_group or {}),
        albums=choices.Albums(config.albums),
        album_template=config.album_template,
        removal=choices.Removal(config.removal),
        stores=choices.Stores(config.stores),
        store_order=tuple(config.store_order),
        legal_filter=config.legal_filter,
        goods_rules=tuple(one.rule for one, has_ended in timed if not has_ended),
        timed_rules=tuple(one for one, _has_ended in timed),
        decisions=decisions_record(decisions),
        brake_items=config.brake_items,
        brake_percent=config.brake_percent,
        price_hold_percent=config.price_hold_percent,
    )


def listing_record(
    row: models.Listing, last_known: records.SourceProduct | None, *, now: datetime
) -> records.Listing:
    """Return the core's view of a listing row."""
    since = (now - OURS_FOR).isoformat()
    return records.Listing(
        key=records.ProductKey(row.store_evotor_id, row.product_evotor_id),
        stamp=row.stamp,
        item_id=row.vk_item_id,
        sent=desired_from_json(row.sent),
        # A picture that was saved for an edit and not yet put up says nothing of the one in VK.
        sent_photo_id=row.photo_id if row.vk_item_id and row.sent.get("photo_key") == row.photo_key else None,
        merchant_fields=frozenset(row.merchant_fields),
        hidden_since=row.hidden_since,
        last_known=last_known,
        written_at=_past(row.last_verified_at, now),
        photo_id=row.photo_id,
        sent_more_ids=sent_more_ids(row),
        saved_photos=row.saved_photos or {},
        kept_forms={name: records.KeptForm(**form) for name, form in (row.kept_forms or {}).items()},
        own_values=tuple(own for own in row.own_values or () if own["at"] > since),
        album_refusal=_album_refusal(row.album_refusal, now),
        stay_refusal=_album_refusal(row.stay_refusal, now),
        lost_price=records.SentPrice(**row.lost_price) if row.lost_price else None,
    )


def price_to_json(sent: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return of what was sent what a listing keeps of the price of an item that is lost."""
    names = [one.name for one in fields(records.SentPrice)]
    return {name: sent[name] for name in names if name in sent} or None


def _past(moment: datetime | None, now: datetime) -> datetime | None:
    """Return the moment, or None where it is to come: a clock that was wrong has written it."""
    return moment if moment is not None and clock.is_past(moment, now) else None


def _album_refusal(kept: Mapping[str, Any] | None, now: datetime) -> records.AlbumRefusal | None:
    at = _past(datetime.fromisoformat(kept["at"]), now) if kept else None
    return records.AlbumRefusal(kept["album"], at, kept["held"]) if kept and at else None


def shop_refusals(row: models.ShopLimits | None, *, now: datetime) -> tuple[records.ShopRefusal, ...]:
    """Return which albums VK refused to make, rename or remove."""
    return tuple(
        records.ShopRefusal(
            choices.AlbumStep(one["step"]),
            one["subject"],
            one["title"],
            datetime.fromisoformat(one["refused_at"]),
            one["code"],
        )
        for one in (row and row.album_refusals) or ()
        if _past(datetime.fromisoformat(one["refused_at"]), now)
    )


def shop_limits(row: models.ShopLimits | None, *, now: datetime) -> records.ChannelLimits:
    """Return VK's limits, lowered to what the community turned out to hold of late."""
    found = VK_LIMITS
    if row and row.items is not None and _counts(row.items_at, now):
        found = replace(found, items=min(found.items, row.items))
    if row and row.albums is not None and _counts(row.albums_at, now):
        found = replace(found, albums=min(found.albums, row.albums))
    return found


def _counts(shown_at: datetime | None, now: datetime) -> bool:
    at = _past(shown_at, now)
    return at is not None and now - at < LIMIT_COUNTS_FOR


def albums_of(
    shop_albums: Sequence[VkAlbum], made: Mapping[str, int]
) -> tuple[dict[str, int], dict[str, int], dict[int, int]]:
    """Return the albums by key, those of ours that still have our title, and how much each one holds.

    Where VK does not say what one holds it has no number: it is neither empty nor ours alone.

    `made` maps the keys of the albums that we made to their ids. Of two with one title it is always the
    older, whatever order VK shows them in.
    """
    by_title = {album_key(album.title): album.id for album in sorted(shop_albums, key=lambda one: -one.id)}
    titles = {album.id: album_key(album.title) for album in shop_albums}
    ours = {key: pk for key, pk in made.items() if pk in titles}
    unchanged = {key: pk for key, pk in ours.items() if titles[pk] == key}
    counts = {album.id: album.count for album in shop_albums if album.count is not None}
    return by_title | ours, unchanged, counts


def desired_to_json(desired: records.DesiredItem) -> dict[str, Any]:
    """Return what Listing.sent keeps. The release before this one reads what has one picture, too."""
    kept = asdict(desired)
    more = kept.pop("more_photos")
    return kept | ({"more_photos": list(more)} if more else {})


def desired_from_json(sent: Mapping[str, Any]) -> records.DesiredItem | None:
    """Return what Listing.sent kept, or None where nothing was confirmed yet."""
    if not sent:
        return None
    return records.DesiredItem(**{**sent, "more_photos": tuple(sent.get("more_photos", ()))})


def removed_to_json(row: models.Listing) -> dict[str, Any] | None:
    """Return what a run's journal keeps of an item that it removes, None where there is none."""
    if row.vk_item_id is None:
        return None
    return {
        "id": row.vk_item_id,
        "community": row.vk_group_id,
        "sent": row.sent,
        "photo_id": row.photo_id,
        "photo_key": row.photo_key,
        "saved_photos": row.saved_photos or {},
        "merchant_fields": row.merchant_fields,
        "hidden": row.state == models.Listing.State.HIDDEN,
    }


def removed_record(kept: Mapping[str, Any] | None, *, group_id: int | None) -> records.RemovedItem | None:
    """Return the core's view of a removed item, None for one of another community."""
    if kept is None or kept["community"] != group_id:
        return None
    return records.RemovedItem(
        item_id=kept["id"],
        sent=desired_from_json(kept["sent"]),
        photo_id=kept["photo_id"],
        photo_key=kept["photo_key"],
        saved_photos=kept["saved_photos"],
        merchant_fields=frozenset(kept["merchant_fields"]),
    )


def sent_more_ids(row: models.Listing) -> tuple[int, ...] | None:
    """Return VK's ids of the further pictures that the item was sent with, None where one is not known."""
    if not row.vk_item_id or not row.sent:
        return None
    saved = row.saved_photos or {}
    sent = row.sent.get("more_photos", ())
    return tuple(saved[key] for key in sent) if all(key in saved for key in sent) else None


def item_record(item: VkMarketItem) -> records.ChannelItem:
    """Return the core's view of a VK item.

    VK says "unavailable" for a hidden item and for a sold-out one alike, so with no stock left
    `hidden` is unknown, and so it is where VK says neither.
    """
    hidden = IS_HIDDEN.get(item.availability)
    if hidden and item.stock == 0:
        hidden = None
    return records.ChannelItem(
        item_id=item.id,
        title=item.title,
        description=item.description,
        price_kopecks=item.price_kopecks,
        old_price_kopecks=item.old_price_kopecks,
        stock=item.stock,
        sku=item.sku,
        hidden=hidden,
        category_id=item.category_id,
        photo_ids=item.photo_ids,
        album_ids=item.album_ids,
        created_at=item.date,
    )


def unseen_item_record(row: models.Listing) -> records.ChannelItem:
    """Return the core's view of an item that is in VK but cannot be read: as it was last confirmed."""
    sent = desired_from_json(row.sent)
    return records.ChannelItem(
        item_id=row.vk_item_id or 0,
        title=sent.title if sent else "",
        description=sent.description if sent else "",
        price_kopecks=None,
        stock=None,
        sku=sent.sku if sent else "",
        hidden=None,
    )


class PhotoKeys:
    """The merchant's own pictures, looked up by product, then by the nearest group above, then the default.

    `stores` maps a store's row id to its Evotor id.
    """

    def __init__(
        self,
        photos: Iterable[rows.ProductPhoto],
        groups: Iterable[records.SourceGroup],
        stores: Mapping[int, str],
    ) -> None:
        self._by_product: dict[int, list[str]] = defaultdict(list)
        self._by_group: dict[records.GroupKey, list[str]] = defaultdict(list)
        self._default: list[str] = []
        self._tree, self._stores = GroupTree(groups), stores
        for photo in photos:
            if photo.product_id:
                self._by_product[photo.product_id].append(photo.content_hash)
            elif photo.group:
                key = records.GroupKey(stores[photo.group.store_id], photo.group.evotor_id)
                self._by_group[key].append(photo.content_hash)
            else:
                self._default.append(photo.content_hash)

    def of(self, row: rows.Product) -> tuple[str, ...]:
        """Return the content hashes of the pictures for this product, best first."""
        if own := self._by_product.get(row.pk):
            return tuple(own)
        if self._by_group:
            path = self._tree.path(self._stores[row.store_id], row.group_evotor_id)
            for group in reversed(path):
                if shared := self._by_group.get(group.key):
                    return tuple(shared)
        return tuple(self._default)
