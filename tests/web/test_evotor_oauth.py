"""A login with Evotor's OAuth: state, consent, linking by Evotor's own answer, renewal."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from django.db import connection as database
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from connections.client_factory import evotor_client
from connections.clients.errors import Transient
from connections.health_checks import check_health
from connections.models import EvotorConnection, HealthCheckLog
from sandbox import Sandbox
from tests.fakes import FailingSave

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(settings: Settings) -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        settings.EVOTOR_API_URL = settings.EVOTOR_OAUTH_URL = sandbox.evotor_url
        settings.EVOTOR_OAUTH_CLIENT_ID = sandbox.evotor_oauth.client_id
        settings.EVOTOR_OAUTH_CLIENT_SECRET = sandbox.evotor_oauth.client_secret
        sandbox.evotor.add_store("Tea")
        yield sandbox


@pytest.fixture
def browser(client: Client) -> Client:
    client.force_login(User.objects.create_user("anna@example.com", "a long passphrase"))
    return client


def consent(client: Client, decision: str = "allow") -> dict[str, str]:
    """Press our button, then Evotor's; return what the browser comes back with."""
    url = client.post("/evotor-oauth/start/")["Location"]
    fields = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    address = url.partition("?")[0]
    answer = requests.post(address, fields | {"decision": decision}, allow_redirects=False, timeout=30)
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def come_back(client: Client, fields: dict[str, str]) -> None:
    assert client.get(f"/evotor-oauth/callback/?{urlencode(fields)}").status_code == 302


@pytest.mark.once
def test_consent_links_the_account_that_evotor_names(browser: Client, box: Sandbox) -> None:
    come_back(browser, consent(browser))
    connection = EvotorConnection.objects.get()
    assert connection.evotor_user_id == box.evotor.user_id
    assert (connection.connection_type, connection.is_online) == ("oauth", True)
    assert connection.refresh_token
    assert connection.token_expires_at is not None


@pytest.mark.once
@pytest.mark.parametrize("change", [{"state": "x" * 43}, {"state": ""}, {"code": "wrong"}])
def test_a_wrong_answer_links_nothing(browser: Client, box: Sandbox, change: dict[str, str]) -> None:
    come_back(browser, consent(browser) | change)
    assert not EvotorConnection.objects.exists()


@pytest.mark.once
def test_a_refusal_links_nothing(browser: Client, box: Sandbox) -> None:
    come_back(browser, consent(browser, "deny"))
    assert not EvotorConnection.objects.exists()


def test_a_token_is_renewed_a_day_before_it_ends(browser: Client, box: Sandbox) -> None:
    come_back(browser, consent(browser))
    connection = EvotorConnection.objects.get()
    connection.token_expires_at = timezone.now() + timedelta(hours=23)
    connection.save()
    old = connection.access_token
    assert evotor_client(connection).stores()
    connection.refresh_from_db()
    assert connection.access_token != old
    assert HealthCheckLog.objects.filter(event="token_refreshed").count() == 1


def test_a_renewed_token_that_cannot_be_saved_leaves_the_valid_one_in_use(
    browser: Client, box: Sandbox
) -> None:
    come_back(browser, consent(browser))
    connection = EvotorConnection.objects.get()
    connection.token_expires_at = timezone.now() + timedelta(hours=23)
    connection.save()
    old = connection.access_token
    with database.execute_wrapper(FailingSave()):
        evotor_client(connection)
    connection.refresh_from_db()
    assert (connection.access_token, connection.is_online) == (old, True)
    assert connection.refresh_lease_until is None


@pytest.mark.once
def test_a_renewed_token_that_cannot_be_saved_is_said_once_the_old_one_has_ended(
    browser: Client, box: Sandbox
) -> None:
    come_back(browser, consent(browser))
    connection = EvotorConnection.objects.get()
    connection.token_expires_at = timezone.now()
    connection.save()
    with pytest.raises(Transient) as caught, database.execute_wrapper(FailingSave()):
        evotor_client(connection)
    assert caught.value.code == "evotor_oauth.not_saved"
    assert EvotorConnection.objects.get().is_online


@pytest.mark.once
def test_an_access_that_evotor_ended_goes_offline(browser: Client, box: Sandbox) -> None:
    come_back(browser, consent(browser))
    connection = EvotorConnection.objects.get()
    connection.token_expires_at = timezone.now()
    connection.refresh_token = "used before"
    connection.save()
    assert check_health(connection, now=timezone.now()) is False
    assert EvotorConnection.objects.get().last_error == "evotor_oauth.invalid_grant"


@pytest.mark.once
def test_without_a_client_of_the_operator_there_is_no_such_way(browser: Client, settings: Settings) -> None:
    settings.EVOTOR_OAUTH_CLIENT_ID = ""
    assert browser.post("/evotor-oauth/start/").status_code == 404
    assert browser.get("/evotor-oauth/callback/").status_code == 404
