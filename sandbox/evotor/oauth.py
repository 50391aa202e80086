"""Evotor's OAuth: the consent page and the token address (reference, evotor.md §1.6).

Codes live ten minutes and work once; a refresh gives a new pair and ends the old refresh token,
which Evotor does not promise but a client has to survive.
"""

import base64
import binascii
import hashlib
import html
import itertools
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from sandbox.evotor.state import EvotorState
from sandbox.fault_effects import apply_fault
from sandbox.wire import Request, Response

ACCESS_SECONDS: Final = 604_800
CODE_SECONDS: Final = 600
FIELDS: Final = ("client_id", "response_type", "redirect_uri", "state")
PAGE: Final = """<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8"><title>Эвотор</title></head>
<body><h1>Доступ к Эвотор</h1><p>Приложение {client}</p>
<form method="post" action="/oauth/authorize">{fields}
<button name="decision" value="allow" id="allow">Разрешить</button>
<button name="decision" value="deny" id="deny">Отказать</button></form></body></html>"""


@dataclass(slots=True)
class OAuthClient:
    """An OAuth client of the application, of the kind `web`. An empty set of addresses allows any."""

    client_id: str = "evotor-client"
    client_secret: str = field(default="evotor-client-secret", repr=False)
    redirect_uris: set[str] = field(default_factory=set)


class EvotorOAuth:
    """Serves `/oauth/authorize` and `/oauth/token`; the person who consents owns the first account."""

    def __init__(self, state: EvotorState) -> None:
        self.client = OAuthClient()
        self._state = state
        self._codes: dict[str, tuple[str, float]] = {}
        self._refresh: set[str] = set()
        self._numbers = itertools.count(1)

    def handle(self, request: Request) -> Response:
        """Answer one request below `/oauth/`."""
        name = request.path.strip("/")
        fault = self._state.faults.take(name)
        if fault and fault.kind == "action" and fault.do:
            fault.do()
        if fault and fault.unexecuted:
            return apply_fault(Response(), fault)
        fields = request.form()
        with self._state.lock:
            if name == "oauth/authorize":
                response = self._authorize(request, fields)
            elif name == "oauth/token" and request.verb == "POST":
                response = self._token(request, fields)
            else:
                response = Response.of_html("<h1>404 Not Found</h1>", 404)
        return apply_fault(response, fault)

    def _authorize(self, request: Request, fields: dict[str, str]) -> Response:
        address = fields.get("redirect_uri", "")
        known = address in self.client.redirect_uris or (address and not self.client.redirect_uris)
        if fields.get("client_id") != self.client.client_id or not known:
            return _refusal("invalid_request", "client_id or redirect_uri is not registered")
        if fields.get("response_type") != "code":
            return _refusal("unsupported_response_type", "code is expected")
        if request.verb != "POST":
            hidden = "".join(
                f'<input type="hidden" name="{name}" value="{html.escape(fields[name])}">'
                for name in FIELDS
                if name in fields
            )
            return Response.of_html(PAGE.format(client=html.escape(fields["client_id"]), fields=hidden))
        answer = {"error": "access_denied"}
        if fields.get("decision") == "allow":
            code = self._opaque("code")
            self._codes[code] = (address, self._state.clock() + CODE_SECONDS)
            answer = {"code": code}
        if "state" in fields:
            answer["state"] = fields["state"]
        sign = "&" if "?" in address else "?"
        return Response(302, headers={"Location": f"{address}{sign}{urlencode(answer)}"})

    def _token(self, request: Request, fields: dict[str, str]) -> Response:
        wanted = f"{self.client.client_id}:{self.client.client_secret}"
        if _basic(request) != wanted:
            return _refusal("invalid_client", "Bad client credentials", 401)
        if fields.get("grant_type") == "authorization_code":
            address, until = self._codes.pop(fields.get("code", ""), ("", 0.0))
            if until < self._state.clock() or fields.get("redirect_uri") != address:
                return _refusal("invalid_grant", "Invalid authorization code")
        elif fields.get("grant_type") == "refresh_token":
            if fields.get("refresh_token", "") not in self._refresh:
                return _refusal("invalid_grant", "Invalid refresh token")
            self._refresh.discard(fields["refresh_token"])
        else:
            return _refusal("unsupported_grant_type", "Unsupported grant type")
        access, refresh = self._opaque("access"), self._opaque("refresh")
        self._refresh.add(refresh)
        self._state.add_oauth_token(access, lives=ACCESS_SECONDS)
        return Response.of_json(
            {
                "access_token": access,
                "token_type": "bearer",
                "refresh_token": refresh,
                "expires_in": ACCESS_SECONDS - 1,
                "scope": "store:read product:read product.quantity:read product-group:read",
            }
        )

    def _opaque(self, kind: str) -> str:
        return hashlib.sha256(f"evotor/{kind}/{next(self._numbers)}".encode()).hexdigest()[:40]


def _basic(request: Request) -> str:
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(rest, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _refusal(error: str, description: str, status: int = 400) -> Response:
    return Response.of_json({"error": error, "error_description": description}, status)
