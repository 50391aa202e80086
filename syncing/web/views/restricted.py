"""Goods that VK may not take: the page that lists them, and the buttons that decide."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import user_of
from accounts.impersonation import viewable_by_support
from syncing.choices import RestrictedVerdict
from syncing.jobs.triggers import on_decision
from syncing.services import restricted_decisions
from syncing.services.restricted_decisions import CannotDecide
from syncing.web.forms.restricted import DecisionForm, UndoForm
from syncing.web.presenters.restricted_goods import check_page
from syncing.web.views.access import product_of


@viewable_by_support
@login_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show the goods that wait for a decision and the decisions made."""
    return render(request, "catalog/check.html", {"page": check_page(user_of(request))})


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
            messages.success(request, _decided_text(verdict))
    else:
        messages.error(request, _("Nothing was decided. Press one of the buttons of the page."))
    if request.GET.get("from") == "product":
        return redirect("catalog:product", pk=product.pk)
    return redirect("catalog:check")


def _decided_text(verdict: str) -> str:
    if verdict == RestrictedVerdict.ALLOWED:
        return _("Kept: it may be sold. The next run puts it into VK.")
    return _("Kept: it stays out of VK.")


@login_required
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take a decision back. A second tap finds it gone, and that is said and no error."""
    user = user_of(request)
    form = UndoForm(request.POST)
    if form.is_valid() and restricted_decisions.undo(user, form.cleaned_data["decision"]):
        on_decision(user)
        messages.success(request, _("The decision is taken back."))
    else:
        messages.info(request, _("This decision is no longer there."))
    return redirect("catalog:check")
