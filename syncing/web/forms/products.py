"""Search in the catalogue."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog.models import ProductGroup, Store
from syncing.web.presenters.exclusion_reasons import SEARCHABLE
from syncing.web.presenters.products import ProductQuery, Show


class ProductSearchForm(forms.Form):
    """What to show in the catalogue. A value that makes no sense is taken as not given."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    show = forms.ChoiceField(label=_("Show"), required=False, choices=Show.choices)
    why = forms.ChoiceField(label=_("Why not in VK"), required=False)
    store = forms.ModelChoiceField(
        Store.objects.none(),
        label=_("Store"),
        required=False,
        empty_label=_("All stores"),
    )
    group = forms.ModelChoiceField(ProductGroup.objects.none(), required=False, widget=forms.HiddenInput)
    after = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["why"]).choices = [
            ("", _("Any reason")),
            *((code, _(text)) for code, text in SEARCHABLE.items()),
        ]
        cast("forms.ModelChoiceField[Store]", self.fields["store"]).queryset = Store.objects.for_user(
            user
        ).order_by("name", "pk")
        cast(
            "forms.ModelChoiceField[ProductGroup]", self.fields["group"]
        ).queryset = ProductGroup.objects.for_user(user)
        self.fields["q"].widget.attrs.update(type="search", placeholder=_("Name, article or barcode"))

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
            after=data.get("after"),
            before=data.get("before"),
        )
