"""Search in the catalogue."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog.models import ProductGroup, Store
from syncing.services.catalog_states import Show, StateCounts
from syncing.services.labels import first_sentence
from syncing.web.forms.amounts import AmountField
from syncing.web.presenters.exclusion_reasons import SEARCHABLE
from syncing.web.presenters.product_search import READY, STANDINGS, ProductQuery


class CountedSelect(forms.Select):
    """A list whose options without any goods are grey; they can be chosen, since a count may be old."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.counts: Mapping[str, int] = {}

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the number to the option's words, where somebody has counted."""
        option = super().create_option(name, value, label, *args, **kwargs)
        number = self.counts.get(str(value))
        if number is not None:
            option["label"] = f"{label} ({number_format(number)})"
            option["attrs"] |= {"class": "es-none"} if number == 0 else {}
        return option


class ProductSearchForm(forms.Form):
    """What to show in the catalogue. A value that makes no sense is taken as not given."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    show = forms.ChoiceField(label=_("Show"), required=False, choices=Show.choices, widget=CountedSelect)
    why = forms.ChoiceField(label=_("Why not in VK"), required=False)
    store = forms.ModelChoiceField(
        Store.objects.none(),
        label=_("Store"),
        required=False,
        empty_label=_("All stores"),
        widget=CountedSelect,
    )
    group = forms.ModelChoiceField(ProductGroup.objects.none(), required=False, widget=forms.HiddenInput)
    price_from = AmountField(label=_("Price from, ₽"), required=False, min_value=0, max_digits=12)
    price_to = AmountField(label=_("Price up to, ₽"), required=False, min_value=0, max_digits=12)
    after = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(
        self,
        user: User,
        *args: Any,
        counts: Mapping[str, int] | None = None,
        states: StateCounts | None = None,
        **kwargs: Any,
    ) -> None:
        """`counts` are how many goods a worker has found for each reason, `states` for all else."""
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["why"]).choices = [
            ("", _("Any reason")),
            *_reasons(counts or {}),
        ]
        cast("forms.ModelChoiceField[Store]", self.fields["store"]).queryset = Store.objects.for_user(
            user
        ).order_by("name", "pk")
        cast(
            "forms.ModelChoiceField[ProductGroup]", self.fields["group"]
        ).queryset = ProductGroup.objects.for_user(user)
        if states:
            cast("CountedSelect", self.fields["show"].widget).counts = states.states
            cast("CountedSelect", self.fields["store"].widget).counts = states.stores
        self.fields["q"].widget.attrs.update(type="search", placeholder=_("Name, article, code or barcode"))

    def query(self) -> ProductQuery:
        """Return the question, without what could not be understood."""
        self.is_valid()
        data = self.cleaned_data
        return ProductQuery(
            text=data.get("q", ""),
            store=data.get("store"),
            group=data.get("group"),
            show=data.get("show", ""),
            why=data.get("why", ""),
            price_from=data.get("price_from"),
            price_to=data.get("price_to"),
            after=data.get("after"),
            before=data.get("before"),
        )

    @property
    def asks_for_what_is_gone(self) -> bool:
        """Whether a part of the search means nothing, as a group that the till has lost since."""
        return not self.errors.keys() <= {"after", "before"}


def _reasons(counts: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Yield the reasons for the list, each with its number where that is known."""
    texts = {
        READY: _("Nothing: ready for VK"),
        **STANDINGS,
        **{one: _(text) for one, text in SEARCHABLE.items()},
    }
    for code, text in texts.items():
        short = first_sentence(str(text))
        yield code, f"{short} ({counts[code]})" if counts.get(code) else short
