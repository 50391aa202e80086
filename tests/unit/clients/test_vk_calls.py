"""Calls to VK: what is sent, how answers and refusals read, what a broken answer means."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from queue import Empty, Queue
from typing import Any

import pytest

from connections.clients.error_catalog import CODES, lookup
from connections.clients.errors import (
    ActionRequired,
    AuthRevoked,
    ClientError,
    InvalidRequest,
    ItemRefused,
    RateLimited,
    Suspended,
    Transient,
)
from connections.clients.vk import calls
from connections.clients.vk.client import VkClient
from tests.unit.clients.scripted import Reply, Request, serve

TOKEN = "vk-token-that-must-not-leak"


def client_for(url: str) -> VkClient:
    return VkClient(base_url=url, token=TOKEN, sleep=lambda seconds: None, timeout=(1, 1))


def reply(body: Any) -> Reply:
    return Reply(json.dumps(body, ensure_ascii=False).encode())


def fail(code: int, text: str = "") -> Reply:
    return reply({"error": {"error_code": code, "error_msg": text}})


def edit() -> Any:
    return calls.edit_item(5, 7, price_kopecks=13073)


def run(answer: Callable[[Request], Reply], call: Any) -> tuple[Any, list[Request]]:
    with serve(answer) as (url, seen):
        return client_for(url).run(call), seen


def test_an_edit_sends_only_what_changed_as_a_form() -> None:
    value, seen = run(lambda request: reply({"response": 1}), edit())
    assert value is True
    assert seen[0].path == "/method/market.edit"
    assert seen[0].raw_query == ""
    sent = seen[0].params
    assert (sent["owner_id"], sent["item_id"], sent["price"], sent["v"]) == ("-5", "7", "130.73", "5.199")
    assert set(sent) == {"owner_id", "item_id", "price", "v", "lang", "access_token"}


def test_execute_is_a_list_of_calls_and_pairs_errors_in_order() -> None:
    answer = {
        "response": [False, {"market_item_id": 9}, False],
        "execute_errors": [
            {"method": "market.edit", "error_code": 1403, "error_msg": "gone"},
            {"method": "market.edit", "error_code": 100, "error_msg": "invalid: nothing to change"},
        ],
    }
    add = calls.add_item(
        5,
        title='Чай "X"',
        description="десять букв",
        price_kopecks=100,
        category_id=1,
        stock=-1,
        sku="s",
        photo_id=3,
    )
    with serve(lambda request: reply(answer)) as (url, seen):
        client = client_for(url)
        results = client.execute([edit(), add, edit()])
    assert isinstance(results[0], ItemRefused)
    assert results[0].code == "vk.1403"
    assert results[1:] == [9, True]
    code = seen[0].params["code"]
    assert code.startswith(
        'return [API.market.edit({"owner_id":-5,"item_id":7,"price":"130.73"}),API.market.add({'
    )
    assert code.endswith("})];")
    assert 'Чай \\"X\\"' in code
    assert (client.requests, client.calls["market.edit"], client.calls["execute"]) == (1, 2, 1)


@pytest.mark.parametrize("code", [12, 13])
def test_a_script_that_fails_as_a_whole_raises(code: int) -> None:
    with serve(lambda request: fail(code)) as (url, _), pytest.raises(InvalidRequest):
        client_for(url).execute([edit()])


def test_too_fast_is_repeated_because_it_was_not_executed() -> None:
    replies = iter([fail(6), fail(6), reply({"response": 1})])
    assert run(lambda request: next(replies), edit())[0] is True


KINDS: list[tuple[int, type[ClientError]]] = [
    (1, Transient),
    (3, InvalidRequest),
    (5, AuthRevoked),
    (6, RateLimited),
    (7, ActionRequired),
    (9, Suspended),
    (10, Transient),
    (14, Suspended),
    (15, AuthRevoked),
    (17, AuthRevoked),
    (27, AuthRevoked),
    (29, Suspended),
    (100, ItemRefused),
    (205, ActionRequired),
    (601, Suspended),
    (1405, ActionRequired),
    (1408, ItemRefused),
    (1438, ActionRequired),
    (77777, ItemRefused),
]


@pytest.mark.parametrize(("code", "kind"), KINDS)
def test_each_code_becomes_the_error_of_who_acts_next(code: int, kind: type[ClientError]) -> None:
    with pytest.raises(kind) as caught:
        run(lambda request: fail(code, "words"), edit())
    assert (caught.value.code, caught.value.text) == (f"vk.{code}", "words")
    assert lookup(caught.value.code).next_step


@pytest.mark.parametrize(
    "broken",
    [
        Reply(b"<html>", 502),
        Reply(b"", 500),
        Reply(b"<html>"),
        Reply(b'{"response"', cut=True),
        Reply(b"[]"),
        Reply(b"{}"),
        Reply(drop=True),
    ],
)
def test_a_broken_answer_to_a_write_may_have_taken_effect_and_is_not_repeated(broken: Reply) -> None:
    with serve(lambda request: broken) as (url, seen), pytest.raises(Transient) as caught:
        client_for(url).run(edit())
    assert caught.value.may_have_run
    assert len(seen) == 1
    assert TOKEN not in f"{caught.value!r} {caught.value} {caught.value.__cause__}"


def test_a_refused_connection_was_never_sent() -> None:
    with pytest.raises(Transient) as caught:
        client_for("http://127.0.0.1:9").run(edit())
    assert not caught.value.may_have_run


def test_a_read_is_repeated_and_reads_sparse_items() -> None:
    page = {"count": 2, "items": [{"id": 1, "title": "A &amp; B", "stock_amount": 0}, False, None]}
    replies = iter([Reply(b"", 504), reply({"response": page})])
    value, _ = run(lambda request: next(replies), calls.get_items(5, 0))
    assert value.count == 2
    (item,) = value.items
    assert (item.title, item.stock, item.price_kopecks, item.photo_ids) == ("A & B", 0, None, None)


def test_a_reading_with_one_call_refused_for_speed_is_read_again() -> None:
    page = {"count": 0, "items": []}
    too_fast = {"method": "market.get", "error_code": 6, "error_msg": "Too many requests per second"}
    replies = iter(
        [reply({"response": [page, False], "execute_errors": [too_fast]}), reply({"response": [page] * 2})]
    )
    with serve(lambda request: next(replies)) as (url, seen):
        pages = client_for(url).execute([calls.get_items(5, 0), calls.get_items(5, 200)])
    assert (len(pages), len(seen)) == (2, 2)
    assert not any(isinstance(page, ClientError) for page in pages)


@pytest.mark.parametrize("shape", [{"groups": [{"id": 5}]}, [{"id": 5}]])
def test_a_community_reads_in_both_shapes(shape: Any) -> None:
    assert run(lambda request: reply({"response": shape}), calls.get_community(5))[0].id == 5


def test_uploads_name_their_files_and_an_error_in_the_receipt_may_pass() -> None:
    with serve(lambda request: reply({"sha": "x"})) as (url, _):
        client = client_for(url)
        assert json.loads(client.upload_photos(url, [b"1", b"2"])) == {"sha": "x"}
        assert client.uploads == 2
    refusal = reply({"error": "ERR_UPLOAD_BAD_IMAGE_SIZE"})
    with serve(lambda request: refusal) as (url, _), pytest.raises(Transient) as caught:
        client_for(url).upload_photos(url, [b"1"])
    assert caught.value.code == "vk.upload"


def test_every_code_of_the_reference_has_a_row() -> None:
    codes = [*range(1, 26), 27, 28, 29, 30, 32, 36, 37, 38, 39, 40, 42, 43, 100, 101, 103, 104, 105, 106]
    codes += [113, 118, 121, 122, 125, 129, 200, 203, 205, 260, 300, 302, 601, 1114, 1116, 1117, 1118]
    codes += [*range(1400, 1420), 1421, *range(1423, 1428), *range(1429, 1437), 1438, 1446, 1456, 1457, 1458]
    codes += [1518, 1525, 1526, *range(3301, 3306), 3609, 3610, 3611, 9999, 11500]
    missing = [code for code in codes if f"vk.{code}" not in CODES]
    assert missing == []
    assert all(row.text and row.next_step for row in CODES.values())


class Turns:
    """A pace that lets a request of the second thread go only when it is told to."""

    def __init__(self) -> None:
        self.waits, self.goes = threading.Event(), threading.Event()

    def wait(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            self.waits.set()
            self.goes.wait(60)

    def slow_down(self) -> None:
        """Nothing is slower."""


@pytest.mark.parametrize(("code", "is_sent"), [(14, False), (5, False), (9, False), (100, True)])
def test_a_request_that_waits_is_not_sent_once_vk_refuses_the_token_altogether(
    code: int, *, is_sent: bool
) -> None:
    turns = Turns()
    with serve(lambda request: fail(code)) as (url, seen), ThreadPoolExecutor(1) as pool:
        client = VkClient(base_url=url, token=TOKEN, rate_limiter=turns)
        waiting = pool.submit(client.run, edit())
        assert turns.waits.wait(60)
        with pytest.raises(ClientError):
            client.execute([edit()])
        turns.goes.set()
        assert isinstance(waiting.exception(10), ClientError)
        assert (len(seen), client.requests) == (2, 2) if is_sent else (1, 1)
        # A later one is: by then the connection may be well again.
        with pytest.raises(ClientError):
            client.run(edit())
        assert client.requests == 2 + is_sent


class Crowded:
    """A pace whose turns come only when they are given, to each that waits by itself."""

    def __init__(self) -> None:
        self.waiting: Queue[tuple[str, threading.Event]] = Queue()

    def wait(self) -> None:
        turn = threading.Event()
        self.waiting.put((threading.current_thread().name.partition("_")[0], turn))
        assert turn.wait(60)

    def slow_down(self) -> None:
        """Nothing is slower."""


def test_a_script_waits_for_one_request_before_it_at_most() -> None:
    pace = Crowded()
    answer = reply({"response": 1})
    with (
        serve(lambda request: reply({"response": [1]}) if "execute" in request.path else answer) as (url, _),
        ThreadPoolExecutor(4, "plain") as plain,
        ThreadPoolExecutor(1, "script") as scripts,
    ):
        client = VkClient(base_url=url, token=TOKEN, rate_limiter=pace)
        asked = [plain.submit(client.run, edit()) for _ in range(4)]
        waiting = [pace.waiting.get(timeout=10)]
        script = scripts.submit(client.execute, [edit()])
        waiting.append(pace.waiting.get(timeout=10))
        # Only one of the four and the script wait for a turn.
        with pytest.raises(Empty):
            pace.waiting.get(timeout=0.1)
        assert [name for name, _ in waiting] == ["plain", "script"]
        waiting[1][1].set()
        assert script.result(10) == [True]
        waiting[0][1].set()
        for _ in asked[1:]:
            pace.waiting.get(timeout=10)[1].set()
        assert [one.result(10) for one in asked] == [True] * 4


def _always(answer: Reply, _request: Request) -> Reply:
    return answer


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ({"error_code": "14"}, "vk.14"),
        ({"error_code": "many", "error_msg": "?"}, "vk.1"),
        ({"error_code": -5}, "vk.1"),
        ({"error_code": 10**40}, "vk.1"),
        ({"error_code": 15, "error_subcode": "odd"}, "vk.15"),
        ({}, "vk.1"),
        ("no such token", "vk.1"),
        ([14], "vk.1"),
        (5, "vk.1"),
    ],
    ids=repr,
)
def test_an_error_of_any_shape_is_an_error_of_ours(error: Any, code: str) -> None:
    for body in ({"error": error}, {"response": [False], "execute_errors": [error]}):
        with serve(partial(_always, reply(body))) as (url, _):
            try:
                (found,) = client_for(url).execute([edit()])
            except ClientError as raised:
                found = raised
        assert isinstance(found, ClientError)
        assert found.code == code


def test_an_error_of_null_is_none() -> None:
    assert run(lambda request: reply({"error": None, "response": 1}), edit())[0] is True


GONE = {"method": "market.edit", "error_code": 1403, "error_msg": "gone"}
NO_ALBUM = {"method": "market.addToAlbum", "error_code": 1402, "error_msg": "no album"}


@pytest.mark.parametrize(
    ("errors", "codes"),
    [
        ([NO_ALBUM, GONE], ["vk.1402", "vk.1403", ""]),
        ([GONE], ["vk.1", "vk.1403", ""]),
        ([NO_ALBUM], ["vk.1402", "vk.1", ""]),
        ([{"method": "execute", "error_code": 13}, NO_ALBUM, GONE], ["vk.1402", "vk.1403", ""]),
        ([None, GONE, NO_ALBUM, "text"], ["vk.1402", "vk.1403", ""]),
        (GONE, ["vk.1", "vk.1403", ""]),
        (None, ["vk.1", "vk.1", ""]),
        ("text", ["vk.1", "vk.1", ""]),
    ],
    ids=repr,
)
def test_errors_more_or_fewer_than_the_refused_calls_are_told_apart_by_method(
    errors: Any, codes: list[str]
) -> None:
    script = [calls.add_to_album(5, [7], 1), edit(), edit()]
    answer = {"response": [False, False, 1], "execute_errors": errors}
    with serve(lambda request: reply(answer)) as (url, _):
        results = client_for(url).execute(script)
    assert [one.code if isinstance(one, ClientError) else "" for one in results] == codes


WRITES_WITH_ID = [
    (calls.add_album(5, "Чай"), "market_album_id"),
    (calls.save_photos("{}"), "photo_id"),
]


@pytest.mark.parametrize("value", [0, -3, None, True, "", "odd", [], {}, 1.5, 10**30], ids=repr)
@pytest.mark.parametrize(("call", "name"), WRITES_WITH_ID, ids=lambda one: getattr(one, "method", one))
def test_what_is_no_id_is_no_answer(call: Any, name: str, value: Any) -> None:
    answer: Any = {name: value}
    body = {"response": [answer] if name == "photo_id" else answer}
    with serve(lambda request: reply(body)) as (url, _), pytest.raises(Transient) as caught:
        client_for(url).run(call)
    assert (caught.value.code, caught.value.may_have_run) == ("vk.bad_json", True)


@pytest.mark.parametrize("value", [None, "", 7, True, [], {"url": "https://example.com/"}], ids=repr)
def test_what_is_no_address_for_pictures_is_no_answer(value: Any) -> None:
    body = {"response": {"upload_url": value}}
    with serve(lambda request: reply(body)) as (url, _), pytest.raises(Transient) as caught:
        client_for(url).run(calls.photo_upload_server(5))
    assert caught.value.code == "vk.bad_json"


@pytest.mark.parametrize("value", [0, None, "", [], {}], ids=repr)
def test_a_change_is_made_only_by_vk_s_word(value: Any) -> None:
    with serve(lambda request: reply({"response": value})) as (url, _), pytest.raises(Transient) as caught:
        client_for(url).run(edit())
    assert caught.value.may_have_run
