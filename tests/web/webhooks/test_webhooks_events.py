"""Subscription and installation events, shuffled, repeated, from strangers."""

import json
import random

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from connections.evotor.connect import connect_evotor
from connections.models import EvotorConnection, EvotorSubscription, HealthCheckLog, WebhookEvent
from sandbox import Sandbox
from sandbox.evotor.webhooks import Webhooks, bearer
from tests.queues import work_off
from tests.web.webhooks.tools import connected, deliver, error_of

pytestmark = pytest.mark.django_db


def test_events_in_any_order_and_many_times_end_in_the_same_state(
    client: Client, evotor: Webhooks, merchant: User, box: Sandbox
) -> None:
    connected(client, evotor, merchant)
    now = box.evotor.clock()
    clock = [now]
    box.evotor.clock = lambda: clock[0]
    story = [
        evotor.subscription_event("SubscriptionCreated", planId="base", deviceNumber=1),
        evotor.subscription_event("SubscriptionActivated", nextBillingDate="2026-12-01"),
        evotor.subscription_event("SubscriptionTermsChanged", planId="big"),
        evotor.subscription_event("SubscriptionRenewed"),
    ]
    for kind in (
        "ApplicationInstalled",
        "ApplicationUninstalled",
        "ApplicationInstalled",
        "ApplicationUninstalled",
    ):
        clock[0] += 60
        story.append(evotor.installation_event(kind))
    story.append(evotor.user_token())
    states = set()
    for seed in range(4):
        WebhookEvent.objects.all().delete()
        EvotorSubscription.objects.all().delete()
        EvotorConnection.objects.update(
            installation_event_at=None, uninstalled_at=None, access_token="", is_online=False
        )
        calls = story * 10
        random.Random(seed).shuffle(calls)
        for call in calls:
            assert deliver(client, call).status_code == 200
        work_off()
        row, subscription = EvotorConnection.objects.get(), EvotorSubscription.objects.get()
        states.add(
            (
                row.access_token,
                row.uninstalled_at,
                row.is_online,
                json.dumps(subscription.facts, sort_keys=True),
                WebhookEvent.objects.count(),
            )
        )
        assert not row.is_online
        assert row.uninstalled_at is not None
        assert subscription.state == "SubscriptionRenewed"
        assert subscription.facts["planId"] == [3, "big"]
    assert len(states) == 1


@pytest.mark.once
def test_events_of_an_unknown_account_are_kept_and_answered_with_200(
    client: Client, evotor: Webhooks
) -> None:
    calls = [
        evotor.subscription_event("SubscriptionCreated", "01-000000000000999"),
        evotor.installation_event("ApplicationUninstalled", "01-000000000000999"),
    ]
    assert [deliver(client, call).status_code for call in calls] == [200, 200]
    work_off()
    assert WebhookEvent.objects.count() == 2
    assert not WebhookEvent.objects.unhandled().exists()


@pytest.mark.once
def test_an_event_may_come_with_the_merchants_token_but_not_with_anothers(
    client: Client, evotor: Webhooks, merchant: User
) -> None:
    token = connected(client, evotor, merchant)
    mine = evotor.installation_event("ApplicationInstalled").with_authorization(bearer(token))
    others = evotor.installation_event("ApplicationUninstalled", "01-000000000000999")
    assert deliver(client, mine).status_code == 200
    assert error_of(deliver(client, others.with_authorization(bearer(token)))) == (401, 1001)


def test_an_uninstalled_application_goes_offline_once_and_comes_back_when_installed(
    client: Client,
    evotor: Webhooks,
    merchant: User,
    box: Sandbox,
    *,
    mailoutbox: list[object],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    connect_evotor(merchant, token=box.evotor_token, now=timezone.now())
    HealthCheckLog.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        gone = evotor.installation_event("ApplicationUninstalled")
        for _time in range(10):
            deliver(client, gone)
        work_off()
    work_off()
    connection = EvotorConnection.objects.get()
    assert (connection.is_online, connection.last_error) == (False, "evotor.uninstalled")
    assert len(mailoutbox) == 1
    clock = box.evotor.clock() + 60
    box.evotor.clock = lambda: clock
    with django_capture_on_commit_callbacks(execute=True):
        deliver(client, evotor.installation_event("ApplicationInstalled"))
        work_off()
    work_off()
    assert EvotorConnection.objects.get().is_online
    assert [row.event for row in HealthCheckLog.objects.order_by("pk")] == ["offline", "online"]
    assert len(mailoutbox) == 2


def test_an_uninstallation_that_is_dated_in_a_far_year_keeps_no_later_installation_out(
    client: Client, evotor: Webhooks, merchant: User, box: Sandbox
) -> None:
    connect_evotor(merchant, token=box.evotor_token, now=timezone.now())
    present = box.evotor.clock()
    box.evotor.clock = lambda: present + 50 * 365 * 24 * 3_600
    deliver(client, evotor.installation_event("ApplicationUninstalled"))
    work_off()
    assert not EvotorConnection.objects.get().is_online
    box.evotor.clock = lambda: present + 60
    deliver(client, evotor.installation_event("ApplicationInstalled"))
    work_off()
    connection = EvotorConnection.objects.get()
    assert (connection.is_online, connection.uninstalled_at) == (True, None)
