"""Buttons of the sync page: confirm the first run, switch the hourly sync, adopt items."""

from django import forms
from django.utils.translation import gettext_lazy as _

# Of an id that fits into a database column.
MAX_ID_DIGITS = 18


class ConfirmFirstRunForm(forms.Form):
    """The merchant's confirmation that the first run may write to their community."""

    confirm = forms.BooleanField(
        label=_("I have looked at the preview. EvoSync may add these goods to my VK community."),
        error_messages={
            "required": _(
                "Nothing was started. Look at the preview, tick this box and press the button again."
            )
        },
    )


class EnableSyncForm(forms.Form):
    """On or off."""

    enabled = forms.BooleanField(required=False)


class AdoptItemsForm(forms.Form):
    """The hand-made items that the merchant has ticked, by their ids in VK."""

    items = forms.Field(widget=forms.MultipleHiddenInput())

    def clean_items(self) -> set[int]:
        """Return the ids; the service decides which of them the merchant may take over."""
        texts = self.cleaned_data["items"]
        if not all(text.isascii() and text.isdigit() and len(text) <= MAX_ID_DIGITS for text in texts):
            raise forms.ValidationError(_("These are no goods."))
        return {int(text) for text in texts}
