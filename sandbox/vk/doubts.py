"""VK as it may be where nobody knows how it is: each doubt is a switch, off as the references guess.

A switch changes one method's parameters before it runs, or its answer afterwards, and nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from sandbox.vk.access import Method, shop_to_write
from sandbox.vk.categories import SECTIONS
from sandbox.vk.errors import VkError, bad
from sandbox.vk.params import Params
from sandbox.vk.records import Community, Token
from sandbox.vk.render import item_json
from sandbox.vk.state import VkState

ALREADY_IN_ALBUM: Final = 1404
BAD_LINK: Final = 1408


def carry_out(state: VkState, method: Method, token: Token, params: Params) -> Any:
    """Run a method as this VK does."""
    doubts = state.doubts
    if doubts.refuses_unknown_parameters and params.unknown:
        raise bad(f"{params.unknown[0]} is unknown")
    if (before := BEFORE.get(method.name)) is not None:
        params = before(state, token, params)
    if doubts.lists_oldest_first and method.name == "market.get":
        return _oldest_first(state, method, token, params)
    try:
        answer = method.run(state, token, params)
    except VkError as error:
        if doubts.edits_without_change and "nothing to change" in str(error):
            return 1
        if doubts.adds_to_album_twice and error.code == ALREADY_IN_ALBUM:
            return 1
        if doubts.edits_deleted and method.name == "market.edit" and error.code == 1403:  # noqa: PLR2004 - VK's number
            return 1
        raise
    after = AFTER.get(method.name)
    return answer if after is None else after(state, params, answer)


def _before_get(state: VkState, _token: Token, params: Params) -> Params:
    if state.doubts.lists_hidden_always:
        return _with(params, with_disabled=True)
    if state.doubts.unlists_hidden or (state.doubts.unlists_hidden_with_variants and params["need_variants"]):
        return _with(params, with_disabled=False)
    return params


def _before_add(state: VkState, _token: Token, params: Params) -> Params:
    photo = state.photos.get(params["main_photo_id"] or 0)
    if state.doubts.shares_photos and photo is not None:
        photo.item_id = None
    return _without(params, "deleted") if state.doubts.shows_new_items else params


def _before_edit(state: VkState, token: Token, params: Params) -> Params:
    doubts = state.doubts
    item = shop_to_write(state, token, params["owner_id"]).items.get(params["item_id"])
    if doubts.refuses_own_photo and item is not None and params["main_photo_id"] == item.main_photo_id:
        raise bad("photo not found or already assigned to another item")
    if doubts.refuses_links_in_titles and ".com" in (params["name"] or ""):
        raise VkError(BAD_LINK)
    if doubts.refuses_sections and params["category_id"] in SECTIONS:
        raise bad("category_id is invalid")
    if doubts.edits_show and item is not None:
        item.hidden = False
    return _without(params, "sku") if doubts.keeps_empty_sku and params["sku"] == "" else params


def _before_delete_album(state: VkState, token: Token, params: Params) -> Params:
    if state.doubts.albums_take_items_along:
        community = shop_to_write(state, token, params["owner_id"])
        for number in community.albums[params["album_id"]].item_ids:
            community.items[number].deleted_at = state.clock()
            community.order.remove(number)
    return params


def _after_get(state: VkState, params: Params, answer: dict[str, Any]) -> dict[str, Any]:
    items = [_shown(state, params, item) for item in answer["items"]]
    if state.doubts.lists_main_variants_alone:
        items = [item for item in items if item.get("is_main_variant", True)]
    if state.doubts.lists_deleted:
        items += _deleted(state, params)
    return answer | {"items": items}


def _after_get_by_id(state: VkState, params: Params, answer: dict[str, Any]) -> dict[str, Any]:
    items = [_shown(state, params, item) for item in answer["items"]]
    if state.doubts.finds_deleted:
        asked = set(params["item_ids"])
        items += [item for item in _deleted(state, params) if f"{item['owner_id']}_{item['id']}" in asked]
    return answer | {"items": items, "count": len(items)}


def _oldest_first(state: VkState, method: Method, token: Token, params: Params) -> dict[str, Any]:
    """Return a page of the list turned round; only shops of one page can be turned."""
    whole: dict[str, Any] = method.run(state, token, _with(params, offset=0, count=200))
    start = params["offset"] or 0
    return whole | {"items": whole["items"][::-1][start : start + params["count"]]}


def _shown(state: VkState, params: Params, item: dict[str, Any]) -> dict[str, Any]:
    """Return an item as lists show it."""
    doubts = state.doubts
    hidden = doubts.hides_as_removed and item["availability"] == 2  # noqa: PLR2004 - VK's number
    shown = item | ({"availability": 1} if hidden else {})
    if doubts.changes_category:
        shown["category"] = shown["category"] | {"id": 1}
    if doubts.tells_sku_if_extended and not params["extended"]:
        shown.pop("sku", None)
    if doubts.keeps_albums_to_itself:
        shown.pop("albums_ids", None)
    return shown


def _deleted(state: VkState, params: Params) -> list[dict[str, Any]]:
    return [
        item_json(state, community, item, extended=bool(params["extended"]))
        for community in _communities(state)
        for item in community.items.values()
        if item.deleted_at is not None
    ]


def _communities(state: VkState) -> list[Community]:
    return list(state.communities.values())


def _after_edit(state: VkState, _params: Params, answer: Any) -> Any:
    return {"success": answer} if state.doubts.answers_edits_in_objects else answer


def _after_save(state: VkState, _params: Params, answer: list[Any]) -> list[Any]:
    return answer[:1] if state.doubts.saves_one_of_many else answer


def _after_permissions(state: VkState, _params: Params, answer: int) -> int:
    return 0 if state.doubts.hides_permissions else answer


def _after_categories(state: VkState, _params: Params, answer: dict[str, Any]) -> dict[str, Any]:
    if not state.doubts.flattens_categories:
        return answer
    return {"items": [{**node, "children": []} for node in answer["items"]]}


def _with(params: Params, **values: Any) -> Params:
    return replace(params, values=params.values | values, given=params.given | frozenset(values))


def _without(params: Params, name: str) -> Params:
    return replace(params, values=params.values | {name: None}, given=params.given - {name})


BEFORE: Final[Mapping[str, Callable[[VkState, Token, Params], Params]]] = {
    "market.get": _before_get,
    "market.add": _before_add,
    "market.edit": _before_edit,
    "market.deleteAlbum": _before_delete_album,
}
AFTER: Final[Mapping[str, Callable[[VkState, Params, Any], Any]]] = {
    "market.get": _after_get,
    "market.getById": _after_get_by_id,
    "market.edit": _after_edit,
    "market.saveProductPhotoBulk": _after_save,
    "account.getAppPermissions": _after_permissions,
    "market.getCategories": _after_categories,
}
