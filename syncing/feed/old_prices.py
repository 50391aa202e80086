"""What the feed crosses out: what VK does, where the till's price is held there or may be a slip."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from operator import itemgetter

from accounts.models import User
from syncing.core.evaluation import Evaluator
from syncing.core.goods_rules.records import RuleActionKind
from syncing.core.price_control import old_price_as_published
from syncing.core.price_decisions import held_price
from syncing.core.records import DesiredItem, PriceDecision, ProductKey, SentPrice, SourceProduct
from syncing.models import Listing
from syncing.services.catalog_states import community_of

PRICES = ("price_kopecks", "old_price_kopecks", "till_kopecks", "cost_kopecks")


class OldPrices:
    """The prices that were last sent to VK, read where a rule of the merchant's crosses prices out."""

    def __init__(
        self, user: User, evaluator: Evaluator, decisions: Mapping[ProductKey, PriceDecision]
    ) -> None:
        self._user, self._evaluator, self._decisions = user, evaluator, decisions

    def fingerprint(self) -> str:
        """Return what changes with any price that the feed's old prices depend on."""
        return repr(sorted(self._sent.items(), key=itemgetter(0)))

    def as_in_vk(self, product: SourceProduct, item: DesiredItem) -> DesiredItem:
        """Return the item with the old price that a run sends, not one made from a slip of the till."""
        percent, last = self._evaluator.rules.price_hold_percent, self._sent.get(product.key)
        if percent is None or last is None:
            return item
        decision = self._decisions.get(product.key)
        is_held = bool(decision and held_price(decision, item.till_kopecks, item.cost_kopecks) is not None)
        old_price = old_price_as_published(
            self._evaluator, product, last, item, percent=percent, is_held=is_held
        )
        return replace(item, old_price_kopecks=old_price)

    @cached_property
    def _sent(self) -> Mapping[ProductKey, SentPrice]:
        rules = self._evaluator.rules.goods_rules
        if not any(action.kind is RuleActionKind.OLD_PRICE for rule in rules for action in rule.actions):
            return {}
        rows = Listing.objects.for_user(self._user).in_community(community_of(self._user)).with_item()
        values = rows.values_list(
            "store_evotor_id", "product_evotor_id", *(f"sent__{name}" for name in PRICES)
        )
        return {
            ProductKey(store, product): SentPrice(price, old or 0, till, cost)
            for store, product, price, old, till, cost in values
            if price
        }
