"""VK ID in the sandbox: the whole dance, and everything that may go wrong in it."""

import base64
import hashlib
import re
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from sandbox import Sandbox
from tests.integration.sandbox.conftest import Vk

CALLBACK = "https://ours.example/vk/callback/"
STATE = "s" * 32
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


class Dance:
    """Walks through VK ID as a browser and a server would."""

    def __init__(self, box: Sandbox) -> None:
        self.box = box
        box.vk_app.redirect_uris.add(CALLBACK)

    def ask(self, **changes: str) -> dict[str, str]:
        """Return the parameters of the first redirect."""
        return {
            "response_type": "code",
            "client_id": self.box.vk_app.client_id,
            "redirect_uri": CALLBACK,
            "state": STATE,
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "scope": "market photos groups",
        } | changes

    def page(self, **changes: str) -> requests.Response:
        """Return the consent page."""
        return requests.get(f"{self.box.vk_id_url}/authorize", params=self.ask(**changes), timeout=10)

    def press(self, decision: str = "allow", person: str = "", **changes: str) -> dict[str, str]:
        """Choose a person where one is given, press a button; return what VK sends back to us."""
        found = re.findall(r'name="(\w+)" value="([^"]*)"', self.page(**changes).text)
        fields = {name: unescape(value) for name, value in found if name != "decision"}
        answer = requests.post(
            f"{self.box.vk_id_url}/authorize",
            data=fields | {"decision": decision} | ({"person": person} if person else {}),
            timeout=10,
            allow_redirects=False,
        )
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(CALLBACK)
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))

    def exchange(self, back: dict[str, str], **changes: str) -> dict[str, Any]:
        """Exchange the code for tokens."""
        return self.auth(
            **{
                "grant_type": "authorization_code",
                "code": back["code"],
                "code_verifier": VERIFIER,
                "client_id": self.box.vk_app.client_id,
                "device_id": back["device_id"],
                "redirect_uri": CALLBACK,
                "state": STATE,
            }
            | changes
        )

    def refresh(self, token: str, device_id: str, **changes: str) -> dict[str, Any]:
        """Rotate a refresh token."""
        return self.auth(
            **{
                "grant_type": "refresh_token",
                "refresh_token": token,
                "client_id": self.box.vk_app.client_id,
                "device_id": device_id,
                "state": STATE,
            }
            | changes
        )

    def auth(self, **fields: str) -> dict[str, Any]:
        """Post to the token address."""
        body: dict[str, Any] = requests.post(
            f"{self.box.vk_id_url}/oauth2/auth", data=fields, timeout=10
        ).json()
        return body


@pytest.fixture
def dance(box: Sandbox) -> Dance:
    return Dance(box)


def test_a_code_becomes_tokens_that_open_the_catalogue(dance: Dance, vk: Vk) -> None:
    back = dance.press()
    assert set(back) == {"code", "device_id", "state", "type", "expires_in"}
    assert (back["state"], back["type"]) == (STATE, "code_v2")
    tokens = dance.exchange(back)
    assert (tokens["state"], tokens["scope"], tokens["expires_in"]) == (STATE, "groups market photos", 3600)
    assert tokens["user_id"] == vk.box.vk.user_id
    assert "response" in vk.raw("market.get", tokens["access_token"], owner_id=vk.owner)


def test_the_page_names_the_application_and_the_scope(dance: Dance) -> None:
    page = dance.page()
    assert page.status_code == 200
    assert "market photos groups" in page.text
    assert 'id="allow"' in page.text
    assert "<script" not in page.text


def test_refusing_comes_back_as_access_denied(dance: Dance) -> None:
    assert dance.press("deny") == {
        "error": "access_denied",
        "error_description": "The user refused",
        "state": STATE,
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "unknown"},
        {"redirect_uri": "https://thief.example/"},
        {"state": "short"},
        {"state": "s" * 31 + "!"},
        {"code_challenge_method": "plain"},
        {"code_challenge": "short"},
        {"response_type": "token"},
    ],
)
def test_a_wrong_request_gets_no_page(dance: Dance, changes: dict[str, str]) -> None:
    answer = dance.page(**changes)
    assert answer.status_code == 400
    assert answer.json()["error"] in {"invalid_request", "invalid_client"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code": "other"}, "invalid_grant"),
        ({"code_verifier": "w" * 64}, "invalid_grant"),
        ({"code_verifier": "short"}, "invalid_grant"),
        ({"device_id": "other"}, "invalid_request"),
        ({"redirect_uri": "https://ours.example/"}, "invalid_request"),
        ({"client_id": "other"}, "invalid_client"),
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"grant_type": "password"}, "invalid_request"),
    ],
)
def test_a_wrong_exchange_is_refused(dance: Dance, changes: dict[str, str], error: str) -> None:
    assert dance.exchange(dance.press(), **changes)["error"] == error


def test_a_code_works_once_and_for_ten_minutes(dance: Dance) -> None:
    back = dance.press()
    assert "access_token" in dance.exchange(back)
    assert dance.exchange(back)["error"] == "invalid_grant"
    late = dance.press()
    now = dance.box.vk.clock()
    dance.box.vk.clock = lambda: now + 601
    assert dance.exchange(late)["error"] == "invalid_grant"


def test_unapproved_scopes_are_trimmed_without_a_word(dance: Dance, vk: Vk) -> None:
    dance.box.vk_app.allowed = frozenset()
    tokens = dance.exchange(dance.press())
    assert tokens["scope"] == "vkid.personal_info"
    assert vk.error("market.get", tokens["access_token"], owner_id=vk.owner)[0] == 15


def test_refresh_tokens_rotate(dance: Dance, vk: Vk) -> None:
    back = dance.press()
    first = dance.exchange(back)
    second = dance.refresh(first["refresh_token"], back["device_id"])
    assert second["refresh_token"] != first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    assert "response" in vk.raw("users.get", second["access_token"])
    assert dance.refresh(second["refresh_token"], "other")["error"] == "invalid_request"


@pytest.mark.parametrize("kills", [True, False])
def test_a_used_refresh_token_is_refused_and_may_end_the_session(
    dance: Dance, vk: Vk, *, kills: bool
) -> None:
    dance.box.vk_id.rules.reuse_kills_session = kills
    back = dance.press()
    first = dance.exchange(back)
    second = dance.refresh(first["refresh_token"], back["device_id"])
    assert dance.refresh(first["refresh_token"], back["device_id"])["error"] == "invalid_grant"
    alive = "response" in vk.raw("users.get", second["access_token"])
    assert alive is not kills
    assert ("error" in dance.refresh(second["refresh_token"], back["device_id"])) is kills


def test_an_access_token_lives_an_hour(dance: Dance, vk: Vk) -> None:
    tokens = dance.exchange(dance.press())
    now = dance.box.vk.clock()
    dance.box.vk.clock = lambda: now + 3_601
    assert vk.error("users.get", tokens["access_token"]) == (5, "access_token has expired.")


def test_a_revoked_session_is_dead(dance: Dance, vk: Vk) -> None:
    back = dance.press()
    tokens = dance.exchange(back)
    fields = {"client_id": dance.box.vk_app.client_id, "access_token": tokens["access_token"]}
    base = dance.box.vk_id_url
    person = requests.post(f"{base}/oauth2/user_info", data=fields, timeout=10).json()["user"]
    assert person["first_name"] == "Мария"
    assert requests.post(f"{base}/oauth2/revoke", data=fields, timeout=10).json() == {"response": 1}
    assert vk.error("users.get", tokens["access_token"])[0] == 5
    assert dance.refresh(tokens["refresh_token"], back["device_id"])["error"] == "invalid_grant"
    again = requests.post(f"{base}/oauth2/user_info", data=fields, timeout=10).json()
    assert again["error"] == "invalid_token"


def test_the_answer_may_get_lost_after_the_rotation(dance: Dance) -> None:
    back = dance.press()
    tokens = dance.exchange(back)
    dance.box.vk.fault("reset_after", method="oauth2/auth")
    with pytest.raises(requests.ConnectionError):
        dance.refresh(tokens["refresh_token"], back["device_id"])
    assert dance.refresh(tokens["refresh_token"], back["device_id"])["error"] == "invalid_grant"


def test_vk_id_shows_planned_faults(dance: Dance) -> None:
    dance.box.vk.fault("error", text="slow_down", method="oauth2/auth")
    assert dance.exchange(dance.press())["error"] == "slow_down"


def test_the_demo_lets_any_loopback_address_receive_the_code(dance: Dance) -> None:
    local = "http://127.0.0.1:8000/vk/"
    assert dance.page(redirect_uri=local).status_code == 400
    dance.box.vk_id.rules.any_redirect = True
    assert dance.page(redirect_uri=local).status_code == 200
    assert dance.page(redirect_uri="https://thief.example/").status_code == 400


def test_with_several_people_the_page_asks_who_logs_in(dance: Dance) -> None:
    assert "<select" not in dance.page().text
    olga = dance.box.vk.add_person("Ольга", "Новосёлова")
    assert f'<option value="{olga.id}">Ольга Новосёлова</option>' in dance.page().text
    assert dance.exchange(dance.press(person=str(olga.id)))["user_id"] == olga.id
    assert dance.exchange(dance.press())["user_id"] == dance.box.vk.user_id


@pytest.mark.parametrize("person", ["0", "nobody", "-1"])
def test_a_person_who_does_not_exist_is_taken_for_the_first(dance: Dance, person: str) -> None:
    assert dance.exchange(dance.press(person=person))["user_id"] == dance.box.vk.user_id
