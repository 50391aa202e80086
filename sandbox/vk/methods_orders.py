"""Orders: `market.getGroupOrders`, `getOrderById`, `getOrderItems`, `getOrders`, `editOrder` (vk.md §10).

The community's side needs its own token or an editor's, and a shop of the "advanced" kind; the buyer's side
is the buyer's own token. Which status may follow which VK does not say, so any known one may.
"""

from typing import Any, Final

from sandbox.vk.access import ORDERS, Method, manages
from sandbox.vk.errors import VkError, bad
from sandbox.vk.params import Param, Params, day
from sandbox.vk.records import Community, Order, Token
from sandbox.vk.render import community_json, order_json, order_line_json
from sandbox.vk.state import VkState

STATUSES: Final = range(7)
PAYMENT_STATUSES: Final = frozenset({"not_paid", "paid", "returned"})
DIMENSIONS: Final = ("width", "height", "length", "weight")
TEXTS: Final = ("merchant_comment", "comment_for_user", "track_number", "receipt_link", "delivery_price")
DAY: Final = 86_400
BUYER: Final = Param("user_id", "int", low=0)
ORDER: Final = Param("order_id", "int", required=True, low=0)


def get_group_orders(state: VkState, token: Token, params: Params) -> dict[str, Any]:
    """List a community's orders, newest first. Raises VkError 100, 15 or 1409."""
    community = _community(state, token, params["group_id"])
    return _page(state, list(community.orders.values()), params)


def get_own_orders(state: VkState, token: Token, params: Params) -> dict[str, Any]:
    """List the orders of the token's user in every shop, newest first."""
    since, until = day(params, "date_from"), day(params, "date_to")
    found = [
        order
        for community in state.communities.values()
        for order in community.orders.values()
        if order.user_id == token.user_id
        and (since is None or order.date >= since)
        and (until is None or order.date < until + DAY)
    ]
    answer = _page(state, found, params)
    if params["extended"]:
        shops = dict.fromkeys(order["group_id"] for order in answer["items"])
        answer["groups"] = [community_json(state.communities[number], token.user_id) for number in shops]
    return answer


def get_order(state: VkState, token: Token, params: Params) -> dict[str, Any]:
    """Return one order. Raises VkError 1436 where the caller may not see it or it does not exist."""
    order = _order(state, token, params)
    answer = order_json(state, order)
    if params["extended"]:
        answer["can_add_review"] = False
    return {"order": answer}


def get_order_items(state: VkState, token: Token, params: Params) -> dict[str, Any]:
    """Return the lines of one order. Raises VkError 1436."""
    order = _order(state, token, params)
    start = params["offset"] or 0
    page = order.lines[start : start + params["count"]]
    community = state.communities[order.group_id]
    return {
        "count": len(order.lines),
        "items": [order_line_json(state, community, line) for line in page],
    }


def edit_order(state: VkState, token: Token, params: Params) -> int:
    """Change an order for its shop. Raises VkError 1436, 1427, 1429, 1430 or 1456."""
    order = _order(state, token, params)
    if not _sells(state.communities[order.group_id], token):
        raise VkError(15)
    if not order.lines:
        raise VkError(1427)
    if "status" in params and params["status"] not in STATUSES:
        raise VkError(1456)
    _check_payment(order, params)
    if any(name in params for name in DIMENSIONS):
        if not all(name in params for name in DIMENSIONS):
            raise VkError(1429)
        order.dimensions = (params["width"], params["height"], params["length"], params["weight"])
    for name in (*TEXTS, "status", "payment_status"):
        if name in params:
            setattr(order, name, params[name])
    return 1


def _check_payment(order: Order, params: Params) -> None:
    if "payment_status" not in params:
        return
    if params["payment_status"] not in PAYMENT_STATUSES:
        raise bad("payment_status is invalid")
    if order.by_vk_pay:
        raise VkError(1430)


def _community(state: VkState, token: Token, name: str | None) -> Community:
    """Return the community whose orders are asked for: a community's token asks for its own."""
    number = (name or (str(token.group_id) if token.kind == "group" else "")).removeprefix("club")
    if not number:
        raise bad("group_id is undefined")
    community = state.communities.get(int(number)) if number.isdecimal() else None
    if community is None or not _sells(community, token):
        raise VkError(15)
    if not community.market_enabled or community.market_type != "advanced":
        raise VkError(1409)
    return community


def _order(state: VkState, token: Token, params: Params) -> Order:
    for community in state.communities.values():
        order = community.orders.get(params["order_id"])
        if order is None or params["user_id"] not in (None, 0, order.user_id):
            continue
        if _sells(community, token) or (token.kind == "user" and order.user_id == token.user_id):
            return order
    raise VkError(1436)


def _sells(community: Community, token: Token) -> bool:
    if token.kind == "group":
        return token.group_id == community.id
    return manages(community, token)


def _page(state: VkState, orders: list[Order], params: Params) -> dict[str, Any]:
    orders.sort(key=lambda order: (order.date, order.id), reverse=True)
    start = params["offset"] or 0
    page = orders[start : start + params["count"]]
    return {"count": len(orders), "items": [order_json(state, order) for order in page]}


METHODS: Final = (
    Method(
        "market.getGroupOrders",
        (
            Param("group_id", "text"),
            Param("offset", "int", low=0, default=0),
            Param("count", "int", low=1, high=50, default=10),
        ),
        get_group_orders,
        kinds=ORDERS,
        scope="market",
    ),
    Method(
        "market.getOrders",
        (
            Param("offset", "int", low=0, default=0),
            Param("count", "int", low=0, high=10, default=10),
            Param("extended", "bool"),
            Param("date_from", "text"),
            Param("date_to", "text"),
        ),
        get_own_orders,
        scope="market",
    ),
    Method(
        "market.getOrderById",
        (BUYER, ORDER, Param("extended", "bool")),
        get_order,
        kinds=ORDERS,
        scope="market",
    ),
    Method(
        "market.getOrderItems",
        (BUYER, ORDER, Param("offset", "int", low=0), Param("count", "int", low=0, default=50)),
        get_order_items,
        kinds=ORDERS,
        scope="market",
    ),
    Method(
        "market.editOrder",
        (
            Param("user_id", "int", required=True, low=1),
            ORDER,
            Param("merchant_comment", "text", high=800),
            Param("status", "int", low=0),
            Param("track_number", "text", high=60),
            Param("payment_status", "text"),
            Param("delivery_price", "int", low=0),
            Param("width", "int", low=0, high=100_000),
            Param("length", "int", low=0, high=100_000),
            Param("height", "int", low=0, high=100_000),
            Param("weight", "int", low=0, high=100_000_000),
            Param("comment_for_user", "text", high=400),
            Param("receipt_link", "text", high=400),
        ),
        edit_order,
        kinds=ORDERS,
        scope="market",
    ),
)
