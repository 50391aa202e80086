"""Search in the history: pages of jobs and the items of one job."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from syncing.models import SyncJobItem
from syncing.web.forms.plan import PARTS


class JobItemsForm(forms.Form):
    """Which items of a run to show."""

    action = forms.ChoiceField(
        label=_("Action"),
        required=False,
        choices=[("", _("All actions")), *SyncJobItem.Action.choices],
    )
    result = forms.ChoiceField(
        label=_("Result"),
        required=False,
        choices=[("", _("All results")), *SyncJobItem.Result.choices],
    )
    part = forms.ChoiceField(required=False, choices=[("", "—"), *PARTS.items()])
    after = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def chosen(self) -> dict[str, Any]:
        """Return what was understood."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or None for name in self.fields}


class HistoryPageForm(forms.Form):
    """Where a page of the history starts."""

    before = forms.IntegerField(required=False, min_value=1)

    def start(self) -> int | None:
        """Return the row id to start behind, None for the newest page."""
        return self.cleaned_data["before"] if self.is_valid() else None
