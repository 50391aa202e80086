"""What becomes of a request without TLS: pages that are read move to HTTPS, everything else is refused.

A redirect would lose a webhook's body, and a feed whose secret address travels in clear would work for
years without anybody noticing. An error is noticed at once.
"""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

WEBHOOKS = "/evotor/"
# Read by programs at an address that is a secret.
FEED, FEED_FILES = "/feed/", (".yml", ".jpg")
# RFC 9110 asks for both with this status.
HEADERS = {"Upgrade": "TLS/1.2, HTTP/1.1", "Connection": "Upgrade", "Cache-Control": "no-store"}


class PlainHttpMiddleware:
    """Answers 426 over plain HTTP, except where a browser that reads is sent to HTTPS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse or pass on."""
        if not settings.SECURE_SSL_REDIRECT or request.is_secure() or _is_read_by_a_person(request):
            return self.get_response(request)
        if request.path.startswith(WEBHOOKS):
            error = {"errors": [{"code": 2001, "reason": "HTTPS is required"}]}
            return JsonResponse(error, status=HTTPStatus.UPGRADE_REQUIRED, headers=HEADERS)
        return HttpResponse(
            "HTTPS is required.\n",
            content_type="text/plain",
            status=HTTPStatus.UPGRADE_REQUIRED,
            headers=HEADERS,
        )


def _is_read_by_a_person(request: HttpRequest) -> bool:
    if request.method not in {"GET", "HEAD"} or request.path.startswith(WEBHOOKS):
        return False
    return not (request.path.startswith(FEED) and request.path.endswith(FEED_FILES))
