"""What merchants send about their catalogue."""

from typing import Any, cast

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog.choices import PhotoProblem
from catalog.models import Product, ProductGroup, ProductPhoto
from catalog.photos.errors import InvalidPhoto
from catalog.photos.isolation import normalize_isolated
from catalog.photos.limits import ACCEPT, MAX_PIXELS, MAX_UPLOAD_BYTES, MIN_SIDE
from catalog.photos.messages import sentence
from catalog.photos.services import add_photo, set_shared_photo


def photo_help() -> str:
    """Return what a photo must be like, in the active language."""
    return gettext(
        "JPEG, PNG, WebP, HEIC, AVIF and other pictures, at least %(side)d × %(side)d points, up to "
        "%(megabytes)d MB and %(megapixels)d megapixels. Place and time of the shot are taken out."
    ) % {"side": MIN_SIDE, "megabytes": MAX_UPLOAD_BYTES // 1024**2, "megapixels": MAX_PIXELS // 1_000_000}


class PhotoForm(forms.Form):
    """A photo, normalized for VK as it is cleaned."""

    photo = forms.FileField(
        label=_("Add a photo"),
        help_text=lazy(photo_help, str)(),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={"required": _("No photo was sent. Choose a file and press the button again.")},
    )

    def clean_photo(self) -> bytes:
        """Turn the file into a picture for VK, or say why it cannot be one."""
        upload = self.cleaned_data["photo"]
        if upload.size > MAX_UPLOAD_BYTES:
            raise forms.ValidationError(sentence(PhotoProblem.TOO_BIG))
        try:
            return normalize_isolated(upload.read())
        except InvalidPhoto as error:
            raise forms.ValidationError(sentence(error.code)) from error

    def store(self, jpeg: bytes) -> ProductPhoto:
        """Store the normalized photo. Raises InvalidPhoto."""
        raise NotImplementedError

    def save(self) -> ProductPhoto | None:
        """Store the cleaned photo; add an error and return None where the merchant has too many."""
        try:
            return self.store(self.cleaned_data["photo"])
        except InvalidPhoto as error:
            self.add_error("photo", sentence(error.code))
            return None


class ProductPhotoForm(PhotoForm):
    """A photo of one product."""

    def __init__(self, product: Product, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._product = product

    def store(self, jpeg: bytes) -> ProductPhoto:
        """Store it for the product."""
        return add_photo(self._product, jpeg=jpeg)


class GroupField(forms.ModelChoiceField[ProductGroup]):
    """One of the till's groups, named with its store."""

    def label_from_instance(self, obj: ProductGroup) -> str:
        """Return the group's name with its store's."""
        return f"{obj.name} · {obj.store.name}"


class SharedPhotoForm(PhotoForm):
    """A picture for the goods of a group, or for all, that have no picture of their own."""

    group = GroupField(
        ProductGroup.objects.none(),
        label=_("For which goods"),
        required=False,
        empty_label=_("All goods without a photo"),
        error_messages={
            "invalid_choice": _("The photo was not kept: this group is no longer there. Choose another one.")
        },
    )
    field_order = ("group", "photo")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        groups = ProductGroup.objects.for_user(user).present().select_related("store").order_by("name", "pk")
        cast("GroupField", self.fields["group"]).queryset = groups

    def store(self, jpeg: bytes) -> ProductPhoto:
        """Store it for the chosen group, or as the default."""
        return set_shared_photo(self._user, group=self.cleaned_data["group"], jpeg=jpeg)
