"""Tells which new prices come of the end of the merchant's own rules, and of nothing else.

With a rule the merchant has said until when it counts: its goods do not stay cheap for want of an answer.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from syncing.core.evaluation import Evaluator
from syncing.core.goods_rules.records import GoodsRule, TimedRule
from syncing.core.price_decisions import ends_promotion
from syncing.core.records import DesiredItem, ProductKey, SentPrice, SourceProduct, SyncContext


class PromotionEnds:
    """Compares new prices with those that the rules made before some of them ended."""

    def __init__(self, context: SyncContext) -> None:
        self._context = context
        self._evaluators: dict[tuple[GoodsRule, ...], Evaluator] = {}

    def explain(self, key: ProductKey, last: SentPrice | DesiredItem, desired: DesiredItem) -> bool:
        """Return True if a price is new since rules have ended, while the till is as it was.

        Either the price that such a rule crossed out is back, or the rules made the last price while those
        that have ended since still counted, and make the new one without them.
        """
        if desired.price_kopecks == last.price_kopecks:
            return False
        if ends_promotion(last, desired):
            return True
        if not self._over or last.till_kopecks is None or _is_made_otherwise(last, desired):
            return False
        product, written_at = self._products.get(key), self._written_at.get(key)
        if product is None or written_at is None:
            return False
        before, now = self._rules_of(written_at), self._context.rules.goods_rules
        return (
            before != now
            and self._price(product, before) == last.price_kopecks
            and self._price(product, now) == desired.price_kopecks
        )

    def _rules_of(self, moment: datetime) -> tuple[GoodsRule, ...]:
        """Return the rules in force and those that were at a moment, in their order; others began later."""
        return tuple(
            one.rule
            for one in self._context.rules.timed_rules
            if one.rule not in self._over or _counts_at(one, moment)
        )

    def _price(self, product: SourceProduct, rules: tuple[GoodsRule, ...]) -> int:
        if rules not in self._evaluators:
            context = self._context
            self._evaluators[rules] = Evaluator(
                replace(context.rules, goods_rules=rules), context.filters, context.groups, context.limits
            )
        return self._evaluators[rules].price_of(product)

    @cached_property
    def _over(self) -> frozenset[GoodsRule]:
        """The rules that have ended."""
        rules = self._context.rules
        return frozenset(one.rule for one in rules.timed_rules) - frozenset(rules.goods_rules)

    @cached_property
    def _products(self) -> Mapping[ProductKey, SourceProduct]:
        return {product.key: product for product in self._context.products}

    @cached_property
    def _written_at(self) -> Mapping[ProductKey, datetime | None]:
        return {listing.key: listing.written_at for listing in self._context.listings}


def _is_made_otherwise(last: SentPrice | DesiredItem, desired: DesiredItem) -> bool:
    return (last.till_kopecks, last.cost_kopecks) != (desired.till_kopecks, desired.cost_kopecks)


def _counts_at(one: TimedRule, moment: datetime) -> bool:
    has_begun = one.starts_at is None or one.starts_at <= moment
    return has_begun and (one.ends_at is None or one.ends_at > moment)
