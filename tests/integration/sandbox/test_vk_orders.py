"""Orders in the VK stand-in: who sees them, who may change them, what is refused."""

from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.vk.records import EDITOR, MODERATOR, Order
from tests.integration.sandbox.conftest import Vk


@pytest.fixture
def order(box: Sandbox, vk: Vk) -> Order:
    """Give an order of three pieces by a stranger in an advanced shop."""
    box.vk.set_market_type("advanced")
    buyer = box.vk.add_person("Пётр", "Покупатель")
    first, second = vk.add(price="100"), vk.add(price="30.50")
    return box.vk.place_order({first: 2, second: 1}, user_id=buyer.id, comment="Позвоните")


def edit(order: Order, **changes: Any) -> dict[str, Any]:
    return {"user_id": order.user_id, "order_id": order.id, **changes}


def test_an_editor_and_the_communitys_own_token_read_its_orders(box: Sandbox, vk: Vk, order: Order) -> None:
    own = box.vk.add_token(kind="group").value
    by_editor = vk("market.getGroupOrders", group_id=box.group_id)
    assert [one["id"] for one in by_editor["items"]] == [order.id]
    assert by_editor["items"][0]["total_price"]["amount"] == "23050"
    assert vk.raw("market.getGroupOrders", own)["response"] == by_editor
    lines = vk("market.getOrderItems", order_id=order.id)["items"]
    assert [(line["quantity"], line["price"]["text"]) for line in lines] == [(2, "100 ₽"), (1, "30,50 ₽")]


def test_nobody_else_reads_or_changes_them(box: Sandbox, vk: Vk, order: Order) -> None:
    other = box.vk.add_community("Другая", "other", {box.vk.user_id: EDITOR})
    box.vk.set_market_type("advanced", group_id=other.id)
    foreign = box.vk.add_token(kind="group", group_id=other.id).value
    assert vk.error("market.getGroupOrders", foreign, group_id=box.group_id)[0] == 15
    assert vk.error("market.getOrderById", foreign, order_id=order.id)[0] == 1436
    assert vk.error("market.editOrder", foreign, **edit(order, status=1))[0] == 1436
    service = box.vk.add_token(kind="service").value
    assert vk.error("market.getGroupOrders", service, group_id=box.group_id)[0] == 28
    without_market = box.vk.add_token(scope={"groups"}).value
    assert vk.error("market.getGroupOrders", without_market, group_id=box.group_id)[0] == 15
    box.vk.set_role(MODERATOR)
    assert vk.error("market.getGroupOrders", group_id=box.group_id)[0] == 15
    assert vk.error("market.getOrderById", order_id=order.id)[0] == 1436
    assert order.status == 0


def test_a_buyer_reads_their_own_order_and_cannot_change_it(box: Sandbox, vk: Vk, order: Order) -> None:
    buyer = box.vk.add_token(user_id=order.user_id).value
    assert vk.raw("market.getOrders", buyer)["response"]["count"] == 1
    assert vk("market.getOrders") == {"count": 0, "items": []}
    found = vk.raw("market.getOrderById", buyer, order_id=order.id)["response"]["order"]
    assert (found["user_id"], found["comment"]) == (order.user_id, "Позвоните")
    assert vk.error("market.editOrder", buyer, **edit(order, status=5))[0] == 15


def test_a_basic_shop_has_no_orders(box: Sandbox, vk: Vk) -> None:
    assert vk.error("market.getGroupOrders", group_id=box.group_id)[0] == 1409
    box.vk.set_market_type("advanced")
    assert vk("market.getGroupOrders", group_id=box.group_id) == {"count": 0, "items": []}


def test_orders_come_newest_first_in_pages(box: Sandbox, vk: Vk, order: Order) -> None:
    start = box.vk.clock()
    box.vk.clock = lambda: start + 5
    later = box.vk.place_order({order.lines[0].item_id: 1}, user_id=order.user_id)
    first = vk("market.getGroupOrders", group_id=box.group_id, count=1)
    second = vk("market.getGroupOrders", group_id=box.group_id, count=1, offset=1)
    assert [first["items"][0]["id"], second["items"][0]["id"], first["count"]] == [later.id, order.id, 2]
    assert vk.error("market.getGroupOrders", group_id=box.group_id, count=51)[0] == 100


def test_an_order_is_changed_field_by_field(vk: Vk, order: Order) -> None:
    sizes = {"width": 10, "height": 20, "length": 30, "weight": 400}
    assert vk("market.editOrder", **edit(order, status=3, track_number="RA1", merchant_comment="Шлём")) == 1
    assert vk("market.editOrder", **edit(order, delivery_price=25000, payment_status="paid", **sizes)) == 1
    shown = vk("market.getOrderById", order_id=order.id, user_id=order.user_id)["order"]
    assert (shown["status"], shown["track_number"], shown["merchant_comment"]) == (3, "RA1", "Шлём")
    assert (shown["total_price"]["amount"], shown["weight"]) == ("48050", 400)
    assert order.payment_status == "paid"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"status": 7}, 1456),
        ({"width": 5}, 1429),
        ({"payment_status": "free"}, 100),
        ({"merchant_comment": "я" * 801}, 100),
        ({"comment_for_user": "я" * 401}, 100),
        ({"track_number": "1" * 61}, 100),
        ({"order_id": 999}, 1436),
        ({"user_id": 5}, 1436),
    ],
)
def test_a_wrong_change_is_refused_whole(vk: Vk, order: Order, changes: dict[str, Any], code: int) -> None:
    wanted = edit(order, track_number="RA1") | changes
    assert vk.error("market.editOrder", **wanted)[0] == code
    assert order.track_number == ""


def test_a_payment_that_vk_takes_is_not_the_merchants_to_change(box: Sandbox, vk: Vk, order: Order) -> None:
    paid = box.vk.place_order({order.lines[0].item_id: 1}, user_id=order.user_id, by_vk_pay=True)
    assert vk.error("market.editOrder", **edit(paid, payment_status="paid", status=4))[0] == 1430
    paid.lines.clear()
    assert vk.error("market.editOrder", **edit(paid, status=1))[0] == 1427
    assert paid.status == 0


def test_an_order_keeps_its_prices_and_its_deleted_items(vk: Vk, order: Order) -> None:
    item_id = order.lines[0].item_id
    vk("market.edit", owner_id=vk.owner, item_id=item_id, price="999")
    vk("market.delete", owner_id=vk.owner, item_id=item_id)
    line = vk("market.getOrderItems", order_id=order.id)["items"][0]
    assert (line["price"]["amount"], line["item"]["availability"]) == ("10000", 1)
