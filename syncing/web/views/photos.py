"""The merchant's own photos: of a product on its page, of groups and of all goods on a page of their own."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import user_of
from accounts.impersonation import viewable_by_support
from catalog.models import Product, ProductPhoto
from catalog.photos.limits import MAX_UPLOAD_BYTES
from catalog.photos.services import remove_photo as delete_photo
from evosync.common.bodies import MEGABYTE, takes_body
from syncing.jobs.triggers import on_photos_changed
from syncing.services.pictures import thumbnail_of
from syncing.web.forms.photos import ProductPhotoForm, SharedPhotoForm
from syncing.web.views.access import product_of

# A photo that is a little too big gets the form's own advice.
UPLOAD_BYTES = MAX_UPLOAD_BYTES + 2 * MEGABYTE


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
        messages.success(request, _("The photo is kept. The next run puts it into VK."))
        return redirect("catalog:photos")
    mine = ProductPhoto.objects.for_user(user).shared()
    photos = mine.select_related("group__store").order_by("group__name", "pk")
    status = 422 if request.method == "POST" else 200
    return render(request, "catalog/photos.html", {"form": form, "photos": photos}, status=status)


@takes_body(UPLOAD_BYTES)
@login_required
@require_POST
def add_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Store a photo of a product."""
    product = get_object_or_404(Product.objects.for_user(user_of(request)), pk=pk)
    form = ProductPhotoForm(product, request.POST, request.FILES)
    if form.is_valid() and form.save():
        on_photos_changed(product.user)
        messages.success(request, _("The photo is kept. The next run puts it into VK."))
    else:
        for error in form.errors["photo"]:
            messages.error(request, str(error))
    return redirect("catalog:product", pk=product.pk)


@viewable_by_support
@login_required
@require_safe
@cache_control(private=True, max_age=3600)
def show_thumbnail(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the small picture of a product as VK shows it."""
    return HttpResponse(thumbnail_of(product_of(request, pk)), content_type="image/jpeg")


@viewable_by_support
@login_required
@require_safe
def show_photo(request: HttpRequest, pk: int) -> FileResponse:
    """Send a photo's file to its owner."""
    photo = get_object_or_404(ProductPhoto.objects.for_user(user_of(request)), pk=pk)
    headers = {
        "Cache-Control": "private, max-age=86400",
        "X-Content-Type-Options": "nosniff",
    }
    return FileResponse(photo.file.open("rb"), content_type="image/jpeg", headers=headers)


@login_required
@require_POST
def remove_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a photo."""
    photo = get_object_or_404(ProductPhoto.objects.for_user(user_of(request)), pk=pk)
    product_id = photo.product_id
    delete_photo(photo)
    on_photos_changed(user_of(request))
    messages.success(
        request,
        _("The photo is removed. The next run shows its group's, the common or a drawn one instead."),
    )
    return redirect("catalog:product", pk=product_id) if product_id else redirect("catalog:photos")
