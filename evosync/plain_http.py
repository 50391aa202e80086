"""What becomes of a request without TLS: pages that are read move to HTTPS, everything else is refused.

A redirect would lose a webhook's body, and a secret address that travels in clear would work for years
without anybody noticing: that of a feed, of photos from the shelf, of a link in a message. An error is
noticed at once, and a person is told to take another link.
"""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation

from evosync.common.telemetry.secret_paths import has_secret

WEBHOOKS = "/evotor/"
# Read by programs, which show nobody a page.
FEED, FEED_FILES = "/feed/", (".yml", ".xml", ".jpg")
# RFC 9110 asks for both with this status.
HEADERS = {"Upgrade": "TLS/1.2, HTTP/1.1", "Connection": "Upgrade", "Cache-Control": "no-store"}


class PlainHttpMiddleware:
    """Answers 426 over plain HTTP, except where a browser that reads is sent to HTTPS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse or pass on."""
        if not settings.SECURE_SSL_REDIRECT or request.is_secure():
            return self.get_response(request)
        if request.path.startswith(WEBHOOKS):
            error = {"errors": [{"code": 2001, "reason": "HTTPS is required"}]}
            return JsonResponse(error, status=HTTPStatus.UPGRADE_REQUIRED, headers=HEADERS)
        if request.method not in {"GET", "HEAD"} or _is_feed(request.path):
            return HttpResponse(
                "HTTPS is required.\n",
                content_type="text/plain",
                status=HTTPStatus.UPGRADE_REQUIRED,
                headers=HEADERS,
            )
        if has_secret(request.path):
            return take_another_link(request)
        return self.get_response(request)


def _is_feed(path: str) -> bool:
    return path.startswith(FEED) and path.endswith(FEED_FILES)


def take_another_link(request: HttpRequest) -> HttpResponse:
    """Tell a person that somebody may have read the link on its way."""
    with translation.override(translation.get_language_from_request(request)):
        page = render_to_string("426.html")
    return HttpResponse(page, status=HTTPStatus.UPGRADE_REQUIRED, headers=HEADERS)
