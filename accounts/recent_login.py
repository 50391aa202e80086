"""A stolen session is not an account: what matters asks for the password or the factor again.

A login, or a password or code that was typed again, counts for RECENT_LOGIN_SECONDS.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.access import user_of
from evosync.common import clock

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

LOGGED_IN_AT = "logged_in_at"
# When the session began, and when it was last used, to a tenth of the time that it may be idle.
BEGAN_AT, SEEN_AT = "began_at", "seen_at"
HOUR, DAY = 3600, 86_400
# The hosts' clocks are set by one, each with an error of its own: so many seconds are no other moment.
HOSTS_DIFFER = 1.0


def note_login(request: HttpRequest) -> None:
    """Store the moment of a login in its session."""
    now = clock.time()
    request.session[LOGGED_IN_AT] = request.session[BEGAN_AT] = request.session[SEEN_AT] = now


def has_logged_in_recently(request: HttpRequest) -> bool:
    """Return True if this session's login is younger than RECENT_LOGIN_SECONDS."""
    moment = request.session.get(LOGGED_IN_AT, 0)
    age = clock.time() - float(moment)
    return bool(-HOSTS_DIFFER < age < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def is_recent(request: HttpRequest) -> bool:
    """Return True if the person has logged in, or shown the password or the factor again, a moment ago."""
    return has_logged_in_recently(request) or did_recently_reauthenticate(request)


def has_shown_factor(request: HttpRequest) -> bool:
    """Return True if this session has shown a second factor: a code of the app, or a recovery code."""
    records = get_authentication_records(request, user_of(request))
    return any(record["method"] == "mfa" for record in records)


def recent_login_required(*, back: str = "") -> Callable[[View[P]], View[P]]:
    """Make a view that asks for the password or the factor first, unless it was shown a moment ago.

    Nothing of the request is kept meanwhile, so no secret that was typed waits in a session: the person
    comes back to the page that they were on, or to `back`, and presses the button again.
    """

    def decorator(view: View[P]) -> View[P]:
        @wraps(view)
        def wrapper(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if is_recent(request):
                return view(request, *args, **kwargs)
            return ask_again(request, back=resolve_url(back) if back else page_before(request))

        return wrapper

    return decorator


class RecentLoginMiddleware:
    """Ends sessions that are too old, and asks again where allauth's own views want it.

    Nothing of the request is kept meanwhile, as allauth would.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; a session that is too old is logged out first."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            _end_if_too_old(request, is_staff=request.user.is_staff)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a view that wants a recent login."""
        if not isinstance(exception, ReauthenticationRequired):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if request.method == "GET":
            return _ask(request, back=request.get_full_path())
        return ask_again(request, back=page_before(request))


def _end_if_too_old(request: HttpRequest, *, is_staff: bool) -> None:
    """Log out after the longest life of a session; each day of use puts off the end of an idle one."""
    now = clock.time()
    began, seen = float(request.session.get(BEGAN_AT, 0)), float(request.session.get(SEEN_AT, 0))
    if not began:
        # A session from before this was counted begins now.
        request.session[BEGAN_AT] = request.session[SEEN_AT] = now
        return
    longest, idle = (
        (settings.STAFF_SESSION_HOURS * HOUR, settings.STAFF_IDLE_HOURS * HOUR)
        if is_staff
        else (settings.SESSION_DAYS * DAY, settings.SESSION_COOKIE_AGE)
    )
    if now - began > longest or now - seen > idle:
        logout(request)
        messages.info(request, _("You were logged in for a long time. Log in again, please."))
    elif now - seen > min(DAY, idle / 10):
        request.session[SEEN_AT] = now


def ask_again(request: HttpRequest, *, back: str) -> HttpResponse:
    """Send the person to the page that asks for the password or the factor, and from there to `back`."""
    messages.info(request, _("First show that it is you. Then press the button once more."))
    return _ask(request, back=back)


def _ask(request: HttpRequest, *, back: str) -> HttpResponse:
    methods = get_adapter().get_reauthentication_methods(user_of(request))
    address = f"{methods[0]['url']}?{urlencode({'next': back})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


def page_before(request: HttpRequest, *, default: str = "accounts:profile") -> str:
    """Return the path of the page on our site that the request was made from, or of `default`."""
    address = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        parts = urlsplit(address)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return resolve_url(default)
