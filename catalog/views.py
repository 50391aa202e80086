"""The merchant's own photos: added, shown and removed on a product's page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog.access import merchant
from catalog.forms import PhotoForm
from catalog.models import Product, ProductPhoto
from catalog.services import photos as services


@login_required
@require_POST
def add_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a photo of a product."""
    product = get_object_or_404(Product.objects.for_user(merchant(request)), pk=pk)
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        services.add_photo(product, jpeg=form.jpeg())
        messages.success(request, _("The photo is kept. The next run puts it into VK."))
    else:
        for error in form.errors["photo"]:
            messages.error(request, str(error))
    return redirect("catalog:product", pk=product.pk)


@login_required
@require_safe
def show_photo(request: HttpRequest, pk: int) -> FileResponse:
    """Send a photo's file to its owner."""
    photo = get_object_or_404(ProductPhoto.objects.for_user(merchant(request)), pk=pk)
    headers = {
        "Cache-Control": "private, max-age=86400",
        "X-Content-Type-Options": "nosniff",
    }
    return FileResponse(photo.file.open("rb"), content_type="image/jpeg", headers=headers)


@login_required
@require_POST
def remove_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a photo."""
    photo = get_object_or_404(ProductPhoto.objects.for_user(merchant(request)), pk=pk)
    product_id = photo.product_id
    services.remove_photo(photo)
    messages.success(request, _("The photo is removed. The next run puts a drawn one in its place."))
    return redirect("catalog:product", pk=product_id) if product_id else redirect("catalog:list")
