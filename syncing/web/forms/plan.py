"""Search in a plan."""

from django import forms
from django.utils.translation import gettext_lazy as _

from syncing.core.eligibility import REASONS
from syncing.services.plan_summary import Section
from syncing.web.presenters.plan_preview import PlanQuestion

PARTS = {
    Section.CREATE: _("New in VK"),
    Section.PRICE: _("New prices"),
    Section.UPDATE: _("Other changes"),
    Section.HIDE: _("Hidden by the run"),
    Section.RESTORE: _("Shown again"),
    Section.REMOVE: _("Removed"),
    Section.HELD_PRICE: _("Prices that wait for your yes"),
    Section.KEPT_HIDDEN: _("Hidden by you in VK"),
    Section.SKIP: _("Left out"),
}


class PlanSearchForm(forms.Form):
    """Which goods of a plan to show. A value that makes no sense is taken as not given."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    part = forms.ChoiceField(
        label=_("What happens"), required=False, choices=[("", _("Everything")), *PARTS.items()]
    )
    why = forms.ChoiceField(
        required=False, choices=[(code, code) for code in REASONS], widget=forms.HiddenInput
    )
    page = forms.IntegerField(required=False, min_value=1, max_value=1_000_000, widget=forms.HiddenInput)
    expected = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["q"].widget.attrs.update(type="search", placeholder=_("Name, article, code or barcode"))
        self.fields["part"].widget.attrs["data-submit"] = ""

    def chosen(self) -> PlanQuestion:
        """Return what was understood."""
        self.is_valid()
        data = self.cleaned_data
        return PlanQuestion(
            data.get("q") or "", data.get("part") or "", data.get("page") or 1, data.get("why") or ""
        )

    def kept(self) -> dict[str, str]:
        """Return what the next address keeps, without the page."""
        names = ("q", "part", "why", "expected")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}
