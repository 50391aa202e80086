"""Putting goods back as they were before a run, and letting the till decide again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import user_of
from accounts.impersonation import viewable_by_support
from catalog.models import Product
from evosync.common.text import whole_number
from syncing.jobs.triggers import on_decision
from syncing.models import SyncJob
from syncing.services import undo
from syncing.services.errors import CannotSync
from syncing.services.settings import rules_of
from syncing.web.presenters.undo import kept_page, undo_page
from syncing.web.views.access import job_of, product_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what undoing a run puts back, of one product if asked, and do it on a press."""
    job = job_of(request, pk)
    product = _product(request)
    if request.method == "POST":
        return _undo(request, job, product)
    page = undo_page(job, product)
    context = {"job": job, "product": product, "page": page, "elsewhere": undo.elsewhere(job)}
    return render(request, "syncing/undo.html", context)


def _undo(request: HttpRequest, job: SyncJob, product: Product | None) -> HttpResponse:
    try:
        number = undo.undo(job, product)
    except CannotSync as error:
        messages.error(request, error.text)
        return redirect("syncing:job", pk=job.pk)
    if not number:
        messages.warning(request, _("Nothing of this run is left to be undone, so nothing was changed."))
        return redirect("syncing:job", pk=job.pk)
    on_decision(job.user)
    text = ngettext("%(n)s product is put back.", "%(n)s products are put back.", number)
    messages.success(request, f"{text % {'n': localize(number)}} {_next_step(request)}")
    return redirect("syncing:undone")


def _product(request: HttpRequest) -> Product | None:
    """Return the product that the request names. Raises Http404 for anybody else's."""
    given = (request.POST if request.method == "POST" else request.GET).get("product", "")
    number = whole_number(given)
    return None if number is None else product_of(request, number)


def _next_step(request: HttpRequest) -> str:
    if rules_of(user_of(request)).is_enabled:
        return _("VK follows with the next run, in a few seconds.")
    return _("Start a run, and VK follows.")


@viewable_by_support
@login_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show what VK keeps of before undone runs."""
    return render(request, "syncing/undone.html", {"page": kept_page(user_of(request))})


@login_required
@require_POST
def release(request: HttpRequest) -> HttpResponse:
    """Let till and rules decide again, about one product or about all."""
    user, product = user_of(request), _product(request)
    if undo.release(user, product):
        on_decision(user)
        done = _("The till decides again.")
        messages.success(request, f"{done} {_next_step(request)}")
    else:
        messages.info(request, _("The till already decides about this, so nothing was changed."))
    return redirect("catalog:product", pk=product.pk) if product else redirect("syncing:undone")
