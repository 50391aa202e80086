"""The merchant's rules for goods: kept, ordered, and tried before they are kept."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from syncing import mappers
from syncing.core.goods_rules.matching import matcher
from syncing.core.goods_rules.records import Decision
from syncing.core.goods_rules.ruleset import Ruleset
from syncing.core.group_tree import GroupTree
from syncing.core.item_builder import offered, stock_of
from syncing.core.pricing import price_kopecks
from syncing.core.records import ChannelLimits, Rules, SourceProduct
from syncing.models import GoodsRule
from syncing.services.planning import local_context

MOST_RULES = 50
SAMPLES = 20
MARK_LENGTH = 16


class TooManyRules(Exception):
    """The rule was not kept; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class RuleValues:
    """What the merchant gave for a rule; conditions and actions as the row keeps them."""

    name: str
    conditions: Sequence[dict[str, str]]
    actions: Sequence[dict[str, str]]
    is_enabled: bool = True
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """One product before and after a rule; `before` and `after` are prices in kopecks, None for left out."""

    name: str
    before: int | None
    after: int | None
    stock_before: int
    stock_after: int

    @property
    def weight(self) -> float:
        """How much of a surprise the change is: goods that drop out first, then the largest changes."""
        if self.after is None or not self.before:
            return float("inf")
        return abs(self.after - self.before) / self.before


@dataclass(frozen=True, slots=True)
class RulePreview:
    """What a rule would do to the goods as last read: counts, and the changes that surprise most."""

    goods: int
    picked: int
    dropped: int
    returned: int
    repriced: int
    restocked: int
    samples: Sequence[Sample]


def save_rule(user: User, values: RuleValues, *, rule: GoodsRule | None = None) -> GoodsRule:
    """Keep a rule; a new one goes to the end. Raises TooManyRules."""
    fields: dict[str, Any] = {
        "name": values.name,
        "conditions": list(values.conditions),
        "actions": list(values.actions),
        "is_enabled": values.is_enabled,
        "starts_at": values.starts_at,
        "ends_at": values.ends_at,
    }
    if rule is not None:
        for name, value in fields.items():
            setattr(rule, name, value)
        rule.save(update_fields=list(fields))
        return rule
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        places = list(GoodsRule.objects.for_user(user).values_list("position", flat=True))
        if len(places) >= MOST_RULES:
            raise TooManyRules(
                _("There can be at most %(most)d rules. Delete one that you no longer need.")
                % {"most": MOST_RULES}
            )
        return GoodsRule.objects.create(user=user, position=max(places, default=0) + 1, **fields)


def move_rule(rule: GoodsRule, *, up: bool) -> None:
    """Let the rule change places with the one before or behind it; at the end of the list nothing happens."""
    with transaction.atomic():
        rows = list(GoodsRule.objects.for_user(rule.user_id).in_order().select_for_update())
        place = next((number for number, row in enumerate(rows) if row.pk == rule.pk), None)
        if place is None:
            return
        other = place - 1 if up else place + 1
        if 0 <= other < len(rows):
            rows[place], rows[other] = rows[other], rows[place]
        for number, row in enumerate(rows, start=1):
            row.position = number
        GoodsRule.objects.bulk_update(rows, ["position"])


def try_rule(user: User, values: RuleValues, *, rule: GoodsRule | None = None) -> RulePreview:
    """Return what the rules would do with this one among them, without writing anything."""
    context = local_context(user)
    rows = list(GoodsRule.objects.for_user(user).in_force(timezone.now()).in_order())
    before = [mappers.goods_rule_record(row) for row in rows]
    candidate = mappers.goods_rule_record(
        GoodsRule(pk=rule.pk if rule else 0, **_core_fields(values)),
    )
    after = [candidate if each.id == candidate.id else each for each in before]
    if candidate not in after:
        place = sum(row.position < rule.position for row in rows) if rule else len(after)
        after.insert(place, candidate)
    tree = GroupTree(context.groups)
    comparison = _Comparison(context.rules, context.limits, Ruleset(before), Ruleset(after))
    picks = matcher(candidate)
    samples, picked = [], 0
    for product in context.products:
        path = tuple(group.name for group in tree.path(product.key.store_id, product.group_id))
        if picks(product, path):
            picked += 1
            samples.append(comparison.sample(product, path))
    return _summary(len(context.products), picked, samples)


def trial_of(values: RuleValues, rule: GoodsRule | None) -> dict[str, Any]:
    """Return what a worker is told to try, as JSON."""
    return {**_core_fields(values), "rule": rule.pk if rule else None}


def mark_of(trial: Mapping[str, Any]) -> str:
    """Return what names a trial in an address."""
    return hashlib.sha256(json.dumps(trial, sort_keys=True).encode()).hexdigest()[:MARK_LENGTH]


def compute_trial(user: User, trial: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what was tried and what it would change, as JSON. Writes nothing."""
    if trial is None:
        return {"mark": "", "preview": None}
    rule = GoodsRule.objects.for_user(user).filter(pk=trial["rule"]).first()
    values = RuleValues(trial["name"], trial["conditions"], trial["actions"])
    return {"mark": mark_of(trial), "preview": asdict(try_rule(user, values, rule=rule))}


def preview_of(result: Mapping[str, Any] | None, mark: str) -> RulePreview | None:
    """Return what a trial of this mark would change, or None where the result is another's."""
    if not result or result["mark"] != mark or result["preview"] is None:
        return None
    kept = result["preview"]
    return RulePreview(**{**kept, "samples": [Sample(**sample) for sample in kept["samples"]]})


def _core_fields(values: RuleValues) -> dict[str, Any]:
    return {
        "name": values.name,
        "conditions": list(values.conditions),
        "actions": list(values.actions),
    }


@dataclass(frozen=True, slots=True)
class _Comparison:
    rules: Rules
    limits: ChannelLimits
    before: Ruleset
    after: Ruleset

    def sample(self, product: SourceProduct, path: tuple[str, ...]) -> Sample:
        """Return the product under both lists of rules."""
        old, new = self.before.decide(product, path), self.after.decide(product, path)
        stock = stock_of(product.quantity, self.limits)
        return Sample(
            product.name,
            self._price(product, old),
            self._price(product, new),
            offered(stock, old),
            offered(stock, new),
        )

    def _price(self, product: SourceProduct, decision: Decision) -> int | None:
        if decision.excluded_by or product.price is None or not product.price.is_finite():
            return None
        return price_kopecks(product.price, self.rules, decision)


def _summary(goods: int, picked: int, samples: list[Sample]) -> RulePreview:
    dropped = [each for each in samples if each.after is None and each.before is not None]
    returned = [each for each in samples if each.before is None and each.after is not None]
    repriced = [
        each for each in samples if None not in {each.before, each.after} and each.before != each.after
    ]
    restocked = [each for each in samples if each.after is not None and each.stock_before != each.stock_after]
    changed = {id(each): each for each in (*dropped, *repriced, *returned, *restocked)}
    worst = sorted(changed.values(), key=attrgetter("weight"), reverse=True)
    return RulePreview(
        goods, picked, len(dropped), len(returned), len(repriced), len(restocked), worst[:SAMPLES]
    )
