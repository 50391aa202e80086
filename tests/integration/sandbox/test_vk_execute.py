"""`execute` in the VK stand-in: the scripts it reads, their limits, their mixed results."""

import json
from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.vk.errors import VkError
from sandbox.vk.vkscript import Script
from tests.integration.sandbox.conftest import Vk, script


def run(code: str, **args: str) -> Any:
    """Run a script whose every call answers with its own method and arguments."""
    return Script(code).run(lambda method, values: {"method": method, "n": values.get("n", 0)}, args)


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("return 1;", 1),
        ("return -2.5", -2.5),
        ('return "ё\\u0451\\n";', "ёё\n"),
        ("return 'it\\'s';", "it's"),
        ('return [1,true,null,{a:1,"b":[]}];', [1, True, None, {"a": 1, "b": []}]),
        ("var a = [1,2]; var b = a + [3]; return b.length;", 3),
        ('return "чай" + 5;', "чай5"),
        ("var a = {x: [10, 20]}; return a.x[1];", 20),
        ("var a = [{id:1},{id:2}]; return a@.id;", [1, 2]),
        ("var a = 1; a = a + 1; return a;", 2),
        ("return Args.name;", "Анна"),
        ("return API.market.get({n: 2 + 3}).n;", 5),
        ("return (1 + 2);", 3),
        ("return unknown;", None),
    ],
)
def test_scripts_are_read(code: str, value: object) -> None:
    assert run(code, name="Анна") == value


@pytest.mark.parametrize(
    "code",
    [
        "return [1,2;",
        "return {a};",
        "while (true) {}",
        "return API.market({});",
        "retrun 1;",
        "return 1 2;",
        "var a = 1;",
        'return "open',
        "return #;",
        "return -x;",
        "",
    ],
)
def test_a_script_that_does_not_compile_is_error_12(code: str) -> None:
    with pytest.raises(VkError) as caught:
        run(code)
    assert caught.value.code == 12


def test_a_script_without_code_is_refused(vk: Vk) -> None:
    assert vk.error("execute") == (100, "code is undefined")
    assert vk.error("execute", code="return [;")[0] == 12


def test_a_script_may_make_25_calls_and_no_more(vk: Vk) -> None:
    calls = [("market.addAlbum", {"owner_id": vk.owner, "title": f"Полка {n}"}) for n in range(26)]
    assert vk.error("execute", code=script(*calls))[0] == 13
    assert vk.box.vk.albums == {}
    assert len(vk("execute", code=script(*calls[:25]))) == 25
    assert len(vk.box.vk.albums) == 25


def test_results_and_errors_pair_by_order(vk: Vk) -> None:
    photos = [vk.photo(), vk.photo()]
    good = [vk.wanted(main_photo_id=photo) for photo in photos]
    bad = vk.wanted(main_photo_id=photos[0])
    calls = [("market.add", good[0]), ("market.add", bad), ("market.no", {}), ("market.add", good[1])]
    answer = vk.raw("execute", code=script(*calls))
    assert [bool(result) for result in answer["response"]] == [True, False, False, True]
    assert [(one["method"], one["error_code"]) for one in answer["execute_errors"]] == [
        ("market.add", 100),
        ("market.no", 3),
    ]
    assert answer["execute_errors"][0]["error_msg"].endswith("already assigned to another item")


def test_a_batch_of_successes_has_no_errors(vk: Vk) -> None:
    assert "execute_errors" not in vk.raw("execute", code=script(("users.get", {})))


def test_values_of_every_json_type_reach_the_method(vk: Vk) -> None:
    params = vk.wanted(
        main_photo_id=vk.photo(), price=130.5, deleted=True, photo_ids=[vk.photo()], old_price=None
    )
    item_id = vk("execute", code=script(("market.add", params)))[0]["market_item_id"]
    item = vk.box.vk.items[item_id]
    assert (item.price_kopecks, item.hidden, len(item.photo_ids)) == (13050, True, 1)


def test_inner_calls_are_logged_as_such(vk: Vk) -> None:
    vk("execute", code=script(("users.get", {}), ("market.getCategories", {})))
    logged = [(call.method, call.inner) for call in vk.box.vk.calls]
    assert logged == [("users.get", True), ("market.getCategories", True), ("execute", False)]
    assert vk.box.vk.requests == 1


def test_photos_cannot_be_saved_inside_a_script(vk: Vk) -> None:
    answer = vk.raw("execute", code=script(("market.saveProductPhoto", {"upload_response": "{}"})))
    assert answer["response"] == [False]
    assert answer["execute_errors"][0]["error_code"] == 15


def test_an_answer_that_is_too_big_is_error_13(box: Sandbox, vk: Vk) -> None:
    for number in range(3):
        box.vk.create_item(f"Открытка {number}")
    page = ("market.get", {"owner_id": vk.owner, "extended": 1})
    size = len(
        json.dumps(
            {"response": vk("execute", code=script(page))}, ensure_ascii=False, separators=(",", ":")
        ).encode()
    )
    box.vk.limits.answer_bytes = size
    assert vk.raw("execute", code=script(page))["response"]
    assert vk.error("execute", code=script(page, page)) == (13, "response size is too big")
