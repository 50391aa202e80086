"""Goods that VK may not take: the page that lists them, and the buttons that decide."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import user_of
from accounts.impersonation import viewable_by_support
from evosync.common import clock
from syncing.choices import ComputationKind, RestrictedVerdict
from syncing.jobs import computations
from syncing.jobs.triggers import on_decision
from syncing.services import restricted_decisions
from syncing.services.catalog_reasons import CatalogReasons
from syncing.services.inputs import rule_inputs
from syncing.services.restricted_decisions import CannotDecide
from syncing.web.forms.restricted import DecisionForm, UndoForm
from syncing.web.presenters.computation_state import computation_state
from syncing.web.presenters.restricted_goods import check_page
from syncing.web.presenters.till_state import till_state
from syncing.web.views import computed
from syncing.web.views.access import product_of
from syncing.web.views.next_run import say_done


@viewable_by_support
@vary_on_headers("HX-Request")
@login_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show the goods that wait for a decision and the decisions made."""
    user = user_of(request)
    if computed.has_nothing_new(request, user, ComputationKind.CATALOG):
        return computed.nothing_new()
    given = rule_inputs(user)
    row = computed.last_result(request, user, ComputationKind.CATALOG, given)
    reasons = CatalogReasons.from_json(row.result) if row.result else None
    context = {
        "page": check_page(user, reasons, given),
        "is_known": reasons is not None,
        "state": computation_state(row, now=clock.now()),
        "till": "" if reasons and reasons.total else till_state(user),
    }
    template = "catalog/_check.html" if request.headers.get("HX-Request") else "catalog/check.html"
    return render(request, template, context)


@login_required
@require_POST
def check_again(request: HttpRequest) -> HttpResponse:
    """Have the catalogue looked through again."""
    computations.ask(user_of(request), ComputationKind.CATALOG)
    return redirect("catalog:check")


@login_required
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a decision about a product's name, brand or group, and go back to where the button stood."""
    product = product_of(request, pk)
    form = DecisionForm(request.POST)
    if form.is_valid():
        scope, verdict, confirmed = form.cleaned_data["choice"]
        try:
            restricted_decisions.decide(product, scope=scope, verdict=verdict, confirmed=confirmed)
        except CannotDecide as error:
            messages.error(request, str(error))
        else:
            on_decision(product.user)
            say_done(request, _decided_text(verdict))
    else:
        messages.error(request, _("Nothing was decided. Press one of the buttons of the page."))
    if request.GET.get("from") == "product":
        return redirect("catalog:product", pk=product.pk)
    return redirect("catalog:check")


def _decided_text(verdict: str) -> str:
    if verdict == RestrictedVerdict.ALLOWED:
        return _("Kept: it may be sold. The next run puts it into VK.")
    return _("Kept: it stays out of VK. If VK shows it, the next run hides it.")


@login_required
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take a decision back. A second tap finds it gone, and that is said and no error."""
    user = user_of(request)
    form = UndoForm(request.POST)
    if form.is_valid() and restricted_decisions.undo(user, form.cleaned_data["decision"]):
        on_decision(user)
        say_done(
            request, _("The decision is taken back: the next run treats its goods as if you had not decided.")
        )
    else:
        messages.info(request, _("This decision is no longer there."))
    return redirect("catalog:check")
