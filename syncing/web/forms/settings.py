"""The sync rules."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import User
from catalog.models import ProductGroup, Store
from syncing.core.records import Category
from syncing.models import RULES, SyncConfig
from syncing.services.forbidden_words import check_text
from syncing.web.forms.amounts import AmountField
from syncing.web.forms.categories import ProposingForm, TypedCategoryField

NEW_GROUP, NEW_CATEGORY = "new_group", "new_category"
# The rules by what they are about, in the order of the page.
PARTS = (
    (gettext_noop("How often"), ("compare_every_hours",)),
    (gettext_noop("Prices"), ("markup_percent", "rounding")),
    (
        gettext_noop("Names and texts"),
        ("sentence_case", "write_out_shortenings", "description_template", "albums", "album_template"),
    ),
    (
        gettext_noop("Pictures"),
        ("card_style",),
    ),
    (gettext_noop("When goods run out or leave"), ("out_of_stock", "removal")),
    (gettext_noop("Several stores"), ("stores",)),
    (gettext_noop("Safety"), ("legal_filter", "price_hold_percent", "brake_items", "brake_percent")),
)


class AlbumTitlesForm(forms.ModelForm[SyncConfig]):
    """What of the rules makes the titles of albums, to be looked at before it is saved."""

    class Meta:
        model = SyncConfig
        fields = ("sentence_case", "albums", "album_template")


class SyncRulesForm(ProposingForm, forms.ModelForm[SyncConfig]):
    """Every rule of the sync. `categories` are VK's, where known; else their numbers are typed."""

    class Meta:
        model = SyncConfig
        fields = RULES
        field_classes: ClassVar[dict[str, type[forms.Field]]] = {"markup_percent": AmountField}
        widgets = {
            "card_style": forms.RadioSelect,
            "description_template": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {
            "compare_every_hours": _("VK is compared with the till"),
            "brake_items": _("Ask me before a run changes more than so many goods"),
            "brake_percent": _("… or more than this share of my goods, %"),
            "legal_filter": _("Leave out what VK forbids"),
            "price_hold_percent": _("Ask me before one price changes by more than, %"),
        }
        help_texts = {
            "compare_every_hours": _(
                "Changes of which the till tells are in VK within seconds all the same. The comparison finds "
                "what it did not tell, and what was changed in VK."
            ),
            "markup_percent": _("Added to the till's price. 10 makes 110 ₽ of 100 ₽; −5 makes 95 ₽."),
            "sentence_case": _("Brands keep their capitals, and units stand apart from their numbers."),
            "write_out_shortenings": _(
                "Usual shortenings of price tags become whole words, where there is room."
            ),
            "description_template": _(
                "Text for every item. {name}, {description}, {group}, {price}, {unit} and {article} are "
                "filled in. Empty: the till's description, or the name."
            ),
            "album_template": _(
                "{group} and {top_group} are filled in, such as “{top_group}: {group}”. Empty: the group's "
                "name. Single groups have their own under “VK categories”."
            ),
            "card_style": _(
                "For goods that have no photo of yours. Pictures that are in VK already change at most a "
                "hundred per run."
            ),
            "removal": _("A product counts as gone only after the till's catalogue was read to the end."),
            "stores": _("How goods are shown that several of your stores sell."),
            "legal_filter": _("Alcohol, tobacco, medicine and other goods that VK does not allow in shops."),
            "price_hold_percent": _(
                "Only this price waits for your yes, also one ten times as high or as low; everything else "
                "goes on. Empty: no price waits."
            ),
            "brake_items": _("Hiding, removing, new prices and new names count."),
            "brake_percent": _("The larger of the two counts."),
        }

    def __init__(
        self,
        *args: Any,
        user: User,
        categories: Sequence[Category] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._categories = categories
        self._stores = list(Store.objects.for_user(user).present().order_by("name", "pk"))
        self._groups = {
            row.evotor_id: row for row in ProductGroup.objects.for_user(user).present().order_by("name", "pk")
        }
        self._add_category(
            "default_category_id",
            _("VK category"),
            self.instance.default_category_id,
            _("For goods of which neither you nor EvoSync know a category."),
        )
        self.initial["markup_percent"] = self.instance.markup_percent.normalize() + 0
        self._add_group_categories()
        self._add_store_order()

    def _add_category(self, name: str, label: Any, chosen_id: int | None, help_text: Any = "") -> None:
        field = TypedCategoryField(
            label=label,
            required=False,
            categories=self._categories,
            chosen_id=chosen_id,
            help_text=help_text,
        )
        self.fields[name] = field
        # The row's number would be shown instead.
        self.initial[name] = field.initial

    def _add_group_categories(self) -> None:
        for group_id, category in self.instance.category_by_group.items():
            name = self._groups[group_id].name if group_id in self._groups else group_id
            self._add_category(f"category_{group_id}", name, category)
        if self._groups:
            free = [(key, row.name) for key, row in self._groups.items()]
            self.fields[NEW_GROUP] = forms.ChoiceField(
                label=_("One more group"), required=False, choices=[("", "—"), *free]
            )
            self._add_category(NEW_CATEGORY, _("Its VK category"), None)

    def _add_store_order(self) -> None:
        if not self._stores[1:]:
            return
        order = self.instance.store_order
        for store in self._stores:
            name = f"place_{store.evotor_id}"
            self.fields[name] = forms.IntegerField(
                label=store.name,
                required=False,
                min_value=1,
                max_value=len(self._stores),
            )
            if store.evotor_id in order:
                self.initial[name] = order.index(store.evotor_id) + 1

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields of the plain rules under their headings, for the template."""
        return [(str(_(title)), [self[name] for name in names]) for title, names in PARTS]

    def category_fields(self) -> list[forms.BoundField]:
        """Return the fields about VK categories, for the template."""
        names = ("default_category_id", NEW_GROUP, NEW_CATEGORY)
        mapped = [self[name] for name in self.fields if name.startswith("category_")]
        return [
            self[names[0]],
            *mapped,
            *(self[name] for name in names[1:] if name in self.fields),
        ]

    def store_fields(self) -> list[forms.BoundField]:
        """Return the fields about the order of stores, for the template."""
        return [self[name] for name in self.fields if name.startswith("place_")]

    def clean(self) -> dict[str, Any]:
        """Demand both halves of a new group's category, and a text that names nothing forbidden."""
        data = super().clean() or self.cleaned_data
        try:
            check_text(data.get("description_template") or "", legal_filter=bool(data.get("legal_filter")))
        except forms.ValidationError as error:
            self.add_error("description_template", error)
        if bool(data.get(NEW_GROUP)) != bool(data.get(NEW_CATEGORY)):
            self.add_error(
                NEW_GROUP,
                _("The group's category was not saved. Choose both, the group and its VK category."),
            )
        return data

    def save(self, commit: bool = True) -> SyncConfig:  # noqa: FBT001, FBT002 - Django's signature
        """Save the rules with the categories by group and the order of stores, and nothing else of the row.

        A group that another page has given a category since this one was shown keeps it.
        """
        data, config = self.cleaned_data, self.instance
        by_group = {
            group_id: data[name] if name in self.data else category
            for group_id, category in config.category_by_group.items()
            if data.get(name := f"category_{group_id}") or name not in self.data
        }
        if data.get(NEW_GROUP):
            by_group[data[NEW_GROUP]] = data[NEW_CATEGORY]
        config.category_by_group = by_group
        places = {store.evotor_id: data.get(f"place_{store.evotor_id}") for store in self._stores}
        ordered = sorted((place, store_id) for store_id, place in places.items() if place)
        config.store_order = [store_id for _place, store_id in ordered]
        if commit:
            config.save(update_fields=[*RULES, "category_by_group", "store_order"])
        return config
