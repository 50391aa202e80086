"""What the merchant said about a price that was held, and for how long it counts.

No decision is for ever: a yes is to exactly one price, and every other answer ends when the till's price
or purchase price changes.
"""

from syncing.core.choices import PriceVerdict
from syncing.core.records import DesiredItem, PriceDecision, SentPrice


def is_answered(decision: PriceDecision | None, desired: DesiredItem) -> bool:
    """Return True if the merchant has said yes to exactly this price, or to what the till says."""
    if decision is None:
        return False
    is_approved = decision.verdict is PriceVerdict.APPROVED and decision.new_kopecks == desired.price_kopecks
    return is_approved or accepts(decision, desired)


def held_price(decision: PriceDecision, till_kopecks: int | None, cost_kopecks: int | None) -> int | None:
    """Return the price that an item keeps, as the last run left it, or None for one whose price is free.

    A till that says something else since then is judged by the next run.
    """
    if decision.verdict in {PriceVerdict.APPROVED, PriceVerdict.ACCEPTED}:
        return None
    same = (decision.till_kopecks, decision.cost_kopecks) == (till_kopecks, cost_kopecks)
    return decision.old_kopecks if same else None


def accepts(decision: PriceDecision, desired: DesiredItem) -> bool:
    """Return True if the merchant takes what the till says now for right."""
    return decision.verdict is PriceVerdict.ACCEPTED and _is_made_from(decision, desired)


def refuses(decision: PriceDecision, desired: DesiredItem) -> bool:
    """Return True if the merchant takes what the till says now for wrong."""
    return decision.verdict is PriceVerdict.REFUSED and _is_made_from(decision, desired)


def ends_promotion(last: DesiredItem | SentPrice, desired: DesiredItem) -> bool:
    """Return True if a promotion ends: the price that it crossed out is back, and the till is as it was."""
    return desired.price_kopecks == last.old_price_kopecks and desired.till_kopecks == last.till_kopecks


def _is_made_from(decision: PriceDecision, desired: DesiredItem) -> bool:
    return (decision.till_kopecks, decision.cost_kopecks) == (desired.till_kopecks, desired.cost_kopecks)
