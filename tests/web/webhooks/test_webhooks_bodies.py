"""What is read from a body, and how a bad one is answered."""

import pytest
from django.test import Client

from accounts.models import User
from connections.models import EvotorConnection, WebhookEvent
from sandbox import Sandbox
from sandbox.evotor.webhooks import WebhookCall, Webhooks, bearer
from tests.queues import work_off
from tests.web.webhooks.tools import APP_TOKEN, connected, deliver, error_of

pytestmark = pytest.mark.django_db


@pytest.mark.once
@pytest.mark.parametrize("kind", ["application/json", "application/vnd.evotor.v2+json;charset=UTF-8"])
def test_both_media_types_are_read(client: Client, box: Sandbox, kind: str) -> None:
    call = Webhooks(box.evotor, "http://x", app_token=APP_TOKEN, content_type=kind).user_token()
    assert deliver(client, call).status_code == 200


@pytest.mark.once
@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (b"{", (400, 2001)),
        (b"[]", (400, 2001)),
        (b"\xff\xfe", (400, 2001)),
        pytest.param(b"[" * 100_000, (400, 2001), id="nested"),
        (b"{}", (400, 2002)),
        (b'{"userId": null, "userUuid": "", "token": "t"}', (400, 2002)),
        (b'{"userId": "01-000000000000001"}', (400, 2002)),
        (b'{"userId": "01-000000000000001", "token": ""}', (400, 2002)),
        (b'{"userId": 7, "token": "t"}', (400, 2003)),
        (b'{"userId": "' + b"9" * 64 + b'", "token": "t"}', (400, 2003)),
    ],
)
def test_a_bad_body_is_named_in_evotors_words(
    client: Client, evotor: Webhooks, body: bytes, answer: tuple[int, int]
) -> None:
    call = evotor.user_token()
    assert error_of(deliver(client, WebhookCall(call.path, body, call.headers))) == answer
    assert not WebhookEvent.objects.exists()


@pytest.mark.once
def test_the_old_spelling_of_the_account_is_read(client: Client, evotor: Webhooks) -> None:
    call = evotor.user_token()
    body = b'{"userId": "", "userUuid": "01-000000000000042", "token": "t-1"}'
    assert deliver(client, WebhookCall(call.path, body, call.headers)).status_code == 200
    work_off()
    assert EvotorConnection.objects.get().evotor_user_id == "01-000000000000042"


def test_twelve_megabytes_are_refused_and_ten_are_kept(
    client: Client, evotor: Webhooks, merchant: User
) -> None:
    token = connected(client, evotor, merchant)
    headers = evotor.user_token().with_authorization(bearer(token)).headers
    path = "/inventories/stores/20240115-AAAA-40BB-80CC-000000000001/products"
    good = b"[" + b'{"uuid":"x"},' * 700_000 + b"{}]"
    assert 9_000_000 < len(good) < 10 * 1024 * 1024
    assert deliver(client, WebhookCall(path, good, headers)).status_code == 200
    assert error_of(deliver(client, WebhookCall(path, b" " * 12_000_000, headers))) == (413, 2001)


@pytest.mark.once
@pytest.mark.parametrize(("body", "status"), [(b'{"items": []}', 200), (b"7", 400), (b"", 400)])
def test_a_push_in_a_shape_that_nobody_documented_is_a_hint_as_well(
    client: Client, evotor: Webhooks, merchant: User, body: bytes, status: int
) -> None:
    token = connected(client, evotor, merchant)
    headers = evotor.user_token().with_authorization(bearer(token)).headers
    path = "/inventories/stores/20240115-AAAA-40BB-80CC-000000000001/products"
    assert deliver(client, WebhookCall(path, body, headers)).status_code == status
