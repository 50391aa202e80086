"""Evotor's OAuth: consent of a merchant who has installed the application.

Written from Evotor's OAuth guide of 2019 (reference/evotor.md §1.6). Whether the refresh token is
replaced at a refresh, and whether `state` comes back, is not documented: both are handled.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import requests

from connections.clients.error_catalog import EvotorOAuthError
from connections.clients.errors import ActionRequired, AuthRevoked, InvalidRequest, Transient
from connections.clients.http import new_session, parse_json, send
from connections.clients.instrumentation import measured
from connections.clients.lifetime import read_lifetime
from connections.clients.service import Interface, Service

TIMEOUT = (10, 40)
DEADLINE = 60.0
SERVER_ERROR = 500
# Statuses that refuse a consent without a word why.
REFUSALS = (400, 401, 403)
# Errors of OAuth that say nothing of the consent.
PASSING = ("server_error", "temporarily_unavailable", "slow_down")
ERROR = 400


@dataclass(frozen=True, slots=True)
class EvotorTokens:
    """What Evotor's OAuth gives; `expires_in` is in seconds, the refresh token may be missing."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int | None


class EvotorOAuthClient:
    """Speaks with Evotor's OAuth in the name of our application. `base_url` is scheme and host."""

    def __init__(
        self,
        *,
        base_url: str,
        client_id: str,
        client_secret: str,
        ca_bundle: str = "",
        session: requests.Session | None = None,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._client_id = client_id
        self._client_secret = client_secret
        self._verify: str | bool = ca_bundle or True
        self._session = session or new_session()

    def __repr__(self) -> str:
        return f"EvotorOAuthClient({self._base_url!r}, {self._client_id!r})"

    def authorize_url(self, *, redirect_uri: str, state: str) -> str:
        """Return where the merchant's browser goes to consent."""
        fields = {
            "client_id": self._client_id,
            "response_type": "code",
            "redirect_uri": redirect_uri,
            "state": state,
        }
        return f"{self._base_url}/oauth/authorize?{urlencode(fields)}"

    def exchange_code(self, *, code: str, redirect_uri: str) -> EvotorTokens:
        """Return the tokens for a code; it works once."""
        return self._token({"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri})

    def refresh(self, refresh_token: str) -> EvotorTokens:
        """Return new tokens; where Evotor sends no new refresh token the old one stays."""
        return self._token(
            {"grant_type": "refresh_token", "refresh_token": refresh_token}, kept_refresh=refresh_token
        )

    @measured(Interface.EVOTOR_OAUTH, lambda _fields: "oauth/token")
    def _token(self, fields: dict[str, str], *, kept_refresh: str = "") -> EvotorTokens:
        response = send(
            Service.EVOTOR,
            "oauth/token",
            lambda: self._session.post(
                f"{self._base_url}/oauth/token",
                data=fields,
                auth=(self._client_id, self._client_secret),
                timeout=TIMEOUT,
                verify=self._verify,
                stream=True,
                allow_redirects=False,
            ),
            deadline=DEADLINE,
        )
        status = response.status_code
        try:
            answer = parse_json(response)
        except ValueError:
            answer = None
        if status >= SERVER_ERROR or not isinstance(answer, dict):
            raise Transient(Service.EVOTOR, EvotorOAuthError.BAD_JSON, status=status, may_have_run=True)
        token = answer.get("access_token")
        match answer.get("error"):
            case None | "" if status < ERROR and token and isinstance(token, str):
                return EvotorTokens(
                    token,
                    str(answer.get("refresh_token") or kept_refresh),
                    read_lifetime(answer.get("expires_in")),
                )
            case "access_denied":
                raise ActionRequired(Service.EVOTOR, EvotorOAuthError.ACCESS_DENIED, status=status)
            case "invalid_client" | "unauthorized_client":
                raise InvalidRequest(Service.EVOTOR, EvotorOAuthError.INVALID_CLIENT, status=status)
            case error if not _is_refusal(error, status):
                raise Transient(Service.EVOTOR, EvotorOAuthError.BAD_JSON, status=status, may_have_run=True)
        raise AuthRevoked(Service.EVOTOR, EvotorOAuthError.INVALID_GRANT, status=status)


def _is_refusal(error: Any, status: int) -> bool:
    """Return True if this ends a consent. Without an error's name only the status can say so."""
    return error not in PASSING if error and isinstance(error, str) else status in REFUSALS
