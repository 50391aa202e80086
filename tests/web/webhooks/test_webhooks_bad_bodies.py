"""Bodies that no program should send: every address refuses each of them, and nothing changes."""

import json
from typing import Any

import pytest
from django.core import serializers
from django.test import Client

from accounts.models import User
from connections.evotor.webhooks.parsing import MAX_BYTES, MAX_DEPTH, strict_json
from connections.evotor.webhooks.urls import ROUTES
from connections.models import EvotorConnection, EvotorSubscription, WebhookEvent
from sandbox.evotor.webhooks import Webhooks, bearer
from tests.queues import waiting
from tests.web.webhooks.tools import APP_TOKEN, PREFIX, connected

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ACCOUNT = "01-000000000000001"
STORE = "20240115-AAAA-40BB-80CC-000000000001"
# Enough of every webhook's fields; what stands behind "more" is what the case is about.
GOOD = {
    "userId": ACCOUNT,
    "token": "t-1",
    "password": "AAAAAAAAAA",
    "id": "event-1",
    "subscriptionId": "sub-1",
    "sequenceNumber": 1,
    "type": "SELL",
    "store_id": STORE,
    "data": {"userId": ACCOUNT},
}
# Written by hand: no library would make them.
VALUES = {
    "a lone high surrogate": r'"\ud83d"',
    "a lone low surrogate": r'"tea \udc00 tea"',
    "surrogates the wrong way round": r'"\ude00\ud83d"',
    "a surrogate deep inside": r'[{"a": [{"b": "\ud800"}]}]',
    "a surrogate in a key": r'{"\udfff": 1}',
    "NUL": r'"tea\u0000"',
    "NUL in a key": r'{"\u0000": 1}',
    "a raw control character": '"tea\x01"',
    "NaN": "NaN",
    "NaN inside": '[{"a": NaN}]',
    "Infinity": "Infinity",
    "minus Infinity": "-Infinity",
    "an infinite number": "1e400",
    "a negative infinite number": "-1E+999",
    "an integer of thousands of digits": "9" * 5_000,
    "an integer beyond Python's own limit": "9" * 50_000,
    "an integer of a hundred digits": "1" * 100,
    "a fraction of thousands of digits": "0." + "3" * 5_000,
    "a list nested too deep": "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
    "a list nested absurdly deep": "[" * 200_000,
    "objects nested too deep": '{"a":' * 60 + "1" + "}" * 60,
    "the same key twice": '{"a": 1, "a": 2}',
    "the same key twice, once escaped": r'{"a": 1, "\u0061": 2}',
    "a trailing comma": "[1,]",
    "single quotes": "'tea'",
    "a number with a leading zero": "01",
    "a hexadecimal number": "0x10",
}


def body_with(value: str) -> str:
    return json.dumps(GOOD)[:-1] + f', "more": {value}}}'


BODIES: dict[str, bytes] = {name: body_with(value).encode() for name, value in VALUES.items()} | {
    "nothing": b"",
    "white space": b" \n\t",
    "null": b"null",
    "a number": b"7",
    "a text": b'"tea"',
    "true": b"true",
    "half of a body": body_with("1").encode()[:-5],
    "two bodies": body_with("1").encode() * 2,
    "the account twice": body_with("1")[:-1].encode() + b', "userId": "01-000000000000002"}',
    "a top key with a surrogate": body_with("1")[:-1].encode() + rb', "\ud83d": 1}',
    "UTF-16 with a mark": body_with("1").encode("utf-16"),
    "UTF-16 without a mark": body_with("1").encode("utf-16-le"),
    "UTF-32": body_with("1").encode("utf-32"),
    "windows-1251": body_with('"чай"').encode("cp1251"),
    "a byte that is no UTF-8": body_with('"tea"').encode().replace(b"tea", b"t\xffa"),
    "a surrogate as bytes": body_with('"tea"').encode().replace(b"tea", b"\xed\xa0\xbd"),
    "an overlong NUL": body_with('"tea"').encode().replace(b"tea", b"\xc0\x80"),
}
PATHS = [PREFIX + "/" + route.replace("<str:store_id>", STORE) for route in ROUTES]


@pytest.fixture
def token(client: Client, evotor: Webhooks, merchant: User) -> str:
    """Return the token of a connected merchant; nothing waits for a worker."""
    token = connected(client, evotor, merchant)
    EvotorConnection.objects.update(evotor_user_id=ACCOUNT)
    waiting()
    return token


def post(client: Client, path: str, body: bytes, authorization: str) -> Any:
    sent = {"Authorization": authorization, "X-Evotor-User-Id": ACCOUNT}
    if "/stores/" not in path:
        sent["X-Evotor-Store-Uuid"] = STORE
    return client.post(path, body, content_type="application/json", headers=sent)


def rows() -> str:
    kept: list[Any] = []
    for model in (WebhookEvent, EvotorConnection, EvotorSubscription):
        kept += model.objects.order_by("pk")
    return str(serializers.serialize("json", kept))


def authorizations(path: str, token: str) -> list[str]:
    return [bearer(APP_TOKEN), bearer(token)] if "/user/" not in path else [bearer(APP_TOKEN)]


@pytest.mark.parametrize("path", PATHS)
def test_every_bad_body_is_refused_and_changes_nothing(client: Client, token: str, path: str) -> None:
    before = rows()
    for authorization in authorizations(path, token):
        for name, body in BODIES.items():
            response = post(client, path, body, authorization)
            assert response.status_code == 400, (name, response.status_code, response.content)
            assert json.loads(response.content)["errors"][0]["code"] in (2001, 2003), name
    assert rows() == before
    assert waiting() == []


@pytest.mark.parametrize("path", PATHS)
def test_the_same_body_without_the_fault_is_taken_with_a_byte_order_mark_or_without(
    client: Client, token: str, path: str
) -> None:
    good = body_with(r'["\ud83d\ude00 Чай ł", 1e300, -0.125, 1234567890123456789, [[[[{}]]]]]').encode()
    for body in (good, b"\xef\xbb\xbf" + good):
        response = post(client, path, body, bearer(APP_TOKEN))
        # What a form says is wrong here, which can be said only of what was read.
        wanted = {f"{PREFIX}/user/verify": 401, f"{PREFIX}/user/create": 409}.get(path, 200)
        assert response.status_code == wanted, response.content


@pytest.mark.parametrize("path", PATHS)
def test_a_body_above_the_bound_is_refused_as_too_large(client: Client, token: str, path: str) -> None:
    before = rows()
    response = post(client, path, b" " * (MAX_BYTES + 1), bearer(APP_TOKEN))
    assert (response.status_code, json.loads(response.content)["errors"][0]["code"]) == (413, 2001)
    assert rows() == before


def test_a_token_that_fits_into_no_header_is_refused(client: Client, token: str) -> None:
    for given in ("чай", "a b", "a\nb", "a\tb", "🍵"):
        body = json.dumps({"userId": ACCOUNT, "token": given}).encode()
        assert post(client, PREFIX + "/user/token", body, bearer(APP_TOKEN)).status_code == 400


@pytest.mark.parametrize("store", ["%00", "%0A", "a" * 37, "%F0%9F%8D%B5" * 37])
def test_a_store_that_cannot_be_one_is_refused(client: Client, token: str, store: str) -> None:
    before = rows()
    for kind in ("products", "documents"):
        path = f"{PREFIX}/inventories/stores/{store}/{kind}"
        assert post(client, path, b"[{}]", bearer(token)).status_code == 400
    assert rows() == before


def test_the_deepest_nesting_that_is_taken_can_be_written_again() -> None:
    body = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    assert json.dumps(strict_json(body)).encode() == body
    with pytest.raises(ValueError, match="deep"):
        strict_json(b"[" + body + b"]")
