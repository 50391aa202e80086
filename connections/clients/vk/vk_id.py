"""VK ID: logs merchants in by OAuth 2.1 with PKCE, and renews their tokens.

Written from the business documentation of id.vk.com as of 2025 (reference/vk.md §5.3). Every error
is a ClientError of service "vk" with a code "vk_id.…"; tokens, codes and verifiers appear in none of them.
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import requests

from connections.clients.error_catalog import CODES, VkIdError
from connections.clients.error_catalog.reactions import error_from_row
from connections.clients.errors import ClientError, InvalidRequest, Transient
from connections.clients.http import new_session, parse_json, send
from connections.clients.instrumentation import measured
from connections.clients.lifetime import read_lifetime
from connections.clients.service import Interface, Service
from connections.clients.vk.parsing import read_number

# The merchant has one connection to VK; codes say that it was the login that failed.
# Pictures of goods go through market methods, and VK lists no access to photos among those of an app.
SCOPES = ("market", "groups")
TIMEOUT = (10, 40)
DEADLINE = 60.0
# So long a token lives where VK does not say it.
TOKEN_LIVES = 3600
# `state` may hold these and needs at least 32 of them; a verifier has 43 to 128.
STATE_BYTES = 32
VERIFIER_BYTES = 48


@dataclass(frozen=True, slots=True)
class Tokens:
    """What VK ID gives at a login or a refresh. `expires_in` is in seconds, `scope` words with spaces.

    `user_id` is None where VK did not say whose they are.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int
    user_id: int | None
    scope: str


def new_state() -> str:
    """Return a fresh unguessable state."""
    return secrets.token_urlsafe(STATE_BYTES)


def new_verifier() -> str:
    """Return a fresh PKCE verifier; it stays with us until the code is exchanged."""
    return secrets.token_urlsafe(VERIFIER_BYTES)


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


class VkIdClient:
    """Speaks with VK ID in the name of one application.

    `base_url` is scheme and host. Refreshing and exchanging are never repeated here: VK may have
    carried out what it did not answer, and a second try with the same token ends the session.
    """

    def __init__(self, *, base_url: str, client_id: str, session: requests.Session | None = None) -> None:
        self._base_url = base_url.rstrip("/")
        self._client_id = client_id
        self._session = session or new_session()

    def __repr__(self) -> str:
        return f"VkIdClient({self._base_url!r}, app {self._client_id!r})"

    def authorize_url(
        self,
        *,
        redirect_uri: str,
        state: str,
        verifier: str,
        lang: str = "ru",
    ) -> str:
        """Return where the merchant's browser goes to consent."""
        fields = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": redirect_uri,
            "state": state,
            "code_challenge": challenge_of(verifier),
            "code_challenge_method": "S256",
            "scope": " ".join(SCOPES),
            "lang_id": lang,
        }
        return f"{self._base_url}/authorize?{urlencode(fields)}"

    def exchange_code(
        self, *, code: str, verifier: str, device_id: str, redirect_uri: str, state: str
    ) -> Tokens:
        """Return the tokens for a code; it works once, within about ten minutes."""
        return self._tokens(
            {
                "grant_type": "authorization_code",
                "code": code,
                "code_verifier": verifier,
                "device_id": device_id,
                "redirect_uri": redirect_uri,
                "state": state,
            }
        )

    def refresh(self, *, refresh_token: str, device_id: str) -> Tokens:
        """Return a new pair of tokens. The old refresh token is dead from then on: save both first."""
        return self._tokens(
            {
                "grant_type": "refresh_token",
                "refresh_token": refresh_token,
                "device_id": device_id,
                "state": new_state(),
            }
        )

    def revoke(self, access_token: str) -> None:
        """End the session that this token belongs to."""
        self._post("oauth2/revoke", {"access_token": access_token})

    def _tokens(self, fields: dict[str, str]) -> Tokens:
        answer = self._post("oauth2/auth", fields)
        if answer.get("state") not in (None, "", fields["state"]):
            raise InvalidRequest(
                Service.VK,
                VkIdError.WRONG_STATE,
                "the answer belongs to another request",
                method="oauth2/auth",
            )
        access, refresh = answer.get("access_token"), answer.get("refresh_token")
        if not (access and isinstance(access, str) and refresh and isinstance(refresh, str)):
            raise self._unreadable("oauth2/auth", 200)
        return Tokens(
            access_token=access,
            refresh_token=refresh,
            expires_in=read_lifetime(answer.get("expires_in")) or TOKEN_LIVES,
            user_id=read_number(answer.get("user_id"), least=1),
            scope=str(answer.get("scope") or ""),
        )

    @measured(Interface.VK_ID, str)
    def _post(self, path: str, fields: dict[str, str]) -> Mapping[str, Any]:
        response = send(
            Service.VK,
            path,
            lambda: self._session.post(
                f"{self._base_url}/{path}",
                data=fields | {"client_id": self._client_id},
                timeout=TIMEOUT,
                stream=True,
                allow_redirects=False,
            ),
            deadline=DEADLINE,
        )
        try:
            answer = parse_json(response)
        except ValueError:
            raise self._unreadable(path, response.status_code) from None
        if not isinstance(answer, dict):
            raise self._unreadable(path, response.status_code)
        if answer.get("error"):
            raise error_of(str(answer["error"]), method=path, status=response.status_code)
        if response.status_code >= 400:  # noqa: PLR2004 - the first HTTP error status
            raise self._unreadable(path, response.status_code)
        return answer

    def _unreadable(self, path: str, status: int) -> ClientError:
        # VK may have exchanged or rotated before its answer broke.
        return Transient(
            Service.VK,
            VkIdError.BAD_JSON,
            "not an answer of VK ID",
            method=path,
            status=status,
            may_have_run=True,
        )


def error_of(name: str, *, method: str = "authorize", status: int = 0) -> ClientError:
    """Return VK ID's error, from an answer or from the address it sent the browser back to.

    Its description is left out: it may quote what we sent.
    """
    row = CODES.get(f"vk_id.{name}", CODES[VkIdError.UNKNOWN])
    return error_from_row(Service.VK, row, name[:64], method=method, status=status)
