"""Read-only impersonation for support staff: they see a merchant's pages as the merchant does.

The session stays that of the member of staff. Only views marked `viewable_by_support` can be opened, and
only read; none of them shows a secret. Everything that would write, ask Evotor or VK in the merchant's
name, or show a secret (feed address, link codes, the merchant's data) is refused.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.models import SupportVisit, User
from accounts.support_access import end_visit, find_visit
from evosync.common import clock

SESSION_KEY = "support_visit"
View = TypeVar("View", bound=Callable[..., HttpResponseBase])
# What works during a visit too, in the name of the member of staff.
ALLOWED_AS_STAFF = frozenset(
    {
        "accounts:end_visit",
        "account_logout",
        "accounts:language",
        # They show nothing of anybody's.
        "manifest",
        "offline",
        "service_worker",
    }
)


def viewable_by_support(view: View) -> View:
    """Mark a page that support may read during a visit; it must show no secret."""
    view.is_viewable_by_support = True  # type: ignore[attr-defined]
    return view


def start_impersonation(request: HttpRequest, visit: SupportVisit) -> None:
    """Store the visit in the session of the member of staff."""
    request.session[SESSION_KEY] = visit.pk


def stop_impersonation(request: HttpRequest) -> None:
    """End the visit that the session holds, if there is one."""
    pk = request.session.pop(SESSION_KEY, None)
    if pk is not None and isinstance(request.user, User):
        end_visit(pk, staff=request.user, now=clock.now())


class ImpersonationMiddleware:
    """Shows a merchant's pages to the member of staff who visits them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; the choice is made once the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Put the merchant in the place of the member of staff, or refuse, or let through."""
        # Without a cookie the session is not touched, or every answer would depend on it.
        pk = request.session.get(SESSION_KEY) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        if pk is None or not isinstance(request.user, User):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in ALLOWED_AS_STAFF:
            return None
        visit = find_visit(pk, staff=request.user, now=clock.now())
        if visit is None or visit.merchant is None:
            stop_impersonation(request)
            messages.info(request, _("The look at the merchant's pages has ended."))
            return redirect("admin:index")
        request.support_visit = visit  # type: ignore[attr-defined]
        is_reading = request.method in {"GET", "HEAD"}
        if name.startswith("admin:") and is_reading:
            return None
        if not getattr(view, "is_viewable_by_support", False) or not is_reading:
            return render(request, "accounts/impersonation_refused.html", status=403)
        request.user = visit.merchant
        return None
