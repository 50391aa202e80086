"""VK ID: OAuth 2.1 with PKCE, device ids and rotating refresh tokens (reference, vk.md §5.3).

The consent page is plain HTML with two buttons, so that a browser can press them. What VK leaves
open is a field of `VkIdRules`.
"""

import base64
import hashlib
import html
import itertools
import re
import threading
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from sandbox.fault_effects import apply_fault
from sandbox.vk.records import Person, Token
from sandbox.vk.state import VkState
from sandbox.vk.vk_id_records import Grant, OAuthError, VkApp, VkIdRules
from sandbox.wire import Request, Response

STATE: Final = re.compile(r"[A-Za-z0-9_-]{32,}")
VERIFIER: Final = re.compile(r"[A-Za-z0-9._~-]{43,128}")
CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
PERSONAL: Final = "vkid.personal_info"
PAGE: Final = """<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8"><title>VK ID</title></head>
<body><h1>Вход с VK ID</h1><p>{person} · приложение {client}</p><p>Доступ: {scope}</p>
<form method="post" action="/authorize">{fields}{people}
<button name="decision" value="allow" id="allow">Разрешить</button>
<button name="decision" value="deny" id="deny">Отказать</button></form></body></html>"""


class VkId:
    """Serves `/authorize`, `/oauth2/auth`, `/oauth2/revoke`, `/oauth2/logout`, `/oauth2/user_info`."""

    def __init__(self, state: VkState) -> None:
        self.state = state
        self.rules = VkIdRules()
        self.apps: dict[str, VkApp] = {}
        self.lock = threading.RLock()
        self._codes: dict[str, Grant] = {}
        self._refresh: dict[str, Grant] = {}
        self._numbers = itertools.count(1)

    def add_app(
        self, client_id: str, *, redirect_uris: tuple[str, ...] = (), allowed: tuple[str, ...] | None = None
    ) -> VkApp:
        """Register an application; `allowed` narrows the scopes that VK grants it."""
        app = VkApp(client_id, f"secret-of-{client_id}", set(redirect_uris))
        if allowed is not None:
            app.allowed = frozenset(allowed)
        self.apps[client_id] = app
        return app

    def widen_grants(self, rights: frozenset[str], *, named: bool) -> None:
        """Let VK's moderators agree: every app and every login that is there has these rights from now on.

        Unless `named`, renewing a token does not tell so.
        """
        with self.lock:
            for app in self.apps.values():
                app.allowed = rights
            for grant in self._codes.values():
                grant.silent_scope = frozenset() if named else rights
                if named:
                    grant.scope = rights

    def handle(self, request: Request) -> Response | None:
        """Answer a request for VK ID; None where the path is not VK ID's."""
        name = request.path.strip("/")
        routes = {
            "authorize": self._authorize,
            "oauth2/auth": self._auth,
            "oauth2/revoke": self._revoke,
            "oauth2/logout": self._revoke,
            "oauth2/user_info": self._user_info,
        }
        if name not in routes:
            return None
        fields = request.form()
        fault = self.state.faults.take(name)
        if fault and fault.kind == "action" and fault.do:
            fault.do()
        if fault and fault.unexecuted:
            return apply_fault(Response(), fault)
        if fault and fault.kind == "error":
            return self._error(OAuthError(fault.text or "server_error", "planned fault"), fields)
        try:
            with self.lock, self.state.lock:
                response = routes[name](request, fields)
        except OAuthError as error:
            response = self._error(error, fields)
        return apply_fault(response, fault)

    def _error(self, error: OAuthError, fields: dict[str, str]) -> Response:
        body = {
            "error": error.error,
            "error_description": error.description,
            "state": fields.get("state", ""),
        }
        return Response.of_json(body, self.rules.error_status)

    # -- consent ---------------------------------------------------------------------------------

    def _authorize(self, request: Request, fields: dict[str, str]) -> Response:
        app = self._app(fields)
        redirect_uri = fields.get("redirect_uri", "")
        if not self._may_return_to(app, redirect_uri):
            raise OAuthError("invalid_request", "redirect_uri is not registered for this application")
        self._check_request(fields)
        if request.verb != "POST":
            return self._page(app, fields)
        if fields.get("decision") != "allow":
            refusal = {"error": "access_denied", "error_description": "The user refused"}
            return _redirect(redirect_uri, refusal | {"state": fields["state"]})
        code, grant = self._consent(app, fields)
        back = {"code": code, "device_id": grant.device_id, "state": fields["state"], "type": "code_v2"}
        return _redirect(redirect_uri, back | {"expires_in": str(int(self.rules.code_seconds))})

    def _check_request(self, fields: dict[str, str]) -> None:
        if fields.get("response_type") != "code":
            raise OAuthError("invalid_request", "response_type is invalid")
        if not STATE.fullmatch(fields.get("state", "")):
            raise OAuthError("invalid_request", "state is invalid")
        if fields.get("code_challenge_method", "").upper() != "S256":
            raise OAuthError("invalid_request", "code_challenge_method is invalid")
        if not CHALLENGE.fullmatch(fields.get("code_challenge", "")):
            raise OAuthError("invalid_request", "code_challenge is invalid")

    def _page(self, app: VkApp, fields: dict[str, str]) -> Response:
        people = self.state.people
        person = people[self.state.user_id]
        hidden = "".join(
            f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
            for name, value in fields.items()
        )
        text = PAGE.format(
            person=html.escape(f"{person.first_name} {person.last_name}"),
            client=html.escape(app.client_id),
            scope=html.escape(fields.get("scope", PERSONAL)),
            fields=hidden,
            people=_choice_of(people) if len(people) > 1 else "",
        )
        return Response.of_html(text)

    def _person(self, fields: dict[str, str]) -> int:
        """Return who logs in: the person chosen on the page, else the first one."""
        chosen = fields.get("person", "")
        if chosen.isdigit() and int(chosen) in self.state.people:
            return int(chosen)
        return self.state.user_id

    def _consent(self, app: VkApp, fields: dict[str, str]) -> tuple[str, Grant]:
        number = next(self._numbers)
        granted = frozenset(fields.get("scope", "").split()) & app.allowed
        grant = Grant(
            app,
            self._person(fields),
            granted or frozenset({PERSONAL}),
            fields["redirect_uri"],
            fields["code_challenge"],
            _opaque("device", number),
            self.state.clock() + self.rules.code_seconds,
        )
        code = f"vk2.a.code-{_opaque('code', number)}"
        self._codes[code] = grant
        return code, grant

    # -- tokens ----------------------------------------------------------------------------------

    def _auth(self, request: Request, fields: dict[str, str]) -> Response:
        if request.verb != "POST":
            raise OAuthError("invalid_request", "POST is expected")
        app = self._app(fields)
        match fields.get("grant_type"):
            case "authorization_code":
                grant = self._redeem_code(app, fields)
            case "refresh_token":
                grant = self._rotate(app, fields)
            case _:
                raise OAuthError("invalid_request", "grant_type is invalid")
        return self._issue(grant, fields)

    def _redeem_code(self, app: VkApp, fields: dict[str, str]) -> Grant:
        grant = self._codes.get(fields.get("code", ""))
        if grant is None or grant.app is not app:
            raise OAuthError("invalid_grant", "code is invalid")
        if grant.code_used or grant.dead or grant.code_until < self.state.clock():
            raise OAuthError("invalid_grant", "code is expired or used")
        self._check_device(grant, fields)
        if fields.get("redirect_uri") != grant.redirect_uri:
            raise OAuthError("invalid_request", "redirect_uri does not match")
        verifier = fields.get("code_verifier", "")
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if not VERIFIER.fullmatch(verifier) or digest != grant.challenge:
            raise OAuthError("invalid_grant", "code_verifier is invalid")
        grant.code_used = True
        return grant

    def _rotate(self, app: VkApp, fields: dict[str, str]) -> Grant:
        value = fields.get("refresh_token", "")
        grant = self._refresh.get(value)
        if grant is None or grant.app is not app or grant.dead:
            raise OAuthError("invalid_grant", "refresh_token is invalid")
        self._check_device(grant, fields)
        if value != grant.refresh:
            if self.rules.reuse_kills_session:
                self._kill(grant)
            raise OAuthError("invalid_grant", "refresh_token was used before")
        if grant.refresh_until < self.state.clock():
            raise OAuthError("invalid_grant", "refresh_token has expired")
        return grant

    def _issue(self, grant: Grant, fields: dict[str, str]) -> Response:
        scope = grant.scope | grant.silent_scope
        access = self.state.add_token(user_id=grant.user_id, scope=scope, lives=self.rules.access_seconds)
        grant.access.append(access)
        grant.refresh = f"vk2.a.refresh-{_opaque('refresh', next(self._numbers))}"
        grant.refresh_until = self.state.clock() + self.rules.refresh_seconds
        self._refresh[grant.refresh] = grant
        return Response.of_json(
            {
                "access_token": access.value,
                "refresh_token": grant.refresh,
                "id_token": f"id.{_opaque('id', grant.user_id)}",
                "token_type": "Bearer",
                "expires_in": int(self.rules.access_seconds),
                "user_id": grant.user_id,
                "state": fields.get("state", ""),
                "scope": " ".join(sorted(grant.scope)),
            }
        )

    def _revoke(self, _request: Request, fields: dict[str, str]) -> Response:
        self._app(fields)
        token = self._live(fields)
        for grant in self._codes.values():
            if token in grant.access:
                self._kill(grant)
        token.revoked = True
        return Response.of_json({"response": 1})

    def _user_info(self, _request: Request, fields: dict[str, str]) -> Response:
        self._app(fields)
        person = self.state.people[self._live(fields).user_id]
        user: dict[str, Any] = {
            "user_id": str(person.id),
            "first_name": person.first_name,
            "last_name": person.last_name,
            "avatar": "",
            "sex": 1,
            "verified": False,
        }
        return Response.of_json({"user": user})

    def _live(self, fields: dict[str, str]) -> Token:
        token = self.state.tokens.get(fields.get("access_token", ""))
        expired = token and token.expires_at is not None and token.expires_at <= self.state.clock()
        if token is None or token.revoked or expired:
            raise OAuthError("invalid_token", "access_token is invalid")
        return token

    def _kill(self, grant: Grant) -> None:
        grant.dead = True
        for token in grant.access:
            token.revoked = True

    def _app(self, fields: dict[str, str]) -> VkApp:
        app = self.apps.get(fields.get("client_id", ""))
        if app is None:
            raise OAuthError("invalid_client", "client_id is invalid")
        secret = fields.get("client_secret")
        if secret and secret != app.client_secret:
            raise OAuthError("invalid_client", "client_secret is invalid")
        return app

    def _may_return_to(self, app: VkApp, address: str) -> bool:
        local = address.startswith(("http://127.0.0.1:", "http://localhost:"))
        return address in app.redirect_uris or (self.rules.any_redirect and local)

    def _check_device(self, grant: Grant, fields: dict[str, str]) -> None:
        if fields.get("device_id") != grant.device_id:
            raise OAuthError("invalid_request", "device_id is invalid")


def _choice_of(people: Mapping[int, Person]) -> str:
    options = "".join(
        f'<option value="{one.id}">{html.escape(f"{one.first_name} {one.last_name}")}</option>'
        for one in people.values()
    )
    return f'<p><label>Войти как <select name="person">{options}</select></label></p>'


def _opaque(kind: str, number: int) -> str:
    return hashlib.sha256(f"sandbox/{kind}/{number}".encode()).hexdigest()[:32]


def _redirect(address: str, fields: dict[str, str]) -> Response:
    sign = "&" if "?" in address else "?"
    return Response(302, headers={"Location": f"{address}{sign}{urlencode(fields)}"})
