"""The stand-in speaks VK's public schema: its parameters, its answers, its error texts.

And our own client does: whatever it sends through the sandbox is checked too.
"""

import json
from decimal import Decimal
from typing import Any

import pytest

from connections.clients.vk import calls as vk_calls
from connections.clients.vk.client import VkClient
from connections.clients.vk.records import Call
from sandbox import Sandbox
from sandbox.vk.api import VkApi
from sandbox.vk.errors import TEXTS
from sandbox.vk.params import COMMON_NAMES, Param
from sandbox.vk.state import VkState
from tests.integration.sandbox.conftest import Vk, picture, script
from tests.integration.sandbox.schema import VkSchema, schema

__all__ = ["schema"]

METHODS = VkApi(VkState()).methods
# Not in our part of the schema, or taken besides it: `item_id` is what older clients send, and so is the
# old picture flow.
FOREIGN = {
    "account.getAppPermissions",
    "photos.getMarketUploadServer",
    "photos.saveMarketPhoto",
    "utils.getServerTime",
    "utils.resolveScreenName",
}
EXTRA_PARAMS = {("market.addToAlbum", "item_id"), ("account.getAppPermissions", "user_id")}
KINDS = {"integer": "int", "number": "number", "boolean": "bool", "string": "text"}


def declared_in(schema: VkSchema) -> list[str]:
    return sorted(name for name in METHODS if name in schema.methods)


def test_every_method_of_the_stand_in_is_vks(schema: VkSchema) -> None:
    assert {name for name in METHODS if name not in schema.methods} == FOREIGN
    assert len(declared_in(schema)) >= 40


def test_parameters_have_the_names_types_and_bounds_of_the_schema(schema: VkSchema) -> None:
    faults = []
    for name in declared_in(schema):
        ours = {one.name: one for one in METHODS[name].params if (name, one.name) not in EXTRA_PARAMS}
        theirs = {param["name"]: param for param in schema.methods[name]["parameters"]}
        if set(ours) != set(theirs):
            faults.append(f"{name}: {set(ours) ^ set(theirs)}")
        faults += [
            f"{name}.{key}: {text}" for key in ours.keys() & theirs for text in differ(ours[key], theirs[key])
        ]
    assert faults == []


def differ(ours: Param, theirs: dict[str, Any]) -> list[str]:
    """Return how our declaration is laxer than VK's."""
    found = []
    if theirs["type"] == "array":
        if ours.kind not in {"ints", "texts"} or (ours.high or 0) < theirs.get("maxItems", 0):
            found.append("list")
    elif isinstance(theirs["type"], str) and KINDS[theirs["type"]] != ours.kind:
        found.append(f"type {theirs['type']}")
    if theirs.get("required", False) and not ours.required and ours.name != "item_ids":
        found.append("required")
    for bound, value in (("minimum", ours.low), ("maximum", ours.high)):
        limit = theirs.get(bound)
        if limit is not None and (value is None or (value < limit if bound == "minimum" else value > limit)):
            found.append(f"{bound} {limit}")
    if "maxLength" in theirs and ours.name != "name" and ours.high != theirs["maxLength"]:
        found.append(f"maxLength {theirs['maxLength']}")
    return found


def test_error_texts_are_vks(schema: VkSchema) -> None:
    errors = schema.errors()
    assert {code: text for code, text in TEXTS.items() if errors.get(code) != text} == {}


@pytest.fixture
def answers(vk: Vk, schema: VkSchema) -> list[tuple[str, str, dict[str, Any]]]:
    """Return (method, kind of answer, answer) of a shop with everything in it."""
    group, owner = vk.box.group_id, vk.owner
    vk.box.vk.set_market_type("advanced")
    everything = ",".join(schema.names("users/objects.json", "users_fields"))
    every_group_field = ",".join(schema.names("groups/objects.json", "groups_fields"))
    cover = vk.upload_to("photos.getMarketAlbumUploadServer", picture(1280, 720))
    colour = vk("market.addProperty", group_id=group, title="Цвет")["property_id"]
    spare = vk("market.addProperty", group_id=group, title="Материал")["property_id"]
    red, blue, green = (
        vk("market.addPropertyVariant", group_id=group, property_id=colour, title=title)["variant_id"]
        for title in ("Красный", "Синий", "Зелёный")
    )
    raw_one = vk.upload(picture(), bulk=False).text
    raw_many = vk.upload(picture(), picture(900, 500)).text
    first = vk.add(photo_ids=vk.photo(), old_price="200", url="https://vk.com/x", variant_ids=red)
    second = vk.add(
        dimension_width=1, dimension_height=2, dimension_length=3, weight=4, deleted=1, stock_amount=0
    )
    third = vk.add(variant_ids=blue, is_main_variant=1)
    grouped = vk("market.groupItems", group_id=group, item_ids=f"{first},{third}")["item_group_id"]
    order = vk.box.vk.place_order({first: 2, third: 1}, comment="Позвоните").id
    vk("market.addAlbum", owner_id=owner, title="Чаи", main_album=1)
    vk("market.addToAlbum", owner_id=owner, item_ids=first, album_ids=1)
    address = f"{owner}_{first},{owner}_{second}"
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("market.get", "response", {"owner_id": owner, "with_disabled": 1, "need_variants": 1}),
        (
            "market.get",
            "extendedResponse",
            {"owner_id": owner, "extended": 1, "with_disabled": 1, "need_variants": 1},
        ),
        ("market.getById", "response", {"item_ids": address}),
        ("market.getById", "extendedResponse", {"item_ids": address, "extended": 1}),
        ("market.search", "response", {"owner_id": owner, "q": "чай"}),
        ("market.search", "extendedResponse", {"owner_id": owner, "extended": 1, "sort": 2}),
        ("market.getCategories", "", {}),
        ("market.filterCategories", "", {"query": "чай"}),
        ("market.getAlbums", "", {"owner_id": owner}),
        ("market.getAlbumById", "", {"owner_id": owner, "album_ids": 1}),
        ("market.addAlbum", "", {"owner_id": owner, "title": "Ещё"}),
        ("market.editAlbum", "", {"owner_id": owner, "album_id": 2, "title": "И ещё", "is_hidden": 1}),
        ("market.add", "", vk.wanted()),
        ("market.edit", "", {"owner_id": owner, "item_id": first, "price": "1"}),
        ("photos.saveMarketAlbumPhoto", "", cover | {"group_id": group}),
        ("photos.getMarketAlbumUploadServer", "", {"group_id": group}),
        ("market.reorderAlbums", "", {"owner_id": owner, "album_id": 1, "before": 2}),
        ("market.addToAlbum", "", {"owner_id": owner, "item_ids": second, "album_ids": 1}),
        ("market.getGroupOrders", "", {"group_id": group}),
        ("market.getOrders", "response", {}),
        ("market.getOrders", "extendedResponse", {"extended": 1}),
        ("market.getOrderById", "", {"order_id": order, "extended": 1}),
        ("market.getOrderItems", "", {"order_id": order}),
        ("market.editOrder", "", {"user_id": vk.box.vk.user_id, "order_id": order, "status": 1}),
        ("market.addProperty", "", {"group_id": group, "title": "Размер"}),
        ("market.addPropertyVariant", "", {"group_id": group, "property_id": colour, "title": "Белый"}),
        ("market.editProperty", "", {"group_id": group, "property_id": colour, "title": "Краска"}),
        ("market.editPropertyVariant", "", {"group_id": group, "variant_id": green, "title": "Жёлтый"}),
        ("market.getProperties", "", {"group_id": group}),
        ("market.deletePropertyVariant", "", {"group_id": group, "variant_id": green}),
        ("market.ungroupItems", "", {"group_id": group, "item_group_id": grouped}),
        ("market.groupItems", "", {"group_id": group, "item_ids": f"{first},{third}"}),
        ("market.deleteProperty", "", {"group_id": group, "property_id": spare}),
        ("market.reorderItems", "", {"owner_id": owner, "item_id": first, "before": second}),
        ("market.removeFromAlbum", "", {"owner_id": owner, "item_id": first, "album_ids": 1}),
        ("market.deleteAlbum", "", {"owner_id": owner, "album_id": 1}),
        ("market.delete", "", {"owner_id": owner, "item_id": first}),
        ("market.restore", "", {"owner_id": owner, "item_id": first}),
        ("market.getProductPhotoUploadServer", "", {"group_id": group}),
        ("market.saveProductPhoto", "", {"upload_response": raw_one}),
        ("market.saveProductPhotoBulk", "", {"upload_response": raw_many}),
        ("groups.getById", "", {"group_id": group, "fields": "market"}),
        ("groups.get", "response", {}),
        ("groups.get", "extendedResponse", {"extended": 1, "filter": "editor", "fields": "market"}),
        ("groups.toggleMarket", "", {"group_id": group, "state": "basic"}),
        ("users.get", "", {}),
        ("users.get", "", {"fields": everything, "name_case": "gen"}),
        ("groups.getById", "", {"group_id": group, "fields": every_group_field}),
    ]
    return [(method, kind, vk.raw(method, **params)) for method, kind, params in calls]


def test_every_answer_is_valid_by_the_schema(
    answers: list[tuple[str, str, dict[str, Any]]], schema: VkSchema
) -> None:
    assert {method for method, _, _ in answers} == set(declared_in(schema))
    for method, kind, answer in answers:
        assert "response" in answer, (method, answer)
        assert schema.answer_faults(method, answer, kind=kind) == [], method


def test_the_check_itself_finds_a_wrong_answer(schema: VkSchema) -> None:
    wrong = {"response": {"count": "2", "items": [{"id": 1}]}}
    faults = schema.answer_faults("market.get", wrong, kind="extendedResponse")
    assert any("'2' is not of type 'integer'" in fault for fault in faults)
    assert any("'price' is a required property" in fault for fault in faults)


def test_errors_are_valid_by_the_schema(vk: Vk, schema: VkSchema) -> None:
    error = vk.raw("market.get", owner_id=1)["error"]
    # The schema asks for an `inner_type` that no recorded answer of VK has.
    tagged = error | {"inner_type": "base_error"}
    assert schema.object_faults("base/objects.json#/definitions/base_error", tagged) == []
    assert {"key": "owner_id", "value": "1"} in error["request_params"]
    assert vk.box.vk_token not in json.dumps(error)


def every_call(group: int, photo_id: int, item_id: int) -> list[Call[Any]]:
    """Return one call of each kind that our client makes."""
    return [
        vk_calls.get_items(group, 0),
        vk_calls.get_items_by_id(group, [item_id]),
        vk_calls.get_albums(group),
        vk_calls.add_item(
            group,
            title="Чай «Таёжный»",
            description="Чай чёрный с чабрецом",
            price_kopecks=13073,
            category_id=50102,
            stock=3,
            sku="A#1",
            photo_id=photo_id,
        ),
        vk_calls.edit_item(group, item_id, title="Другое имя", price_kopecks=100, hidden=True, stock=5),
        vk_calls.add_album(group, "Чаи"),
        vk_calls.add_to_album(group, [item_id], 1),
        vk_calls.remove_from_album(group, item_id, 1),
        vk_calls.delete_item(group, item_id),
        vk_calls.get_categories(),
        vk_calls.get_community(group),
        vk_calls.managed_communities(),
        vk_calls.get_user(),
        vk_calls.photo_upload_server(group),
    ]


def test_every_request_of_our_client_is_valid_by_the_schema(box: Sandbox, vk: Vk, schema: VkSchema) -> None:
    calls = every_call(box.group_id, vk.photo(), vk.add())
    box.vk.forget_calls()
    client = VkClient(base_url=box.vk_url, token=box.vk_token)
    results = client.execute(calls)
    assert [result for result in results if isinstance(result, Exception)] == []
    for call in calls[:3]:
        client.run(call)
    raw = client.upload_photos(client.run(vk_calls.photo_upload_server(box.group_id)), [picture()])
    client.run(vk_calls.save_photos(raw))
    sent = [(call.method, call.params) for call in box.vk.calls if call.method != "execute"]
    assert len(sent) == len(calls) + 5
    for method, params in sent:
        for name, text in params.items():
            if name not in COMMON_NAMES:
                assert schema.param_faults(method, name, typed(schema, method, name, text)) == [], (
                    method,
                    name,
                )
    assert box.vk.warnings == []


def typed(schema: VkSchema, method: str, name: str, text: str) -> Any:
    """Return a parameter's wire text in the type that the schema declares for it."""
    params: list[dict[str, Any]] = schema.methods[method]["parameters"]
    declared = next(one for one in params if one["name"] == name)
    match declared.get("type"):
        case "integer":
            return int(text)
        case "number":
            return float(Decimal(text))
        case "boolean":
            return {"0": False, "1": True}[text]
        case "array":
            numbers = declared["items"].get("type") == "integer"
            return [int(part) if numbers else part for part in text.split(",")]
        case _:
            return text


def test_the_answers_inside_a_script_are_the_same(vk: Vk, schema: VkSchema) -> None:
    vk.add()
    params = {"owner_id": vk.owner, "extended": True, "with_disabled": True}
    inner = vk("execute", code=script(("market.get", params)))[0]
    assert inner == vk("market.get", owner_id=vk.owner, extended=1, with_disabled=1)
