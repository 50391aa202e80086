"""The site's addresses, and one for each error page that nobody reaches on purpose."""

from allauth.core.ratelimit import respond_429
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.csrf import csrf_failure

from evosync.urls import urlpatterns as site


def forbidden(request: HttpRequest) -> HttpResponse:
    """Refuse, as a page of somebody else's."""
    raise PermissionDenied


def broken(request: HttpRequest) -> HttpResponse:
    """Break, as a page with a bug."""
    raise RuntimeError("a bug, on purpose")


urlpatterns = [
    *site,
    path("errors/403/", forbidden),
    path("errors/403-form/", csrf_failure),
    path("errors/429/", respond_429),
    path("errors/500/", broken),
]
