"""Faults of Evotor's stand-in, its writes and its OAuth."""

import json
from typing import Any

import pytest
import requests

from sandbox import Sandbox
from sandbox.evotor.records import TillStore
from tests.integration.sandbox.conftest import Till

V2 = "application/vnd.evotor.v2+json"
BULK = "application/vnd.evotor.v2+bulk+json"


@pytest.fixture
def store(box: Sandbox) -> TillStore:
    """Open a store with seven products in pages of three."""
    store = box.evotor.add_store("Лавка у реки", "г. Тула")
    for number in range(7):
        box.evotor.add_product(store.id, f"Чай {number}", price=100 + number)
    return store


def page(till: Till, store: TillStore, **params: Any) -> requests.Response:
    return till.get(f"/stores/{store.id}/products", **params)


@pytest.mark.parametrize("status", [401, 402, 403, 404, 429, 500, 503])
def test_any_status_can_answer_page_two(box: Sandbox, till: Till, store: TillStore, status: int) -> None:
    box.evotor.fault("error", status=status, nth=2, method="products")
    first = page(till, store)
    second = page(till, store, cursor=first.json()["paging"]["next_cursor"])
    assert (first.status_code, second.status_code) == (200, status)
    assert {"code", "message", "violations"} == set(second.json())
    assert [call.status for call in box.evotor.calls] == [200, status]


def test_a_proxy_answers_html(box: Sandbox, till: Till, store: TillStore) -> None:
    box.evotor.fault("http", status=502)
    answer = page(till, store)
    assert answer.status_code == 502
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("kind", ["truncated", "bad_json"])
def test_json_can_be_broken(box: Sandbox, till: Till, store: TillStore, kind: str) -> None:
    box.evotor.fault(kind)
    with pytest.raises(requests.exceptions.JSONDecodeError):
        page(till, store).json()


@pytest.mark.parametrize("kind", ["reset_before", "reset_after", "cut"])
def test_the_connection_can_break(box: Sandbox, till: Till, store: TillStore, kind: str) -> None:
    box.evotor.fault(kind)
    with pytest.raises(requests.RequestException):
        page(till, store)
    assert page(till, store).status_code == 200


def test_a_first_page_can_be_empty_and_go_on(box: Sandbox, till: Till, store: TillStore) -> None:
    box.evotor.fault("empty_page", method="products")
    pages = till.walk(f"/stores/{store.id}/products")
    assert [len(one) for one in pages] == [0, 3, 3, 1]
    assert len({row["id"] for one in pages for row in one}) == 7


def test_a_cursor_can_repeat(box: Sandbox, till: Till, store: TillStore) -> None:
    box.evotor.fault("repeat_cursor", method="products", times=0)
    first = page(till, store).json()["paging"]["next_cursor"]
    second = page(till, store, cursor=first).json()["paging"]["next_cursor"]
    assert first == second


def test_a_page_can_shift(box: Sandbox, till: Till, store: TillStore) -> None:
    box.evotor.fault("shift", method="products", nth=2)
    names = [row["name"] for one in till.walk(f"/stores/{store.id}/products") for row in one]
    assert names == ["Чай 0", "Чай 1", "Чай 2", "Чай 2", "Чай 3", "Чай 4", "Чай 6"]


def test_a_deletion_between_pages_hides_a_product(box: Sandbox, till: Till, store: TillStore) -> None:
    first = next(iter(store.products))
    box.evotor.fault(
        "action", method="products", nth=2, do=lambda: box.evotor.delete_product(store.id, first)
    )
    names = [row["name"] for one in till.walk(f"/stores/{store.id}/products") for row in one]
    assert names == ["Чай 0", "Чай 1", "Чай 2", "Чай 4", "Чай 5", "Чай 6"]


def test_a_store_can_vanish_in_the_middle(box: Sandbox, till: Till, store: TillStore) -> None:
    box.evotor.fault("action", method="products", nth=2, do=lambda: box.evotor.delete_store(store.id))
    cursor = page(till, store).json()["paging"]["next_cursor"]
    assert page(till, store, cursor=cursor).status_code == 404


def test_a_token_can_be_revoked_in_the_middle(box: Sandbox, till: Till, store: TillStore) -> None:
    box.evotor.fault("action", method="products", nth=2, do=box.evotor.revoke_token)
    cursor = page(till, store).json()["paging"]["next_cursor"]
    assert page(till, store, cursor=cursor).status_code == 401


def test_faults_of_vk_are_refused(box: Sandbox) -> None:
    with pytest.raises(ValueError, match="captcha"):
        box.evotor.fault("captcha")


# -- writes of other programs --------------------------------------------------------------------

GOODS = {
    "name": "Кружка",
    "type": "NORMAL",
    "price": 350,
    "measure_name": "шт",
    "tax": "NO_VAT",
    "allow_to_sell": True,
}


def write(till: Till, verb: str, path: str, body: object, kind: str = V2) -> requests.Response:
    headers = {"Authorization": f"Bearer {till.box.evotor_token}", "Content-Type": kind}
    data = None if body is None else json.dumps(body).encode()
    return till.session.request(verb, f"{till.box.evotor_url}{path}", data=data, headers=headers, timeout=10)


def test_other_programs_create_replace_patch_and_delete(till: Till, store: TillStore) -> None:
    path = f"/stores/{store.id}/products"
    made = write(till, "POST", path, GOODS | {"unknown": 1})
    assert made.status_code == 201
    one = f"{path}/{made.json()['id']}"
    assert "unknown" not in made.json()
    replaced = write(till, "PUT", one, GOODS | {"name": "Миска"})
    assert (replaced.status_code, replaced.json()["name"]) == (200, "Миска")
    assert write(till, "PATCH", one, {"price": 5}).json()["price"] == 5
    assert write(till, "PATCH", one, {"name": "Нельзя"}).status_code == 400
    assert write(till, "PATCH", one, {}).status_code == 400
    assert write(till, "PUT", one, {"name": "Без цены"}).json()["violations"][0]["subject"] == "type"
    assert write(till, "DELETE", one, None).status_code == 204
    assert write(till, "DELETE", one, None).status_code == 404
    assert write(till, "POST", path, []).status_code == 400
    assert write(till, "PUT", "/stores", GOODS).status_code == 405


def test_bulk_writes_answer_with_a_task(till: Till, store: TillStore) -> None:
    path = f"/stores/{store.id}/products"
    task = write(till, "POST", path, [GOODS, GOODS], BULK)
    assert (task.status_code, task.json()["status"]) == (202, "ACCEPTED")
    assert till.get(f"/bulks/{task.json()['id']}").json()["status"] == "COMPLETED"
    assert len(store.products) == 9
    failed = write(till, "POST", path, [{"name": "Без цены"}], BULK).json()
    assert till.get(f"/bulks/{failed['id']}").json()["details"][0]["code"] == "validation_failed"
    assert till.get("/bulks/none").status_code == 404
    ids = ",".join(list(store.products)[:2])
    assert write(till, "DELETE", f"{path}?id={ids}", None).status_code == 204
    assert len(store.products) == 7
    assert write(till, "DELETE", path, None).status_code == 400


# -- OAuth ---------------------------------------------------------------------------------------


def consent(box: Sandbox, **changes: str) -> requests.Response:
    fields = {
        "client_id": box.evotor_oauth.client_id,
        "response_type": "code",
        "redirect_uri": "https://ours.example/evotor/",
        "state": "abc",
        "decision": "allow",
    } | changes
    return requests.post(f"{box.evotor_url}/oauth/authorize", data=fields, timeout=10, allow_redirects=False)


def token(box: Sandbox, **fields: str) -> dict[str, Any]:
    secret = (box.evotor_oauth.client_id, box.evotor_oauth.client_secret)
    answer = requests.post(f"{box.evotor_url}/oauth/token", data=fields, auth=secret, timeout=10)
    body: dict[str, Any] = answer.json()
    return body


def test_evotor_oauth_gives_a_token_that_opens_the_till(box: Sandbox, till: Till, store: TillStore) -> None:
    back = consent(box).headers["Location"]
    assert back.startswith("https://ours.example/evotor/?code=")
    assert back.endswith("&state=abc")
    code = back.partition("code=")[2].partition("&")[0]
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": "https://ours.example/evotor/",
    }
    tokens = token(box, **fields)
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert till.get("/stores", headers=headers).json()["items"][0]["id"] == store.id
    assert token(box, **fields)["error"] == "invalid_grant"
    again = token(box, grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert again["access_token"] != tokens["access_token"]
    stale = token(box, grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert stale["error"] == "invalid_grant"
    box.evotor.revoke_token()
    assert till.get("/stores", headers=headers).status_code == 401


def test_evotor_oauth_refuses_what_does_not_fit(box: Sandbox) -> None:
    assert consent(box, client_id="other").status_code == 400
    assert consent(box, response_type="token").status_code == 400
    assert "error=access_denied" in consent(box, decision="deny").headers["Location"]
    address = f"{box.evotor_url}/oauth/token"
    for auth in (None, ("evotor-client", "wrong")):
        assert requests.post(address, data={}, auth=auth, timeout=10).status_code == 401
    assert token(box, grant_type="password")["error"] == "unsupported_grant_type"
    page = requests.get(
        f"{box.evotor_url}/oauth/authorize",
        params={
            "client_id": box.evotor_oauth.client_id,
            "response_type": "code",
            "redirect_uri": "http://127.0.0.1:8000/",
        },
        timeout=10,
    )
    assert 'id="allow"' in page.text
