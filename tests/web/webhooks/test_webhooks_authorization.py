"""Who may call: every address, right and wrong tokens."""

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from connections.models import EvotorConnection, WebhookEvent
from sandbox.evotor.webhooks import Webhooks, basic, bearer
from tests.web.webhooks.tools import APP_TOKEN, code_for, deliver, error_of

pytestmark = pytest.mark.django_db


@pytest.mark.once
@pytest.mark.parametrize("slash", [False, True])
def test_every_address_answers_with_and_without_a_slash(
    client: Client, evotor: Webhooks, merchant: User, *, slash: bool
) -> None:
    calls = [
        evotor.user_create("01-000000000000077"),
        evotor.user_verify(linkCode=code_for(merchant)),
        evotor.user_token(),
        evotor.subscription_event("SubscriptionCreated"),
        evotor.installation_event("ApplicationInstalled"),
    ]
    for call in calls:
        assert deliver(client, call.with_slash() if slash else call).status_code == 200


@pytest.mark.once
@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "Bearer ",
        "Bearer wrong",
        "wrong",
        basic("evotor", "wrong"),
        "Basic !!!",
        f"Digest {APP_TOKEN}",
    ],
)
def test_a_wrong_application_token_is_refused_and_nothing_is_kept(
    client: Client, evotor: Webhooks, given: str | None
) -> None:
    calls = [
        evotor.user_create(),
        evotor.user_verify(password="x"),
        evotor.user_token(),
        evotor.subscription_event("SubscriptionCreated"),
        evotor.installation_event("ApplicationInstalled"),
    ]
    for call in calls:
        assert error_of(deliver(client, call.with_authorization(given))) == (401, 1001)
    assert not WebhookEvent.objects.exists()
    assert not EvotorConnection.objects.exists()


@pytest.mark.once
@pytest.mark.parametrize(
    "given", [bearer(APP_TOKEN), APP_TOKEN, f"bearer {APP_TOKEN}", basic("evotor", "the password")]
)
def test_both_valid_application_tokens_work_during_a_rotation(
    client: Client, evotor: Webhooks, given: str
) -> None:
    assert deliver(client, evotor.user_token().with_authorization(given)).status_code == 200


@pytest.mark.once
def test_a_basic_entry_is_no_bearer_token(client: Client, evotor: Webhooks) -> None:
    call = evotor.user_token().with_authorization(bearer("evotor:the password"))
    assert error_of(deliver(client, call)) == (401, 1001)


@pytest.mark.once
def test_without_a_configured_token_nobody_is_evotor(
    client: Client, evotor: Webhooks, settings: Settings
) -> None:
    settings.EVOTOR_WEBHOOK_TOKEN = []
    for given in (None, "", "Bearer ", "Basic Og=="):
        assert error_of(deliver(client, evotor.user_token().with_authorization(given))) == (401, 1001)


@pytest.mark.once
def test_a_get_is_refused_without_a_redirect(client: Client) -> None:
    assert client.get("/evotor/user/token").status_code == 405
