"""The site's addresses, and one for each error page that nobody reaches on purpose."""

from allauth.core.ratelimit import respond_429
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.csrf import csrf_failure
from django.views.decorators.http import require_POST

from evosync import urls as site
from evosync.common.bodies import FORM_BYTES, refuse_with_page
from evosync.plain_http import take_another_link


def unreadable(request: HttpRequest) -> HttpResponse:
    """Refuse, as a request that is cut off."""
    raise BadRequest


def away(request: HttpRequest) -> HttpResponse:
    """Break, as a page whose database is away."""
    raise OperationalError("server has gone away")


def forbidden(request: HttpRequest) -> HttpResponse:
    """Refuse, as a page of somebody else's."""
    raise PermissionDenied


def broken(request: HttpRequest) -> HttpResponse:
    """Break, as a page with a bug."""
    raise RuntimeError("a bug, on purpose")


def too_big(request: HttpRequest) -> HttpResponse:
    """Refuse, as a body that is too big."""
    return refuse_with_page(request, FORM_BYTES)


def unprotected(request: HttpRequest) -> HttpResponse:
    """Refuse, as a secret link over plain HTTP; the development server takes no headers of a connection."""
    answer = take_another_link(request)
    for name in ("Upgrade", "Connection"):
        del answer[name]
    return answer


handler500 = site.handler500
urlpatterns = [
    *site.urlpatterns,
    path("errors/400/", unreadable),
    path("errors/403/", forbidden),
    path("errors/403-form/", csrf_failure),
    path("errors/405/", require_POST(broken)),
    path("errors/413/", too_big),
    path("errors/426/", unprotected),
    path("errors/429/", respond_429),
    path("errors/500/", broken),
    path("errors/503/", away),
]
