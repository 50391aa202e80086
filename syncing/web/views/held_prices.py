"""New prices that wait for the merchant's yes: the page that lists them, and its buttons."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import user_of
from accounts.impersonation import viewable_by_support
from syncing.jobs.triggers import on_decision
from syncing.services import held_prices
from syncing.web.forms.held_prices import HeldKindForm, HeldPriceForm
from syncing.web.presenters.held_prices import held_prices_page
from syncing.web.views.access import product_of
from syncing.web.views.next_run import say_done


@viewable_by_support
@login_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show the prices that wait, what they have in common, and the answers given."""
    return render(request, "syncing/held_prices.html", {"page": held_prices_page(user_of(request))})


@login_required
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the held price of one product, if it is still the one that was seen."""
    product = product_of(request, pk)
    form = HeldPriceForm(request.POST)
    if form.is_valid() and held_prices.decide(product, **form.answer()):
        on_decision(product.user)
        say_done(request, _("Kept. The next run does as you say."))
    else:
        messages.warning(request, _("This price has changed since, so nothing was decided. Look again."))
    if request.GET.get("from") == "product":
        return redirect("catalog:product", pk=product.pk)
    return redirect("syncing:held_prices")


@login_required
@require_POST
def decide_kind(request: HttpRequest) -> HttpResponse:
    """Answer all waiting prices of one kind, if they are still those that were seen."""
    user = user_of(request)
    form = HeldKindForm(request.POST)
    number = held_prices.decide_kind(user, **form.answer()) if form.is_valid() else 0
    if number:
        on_decision(user)
        text = ngettext("%(n)s price is decided.", "%(n)s prices are decided.", number)
        say_done(request, text % {"n": localize(number)})
    else:
        messages.warning(request, _("These prices have changed since, so nothing was decided. Look again."))
    return redirect("syncing:held_prices")
