"""Evotor's stand-in: envelope, cursors, rights, rates, what a till really holds."""

import base64
import re
from datetime import datetime

import pytest
import requests

from sandbox import Sandbox
from sandbox.evotor.paging import read_cursor
from sandbox.evotor.records import TillStore
from tests.integration.sandbox.conftest import Till

V2 = "application/vnd.evotor.v2+json"


@pytest.fixture
def store(box: Sandbox) -> TillStore:
    """Open a store with seven products in pages of three."""
    store = box.evotor.add_store("Лавка у реки", "г. Тула")
    for number in range(7):
        box.evotor.add_product(store.id, f"Чай {number}", price=100 + number)
    return store


def products(store: TillStore) -> str:
    return f"/stores/{store.id}/products"


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 6, 7])
def test_pages_end_with_an_empty_paging(box: Sandbox, till: Till, count: int) -> None:
    store = box.evotor.add_store("Лавка")
    for number in range(count):
        box.evotor.add_product(store.id, f"Чай {number}")
    pages = till.walk(products(store))
    assert [len(page) for page in pages] == [3] * (count // 3) + (
        [count % 3] if count % 3 or not count else []
    )
    assert till.get(products(store)).json().keys() == {"items", "paging"}


def test_cursors_are_opaque_and_must_be_encoded(till: Till, store: TillStore) -> None:
    cursor = till.get(products(store)).json()["paging"]["next_cursor"]
    assert all(sign in cursor for sign in "+/=")
    raw = requests.get(
        f"{till.box.evotor_url}{products(store)}?cursor={cursor}",
        headers={"Authorization": f"Bearer {till.box.evotor_token}"},
        timeout=10,
    )
    assert raw.status_code == 400


def test_a_cursor_is_bound_to_its_list_and_its_time(box: Sandbox, till: Till, store: TillStore) -> None:
    cursor = till.get(products(store)).json()["paging"]["next_cursor"]
    other = box.evotor.add_store("Другая")
    assert till.get(products(other), cursor=cursor).status_code == 400
    assert till.get(f"/stores/{store.id}/product-groups", cursor=cursor).status_code == 400
    forged = bytearray(base64.b64decode(cursor))
    forged[20] ^= 1
    assert till.get(products(store), cursor=base64.b64encode(bytes(forged)).decode()).status_code == 400
    assert till.get(products(store), cursor="").json()["violations"][0]["subject"] == "cursor"
    now = box.evotor.clock()
    box.evotor.clock = lambda: now + 1_801
    assert till.get(products(store), cursor=cursor).status_code == 400


def test_filters_live_in_the_cursor(box: Sandbox, till: Till, store: TillStore) -> None:
    cursor = till.get(products(store), limit=2).json()["paging"]["next_cursor"]
    page = till.get(products(store), cursor=cursor, limit=1).json()
    assert len(page["items"]) == 2
    assert box.evotor.warnings == [f"{products(store)}: limit ignored beside cursor"]


def test_a_limit_is_honoured_up_to_the_page_size(till: Till, store: TillStore) -> None:
    assert len(till.get(products(store), limit=1).json()["items"]) == 1
    assert len(till.get(products(store), limit=50).json()["items"]) == 3
    assert till.get(products(store), limit="x").status_code == 400
    assert till.get(products(store), limit=0).status_code == 400


def test_since_lists_what_changed_at_or_after_it(box: Sandbox, till: Till, store: TillStore) -> None:
    start = box.evotor.clock()
    box.evotor.clock = lambda: start + 60
    changed = next(iter(store.products))
    box.evotor.edit_product(store.id, changed, price=5)
    since = int((start + 60) * 1000)
    assert [row["id"] for page in till.walk(products(store), since=since) for row in page] == [changed]
    assert till.walk(products(store), since=since + 1) == [[]]
    assert [len(page) for page in till.walk(products(store), since=0)] == [3, 3, 1]
    assert till.get(products(store), since="вчера").status_code == 400


@pytest.mark.parametrize("moves", [True, False])
def test_a_sale_moves_updated_at_only_by_choice(box: Sandbox, store: TillStore, *, moves: bool) -> None:
    product = next(iter(store.products.values()))
    before = product.updated_at
    box.evotor.clock = lambda: before + 5
    box.evotor.rules.sale_moves_updated_at = moves
    box.evotor.sell(store.id, product.id, 10.5)
    assert product.fields["quantity"] == -0.5
    assert (product.updated_at > before) is moves


def test_four_spellings_of_the_authorization_are_accepted(box: Sandbox, till: Till) -> None:
    token = box.evotor_token
    for headers in (
        {"Authorization": f"Bearer {token}"},
        {"Authorization": f"bearer {token}"},
        {"Authorization": token},
        {"X-Authorization": token},
    ):
        assert till.get("/stores", headers=headers).status_code == 200
    for headers in ({}, {"Authorization": "Bearer other"}, {"X-Authorization": ""}):
        assert till.get("/stores", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        (V2, 200),
        (f"{V2};charset=UTF-8", 200),
        ("application/json", 200),
        ("*/*", 200),
        ("text/html, */*;q=0.1", 200),
        ("text/html", 406),
        ("application/vnd.evotor.v1+json", 406),
    ],
)
def test_the_media_type_is_checked(box: Sandbox, till: Till, accept: str, status: int) -> None:
    headers = {"Authorization": f"Bearer {box.evotor_token}", "Accept": accept}
    assert till.get("/stores", headers=headers).status_code == status


def test_requests_are_limited_per_token_and_path(box: Sandbox, till: Till, store: TillStore) -> None:
    box.evotor.rules.per_window = 2
    first = till.get("/stores")
    assert (first.headers["X-RateLimit-Limit"], first.headers["X-RateLimit-Remaining"]) == ("2", "1")
    assert 1 <= int(first.headers["X-RateLimit-Reset"]) <= 60
    assert [till.get("/stores").status_code for _ in range(2)] == [200, 429]
    assert till.get(products(store)).status_code == 200
    start = box.evotor.clock()
    box.evotor.clock = lambda: start + 61
    assert till.get("/stores").status_code == 200


def test_stores_are_the_merchants_own(box: Sandbox, till: Till, store: TillStore) -> None:
    stranger = box.evotor.add_merchant()
    other = box.evotor.add_store("Чужая", user_id=stranger.user_id)
    listed = till.get("/stores").json()["items"]
    assert [(row["id"], row["user_id"]) for row in listed] == [(store.id, "01-000000000000042")]
    assert listed[0]["id"] == listed[0]["id"].upper()
    assert till.get(products(other)).status_code == 404
    box.evotor.rules.strangers_status = 403
    assert till.get(products(other)).status_code == 403
    assert till.get(f"/stores/{store.id.lower()}/products").status_code == 404


def test_a_merchant_without_a_terminal_has_no_stores(till: Till) -> None:
    assert till.get("/stores").json() == {"items": [], "paging": {}}


def test_states_of_the_installation_have_their_codes(box: Sandbox, till: Till, store: TillStore) -> None:
    store.on_terminals = False
    refused = till.get(products(store))
    assert refused.status_code == 402
    assert store.name in refused.json()["message"]
    assert till.get("/stores").status_code == 200
    box.evotor.merchant.installed = False
    assert till.get("/stores").status_code == 403
    box.evotor.merchant.installed = True
    old = box.evotor_token
    assert box.evotor.rotate_token() != old
    assert till.get("/stores", headers={"Authorization": f"Bearer {old}"}).status_code == 401
    assert till.get("/stores").status_code == 200
    box.evotor.revoke_token()
    assert till.get("/stores", headers={"Authorization": "Bearer "}).status_code == 401
    box.evotor.rotate_token()
    box.evotor.delete_store(store.id)
    assert till.get(products(store)).status_code == 404


def test_without_the_stock_right_quantities_are_absent(box: Sandbox, till: Till, store: TillStore) -> None:
    assert "quantity" in till.get(products(store)).json()["items"][0]
    box.evotor.merchant.stock_right = False
    assert all("quantity" not in row for page in till.walk(products(store)) for row in page)


def test_products_are_flat_and_keep_odd_values(box: Sandbox, till: Till) -> None:
    store = box.evotor.add_store("Лавка")
    odd = box.evotor.add_product(
        store.id, "Орехи", price=130.727272727, quantity=-0.125, measure_name="дроб", cost_price=None
    )
    bare = box.evotor.add_sparse_product(store.id, name="Заточка", type="SERVICE", price=500)
    first, second = till.get(products(store)).json()["items"]
    assert (first["price"], first["quantity"], first["cost_price"]) == (130.727272727, -0.125, None)
    assert first["id"] == odd.id == odd.id.lower()
    assert set(second) == {"id", "name", "type", "price", "store_id", "user_id", "created_at", "updated_at"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000", second["updated_at"])
    assert datetime.fromisoformat(second["updated_at"]).tzinfo is not None
    single = till.get(f"{products(store)}/{bare.id}")
    assert single.json() == second
    box.evotor.delete_product(store.id, bare.id)
    assert till.get(f"{products(store)}/{bare.id}").status_code == 404


def test_groups_nest_and_may_carry_attributes(box: Sandbox, till: Till) -> None:
    store = box.evotor.add_store("Лавка")
    root = box.evotor.add_group(store.id, "Продукты")
    child = box.evotor.add_group(store.id, "Чай", root.id)
    shirt = box.evotor.add_group(
        store.id, "Футболка", attributes=[{"id": "a", "name": "Размер", "choices": []}]
    )
    rows = {row["id"]: row for row in till.get(f"/stores/{store.id}/product-groups").json()["items"]}
    assert "parent_id" not in rows[root.id]
    assert rows[child.id]["parent_id"] == root.id
    assert rows[shirt.id]["attributes"][0]["name"] == "Размер"
    assert till.get(f"/stores/{store.id}/product-groups/{child.id}").json() == rows[child.id]
    box.evotor.rename_group(store.id, child.id, "Чаи")
    assert till.get(f"/stores/{store.id}/product-groups/{child.id}").json()["name"] == "Чаи"
    box.evotor.delete_group(store.id, root.id)
    assert till.get(f"/stores/{store.id}/product-groups/{root.id}").status_code == 404


def test_a_trailing_slash_is_no_other_path(till: Till, store: TillStore) -> None:
    assert till.get(f"/stores/{store.id}/products/").status_code == 200
    assert till.get("/shops").status_code == 404


def test_a_reimport_gives_every_product_a_new_id(box: Sandbox, till: Till, store: TillStore) -> None:
    group = box.evotor.add_group(store.id, "Чаи")
    first = next(iter(store.products))
    box.evotor.edit_product(store.id, first, parent_id=group.id)
    renamed = box.evotor.reimport(store.id)
    rows = {row["id"]: row for page in till.walk(products(store)) for row in page}
    assert set(rows) == set(renamed.values())
    assert set(rows).isdisjoint(renamed)
    assert rows[renamed[first]]["name"] == "Чай 0"
    assert rows[renamed[first]]["parent_id"] in store.groups
    assert group.id not in store.groups


def test_the_log_shows_kinds_and_statuses_but_no_token(box: Sandbox, till: Till, store: TillStore) -> None:
    till.walk(products(store))
    till.get("/stores")
    till.get("/shops")
    assert box.evotor.counts() == {"products": 3, "stores": 1, "shops": 1}
    assert [call.status for call in box.evotor.calls] == [200, 200, 200, 200, 404]
    assert box.evotor.requests == 5
    assert box.evotor_token not in repr(box.evotor.calls)
    box.evotor.forget_calls()
    assert (box.evotor.calls, box.evotor.requests) == ([], 0)


@pytest.mark.parametrize("text", ["", "чай", "AAAA", base64.b64encode(b"\xfb\xff\xbf12345678{}").decode()])
def test_a_foreign_cursor_is_none(text: str) -> None:
    assert read_cursor(text) is None
