"""Photos from the shelf: the merchant's page with the link, and what the link opens on a telephone.

What the link opens knows no session: who has it sees names and pictures of goods and adds photos.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from io import BytesIO
from typing import Concatenate, ParamSpec

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import user_of
from accounts.choices import SecurityEventKind
from accounts.models import User
from accounts.security_events import record_event
from catalog.models import Product
from catalog.photos.errors import InvalidPhoto
from catalog.photos.messages import sentence
from evosync.common.bodies import takes_body
from evosync.common.rows import row_or_none
from syncing.choices import ComputationKind
from syncing.jobs.triggers import on_photos_changed
from syncing.services.pictures import thumbnail_of
from syncing.services.shelf_link import issue_link, link_of, revoke_link, user_at
from syncing.web.forms.photos import ProductPhotosForm, ShelfSearchForm, keep_upload, prepare_upload
from syncing.web.presenters.shelf import found_goods, shelf_queue
from syncing.web.presenters.till_state import till_state
from syncing.web.views import computed
from syncing.web.views.feed import is_rate_limited
from syncing.web.views.photos import UPLOAD_BYTES

# A person turns pages and takes photos; the pictures of a page of results are requests, too.
PAGES, PHOTOS, SECONDS = 600, 60, 60
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, User, P], HttpResponse]


@login_required
@require_safe
@never_cache
def show_link(request: HttpRequest) -> HttpResponse:
    """Show the merchant the link that works now, with its code for the telephone."""
    user = user_of(request)
    link = link_of(user)
    address = _address(link.token) if link else ""
    # The queue leaves out what VK never shows.
    computed.last_result(request, user, ComputationKind.CATALOG)
    context = {"link": link, "address": address, "till": "" if link else till_state(user)}
    return render(request, "catalog/shelf_link.html", context)


@login_required
@require_POST
def renew_link(request: HttpRequest) -> HttpResponse:
    """Make a link; the one before it ends."""
    issue_link(user_of(request))
    record_event(user_of(request), SecurityEventKind.PHOTO_LINK, request=request)
    return redirect("catalog:shelf_link")


@login_required
@require_POST
def end_link(request: HttpRequest) -> HttpResponse:
    """End the link at once."""
    if revoke_link(user_of(request)):
        messages.success(request, _("The link is ended. It opens nothing any more."))
    return redirect("catalog:shelf_link")


@login_required
@require_safe
@never_cache
def show_code(request: HttpRequest) -> HttpResponse:
    """Answer with the link as a QR code."""
    link = link_of(user_of(request))
    if link is None:
        raise Http404
    image = BytesIO()
    segno.make(_address(link.token), error="m").save(image, kind="svg", scale=6, border=4, light="#fff")
    return HttpResponse(image.getvalue(), content_type="image/svg+xml")


def _address(token: str) -> str:
    return f"{str(settings.SITE_URL).rstrip('/')}{reverse('shelf:queue', args=[token])}"


def by_link(view: View[P]) -> Callable[..., HttpResponse]:
    """Let a view be opened by a link that works; any other gets a page that says so."""

    @wraps(view)
    @sensitive_variables()
    def opened(request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        user = user_at(token)
        if user is None:
            response = _ended(request)
        elif is_rate_limited(f"shelf:{user.pk}", PAGES, SECONDS):
            response = _wait(request, token)
        else:
            response = view(request, user, *args, **kwargs)
        # The address is a secret. It goes to no other site, as all of ours, and into no index.
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return opened


def _ended(request: HttpRequest) -> HttpResponse:
    context = {"is_photo_lost": request.method == "POST"}
    return render(request, "shelf/ended.html", context, status=HTTPStatus.NOT_FOUND)


def _wait(request: HttpRequest, token: str) -> HttpResponse:
    """Answer that too many pages were opened; a person reads it, so it is a page."""
    context = {"token": token, "is_photo_lost": request.method == "POST"}
    response = render(request, "shelf/busy.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    response.headers["Retry-After"] = str(SECONDS)
    return response


@require_safe
@by_link
def show_queue(request: HttpRequest, user: User) -> HttpResponse:
    """Show what is to be photographed next, or what a search finds."""
    token = _token_of(request)
    form = ShelfSearchForm(request.GET)
    text, skipped = form.asked()
    found = found_goods(user, text) if text else []
    if len(found) == 1:
        return redirect("shelf:product", token, found[0].pk)
    queue = shelf_queue(user)
    left = len(queue)
    is_next_shown = left > 0 and not text
    context = {
        "token": token,
        "form": form,
        "text": text,
        "found": found,
        "left": left,
        "product": row_or_none(Product.objects.filter(pk=queue[skipped % left])) if is_next_shown else None,
        "skip": skipped,
        "next_skip": skipped + 1,
        "kept": request.GET.get("kept") == "1",
    }
    return render(request, "shelf/queue.html", context)


@takes_body(UPLOAD_BYTES)
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def shoot(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Show one product with the button of the camera; a POST keeps the photo and goes to the next one."""
    product, token, error = _product_of(user, pk), _token_of(request), ""
    if request.method == "POST":
        try:
            error = _keep(request, user, product)
        except LinkEnded:
            return _ended(request)
        if not error:
            _text, skipped = ShelfSearchForm(request.POST).asked()
            passed_over = f"&skip={skipped}" if skipped else ""
            return redirect(f"{reverse('shelf:queue', args=[token])}?kept=1{passed_over}")
    context = {
        "token": token,
        "product": product,
        "error": error,
        "form": ProductPhotosForm(product),
        "number": product.photos.count(),
    }
    return render(request, "shelf/product.html", context, status=422 if error else 200)


class LinkEnded(Exception):
    """The link was ended while a photo was on its way."""


def _keep(request: HttpRequest, user: User, product: Product) -> str:
    """Keep the photo that was sent; return why not, "" where it is kept. Raises LinkEnded."""
    if is_rate_limited(f"shelf-photos:{user.pk}", PHOTOS, SECONDS):
        return _("That was many photos in a minute. Wait a little and send this one again.")
    upload = request.FILES.get("photo")
    if upload is None:
        return _("No photo was sent. Choose a file and press the button again.")
    try:
        jpeg = prepare_upload(product, upload)
        # To send and to open a photo takes long enough for the merchant to end the link.
        if user_at(_token_of(request)) is None:
            raise LinkEnded
        keep_upload(product, jpeg)
    except InvalidPhoto as error:
        return sentence(error.code)
    on_photos_changed(user)
    return ""


@require_safe
@by_link
def show_thumbnail(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Answer with the small picture of a product."""
    return HttpResponse(thumbnail_of(_product_of(user, pk)), content_type="image/jpeg")


def _product_of(user: User, pk: int) -> Product:
    return get_object_or_404(Product.objects.for_user(user).present().select_related("store", "user"), pk=pk)


def _token_of(request: HttpRequest) -> str:
    return str(request.resolver_match.kwargs["token"]) if request.resolver_match else ""
