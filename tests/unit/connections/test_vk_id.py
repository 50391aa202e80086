"""VK ID's client on paper: addresses, challenges, errors sorted by who acts next."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from connections.clients.error_catalog import CODES
from connections.clients.errors import ActionRequired, AuthRevoked, ClientError, InvalidRequest, Transient
from connections.clients.vk.vk_id import (
    VkIdClient,
    challenge_of,
    error_of,
    new_state,
    new_verifier,
)


def test_the_challenge_is_that_of_the_standard() -> None:
    # RFC 7636, appendix B.
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_states_and_verifiers_are_long_and_never_the_same() -> None:
    states, verifiers = {new_state() for _time in range(100)}, {new_verifier() for _time in range(100)}
    assert len(states) == len(verifiers) == 100
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{32,}", state) for state in states)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43,128}", verifier) for verifier in verifiers)


def test_the_address_asks_for_everything_and_tells_no_verifier() -> None:
    client = VkIdClient(base_url="https://id.example/", client_id="51")
    url = client.authorize_url(redirect_uri="https://a.example/b?c=d", state="s" * 43, verifier="v" * 64)
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert url.startswith("https://id.example/authorize?")
    assert query == {
        "response_type": "code",
        "client_id": "51",
        "redirect_uri": "https://a.example/b?c=d",
        "state": "s" * 43,
        "code_challenge": challenge_of("v" * 64),
        "code_challenge_method": "S256",
        "scope": "market groups",
        "lang_id": "ru",
    }
    assert "v" * 64 not in url


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        ({"server_error", "temporarily_unavailable", "slow_down"}, Transient),
        (
            {"invalid_grant", "invalid_token", "login_required", "interaction_required", "invalid_request"},
            AuthRevoked,
        ),
        (
            {"access_denied", "invalid_scope", "invalid_client", "unauthorized_client"},
            ActionRequired,
        ),
    ],
)
def test_every_error_says_who_acts_next_and_stands_in_the_dictionary(
    names: set[str], kind: type[ClientError]
) -> None:
    for name in names:
        error = error_of(name)
        assert type(error) is kind
        assert error.code in CODES


def test_an_error_nobody_has_met_is_ours() -> None:
    error = error_of("teapot")
    assert type(error) is InvalidRequest
    assert error.code in CODES
