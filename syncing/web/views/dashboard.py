"""The first page: a welcome for visitors, the state of the shop for merchants."""

from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import user_of
from accounts.impersonation import viewable_by_support
from evosync.common import clock
from syncing.choices import ComputationKind
from syncing.models import Listing, SyncJob
from syncing.services.inputs import rule_inputs, shop_state
from syncing.web.presenters.computation_state import computation_state
from syncing.web.presenters.dashboard import dashboard, is_cut_off
from syncing.web.presenters.history import job_error
from syncing.web.presenters.readiness import readiness
from syncing.web.views import computed


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


@viewable_by_support
@vary_on_headers("HX-Request")
@login_required
@require_safe
def show_readiness(request: HttpRequest) -> HttpResponse:
    """Answer with how many goods are ready; a worker counts again what a change has made old.

    Where no script asks, the first page shows it as soon as it is there.
    """
    user = user_of(request)
    if computed.has_nothing_new(request, user, ComputationKind.CATALOG):
        return computed.nothing_new()
    shop = shop_state(user)
    given = replace(rule_inputs(user), shop=shop)
    row = computed.last_result(request, user, ComputationKind.CATALOG, given)
    if not request.headers.get("HX-Request"):
        return redirect("syncing:dashboard")
    last = SyncJob.objects.for_user(user).finished().newest().first()
    in_vk = Listing.objects.for_user(user).in_community(shop.community).in_vk().count()
    context = {
        "readiness": readiness(
            user,
            row,
            community=shop.community,
            in_vk=in_vk,
            last=last,
            is_cut_off=is_cut_off(user),
        ),
        "state": computation_state(row, now=clock.now()),
    }
    return render(request, "syncing/_readiness.html", context)
