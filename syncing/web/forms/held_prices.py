"""The merchant's answers to held prices, as their buttons send them."""

from typing import Any

from django import forms

from syncing.services.held_prices import ANSWERS, Kind

ANSWER_CHOICES = [(answer.value, answer.label) for answer in ANSWERS]


class HeldPriceForm(forms.Form):
    """An answer to one price: "verdict:kopecks", the new price as the page showed it."""

    answer_to = forms.RegexField(r"^(approved|accepted|refused):[0-9]{1,15}$")

    def answer(self) -> dict[str, Any]:
        """Return what was answered to which price, of a valid form."""
        verdict, _, seen = self.cleaned_data["answer_to"].partition(":")
        return {"verdict": verdict, "seen": int(seen)}


class HeldKindForm(forms.Form):
    """An answer to all prices of a kind; `mark` names the list that the page showed."""

    kind = forms.ChoiceField(choices=[(kind.value, kind.value) for kind in Kind])
    value = forms.CharField(max_length=128, required=False)
    verdict = forms.ChoiceField(choices=ANSWER_CHOICES)
    mark = forms.CharField(max_length=64)

    def answer(self) -> dict[str, str]:
        """Return what was answered to which list, of a valid form."""
        return {name: self.cleaned_data[name] for name in ("kind", "value", "verdict", "mark")}
