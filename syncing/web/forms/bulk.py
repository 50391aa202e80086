"""What the merchant has selected in the catalogue, and what they do with it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from syncing.choices import BulkAction
from syncing.core.records import Category
from syncing.services.bulk.actions import Order
from syncing.web.forms.categories import TypedCategoryField
from syncing.web.presenters.products import PAGE_SIZE

LARGEST_ID = 2**63 - 1


class SelectionForm(forms.Form):
    """The action, and the goods: those that are ticked, or all that the search finds."""

    action = forms.ChoiceField(choices=BulkAction.choices)
    all = forms.BooleanField(required=False)
    pick = forms.TypedMultipleChoiceField(required=False, coerce=int)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        picks = [text for text in data.getlist("pick")[:PAGE_SIZE] if text.isascii() and text.isdecimal()]
        known = [(text, text) for text in picks if int(text) <= LARGEST_ID]
        self.fields["pick"] = forms.TypedMultipleChoiceField(required=False, coerce=int, choices=known)

    def clean(self) -> dict[str, Any]:
        """Demand that something is selected."""
        data = super().clean() or self.cleaned_data
        if not data.get("all") and not data.get("pick"):
            raise forms.ValidationError(_("Tick the goods first, or choose all that were found."))
        return data


class OrderForm(forms.Form):
    """What the page of confirmation asks for besides a yes. `number` is how many goods it has shown."""

    number = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, action: BulkAction, categories: Sequence[Category], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._action = action
        if action is BulkAction.CATEGORY:
            self.fields["category"] = TypedCategoryField(
                label=_("VK category"),
                required=False,
                categories=categories,
                help_text=_("Type a word and choose from the list. Empty: EvoSync decides again."),
            )

    def order(self) -> Order:
        """Return what is to be done, of a valid form."""
        return Order(self._action, self.cleaned_data.get("category"))
