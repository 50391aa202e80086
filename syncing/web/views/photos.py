"""The merchant's own photos: of a product on its page, of groups and of all goods on a page of their own."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.formats import localize
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import user_of
from accounts.impersonation import viewable_by_support
from catalog.choices import PhotoMove, PhotoProblem
from catalog.models import Product, ProductPhoto
from catalog.photos.edits import WHOLE
from catalog.photos.errors import InvalidPhoto, refusing_without_storage
from catalog.photos.isolation import normalize_isolated
from catalog.photos.limits import MAX_UPLOAD_BYTES
from catalog.photos.messages import sentence
from catalog.photos.services import move_photo as move_in_order
from catalog.photos.services import order_photos as put_in_order
from catalog.photos.services import remove_photo as delete_photo
from catalog.photos.services import replace_file
from evosync.common.bodies import MEGABYTE, takes_body
from syncing.jobs.triggers import on_photos_changed
from syncing.services.pictures import picture_of
from syncing.web.forms.photos import PhotoEditForm, ProductPhotosForm, SharedPhotoForm
from syncing.web.presenters.till_state import till_state
from syncing.web.views.access import photo_of, product_of
from syncing.web.views.next_run import say_done

# A photo that is a little too big gets the form's own advice.
UPLOAD_BYTES = MAX_UPLOAD_BYTES + 2 * MEGABYTE
LONGEST_ID = 19


@takes_body(UPLOAD_BYTES)
@viewable_by_support
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def shared_photos(request: HttpRequest) -> HttpResponse:
    """Show the photos that stand for goods without their own; a POST sets one for a group or for all."""
    user = user_of(request)
    form = SharedPhotoForm(user, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and form.save():
        on_photos_changed(user)
        say_done(request, _("The photo is kept. The next run puts it into VK."))
        return redirect("catalog:photos")
    mine = ProductPhoto.objects.for_user(user).shared()
    photos = mine.select_related("group__store").order_by("group__name", "pk")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "photos": photos, "till": till_state(user)}
    return render(request, "catalog/photos.html", context, status=status)


@takes_body(UPLOAD_BYTES)
@login_required
@require_POST
def add_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Store a photo of a product."""
    product = product_of(request, pk)
    form = ProductPhotosForm(product, request.POST, request.FILES)
    kept, refused = form.save() if form.is_valid() else (0, [str(one) for one in form.errors["photo"]])
    if kept:
        on_photos_changed(product.user)
        say_done(request, _photos_kept(kept))
    for error in refused:
        messages.error(request, error)
    return redirect(photos_of(product))


def _photos_kept(number: int) -> str:
    if number == 1:
        return _("The photo is kept. The next run puts it into VK.")
    text = ngettext(
        "%(number)s photo is kept. The next run puts it into VK.",
        "%(number)s photos are kept. The next run puts them into VK.",
        number,
    )
    return text % {"number": localize(number)}


def photos_of(product: Product) -> str:
    """Return the address of the photos on a product's page."""
    return f"{reverse('catalog:product', args=[product.pk])}#photos"


@login_required
@require_POST
def move_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a product's photo one place up or down, or to the first."""
    photo = photo_of(request, pk)
    try:
        move = PhotoMove(request.POST.get("move", ""))
    except ValueError:
        return HttpResponseBadRequest()
    if photo.product is None:
        raise Http404
    return _reordered(request, photo.product, changed=move_in_order(photo, move))


@login_required
@require_POST
def order_photos(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a product's photos into the order in which they were dragged."""
    product = product_of(request, pk)
    ids = request.POST.get("order", "").split(",")[: settings.PHOTOS_PER_PRODUCT]
    wanted = [int(one) for one in ids if one.isdecimal() and len(one) < LONGEST_ID]
    return _reordered(request, product, changed=put_in_order(product, wanted))


def _reordered(request: HttpRequest, product: Product, *, changed: bool) -> HttpResponse:
    """Answer with the photos alone where a script asks, so that the focus stays where it was."""
    if changed:
        on_photos_changed(product.user)
    text = _("The order is kept. The next run puts it into VK.") if changed else ""
    if request.headers.get("HX-Request"):
        context = {"product": product, "photos": product.photos.in_order(), "said": text}
        return render(request, "catalog/_photos.html", context)
    if text:
        say_done(request, text)
    return redirect(photos_of(product))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how a photo can be turned and cropped; a POST does it."""
    photo = photo_of(request, pk)
    initial = {"turns": 0, "crop": True, "size": WHOLE, "across": WHOLE // 2, "down": WHOLE // 2}
    form = PhotoEditForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            with refusing_without_storage():
                before = _file_of(photo)
            edited = normalize_isolated(before, form.edit())
            with refusing_without_storage():
                replace_file(photo, jpeg=edited)
        except InvalidPhoto as error:
            form.add_error(None, sentence(error.code))
        else:
            on_photos_changed(user_of(request))
            say_done(request, _("The photo is kept. The next run puts it into VK."))
            return redirect(photos_of(photo.product) if photo.product else reverse("catalog:photos"))
    status = 422 if request.method == "POST" else 200
    return render(request, "catalog/photo_edit.html", {"photo": photo, "form": form}, status=status)


def _file_of(photo: ProductPhoto) -> bytes:
    """Return the photo's file. Raises InvalidPhoto where it is not there."""
    try:
        with photo.file.open("rb") as file:
            return bytes(file.read())
    except (FileNotFoundError, ValueError):
        raise InvalidPhoto(PhotoProblem.EMPTY) from None


@viewable_by_support
@login_required
@require_safe
@cache_control(private=True, no_cache=True)
def show_thumbnail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer with the small picture of a product as VK shows it; a browser that has it is told so."""
    picture = picture_of(product_of(request, pk))
    mark = quote_etag(picture.mark)
    same = get_conditional_response(request, etag=mark)
    response = same or HttpResponse(picture.make(), content_type="image/jpeg")
    response.headers["ETag"] = mark
    return response


@viewable_by_support
@login_required
@require_safe
def show_photo(request: HttpRequest, pk: int) -> FileResponse:
    """Send a photo's file to its owner."""
    photo = photo_of(request, pk)
    headers = {
        "Cache-Control": "private, max-age=86400",
        "X-Content-Type-Options": "nosniff",
    }
    try:
        file = photo.file.open("rb")
    except OSError as error:
        raise Http404 from error
    return FileResponse(file, content_type="image/jpeg", headers=headers)


@login_required
@require_POST
def remove_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a photo."""
    photo = photo_of(request, pk)
    product = photo.product
    delete_photo(photo)
    on_photos_changed(user_of(request))
    say_done(
        request,
        _("The photo is removed. The next run shows its group's, the common or a drawn one instead."),
    )
    return redirect(photos_of(product) if product else reverse("catalog:photos"))
