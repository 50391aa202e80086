"""`market.get`, `getById`, `search`, the categories: what can be read (vk.md §3.4–3.6, 3.12)."""

import re
from typing import Any, Final

from sandbox.vk.access import Method, manages, shop_to_read
from sandbox.vk.categories import category_tree, find_categories
from sandbox.vk.errors import VkError, bad
from sandbox.vk.methods_items import OWNER
from sandbox.vk.params import Param, Params, day
from sandbox.vk.records import Community, Item, Token
from sandbox.vk.render import item_json
from sandbox.vk.state import VkState

IDS_MAX: Final = 100
ADDRESS: Final = re.compile(r"(-?\d+)_(\d+)")


def get_items(state: VkState, token: Token, params: Params) -> dict[str, Any]:
    """List a shop or one collection of it. Hidden items come `with_disabled`, and to managers only."""
    community = state.as_listed(shop_to_read(state, params["owner_id"]))
    if params["album_id"]:
        album = community.albums.get(params["album_id"])
        if album is None:
            raise VkError(1402)
        order = [number for number in album.item_ids if community.items[number].deleted_at is None]
    else:
        order = community.order
    chosen = [community.items[number] for number in order]
    if not (params["with_disabled"] and manages(community, token)):
        chosen = [item for item in chosen if not item.hidden]
    since, until = day(params, "date_from"), day(params, "date_to")
    if since is not None or until is not None:
        chosen = [item for item in chosen if (since or 0) <= item.updated < (until or item.updated) + 86_400]
    return _page(state, community, chosen, params)


def get_items_by_id(state: VkState, token: Token, params: Params) -> dict[str, Any]:
    """Return the items that exist and are not deleted; hidden ones too, for managers."""
    found = []
    for address in params["item_ids"]:
        parts = ADDRESS.fullmatch(address)
        if not parts:
            raise bad("item_ids is invalid")
        community = state.as_found(shop_to_read(state, int(parts[1])))
        item = community.items.get(int(parts[2]))
        if item and item.deleted_at is None and (not item.hidden or manages(community, token)):
            found.append(item_json(state, community, item, extended=bool(params["extended"])))
    return {"count": len(found), "items": found}


def search_items(state: VkState, _token: Token, params: Params) -> dict[str, Any]:
    """Search titles and descriptions of what is on sale; `sku` is not searched."""
    community = shop_to_read(state, params["owner_id"])
    words = (params["q"] or "").casefold()
    low, high = params["price_from"] or 0, params["price_to"]
    chosen = [
        item
        for item in (community.items[number] for number in community.order)
        if words in f"{item.title}\n{item.description}".casefold()
        and item.price_kopecks >= low
        and (high is None or item.price_kopecks <= high)
        and (not params["album_id"] or params["album_id"] in item.album_ids)
        and not item.hidden
    ]
    if params["sort"] in (1, 2):
        chosen.sort(key=lambda item: item.date if params["sort"] == 1 else item.price_kopecks)
        if params["rev"]:
            chosen.reverse()
    return _page(state, community, chosen, params) | {"view_type": 1}


def get_categories(_state: VkState, _token: Token, _params: Params) -> dict[str, Any]:
    """Return the tree of categories."""
    return {"items": category_tree()}


def filter_categories(_state: VkState, _token: Token, params: Params) -> dict[str, Any]:
    """Return the categories whose name holds the query."""
    return {"items": find_categories(params["query"] or "", params["category_id"], params["count"])}


def _page(state: VkState, community: Community, chosen: list[Item], params: Params) -> dict[str, Any]:
    start = params["offset"] or 0
    page = chosen[start : start + params["count"]]
    extended = bool(params["extended"])
    answer: dict[str, Any] = {
        "count": len(chosen),
        "items": [item_json(state, community, item, extended=extended) for item in page],
    }
    if params["need_variants"]:
        groups = {item.grouping_id for item in page} - {0}
        variants = [community.items[number] for number in community.order]
        answer["variants"] = [
            item_json(state, community, item, extended=extended)
            for item in variants
            if item.grouping_id in groups
        ]
    return answer


METHODS: Final = (
    Method(
        "market.get",
        (
            OWNER,
            Param("album_id", "int", low=0, default=0),
            Param("count", "int", low=0, high=200, default=100),
            Param("offset", "int", low=0),
            Param("extended", "bool"),
            Param("date_from", "text"),
            Param("date_to", "text"),
            Param("need_variants", "bool"),
            Param("with_disabled", "bool"),
            Param("fields", "texts"),
        ),
        get_items,
        scope="market",
    ),
    Method(
        "market.getById",
        (Param("item_ids", "texts", required=True, high=IDS_MAX), Param("extended", "bool")),
        get_items_by_id,
        scope="market",
    ),
    Method(
        "market.search",
        (
            OWNER,
            Param("album_id", "int", low=0),
            Param("q", "text"),
            Param("price_from", "int", low=0),
            Param("price_to", "int", low=0),
            Param("sort", "int", low=0, high=3, default=0),
            Param("rev", "int", low=0, high=1, default=1),
            Param("offset", "int", low=0),
            Param("count", "int", low=0, high=200, default=20),
            Param("extended", "bool"),
            Param("status", "ints", high=2),
            Param("need_variants", "bool"),
        ),
        search_items,
        scope="market",
    ),
    Method(
        "market.getCategories",
        (Param("group_id", "int", low=1), Param("album_id", "int", low=1)),
        get_categories,
        scope="market",
    ),
    Method(
        "market.filterCategories",
        (
            Param("category_id", "int", low=0),
            Param("query", "text"),
            Param("count", "int", low=0, high=1000, default=20),
        ),
        filter_categories,
        scope="market",
    ),
)
