"""The merchant's choice of a VK category for a group or a product."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from syncing.core.records import Category


class CategoryForm(forms.Form):
    """One category of VK's, or none: then EvoSync guesses."""

    category: forms.Field

    def __init__(
        self, *args: Any, categories: list[Category], chosen_id: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(category.id, str(category)) for category in categories]
        if chosen_id and chosen_id not in dict(choices):
            choices.insert(0, (chosen_id, str(chosen_id)))
        self.fields["category"] = forms.TypedChoiceField(
            label=_("VK category"),
            required=False,
            coerce=int,
            empty_value=None,
            choices=[("", _("Let EvoSync decide")), *choices],
            initial=chosen_id,
        )
