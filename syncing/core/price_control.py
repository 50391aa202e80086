"""Holds single new prices that look like a typing error, while everything else is published.

A zero too many in the till must not reach buyers. A few such prices wait one by one for the merchant's
yes; where there are many at once, the safety check asks about them together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from syncing.core.choices import MatchKind, PriceCause, PriceVerdict
from syncing.core.evaluation import Evaluation, Evaluator
from syncing.core.goods_rules.records import Part
from syncing.core.matching import Pairing
from syncing.core.price_decisions import accepts, is_answered, refuses
from syncing.core.pricing import roubles_of
from syncing.core.promotion_ends import PromotionEnds
from syncing.core.records import (
    TAKEN_OVER,
    DesiredItem,
    HeldPrice,
    ProductKey,
    SentPrice,
    SourceProduct,
    SyncContext,
)
from syncing.core.safety import SafetyCheck
from syncing.core.undone import keeps_price

TENFOLD = 10


@dataclass(slots=True)
class PriceControl:
    """Which new prices are held, which are too many for that, and which answers still count."""

    held: list[HeldPrice] = field(default_factory=list)
    large: list[HeldPrice] = field(default_factory=list)
    decided: set[ProductKey] = field(default_factory=set)


def hold_prices(context: SyncContext, evaluation: Evaluation, pairing: Pairing) -> PriceControl:
    """Give the items whose new prices are held the prices that they have."""
    found = PriceControl()
    percent, evaluator = context.rules.price_hold_percent, evaluation.evaluator
    if percent is None or evaluator is None:
        return found
    fresh: list[HeldPrice] = []
    ends = PromotionEnds(context)
    last_prices = _last_prices(context, pairing)
    for key, (last, shown) in last_prices.items():
        desired, decision = evaluation.desired.get(key), context.price_decisions.get(key)
        if desired is None:
            continue
        if decision and accepts(decision, desired):
            found.decided.add(key)
            continue
        if keeps_price(context.undone.get(key), desired) or ends.explain(key, last, desired):
            # The merchant took this price back, or said with a rule when it ends: there is nothing to ask.
            continue
        product = evaluation.products[key]
        held = _held(evaluator, product, last, shown, desired, percent=percent)
        if held is None:
            evaluation.desired[key] = _remembering_slip(evaluator, product, last, desired, percent)
            continue
        if decision is None or decision.verdict is PriceVerdict.ACCEPTED:
            fresh.append(held)
        elif is_answered(decision, desired):
            found.decided.add(key)
        else:
            found.held.append(replace(held, is_refused=refuses(decision, desired)))
    # About an item that is to be made the safety check asks nothing.
    found.held += (held for held in fresh if held.key not in pairing.pairs)
    _sort([held for held in fresh if held.key in pairing.pairs], found, most=SafetyCheck(context).limit)
    for held in found.held:
        _keep_price(evaluation, last_prices[held.key][0], held)
    found.held.sort(key=lambda one: one.key)
    found.large.sort(key=lambda one: one.key)
    return found


def _last_prices(context: SyncContext, pairing: Pairing) -> dict[ProductKey, tuple[SentPrice, int | None]]:
    """Return the price that was last sent of each product, and the one that VK shows, None without an item.

    An item that is made again has a price before: that of the one that VK has no more. One that is made in
    another community has that at which it was held in the first.
    """
    unanswered = {PriceVerdict.WAITING, PriceVerdict.REFUSED}
    lost = {match.key for match in pairing.matches if match.kind is MatchKind.LOST}
    found: dict[ProductKey, tuple[SentPrice, int | None]] = {
        key: (SentPrice(one.old_kopecks, 0), None)
        for key, one in context.price_decisions.items()
        if one.verdict in unanswered
    }
    for listing in context.listings:
        last = _price_of(listing.sent) if listing.key in lost and listing.sent else listing.lost_price
        if last is not None:
            found[listing.key] = last, None
    for key, one in context.undone.items():
        if one.removed is not None and one.removed.sent is not None:
            found[key] = _price_of(one.removed.sent), None
    for key, (listing, item) in pairing.pairs.items():
        found.pop(key, None)
        if listing.sent is not None:
            found[key] = _price_of(listing.sent), item.price_kopecks
    return found


def _price_of(sent: DesiredItem) -> SentPrice:
    return SentPrice(sent.price_kopecks, sent.old_price_kopecks, sent.till_kopecks, sent.cost_kopecks)


def cause_of(old: int, new: int, percent: int) -> PriceCause | None:
    """Return why this change of a price is held, or None for an ordinary one."""
    if new >= old * TENFOLD or new * TENFOLD <= old:
        return PriceCause.TENFOLD
    return PriceCause.PERCENT if abs(new - old) * 100 > old * percent else None


def _held(
    evaluator: Evaluator,
    product: SourceProduct,
    last: SentPrice,
    shown: int | None,
    desired: DesiredItem,
    *,
    percent: int,
) -> HeldPrice | None:
    """Return the price as it would be held, or None for one that may be written."""
    new = desired.price_kopecks
    if last.price_kopecks <= 0 or last.till_kopecks == TAKEN_OVER:
        return None
    if new in {last.price_kopecks, shown}:
        return None
    cause = cause_of(last.price_kopecks, new, percent)
    if cause is PriceCause.PERCENT and not _comes_from_till(evaluator, product, last, new, percent):
        return None
    if cause is None:
        return None
    rule = evaluator.decision_of(product).decided_by.get(Part.PRICE)
    return HeldPrice(
        product.key,
        product.name,
        last.price_kopecks,
        new,
        cause,
        desired.till_kopecks,
        desired.cost_kopecks,
        rule.name if rule else "",
    )


def _remembering_slip(
    evaluator: Evaluator, product: SourceProduct, last: SentPrice, desired: DesiredItem, percent: int
) -> DesiredItem:
    """Return the item as made from the till's numbers of before, where a rule hides how much they changed.

    A fixed price of a promotion stays what it is, and so does what it crosses out: buyers would see a
    discount from the slip. When the promotion ends, the price is judged by what the till said before.
    """
    if last.till_kopecks == TAKEN_OVER or not _has_jumped(last, desired, percent):
        return desired
    if last.price_kopecks <= 0 or cause_of(last.price_kopecks, desired.price_kopecks, percent):
        # VK shows the new price already.
        return desired
    before = evaluator.old_price_of(_as_it_was(product, last), beside=desired.price_kopecks)
    return _made_from(replace(desired, old_price_kopecks=before), last)


def old_price_as_published(
    evaluator: Evaluator,
    product: SourceProduct,
    last: SentPrice,
    desired: DesiredItem,
    *,
    percent: int,
    is_held: bool,
) -> int:
    """Return what a run crosses out, in kopecks, beside the price of an item that was last sent so."""
    if is_held:
        return _kept_old_price(last, desired.price_kopecks)
    return _remembering_slip(evaluator, product, last, desired, percent).old_price_kopecks


def _kept_old_price(last: SentPrice, price: int) -> int:
    return last.old_price_kopecks if last.old_price_kopecks > price else 0


def _has_jumped(last: SentPrice, desired: DesiredItem, percent: int) -> bool:
    """Return True if the till's price or purchase price has changed by more than a price may."""
    numbers = ((last.till_kopecks, desired.till_kopecks), (last.cost_kopecks, desired.cost_kopecks))
    return any(old and new is not None and cause_of(old, new, percent) for old, new in numbers)


def _made_from(desired: DesiredItem, last: SentPrice) -> DesiredItem:
    return replace(desired, till_kopecks=last.till_kopecks, cost_kopecks=last.cost_kopecks)


def _as_it_was(product: SourceProduct, last: SentPrice) -> SourceProduct:
    """Return the product with the till's numbers that its last price was made from."""
    price = product.price if last.till_kopecks is None else roubles_of(last.till_kopecks)
    cost = None if last.cost_kopecks is None else roubles_of(last.cost_kopecks)
    return replace(product, price=price, cost=cost)


def _comes_from_till(
    evaluator: Evaluator, product: SourceProduct, last: SentPrice, new: int, percent: int
) -> bool:
    """Return True if the till's new numbers alone make so large a change under the rules of today.

    What the merchant's own rules change was shown to them before they saved the rules.
    """
    if last.till_kopecks is None:
        return True
    was = evaluator.price_of(_as_it_was(product, last))
    # Every price after a price of zero counts as a tenfold change.
    return cause_of(was, new, percent) is not None


def _sort(fresh: Sequence[HeldPrice], found: PriceControl, *, most: float) -> None:
    """Hold new prices of one cause while they are few: hundreds are too many to check one by one."""
    for cause in PriceCause:
        alike = [held for held in fresh if held.cause is cause]
        (found.held if len(alike) <= most else found.large).extend(alike)


def _keep_price(evaluation: Evaluation, last: SentPrice, held: HeldPrice) -> None:
    kept = evaluation.at_price(held.key, held.old_kopecks)
    old_price = _kept_old_price(last, held.old_kopecks)
    evaluation.desired[held.key] = _made_from(replace(kept, old_price_kopecks=old_price), last)
