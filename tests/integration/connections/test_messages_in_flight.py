"""Messages that an earlier release put on the queue run, and this release sends the same ones."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import dramatiq
import pytest
from django.core.mail import EmailMessage
from dramatiq import Message
from dramatiq.brokers.stub import StubBroker

from accounts.models import User
from connections import tasks
from connections.choices import NotificationKind
from connections.clients.service import Service
from connections.models import EvotorConnection, EvotorSubscription, WebhookEvent
from connections.queue import enqueue_connection_check, enqueue_notification, enqueue_webhook_event
from sandbox import Sandbox
from tests.queues import waiting, work_off

pytestmark = pytest.mark.django_db

Afterwards = Callable[[Callable[[], object]], None]


def deliver_as_before(
    actor: str, args: Sequence[object], *, queue: str = "default", **options: object
) -> None:
    """Put a message on the queue as JSON, as the release before wrote it."""
    text = json.dumps(
        {
            "queue_name": queue,
            "actor_name": actor,
            "args": list(args),
            "kwargs": {},
            "options": {"redis_message_id": "2f0c7a52-6f0e-4f5e-9d3c-5b1f7a3f6f10", **options},
            "message_id": "0d9a5a5e-3a2c-4b43-a1fb-8a6d2f1f7d11",
            "message_timestamp": 1764200000000,
        }
    )
    broker = dramatiq.get_broker()
    broker.declare_queue(queue.removesuffix(".DQ"))
    if isinstance(broker, StubBroker):
        broker.queues[queue].put(text.encode())
    else:
        broker.enqueue(Message.decode(text.encode()))


@pytest.fixture
def event(now: datetime) -> WebhookEvent:
    """Return a stored delivery about a paid subscription."""
    body = {"subscriptionId": "s-1", "sequenceNumber": 1, "userId": "01-000000000000001", "type": "Created"}
    return WebhookEvent.objects.create(
        kind="subscription",
        dedupe_key="subscription:s-1:1",
        evotor_user_id="01-000000000000001",
        body=json.dumps(body),
        received_at=now - timedelta(minutes=5),
    )


def is_applied(event: WebhookEvent) -> bool:
    event.refresh_from_db()
    return event.handled_at is not None and EvotorSubscription.objects.get().state == "Created"


def test_a_webhook_event_that_waits_is_applied(event: WebhookEvent) -> None:
    deliver_as_before("handle_webhook_event", [event.pk], retries=3, traceback="Traceback …")
    assert work_off() == 1
    assert is_applied(event)


def test_the_sweep_dispatches_what_was_not_applied(event: WebhookEvent) -> None:
    deliver_as_before("sweep_webhook_events", [])
    assert work_off() == 2
    assert is_applied(event)


def test_a_delayed_check_finds_the_connection(
    merchant: User, sandbox: Sandbox, afterwards: Afterwards, now: datetime
) -> None:
    sandbox.evotor.revoke_token()
    deliver_as_before(
        "check_connection", ["evotor", merchant.pk], queue="health.DQ", eta=int(now.timestamp() * 1000)
    )
    afterwards(lambda: None)
    assert EvotorConnection.objects.get(user=merchant).last_error == "evotor.401"


def test_the_round_of_checks_reaches_every_connection(
    merchant: User, sandbox: Sandbox, afterwards: Afterwards, now: datetime
) -> None:
    EvotorConnection.objects.update(last_checked_at=now - timedelta(hours=1))
    sandbox.evotor.revoke_token()
    deliver_as_before("check_all_connections", [], queue="health")
    afterwards(lambda: None)
    assert EvotorConnection.objects.get(user=merchant).last_error == "evotor.401"


@pytest.mark.once
@pytest.mark.parametrize(
    ("kind", "code"), [("lost", "vk.5"), ("back", ""), ("attempt", ""), ("lost", "vk_id.invalid_grant")]
)
def test_a_notification_is_sent(merchant: User, mailoutbox: list[EmailMessage], kind: str, code: str) -> None:
    deliver_as_before("send_notice", [merchant.pk, "vk", kind, code])
    work_off()
    assert [message.to for message in mailoutbox] == [[merchant.email]]


def test_the_messages_are_those_of_the_release_before() -> None:
    enqueue_webhook_event(7)
    enqueue_connection_check(Service.VK, 8)
    enqueue_connection_check(Service.EVOTOR, 8, delay_seconds=9)
    enqueue_notification(8, Service.VK, NotificationKind.LOST, code="vk.5")
    sent = {json.dumps(shown(message), sort_keys=True) for message in waiting()}
    assert sent == {
        json.dumps(one, sort_keys=True)
        for one in (
            ["default", "handle_webhook_event", [7], {}],
            ["health", "check_connection", ["vk", 8], {}],
            ["health.DQ", "check_connection", ["evotor", 8], {}],
            ["health", "send_notice", [8, "vk", "lost", "vk.5"], {}],
        )
    }


def shown(message: Message[Any]) -> list[object]:
    return [message.queue_name, message.actor_name, list(message.args), message.kwargs]


@pytest.mark.parametrize(
    "actor", [tasks.handle_webhook_event, tasks.check_connection, tasks.send_notification], ids=str
)
def test_the_actors_stand_on_the_queues_that_messages_are_sent_to(actor: dramatiq.Actor[..., None]) -> None:
    enqueue_webhook_event(7)
    enqueue_connection_check(Service.VK, 8)
    enqueue_notification(8, Service.VK, NotificationKind.BACK)
    assert {message.queue_name for message in waiting(actor=actor.actor_name)} == {actor.queue_name}
