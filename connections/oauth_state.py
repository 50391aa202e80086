"""What both logins by redirect share: a state that works once, for one session and a few minutes."""

import hmac
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from connections.choices import RefusalCode
from connections.clients.vk.vk_id import new_state
from connections.errors import CannotConnect
from evosync.common import clock

# The other side's code lives for ten minutes; a login that took longer starts again.
MAX_AGE = 900

Login = dict[str, Any]


def start_login(
    session: SessionBase, key: str, user: AbstractBaseUser | AnonymousUser, *, target: str, **more: str
) -> Login:
    """Note a login that starts now; the answer has its fresh `state`. An older one of this kind ends."""
    login: Login = {
        "state": new_state(),
        "next": target,
        "user": user.pk,
        "started": int(clock.time()),
        **more,
    }
    session[key] = login
    return login


def pop_login(session: SessionBase, key: str) -> Login:
    """Return the login that this session has started and forget it, so that its state works once."""
    login: Login = session.pop(key, {})
    return login


def check_state(request: HttpRequest, login: Login) -> None:
    """Raise CannotConnect unless the browser came back from exactly this login."""
    given, known = request.GET.get("state", ""), str(login.get("state", ""))
    fresh = clock.time() - int(login.get("started", 0)) <= MAX_AGE
    same = hmac.compare_digest(given.encode(), known.encode())
    if not (known and same and fresh and login.get("user") == request.user.pk):
        raise CannotConnect(
            RefusalCode.WRONG_STATE,
            _("This answer does not belong to a login that you have just started."),
            _("Nothing has changed. Press the button again."),
        )


def return_url(login: Login) -> str:
    """Return where the browser goes after the login."""
    return str(login.get("next") or reverse(settings.CONNECTIONS_URL))


def safe_next(request: HttpRequest, url: str) -> str:
    """Return this address if it is on our site, else the connections page."""
    if url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure()):
        return url
    return reverse(settings.CONNECTIONS_URL)
