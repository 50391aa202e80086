"""The calling half of Evotor's stand-in, delivered to a server that keeps what it gets."""

import base64
import json
from collections.abc import Iterator

import pytest
import requests

from sandbox import Sandbox
from sandbox.evotor.pushes import Pushes
from sandbox.evotor.webhooks import V2_TYPE, Webhooks, basic, bearer, installation_story
from sandbox.wire import Request, Response, Server


class Keeper:
    """Keeps every request and answers with its own path."""

    def __init__(self) -> None:
        self.requests: list[Request] = []

    def handle(self, request: Request) -> Response:
        self.requests.append(request)
        return Response.of_json({"path": request.path})


@pytest.fixture
def keeper() -> Keeper:
    return Keeper()


@pytest.fixture
def hooks(box: Sandbox, keeper: Keeper) -> Iterator[Webhooks]:
    """Aim Evotor's calls at a server below the prefix /evotor."""
    server = Server(keeper)
    server.start()
    yield box.webhooks(f"{server.url}/evotor/", app_token="our-app-token")
    server.stop()


def test_a_first_installation_tells_its_whole_story(hooks: Webhooks, keeper: Keeper, box: Sandbox) -> None:
    answers = [hooks.send(call) for call in installation_story(hooks, linkCode="ABCD2345")]
    assert [answer.status for answer in answers] == [200] * 4
    assert [request.path for request in keeper.requests] == [
        "/evotor/user/verify",
        "/evotor/subscription/event",
        "/evotor/installation/event",
        "/evotor/user/token",
    ]
    assert {request.headers["authorization"] for request in keeper.requests} == {"Bearer our-app-token"}
    bodies = [request.json() for request in keeper.requests]
    assert bodies[0] == {"userId": "01-000000000000042", "linkCode": "ABCD2345"}
    assert (bodies[1]["type"], bodies[1]["sequenceNumber"]) == ("SubscriptionCreated", 1)
    assert bodies[2]["data"]["userId"] == "01-000000000000042"
    assert bodies[3]["token"] == box.evotor_token


def test_sequence_numbers_grow_within_a_subscription(hooks: Webhooks) -> None:
    calls = [
        hooks.subscription_event("SubscriptionCreated"),
        hooks.subscription_event("SubscriptionActivated"),
        hooks.subscription_event("SubscriptionCreated", subscription_id="sub-2"),
    ]
    assert [json.loads(call.body)["sequenceNumber"] for call in calls] == [1, 2, 1]


def test_a_product_push_has_the_v1_shape_and_our_token(hooks: Webhooks, keeper: Keeper, box: Sandbox) -> None:
    store = box.evotor.add_store("Лавка")
    group = box.evotor.add_group(store.id, "Чаи")
    product = box.evotor.add_product(store.id, "Чай", parent_id=group.id, cost_price=95.5, barcodes=["46"])
    hooks.send(hooks.products(store.id, [product.id], user_token="given-to-evotor"))
    request = keeper.requests[0]
    assert request.path == f"/evotor/inventories/stores/{store.id}/products"
    assert request.headers["authorization"] == "Bearer given-to-evotor"
    (body,) = request.json()
    assert (body["uuid"], body["parentUuid"], body["group"]) == (product.id, group.id, False)
    assert (body["costPrice"], body["barCodes"], body["alcoCodes"]) == (95.5, ["46"], None)


def test_authorization_and_slash_can_be_changed(hooks: Webhooks, keeper: Keeper) -> None:
    call = hooks.user_create(username="x")
    for value in (bearer("wrong"), basic("login", "password"), None):
        hooks.send(call.with_authorization(value).with_slash())
    sent = [request.headers.get("authorization") for request in keeper.requests]
    encoded = base64.b64encode(b"login:password").decode()
    assert sent == ["Bearer wrong", f"Basic {encoded}", None]
    assert {request.path for request in keeper.requests} == {"/evotor/user/create/"}


def test_the_same_delivery_can_be_repeated_and_is_no_secret(hooks: Webhooks, keeper: Keeper) -> None:
    call = hooks.user_token(token="cloud-token")
    assert hooks.send(call).json() == {"path": "/evotor/user/token"}
    hooks.send(call)
    assert keeper.requests[0].body == keeper.requests[1].body
    assert "our-app-token" not in repr(call)


def test_both_media_types_and_large_bodies_travel(box: Sandbox, keeper: Keeper) -> None:
    server = Server(keeper)
    server.start()
    hooks = Webhooks(box.evotor, server.url, app_token="our-app-token", content_type=V2_TYPE)
    hooks.send(hooks.user_create(note="я" * 6_000_000))
    server.stop()
    assert keeper.requests[0].headers["content-type"] == V2_TYPE
    assert len(keeper.requests[0].body) > 12_000_000


def test_a_receipt_is_put_and_names_its_merchant_and_store(
    hooks: Webhooks, keeper: Keeper, box: Sandbox
) -> None:
    store = box.evotor.add_store("Лавка")
    product = box.evotor.add_product(store.id, "Чай", price=190.5, quantity=7)
    hooks.send(hooks.document(store.id, {product.id: 2}, kind="PAYBACK"))
    (request,) = keeper.requests
    assert (request.verb, request.path) == ("PUT", f"/evotor/inventories/stores/{store.id}/documents")
    assert request.headers["authorization"] == "Bearer our-app-token"
    assert request.headers["x-evotor-user-id"] == store.user_id
    assert request.headers["x-evotor-store-uuid"] == store.id
    body = request.json()
    assert (body["type"], body["store_id"], body["user_id"]) == ("PAYBACK", store.id, store.user_id)
    (position,) = body["body"]["positions"]
    sold = (
        position["product_id"],
        position["quantity"],
        position["initial_quantity"],
        position["result_sum"],
    )
    assert sold == (product.id, 2, 7, 381.0)


def test_a_till_without_a_token_of_ours_pushes_with_the_applications(
    keeper: Keeper, hooks: Webhooks, box: Sandbox
) -> None:
    store = box.evotor.add_store("Лавка")
    product = box.evotor.add_product(store.id, "Чай")
    pushes = Pushes(box.evotor, hooks._base.geturl(), app_token="our-app-token")
    box.evotor_control.on_change, box.evotor_control.on_sale = pushes.report, pushes.report_sale
    address = f"{box.evotor_url}/_sandbox"
    changes = {"product_id": product.id, "changes": {"price": 7}}
    for action, body in (("edit", changes), ("sell", {"product_id": product.id, "quantity": 3})):
        assert requests.post(f"{address}/{action}", json=body, timeout=10).status_code == 200
    assert [request.path.rpartition("/")[2] for request in keeper.requests] == ["products", "documents"]
    for request in keeper.requests:
        assert request.headers["authorization"] == "Bearer our-app-token"
        assert request.headers["x-evotor-user-id"] == store.user_id
