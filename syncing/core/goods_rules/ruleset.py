"""Applies the merchant's rules for goods to one product after the other."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from syncing.core.choices import Rounding
from syncing.core.goods_rules.matching import Matcher, Path, picks_path, product_matcher
from syncing.core.goods_rules.records import (
    NOTHING,
    PRICE_STEPS,
    Decision,
    FewLeft,
    GoodsRule,
    Part,
    PriceStep,
    RuleAction,
    RuleActionKind,
)
from syncing.core.records import SourceProduct

HUNDRED = Decimal(100)
# Texts in VK are Russian, like the till's.
FEW_LEFT_TEXT = "Осталось мало."
PRICE_CHAIN = ("steps", "floors", "ceilings", "rounding")
BY_COST = (RuleActionKind.OVER_COST, RuleActionKind.NOT_BELOW_COST)
# What is decided about a product so far, by the names of Decision.
Draft = dict[str, Any]
Change = Callable[[Draft, SourceProduct], None]


class Compiled(NamedTuple):
    """A rule as functions: whether it picks a product, None where it picks all, and what it then changes."""

    rule: GoodsRule
    picks: Matcher | None
    changes: tuple[Change, ...]
    parts: tuple[Part, ...]
    asks_cost: bool


class Ruleset:
    """The rules in force, in the merchant's order."""

    def __init__(self, rules: Iterable[GoodsRule]) -> None:
        self._rules = [_compiled(rule) for rule in rules]
        self._by_path: dict[Path, _Place] = {}

    def decide(self, product: SourceProduct, path: Path) -> Decision:
        """Return what the rules make of a product; `path` holds its groups' names from the root down."""
        if (place := self._by_path.get(path)) is None:
            place = self._by_path[path] = _Place(rule for rule in self._rules if picks_path(rule.rule, path))
        return place.decide(product)


class _Place:
    """The rules whose conditions about groups hold in one place; a till has few groups and many goods.

    Goods that the same rules pick are decided about once, unless a rule asks what the product has cost.
    """

    def __init__(self, rules: Iterable[Compiled]) -> None:
        self._rules = list(rules)
        self._choosy = [(n, rule.picks) for n, rule in enumerate(self._rules) if rule.picks]
        self._decided: dict[tuple[int, ...], Decision] = {}

    def decide(self, product: SourceProduct) -> Decision:
        dropped = tuple([n for n, picks in self._choosy if not picks(product)])
        if (decision := self._decided.get(dropped)) is not None:
            return decision
        picking = [rule for n, rule in enumerate(self._rules) if n not in dropped]
        decision = _decision(picking, product)
        if not any(rule.asks_cost for rule in picking):
            self._decided[dropped] = decision
        return decision


def _decision(rules: Iterable[Compiled], product: SourceProduct) -> Decision:
    """Return what rules that pick a product make of it together."""
    draft: Draft = {}
    decided_by: dict[Part, GoodsRule] = {}
    for rule, _, changes, parts, _ in rules:
        for change in changes:
            change(draft, product)
        decided_by.update(dict.fromkeys(parts, rule))
    return Decision(**draft, decided_by=decided_by) if decided_by else NOTHING


def _compiled(rule: GoodsRule) -> Compiled:
    # What is crossed out is the price before the rule's own changes, wherever its line stands.
    actions = sorted(rule.actions, key=lambda action: action.kind is not RuleActionKind.OLD_PRICE)
    changes = tuple(_change(rule, action) for action in actions)
    parts = tuple(dict.fromkeys(_PART[action.kind] for action in rule.actions))
    asks_cost = any(action.kind in BY_COST for action in rule.actions)
    return Compiled(rule, product_matcher(rule), changes, parts, asks_cost)


def _change(rule: GoodsRule, action: RuleAction) -> Change:
    """Return an action as a function that writes into the draft what it decides."""
    part = _PART[action.kind]
    if part is Part.OLD_PRICE:
        return _old_price_change(action.value)
    return _price_change(action) if part is Part.PRICE else _setter(rule, action)


def _setter(rule: GoodsRule, action: RuleAction) -> Change:
    name: str
    value: object
    match action.kind:
        case RuleActionKind.EXCLUDE:
            name, value = "excluded_by", rule
        case RuleActionKind.INCLUDE:
            name, value = "excluded_by", None
        case RuleActionKind.CATEGORY:
            name, value = "category_id", int(action.value)
        case RuleActionKind.ALBUM:
            name, value = "album", action.value
        case RuleActionKind.FEW_LEFT:
            pieces, _, text = action.value.partition(" ")
            name, value = "few_left", FewLeft(int(pieces), text.strip() or FEW_LEFT_TEXT)
        case RuleActionKind.TITLE_PREFIX | RuleActionKind.TITLE_SUFFIX | RuleActionKind.ADD_TEXT:
            name, value = str(action.kind), action.value
        case _:
            name, value = str(action.kind), int(action.value)

    def write(draft: Draft, _: SourceProduct) -> None:
        draft[name] = value

    return write


def _old_price_change(value: str) -> Change:
    if value:
        roubles = Decimal(value)
        return lambda draft, _: draft.update(old_price=roubles)

    def write(draft: Draft, _: SourceProduct) -> None:
        draft["old_price"] = Decision(**{name: draft[name] for name in PRICE_CHAIN if name in draft})

    return write


def _price_change(action: RuleAction) -> Change:
    kind = action.kind
    if kind is RuleActionKind.ROUND:
        rounding = Rounding(action.value)
        return lambda draft, _: draft.update(rounding=rounding)
    name = _LISTS[kind]
    if kind in BY_COST:
        return _change_by_cost(kind, name, (HUNDRED + Decimal(action.value)) / HUNDRED)
    number = Decimal(action.value)
    added = (PriceStep(kind, number) if kind in PRICE_STEPS else number,)
    return lambda draft, _: draft.update({name: draft.get(name, ()) + added})


def _change_by_cost(kind: RuleActionKind, name: str, share: Decimal) -> Change:
    def write(draft: Draft, product: SourceProduct) -> None:
        if product.cost is None or not product.cost.is_finite() or product.cost <= 0:
            # The till does not tell the cost: the price stays as the other rules make it.
            return
        amount = product.cost * share
        added = PriceStep(kind, amount) if kind in PRICE_STEPS else amount
        draft[name] = (*draft.get(name, ()), added)

    return write


_LISTS = {
    RuleActionKind.PERCENT: "steps",
    RuleActionKind.ADD: "steps",
    RuleActionKind.OVER_COST: "steps",
    RuleActionKind.NOT_BELOW_COST: "floors",
    RuleActionKind.AT_LEAST: "floors",
    RuleActionKind.AT_MOST: "ceilings",
}
_PART = {
    RuleActionKind.EXCLUDE: Part.EXCLUSION,
    RuleActionKind.INCLUDE: Part.EXCLUSION,
    RuleActionKind.PERCENT: Part.PRICE,
    RuleActionKind.ADD: Part.PRICE,
    RuleActionKind.OVER_COST: Part.PRICE,
    RuleActionKind.NOT_BELOW_COST: Part.PRICE,
    RuleActionKind.AT_LEAST: Part.PRICE,
    RuleActionKind.AT_MOST: Part.PRICE,
    RuleActionKind.ROUND: Part.PRICE,
    RuleActionKind.OLD_PRICE: Part.OLD_PRICE,
    RuleActionKind.KEEP_BACK: Part.STOCK,
    RuleActionKind.SHOW_AT_MOST: Part.STOCK,
    RuleActionKind.HIDE_AT: Part.HIDDEN,
    RuleActionKind.CATEGORY: Part.CATEGORY,
    RuleActionKind.ALBUM: Part.ALBUM,
    RuleActionKind.TITLE_PREFIX: Part.TITLE,
    RuleActionKind.TITLE_SUFFIX: Part.TITLE,
    RuleActionKind.ADD_TEXT: Part.TEXT,
    RuleActionKind.FEW_LEFT: Part.TEXT,
}
