"""The whole dance of a login with VK ID, from the button to the tokens."""

import html
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone, translation
from pytest_django import Settings

from accounts.models import User
from connections.models import VkConnection
from connections.vk.login import choose_community, redirect_uri
from sandbox import Sandbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(settings: Settings) -> Iterator[Sandbox]:
    with Sandbox(vk_rate=0) as sandbox:
        settings.VK_API_URL = sandbox.vk_url
        settings.VK_ID_URL = sandbox.vk_id_url
        settings.VK_CLIENT_ID = sandbox.vk_app.client_id
        sandbox.vk_app.redirect_uris.add(redirect_uri())
        yield sandbox


@pytest.fixture
def merchant(db: None) -> User:
    return User.objects.create_user("anna@example.com", "a long passphrase")


@pytest.fixture
def browser(client: Client, merchant: User) -> Client:
    client.force_login(merchant)
    return client


def start(client: Client, **form: str) -> str:
    """Press the button; return where the browser is sent."""
    response = client.post("/vk-id/start/", form)
    assert response.status_code == 302
    return str(response["Location"])


def consent(url: str, decision: str = "allow") -> dict[str, str]:
    """Press a button on VK's page; return what VK sends the browser back with."""
    fields = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    address = url.partition("?")[0]
    answer = requests.post(address, fields | {"decision": decision}, allow_redirects=False, timeout=30)
    assert answer.status_code == 302, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def come_back(client: Client, fields: dict[str, str]) -> HttpResponse:
    response = client.get(f"/vk-id/callback/?{urlencode(fields)}")
    assert isinstance(response, HttpResponse)
    assert response.status_code == 302
    return response


def said(response: HttpResponse) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))  # type: ignore[attr-defined]  # the test client adds it


@pytest.mark.once
def test_a_login_stores_tokens_and_the_community_is_chosen_next(
    browser: Client, box: Sandbox, merchant: User
) -> None:
    url = start(browser)
    query = parse_qs(urlsplit(url).query)
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["state"][0]) >= 32
    assert "code_verifier" not in query

    response = come_back(browser, consent(url))

    connection = VkConnection.objects.get(user=merchant)
    assert connection.access_token in box.vk.tokens
    assert connection.refresh_token
    assert connection.device_id
    assert set(connection.scope.split()) == {"market", "groups"}
    assert connection.token_expires_at is not None
    assert connection.group_id is None
    assert "code" not in response["Location"]
    connection = choose_community(merchant, group=box.group_id, now=timezone.now())
    assert (connection.group_id, connection.is_online, connection.connection_type) == (
        box.group_id,
        True,
        "vk_id",
    )
    assert connection.device_id
    assert connection.refresh_token


@pytest.mark.once
def test_an_answer_with_another_state_changes_nothing(browser: Client, box: Sandbox) -> None:
    fields = consent(start(browser))
    response = come_back(browser, fields | {"state": "x" * 43})
    assert said(response)
    assert not VkConnection.objects.exists()
    # The right state died with the wrong try.
    come_back(browser, fields)
    assert not VkConnection.objects.exists()


def test_an_answer_nobody_asked_for_changes_nothing(browser: Client, box: Sandbox) -> None:
    come_back(browser, {"code": "stolen", "device_id": "d", "state": ""})
    come_back(browser, {"code": "stolen", "device_id": "d"})
    assert not VkConnection.objects.exists()


@pytest.mark.once
def test_an_answer_in_another_session_changes_nothing(browser: Client, box: Sandbox) -> None:
    fields = consent(start(browser))
    thief = Client()
    thief.force_login(User.objects.create_user("thief@example.com", "a long passphrase"))
    come_back(thief, fields)
    assert not VkConnection.objects.exists()


@pytest.mark.once
def test_a_code_works_once(browser: Client, box: Sandbox, merchant: User) -> None:
    fields = consent(start(browser))
    come_back(browser, fields)
    kept = VkConnection.objects.get()
    second = consent(start(browser))
    come_back(browser, second | {"code": fields["code"], "device_id": fields["device_id"]})
    assert VkConnection.objects.get().access_token == kept.access_token


@pytest.mark.once
def test_a_refusal_in_vk_is_told_and_changes_nothing(browser: Client, box: Sandbox) -> None:
    response = come_back(browser, consent(start(browser), "deny"))
    assert said(response)
    assert not VkConnection.objects.exists()


@pytest.mark.once
def test_a_merchants_own_app_is_used_and_kept(browser: Client, box: Sandbox) -> None:
    box.vk_id.add_app("52000002", redirect_uris=(redirect_uri(),))
    url = start(browser, app_id="52000002")
    assert parse_qs(urlsplit(url).query)["client_id"] == ["52000002"]
    come_back(browser, consent(url))
    assert VkConnection.objects.get().app_id == "52000002"


@pytest.mark.once
@pytest.mark.parametrize("app_id", ["abc", "1" * 40, "1 2", "../x"])
def test_a_wrong_app_id_goes_nowhere(browser: Client, box: Sandbox, app_id: str) -> None:
    assert start(browser, app_id=app_id) == "/connections/"


@pytest.mark.once
@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_way_back_stays_on_our_site(browser: Client, box: Sandbox, target: str) -> None:
    response = come_back(browser, consent(start(browser, next=target)))
    assert response["Location"] == "/connections/"


@pytest.mark.once
def test_nobody_logs_in_with_vk_before_logging_in_here(client: Client, box: Sandbox) -> None:
    for response in (client.post("/vk-id/start/"), client.get("/vk-id/callback/?code=x&state=y")):
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/")


@pytest.mark.once
def test_a_login_starts_by_a_button_only(browser: Client, box: Sandbox) -> None:
    assert browser.get("/vk-id/start/").status_code == 405


@pytest.mark.once
@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("server_error", "Wait a few minutes and press the button again."),
        ("slow_down", "Wait a few minutes and press the button again."),
        ("access_denied", "Press the button again and allow the access."),
        ("invalid_grant", "Press the button again and allow the access."),
        ("never_heard_of", "tell support the code vk_id.unknown"),
    ],
)
@pytest.mark.parametrize("where", ["browser", "exchange"])
def test_a_failed_login_says_what_happened_what_it_means_and_what_to_press(
    browser: Client, box: Sandbox, error: str, sentence: str, where: str
) -> None:
    fields = consent(start(browser))
    if where == "browser":
        fields = {"error": error, "error_description": "<b>raw</b>", "state": fields["state"]}
    else:
        box.vk.fault("error", method="oauth2/auth", text=error)
    with translation.override("en"):
        response = browser.get(
            f"/vk-id/callback/?{urlencode(fields)}", headers={"accept-language": "en"}, follow=True
        )
    page = " ".join(html.unescape(response.content.decode()).split())
    assert "Nothing has changed." in page
    assert sentence in page
    assert "by itself" not in " ".join(str(message) for message in get_messages(response.wsgi_request))
    assert "<b>raw</b>" not in page
    assert not VkConnection.objects.exists()


@pytest.mark.once
def test_an_unreachable_vk_id_is_told_as_a_login_that_can_be_tried_again(
    browser: Client, box: Sandbox, settings: Settings
) -> None:
    fields = consent(start(browser))
    settings.VK_ID_URL = "http://127.0.0.1:9"
    response = browser.get(
        f"/vk-id/callback/?{urlencode(fields)}", headers={"accept-language": "en"}, follow=True
    )
    page = " ".join(html.unescape(response.content.decode()).split())
    assert "The login could not be finished" in page
    assert "tries again by itself" not in page
