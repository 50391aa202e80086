"""Reads VK's answers: liberal in what is there, since only what we use has to be."""

import html
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from connections.clients.vk.records import VkAlbum, VkCategory, VkCommunity, VkItemPage, VkMarketItem, VkUser


class _Category(msgspec.Struct, frozen=True):
    id: Any = None


class _Photo(msgspec.Struct, frozen=True):
    id: Any


class _Price(msgspec.Struct, frozen=True):
    amount: Any = None
    old_amount: Any = None


class _Item(msgspec.Struct, frozen=True):
    """What we use of an item: the rest, which is most of the text, is passed over."""

    id: Any
    title: Any = None
    description: Any = None
    price: _Price | None = None
    stock_amount: Any = None
    sku: Any = None
    availability: Any = None
    category: _Category | None = None
    photos: list[_Photo] | None = None
    albums_ids: Any = None
    date: Any = None


class _ItemPage(msgspec.Struct, frozen=True):
    count: Any
    items: list[_Item] | None = None


_decode_item_page = msgspec.json.Decoder(_ItemPage, float_hook=Decimal).decode


def read_item_page_text(text: bytes) -> VkItemPage:
    """Read a page of items from its text. Raises MsgspecError where it is not what VK documents."""
    page = _decode_item_page(text)
    items = (
        _market_item(
            one.id,
            one.title,
            one.description,
            *((None, None) if one.price is None else _prices(one.price.amount, one.price.old_amount)),
            one.stock_amount,
            one.sku,
            one.availability,
            None if one.category is None else _number(one.category.id),
            None if one.photos is None else [photo.id for photo in one.photos],
            one.albums_ids,
            one.date,
        )
        for one in page.items or ()
    )
    return VkItemPage(int(page.count), tuple(items))


def read_item_page(value: Any) -> VkItemPage:
    """Read a page of items."""
    items = [_item(item) for item in value.get("items") or () if isinstance(item, dict)]
    return VkItemPage(int(value["count"]), tuple(items))


def _item(item: Mapping[str, Any]) -> VkMarketItem:
    photos, price, category = item.get("photos"), item.get("price"), item.get("category")
    amounts = (price.get("amount"), price.get("old_amount")) if isinstance(price, dict) else (None, None)
    return _market_item(
        item["id"],
        item.get("title"),
        item.get("description"),
        *_prices(*amounts),
        item.get("stock_amount"),
        item.get("sku"),
        item.get("availability"),
        _number(category.get("id")) if isinstance(category, dict) else None,
        None if photos is None else [photo["id"] for photo in photos],
        item.get("albums_ids"),
        item.get("date"),
    )


def _market_item(  # noqa: PLR0917 - the fields of an item, in the order of the record
    item_id: Any,
    title: Any,
    description: Any,
    price_kopecks: int | None,
    old_price_kopecks: int | None,
    stock: Any,
    sku: Any,
    availability: Any,
    category_id: int | None,
    photo_ids: Iterable[Any] | None,
    album_ids: Iterable[Any] | None,
    date: Any,
) -> VkMarketItem:
    return VkMarketItem(
        id=int(item_id),
        title=html.unescape(str(title or "")),
        description=html.unescape(str(description or "")),
        price_kopecks=price_kopecks,
        old_price_kopecks=old_price_kopecks,
        stock=_number(stock),
        sku=html.unescape(str(sku or "")),
        availability=int(availability or 0),
        category_id=category_id,
        photo_ids=None if photo_ids is None else tuple(int(photo) for photo in photo_ids),
        album_ids=None if album_ids is None else tuple(int(album) for album in album_ids),
        date=int(date or 0),
    )


def _prices(amount: Any, old_amount: Any) -> tuple[int | None, int | None]:
    """Read a price and the one that is crossed out, in hundredths; the latter is 0 where there is none."""
    price = _number(amount)
    return price, None if price is None else _number(old_amount) or 0


def _number(value: Any) -> int | None:
    # 0 equals False, and it is a number here.
    return None if value is None or value is False or value == "" else int(value)


def read_albums(value: Any) -> list[VkAlbum]:
    """Read collections."""
    return [
        VkAlbum(
            int(album["id"]),
            html.unescape(str(album["title"])),
            int(album.get("count") or 0),
        )
        for album in value.get("items") or ()
    ]


def read_categories(nodes: Any) -> list[VkCategory]:
    """Read a branch of the category tree."""
    return [
        VkCategory(
            int(node["id"]),
            str(node["name"]),
            tuple(read_categories(node.get("children") or ())),
        )
        for node in nodes
    ]


def read_first_community(value: Any) -> VkCommunity:
    """Read the answer of 5.199 (an object) and of older versions (a list)."""
    groups = value["groups"] if isinstance(value, dict) else value
    return read_community(groups[0])


def read_community(group: Mapping[str, Any]) -> VkCommunity:
    """Read one community; the currency is RUB where its id is 643."""
    market = group.get("market") or {}
    currency = market.get("currency") or {}
    return VkCommunity(
        id=int(group["id"]),
        name=html.unescape(str(group.get("name") or "")),
        screen_name=str(group.get("screen_name") or ""),
        admin_level=int(group.get("admin_level") or 0) if group.get("is_admin") else 0,
        market_enabled=bool(market.get("enabled")),
        currency_id=_number(currency.get("id")),
    )


def read_first_user(value: Any) -> VkUser:
    """Read whose token it is; a community's or an app's is nobody's, and has the id 0."""
    if value == []:
        return VkUser(0, "", "")
    user = value[0]
    return VkUser(
        int(user["id"]),
        str(user.get("first_name") or ""),
        str(user.get("last_name") or ""),
    )
