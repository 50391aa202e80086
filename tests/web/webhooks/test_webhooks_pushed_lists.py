"""Whatever list of goods a push brings, in whatever order: it only says that the store has changed."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from catalog.models import Product
from connections.models import WebhookEvent
from sandbox import Sandbox
from sandbox.evotor.webhooks import Webhooks
from tests.queues import work_off
from tests.web.webhooks.tools import connected, deliver

pytestmark = [pytest.mark.django_db, pytest.mark.once]

Record = dict[str, Any]


def record(number: int, **changes: Any) -> Record:
    return {"uuid": f"goods-{number}", "name": f"Чай {number}", "price": 1, "quantity": 0} | changes


LISTS: dict[str, Callable[[], list[Record]]] = {
    "nothing": list,
    "an older price": lambda: [record(1)],
    "the same goods twice": lambda: [record(1), record(1, price=2)],
    "a part of the goods": lambda: [record(2)],
    "other ids": lambda: [record(1, uuid="other-1")],
    "another group": lambda: [record(1, parentUuid="nowhere")],
    "goods of another store": lambda: [record(1, storeUuid="another"), record(1, store_id="another")],
    "fifteen thousand": lambda: [record(number) for number in range(15_000)],
}


@pytest.mark.parametrize("name", LISTS)
def test_what_a_push_lists_is_neither_applied_nor_kept(
    client: Client,
    evotor: Webhooks,
    merchant: User,
    *,
    box: Sandbox,
    pushes: list[tuple[int, str]],
    name: str,
) -> None:
    token = connected(client, evotor, merchant)
    store = next(iter(box.evotor.stores))
    call = evotor.products(store, [], user_token=token)
    body = json.dumps(LISTS[name]()).encode()
    for _time in range(2):
        assert deliver(client, replace(call, body=body)).status_code == 200
        work_off()
    assert not Product.objects.exists()
    assert WebhookEvent.objects.get(kind="products").body == ""
    assert pushes == [(merchant.pk, store)] * 2
