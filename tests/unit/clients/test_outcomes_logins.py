"""The outcome table of both logins: nothing is sent twice, for a code and a refresh token work once."""

from collections.abc import Callable
from typing import Any

import pytest

from connections.clients.errors import AuthRevoked, ClientError, Transient
from connections.clients.evotor.oauth import EvotorOAuthClient
from connections.clients.vk.vk_id import TOKEN_LIVES, VkIdClient
from tests.unit.clients.outcomes import FAULTS, SHAPES, Fault
from tests.unit.clients.scripted import Reply, serve

SECRET = "a-secret-that-must-not-leak"
Login = Callable[[str], Any]


def _vk_id(url: str) -> VkIdClient:
    return VkIdClient(base_url=url, client_id="51")


def _evotor(url: str) -> EvotorOAuthClient:
    return EvotorOAuthClient(base_url=url, client_id="app", client_secret=SECRET)


LOGINS: dict[str, Login] = {
    "vk_id exchange": lambda url: _vk_id(url).exchange_code(
        code=SECRET, verifier="v", device_id="d", redirect_uri="https://x.example/", state="s"
    ),
    "vk_id refresh": lambda url: _vk_id(url).refresh(refresh_token=SECRET, device_id="d"),
    "evotor exchange": lambda url: _evotor(url).exchange_code(code=SECRET, redirect_uri="https://x.example/"),
    "evotor refresh": lambda url: _evotor(url).refresh(SECRET),
}
logins = pytest.mark.parametrize("login", LOGINS.values(), ids=LOGINS.keys())


def refusal(url: str, login: Login) -> ClientError:
    """Return the error that a login ends with; no error may hold what was sent."""
    with pytest.raises(ClientError) as caught:
        login(url)
    assert SECRET not in f"{caught.value!r} {caught.value}"
    return caught.value


@logins
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_of_the_transport_may_have_used_the_token_up(login: Login, fault: Fault) -> None:
    with serve(lambda request: fault.reply) as (url, seen):
        error = refusal(url, login)
    assert isinstance(error, Transient)
    assert (error.may_have_run, len(seen)) == (True, 1)


@logins
@pytest.mark.parametrize("body", SHAPES, ids=bytes.decode)
def test_an_answer_of_another_shape_is_no_login(login: Login, body: bytes) -> None:
    with serve(lambda request: Reply(body)) as (url, seen):
        error = refusal(url, login)
    assert isinstance(error, Transient | AuthRevoked)
    assert len(seen) == 1


@logins
def test_where_nobody_listens_the_token_is_still_good(login: Login) -> None:
    with serve(lambda request: Reply()) as (url, _seen):
        pass
    error = refusal(url, login)
    assert isinstance(error, Transient)
    assert not error.may_have_run


# None stands for no field at all.
LIFETIMES = [None, "null", '"soon"', "0", "-5", "1e999999999", "1" + "0" * 30, "[]", "true"]


@pytest.mark.parametrize("lifetime", LIFETIMES)
def test_tokens_with_a_broken_time_to_live_are_kept(lifetime: str | None) -> None:
    more = f', "expires_in": {lifetime}' if lifetime else ""
    body = f'{{"access_token": "a", "refresh_token": "r"{more}}}'.encode()
    with serve(lambda request: Reply(body)) as (url, _seen):
        evotor, vk = _evotor(url).refresh(SECRET), _vk_id(url).refresh(refresh_token=SECRET, device_id="d")
    assert (evotor.access_token, evotor.refresh_token, evotor.expires_in) == ("a", "r", None)
    assert (vk.access_token, vk.refresh_token, vk.expires_in) == ("a", "r", TOKEN_LIVES)
    assert vk.user_id is None


@pytest.mark.parametrize("tokens", ["null", "true", "[]", "{}", '""', "7"])
def test_what_is_no_token_replaces_none(tokens: str) -> None:
    body = f'{{"access_token": {tokens}, "refresh_token": {tokens}, "expires_in": 3600, "user_id": 5}}'
    for login in LOGINS.values():
        with serve(lambda request: Reply(body.encode())) as (url, _seen):
            error = refusal(url, login)
        assert isinstance(error, Transient)


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ("{}", 200, Transient),
        ('{"message": "busy"}', 429, Transient),
        ('{"message": "no such page"}', 404, Transient),
        ('{"error": {"code": 7}}', 200, Transient),
        ('{"error": "temporarily_unavailable"}', 400, Transient),
        ('{"error": "invalid_grant"}', 400, AuthRevoked),
        ('{"error": "invalid_grant"}', 200, AuthRevoked),
        ('{"message": "who are you"}', 401, AuthRevoked),
    ],
)
def test_only_a_refusal_ends_a_consent(body: str, status: int, kind: type[ClientError]) -> None:
    with serve(lambda request: Reply(body.encode(), status)) as (url, _seen):
        assert type(refusal(url, LOGINS["evotor refresh"])) is kind
