"""The merchant's rules for goods: kept, ordered, and tried before they are kept."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db import transaction
from django.utils.formats import localize
from django.utils.translation import gettext as _

from accounts.models import User
from evosync.common import clock
from syncing import mappers
from syncing.core.choices import PriceCause, QuestionCode
from syncing.core.evaluation import Evaluation, evaluate_all
from syncing.core.goods_rules.matching import matcher
from syncing.core.group_tree import GroupTree
from syncing.core.price_control import cause_of
from syncing.core.records import Listing, ProductKey
from syncing.core.rule_trial import prices_that_wait, questions_of_rule
from syncing.models import GoodsRule
from syncing.models import Listing as ListingRow
from syncing.services.catalog_states import community_of
from syncing.services.context import local_context

MOST_RULES = 50
SAMPLES = 20
# What of an item a sample names without its values.
DETAILS = ("title", "description", "category_id", "album", "hidden")
# No price changes by so many per cent.
OFF = 10**9
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
    """One product before and after a rule; `before` and `after` are prices in kopecks, None for left out.

    `details` are the names of the item's other fields that change.
    """

    name: str
    before: int | None
    after: int | None
    stock_before: int
    stock_after: int
    old_price: int = 0
    details: Sequence[str] = ()
    old_price_before: int = 0
    # "" in a trial that the release before has kept.
    store_id: str = ""
    product_id: str = ""

    @property
    def key(self) -> ProductKey:
        """Which product of the till it is."""
        return ProductKey(self.store_id, self.product_id)

    @property
    def weight(self) -> float:
        """How much of a surprise the change is: goods that drop out first, then the largest changes."""
        if self.after is None or not self.before:
            return float("inf")
        return abs(self.after - self.before) / self.before


@dataclass(frozen=True, slots=True)
class RulePreview:
    """What a rule would do to the goods as last read: counts, and the changes that surprise most.

    `below_cost` goods would cost less than their purchase price, `large` prices change so much that they
    would wait or be asked about if the till had changed them, and `tenfold` ones wait.
    """

    goods: int
    picked: int
    dropped: int
    returned: int
    repriced: int
    restocked: int
    samples: Sequence[Sample]
    reworded: int = 0
    below_cost: int = 0
    large: int = 0
    tenfold: int = 0
    left: int = 0
    # Goods beside whose price another one is crossed out than before, or none any more.
    crossed_out: int = 0
    # Whether the run would stop at the prices, and whether it would stop at all, to ask first.
    asks_about_prices: bool = False
    asks: bool = False


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
                _("There can be at most %(most)s rules. Delete one that you no longer need.")
                % {"most": localize(MOST_RULES)}
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
    context = local_context(user, with_tags=True)
    rows = list(GoodsRule.objects.for_user(user).in_force(clock.now()).in_order())
    before = [mappers.goods_rule_record(row) for row in rows]
    candidate = mappers.goods_rule_record(
        GoodsRule(pk=rule.pk if rule else 0, ends_at=values.ends_at, **_core_fields(values)),
    )
    after = [candidate if each.id == candidate.id else each for each in before]
    if candidate not in after:
        place = sum(row.position < rule.position for row in rows) if rule else len(after)
        after.insert(place, candidate)
    tree = GroupTree(context.groups)
    picks = matcher(candidate)
    picked = sum(
        picks(product, tuple(group.name for group in tree.path(product.key.store_id, product.group_id)))
        for product in context.products
    )
    comparison = _Comparison(
        evaluate_all(replace(context, rules=replace(context.rules, goods_rules=tuple(before)))),
        evaluate_all(replace(context, rules=replace(context.rules, goods_rules=tuple(after)))),
    )
    old, new = comparison.before.desired, comparison.after.desired
    shown = replace(context, listings=_shown(user))
    waiting = prices_that_wait(shown, old, new)
    found = comparison.summary(
        goods=len(context.products),
        picked=picked,
        percent=context.rules.price_hold_percent,
        waiting=waiting,
    )
    questions = questions_of_rule(shown, old, new, waiting)
    about = {question.code for question in questions}
    return replace(found, asks=bool(about), asks_about_prices=QuestionCode.MANY_PRICES in about)


def _shown(user: User) -> tuple[Listing, ...]:
    """Return the items that we have in VK, as the last run left them: only that they are there, and shown."""
    rows = ListingRow.objects.for_user(user).in_community(community_of(user)).with_item()
    names = rows.values_list("store_evotor_id", "product_evotor_id", "vk_item_id", "hidden_since")
    return tuple(
        Listing(ProductKey(store, product), "", item, None, hidden_since=since)
        for store, product, item, since in names
    )


def trial_of(values: RuleValues, rule: GoodsRule | None) -> dict[str, Any]:
    """Return what a worker is told to try, as JSON."""
    ends = values.ends_at.isoformat() if values.ends_at else None
    return {**_core_fields(values), "ends_at": ends, "rule": rule.pk if rule else None}


def mark_of(trial: Mapping[str, Any]) -> str:
    """Return what names a trial in an address."""
    return hashlib.sha256(json.dumps(trial, sort_keys=True).encode()).hexdigest()[:MARK_LENGTH]


def compute_trial(user: User, trial: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what was tried and what it would change, as JSON. Writes nothing."""
    if trial is None:
        return {"mark": "", "preview": None}
    rule = GoodsRule.objects.for_user(user).filter(pk=trial["rule"]).first()
    ends = datetime.fromisoformat(trial["ends_at"]) if trial.get("ends_at") else None
    values = RuleValues(trial["name"], trial["conditions"], trial["actions"], ends_at=ends)
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
    """The same goods as a run would want them before and after the rule."""

    before: Evaluation
    after: Evaluation

    def summary(
        self, *, goods: int, picked: int, percent: int | None, waiting: Collection[ProductKey]
    ) -> RulePreview:
        """Return what changes, in counts and in the worst samples; `waiting` prices are held one by one."""
        keys = self.before.desired.keys() | self.after.desired.keys()
        changed = {key: sample for key in sorted(keys) if (sample := self._sample(key)) is not None}
        samples = list(changed.values())
        repriced = [each for each in samples if None not in {each.before, each.after} and _is_repriced(each)]
        causes = Counter(cause_of(each.before or 1, each.after or 0, percent or OFF) for each in repriced)
        return RulePreview(
            goods=goods,
            picked=picked,
            dropped=sum(each.after is None for each in samples),
            returned=sum(each.before is None for each in samples),
            repriced=len(repriced),
            restocked=sum(
                each.after is not None and each.stock_before != each.stock_after for each in samples
            ),
            samples=sorted(samples, key=attrgetter("weight"), reverse=True)[:SAMPLES],
            reworded=sum(bool(each.details) for each in samples),
            crossed_out=sum(each.old_price != each.old_price_before for each in samples),
            below_cost=sum(self._is_below_cost(key) for key in changed),
            # Where the control of prices is off only the tenfold ones are worth a word.
            large=(causes[PriceCause.PERCENT] if percent else 0) + causes[PriceCause.TENFOLD] - len(waiting),
            tenfold=len(waiting),
            left=sum(not item.hidden for item in self.after.desired.values()),
        )

    def _sample(self, key: ProductKey) -> Sample | None:
        """Return how a product changes, None for one that does not."""
        old, new = self.before.desired.get(key), self.after.desired.get(key)
        if old == new:
            return None
        product = (self.after if new else self.before).products[key]
        details = [name for name in DETAILS if old and new and getattr(old, name) != getattr(new, name)]
        return Sample(
            product.name,
            old.price_kopecks if old else None,
            new.price_kopecks if new else None,
            old.stock if old else 0,
            new.stock if new else 0,
            new.old_price_kopecks if new else 0,
            details,
            old.old_price_kopecks if old else 0,
            key.store_id,
            key.product_id,
        )

    def _is_below_cost(self, key: ProductKey) -> bool:
        item = self.after.desired.get(key)
        return item is not None and item.price_kopecks < (item.cost_kopecks or 0)


def _is_repriced(sample: Sample) -> bool:
    return sample.before != sample.after
