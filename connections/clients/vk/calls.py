"""The VK methods that we use, as calls: names, parameters, and how their answers read.

Community ids are positive here; VK wants them negative in owner_id.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from connections.clients.error_catalog import VkError
from connections.clients.vk.parsing import (
    read_albums,
    read_categories,
    read_community,
    read_done,
    read_first_community,
    read_first_user,
    read_id,
    read_item_page,
    read_item_page_text,
    read_upload_address,
)
from connections.clients.vk.records import (
    Call,
    ToleratedError,
    VkAlbum,
    VkCategory,
    VkCommunity,
    VkItemPage,
    VkUser,
)

T = TypeVar("T")


def get_items(group_id: int, offset: int, count: int = 200) -> Call[VkItemPage]:
    """Read a page of all items, hidden ones too; at most 200."""
    params = {
        "owner_id": -group_id,
        "offset": offset,
        "count": count,
        "extended": 1,
        "with_disabled": 1,
    }
    return _item_page("market.get", group_id, params)


def get_items_by_id(group_id: int, item_ids: Sequence[int]) -> Call[VkItemPage]:
    """Read up to 100 items by id; unknown ones are absent from the answer."""
    params = {
        "item_ids": [f"-{group_id}_{item_id}" for item_id in item_ids],
        "extended": 1,
    }
    return _item_page("market.getById", group_id, params)


def _item_page(method: str, group_id: int, params: Mapping[str, Any]) -> Call[VkItemPage]:
    """Return a call that reads the community's own items."""
    parse = partial(read_item_page, owner_id=-group_id)
    parse_text = partial(read_item_page_text, owner_id=-group_id)
    return Call(method, params, parse, is_read=True, parse_text=parse_text)


def get_albums(group_id: int, offset: int = 0) -> Call[list[VkAlbum]]:
    """Read up to 100 albums."""
    params = {"owner_id": -group_id, "offset": offset, "count": 100}
    return Call("market.getAlbums", params, read_albums, is_read=True)


def get_albums_by_id(group_id: int, album_ids: Sequence[int]) -> Call[list[VkAlbum]]:
    """Read up to 100 albums by id; unknown ones are absent from the answer."""
    params = {"owner_id": -group_id, "album_ids": list(album_ids)}
    return Call("market.getAlbumById", params, read_albums, is_read=True)


def add_item(
    group_id: int,
    *,
    title: str,
    description: str,
    price_kopecks: int,
    category_id: int,
    stock: int,
    sku: str,
    photo_id: int,
    more_photo_ids: Sequence[int] = (),
    hidden: bool = False,
    old_price_kopecks: int = 0,
) -> Call[int]:
    """Create an item; the answer is its id. Not safe to repeat: VK makes a second one."""
    params: dict[str, Any] = {
        "owner_id": -group_id,
        "name": title,
        "description": description,
        "price": _roubles(price_kopecks),
        "category_id": category_id,
        "main_photo_id": photo_id,
        "sku": sku,
        "stock_amount": stock,
    }
    if more_photo_ids:
        params["photo_ids"] = list(more_photo_ids)
    if hidden:
        params["deleted"] = 1
    if old_price_kopecks:
        params["old_price"] = _roubles(old_price_kopecks)
    return Call("market.add", params, lambda value: read_id(value["market_item_id"]))


def _roubles(kopecks: int) -> str:
    return f"{kopecks // 100}.{kopecks % 100:02}"


# Our names → VK's parameter and how it is written.
EDITABLE: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "title": ("name", str),
    "description": ("description", str),
    "price_kopecks": ("price", _roubles),
    "old_price_kopecks": ("old_price", _roubles),
    "stock": ("stock_amount", int),
    "sku": ("sku", str),
    "category_id": ("category_id", int),
    "hidden": ("deleted", int),
    "photo_id": ("main_photo_id", int),
    "more_photo_ids": ("photo_ids", list),
}


def edit_item(group_id: int, item_id: int, **changes: Any) -> Call[bool]:
    """Change the named fields of an item and leave the others; safe to repeat."""
    params: dict[str, Any] = {"owner_id": -group_id, "item_id": item_id}
    for name, value in changes.items():
        parameter, write = EDITABLE[name]
        params[parameter] = write(value)
    return Call(
        "market.edit",
        params,
        read_done,
        tolerated_errors=(ToleratedError(VkError.INVALID_PARAMETER, "nothing to change"),),
    )


def delete_item(group_id: int, item_id: int) -> Call[bool]:
    """Remove an item."""
    return Call("market.delete", {"owner_id": -group_id, "item_id": item_id}, read_done)


def restore_item(group_id: int, item_id: int) -> Call[bool]:
    """Bring a removed item back, for a limited time; safe to repeat. False for one that is not removed."""
    return Call(
        "market.restore",
        {"owner_id": -group_id, "item_id": item_id},
        bool,
        tolerated_errors=(ToleratedError(VkError.ITEM_NOT_DELETED),),
    )


def add_album(group_id: int, title: str) -> Call[int]:
    """Create an album; the answer is its id."""
    params = {"owner_id": -group_id, "title": title}
    return Call("market.addAlbum", params, lambda value: read_id(value["market_album_id"]))


def edit_album(group_id: int, album_id: int, title: str) -> Call[bool]:
    """Rename an album; safe to repeat."""
    params = {"owner_id": -group_id, "album_id": album_id, "title": title}
    return Call("market.editAlbum", params, read_done)


def delete_album(group_id: int, album_id: int) -> Call[bool]:
    """Remove an album; its items stay in the shop."""
    return Call("market.deleteAlbum", {"owner_id": -group_id, "album_id": album_id}, read_done)


def add_to_album(group_id: int, item_ids: Iterable[int], album_id: int) -> Call[bool]:
    """Put items into an album; safe to repeat."""
    ids = list(item_ids)
    params = {"owner_id": -group_id, "item_ids": ids, "album_ids": [album_id]}
    # Of several, one that is inside keeps the others out.
    inside = (ToleratedError(VkError.ITEM_ALREADY_IN_ALBUM),) if len(ids) == 1 else ()
    return Call("market.addToAlbum", params, read_done, tolerated_errors=inside)


def remove_from_album(group_id: int, item_id: int, album_id: int) -> Call[bool]:
    """Take an item out of an album."""
    params = {"owner_id": -group_id, "item_id": item_id, "album_ids": [album_id]}
    return Call("market.removeFromAlbum", params, read_done)


def get_categories() -> Call[list[VkCategory]]:
    """Read the category tree."""
    return Call(
        "market.getCategories",
        {},
        lambda value: read_categories(value["items"]),
        is_read=True,
    )


def photo_upload_server(group_id: int) -> Call[str]:
    """Ask for an address that takes up to five pictures an upload."""
    params = {"group_id": group_id, "bulk": 1}
    return Call(
        "market.getProductPhotoUploadServer",
        params,
        read_upload_address,
        is_read=True,
    )


def save_photos(receipt: str) -> Call[list[int]]:
    """Turn an upload's receipt into photo ids, in upload order."""
    return Call(
        "market.saveProductPhotoBulk",
        {"upload_response": receipt},
        lambda value: [read_id(photo["photo_id"]) for photo in value],
    )


def get_community(group: int | str) -> Call[VkCommunity]:
    """Read one community by id or short name."""
    params = {"group_id": group, "fields": "market"}
    return Call("groups.getById", params, read_first_community, is_read=True)


def managed_communities() -> Call[list[VkCommunity]]:
    """Read the communities that the token's owner may edit."""
    params = {"extended": 1, "filter": "editor", "fields": "market", "count": 1000}
    return Call(
        "groups.get",
        params,
        lambda value: [read_community(group) for group in value["items"]],
        is_read=True,
    )


def get_user() -> Call[VkUser]:
    """Read who owns the token."""
    return Call("users.get", {}, read_first_user, is_read=True)
