"""Headers that every answer has: pages, files, webhooks, errors, the health check."""

from collections.abc import Callable
from http import HTTPStatus

from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest, HttpResponse

# They would show a request's cookies to a script, or turn us into a proxy.
REFUSED_METHODS = frozenset({"TRACE", "TRACK", "CONNECT"})
# What browsers may do for a page of ours: nothing but show it and copy a text.
FEATURES = (
    "accelerometer",
    "autoplay",
    "bluetooth",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "usb",
    "web-share",
    "window-management",
    "xr-spatial-tracking",
)
# Each holds where the answer does not say otherwise; files and the feed say how long they may be kept.
DEFAULTS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# Other sites may show a feed's pictures; nothing else of ours.
SHOWN_ELSEWHERE = "/feed/"
# The page for photos from the shelf reads barcodes with the camera, where the browser can.
WITH_CAMERA = "/shelf/"
HAS_LOGGED_OUT = "has_logged_out"


class SecurityHeadersMiddleware:
    """Sets the headers, and refuses methods that nobody needs. It stands before every other middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        user_logged_out.connect(on_user_logged_out, dispatch_uid="security_headers")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, and complete the answer."""
        if request.method in REFUSED_METHODS:
            allowed = {"Allow": "GET, HEAD, POST, PUT, OPTIONS"}
            response = HttpResponse(status=HTTPStatus.METHOD_NOT_ALLOWED, headers=allowed)
        else:
            response = self.get_response(request)
        if request.path.startswith(WITH_CAMERA):
            policy = DEFAULTS["Permissions-Policy"].replace("camera=()", "camera=(self)")
            response.headers.setdefault("Permissions-Policy", policy)
        for name, value in DEFAULTS.items():
            response.headers.setdefault(name, value)
        if not request.path.startswith(SHOWN_ELSEWHERE):
            response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if getattr(request, HAS_LOGGED_OUT, False):
            # The browser forgets pages and files of the account; Django has ended the session's cookie.
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
            response.headers["Cache-Control"] = "no-store"
        return response


def on_user_logged_out(sender: object, *, request: HttpRequest, **_kwargs: object) -> None:
    """Note that this request has ended its session."""
    setattr(request, HAS_LOGGED_OUT, True)
