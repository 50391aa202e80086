"""`market.add`, `edit`, `delete`, `restore`, `reorderItems`: an item's life (reference, vk.md §3.1–3.3)."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from sandbox.vk.access import Method, shop_to_write
from sandbox.vk.categories import SECTIONS, is_category
from sandbox.vk.errors import VkError, bad
from sandbox.vk.methods_variants import check_values, check_variants
from sandbox.vk.names import NAME_MIN, weighted_length
from sandbox.vk.params import Param, Params
from sandbox.vk.records import PRODUCT_PHOTOS, Community, Item, Token
from sandbox.vk.state import VkState

INVALID: Final = 100
DESCRIPTION_MIN: Final = 10
LINK: Final = re.compile(
    r"(?:https?://|www\.)(?P<host>[^\s/]+)|(?<![\w.@-])(?P<bare>[\w-]+(?:\.[\w-]+)*\.(?:ru|com|net|org|рф))(?![\w-])",
    re.IGNORECASE,
)
OWN_HOSTS: Final = ("vk.com", "vk.ru", "vk.cc", "vk.me")
DIMENSIONS: Final = ("dimension_width", "dimension_height", "dimension_length", "weight")
OWNER: Final = Param("owner_id", "int", required=True)
ITEM: Final = Param("item_id", "int", required=True, low=0)


def _fields(*, required: bool) -> tuple[Param, ...]:
    return (
        OWNER,
        Param("name", "text", required),
        Param("description", "text", required),
        Param("category_id", "int", required, low=0),
        Param("price", "number", low=0, high=999_999_999_999),
        Param("old_price", "number", low=0, high=999_999_999_999),
        Param("deleted", "bool"),
        Param("main_photo_id", "int", low=0),
        Param("photo_ids", "ints", high=4),
        Param("video_ids", "ints", high=2),
        Param("url", "text", high=320),
        Param("variant_ids", "ints", high=2),
        Param("is_main_variant", "bool"),
        Param("dimension_width", "int", low=0, high=100_000),
        Param("dimension_height", "int", low=0, high=100_000),
        Param("dimension_length", "int", low=0, high=100_000),
        Param("weight", "int", low=0, high=100_000_000),
        Param("sku", "text", high=50),
        Param("stock_amount", "int", low=-1, high=999_999),
    )


def add_item(state: VkState, token: Token, params: Params) -> dict[str, int]:
    """Create an item first in the list; VK refuses no duplicates, so neither does this."""
    community = shop_to_write(state, token, params["owner_id"])
    wanted = _checked(state, community, params)
    if "main_photo_id" not in params:
        raise bad("photo is undefined")
    if len(community.order) >= state.limits.items:
        raise VkError(1405)
    item_id = state.next_item_id()
    photos = [params["main_photo_id"], *(params["photo_ids"] or [])]
    _check_photos(state, community, photos, item_id)
    now = int(state.clock())
    defaults: dict[str, Any] = {"price_kopecks": 0, "main_photo_id": photos[0]}
    item = Item(id=item_id, owner_id=-community.id, date=now, updated=now, **(defaults | wanted))
    state.add_item(community, item)
    return {"market_item_id": item.id}


def edit_item(state: VkState, token: Token, params: Params) -> int:
    """Change the fields that were sent. Raises VkError 100 "nothing to change" where none differs."""
    community = shop_to_write(state, token, params["owner_id"])
    item = live_item(community, params["item_id"])
    wanted = _checked(state, community, params, item)
    photos = [wanted.get("main_photo_id", item.main_photo_id), *wanted.get("photo_ids", item.photo_ids)]
    if "main_photo_id" in params or "photo_ids" in params:
        _check_photos(state, community, photos, item.id)
    changes = {name: value for name, value in wanted.items() if getattr(item, name) != value}
    if not changes:
        raise bad("nothing to change")
    if item.grouping_id and "variant_ids" in changes:
        others = [one for one in community.items.values() if one.grouping_id == item.grouping_id]
        changed = replace(item, variant_ids=changes["variant_ids"])
        check_variants(community, [changed, *(one for one in others if one is not item)])
    if changes.get("is_main_variant") and item.grouping_id:
        for other in community.items.values():
            if other.grouping_id == item.grouping_id:
                other.is_main_variant = False
    for name, value in changes.items():
        setattr(item, name, value)
    item.updated = int(state.clock())
    state.claim_photos(item)
    return 1


def delete_item(state: VkState, token: Token, params: Params) -> int:
    """Delete an item; it can be restored for `Limits.restore_seconds`."""
    community = shop_to_write(state, token, params["owner_id"])
    item = live_item(community, params["item_id"])
    item.deleted_at = state.clock()
    community.order.remove(item.id)
    return 1


def restore_item(state: VkState, token: Token, params: Params) -> int:
    """Bring a deleted item back to its place by age. Raises VkError 1403, 1518, 1400 or 1405."""
    community = shop_to_write(state, token, params["owner_id"])
    item = community.items.get(params["item_id"])
    if item is None:
        raise VkError(1403)
    if item.deleted_at is None:
        raise VkError(1518)
    if state.clock() - item.deleted_at > state.limits.restore_seconds:
        raise VkError(1400)
    if len(community.order) >= state.limits.items:
        raise VkError(1405)
    item.deleted_at = None
    place = next((n for n, other in enumerate(community.order) if other < item.id), len(community.order))
    community.order.insert(place, item.id)
    return 1


def reorder_items(state: VkState, token: Token, params: Params) -> int:
    """Move an item before or after another, in the whole list (album 0) or in a collection."""
    community = shop_to_write(state, token, params["owner_id"])
    item = live_item(community, params["item_id"])
    album_id = params["album_id"] or 0
    if album_id and album_id not in community.albums:
        raise VkError(1402)
    order = community.albums[album_id].item_ids if album_id else community.order
    anchor = params["before"] or params["after"]
    if item.id not in order or anchor not in order or anchor == item.id:
        raise VkError(1403)
    order.remove(item.id)
    order.insert(order.index(anchor) + (0 if params["before"] else 1), item.id)
    return 1


def live_item(community: Community, item_id: int) -> Item:
    """Return an item that is not deleted. Raises VkError 1403."""
    item = community.items.get(item_id)
    if item is None or item.deleted_at is not None:
        raise VkError(1403)
    return item


def _checked(
    state: VkState, community: Community, params: Params, item: Item | None = None
) -> dict[str, Any]:
    """Return the item fields that were sent, each checked, under the names of `Item`."""
    wanted: dict[str, Any] = {}
    if "name" in params:
        wanted["title"] = _name(state, params["name"])
    if "description" in params:
        wanted["description"] = _description(state, params["description"])
    if "category_id" in params:
        wanted["category_id"] = _category(state, params["category_id"])
    if "price" in params:
        wanted["price_kopecks"] = _kopecks(state, params["price"])
    if "old_price" in params:
        wanted["old_price_kopecks"] = _old_price(state, params["old_price"], wanted, item)
    for sent, name in (
        ("deleted", "hidden"),
        ("main_photo_id", "main_photo_id"),
        ("photo_ids", "photo_ids"),
        ("url", "url"),
        ("sku", "sku"),
        ("stock_amount", "stock"),
        ("variant_ids", "variant_ids"),
        ("is_main_variant", "is_main_variant"),
    ):
        if sent in params:
            wanted[name] = params[sent]
    if any(name in params for name in DIMENSIONS):
        wanted["dimensions"] = _dimensions(params)
    if wanted.get("variant_ids"):
        check_values(community, wanted["variant_ids"])
    return wanted


def _dimensions(params: Params) -> tuple[int, ...]:
    if not all(name in params for name in DIMENSIONS):
        raise VkError(1429)
    return tuple(params[name] for name in DIMENSIONS)


def _name(state: VkState, text: str) -> str:
    name = text.strip()
    length = weighted_length(name)
    if length < NAME_MIN:
        raise bad(f"name should be at least {NAME_MIN} letters length")
    if length > state.limits.name_weight and state.limits.long_name_code != INVALID:
        raise VkError(state.limits.long_name_code)
    if length > state.limits.name_weight:
        raise bad(f"name should be at most {state.limits.name_weight} letters length")
    return name


def _description(state: VkState, text: str) -> str:
    description = text.strip()
    if len(description) < DESCRIPTION_MIN:
        raise bad(f"description should be at least {DESCRIPTION_MIN} letters length")
    longest = state.limits.description_length
    if longest and len(description) > longest:
        raise bad("description is too long")
    if state.limits.refuse_links:
        for link in LINK.finditer(description):
            host = (link["host"] or link["bare"]).lower()
            if not host.endswith(OWN_HOSTS):
                raise VkError(1408)
    return description


def _category(state: VkState, number: int) -> int:
    if not is_category(number):
        raise bad("category_id is invalid")
    if number in SECTIONS:
        state.warnings.append(f"category_id {number} is a section, not a category")
    return number


def _kopecks(state: VkState, price: Decimal) -> int:
    exact = price * 100
    if exact != exact.to_integral_value():
        state.warnings.append(f"price {price} has more than two decimals")
    return int(exact.to_integral_value(ROUND_HALF_UP))


def _old_price(state: VkState, price: Decimal, wanted: Mapping[str, Any], item: Item | None) -> int:
    """Return the old price in kopecks; 0 takes it away. It must exceed the price that it stands beside."""
    kopecks = _kopecks(state, price)
    beside = wanted.get("price_kopecks", item.price_kopecks if item else 0)
    if state.limits.refuse_low_old_price and 0 < kopecks <= beside:
        raise bad("old_price should be greater than price")
    return kopecks


def _check_photos(state: VkState, community: Community, photo_ids: list[int], item_id: int) -> None:
    for number in photo_ids:
        photo = state.photos.get(number)
        ours = photo is not None and (photo.owner_id, photo.album_id) == (-community.id, PRODUCT_PHOTOS)
        if photo is None or not ours or photo.item_id not in (None, item_id):
            raise bad("photo not found or already assigned to another item")


METHODS: Final = (
    Method("market.add", _fields(required=True), add_item, scope="market"),
    Method("market.edit", (*_fields(required=False), ITEM), edit_item, scope="market"),
    Method("market.delete", (OWNER, ITEM), delete_item, scope="market"),
    Method("market.restore", (OWNER, ITEM), restore_item, scope="market"),
    Method(
        "market.reorderItems",
        (
            OWNER,
            ITEM,
            Param("album_id", "int", low=0),
            Param("before", "int", low=0),
            Param("after", "int", low=0),
        ),
        reorder_items,
        scope="market",
    ),
)
