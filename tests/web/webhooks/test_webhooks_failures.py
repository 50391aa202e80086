"""Deliveries whose handling fails: what passes is waited for, what does not is parked for staff."""

import json
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import dramatiq
import pytest
from django.contrib.admin.models import LogEntry
from django.db import DataError, OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from dramatiq import Message

from accounts.models import User
from connections.choices import WebhookKind
from connections.clients.errors import InvalidRequest, Transient
from connections.evotor.webhooks import failures, handlers
from connections.models import EvotorSubscription, WebhookEvent
from connections.tasks import handle_webhook_event, sweep_webhook_events
from evosync.ops import metrics
from sandbox.evotor.webhooks import Webhooks
from tests.queues import waiting
from tests.web.webhooks.tools import connected, deliver

pytestmark = pytest.mark.django_db

Break = Callable[[Exception], list[int]]
TRIES = len(failures.PAUSES) + 1
BODY = json.dumps({"subscriptionId": "s", "sequenceNumber": 1, "type": "SubscriptionCreated"})


@pytest.fixture
def event(db: None) -> WebhookEvent:
    """Return a subscription event that no worker has seen."""
    waiting()
    return WebhookEvent.objects.create(
        kind=WebhookKind.SUBSCRIPTION, dedupe_key="subscription:s:1", evotor_user_id="01-1", body=BODY
    )


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> Break:
    """Return what makes every handling fail with an error; it gives the list of the events tried."""

    def break_with(error: Exception) -> list[int]:
        tried: list[int] = []

        def handle(event: WebhookEvent, **_options: object) -> bool:
            tried.append(event.pk)
            raise error

        monkeypatch.setattr(handlers, "handle", handle)
        return tried

    return break_with


def pause_of(message: Message[Any]) -> float:
    """Return the seconds after which a message is due."""
    eta: float = message.options.get("eta", message.message_timestamp)
    return round((eta - message.message_timestamp) / 1000)


def minutes_later(minutes: float) -> None:
    """Let time pass for every event."""
    past = timedelta(minutes=minutes)
    for event in WebhookEvent.objects.all():
        event.received_at -= past
        event.retry_at = event.retry_at and event.retry_at - past
        event.save()


def test_a_poison_event_is_tried_ever_later_then_parked_and_left_alone(
    event: WebhookEvent, breaking: Break, caplog: pytest.LogCaptureFixture
) -> None:
    tried = breaking(ZeroDivisionError("the buyer's name"))
    pauses = []
    handle_webhook_event.fn(event.pk)
    while messages := waiting():
        assert [(one.actor_name, list(one.args)) for one in messages] == [
            ("handle_webhook_event", [event.pk])
        ]
        pauses.append(pause_of(messages[0]))
        handle_webhook_event.fn(event.pk)
    assert len(tried) == TRIES
    assert all(earlier < later for earlier, later in pairwise(pauses))
    event.refresh_from_db()
    assert (event.attempts, event.last_error, event.handled_at) == (TRIES, "ZeroDivisionError", None)
    assert event.parked_at is not None
    assert "parked" in caplog.messages[-1]
    for _minute in range(120):
        minutes_later(1)
        sweep_webhook_events.fn()
        assert waiting() == []
    handle_webhook_event.fn(event.pk)
    assert len(tried) == TRIES


@pytest.mark.parametrize(
    "body", ['{"subscriptionId": "s", "sequenceNumber": NaN, "type": "x"}', "[", "{}", "7", "null", "\x00"]
)
def test_a_body_that_an_older_release_kept_is_parked(event: WebhookEvent, body: str) -> None:
    WebhookEvent.objects.filter(pk=event.pk).update(body=body)
    for _try in range(TRIES):
        handle_webhook_event.fn(event.pk)
    event.refresh_from_db()
    assert event.parked_at is not None
    assert event.last_error in {"ValueError", "JSONDecodeError", "KeyError", "TypeError", "AttributeError"}
    assert not EvotorSubscription.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize(
    "error",
    [
        DataError("too long"),
        OperationalError(1366, "Incorrect string value"),
        InvalidRequest("evotor", "evotor.400"),
    ],
)
def test_what_a_database_or_evotor_never_takes_is_parked(
    event: WebhookEvent, breaking: Break, error: Exception
) -> None:
    breaking(error)
    for _try in range(TRIES):
        handle_webhook_event.fn(event.pk)
    event.refresh_from_db()
    assert event.parked_at is not None


@pytest.mark.once
def test_an_outage_of_evotor_for_days_is_waited_for_and_never_parked(
    event: WebhookEvent, breaking: Break
) -> None:
    breaking(Transient("evotor", "evotor.503"))
    handle_webhook_event.fn(event.pk)
    pauses = []
    for _round in range(300):
        (message,) = waiting()
        pauses.append(pause_of(message))
        minutes_later(pauses[-1] / 60)
        handle_webhook_event.fn(event.pk)
        sweep_webhook_events.fn()
    event.refresh_from_db()
    assert (event.attempts, event.parked_at, event.last_error) == (0, None, "evotor.503")
    assert (pauses[0], pauses[-1]) == (5, 600)


def test_a_message_that_comes_twice_starts_no_second_chain_of_tries(
    event: WebhookEvent, breaking: Break
) -> None:
    breaking(Transient("evotor", "evotor.503"))
    for _copy in range(10):
        handle_webhook_event.fn(event.pk)
    assert len(waiting()) == 1


@pytest.mark.once
@pytest.mark.parametrize(
    "error", [OperationalError(2006, "Server has gone away"), OperationalError(1213, "Deadlock found")]
)
def test_while_the_database_is_away_the_message_itself_is_repeated(
    event: WebhookEvent, breaking: Break, error: Exception
) -> None:
    breaking(error)
    with pytest.raises(OperationalError):
        handle_webhook_event.fn(event.pk)
    event.refresh_from_db()
    assert (event.attempts, event.parked_at) == (0, None)
    assert dramatiq.get_broker().get_actor("handle_webhook_event").options["max_retries"] == 20


def test_a_lost_message_is_sent_again_once_in_ten_minutes(event: WebhookEvent) -> None:
    sent = 0
    for _minute in range(60):
        minutes_later(1)
        sweep_webhook_events.fn()
        sent += len(waiting())
    assert 5 <= sent <= 7


def test_a_repeated_delivery_does_not_wake_a_parked_event_and_a_new_hint_does(
    client: Client, evotor: Webhooks, merchant: User
) -> None:
    connected(client, evotor, merchant)
    subscription = evotor.subscription_event("SubscriptionCreated")
    store = next(iter(evotor._state.stores))
    hint = evotor.products(store, [])
    for call in (subscription, hint):
        assert deliver(client, call).status_code == 200
    waiting()
    WebhookEvent.objects.update(parked_at=timezone.now(), attempts=TRIES, last_error="X", handled_at=None)
    assert deliver(client, subscription).status_code == 200
    assert waiting() == []
    assert deliver(client, hint).status_code == 200
    assert len(waiting()) == 1
    assert list(WebhookEvent.objects.parked().values_list("kind", flat=True)).count("subscription") == 1
    assert not WebhookEvent.objects.parked().filter(kind="products").exists()


@pytest.fixture
def staff(db: None, settings: Any) -> Client:
    settings.ADMIN_REQUIRES_MFA = False
    client = Client()
    client.force_login(User.objects.create_superuser("boss@example.com", "correct horse battery"))
    return client


def test_staff_find_what_is_parked_and_have_it_tried_again(event: WebhookEvent, staff: Client) -> None:
    parked = {"parked_at": timezone.now(), "attempts": TRIES, "last_error": "ZeroDivisionError"}
    WebhookEvent.objects.filter(pk=event.pk).update(**parked)
    other = WebhookEvent.objects.create(kind="products", dedupe_key="p", evotor_user_id="01-2")
    address = reverse("admin:connections_webhookevent_changelist")

    page = staff.get(address, {"parked": "1"})
    assert [row.pk for row in page.context["cl"].result_list] == [event.pk]
    assert "ZeroDivisionError" in page.content.decode()

    choice = {"action": "try_again", "_selected_action": [event.pk, other.pk], "index": "0"}
    staff.post(address, choice)
    event.refresh_from_db()
    assert (event.parked_at, event.attempts, event.last_error) == (None, 0, "")
    assert [list(message.args) for message in waiting()] == [[event.pk]]
    assert LogEntry.objects.count() == 2
    handle_webhook_event.fn(event.pk)
    assert EvotorSubscription.objects.get().state == "SubscriptionCreated"


def test_the_figures_count_what_is_parked(event: WebhookEvent) -> None:
    assert b"evosync_webhook_events_parked 0.0" in metrics.render()
    WebhookEvent.objects.filter(pk=event.pk).update(parked_at=timezone.now())
    assert b"evosync_webhook_events_parked 1.0" in metrics.render()
    assert b"evosync_webhook_events_unhandled 0.0" in metrics.render()
