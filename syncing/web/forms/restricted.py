"""Buttons by which the merchant decides about goods that VK may not take."""

from django import forms

from syncing.choices import RestrictedScope, RestrictedVerdict

# Behind a decision that the merchant confirmed against a certain verdict.
CONFIRMED = "confirmed"


class DecisionForm(forms.Form):
    """One button: "name:allowed", or "brand:allowed:confirmed" where they had to confirm it."""

    choice = forms.CharField(max_length=40)

    def clean_choice(self) -> tuple[str, str, bool]:
        """Return the scope, the verdict and whether it was confirmed."""
        scope, _, rest = self.cleaned_data["choice"].partition(":")
        verdict, _, confirmed = rest.partition(":")
        known = scope in RestrictedScope.values and verdict in RestrictedVerdict.values
        if not known or confirmed not in ("", CONFIRMED):
            raise forms.ValidationError("There is no such decision.")
        return scope, verdict, confirmed == CONFIRMED


class UndoForm(forms.Form):
    """The decision to be taken back, by its row's number."""

    decision = forms.IntegerField(min_value=1, max_value=2**63 - 1)
