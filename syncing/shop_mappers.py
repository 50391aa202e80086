"""Between the core's records and what VK shows, what we remember of it, and what VK can hold."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime, timedelta
from typing import Any

from connections.clients.vk import limits
from connections.clients.vk.records import VkAlbum, VkMarketItem
from evosync.common import clock
from syncing import models
from syncing.core import choices, records
from syncing.core.diff import album_key

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
