"""Many photos at once: sent, matched to goods by their names, looked at, confirmed, taken back."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import user_of
from accounts.impersonation import viewable_by_support
from catalog.models import Product
from catalog.photos.imports import matching, receiving, work
from catalog.photos.imports.stamps import Outdated
from catalog.photos.pixels import thumbnail
from evosync.common import clock
from evosync.common.bodies import takes_body
from evosync.common.text import whole_number
from syncing import queue
from syncing.services.pictures import SIDE
from syncing.web.forms.photo_import import PhotoImportForm, ReplaceForm
from syncing.web.forms.photos import ShelfSearchForm
from syncing.web.presenters.photo_import import import_page
from syncing.web.presenters.shelf import found_goods
from syncing.web.presenters.till_state import till_state
from syncing.web.views import computed
from syncing.web.views.access import import_picture_of
from syncing.web.views.photos import UPLOAD_BYTES

PAGE = "catalog:photo_import"


@takes_body(UPLOAD_BYTES)
@viewable_by_support
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Show what was sent, which product each fits, and why others fit none; a POST sends more."""
    user = user_of(request)
    form = PhotoImportForm(request.POST or None, request.FILES or None)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                is_all = form.save(user)
            except receiving.Occupied:
                messages.error(request, _occupied())
                return redirect(PAGE)
            queue.enqueue_photo_import(user.pk)
            # The script leaves out the other pieces of a file that was not taken.
            if is_all or not form.cleaned_data["upload"]:
                return redirect(PAGE)
    return _page(request, form, status)


def _page(request: HttpRequest, form: PhotoImportForm, status: HTTPStatus) -> HttpResponse:
    user = user_of(request)
    page = import_page(
        user,
        now=clock.now(),
        goods_page=request.GET.get("goods", "1"),
        files_page=request.GET.get("files", "1"),
    )
    if page.is_working and computed.is_waiting(request) and request.GET[computed.SINCE] == page.progress:
        return computed.nothing_new()
    replaces = "yes" if page.found and page.found.replaces else "no"
    context = {
        "page": page,
        "form": form,
        "replace": ReplaceForm(initial={"replaces": replaces}),
        "till": "" if page.found else till_state(user),
    }
    template = (
        "catalog/_photo_import.html" if request.headers.get("HX-Request") else "catalog/photo_import.html"
    )
    return render(request, template, context, status=status)


def _occupied() -> str:
    return _("The photos are being saved or taken back just now. Wait until that is done.")


@login_required
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Have the matched photos saved."""
    user = user_of(request)
    try:
        if work.confirm(user, seen=request.POST.get("seen", "")):
            queue.enqueue_photo_import(user.pk)
        else:
            messages.error(
                request, _("Nothing was saved: wait until all files are read, and look at them again.")
            )
    except Outdated:
        messages.error(request, _outdated())
    return redirect(PAGE)


def _outdated() -> str:
    return _(
        "The page was old: since you opened it the photos have changed, so nothing was done. Here they are "
        "as they are now."
    )


@login_required
@require_POST
def choose_place(request: HttpRequest) -> HttpResponse:
    """Choose whether the photos replace those that goods have."""
    form = ReplaceForm(request.POST)
    if form.is_valid():
        work.set_replaces(user_of(request), replaces=form.cleaned_data["replaces"])
    return redirect(f"{reverse(PAGE)}#save")


@login_required
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Throw away what was sent and not saved."""
    try:
        if work.discard(user_of(request), seen=request.POST.get("seen", "")):
            messages.success(request, _("What was sent is deleted. Photos of goods stay as they are."))
    except receiving.Occupied:
        messages.error(request, _occupied())
    except Outdated:
        messages.error(request, _outdated())
    return redirect(PAGE)


@login_required
@require_POST
def cancel(request: HttpRequest) -> HttpResponse:
    """Stop the reading and throw away what was sent."""
    number = whole_number(request.POST.get("import", "")) or 0
    try:
        if work.cancel(user_of(request), number=number):
            messages.success(request, _stopped())
        else:
            messages.info(request, _("There is nothing to stop any more."))
    except receiving.Occupied:
        messages.error(request, _occupied())
    return redirect(PAGE)


def _stopped() -> str:
    return _("The reading is stopped, and what was sent is deleted. Photos of goods stay as they are.")


@login_required
@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """Take the saved photos away again and bring back those that they replaced."""
    user = user_of(request)
    try:
        if work.take_back(user, seen=request.POST.get("seen", "")):
            queue.enqueue_photo_import(user.pk)
        else:
            messages.info(request, _("There is nothing to take back any more."))
    except Outdated:
        messages.error(request, _outdated())
    return redirect(PAGE)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one picture and find a product for it; a POST makes it that product's, or leaves it out."""
    user, file = user_of(request), import_picture_of(request, pk)
    if request.method == "POST":
        chosen = request.POST.get("product", "")
        if chosen:
            product = _product(request, chosen)
            is_done = matching.assign(user, file, product)
        else:
            is_done = matching.leave_out(user, file)
        if not is_done:
            messages.error(request, _occupied())
        return redirect(PAGE)
    form = ShelfSearchForm(request.GET)
    text, _skipped = form.asked()
    context = {"file": file, "form": form, "text": text, "found": found_goods(user, text) if text else []}
    return render(request, "catalog/photo_import_file.html", context)


def _product(request: HttpRequest, chosen: str) -> Product:
    number = whole_number(chosen)
    product = Product.objects.for_user(user_of(request)).present().with_ids([number or 0]).first()
    if product is None:
        raise Http404
    return product


@viewable_by_support
@login_required
@require_safe
@cache_control(private=True, max_age=3600)
def show_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with a prepared picture, made small."""
    file = import_picture_of(request, pk)
    try:
        with file.file.open("rb") as opened:
            small = thumbnail(opened.read(), SIDE)
    except (OSError, ValueError):
        raise Http404 from None
    return HttpResponse(small, content_type="image/jpeg")
