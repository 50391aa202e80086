"""Reads VK's answers: liberal in what is there, since only what we use has to be."""

import html
from collections.abc import Mapping
from typing import Any

import msgspec

from connections.clients.http import read_decimal
from connections.clients.vk.records import VkAlbum, VkCategory, VkCommunity, VkItemPage, VkMarketItem, VkUser

# VK's numbers have eight bytes, and so have our columns.
LARGEST = 2**63 - 1


class _Category(msgspec.Struct, frozen=True):
    id: Any = None


class _Photo(msgspec.Struct, frozen=True):
    id: Any = None


class _Price(msgspec.Struct, frozen=True):
    amount: Any = None
    old_amount: Any = None


class _Item(msgspec.Struct, frozen=True):
    """What we use of an item: the rest, which is most of the text, is passed over."""

    id: Any = None
    owner_id: Any = None
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


_decode_item_page = msgspec.json.Decoder(_ItemPage, float_hook=read_decimal).decode


def read_item_page_text(text: bytes, owner_id: int | None = None) -> VkItemPage:
    """Read a page of items from its text. Raises MsgspecError where it is not what VK documents."""
    page = _decode_item_page(text)
    items = (
        _market_item(
            item_id,
            one.title,
            one.description,
            *((None, None) if one.price is None else _prices(one.price.amount, one.price.old_amount)),
            one.stock_amount,
            one.sku,
            one.availability,
            None if one.category is None else _id(one.category.id),
            None if one.photos is None else [photo.id for photo in one.photos],
            one.albums_ids,
            one.date,
        )
        for one in page.items or ()
        if (item_id := _own_id(one.id, one.owner_id, owner_id)) is not None
    )
    return VkItemPage(int(page.count), tuple(items))


def read_item_page(value: Any, owner_id: int | None = None) -> VkItemPage:
    """Read a page of items.

    An item without an id is passed over, and so is another owner's where `owner_id` says whose we read.
    What cannot be read of an item is unknown: one odd item does not keep the others from being read.
    """
    items = [
        _item(item_id, item)
        for item in value.get("items") or ()
        if isinstance(item, dict)
        if (item_id := _own_id(item.get("id"), item.get("owner_id"), owner_id)) is not None
    ]
    return VkItemPage(int(value["count"]), tuple(items))


def _own_id(item_id: Any, owner: Any, expected_owner: int | None) -> int | None:
    is_another_s = expected_owner is not None and read_number(owner) not in (None, expected_owner)
    return None if is_another_s else _id(item_id)


def _item(item_id: int, item: Mapping[str, Any]) -> VkMarketItem:
    photos, price, category = item.get("photos"), item.get("price"), item.get("category")
    amounts = (price.get("amount"), price.get("old_amount")) if isinstance(price, dict) else (None, None)
    return _market_item(
        item_id,
        item.get("title"),
        item.get("description"),
        *_prices(*amounts),
        item.get("stock_amount"),
        item.get("sku"),
        item.get("availability"),
        _id(category.get("id")) if isinstance(category, dict) else None,
        [photo.get("id") if isinstance(photo, dict) else None for photo in photos]
        if isinstance(photos, list)
        else None,
        item.get("albums_ids"),
        item.get("date"),
    )


def _market_item(  # noqa: PLR0917 - the fields of an item, in the order of the record
    item_id: int,
    title: Any,
    description: Any,
    price_kopecks: int | None,
    old_price_kopecks: int | None,
    stock: Any,
    sku: Any,
    availability: Any,
    category_id: int | None,
    photo_ids: Any,
    album_ids: Any,
    date: Any,
) -> VkMarketItem:
    return VkMarketItem(
        id=item_id,
        title=_text(title),
        description=_text(description),
        price_kopecks=price_kopecks,
        old_price_kopecks=old_price_kopecks,
        stock=read_number(stock, least=-1),
        sku=_text(sku),
        availability=read_number(availability),
        category_id=category_id,
        photo_ids=_ids(photo_ids),
        album_ids=_ids(album_ids),
        date=read_number(date) or 0,
    )


def _prices(amount: Any, old_amount: Any) -> tuple[int | None, int | None]:
    """Read a price and the one that is crossed out, in hundredths; the latter is 0 where there is none."""
    price = read_number(amount, least=0)
    return price, None if price is None else read_number(old_amount or 0, least=0)


def _text(value: Any) -> str:
    """Return a text, empty where VK gave none: what is of another type was written by nobody."""
    return html.unescape(value) if isinstance(value, str) else ""


def read_number(value: Any, *, least: int = -LARGEST) -> int | None:
    """Return a whole number of eight bytes and at least `least`, or None for anything else."""
    # True and False are no numbers, though Python would read them.
    if value is None or isinstance(value, bool):
        return None
    try:
        number = int(value)
    except (TypeError, ValueError, ArithmeticError):
        return None
    is_whole = isinstance(value, str) or number == value
    return number if is_whole and least <= number <= LARGEST else None


def _id(value: Any) -> int | None:
    return read_number(value, least=1)


def _ids(values: Any) -> tuple[int, ...] | None:
    """Return a list of ids, or None where VK gave none or one of them cannot be read."""
    if not isinstance(values, list):
        return None
    found = [number for value in values if (number := _id(value)) is not None]
    return tuple(found) if len(found) == len(values) else None


def read_id(value: Any) -> int:
    """Read the id of what VK has made. Raises ValueError for what is no id, such as 0."""
    number = _id(value)
    if number is None:
        raise ValueError("VK gave no id")
    return number


def read_upload_address(value: Any) -> str:
    """Read where pictures are to be sent. Raises ValueError where VK named no address at all."""
    address = value["upload_url"]
    if not address or not isinstance(address, str):
        raise ValueError("VK gave no address")
    return address


def read_done(value: Any) -> bool:
    """Read VK's word that a change was made. Raises ValueError for any other answer, such as 0."""
    if not value:
        raise ValueError("VK did not say that it was done")
    return True


def read_albums(value: Any) -> list[VkAlbum]:
    """Read collections. Raises ValueError where VK gave no list: that there are none was not said."""
    albums = value["items"]
    if not isinstance(albums, list) or not all(isinstance(album["title"], str) for album in albums):
        raise ValueError("VK gave no list of albums")
    return [
        VkAlbum(
            read_id(album["id"]),
            _text(album["title"]),
            read_number(album.get("count"), least=0),
        )
        for album in albums
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
        currency_id=read_number(currency.get("id")),
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
