"""Undoing a run: what it would change, the button, and what is held since."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import user_of
from accounts.impersonation import viewable_by_support
from catalog.models import Product
from syncing.jobs.triggers import on_decision
from syncing.services import run_undo
from syncing.services.errors import CannotSync
from syncing.web.forms.history import HistoryPageForm, OneProductForm
from syncing.web.presenters.run_undo import undo_page, undone_page
from syncing.web.views.access import job_of, product_of


@viewable_by_support
@login_required
@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show exactly what undoing a run would change, for all of its goods or for one."""
    job, product = job_of(request, pk), _product(request)
    start = HistoryPageForm(request.GET).start()
    refusal = run_undo.why_not(job)
    page = None if refusal else undo_page(user_of(request), job, product=product, before=start)
    context = {"job": job, "product": product, "page": page, "start": start, "refusal": refusal}
    return render(request, "syncing/undo.html", context)


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the goods of a run back, all or one, and ask for the run that writes it."""
    user, job, product = user_of(request), job_of(request, pk), _product(request)
    try:
        number = run_undo.undo_run(user, job, product)
    except CannotSync as error:
        messages.error(request, error.text)
        return redirect("syncing:job", pk=job.pk)
    if not number:
        messages.info(request, _("Nothing was changed: what the run did has changed since, or stays out."))
        return redirect("syncing:job", pk=job.pk)
    on_decision(user)
    text = ngettext(
        "%(n)d product goes back. The next run writes it to VK.",
        "%(n)d products go back. The next run writes it to VK.",
        number,
    )
    messages.success(request, text % {"n": number})
    return redirect("syncing:undone")


@viewable_by_support
@login_required
@require_safe
def show_held(request: HttpRequest) -> HttpResponse:
    """Show the goods that are held since an undo."""
    return render(request, "syncing/undone.html", {"page": undone_page(user_of(request))})


@login_required
@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Let one product follow the till again."""
    product = product_of(request, pk)
    _release(request, product)
    return redirect("catalog:product", pk=product.pk)


@login_required
@require_POST
def release_all(request: HttpRequest) -> HttpResponse:
    """Let all goods follow the till again."""
    _release(request)
    return redirect("syncing:undone")


def _release(request: HttpRequest, product: Product | None = None) -> None:
    user = user_of(request)
    try:
        number = run_undo.release(user, product)
    except CannotSync as error:
        messages.error(request, error.text)
        return
    if not number:
        messages.info(request, _("Nothing was held, so nothing was changed."))
        return
    on_decision(user)
    messages.success(request, _("The next run writes the till's values to VK."))


def _product(request: HttpRequest) -> Product | None:
    """Return the product that the address names, None for the whole run. Raises Http404 for another's."""
    pk = OneProductForm(request.GET).chosen()
    return None if pk is None else product_of(request, pk)
