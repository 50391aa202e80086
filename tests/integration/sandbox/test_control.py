"""The control endpoints, by which another process acts as the merchant."""

from typing import Any

import requests

from sandbox import Sandbox
from sandbox.wire import Server
from tests.integration.sandbox.conftest import Till, Vk
from tests.integration.sandbox.test_webhooks import Keeper


def post(url: str, command: str, /, **body: Any) -> requests.Response:
    return requests.post(f"{url}/_sandbox/{command}", json=body, timeout=10)


def test_the_till_obeys_by_remote(box: Sandbox, till: Till) -> None:
    store = box.evotor.add_store("Лавка")
    made = post(box.evotor_url, "add", name="Чай", price=100).json()
    product_id = made["id"]
    edited = post(box.evotor_url, "edit", product_id=product_id, changes={"price": 120}).json()
    assert edited["fields"]["price"] == 120
    post(box.evotor_url, "sell", product_id=product_id, quantity=3)
    (row,) = requests.get(f"{box.evotor_url}/_sandbox/products", timeout=10).json()
    assert (row["id"], row["price"], row["quantity"], row["store_id"]) == (product_id, 120, 7, store.id)
    assert post(box.evotor_url, "reimport", store_id=store.id).status_code == 200
    assert product_id not in store.products
    new_id = next(iter(store.products))
    assert post(box.evotor_url, "delete", product_id=new_id).status_code == 200
    assert till.get(f"/stores/{store.id}/products").json()["items"] == []


def test_vk_obeys_by_remote(box: Sandbox, vk: Vk) -> None:
    made = post(box.vk_url, "merchant", action="create_item", title="Открытка").json()
    post(box.vk_url, "merchant", action="rename_item", item_id=made["id"], title="Другая открытка")
    (item,) = requests.get(f"{box.vk_url}/_sandbox/items", timeout=10).json()
    assert item["title"] == "Другая открытка"
    post(box.vk_url, "merchant", action="switch_market", on=False)
    assert vk.error("market.get", owner_id=vk.owner)[0] == 1525


def test_the_log_is_read_and_emptied_by_remote(box: Sandbox, vk: Vk, till: Till) -> None:
    vk("users.get")
    till.get("/stores")
    for url, method in ((box.vk_url, "users.get"), (box.evotor_url, "stores")):
        log = requests.get(f"{url}/_sandbox/calls", timeout=10).json()
        assert (log["requests"], log["counts"]) == (1, {method: 1})
        assert log["calls"][0]["method"] == method
        post(url, "forget")
        assert requests.get(f"{url}/_sandbox/calls", timeout=10).json()["requests"] == 0


def test_faults_are_planned_by_remote(box: Sandbox, vk: Vk, till: Till) -> None:
    assert post(box.vk_url, "fault", kind="error", code=9, method="users.get").status_code == 200
    assert vk.error("users.get")[0] == 9
    post(box.evotor_url, "fault", kind="error", status=503, times=0)
    assert till.get("/stores").status_code == 503
    post(box.evotor_url, "calm")
    assert till.get("/stores").status_code == 200


def test_a_push_is_sent_by_remote(box: Sandbox) -> None:
    keeper = Keeper()
    server = Server(keeper)
    server.start()
    store = box.evotor.add_store("Лавка")
    product = box.evotor.add_product(store.id, "Чай")
    body = {"base_url": f"{server.url}/evotor", "product_ids": [product.id], "user_token": "given"}
    answer = post(box.evotor_url, "push", **body)
    server.stop()
    assert answer.json()["status"] == 200
    assert keeper.requests[0].json()[0]["uuid"] == product.id
    assert keeper.requests[0].headers["authorization"] == "Bearer given"
    assert post(box.evotor_url, "push", **body).status_code == 400


def test_what_does_not_fit_is_refused_with_its_reason(box: Sandbox) -> None:
    box.evotor.add_store("Лавка")
    for name, body in (
        ("edit", {"product_id": "none", "changes": {}}),
        ("edit", {"changes": {}}),
        ("fault", {"kind": "flood"}),
        ("fault", {"colour": "red"}),
        ("sell", {"product_id": "none", "store_id": "none"}),
    ):
        answer = post(box.evotor_url, name, **body)
        assert answer.status_code == 400, name
        assert answer.json()["error"]
    assert "rename_item" in post(box.vk_url, "merchant", action="_changed").json()["error"]
    assert post(box.vk_url, "merchant", action="rename_item", item_id=1, title="x").status_code == 400
    assert post(box.vk_url, "nothing").status_code == 404
    broken = requests.post(f"{box.vk_url}/_sandbox/fault", data=b"{", timeout=10)
    assert broken.status_code == 400
