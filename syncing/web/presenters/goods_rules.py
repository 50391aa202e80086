"""Rules for goods in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.formats import localize, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from catalog.models import ProductGroup, Store
from evosync.common import clock
from syncing.core.goods_rules.records import RuleActionKind, Subject
from syncing.core.records import Category
from syncing.models import GoodsRule, ProductTag, SyncConfig
from syncing.services.categories import known_categories
from syncing.services.goods_rules import RulePreview, Sample
from syncing.services.labels import with_sign
from syncing.web.forms.goods_rule_values import PLAIN_ACTIONS
from syncing.web.forms.goods_rules import (
    NUMBERS,
    WITHOUT_VALUE,
    ActionChoices,
    ComparisonChoices,
    SubjectChoices,
    value_in_words,
)
from syncing.web.presenters.plan_preview import product_pks

MOST_SUGGESTIONS = 200
# Actions whose value is a number.
AMOUNTS = {
    RuleActionKind.OVER_COST,
    RuleActionKind.AT_LEAST,
    RuleActionKind.AT_MOST,
    RuleActionKind.KEEP_BACK,
    RuleActionKind.SHOW_AT_MOST,
    RuleActionKind.HIDE_AT,
}


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule as the list shows it."""

    pk: int
    name: str
    conditions: list[str]
    actions: list[str]
    is_enabled: bool
    is_waiting: bool
    is_over: bool
    starts_at: datetime | None
    ends_at: datetime | None


def describe_rules(user: User, rows: Iterable[GoodsRule]) -> list[RuleLine]:
    """Return the rules in words, in the given order."""
    now = clock.now()
    stores = dict(Store.objects.for_user(user).values_list("evotor_id", "name"))
    categories = known_categories()
    return [
        RuleLine(
            pk=row.pk,
            name=row.name,
            conditions=[_condition(line, stores) for line in row.conditions],
            actions=[_action(line, categories) for line in row.actions],
            is_enabled=row.is_enabled,
            is_waiting=row.starts_at is not None and row.starts_at > now,
            is_over=row.ends_at is not None and row.ends_at <= now,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
        )
        for row in rows
    ]


def suggestions(user: User) -> list[str]:
    """Return what a condition's value may be: the names of groups, stores and tags."""
    groups = ProductGroup.objects.for_user(user).present().order_by("name")
    stores = Store.objects.for_user(user).present().order_by("name")
    names = [
        *ProductTag.objects.for_user(user).names()[:MOST_SUGGESTIONS],
        *stores.values_list("name", flat=True),
        *groups.values_list("name", flat=True)[:MOST_SUGGESTIONS],
    ]
    return list(dict.fromkeys(filter(None, names)))


def _condition(line: Mapping[str, str], stores: Mapping[str, str]) -> str:
    what, how = SubjectChoices(line["subject"]).label, ComparisonChoices(line["comparison"]).label
    if line["comparison"] in WITHOUT_VALUE:
        return f"{what} {how}"
    value = line["value"]
    if line["subject"] == Subject.STORE:
        value = stores.get(value, value)
    elif line["subject"] in NUMBERS:
        value = number_format(value)
    return _("%(what)s %(how)s “%(value)s”") % {"what": what, "how": how, "value": value}


def _action(line: Mapping[str, str], categories: Sequence[Category]) -> str:
    what = str(ActionChoices(line["kind"]).label)
    if line["kind"] in PLAIN_ACTIONS:
        return what
    if line["kind"] == RuleActionKind.OLD_PRICE:
        return _old_price(line["value"])
    if line["kind"] in {RuleActionKind.PERCENT, RuleActionKind.ADD}:
        unit = "%" if line["kind"] == RuleActionKind.PERCENT else "₽"
        return _("price: %(change)s") % {"change": f"{with_sign(Decimal(line['value']))}\u00a0{unit}"}
    if line["kind"] in AMOUNTS:
        return f"{what}: {number_format(line['value'])}"
    return f"{what}: {value_in_words(line, categories)}"


def _old_price(value: str) -> str:
    if not value:
        return _("old price, crossed out: the price before this rule")
    if Decimal(value) == 0:
        return _("no old price is crossed out")
    return _("old price, crossed out: %(price)s ₽") % {"price": number_format(value)}


def sample_rows(user: User, preview: RulePreview) -> list[tuple[Sample, int | None]]:
    """Return the samples with the row ids of their products, None for those that have left the catalogue."""
    pks = product_pks(user, [sample.key for sample in preview.samples])
    return [(sample, pks.get(sample.key)) for sample in preview.samples]


def preview_warnings(preview: RulePreview) -> list[str]:
    """Return what the merchant should think about before saving the rule, the worst first."""
    found = []
    if preview.dropped and not preview.left:
        found.append(_("With this rule nothing is left in VK."))
    if preview.dropped:
        text = ngettext(
            "%(n)s product leaves VK by this rule.", "%(n)s products leave VK by this rule.", preview.dropped
        )
        found.append(text % {"n": localize(preview.dropped)})
    if preview.below_cost:
        text = ngettext(
            "%(n)s product would cost less than its purchase price.",
            "%(n)s products would cost less than their purchase prices.",
            preview.below_cost,
        )
        found.append(text % {"n": localize(preview.below_cost)})
    if preview.tenfold:
        text = ngettext(
            "%(n)s price changes tenfold. It waits for your yes before it goes to VK.",
            "%(n)s prices change tenfold. They wait for your yes before they go to VK.",
            preview.tenfold,
        )
        found.append(text % {"n": localize(preview.tenfold)})
    if preview.large:
        found.append(_large(preview) % {"n": localize(preview.large)})
    if preview.asks:
        found.append(
            _("This is so much at once that the run asks you first. Until you answer, nothing changes in VK.")
        )
    return found


def _large(preview: RulePreview) -> str:
    if preview.asks_about_prices:
        return ngettext("%(n)s price changes very much.", "%(n)s prices change very much.", preview.large)
    return ngettext(
        "%(n)s price changes very much, and goes to VK without another question.",
        "%(n)s prices change very much, and go to VK without another question.",
        preview.large,
    )


@dataclass(frozen=True, slots=True)
class SettingLine:
    """A setting of the shop as a line of the list of rules: what it does, and where it is changed."""

    title: str
    text: str
    url: str


def settings_before(config: SyncConfig, *, filters: int) -> list[SettingLine]:
    """Return the settings that come before the rules for goods."""
    choice = (
        ngettext("%(n)s line of your choice", "%(n)s lines of your choice", filters)
        % {"n": localize(filters)}
        if filters
        else _("all goods")
    )
    markup = (
        f"{with_sign(config.markup_percent)}\N{NO-BREAK SPACE}%" if config.markup_percent else _("no markup")
    )
    return [
        SettingLine(_("What goes to VK"), str(choice), reverse("syncing:filters")),
        SettingLine(_("Markup"), str(markup), reverse("syncing:rules")),
    ]


def settings_after(config: SyncConfig) -> list[SettingLine]:
    """Return the settings that come after the rules for goods, unless a rule decides the same."""
    rules = reverse("syncing:rules")
    percent = config.price_hold_percent
    control = _("waits for your yes above %(percent)s %%") % {"percent": percent} if percent else _("off")
    return [
        SettingLine(_("Rounding, where no rule rounds"), config.get_rounding_display(), rules),
        SettingLine(_("When sold out"), config.get_out_of_stock_display(), rules),
        SettingLine(_("Price control"), str(control), rules),
    ]
