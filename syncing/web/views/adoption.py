"""Hand-made items that show goods of the till: the list, and the button that takes them over."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import user_of
from evosync.common import clock
from syncing.choices import ComputationKind
from syncing.jobs import computations
from syncing.models import Computation
from syncing.services.plan_summary import PlanSummary
from syncing.web.forms.sync import AdoptItemsForm
from syncing.web.presenters.computation_state import computation_state
from syncing.web.presenters.dashboard import connection_states
from syncing.web.presenters.duplicates import offers
from syncing.web.views import computed


@vary_on_headers("HX-Request")
@login_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show the pairs that the last plan found; an older plan is made again meanwhile."""
    user = user_of(request)
    if computed.has_nothing_new(request, user, ComputationKind.PREVIEW):
        return computed.nothing_new()
    return _pairs(request, computations.current(user, ComputationKind.PREVIEW))


@vary_on_headers("HX-Request")
@login_required
@require_POST
def find_again(request: HttpRequest) -> HttpResponse:
    """Have VK read and the pairs found again."""
    row = computations.ask(user_of(request), ComputationKind.PREVIEW)
    if request.headers.get("HX-Request"):
        return _pairs(request, row)
    return redirect("syncing:lookalikes")


def _pairs(request: HttpRequest, row: Computation) -> HttpResponse:
    user = user_of(request)
    context: dict[str, object] = {"state": computation_state(row, now=clock.now())}
    if row.result:
        summary = PlanSummary.from_json(row.result)
        more = summary.duplicates - len(summary.pairs)
        context |= {"is_known": True, "offers": offers(user, summary.pairs), "more": more}
    else:
        context["is_unconnected"] = not connection_states(user, now=clock.now()).are_there
    template = "syncing/_duplicates.html" if request.headers.get("HX-Request") else "syncing/duplicates.html"
    return render(request, template, context)


@login_required
@require_POST
def take_over(request: HttpRequest) -> HttpResponse:
    """Have a worker tie the chosen items to their products; the next run writes prices and stocks."""
    form = AdoptItemsForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Nothing was taken over. Tick the goods first, then press the button."))
        return redirect("syncing:lookalikes")
    computations.ask(user_of(request), ComputationKind.PREVIEW, choice=sorted(form.cleaned_data["items"]))
    return redirect("syncing:preview")
