"""A rule for goods as a form: its name and time, a few conditions, a few actions."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.db import models
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog.models import Store
from evosync.common.text import whole_number
from syncing.core.goods_rules.records import COMPARISONS, Comparison, RuleActionKind, Subject
from syncing.core.records import Category
from syncing.core.restricted_goods.name_classifier import classify_name
from syncing.models import GoodsRule, SyncConfig
from syncing.services.categories import known_categories
from syncing.services.forbidden_words import check_text
from syncing.services.goods_rules import RuleValues
from syncing.services.settings import rules_of
from syncing.services.shop_time import zone_label
from syncing.web.forms.categories import ProposingForm, TypedCategoryField
from syncing.web.forms.goods_rule_values import LARGEST, TITLE_PARTS, action_value, read_number, read_text
from syncing.web.forms.own_words import taken_for_forbidden

MOST_LINES = 6
NUMBERS = (Subject.PRICE, Subject.COST, Subject.STOCK)
WITHOUT_VALUE = (Comparison.UNKNOWN, Comparison.PRESENT, Comparison.ABSENT)
TEXTS = (RuleActionKind.ADD_TEXT, RuleActionKind.FEW_LEFT)
LONGEST_TEXT = 500


class SubjectChoices(models.TextChoices):
    """What a condition looks at, in words."""

    NAME = Subject.NAME, _("name")
    GROUP = Subject.GROUP, _("group")
    PRICE = Subject.PRICE, _("price in the till, ₽")
    COST = Subject.COST, _("purchase price, ₽")
    STOCK = Subject.STOCK, _("stock in the till")
    ARTICLE = Subject.ARTICLE, _("article or code")
    BARCODE = Subject.BARCODE, _("barcode")
    STORE = Subject.STORE, _("store")
    TYPE = Subject.TYPE, _("type in Evotor")
    PHOTO = Subject.PHOTO, _("own photo")
    TAG = Subject.TAG, _("your tag")


class ComparisonChoices(models.TextChoices):
    """How a condition compares, in words."""

    CONTAINS = Comparison.CONTAINS, _("contains")
    CONTAINS_NOT = Comparison.CONTAINS_NOT, _("does not contain")
    IS = Comparison.IS, _("is")
    IS_NOT = Comparison.IS_NOT, _("is not")
    STARTS = Comparison.STARTS, _("starts with")
    ABOVE = Comparison.ABOVE, _("is more than")
    BELOW = Comparison.BELOW, _("is less than")
    UNKNOWN = Comparison.UNKNOWN, _("is not known")
    PRESENT = Comparison.PRESENT, _("is there")
    ABSENT = Comparison.ABSENT, _("is not there")


class ActionChoices(models.TextChoices):
    """What a rule does, in words."""

    PERCENT = RuleActionKind.PERCENT, _("price: add %")
    ADD = RuleActionKind.ADD, _("price: add ₽")
    OVER_COST = RuleActionKind.OVER_COST, _("price: purchase price plus %")
    NOT_BELOW_COST = RuleActionKind.NOT_BELOW_COST, _("price: not below purchase price plus %")
    AT_LEAST = RuleActionKind.AT_LEAST, _("price: not below ₽")
    AT_MOST = RuleActionKind.AT_MOST, _("price: not above ₽")
    ROUND = RuleActionKind.ROUND, _("price: round")
    OLD_PRICE = (
        RuleActionKind.OLD_PRICE,
        _("old price, crossed out: ₽, or empty for the price before this rule"),
    )
    KEEP_BACK = RuleActionKind.KEEP_BACK, _("stock: keep back, pieces")
    SHOW_AT_MOST = RuleActionKind.SHOW_AT_MOST, _("stock: show at most, pieces")
    HIDE_AT = RuleActionKind.HIDE_AT, _("hide when so few are left, pieces")
    EXCLUDE = RuleActionKind.EXCLUDE, _("do not put into VK")
    INCLUDE = RuleActionKind.INCLUDE, _("put into VK all the same")
    CATEGORY = RuleActionKind.CATEGORY, _("VK category, its name")
    ALBUM = RuleActionKind.ALBUM, _("album, its title")
    TITLE_PREFIX = RuleActionKind.TITLE_PREFIX, _("name: words before it")
    TITLE_SUFFIX = RuleActionKind.TITLE_SUFFIX, _("name: words behind it")
    ADD_TEXT = RuleActionKind.ADD_TEXT, _("description: a text at its end")
    FEW_LEFT = RuleActionKind.FEW_LEFT, _("description: “few left”, pieces and your words")


class ConditionForm(forms.Form):
    """One condition; an empty one does not count."""

    subject = forms.ChoiceField(label=_("What"), required=False, choices=[("", "—"), *SubjectChoices.choices])
    comparison = forms.ChoiceField(
        label=_("How"), required=False, choices=[("", "—"), *ComparisonChoices.choices]
    )
    value = forms.CharField(label=_("Value"), required=False, max_length=200)

    def __init__(self, *args: Any, stores: Mapping[str, str], **kwargs: Any) -> None:
        """`stores` are the names of the merchant's stores by Evotor's id."""
        super().__init__(*args, **kwargs)
        self._stores = stores
        if self.initial.get("subject") == Subject.STORE:
            self.initial["value"] = stores.get(self.initial["value"], self.initial["value"])

    def clean(self) -> dict[str, Any]:
        """Check that the comparison fits, and that a number is one."""
        data = super().clean() or self.cleaned_data
        if self.errors or not data.get("subject"):
            return data
        subject = Subject(data["subject"])
        if data.get("comparison") not in COMPARISONS[subject]:
            fitting = ", ".join(str(ComparisonChoices(each).label) for each in COMPARISONS[subject])
            raise forms.ValidationError(
                _("This cannot be compared so. Choose one of: %(fitting)s."), params={"fitting": fitting}
            )
        if data["comparison"] not in WITHOUT_VALUE:
            data["value"] = self._value(subject, data["value"])
        return data

    def _value(self, subject: Subject, text: str) -> str:
        if subject in NUMBERS:
            return read_number(text)
        if subject is Subject.STORE:
            return self._store(read_text(text))
        return read_text(text)

    def _store(self, text: str) -> str:
        for store_id, name in self._stores.items():
            if text.casefold() in {name.casefold(), store_id.casefold()}:
                return store_id
        raise forms.ValidationError(
            _("There is no such store. Yours: %(stores)s."),
            params={"stores": ", ".join(self._stores.values())},
        )


class ActionForm(ProposingForm, forms.Form):
    """One action; an empty one does not count."""

    kind = forms.ChoiceField(
        label=_("What to do"), required=False, choices=[("", "—"), *ActionChoices.choices]
    )
    value = forms.CharField(label=_("Value"), required=False, max_length=LONGEST_TEXT)

    def __init__(
        self, *args: Any, legal_filter: bool = True, categories: Sequence[Category] = (), **kwargs: Any
    ) -> None:
        """`categories` are those of VK that an action may name."""
        super().__init__(*args, **kwargs)
        self._legal_filter, self._categories = legal_filter, categories
        if self.initial:
            self.initial = {**self.initial, "value": value_in_words(self.initial, categories)}

    def clean(self) -> dict[str, Any]:
        """Check that the value is one for this action."""
        data = super().clean() or self.cleaned_data
        if self.errors or not data.get("kind"):
            return data
        kind = RuleActionKind(data["kind"])
        try:
            if kind is RuleActionKind.CATEGORY:
                data["value"] = self._category(data["value"])
            else:
                data["value"] = action_value(kind, data["value"])
            self._check_words(kind, data["value"])
        except forms.ValidationError as error:
            self.add_error("value", error)
        return data

    def _category(self, text: str) -> str:
        """Return the number of the category that is named; a number itself is taken as it is."""
        if number := whole_number(text.strip(), most=LARGEST):
            return str(number)
        return str(TypedCategoryField(categories=self._categories).clean(text))

    def _check_words(self, kind: RuleActionKind, text: str) -> None:
        if kind in TEXTS:
            check_text(text, legal_filter=self._legal_filter)
        if kind in TITLE_PARTS and self._legal_filter:
            verdict = classify_name(text)
            if not verdict.is_allowed:
                raise taken_for_forbidden(verdict)


def value_in_words(line: Mapping[str, str], categories: Iterable[Category]) -> str:
    """Return an action's value as a merchant writes it: VK's categories and roundings by their names."""
    kind, value = line["kind"], line["value"]
    if kind == RuleActionKind.CATEGORY:
        return next((str(category) for category in categories if str(category.id) == value), value)
    return str(SyncConfig.Rounding(value).label) if kind == RuleActionKind.ROUND else value


class GoodsRuleForm(forms.Form):
    """A rule's name and time. Conditions and actions are formsets beside it."""

    name = forms.CharField(
        label=_("Name of the rule"),
        max_length=80,
        help_text=_("You see it where the rule decided something."),
    )
    is_enabled = forms.BooleanField(label=_("The rule is on"), required=False)
    starts_at = forms.DateTimeField(label=_("From"), required=False)
    ends_at = forms.DateTimeField(
        label=_("Until"),
        required=False,
        help_text=_("For a promotion: outside this time the rule does nothing, and prices go back."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_at"].help_text = _("By the clock of the shop: %(zone)s.") % {
            "zone": zone_label(get_current_timezone_name())
        }
        for name in ("starts_at", "ends_at"):
            self.fields[name].widget = forms.DateTimeInput(
                format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}
            )

    def clean(self) -> dict[str, Any]:
        """Demand that the end comes after the start."""
        data = super().clean() or self.cleaned_data
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("The end must come after the start."))
        return data


ConditionFormSet = forms.formset_factory(ConditionForm, extra=2, max_num=MOST_LINES, validate_max=True)
ActionFormSet = forms.formset_factory(ActionForm, extra=2, max_num=MOST_LINES, validate_max=True)


class RuleEditor:
    """The form with its two formsets, as one thing for view and template."""

    def __init__(
        self,
        data: Any = None,
        *,
        user: User,
        rule: GoodsRule | None = None,
        start: Sequence[dict[str, str]] = (),
    ) -> None:
        """`start` are the conditions that a new rule begins with."""
        first: dict[str, Any] = {"is_enabled": True}
        if rule is not None:
            first = {
                "name": rule.name,
                "is_enabled": rule.is_enabled,
                "starts_at": rule.starts_at,
                "ends_at": rule.ends_at,
            }
        self.form = GoodsRuleForm(data, initial=first)
        stores = dict(Store.objects.for_user(user).present().values_list("evotor_id", "name"))
        self.conditions = ConditionFormSet(
            data,
            prefix="if",
            initial=[dict(line) for line in (rule.conditions if rule else start)],
            form_kwargs={"stores": stores},
        )
        self.actions = ActionFormSet(
            data,
            prefix="then",
            initial=rule.actions if rule else [],
            form_kwargs={"legal_filter": rules_of(user).legal_filter, "categories": known_categories()},
        )
        self.problem = ""

    def is_valid(self) -> bool:
        """Return True if all parts are; without an action a rule does nothing."""
        valid = all([self.form.is_valid(), self.conditions.is_valid(), self.actions.is_valid()])
        if valid and not self._lines(self.actions, "kind"):
            self.problem = str(_("Choose at least one action: without one the rule does nothing."))
        return valid and not self.problem

    def values(self) -> RuleValues:
        """Return what was given, of a valid editor."""
        data = self.form.cleaned_data
        return RuleValues(
            name=" ".join(data["name"].split()),
            conditions=self._lines(self.conditions, "subject"),
            actions=self._lines(self.actions, "kind"),
            is_enabled=data["is_enabled"],
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
        )

    @staticmethod
    def _lines(formset: Any, key: str) -> list[dict[str, str]]:
        return [dict(form.cleaned_data) for form in formset if form.cleaned_data.get(key)]
