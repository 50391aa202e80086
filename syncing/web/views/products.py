"""The catalogue with each product's state in VK. It joins the till and VK, so it is above the catalog app."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import user_of
from accounts.impersonation import viewable_by_support
from accounts.models import User
from evosync.common import clock
from syncing.choices import ComputationKind
from syncing.core.category_search import LONGEST_READ
from syncing.core.readiness import Standing
from syncing.jobs import computations
from syncing.jobs.triggers import on_decision
from syncing.models import SyncJob
from syncing.services.bulk import undo
from syncing.services.catalog_reasons import CatalogReasons
from syncing.services.catalog_states import StateCounts
from syncing.services.errors import CannotSync
from syncing.services.explain import explain
from syncing.services.field_ownership import reset_overrides
from syncing.services.inputs import rule_inputs, shop_state
from syncing.services.tags import BadTag, tag_products, untag_products
from syncing.web.forms.bulk import OFFERED
from syncing.web.forms.categories import DATALIST, CategoryForm
from syncing.web.forms.history import HistoryPageForm
from syncing.web.forms.photos import ProductPhotosForm
from syncing.web.forms.products import ProductSearchForm
from syncing.web.presenters.bulk import action_for, kept_search, last_change_text
from syncing.web.presenters.computation_state import computation_state
from syncing.web.presenters.groups import groups_of
from syncing.web.presenters.product_history import charts, history_line, history_page
from syncing.web.presenters.products import product_detail, product_page
from syncing.web.views import computed
from syncing.web.views.access import product_of
from syncing.web.views.next_run import say_done


@viewable_by_support
@vary_on_headers("HX-Request", "HX-Target")
@login_required
@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """Show one page of the merchant's products, searched and filtered."""
    user = user_of(request)
    # These ask their full number of questions: there the numbers come with the next request.
    is_full = any(request.GET.get(name) for name in ("why", "group", "after", "before"))
    counted = None if is_full else computations.find(user, ComputationKind.COUNTS)
    states = StateCounts.from_json(counted.result) if counted and counted.result else None
    form = ProductSearchForm(user, request.GET, states=states)
    query = form.query()
    reasons = state = given = None
    if query.why:
        if computed.has_nothing_new(request, user, ComputationKind.CATALOG):
            return computed.nothing_new()
        given = replace(rule_inputs(user), shop=shop_state(user))
        row = computed.last_result(request, user, ComputationKind.CATALOG, given)
        reasons = CatalogReasons.from_json(row.result) if row.result else None
        form = ProductSearchForm(
            user, request.GET, counts=reasons.counts_of_all() if reasons else None, states=states
        )
        state = computation_state(row, now=clock.now())
    page = product_page(user, query, reasons, given, states)
    is_fragment = request.headers.get("HX-Target") == "results" or computed.is_waiting(request)
    template = "catalog/_products.html" if is_fragment else "catalog/product_list.html"
    context = {"form": form, "query": query, "page": page, "state": state, "counted": counted}
    return render(request, template, context | _list_context(user, request.GET, query.why))


@viewable_by_support
@login_required
@require_safe
def show_counts(request: HttpRequest) -> HttpResponse:
    """Put how many goods there are beside each choice of the search; a worker counts."""
    user = user_of(request)
    if computed.has_nothing_new(request, user, ComputationKind.COUNTS):
        return computed.nothing_new()
    row = computed.last_result(request, user, ComputationKind.COUNTS)
    states = StateCounts.from_json(row.result) if row.result else None
    form = ProductSearchForm(user, request.GET, states=states)
    context = {
        "state": computation_state(row, now=clock.now()),
        "form": form,
        "query": form.query(),
        "tree": groups_of(user).counted_tree(states.groups) if states else [],
        "is_counted": states is not None,
    }
    return render(request, "catalog/_counts.html", context)


def _list_context(user: User, address: QueryDict, why: str) -> dict[str, Any]:
    """Return the run that the listed goods wait in, what the bar offers, and what can be taken back."""
    last = undo.last_change(user)
    runs = SyncJob.objects.for_user(user).awaiting_approval()
    return {
        "asking": runs.newest().first() if why == Standing.HELD else None,
        "kept": kept_search(address),
        "bulk_actions": OFFERED,
        "first_action": action_for(why),
        "last_change": last,
        "last_change_text": last_change_text(last) if last else "",
    }


@viewable_by_support
@login_required
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one product: the till's data, VK's item, what was sent and what happened."""
    product = product_of(request, pk)
    detail = product_detail(user_of(request), product)
    # What was typed and names no category.
    typed = request.GET.get("category", "")[:LONGEST_READ]
    context = {
        "product": product,
        "detail": detail,
        "history": [history_line(item) for item in detail.history],
        "photo_form": ProductPhotosForm(product),
        "datalist": DATALIST,
        "category_form": CategoryForm(
            {"category": typed} if typed else None,
            categories=detail.offered,
            chosen_id=detail.category.chosen_id if detail.category else None,
            concerns={"product": product.pk},
        ),
    }
    return render(request, "catalog/product_detail.html", context)


@viewable_by_support
@login_required
@require_safe
def show_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show every value that was sent for the product, and its price and stock as lines."""
    product = product_of(request, pk)
    start = HistoryPageForm(request.GET).start()
    context = {
        "product": product,
        "page": history_page(product, before=start),
        "start": start,
        "charts": [] if start else charts(product, now=clock.now()),
    }
    return render(request, "catalog/product_history.html", context)


@viewable_by_support
@vary_on_headers("HX-Request")
@login_required
@require_safe
def why(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the product's way from the till to VK, step by step; whole where no script asks."""
    product = product_of(request, pk)
    template = "catalog/_why.html" if request.headers.get("HX-Request") else "catalog/why.html"
    return render(request, template, {"product": product, "steps": explain(user_of(request), product)})


@login_required
@require_POST
def change_tags(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a tag on the product, or take one off."""
    product, user = product_of(request, pk), user_of(request)
    try:
        if off := request.POST.get("off"):
            changed = untag_products(user, [product], off)
        else:
            changed = tag_products(user, [product], request.POST.get("tag", ""))
    except BadTag as error:
        messages.error(request, str(error))
    else:
        if changed:
            on_decision(user)
        say_done(request, _("The tags are kept. Rules that ask for a tag follow it from the next run."))
    return redirect("catalog:product", pk=product.pk)


@login_required
@require_POST
def return_to_till(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the till decide again about one field, or all that the merchant has changed in VK."""
    product = product_of(request, pk)
    try:
        names = reset_overrides(user_of(request), product, field=request.POST.get("field", ""))
    except CannotSync as error:
        messages.error(request, error.text)
    else:
        if names:
            say_done(request, _("Given back. The next run writes the till's value to VK."))
        else:
            messages.info(request, _("The till already decides about this, so nothing was changed."))
    return redirect("catalog:product", pk=product.pk)
