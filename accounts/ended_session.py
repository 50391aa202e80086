"""A button that is pressed after the login has ended does nothing, and says so.

Logging in leads to the page with the button, and not to the address that the button posts to: that one
answers no browser that only opens it.
"""

from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from accounts.recent_login import page_before


class EndedSessionMiddleware:
    """Sends anybody who pressed a button without a login back to their page by way of the login."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; a login that a POST is sent to gets another way back."""
        response = self.get_response(request)
        login = resolve_url(settings.LOGIN_URL)
        if request.method == "POST" and isinstance(response, HttpResponseRedirect) and request.path != login:
            parts = urlsplit(response["Location"])
            # Without a way back it is where a form leads that needs no login, such as a confirmed address.
            wants_login = parts.path == login and "next" in parse_qs(parts.query)
            if wants_login and not request.user.is_authenticated:
                response["Location"] = f"{login}?{urlencode({'next': page_before(request, default='/')})}"
                text = _("Your login had ended, so nothing was done. Log in, and press the button once more.")
                messages.info(request, text)
        return response
