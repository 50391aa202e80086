"""Rules for goods in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import ProductGroup, Store
from syncing.core.goods_rules.records import RuleActionKind, Subject
from syncing.models import GoodsRule, SyncConfig
from syncing.web.forms.goods_rules import (
    PLAIN_ACTIONS,
    WITHOUT_VALUE,
    ActionChoices,
    ComparisonChoices,
    SubjectChoices,
)

MOST_SUGGESTIONS = 200


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
    now = timezone.now()
    stores = dict(Store.objects.for_user(user).values_list("evotor_id", "name"))
    return [
        RuleLine(
            pk=row.pk,
            name=row.name,
            conditions=[_condition(line, stores) for line in row.conditions],
            actions=[_action(line) for line in row.actions],
            is_enabled=row.is_enabled,
            is_waiting=row.starts_at is not None and row.starts_at > now,
            is_over=row.ends_at is not None and row.ends_at <= now,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
        )
        for row in rows
    ]


def suggestions(user: User) -> list[str]:
    """Return what a condition's value may be: the names of groups and stores."""
    groups = ProductGroup.objects.for_user(user).present().order_by("name")
    stores = Store.objects.for_user(user).present().order_by("name")
    names = [
        *stores.values_list("name", flat=True),
        *groups.values_list("name", flat=True)[:MOST_SUGGESTIONS],
    ]
    return list(dict.fromkeys(filter(None, names)))


def _condition(line: Mapping[str, str], stores: Mapping[str, str]) -> str:
    what, how = SubjectChoices(line["subject"]).label, ComparisonChoices(line["comparison"]).label
    if line["comparison"] in WITHOUT_VALUE:
        return f"{what} {how}"
    value = stores.get(line["value"], line["value"]) if line["subject"] == Subject.STORE else line["value"]
    return _("%(what)s %(how)s “%(value)s”") % {"what": what, "how": how, "value": value}


def _action(line: Mapping[str, str]) -> str:
    what = str(ActionChoices(line["kind"]).label)
    if line["kind"] in PLAIN_ACTIONS:
        return what
    if line["kind"] == RuleActionKind.OLD_PRICE:
        return _old_price(line["value"])
    value = line["value"]
    if line["kind"] == RuleActionKind.ROUND:
        value = str(SyncConfig.Rounding(value).label)
    return f"{what}: {value}"


def _old_price(value: str) -> str:
    if not value:
        return _("old price, crossed out: the price before this rule")
    if Decimal(value) == 0:
        return _("no old price is crossed out")
    return _("old price, crossed out: %(price)s ₽") % {"price": value}
