"""`execute` in the VK stand-in: what its calls may do, their limits, their mixed results."""

import json

from sandbox import Sandbox
from tests.integration.sandbox.conftest import Vk, script


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


def test_a_loop_may_make_25_calls_and_no_more(vk: Vk) -> None:
    code = """
        var titles = ["Чаи", "Кофе"], made = [], i = 0;
        while (i < Args.most) {
            made.push(API.market.addAlbum({owner_id: Args.owner, title: titles[i % 2] + " " + i}));
            i = i + 1;
        }
        return made@.market_album_id;
    """
    assert vk("execute", code=code, owner=vk.owner, most=25) == list(range(1, 26))
    assert vk.error("execute", code=code, owner=vk.owner, most=26) == (13, "too many API calls")
    assert [album.title for album in vk.box.vk.albums.values()][:3] == ["Чаи 0", "Кофе 1", "Чаи 2"]


def test_a_failed_call_is_false_and_a_script_can_tell(vk: Vk) -> None:
    code = """
        var found = API.market.getAlbumById({owner_id: 1, album_ids: [1]});
        if (!found) { return {failed: true, count: found.count}; }
        return found;
    """
    answer = vk.raw("execute", code=code)
    assert answer["response"] == {"failed": True, "count": None}
    assert [one["error_code"] for one in answer["execute_errors"]] == [100]


def test_what_a_script_does_to_an_answer_stays_in_the_script(vk: Vk) -> None:
    code = "var tree = API.market.getCategories(); delete tree.items[0].name; return tree.items[0].name;"
    before = vk("market.getCategories")
    assert vk("execute", code=code) is None
    assert vk("market.getCategories") == before


def test_a_value_that_shares_its_parts_endlessly_is_too_big(vk: Vk) -> None:
    doubling = "var a = [1], i = 0; while (i < 60) { a = [a, a]; i = i + 1; } return "
    assert vk.error("execute", code=f"{doubling} a;") == (13, "response size is too big")
    inner = f"{doubling} API.users.get({{fields: a}});"
    assert vk.error("execute", code=inner) == (13, "response size is too big")
    assert vk.error("execute", code="var a = []; a.push(a); return a;") == (13, "value is too deep")
