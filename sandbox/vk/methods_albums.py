"""Collections: `market.*Album*` (reference, vk.md §3.7)."""

from typing import Any, Final

from sandbox.vk.access import Method, shop_to_read, shop_to_write
from sandbox.vk.errors import VkError, bad
from sandbox.vk.methods_items import ITEM, OWNER, live_item
from sandbox.vk.params import Param, Params
from sandbox.vk.records import COVERS, Album, Community, Token
from sandbox.vk.render import album_json
from sandbox.vk.state import VkState

ALBUM: Final = Param("album_id", "int", required=True, low=0)
TITLE: Final = Param("title", "text", required=True, low=1, high=128)
EXTRAS: Final = (Param("photo_id", "int", low=0), Param("main_album", "bool"), Param("is_hidden", "bool"))


def get_albums(state: VkState, _token: Token, params: Params) -> dict[str, Any]:
    """List collections, newest first unless the merchant moved them."""
    community = shop_to_read(state, params["owner_id"])
    albums = list(reversed(community.albums.values()))
    start = params["offset"] or 0
    page = albums[start : start + params["count"]]
    return {"count": len(albums), "items": [album_json(state, community, album) for album in page]}


def get_albums_by_id(state: VkState, _token: Token, params: Params) -> dict[str, Any]:
    """Return the collections that exist among the asked ones."""
    community = shop_to_read(state, params["owner_id"])
    found = [community.albums[number] for number in params["album_ids"] if number in community.albums]
    return {"count": len(found), "items": [album_json(state, community, album) for album in found]}


def add_album(state: VkState, token: Token, params: Params) -> dict[str, int]:
    """Create a collection. Raises VkError 1407 at the limit, 1446 for a hidden main one."""
    community = shop_to_write(state, token, params["owner_id"], denied=7)
    if len(community.albums) >= state.limits.albums:
        raise VkError(1407)
    if params["main_album"] and params["is_hidden"]:
        raise VkError(1446)
    community.album_count += 1
    album = Album(community.album_count, -community.id, params["title"].strip())
    _apply(state, community, album, params)
    community.albums[album.id] = album
    return {"market_album_id": album.id, "albums_count": len(community.albums)}


def edit_album(state: VkState, token: Token, params: Params) -> int:
    """Rename a collection or change its flags."""
    community = shop_to_write(state, token, params["owner_id"], denied=7)
    album = _album(community, params["album_id"])
    if params["is_hidden"] and (params["main_album"] or album.is_main):
        raise VkError(1446)
    album.title = params["title"].strip()
    _apply(state, community, album, params)
    return 1


def delete_album(state: VkState, token: Token, params: Params) -> int:
    """Delete a collection; its items stay in the shop."""
    community = shop_to_write(state, token, params["owner_id"], denied=7)
    album = _album(community, params["album_id"])
    del community.albums[album.id]
    for number in album.item_ids:
        community.items[number].album_ids.remove(album.id)
    return 1


def add_to_album(state: VkState, token: Token, params: Params) -> int:
    """Put items into collections. Everything is checked before anything is done."""
    community = shop_to_write(state, token, params["owner_id"], denied=7)
    numbers = params["item_ids"] or ([params["item_id"]] if "item_id" in params else [])
    if not numbers:
        raise bad("item_ids is undefined")
    items = [live_item(community, number) for number in dict.fromkeys(numbers)]
    albums = [_album(community, number) for number in dict.fromkeys(params["album_ids"])]
    if not albums:
        raise bad("album_ids is undefined")
    for album in albums:
        if any(item.id in album.item_ids for item in items):
            raise VkError(1404)
        live = sum(community.items[number].deleted_at is None for number in album.item_ids)
        if live + len(items) > state.limits.items_in_album:
            raise VkError(1406)
    for album in albums:
        for item in items:
            album.item_ids.insert(0, item.id)
            item.album_ids.append(album.id)
        album.updated_time = int(state.clock())
    return 1


def remove_from_album(state: VkState, token: Token, params: Params) -> int:
    """Take an item out of collections. Raises VkError 1403 where it is in none of them."""
    community = shop_to_write(state, token, params["owner_id"], denied=7)
    item = live_item(community, params["item_id"])
    albums = [_album(community, number) for number in dict.fromkeys(params["album_ids"])]
    inside = [album for album in albums if item.id in album.item_ids]
    if not inside:
        raise VkError(1403)
    for album in inside:
        album.item_ids.remove(item.id)
        item.album_ids.remove(album.id)
        album.updated_time = int(state.clock())
    return 1


def reorder_albums(state: VkState, token: Token, params: Params) -> int:
    """Move a collection before or after another in the list."""
    community = shop_to_write(state, token, params["owner_id"])
    moved = _album(community, params["album_id"])
    anchor = _album(community, params["before"] or params["after"] or 0)
    if anchor is moved:
        raise VkError(1402)
    listed = [album for album in reversed(community.albums.values()) if album is not moved]
    listed.insert(listed.index(anchor) + (0 if params["before"] else 1), moved)
    community.albums = {album.id: album for album in reversed(listed)}
    return 1


def _album(community: Community, album_id: int) -> Album:
    if album_id not in community.albums:
        raise VkError(1402)
    return community.albums[album_id]


def _apply(state: VkState, community: Community, album: Album, params: Params) -> None:
    if "main_album" in params:
        if params["main_album"]:
            for other in community.albums.values():
                other.is_main = False
        album.is_main = params["main_album"]
    if "is_hidden" in params:
        album.is_hidden = params["is_hidden"]
    if params["photo_id"]:
        photo = state.photos.get(params["photo_id"])
        if photo is None or (photo.owner_id, photo.album_id) != (-community.id, COVERS):
            raise bad("photo_id is invalid")
        album.photo_id = photo.id
    album.updated_time = int(state.clock())


METHODS: Final = (
    Method(
        "market.getAlbums",
        (OWNER, Param("offset", "int", low=0), Param("count", "int", low=0, high=100, default=50)),
        get_albums,
        scope="market",
    ),
    Method(
        "market.getAlbumById",
        (OWNER, Param("album_ids", "ints", required=True)),
        get_albums_by_id,
        scope="market",
    ),
    Method("market.addAlbum", (OWNER, TITLE, *EXTRAS), add_album, scope="market"),
    Method("market.editAlbum", (OWNER, ALBUM, TITLE, *EXTRAS), edit_album, scope="market"),
    Method("market.deleteAlbum", (OWNER, ALBUM), delete_album, scope="market"),
    Method(
        "market.addToAlbum",
        # Clients still send the `item_id` of older versions, and VK still takes it.
        (
            OWNER,
            Param("item_ids", "ints"),
            Param("item_id", "int", low=0),
            Param("album_ids", "ints", required=True),
        ),
        add_to_album,
        scope="market",
    ),
    Method(
        "market.removeFromAlbum",
        (OWNER, ITEM, Param("album_ids", "ints", required=True)),
        remove_from_album,
        scope="market",
    ),
    Method(
        "market.reorderAlbums",
        (
            OWNER,
            Param("album_id", "int", required=True),
            Param("before", "int", low=0),
            Param("after", "int", low=0),
        ),
        reorder_albums,
        scope="market",
    ),
)
