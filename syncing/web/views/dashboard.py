"""The first page: a welcome for visitors, the state of the shop for merchants."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import user_of
from accounts.impersonation import viewable_by_support
from evosync.common import clock
from syncing.web.presenters.dashboard import dashboard
from syncing.web.presenters.history import job_error


@viewable_by_support
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show accuracy, jobs and what needs attention."""
    if not request.user.is_authenticated:
        return render(request, "syncing/welcome.html")
    page = dashboard(user_of(request), now=clock.now())
    error = job_error(page.last) if page.last else None
    return render(
        request,
        "syncing/dashboard.html",
        {"page": page, "last_error": error},
    )
