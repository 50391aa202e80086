"""The token that Evotor hands over, early, late and twice."""

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from connections.evotor.connect import connect_evotor
from connections.models import EvotorConnection, WebhookEvent
from sandbox import Sandbox
from sandbox.evotor.webhooks import Webhooks
from tests.queues import work_off
from tests.web.webhooks.tools import connected, deliver

pytestmark = pytest.mark.django_db


@pytest.mark.once
def test_a_token_before_any_claim_waits_unclaimed_and_the_code_claims_it(
    client: Client,
    evotor: Webhooks,
    merchant: User,
    box: Sandbox,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    assert deliver(client, evotor.user_token()).content == b"{}"
    work_off()
    assert EvotorConnection.objects.get().user is None
    assert box.evotor.counts()["GET /stores"] == 0

    with django_capture_on_commit_callbacks(execute=True):
        connected(client, evotor, merchant)
        work_off()
    work_off()
    connection = EvotorConnection.objects.get()
    assert connection.user == merchant
    assert connection.access_token == box.evotor_token
    assert connection.is_online


def test_pasting_the_same_token_claims_the_account_that_evotor_sent(
    client: Client, evotor: Webhooks, merchant: User, box: Sandbox
) -> None:
    deliver(client, evotor.user_token())
    work_off()
    connection = connect_evotor(merchant, token=box.evotor_token, now=timezone.now())
    assert EvotorConnection.objects.get() == connection
    assert connection.user == merchant


@pytest.mark.once
def test_a_token_delivered_late_does_not_replace_the_one_that_works(
    client: Client, evotor: Webhooks, merchant: User, box: Sandbox
) -> None:
    old = evotor.user_token()
    box.evotor.rotate_token()
    new = evotor.user_token()
    for call in (new, old, new, old):
        deliver(client, call)
        work_off()
    assert EvotorConnection.objects.get().access_token == box.evotor_token


@pytest.mark.once
def test_the_token_is_erased_from_the_delivery_once_it_is_kept(
    client: Client, evotor: Webhooks, box: Sandbox
) -> None:
    deliver(client, evotor.user_token())
    work_off()
    assert box.evotor_token not in WebhookEvent.objects.get().body
