"""The first page: a welcome for visitors, the state of the shop for merchants."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from syncing.web.presenters.dashboard import DAYS, dashboard
from syncing.web.presenters.history import run_trouble
from syncing.web.views.access import merchant


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show how true the shop is, what ran and what needs a hand."""
    if not request.user.is_authenticated:
        return render(request, "syncing/welcome.html")
    page = dashboard(merchant(request), now=timezone.now())
    trouble = run_trouble(page.last) if page.last else None
    return render(
        request,
        "syncing/dashboard.html",
        {"page": page, "days": DAYS, "last_trouble": trouble},
    )
