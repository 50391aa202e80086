"""Pushes of goods, and what a lost worker leaves."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from connections.models import EvotorConnection, WebhookEvent
from connections.tasks import sweep_webhook_events
from sandbox import Sandbox
from sandbox.evotor.webhooks import WebhookCall, Webhooks, basic, bearer
from tests.queues import waiting, work_off
from tests.web.webhooks.tools import APP_TOKEN, connected, deliver, error_of

pytestmark = pytest.mark.django_db


def push(evotor: Webhooks, box: Sandbox, token: str) -> WebhookCall:
    store = next(iter(box.evotor.stores))
    return evotor.products(store, [], user_token=token)


def test_a_push_is_told_to_the_apps_above_each_time(
    client: Client, evotor: Webhooks, merchant: User, box: Sandbox, pushes: list[tuple[int, str]]
) -> None:
    call = push(evotor, box, connected(client, evotor, merchant))
    for _time in range(3):
        assert deliver(client, call).status_code == 200
        work_off()
    store = next(iter(box.evotor.stores))
    assert pushes == [(merchant.pk, store)] * 3
    assert WebhookEvent.objects.filter(kind="products").count() == 1


@pytest.mark.once
@pytest.mark.parametrize("given", [None, "Bearer wrong", bearer(APP_TOKEN), basic("evotor", "the password")])
def test_a_push_needs_the_merchants_own_token(
    client: Client,
    evotor: Webhooks,
    merchant: User,
    box: Sandbox,
    *,
    pushes: list[tuple[int, str]],
    given: str | None,
) -> None:
    call = push(evotor, box, connected(client, evotor, merchant))
    assert error_of(deliver(client, call.with_authorization(given))) == (401, 1002)
    work_off()
    assert pushes == []


@pytest.mark.once
def test_a_push_without_the_word_bearer_is_tolerated(
    client: Client, evotor: Webhooks, merchant: User, box: Sandbox
) -> None:
    token = connected(client, evotor, merchant)
    assert deliver(client, push(evotor, box, token).with_authorization(token)).status_code == 200


@pytest.mark.once
def test_a_push_of_an_unclaimed_account_is_kept_and_tells_nobody(
    client: Client, evotor: Webhooks, box: Sandbox, pushes: list[tuple[int, str]]
) -> None:
    token = json.loads(deliver(client, evotor.user_create()).content)["token"]
    assert deliver(client, push(evotor, box, token)).status_code == 200
    work_off()
    assert pushes == []


def test_what_a_lost_worker_left_is_handed_over_again(client: Client, evotor: Webhooks) -> None:
    deliver(client, evotor.user_token())
    waiting()  # The worker died with the message.
    WebhookEvent.objects.update(received_at=timezone.now() - timedelta(minutes=5))
    sweep_webhook_events.fn()
    work_off()
    assert EvotorConnection.objects.get().access_token
