"""What merchants send about their catalogue."""

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.pictures import MOST_UPLOAD_BYTES, BadPicture, normalise_photo


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
        if upload.size > MOST_UPLOAD_BYTES:
            raise forms.ValidationError(
                _("The photo was not kept: the file is too large. Choose one below 30 MB.")
            )
        try:
            return normalise_photo(upload.read())
        except BadPicture as error:
            raise forms.ValidationError(str(error)) from error

    def jpeg(self) -> bytes:
        """Return the cleaned picture."""
        picture: bytes = self.cleaned_data["photo"]
        return picture
