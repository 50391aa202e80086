"""The outcome table of VK's client: each fault and each code by each call, alone, in a script, in an upload.

| | a read | a write |
|---|---|---|
| transport, 5xx, no JSON | repeated, five times in all | sent once; it may have taken effect |
| too fast (6) | repeated, it was not executed | repeated, it was not executed |
| any other code | as the dictionary says | as the dictionary says |
"""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from connections.clients.error_catalog.rows import CodeRow, Reaction
from connections.clients.error_catalog.vk import VK_CODES
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
from connections.clients.http import READ_ATTEMPTS
from connections.clients.vk import calls as vk_calls
from connections.clients.vk import client as vk
from connections.clients.vk.client import TOO_FAST_ATTEMPTS, VkClient
from connections.clients.vk.records import Call
from tests.unit.clients.outcomes import FAULTS, SHAPES, FakeSleep, Fault
from tests.unit.clients.scripted import Reply, Request, serve

TOKEN = "vk-token-that-must-not-leak"
ITEM: dict[str, Any] = {
    "title": "Хлеб",
    "description": "Хлеб ржаной",
    "category_id": 1,
    "price_kopecks": 5000,
    "photo_id": 3,
    "sku": "A-1",
    "stock": 2,
}
READS: list[Call[Any]] = [
    vk_calls.get_items(5, 0),
    vk_calls.get_items_by_id(5, [7]),
    vk_calls.get_albums(5),
    vk_calls.get_categories(),
    vk_calls.photo_upload_server(5),
    vk_calls.get_community(5),
    vk_calls.managed_communities(),
    vk_calls.get_user(),
]
WRITES: list[Call[Any]] = [
    vk_calls.add_item(5, **ITEM),
    vk_calls.edit_item(5, 7, price_kopecks=5000),
    vk_calls.delete_item(5, 7),
    vk_calls.add_album(5, "Выпечка"),
    vk_calls.add_to_album(5, [7], 1),
    vk_calls.remove_from_album(5, 7, 1),
    vk_calls.save_photos("{}"),
]
CALLS = READS + WRITES
KINDS: dict[Reaction, type[ClientError]] = {
    Reaction.RETRY: Transient,
    Reaction.UNSURE: Transient,
    Reaction.SLOW_DOWN: RateLimited,
    Reaction.PAUSE: Suspended,
    Reaction.OFFLINE: AuthRevoked,
    Reaction.MERCHANT: ActionRequired,
    Reaction.ITEM: ItemRefused,
    Reaction.BUG: InvalidRequest,
}
# Codes that VK gives; the others of the dictionary are our names for what the transport does.
NUMBERED = sorted(
    (row for code, row in VK_CODES.items() if code.removeprefix("vk.").isdigit()),
    key=lambda row: int(row.code.removeprefix("vk.")),
)

name_of: Callable[[Any], str] = lambda call: call.method  # noqa: E731 - ids of parameters


@pytest.fixture
def sleeps() -> FakeSleep:
    return FakeSleep()


def client_for(url: str, sleeps: FakeSleep, timeout: tuple[float, float] = (2, 2)) -> VkClient:
    return VkClient(base_url=url, token=TOKEN, sleep=sleeps, timeout=timeout)


def refusal(url: str, sleeps: FakeSleep, run: Callable[[VkClient], Any], **options: Any) -> ClientError:
    """Return the error that a call ends with; no error may hold the token."""
    with pytest.raises(ClientError) as caught:
        run(client_for(url, sleeps, **options))
    assert TOKEN not in f"{caught.value!r} {caught.value}"
    return caught.value


def answers(error: int) -> Callable[[Request], Reply]:
    """Answer every request with this code, as VK does: with status 200."""
    body = {"error": {"error_code": error, "error_msg": "VK's words"}}
    return lambda request: Reply(json.dumps(body).encode())


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
@pytest.mark.parametrize("call", CALLS, ids=name_of)
def test_a_fault_of_the_transport_is_repeated_for_reads_alone(
    call: Call[Any], fault: Fault, sleeps: FakeSleep
) -> None:
    with serve(lambda request: fault.reply) as (url, seen):
        error = refusal(url, sleeps, lambda client: client.run(call))
    assert isinstance(error, Transient)
    assert (error.code, error.may_have_run) == (f"vk.{fault.code}", True)
    assert len(seen) == (READ_ATTEMPTS if call.is_read else 1)
    assert len(sleeps.taken) == len(seen) - 1
    assert sum(sleeps.taken) < 20


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
@pytest.mark.parametrize("calls", [READS[:1], READS[:5], WRITES[:1], WRITES, [*READS, *WRITES]], ids=len)
def test_a_script_is_repeated_where_all_its_calls_are_reads(
    calls: list[Call[Any]], fault: Fault, sleeps: FakeSleep
) -> None:
    with serve(lambda request: fault.reply) as (url, seen):
        error = refusal(url, sleeps, lambda client: client.execute(calls))
    assert isinstance(error, Transient)
    assert (error.code, error.may_have_run) == (f"vk.{fault.code}", True)
    assert len(seen) == (READ_ATTEMPTS if all(call.is_read for call in calls) else 1)


@pytest.mark.parametrize("body", SHAPES, ids=bytes.decode)
@pytest.mark.parametrize("call", CALLS, ids=name_of)
def test_an_answer_of_another_shape_is_no_answer(call: Call[Any], body: bytes, sleeps: FakeSleep) -> None:
    with serve(lambda request: Reply(body)) as (url, seen):
        error = refusal(url, sleeps, lambda client: client.run(call))
    assert isinstance(error, Transient)
    assert (error.code, error.may_have_run) == ("vk.bad_json", True)
    assert len(seen) == (READ_ATTEMPTS if call.is_read else 1)


@pytest.mark.parametrize("value", [None, 7, "text", [], [None], {}, {"items": 7}], ids=repr)
@pytest.mark.parametrize("call", CALLS, ids=name_of)
def test_a_response_of_another_shape_never_breaks_us(
    call: Call[Any], value: object, sleeps: FakeSleep
) -> None:
    """Some of them read as something; the others are an error of ours, never a crash."""
    body = json.dumps({"response": value}).encode()
    with serve(lambda request: Reply(body)) as (url, _seen), suppress(Transient):
        client_for(url, sleeps).run(call)


@pytest.mark.parametrize("call", [READS[0], WRITES[0]], ids=name_of)
def test_a_dripping_answer_is_given_up_in_time(call: Call[Any], sleeps: FakeSleep) -> None:
    drip = Reply(b'{"response": "' + b"." * 10_000 + b'"}', drip=True)
    with serve(lambda request: drip) as (url, seen):
        error = refusal(url, sleeps, lambda client: client.run(call), timeout=(0.2, 0.2))
    assert isinstance(error, Transient)
    assert (error.code, error.may_have_run) == ("vk.timeout", True)
    assert len(seen) == (READ_ATTEMPTS if call.is_read else 1)


@pytest.mark.parametrize("call", CALLS, ids=name_of)
def test_where_nobody_listens_nothing_was_sent(call: Call[Any], sleeps: FakeSleep) -> None:
    with serve(lambda request: Reply()) as (url, _seen):
        pass
    error = refusal(url, sleeps, lambda client: client.run(call))
    assert isinstance(error, Transient)
    assert (error.code, error.may_have_run) == ("vk.network", False)


@pytest.mark.parametrize("row", NUMBERED, ids=lambda row: row.code)
@pytest.mark.parametrize("call", [READS[0], WRITES[1]], ids=name_of)
def test_every_code_of_the_dictionary_ends_as_the_dictionary_says(
    call: Call[Any], row: Any, sleeps: FakeSleep
) -> None:
    number = int(row.code.removeprefix("vk."))
    with serve(answers(number)) as (url, seen):
        error = refusal(url, sleeps, lambda client: client.run(call))
    assert (type(error), error.code, error.text) == (KINDS[row.reaction], row.code, "VK's words")
    once = 1 + (TOO_FAST_ATTEMPTS if row.reaction is Reaction.SLOW_DOWN else 0)
    may_pass = isinstance(error, Transient)
    assert len(seen) == once * (READ_ATTEMPTS if call.is_read and may_pass else 1)
    if isinstance(error, Transient):
        assert error.may_have_run == (row.reaction is Reaction.UNSURE)
    if isinstance(error, Suspended):
        assert error.pause_seconds >= 600


@pytest.mark.parametrize("row", NUMBERED, ids=lambda row: row.code)
def test_every_code_inside_a_script_is_its_own_call_s(row: CodeRow, sleeps: FakeSleep) -> None:
    number = int(row.code.removeprefix("vk."))
    body = {
        "response": [1, False, 1],
        "execute_errors": [{"method": "market.edit", "error_code": number, "error_msg": "VK's words"}],
    }
    with serve(lambda request: Reply(json.dumps(body).encode())) as (url, seen):
        results = client_for(url, sleeps).execute([WRITES[1]] * 3)
    error = results[1]
    assert (results[0], results[2], len(seen)) == (True, True, 1)
    assert isinstance(error, ClientError)
    assert (type(error), error.code) == (KINDS[row.reaction], row.code)


def test_every_row_of_the_dictionary_says_what_happened_and_who_acts() -> None:
    for row in VK_CODES.values():
        assert row.text, row.code
        assert row.next_step or row.reaction in {Reaction.RETRY, Reaction.UNSURE, Reaction.SLOW_DOWN}, (
            row.code
        )


@pytest.fixture
def quick_uploads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vk, "UPLOAD_SECONDS", 0.3)


DRIP = Fault("drip", Reply(b'{"hash": "' + b"." * 10_000 + b'"}', drip=True), "timeout", "timeout")


@pytest.mark.usefixtures("quick_uploads")
@pytest.mark.parametrize("fault", [*FAULTS, DRIP], ids=lambda fault: fault.name)
def test_an_upload_is_sent_once_and_its_caller_decides(fault: Fault, sleeps: FakeSleep) -> None:
    with serve(lambda request: fault.reply) as (url, seen):
        error = refusal(url, sleeps, lambda client: client.upload_photos(f"{url}/upload", [b"jpeg"]))
    assert isinstance(error, Transient)
    assert (error.code, len(seen)) == (f"vk.{fault.upload}", 1)


@pytest.mark.parametrize(
    "receipt", [b'{"error": "ERR_UPLOAD_BAD_IMAGE_SIZE"}', b'{"error_code": 22, "error_msg": "no"}', b"null"]
)
def test_a_receipt_that_is_a_refusal_is_no_receipt(receipt: bytes, sleeps: FakeSleep) -> None:
    with serve(lambda request: Reply(receipt)) as (url, seen):
        error = refusal(url, sleeps, lambda client: client.upload_photos(f"{url}/upload", [b"jpeg"]))
    assert (error.code, len(seen)) == ("vk.upload", 1)
