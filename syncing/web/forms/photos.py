"""What merchants send about their catalogue."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog.models import ProductGroup
from catalog.photos.normalize import MAX_UPLOAD_BYTES, InvalidPhoto, normalize_photo


class PhotoForm(forms.Form):
    """A picture of a product. `jpeg()` gives it as VK takes it."""

    photo = forms.FileField(
        label=_("Add a photo"),
        widget=forms.FileInput(attrs={"accept": "image/*"}),
        error_messages={"required": _("No photo was sent. Choose a file and press the button again.")},
    )

    def clean_photo(self) -> bytes:
        """Turn the file into a picture for VK, or say why it cannot be one."""
        upload = self.cleaned_data["photo"]
        if upload.size > MAX_UPLOAD_BYTES:
            raise forms.ValidationError(
                _("The photo was not kept: the file is too large. Choose one below 30 MB.")
            )
        try:
            return normalize_photo(upload.read())
        except InvalidPhoto as error:
            raise forms.ValidationError(str(error)) from error

    def jpeg(self) -> bytes:
        """Return the cleaned picture."""
        picture: bytes = self.cleaned_data["photo"]
        return picture


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
        groups = ProductGroup.objects.for_user(user).present().select_related("store").order_by("name", "pk")
        cast("GroupField", self.fields["group"]).queryset = groups
