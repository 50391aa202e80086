"""Faults that the VK stand-in shows on demand."""

import time
from typing import Any

import pytest
import requests

from sandbox import Sandbox
from tests.integration.sandbox.conftest import Vk, picture, script


def post(vk: Vk, method: str = "users.get", **params: Any) -> requests.Response:
    fields = {"v": "5.199", "access_token": vk.box.vk_token, **params}
    return vk.session.post(f"{vk.box.vk_url}/method/{method}", data=fields, timeout=30)


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_gateway_answers_html_on_the_nth_call(vk: Vk, status: int) -> None:
    vk.box.vk.fault("http", status=status, nth=2, method="users.get")
    answers = [post(vk) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, status, 200]
    assert answers[1].headers["Content-Type"].startswith("text/html")


def test_other_methods_do_not_count(vk: Vk) -> None:
    vk.box.vk.fault("http", nth=2, method="users.get")
    vk("market.getCategories")
    assert [post(vk).status_code for _ in range(2)] == [200, 502]


def test_a_fault_can_last(vk: Vk) -> None:
    vk.box.vk.fault("http", times=0)
    assert [post(vk).status_code for _ in range(4)] == [502] * 4
    vk.box.vk.faults.clear()
    assert post(vk).status_code == 200


@pytest.mark.parametrize("executed", [False, True])
def test_a_502_may_hide_that_the_call_ran(vk: Vk, *, executed: bool) -> None:
    wanted = vk.wanted()
    vk.box.vk.fault("http", method="market.add", executed=executed)
    assert post(vk, "market.add", **wanted).status_code == 502
    assert len(vk.box.vk.live_items()) == int(executed)


@pytest.mark.parametrize(("kind", "items"), [("reset_before", 0), ("reset_after", 1)])
def test_a_connection_breaks_before_or_after_the_effect(vk: Vk, kind: str, items: int) -> None:
    wanted = vk.wanted()
    vk.box.vk.fault(kind, method="market.add")
    with pytest.raises(requests.ConnectionError):
        post(vk, "market.add", **wanted)
    assert len(vk.box.vk.live_items()) == items
    assert vk.box.vk.calls[-1].broken
    assert post(vk).status_code == 200


@pytest.mark.parametrize(
    ("kind", "method", "items"),
    [
        ("reset_before", "execute", 0),
        ("reset_after", "execute", 3),
        ("reset_before", "market.add", 1),
        ("reset_after", "market.add", 2),
    ],
)
def test_a_connection_breaks_around_or_inside_a_script(vk: Vk, kind: str, method: str, items: int) -> None:
    code = script(*[("market.add", vk.wanted()) for _ in range(3)])
    vk.box.vk.fault(kind, method=method, nth=1 if method == "execute" else 2)
    with pytest.raises(requests.ConnectionError):
        post(vk, "execute", code=code)
    assert len(vk.box.vk.live_items()) == items


def test_an_answer_is_cut_short(vk: Vk) -> None:
    vk.box.vk.fault("cut")
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        post(vk)


@pytest.mark.parametrize("kind", ["truncated", "bad_json"])
def test_an_answer_is_no_json(vk: Vk, kind: str) -> None:
    vk.box.vk.fault(kind)
    answer = post(vk)
    assert answer.status_code == 200
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()


def test_a_late_answer_comes_after_its_effect(vk: Vk) -> None:
    wanted = vk.wanted()
    vk.box.vk.fault("delay", seconds=5, method="market.add")
    fields = {"v": "5.199", "access_token": vk.box.vk_token, **wanted}
    with pytest.raises(requests.ReadTimeout):
        vk.session.post(f"{vk.box.vk_url}/method/market.add", data=fields, timeout=(30, 0.2))
    end = time.monotonic() + 4
    while not vk.box.vk.live_items() and time.monotonic() < end:
        # The request may be read after the client has gone, and always before the answer's time.
        time.sleep(0.01)
    assert len(vk.box.vk.live_items()) == 1


def test_an_answer_drips(vk: Vk) -> None:
    vk.box.vk.fault("drip", seconds=0.4)
    started = time.monotonic()
    assert post(vk).json()["response"]
    assert time.monotonic() - started > 0.35


@pytest.mark.parametrize("code", [1, 5, 6, 9, 10, 14, 17, 29, 43, 601])
def test_any_code_can_answer_a_whole_call(vk: Vk, code: int) -> None:
    vk.box.vk.fault("error", code=code, method="users.get")
    assert vk.error("users.get")[0] == code
    assert "response" in vk.raw("users.get")
    assert [call.error for call in vk.box.vk.calls] == [code, None]


def test_any_code_can_answer_an_inner_call(vk: Vk) -> None:
    calls = [("market.addAlbum", {"owner_id": vk.owner, "title": f"Полка {n}"}) for n in range(3)]
    vk.box.vk.fault("error", code=9, text="planned", method="market.addAlbum", nth=2)
    answer = vk.raw("execute", code=script(*calls))
    assert [bool(one) for one in answer["response"]] == [True, False, True]
    assert answer["execute_errors"] == [
        {"method": "market.addAlbum", "error_code": 9, "error_msg": "Flood control: planned"}
    ]
    assert len(vk.box.vk.albums) == 2


def test_a_fault_for_whole_calls_spares_inner_ones(vk: Vk) -> None:
    vk.box.vk.fault("error", code=9, method="users.get", inner=False)
    assert vk("execute", code=script(("users.get", {})))[0] is not False
    assert vk.error("users.get")[0] == 9


def test_a_fault_for_inner_calls_spares_whole_ones(vk: Vk) -> None:
    vk.box.vk.fault("error", code=9, method="users.get", inner=True)
    assert "response" in vk.raw("users.get")
    assert vk("execute", code=script(("users.get", {}))) == [False]


@pytest.mark.parametrize("code", [14, 3300])
def test_a_captcha_has_its_fields(vk: Vk, code: int) -> None:
    vk.box.vk.fault("captcha", code=code, method="users.get")
    error = vk.raw("users.get")["error"]
    assert error["error_code"] == code
    assert {"captcha_sid", "captcha_img", "redirect_uri", "remixstlid"} <= set(error)


def test_an_action_happens_at_the_nth_call(box: Sandbox, vk: Vk) -> None:
    box.vk.fault("action", nth=2, method="users.get", do=box.vk.revoke_token)
    assert "response" in vk.raw("users.get")
    assert vk.error("users.get")[0] == 5


def test_uploads_break_too(vk: Vk) -> None:
    vk.box.vk.fault("http", status=504, method="upload")
    assert vk.upload(picture()).status_code == 504
    vk.box.vk.fault("error", method="upload")
    assert vk.upload(picture()).json()["error"].startswith("ERR_UPLOAD_BAD_IMAGE_SIZE")
    vk.box.vk.fault("reset_after", method="upload")
    with pytest.raises(requests.ConnectionError):
        vk.upload(picture())
    assert "hash" in vk.upload(picture()).json()


def test_an_unknown_fault_is_refused(vk: Vk) -> None:
    with pytest.raises(ValueError, match="empty_page"):
        vk.box.vk.fault("empty_page")
