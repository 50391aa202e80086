"""The outcome table of Evotor's client: each status and each fault of the transport by each call.

Evotor is only read, so whatever may pass is repeated, five times in all: 429 as late as Evotor says,
5xx and the transport after 1, 2, 4 and 8 seconds. 401 and 403 need a new connection, 402 the
merchant's cabinet, 404 and 410 mean that there is no such thing, other 4xx are a fault of ours.
"""

from collections.abc import Callable
from typing import Any

import pytest

from connections.clients.error_catalog.evotor import EVOTOR_CODES
from connections.clients.error_catalog.rows import Reaction
from connections.clients.errors import (
    ActionRequired,
    AuthRevoked,
    ClientError,
    InvalidRequest,
    ItemRefused,
    RateLimited,
    Transient,
)
from connections.clients.evotor.client import EvotorClient
from connections.clients.http import READ_ATTEMPTS
from tests.unit.clients.outcomes import FAULTS, SHAPES, FakeSleep, Fault
from tests.unit.clients.scripted import Reply, serve

TOKEN = "evotor-token-that-must-not-leak"
STORE = "20240115-AAAA-40BB-80CC-000000000001"
Method = Callable[[EvotorClient], Any]
METHODS: dict[str, Method] = {
    "stores": lambda client: client.stores(),
    "groups": lambda client: list(client.iter_groups(STORE)),
    "products": lambda client: list(client.iter_products(STORE)),
    "product": lambda client: client.product(STORE, "7"),
}
STATUSES: dict[int, type[ClientError]] = {
    301: InvalidRequest,
    400: InvalidRequest,
    401: AuthRevoked,
    402: ActionRequired,
    403: AuthRevoked,
    404: ItemRefused,
    405: InvalidRequest,
    406: InvalidRequest,
    410: ItemRefused,
    413: InvalidRequest,
    415: InvalidRequest,
    429: RateLimited,
    500: Transient,
    502: Transient,
    503: Transient,
    504: Transient,
}
# What no Evotor sends.
STRANGE = [b"<html>no</html>", b"[[["]
TRANSPORT = [fault for fault in FAULTS if not fault.code.startswith("http_")]

methods = pytest.mark.parametrize("method", METHODS.values(), ids=METHODS.keys())


@pytest.fixture
def sleeps() -> FakeSleep:
    return FakeSleep()


def refusal(
    url: str, sleeps: FakeSleep, method: Method, timeout: tuple[float, float] = (2, 2)
) -> ClientError:
    """Return the error that a call ends with; no error may hold the token."""
    client = EvotorClient(base_url=url, token=TOKEN, sleep=sleeps, timeout=timeout)
    with pytest.raises(ClientError) as caught:
        method(client)
    assert TOKEN not in f"{caught.value!r} {caught.value}"
    return caught.value


@methods
@pytest.mark.parametrize("body", [b"", *STRANGE, b'{"message": "no"}'], ids=bytes.decode)
@pytest.mark.parametrize(("status", "kind"), STATUSES.items())
def test_every_status_ends_as_the_table_says(
    method: Method, status: int, kind: type[ClientError], body: bytes, sleeps: FakeSleep
) -> None:
    code = "evotor.404" if status == 410 else f"evotor.{status}"
    if kind is ItemRefused and body in STRANGE:
        # Not Evotor says so, but who stands before it.
        kind, code = Transient, "evotor.bad_json"
    with serve(lambda request: Reply(body, status, {"Location": "http://192.0.2.1/"})) as (url, seen):
        if method is METHODS["product"] and kind is ItemRefused:
            assert method(EvotorClient(base_url=url, token=TOKEN, sleep=sleeps)) is None
            return
        error = refusal(url, sleeps, method)
    assert type(error) is kind
    assert error.code == code
    assert error.status == status
    assert len(seen) == (READ_ATTEMPTS if isinstance(error, Transient) else 1)
    assert sum(sleeps.taken) < 20


@methods
@pytest.mark.parametrize("fault", TRANSPORT, ids=lambda fault: fault.name)
def test_every_fault_of_the_transport_is_tried_again(method: Method, fault: Fault, sleeps: FakeSleep) -> None:
    with serve(lambda request: fault.reply) as (url, seen):
        error = refusal(url, sleeps, method)
    assert type(error) is Transient
    assert (error.code, len(seen)) == (f"evotor.{fault.code}", READ_ATTEMPTS)
    assert sum(sleeps.taken) < 20


@methods
@pytest.mark.parametrize(
    "body",
    [*SHAPES, *(b'{"items": %b}' % items for items in (b"null", b"7", b"[7]", b"[{}]", b"{}"))],
    ids=bytes.decode,
)
def test_an_answer_of_another_shape_never_breaks_us(method: Method, body: bytes, sleeps: FakeSleep) -> None:
    """It is tried again where that may help, and never taken for an empty till."""
    with serve(lambda request: Reply(body)) as (url, _seen):
        error = refusal(url, sleeps, method)
    assert type(error) is Transient
    assert error.code == "evotor.bad_json"


def test_a_dripping_answer_is_given_up_in_time(sleeps: FakeSleep) -> None:
    drip = Reply(b'{"items": [' + b" " * 10_000 + b"]}", drip=True)
    with serve(lambda request: drip) as (url, seen):
        error = refusal(url, sleeps, METHODS["stores"], timeout=(0.2, 0.2))
    assert (error.code, len(seen)) == ("evotor.timeout", READ_ATTEMPTS)


def test_where_nobody_listens_nothing_was_sent(sleeps: FakeSleep) -> None:
    with serve(lambda request: Reply()) as (url, _seen):
        pass
    error = refusal(url, sleeps, METHODS["stores"])
    assert isinstance(error, Transient)
    assert (error.code, error.may_have_run) == ("evotor.network", False)


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        ({"Retry-After": "7"}, 7, 8),
        ({"X-RateLimit-Reset": "7"}, 7, 8),
        ({"X-RateLimit-Reset": "1000000007"}, 7, 8),
        ({"X-RateLimit-Reset": "soon"}, 0.5, 9),
        ({}, 0.5, 9),
    ],
    ids=str,
)
def test_a_limit_is_waited_for_as_long_as_evotor_says(
    headers: dict[str, str], least: float, most: float, sleeps: FakeSleep
) -> None:
    with serve(lambda request: Reply(b"", 429, headers)) as (url, seen):
        client = EvotorClient(base_url=url, token=TOKEN, sleep=sleeps, clock=lambda: 1e9)
        with pytest.raises(RateLimited):
            client.stores()
    assert len(seen) == READ_ATTEMPTS
    assert all(least <= nap <= most for nap in sleeps.taken)


def test_a_limit_of_minutes_is_its_callers_matter(sleeps: FakeSleep) -> None:
    with serve(lambda request: Reply(b"", 429, {"Retry-After": "900"})) as (url, seen):
        error = refusal(url, sleeps, METHODS["stores"])
    assert isinstance(error, RateLimited)
    assert error.retry_after == pytest.approx(900, abs=2)
    assert (len(seen), sleeps.taken) == (1, [])


@pytest.mark.parametrize(
    ("headers", "pauses"),
    [
        ({"X-RateLimit-Remaining": "0"}, [1.0]),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "7"}, [8.0]),
        ({"X-RateLimit-Remaining": "2", "X-RateLimit-Reset": "8"}, [3.0]),
        ({"X-RateLimit-Remaining": "-3", "X-RateLimit-Reset": "2"}, [3.0]),
        ({"X-RateLimit-Remaining": "6", "X-RateLimit-Reset": "9"}, []),
        ({"X-RateLimit-Remaining": "3", "X-RateLimit-Limit": "20", "X-RateLimit-Reset": "9"}, []),
        ({"X-RateLimit-Remaining": "few", "X-RateLimit-Reset": "inf"}, []),
        ({"X-RateLimit-Remaining": "nan", "X-RateLimit-Reset": "nan"}, []),
        ({"X-RateLimit-Reset": "9"}, []),
    ],
    ids=str,
)
def test_the_pace_follows_what_evotor_says_is_left(
    headers: dict[str, str], pauses: list[float], sleeps: FakeSleep
) -> None:
    with serve(lambda request: Reply(b'{"items": []}', 200, headers)) as (url, _seen):
        client = EvotorClient(base_url=url, token=TOKEN, sleep=sleeps, clock=lambda: 1e9)
        client.stores()
        client.stores()
    assert sleeps.taken == pauses


def test_every_row_of_the_dictionary_says_what_happened_and_who_acts() -> None:
    may_pass = {Reaction.RETRY, Reaction.UNSURE, Reaction.SLOW_DOWN}
    for row in EVOTOR_CODES.values():
        assert row.text, row.code
        assert row.next_step or row.reaction in may_pass, row.code
    assert {f"evotor.{status}" for status in STATUSES if 401 <= status <= 404} <= EVOTOR_CODES.keys()
