"""Pushes with the application's token, and receipts: whose store they mean, and that nothing else is kept."""

import json
import logging
from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone
from model_bakery import baker

from accounts.models import User
from catalog.models import Store
from connections.evotor.connect import connect_evotor
from connections.models import EvotorConnection, WebhookEvent
from connections.signals import receipts_pushed
from sandbox import Sandbox
from sandbox.evotor.webhooks import WebhookCall, Webhooks, basic, bearer
from tests.queues import waiting, work_off
from tests.signals import without_receivers
from tests.web.webhooks.tools import APP_TOKEN, connected, deliver

pytestmark = [pytest.mark.django_db, pytest.mark.same_statements]

KINDS = ["products", "documents"]
BUYER = {
    "customer_email": "buyer@mail.example",
    "customer_phone": "+79991234567",
    "client_name": "Пётр Покупатель",
    "extras": {"card": "4111111111111111"},
}


@pytest.fixture
def receipts() -> Any:
    """Collect what the apps above would hear of receipts."""
    heard: list[tuple[int, str]] = []

    def hear(sender: object, *, user_id: int, store_id: str, **_kwargs: object) -> None:
        heard.append((user_id, store_id))

    with without_receivers(receipts_pushed) as signal:
        signal.connect(hear)
        yield heard


@pytest.fixture
def store(box: Sandbox) -> str:
    """Return the id of the merchant's store; it has one product."""
    store_id = next(iter(box.evotor.stores))
    box.evotor.add_product(store_id, "Чай", product_id="tea")
    return store_id


@pytest.fixture
def by_token(merchant: User, box: Sandbox) -> User:
    """Return a merchant who pasted a token, so that Evotor has none of ours for them."""
    connect_evotor(merchant, token=box.evotor_token, now=timezone.now())
    waiting()
    return merchant


def hint(evotor: Webhooks, kind: str, store: str, **options: Any) -> WebhookCall:
    if kind == "products":
        return evotor.products(store, ["tea"], **options)
    return evotor.document(store, {"tea": 1}, **options)


@pytest.fixture
def heard(pushes: Any, receipts: Any) -> dict[str, list[tuple[int, str]]]:
    return {"products": pushes, "documents": receipts}


@pytest.mark.once
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("given", [bearer(APP_TOKEN), APP_TOKEN, basic("evotor", "the password")])
def test_a_push_with_the_apps_token_names_its_merchant(
    client: Client, evotor: Webhooks, by_token: User, store: str, *, kind: str, given: str, heard: Any
) -> None:
    call = hint(evotor, kind, store).with_authorization(given)
    for headers in (call, call.with_header("X-Evotor-Store-Uuid", None)):
        assert deliver(client, headers).status_code == 200
        work_off()
    assert heard[kind] == [(by_token.pk, store)] * 2


@pytest.mark.once
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("slash", ["", "/"])
def test_a_store_may_be_named_by_the_header_alone(
    client: Client, evotor: Webhooks, by_token: User, store: str, *, kind: str, slash: str, heard: Any
) -> None:
    call = hint(evotor, kind, store)
    for path in (f"/inventories/{kind}", f"/inventories/stores/{{storeUuid}}/{kind}"):
        assert deliver(client, replace(call, path=path + slash)).status_code == 200
        work_off()
    assert heard[kind] == [(by_token.pk, store)] * 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_push_that_names_its_merchant_or_store_wrongly_is_refused(
    client: Client, evotor: Webhooks, by_token: User, box: Sandbox, store: str, *, kind: str, heard: Any
) -> None:
    other = User.objects.create_user("boris@example.com", "a long passphrase")
    account = box.evotor.add_merchant()
    theirs = box.evotor.add_store("Чужая", user_id=account.user_id)
    connect_evotor(other, token=account.token, now=timezone.now())
    baker.make(Store, user=by_token, evotor_id=store)
    baker.make(Store, user=other, evotor_id=theirs.id)
    call, user, named = hint(evotor, kind, store), "X-Evotor-User-Id", "X-Evotor-Store-Uuid"
    waiting()

    refusals = {
        "no account": (call.with_header(user, None), 401),
        "an empty account": (call.with_header(user, "  "), 401),
        "an account that nobody has": (call.with_header(user, "01-000000000099999"), 404),
        "an account of any length": (call.with_header(user, "9" * 5000), 404),
        "somebody else's store": (
            replace(call, path=call.path.replace(store, theirs.id), body=b"[{}]").with_header(
                named, theirs.id
            ),
            404,
        ),
        "two stores": (call.with_header(named, theirs.id), 400),
        "a wrong token": (call.with_authorization(bearer("wrong")), 401),
        "no token": (call.with_authorization(None), 401),
        "no store": (
            replace(call, path=f"/inventories/{kind}", body=b"[{}]").with_header(named, None),
            400,
        ),
    }
    for name, (refused, status) in refusals.items():
        response = deliver(client, refused)
        assert response.status_code == status, name
        assert json.loads(response.content) == {} or status != 404, name
    assert waiting() == []
    assert not WebhookEvent.objects.filter(kind=kind).exists()
    work_off()
    assert heard[kind] == []


@pytest.mark.once
@pytest.mark.parametrize("kind", KINDS)
def test_the_merchants_own_token_works_as_before_but_for_no_other_account(
    client: Client, evotor: Webhooks, merchant: User, store: str, *, kind: str, heard: Any
) -> None:
    token = connected(client, evotor, merchant)
    call = hint(evotor, kind, store, user_token=token)
    assert deliver(client, call).status_code == 200
    mine = EvotorConnection.objects.get().evotor_user_id
    assert deliver(client, call.with_header("X-Evotor-User-Id", mine)).status_code == 200
    assert deliver(client, call.with_header("X-Evotor-User-Id", "01-000000000000999")).status_code == 401
    work_off()
    assert heard[kind] == [(merchant.pk, store)]


@pytest.mark.once
@pytest.mark.parametrize("kind", ["SELL", "PAYBACK", "sell", "INVENTORY", "SOMETHING_NEW", ""])
def test_what_changes_the_stock_is_a_hint(
    client: Client, evotor: Webhooks, by_token: User, store: str, *, kind: str, receipts: Any
) -> None:
    assert deliver(client, evotor.document(store, {"tea": 2}, kind=kind)).status_code == 200
    work_off()
    assert receipts == [(by_token.pk, store)]


@pytest.mark.parametrize("kind", ["OPEN_SESSION", "X_REPORT", "CASH_INCOME"])
def test_what_leaves_the_stock_as_it_is_starts_nothing(
    client: Client, evotor: Webhooks, by_token: User, store: str, kind: str
) -> None:
    assert deliver(client, evotor.document(store, {}, kind=kind)).status_code == 200
    assert waiting() == []
    assert not WebhookEvent.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_list_of_version_1_and_a_page_are_read_as_well(
    client: Client, evotor: Webhooks, by_token: User, store: str, *, method: str, receipts: Any
) -> None:
    call = replace(evotor.document(store, {"tea": 1}), verb=method, path="/documents")
    document = {"type": "SELL", "storeUuid": store, "userUuid": call.headers["X-Evotor-User-Id"]}
    for body in ([document, document], {"items": [document]}):
        sent = replace(call, body=json.dumps(body).encode()).with_header("X-Evotor-Store-Uuid", None)
        assert deliver(client, sent).status_code == 200
        work_off()
    assert receipts == [(by_token.pk, store)] * 2


@pytest.mark.once
def test_receipts_of_another_account_or_store_are_refused(
    client: Client, evotor: Webhooks, by_token: User, store: str, receipts: Any
) -> None:
    wrongs: list[dict[str, Any]] = [
        {"user_id": "01-000000000000999"},
        {"store_id": "20240115-AAAA-40BB-80CC-00000000FFFF"},
        {"type": 7},
        {"store_id": ["x"]},
    ]
    for wrong in wrongs:
        assert deliver(client, evotor.document(store, {"tea": 1}, more=wrong)).status_code == 400
    work_off()
    assert receipts == []


@pytest.mark.once
def test_a_hundred_receipts_are_one_row_and_one_message(
    client: Client, evotor: Webhooks, by_token: User, store: str, receipts: Any
) -> None:
    for _number in range(100):
        assert deliver(client, evotor.document(store, {"tea": 1})).status_code == 200
    event = WebhookEvent.objects.get(kind="documents")
    assert event.deliveries == 100
    (message,) = waiting()
    assert list(message.args) == [event.pk]


def test_a_receipt_that_comes_while_the_one_before_is_handled_gets_a_round_of_its_own(
    client: Client, evotor: Webhooks, by_token: User, store: str
) -> None:
    rounds: list[int] = []

    def hear(sender: object, **_kwargs: object) -> None:
        rounds.append(len(rounds))
        if len(rounds) == 1:
            assert deliver(client, evotor.document(store, {"tea": 1})).status_code == 200

    with without_receivers(receipts_pushed) as signal:
        signal.connect(hear)
        deliver(client, evotor.document(store, {"tea": 1}))
        work_off()
    assert len(rounds) == 2
    assert not WebhookEvent.objects.unhandled().exists()


def everything_kept() -> str:
    """Return every row of every table as text."""
    return "\n".join(
        str(row)
        for model in apps.get_models()
        if model._meta.managed
        for row in model._default_manager.values()
    )


def test_nothing_that_could_name_a_buyer_reaches_the_database_or_a_log(
    client: Client, evotor: Webhooks, by_token: User, store: str, *, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with_buyer: dict[str, Any] = {**BUYER, "body": {"positions": [{"product_id": "tea", **BUYER}], **BUYER}}
    good = evotor.document(store, {"tea": 1}, more=with_buyer)
    bad = [
        evotor.document(store, {"tea": 1}, more=with_buyer | {"user_id": "01-000000000000999"}),
        evotor.document(store, {"tea": 1}, more=with_buyer | {"type": ["SELL"]}),
        replace(good, body=good.body[:-1]),
        good.with_header("X-Evotor-User-Id", "01-000000000000999"),
        good.with_authorization(bearer("wrong")),
    ]
    assert deliver(client, good).status_code == 200
    assert [deliver(client, call).status_code for call in bad] == [400, 400, 400, 404, 401]
    work_off()
    kept, said = everything_kept(), caplog.text
    for secret in ("buyer@mail", "9991234567", "Покупатель", "41111111", "tea"):
        assert secret.encode() in good.body or secret in good.body.decode()
        assert secret not in kept
        assert secret not in said
    assert WebhookEvent.objects.get(kind="documents").body == ""
