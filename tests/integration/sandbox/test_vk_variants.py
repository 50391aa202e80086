"""Properties and variants in the VK stand-in."""

from collections.abc import Callable
from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.vk.records import MODERATOR
from tests.integration.sandbox.conftest import Vk
from tests.integration.sandbox.schema import VkSchema, schema

__all__ = ["schema"]


@pytest.fixture
def call(box: Sandbox, vk: Vk) -> Callable[..., Any]:
    """Give a caller of the community's own methods in an advanced shop."""
    box.vk.set_market_type("advanced")
    return lambda method, **params: vk(method, group_id=box.group_id, **params)


@pytest.fixture
def colours(call: Callable[..., Any]) -> list[int]:
    """Give the ids of three values of a colour."""
    number = call("market.addProperty", title="Цвет")["property_id"]
    titles = ("Красный", "Синий", "Зелёный")
    return [
        call("market.addPropertyVariant", property_id=number, title=title)["variant_id"] for title in titles
    ]


@pytest.fixture
def size(call: Callable[..., Any]) -> int:
    """Give the id of a value of another property."""
    number = call("market.addProperty", title="Размер")["property_id"]
    variant_id: int = call("market.addPropertyVariant", property_id=number, title="XL")["variant_id"]
    return variant_id


def test_properties_are_listed_renamed_and_deleted(call: Callable[..., Any], colours: list[int]) -> None:
    (colour,) = call("market.getProperties")["items"]
    assert [one["title"] for one in colour["variants"]] == ["Красный", "Синий", "Зелёный"]
    call("market.editProperty", property_id=colour["id"], title="Краска")
    call("market.editPropertyVariant", variant_id=colours[0], title="Алый")
    call("market.deletePropertyVariant", variant_id=colours[1])
    (colour,) = call("market.getProperties")["items"]
    assert colour["title"] == "Краска"
    assert [one["title"] for one in colour["variants"]] == ["Алый", "Зелёный"]
    call("market.deleteProperty", property_id=colour["id"])
    assert call("market.getProperties") == {"count": 0, "items": []}


IN_A_BASIC_SHOP: list[tuple[str, dict[str, Any], int]] = [
    ("market.getProperties", {}, 1409),
    ("market.addProperty", {"title": "Цвет"}, 1410),
    ("market.editProperty", {"property_id": 1, "title": "Цвет"}, 1411),
    ("market.deleteProperty", {"property_id": 1}, 1409),
    ("market.addPropertyVariant", {"property_id": 1, "title": "Синий"}, 1409),
    ("market.editPropertyVariant", {"variant_id": 1, "title": "Синий"}, 1409),
    ("market.deletePropertyVariant", {"variant_id": 1}, 1409),
    ("market.groupItems", {"item_ids": "1,2"}, 1409),
    ("market.ungroupItems", {"item_group_id": 1}, 1409),
]
NOT_THERE: list[tuple[str, dict[str, Any], int]] = [
    ("market.addProperty", {"title": "Ц" * 61}, 1421),
    ("market.editProperty", {"property_id": 999, "title": "Цвет"}, 1411),
    ("market.deleteProperty", {"property_id": 999}, 1417),
    ("market.addPropertyVariant", {"property_id": 999, "title": "Синий"}, 1417),
    ("market.editPropertyVariant", {"variant_id": 999, "title": "Синий"}, 1416),
    ("market.deletePropertyVariant", {"variant_id": 999}, 1416),
    ("market.ungroupItems", {"item_group_id": 999}, 1411),
]
DO_NOT_FIT = (1425, 1403, 1415, 1412, 1413, 1414, 1411)


@pytest.mark.parametrize(("method", "params", "code"), IN_A_BASIC_SHOP)
def test_a_basic_shop_has_no_variants(vk: Vk, method: str, params: dict[str, Any], code: int) -> None:
    params = params | {"group_id": vk.box.group_id}
    assert vk.error(method, **params)[0] == code
    vk.box.vk.set_role(MODERATOR)
    assert vk.error(method, **params)[0] == 7
    assert vk.error(method, vk.box.vk.add_token(kind="group").value, **params)[0] == 27


@pytest.mark.parametrize(("method", "params", "code"), NOT_THERE)
def test_what_is_not_there_is_refused_by_its_own_code(
    vk: Vk, method: str, params: dict[str, Any], code: int
) -> None:
    vk.box.vk.set_market_type("advanced")
    assert vk.error(method, group_id=vk.box.group_id, **params)[0] == code


def test_the_schema_lists_these_codes_for_these_methods(schema: VkSchema) -> None:
    grouping: list[tuple[str, dict[str, Any], int]] = [("market.groupItems", {}, code) for code in DO_NOT_FIT]
    for method, _params, code in (*IN_A_BASIC_SHOP, *NOT_THERE, *grouping):
        assert code in schema.codes(method), (method, code)


def test_there_are_so_many_properties_and_values(
    box: Sandbox, vk: Vk, call: Callable[..., Any], colours: list[int]
) -> None:
    box.vk.limits.properties, box.vk.limits.variants = 1, len(colours)
    (colour,) = call("market.getProperties")["items"]
    group: dict[str, Any] = {"group_id": box.group_id}
    assert vk.error("market.addProperty", title="Размер", **group)[0] == 1418
    assert vk.error("market.addPropertyVariant", property_id=colour["id"], title="Белый", **group)[0] == 1419


def test_items_carry_values_and_are_grouped(vk: Vk, call: Callable[..., Any], colours: list[int]) -> None:
    red, blue = (vk.add(variant_ids=number) for number in colours[:2])
    alone = vk.add()
    number = call("market.groupItems", item_ids=f"{red},{blue}")["item_group_id"]
    page = vk("market.get", owner_id=vk.owner, need_variants=1)
    assert {item["id"] for item in page["variants"]} == {red, blue}
    assert [item["id"] for item in page["items"] if "variants_grouping_id" in item] == [blue, red]
    assert vk.item(red)["is_main_variant"] is True
    vk("market.edit", owner_id=vk.owner, item_id=blue, is_main_variant=1)
    assert [vk.item(one)["is_main_variant"] for one in (red, blue)] == [False, True]
    call("market.ungroupItems", item_group_id=number)
    assert vk("market.get", owner_id=vk.owner, need_variants=1)["variants"] == []
    assert "variants_grouping_id" not in vk.item(alone)


def test_a_group_takes_one_more(vk: Vk, call: Callable[..., Any], colours: list[int], size: int) -> None:
    red, blue, green = (vk.add(variant_ids=number) for number in colours)
    number = call("market.groupItems", item_ids=f"{red},{blue}")["item_group_id"]
    assert call("market.groupItems", item_ids=green, item_group_id=number) == {"item_group_id": number}
    other = vk.add(variant_ids=size)
    group: dict[str, Any] = {"group_id": vk.box.group_id}
    assert vk.error("market.groupItems", item_ids=other, item_group_id=number, **group)[0] == 1414
    assert vk.error("market.groupItems", item_ids=other, item_group_id=999, **group)[0] == 1411


def test_items_that_do_not_fit_are_not_grouped(vk: Vk, colours: list[int], size: int) -> None:
    red, again, blue = (vk.add(variant_ids=number) for number in (colours[0], colours[0], colours[1]))
    plain, large = vk.add(), vk.add(variant_ids=size)
    for items, code in (
        ((red,), 1425),
        ((red, 5), 1403),
        ((red, plain), 1415),
        ((red, large), 1412),
        ((red, again), 1413),
    ):
        item_ids = ",".join(str(number) for number in items)
        assert vk.error("market.groupItems", group_id=vk.box.group_id, item_ids=item_ids)[0] == code
    vk("market.groupItems", group_id=vk.box.group_id, item_ids=f"{red},{blue}")
    edit: dict[str, Any] = {"owner_id": vk.owner, "item_id": blue}
    assert vk.error("market.edit", variant_ids=colours[0], **edit)[0] == 1413
    assert vk.error("market.edit", variant_ids=size, **edit)[0] == 1412
    assert vk("market.edit", variant_ids=colours[2], **edit) == 1


def test_an_item_carries_only_values_of_its_community(
    box: Sandbox, vk: Vk, colours: list[int], size: int
) -> None:
    assert vk.error("market.add", **vk.wanted(variant_ids="999"))[0] == 1416
    assert vk.error("market.add", **vk.wanted(variant_ids=f"{colours[0]},{colours[1]}"))[0] == 1426
    assert vk.add(variant_ids=f"{colours[0]},{size}")
    assert vk.error("market.deletePropertyVariant", group_id=box.group_id, variant_id=size)[0] == 1411
    box.vk.set_market_type("basic")
    assert vk.error("market.add", **vk.wanted(variant_ids=size))[0] == 1416
