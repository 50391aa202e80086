"""Properties of goods, their values, and items grouped as variants of one (reference, vk.md §3.15).

All of it needs a shop of the "advanced" kind; which of VK's three codes a "basic" one answers with stands in
the schema by method. That a property or a value in use cannot be deleted (1411) is a guess.
"""

from typing import Any, Final

from sandbox.vk.access import Method, community_to_write
from sandbox.vk.errors import VkError
from sandbox.vk.params import Param, Params
from sandbox.vk.records import Community, Item, Property, Token
from sandbox.vk.render import property_json
from sandbox.vk.state import VkState

EXTENDED_OFF: Final = 1409
VARIANTS_OFF: Final = 1410
VARIANTS_ERROR: Final = 1411
TITLE_MAX: Final = 60
GROUP: Final = Param("group_id", "int", required=True, low=1)
PROPERTY: Final = Param("property_id", "int", required=True, low=0)
VARIANT: Final = Param("variant_id", "int", required=True, low=0)
TITLE: Final = Param("title", "text", required=True)
VARIANT_TITLE: Final = Param("title", "text", required=True, low=1, high=TITLE_MAX)


def get_properties(state: VkState, token: Token, params: Params) -> dict[str, Any]:
    """List a community's properties with their values."""
    community = _shop(state, token, params, EXTENDED_OFF)
    found = [property_json(one) for one in community.properties.values()]
    return {"count": len(found), "items": found}


def add_property(state: VkState, token: Token, params: Params) -> dict[str, int]:
    """Make a property. Raises VkError 1421 for a long title, 1418 for too many."""
    community = _shop(state, token, params, VARIANTS_OFF)
    title = _title(params)
    if len(community.properties) >= state.limits.properties:
        raise VkError(1418)
    made = Property(state.next_number(), title)
    community.properties[made.id] = made
    return {"property_id": made.id}


def edit_property(state: VkState, token: Token, params: Params) -> int:
    """Rename a property. Raises VkError 1411 where there is none."""
    community = _shop(state, token, params, VARIANTS_ERROR)
    _property(community, params["property_id"], VARIANTS_ERROR).title = _title(params)
    return 1


def delete_property(state: VkState, token: Token, params: Params) -> int:
    """Delete a property with its values. Raises VkError 1417, or 1411 while items carry it."""
    community = _shop(state, token, params, EXTENDED_OFF)
    found = _property(community, params["property_id"], 1417)
    if any(_carries(community, number) for number in found.variants):
        raise VkError(VARIANTS_ERROR)
    del community.properties[found.id]
    return 1


def add_variant(state: VkState, token: Token, params: Params) -> dict[str, int]:
    """Add a value to a property. Raises VkError 1417, or 1419 for too many."""
    community = _shop(state, token, params, EXTENDED_OFF)
    found = _property(community, params["property_id"], 1417)
    if len(found.variants) >= state.limits.variants:
        raise VkError(1419)
    number = state.next_number()
    found.variants[number] = params["title"]
    return {"variant_id": number}


def edit_variant(state: VkState, token: Token, params: Params) -> int:
    """Rename a value. Raises VkError 1416."""
    community = _shop(state, token, params, EXTENDED_OFF)
    property_of(community, params["variant_id"]).variants[params["variant_id"]] = params["title"]
    return 1


def delete_variant(state: VkState, token: Token, params: Params) -> int:
    """Delete a value. Raises VkError 1416, or 1411 while items carry it."""
    community = _shop(state, token, params, EXTENDED_OFF)
    found = property_of(community, params["variant_id"])
    if _carries(community, params["variant_id"]):
        raise VkError(VARIANTS_ERROR)
    del found.variants[params["variant_id"]]
    return 1


def group_items(state: VkState, token: Token, params: Params) -> dict[str, int]:
    """Make items variants of one. Raises VkError 1403, 1411 to 1415 or 1425."""
    community = _shop(state, token, params, EXTENDED_OFF)
    items = [_item(community, number) for number in dict.fromkeys(params["item_ids"])]
    grouping_id = params["item_group_id"]
    inside = [item for item in community.items.values() if grouping_id and item.grouping_id == grouping_id]
    if grouping_id and not inside:
        raise VkError(VARIANTS_ERROR)
    together = [*inside, *(item for item in items if item not in inside)]
    if len(together) < 2:  # noqa: PLR2004 - one item is no group
        raise VkError(1425)
    check_variants(community, together, joined=bool(inside))
    grouping_id = grouping_id or state.next_number()
    for item in together:
        item.grouping_id = grouping_id
    if not any(item.is_main_variant for item in together):
        together[0].is_main_variant = True
    return {"item_group_id": grouping_id}


def ungroup_items(state: VkState, token: Token, params: Params) -> int:
    """Take a group of variants apart. Raises VkError 1411 where there is none."""
    community = _shop(state, token, params, EXTENDED_OFF)
    inside = [item for item in community.items.values() if item.grouping_id == params["item_group_id"]]
    if not params["item_group_id"] or not inside:
        raise VkError(VARIANTS_ERROR)
    for item in inside:
        item.grouping_id, item.is_main_variant = 0, False
    return 1


def property_of(community: Community, variant_id: int) -> Property:
    """Return the property that a value belongs to. Raises VkError 1416."""
    for one in community.properties.values():
        if variant_id in one.variants:
            return one
    raise VkError(1416)


def check_variants(community: Community, items: list[Item], *, joined: bool = False) -> None:
    """Raise VkError 1415, 1412 (1414 for a group that is there already) or 1413 where items do not fit."""
    if not all(item.variant_ids for item in items):
        raise VkError(1415)
    properties = [_properties_of(community, item.variant_ids) for item in items]
    if any(one != properties[0] for one in properties):
        raise VkError(1414 if joined else 1412)
    if len({frozenset(item.variant_ids) for item in items}) < len(items):
        raise VkError(1413)


def check_values(community: Community, variant_ids: list[int]) -> None:
    """Check the values that an item is to carry. Raises VkError 1416, or 1426 for two of one property."""
    if community.market_type != "advanced":
        raise VkError(1416)
    if len(_properties_of(community, variant_ids)) < len(variant_ids):
        raise VkError(1426)


def _properties_of(community: Community, variant_ids: list[int]) -> frozenset[int]:
    return frozenset(property_of(community, number).id for number in variant_ids)


def _shop(state: VkState, token: Token, params: Params, basic: int) -> Community:
    community = community_to_write(state, token, params["group_id"])
    if community.market_type != "advanced":
        raise VkError(basic)
    return community


def _title(params: Params) -> str:
    title: str = params["title"].strip()
    if len(title) > TITLE_MAX:
        raise VkError(1421)
    return title


def _property(community: Community, number: int, missing: int) -> Property:
    if number not in community.properties:
        raise VkError(missing)
    return community.properties[number]


def _carries(community: Community, variant_id: int) -> bool:
    return any(variant_id in item.variant_ids for item in community.items.values() if item.deleted_at is None)


def _item(community: Community, number: int) -> Item:
    item = community.items.get(number)
    if item is None or item.deleted_at is not None:
        raise VkError(1403)
    return item


METHODS: Final = (
    Method("market.getProperties", (GROUP,), get_properties, scope="market"),
    Method("market.addProperty", (GROUP, TITLE), add_property, scope="market"),
    Method("market.editProperty", (GROUP, PROPERTY, TITLE), edit_property, scope="market"),
    Method("market.deleteProperty", (GROUP, PROPERTY), delete_property, scope="market"),
    Method("market.addPropertyVariant", (GROUP, PROPERTY, VARIANT_TITLE), add_variant, scope="market"),
    Method("market.editPropertyVariant", (GROUP, VARIANT, VARIANT_TITLE), edit_variant, scope="market"),
    Method("market.deletePropertyVariant", (GROUP, VARIANT), delete_variant, scope="market"),
    Method(
        "market.groupItems",
        (GROUP, Param("item_ids", "ints", required=True), Param("item_group_id", "int", low=0)),
        group_items,
        scope="market",
    ),
    Method(
        "market.ungroupItems",
        (GROUP, Param("item_group_id", "int", required=True, low=0)),
        ungroup_items,
        scope="market",
    ),
)
