"""A look of support at a merchant's pages: which, how it is shown, how it ends.

The session stays that of the member of staff. Only the merchant's own pages in LOOKED_AT, and only to be
read, are shown as the merchant sees them; none of them has a secret on it. Everything that would write,
ask Evotor or VK in the merchant's name, or show a secret (feed address, link codes, his data) is refused.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import SupportVisit, User
from accounts.support_access import end_visit, find_visit

SESSION_KEY = "support_visit"
LOOKED_AT = frozenset(
    {
        "syncing:dashboard",
        "syncing:sync",
        "syncing:filters",
        "syncing:rules",
        "syncing:history",
        "syncing:job",
        "syncing:job_progress",
        "catalog:list",
        "catalog:product",
        "catalog:why",
        "catalog:photos",
        "catalog:photo",
        "connections:index",
        "connections:onboarding",
    }
)
# What works in a look as at other times, in the name of the member of staff.
OWN = frozenset({"accounts:end_visit", "account_logout", "accounts:language"})


def remember_visit(request: HttpRequest, visit: SupportVisit) -> HttpResponse:
    """Keep the look in the session of the member of staff and go to the merchant's first page."""
    request.session[SESSION_KEY] = visit.pk
    return redirect("syncing:dashboard")


def forget_visit(request: HttpRequest) -> None:
    """End the look that the session holds, if there is one."""
    pk = request.session.pop(SESSION_KEY, None)
    if pk is not None and isinstance(request.user, User):
        end_visit(pk, staff=request.user, now=timezone.now())


class LookingMiddleware:
    """Shows a merchant's pages to the member of staff who is looking at them."""

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
        if name in OWN:
            return None
        visit = find_visit(pk, staff=request.user, now=timezone.now())
        if visit is None or visit.merchant is None:
            forget_visit(request)
            messages.info(request, _("The look at the merchant's pages has ended."))
            return redirect("admin:index")
        request.support_visit = visit  # type: ignore[attr-defined]
        is_reading = request.method in {"GET", "HEAD"}
        if name.startswith("admin:") and is_reading:
            return None
        if name not in LOOKED_AT or not is_reading:
            return render(request, "accounts/impersonation_refused.html", status=403)
        request.user = visit.merchant
        return None
