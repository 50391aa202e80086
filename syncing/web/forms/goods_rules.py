"""A rule for goods as a form: its name and time, a few conditions, a few actions."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.db import models
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog.models import Product, Store
from evosync.common.text import whole_number
from syncing.core.characters import vk_length
from syncing.core.choices import Rounding
from syncing.core.descriptions import plain_text
from syncing.core.goods_rules.records import COMPARISONS, Comparison, RuleActionKind, Subject
from syncing.core.item_builder import LONGEST_TITLE_PART
from syncing.core.records import Category
from syncing.core.restricted_goods.name_classifier import classify_name
from syncing.core.titles import tidy_name
from syncing.models import GoodsRule, SyncConfig, validators
from syncing.services.catalog_states import Show
from syncing.services.categories import known_categories
from syncing.services.forbidden_words import check_text
from syncing.services.goods_rules import RuleValues
from syncing.services.settings import rules_of
from syncing.services.shop_time import zone_label
from syncing.web.forms.categories import ProposingForm, TypedCategoryField
from syncing.web.forms.own_words import taken_for_forbidden
from syncing.web.presenters.product_search import ProductQuery

MOST_LINES = 6
LARGEST = 1_000_000_000
# A rule's "more than" leaves out the number itself, a search includes it.
KOPECK = Decimal("0.01")
# What the till weighs is told to the gram.
LEAST_STOCK = "0.001"
LEAST = {RuleActionKind.PERCENT: -99, RuleActionKind.ADD: -1_000_000}
NUMBERS = (Subject.PRICE, Subject.COST, Subject.STOCK)
WITHOUT_VALUE = (Comparison.UNKNOWN, Comparison.PRESENT, Comparison.ABSENT)
PLAIN_ACTIONS = (RuleActionKind.EXCLUDE, RuleActionKind.INCLUDE)
TITLE_PARTS = (RuleActionKind.TITLE_PREFIX, RuleActionKind.TITLE_SUFFIX)
TEXTS = (RuleActionKind.ADD_TEXT, RuleActionKind.FEW_LEFT)
LONGEST_TEXT, LONGEST_ALBUM, LIMIT = 500, 128, 100
PIECES = (RuleActionKind.KEEP_BACK, RuleActionKind.SHOW_AT_MOST, RuleActionKind.HIDE_AT)


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


def conditions_for(query: ProductQuery) -> list[dict[str, str]]:
    """Return the conditions that pick what is searched for, as far as a rule can ask for it."""
    lines: list[tuple[Subject, Comparison, str]] = []
    if query.group:
        lines.append((Subject.GROUP, Comparison.IS, query.group.name))
    if query.store:
        lines.append((Subject.STORE, Comparison.IS, query.store.evotor_id))
    if query.price_from:
        lines.append((Subject.PRICE, Comparison.ABOVE, f"{query.price_from - KOPECK:f}"))
    if query.price_to is not None:
        lines.append((Subject.PRICE, Comparison.BELOW, f"{query.price_to + KOPECK:f}"))
    if query.show in (Show.NO_PHOTO, Show.BARE_IN_VK):
        lines.append((Subject.PHOTO, Comparison.ABSENT, ""))
    if query.show == Show.OWN_PHOTO:
        lines.append((Subject.PHOTO, Comparison.PRESENT, ""))
    if query.show == Show.SOLD_OUT:
        lines.append((Subject.STOCK, Comparison.BELOW, LEAST_STOCK))
    # A search finds its words in any order.
    words = query.text.split()
    parts = words if len(words) + len(lines) <= MOST_LINES else [query.text]
    lines = [*((Subject.NAME, Comparison.CONTAINS, part) for part in parts), *lines]
    return [{"subject": subject, "comparison": how, "value": value} for subject, how, value in lines]


def asks_for_more(query: ProductQuery) -> bool:
    """Return True if the conditions pick more goods than the search: a rule knows no state and no reason."""
    return bool(query.why) or query.show not in (Show.ALL, Show.NO_PHOTO, Show.OWN_PHOTO, Show.SOLD_OUT)


def condition_for(product: Product) -> list[dict[str, str]]:
    """Return the condition that picks one product, and those of its very name."""
    return [{"subject": Subject.NAME, "comparison": Comparison.IS, "value": product.name}]


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
            return _number(text)
        if subject is Subject.STORE:
            return self._store(_text(text))
        return _text(text)

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
                data["value"] = _action_value(kind, data["value"])
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


def _action_value(kind: RuleActionKind, text: str) -> str:
    if kind in PLAIN_ACTIONS:
        value = ""
    elif kind is RuleActionKind.OLD_PRICE:
        value = _number(text, least=0) if text.strip() else ""
    elif kind is RuleActionKind.ALBUM:
        value = _text(text[:LONGEST_ALBUM])
        validators.album_title(value)
    elif kind in TITLE_PARTS:
        value = _title_part(text)
    elif kind is RuleActionKind.ADD_TEXT:
        value = _description_part(text)
    elif kind is RuleActionKind.FEW_LEFT:
        value = _few_left(text)
    elif kind is RuleActionKind.ROUND:
        value = _rounding(text)
    elif kind in PIECES:
        value = _whole(text)
    else:
        value = _number(text, least=LEAST.get(kind, 0))
    return value


def _rounding(text: str) -> str:
    if text in set(Rounding):
        return text
    labels = {str(label).casefold(): value for value, label in SyncConfig.Rounding.choices}
    if (found := labels.get(" ".join(text.split()).casefold())) is None:
        fitting = ", ".join(str(label) for label in SyncConfig.Rounding.labels)
        raise forms.ValidationError(_("Choose one of: %(fitting)s."), params={"fitting": fitting})
    return found


def _text(text: str) -> str:
    if not text.strip():
        raise forms.ValidationError(_("Write what it is compared with or set to."))
    return " ".join(text.split())


def _title_part(text: str) -> str:
    """Return words for a title that VK takes; a long name must still have room beside them."""
    words = tidy_name(_text(text), sentence_case=False, longest=LIMIT)
    if not words or vk_length(words) > LONGEST_TITLE_PART:
        raise forms.ValidationError(
            _("Write a few words with a letter or digit, at most %(most)d letters long."),
            params={"most": LONGEST_TITLE_PART},
        )
    return words


def _description_part(text: str) -> str:
    words = plain_text(_text(text))
    if words != _text(text):
        raise forms.ValidationError(
            _("VK refuses links and HTML in descriptions. Take them out of the text.")
        )
    return words


def _few_left(text: str) -> str:
    """Return "3" or "3 words": how many pieces are few, and what to say then."""
    pieces, _space, words = _text(text).partition(" ")
    return f"{_whole(pieces, least=1)} {_description_part(words) if words else ''}".strip()


def _number(text: str, *, least: int = -1_000_000) -> str:
    try:
        number = Decimal(text.replace(",", ".").replace(" ", "").replace("\xa0", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not least <= number <= LARGEST:
        raise forms.ValidationError(
            _("Write a number, such as 10 or 99,90, not below %(least)s."), params={"least": least}
        )
    return f"{number.normalize():f}"


def _whole(text: str, *, least: int = 0) -> str:
    number = whole_number(text.strip(), most=LARGEST)
    if number is None or number < least:
        raise forms.ValidationError(_("Write a whole number, not below %(least)s."), params={"least": least})
    return str(number)


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
