"""What merchants send about their catalogue."""

from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.formats import localize
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog.choices import PhotoProblem
from catalog.models import Product, ProductGroup, ProductPhoto
from catalog.photos.edits import SMALLEST, WHOLE, PhotoEdit
from catalog.photos.errors import InvalidPhoto, refusing_without_storage
from catalog.photos.isolation import normalize_isolated
from catalog.photos.limits import ACCEPT, MAX_PIXELS, MAX_UPLOAD_BYTES, MIN_SIDE
from catalog.photos.messages import sentence
from catalog.photos.services import add_photo, is_full, set_shared_photo


class ShelfSearchForm(forms.Form):
    """What is looked for at the shelf, and how many of the queue were passed over."""

    q = forms.CharField(
        label=_("Barcode, article or name"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control", "type": "search", "autocomplete": "off"}),
    )
    skip = forms.IntegerField(required=False, min_value=0, max_value=1_000_000, widget=forms.HiddenInput)

    def asked(self) -> tuple[str, int]:
        """Return the text and the number; what makes no sense counts as nothing."""
        self.is_valid()
        return self.cleaned_data.get("q", "").strip(), self.cleaned_data.get("skip") or 0


class RangeInput(forms.NumberInput):
    """A slider, that arrow keys move too."""

    input_type = "range"


def photo_help() -> str:
    """Return what a photo must be like, in the active language."""
    return gettext(
        "JPEG, PNG, WebP, HEIC, AVIF and other pictures, at least %(side)s × %(side)s points, up to "
        "%(megabytes)s MB and %(megapixels)s megapixels. Place and time of the shot are taken out."
    ) % {
        "side": localize(MIN_SIDE),
        "megabytes": MAX_UPLOAD_BYTES // 1024**2,
        "megapixels": MAX_PIXELS // 1_000_000,
    }


class PhotoField(forms.FileField):
    """A photo, normalized for VK as it is cleaned."""

    widget = forms.FileInput(attrs={"accept": ACCEPT})
    default_error_messages = {"required": _("No photo was sent. Choose a file and press the button again.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(help_text=lazy(photo_help, str)(), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> bytes:
        """Turn the file into a picture for VK, or say why it cannot be one."""
        upload = super().clean(data, initial)
        if upload.size > MAX_UPLOAD_BYTES:
            raise forms.ValidationError(sentence(PhotoProblem.TOO_BIG))
        try:
            return normalize_isolated(upload.read())
        except InvalidPhoto as error:
            raise forms.ValidationError(sentence(error.code)) from error


class PhotoForm(forms.Form):
    """A photo that is kept where it is valid."""

    photo = PhotoField(label=_("Add a photo"))

    def store(self, jpeg: bytes) -> ProductPhoto:
        """Store the normalized photo. Raises InvalidPhoto."""
        raise NotImplementedError

    def save(self) -> ProductPhoto | None:
        """Store the cleaned photo; add an error and return None where it is refused."""
        try:
            with refusing_without_storage():
                return self.store(self.cleaned_data["photo"])
        except InvalidPhoto as error:
            self.add_error("photo", sentence(error.code))
            return None


class FilesInput(forms.FileInput):
    """A field for several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several uploaded files. An empty one is let through, to be refused by its name."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the files as a list. Raises ValidationError where there is none."""
        return [super(FilesField, self).clean(one, initial) for one in data or [None]]


class ProductPhotosForm(forms.Form):
    """Photos of one product, several at once: one that is refused keeps no other from being kept."""

    photo = FilesField(
        label=_("Add photos"),
        allow_empty_file=True,
        help_text=lazy(photo_help, str)(),
        widget=FilesInput(attrs={"accept": ACCEPT}),
        error_messages={"required": _("No photo was sent. Choose a file and press the button again.")},
    )

    def __init__(self, product: Product, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._product = product

    def save(self) -> tuple[int, list[str]]:
        """Store what was sent; return how many photos were kept, and why others were not, by file name."""
        kept, refused = 0, []
        for upload in self.cleaned_data["photo"]:
            try:
                add_upload(self._product, upload)
            except InvalidPhoto as error:
                refused.append(f"{upload.name}: {sentence(error.code)}")
            else:
                kept += 1
        return kept, refused


def add_upload(product: Product, upload: "UploadedFile[Any]") -> ProductPhoto:
    """Store an uploaded file as a product's next photo. Raises InvalidPhoto, before opening one too many."""
    return keep_upload(product, prepare_upload(product, upload))


def prepare_upload(product: Product, upload: "UploadedFile[Any]") -> bytes:
    """Return an uploaded file as a picture for VK, which takes a while. Raises InvalidPhoto."""
    if is_full(product):
        raise InvalidPhoto(PhotoProblem.TOO_MANY)
    if (upload.size or 0) > MAX_UPLOAD_BYTES:
        raise InvalidPhoto(PhotoProblem.TOO_BIG)
    return normalize_isolated(upload.read())


def keep_upload(product: Product, jpeg: bytes) -> ProductPhoto:
    """Store a prepared picture as a product's next photo. Raises InvalidPhoto."""
    with refusing_without_storage():
        return add_photo(product, jpeg=jpeg)


class PhotoEditForm(forms.Form):
    """How a photo is turned and cropped. Numbers only: the picture is worked on by the child process."""

    turns = forms.TypedChoiceField(
        label=_("Turn"),
        coerce=int,
        choices=[
            (0, _("As it is")),
            (1, _("A quarter to the right")),
            (2, _("Upside down")),
            (3, _("A quarter to the left")),
        ],
        widget=forms.RadioSelect,
    )
    crop = forms.BooleanField(label=_("Cut out a square, as VK shows it in its lists"), required=False)
    size = forms.IntegerField(
        label=_("Size of the square"), min_value=SMALLEST, max_value=WHOLE, widget=RangeInput
    )
    across = forms.IntegerField(
        label=_("From left to right"), min_value=0, max_value=WHOLE, widget=RangeInput
    )
    down = forms.IntegerField(label=_("From top to bottom"), min_value=0, max_value=WHOLE, widget=RangeInput)

    def edit(self) -> PhotoEdit:
        """Return the edit that was asked for; the form is valid."""
        asked = self.cleaned_data
        size = asked["size"] if asked["crop"] else None
        return PhotoEdit(asked["turns"], size, asked["across"], asked["down"])


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
