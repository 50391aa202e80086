"""Applies the merchant's rules for goods to one product after the other."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from syncing.core.choices import Rounding
from syncing.core.goods_rules.matching import Matcher, Path, picks_path, product_tests
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
    """A rule with its conditions about the product and its actions as functions, and what it decides."""

    rule: GoodsRule
    tests: tuple[Matcher, ...]
    changes: tuple[Change, ...]
    parts: tuple[Part, ...]


class Ruleset:
    """The rules in force, in the merchant's order."""

    def __init__(self, rules: Iterable[GoodsRule]) -> None:
        self._rules = [_compiled(rule) for rule in rules]
        self._by_path: dict[Path, list[Compiled]] = {}

    def decide(self, product: SourceProduct, path: Path) -> Decision:
        """Return what the rules make of a product; `path` holds its groups' names from the root down."""
        draft: Draft = {}
        decided_by: dict[Part, GoodsRule] = {}
        for rule, tests, changes, parts in self._under(path):
            if all(test(product) for test in tests):
                for change in changes:
                    change(draft, product)
                decided_by.update(dict.fromkeys(parts, rule))
        return Decision(**draft, decided_by=decided_by) if decided_by else NOTHING

    def _under(self, path: Path) -> list[Compiled]:
        """Return the rules whose conditions about groups hold here; a till has few groups and many goods."""
        if path not in self._by_path:
            self._by_path[path] = [each for each in self._rules if picks_path(each.rule, path)]
        return self._by_path[path]


def _compiled(rule: GoodsRule) -> Compiled:
    # What is crossed out is the price before the rule's own changes, wherever its line stands.
    actions = sorted(rule.actions, key=lambda action: action.kind is not RuleActionKind.OLD_PRICE)
    changes = tuple(_change(rule, action) for action in actions)
    parts = tuple(dict.fromkeys(_PART[action.kind] for action in rule.actions))
    return Compiled(rule, product_tests(rule), changes, parts)


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
