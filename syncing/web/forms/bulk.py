"""What the merchant has selected in the catalogue, and what they do with it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from evosync.common.text import whole_number
from syncing.choices import BulkAction
from syncing.core.records import Category
from syncing.models import validators
from syncing.services.bulk.actions import Order
from syncing.services.forbidden_words import check_text
from syncing.services.own_words import LONGEST_ALBUM, LONGEST_TEXT
from syncing.web.forms.categories import ProposingForm, TypedCategoryField
from syncing.web.forms.photos import PhotoField
from syncing.web.presenters.products import PAGE_SIZE

OFFERED = [choice for choice in BulkAction.choices if choice[0] != BulkAction.TABLE]


class SelectionForm(forms.Form):
    """The action, and the goods: those that are ticked, or all that the search finds."""

    action = forms.ChoiceField(choices=OFFERED)
    all = forms.BooleanField(required=False)
    pick = forms.TypedMultipleChoiceField(required=False, coerce=int)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        picks = data.getlist("pick")[:PAGE_SIZE]
        known = [(text, text) for text in picks if whole_number(text) is not None]
        self.fields["pick"] = forms.TypedMultipleChoiceField(required=False, coerce=int, choices=known)

    def clean(self) -> dict[str, Any]:
        """Demand that something is selected."""
        data = super().clean() or self.cleaned_data
        if not data.get("all") and not data.get("pick"):
            raise forms.ValidationError(_("Tick the goods first, or choose all that were found."))
        return data


class OrderForm(ProposingForm, forms.Form):
    """What the page of confirmation asks for besides a yes. `goods` is the digest of those it has shown."""

    goods = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        action: BulkAction,
        categories: Sequence[Category],
        legal_filter: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._action = action
        self._legal_filter = legal_filter
        if action is BulkAction.CATEGORY:
            self.fields["category"] = TypedCategoryField(
                label=_("VK category"),
                required=False,
                categories=categories,
                help_text=_("Type a word and choose from the list. Empty: EvoSync decides again."),
            )

        if action is BulkAction.TEXT:
            self.fields["text"] = forms.CharField(
                label=_("Your own text"),
                required=False,
                max_length=LONGEST_TEXT,
                validators=[validators.description_template],
                widget=forms.Textarea(attrs={"rows": 4}),
                help_text=_(
                    "{name}, {price}, {unit}, {group}, {article} and {description} are filled in. Empty: the "
                    "text of the group or of your rules."
                ),
            )
        if action is BulkAction.ALBUM:
            self.fields["text"] = forms.CharField(
                label=_("Title of the album"),
                required=False,
                max_length=LONGEST_ALBUM,
                validators=[validators.album_title],
                help_text=_("Empty: the album of its group."),
            )
        if action is BulkAction.PHOTO:
            self.fields["photo"] = PhotoField(label=_("Your photo"))

    def clean(self) -> dict[str, Any]:
        """Check a text for what it would name."""
        data = super().clean() or self.cleaned_data
        if self._action is BulkAction.TEXT and data.get("text"):
            try:
                check_text(data["text"], legal_filter=self._legal_filter)
            except ValidationError as error:
                self.add_error("text", error)
        return data

    def order(self) -> Order:
        """Return what is to be done, of a valid form."""
        text = self.cleaned_data.get("text") or ""
        photo = self.cleaned_data.get("photo") or b""
        return Order(self._action, self.cleaned_data.get("category"), text.strip(), photo)
