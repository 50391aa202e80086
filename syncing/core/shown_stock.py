"""The stock that VK shows, and whether a rule hides an item for it.

A rule that hides goods when few are left does not let them come and go with every sale and its return.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from syncing.core.choices import OutOfStock
from syncing.core.goods_rules.records import Decision
from syncing.core.records import ChannelLimits, Listing, Rules

UNLIMITED = -1
# For so long after a write nothing changes that a sale and its return would change back.
REST = timedelta(minutes=15)
# This many pieces above twice the limit are a delivery, not a return.
RESTOCKED = 5


@dataclass(frozen=True, slots=True)
class Before:
    """The item as we last wrote it, and whether that was within the last minutes."""

    is_hidden: bool = False
    stock: int | None = None
    description: str = ""
    rests: bool = False


UNKNOWN_BEFORE = Before()


def before_of(listing: Listing, now: datetime) -> Before:
    """Return the item of a listing as it was last written."""
    sent = listing.sent
    if sent is None:
        return UNKNOWN_BEFORE
    rests = listing.written_at is not None and now - listing.written_at < REST
    return Before(bool(sent.hidden), sent.stock, sent.description or "", rests)


@dataclass(frozen=True, slots=True)
class ShownStock:
    """`pieces` of `in_till` are shown; `hidden` items are out of the shop for their stock."""

    in_till: int
    pieces: int
    hidden: bool


def shown_stock(
    quantity: Decimal | None, decision: Decision, before: Before, rules: Rules, limits: ChannelLimits
) -> ShownStock:
    """Return the stock of a product with this quantity in the till, under the merchant's rules."""
    in_till = stock_of(quantity, limits)
    pieces = offered(in_till, decision)
    held_back = is_held_back(in_till, decision, before)
    steady = _steady(pieces, decision, before, held_back=held_back)
    return ShownStock(in_till, steady, is_hidden(pieces, rules) or held_back)


def stock_of(quantity: Decimal | None, limits: ChannelLimits) -> int:
    """Return the channel's stock: unknown is unlimited, negative none, a fraction rounded down."""
    if quantity is None or not quantity.is_finite():
        return UNLIMITED
    if quantity <= 0:
        return 0
    return limits.stock if quantity >= limits.stock else int(quantity)


def offered(stock: int, decision: Decision) -> int:
    """Return how many pieces VK may show.

    An unknown stock is neither none nor endless: nothing is kept back of it, and it is shown as unlimited
    only where no rule bounds what is shown.
    """
    if stock == UNLIMITED:
        return UNLIMITED if decision.show_at_most is None else decision.show_at_most
    left = max(stock - decision.keep_back, 0)
    return left if decision.show_at_most is None else min(left, decision.show_at_most)


def is_held_back(stock: int, decision: Decision, before: Before) -> bool:
    """Return True if a rule hides goods of which the till has so few."""
    if stock == UNLIMITED or decision.hide_at is None:
        return False
    return is_few(stock, decision.hide_at, before, is_so_now=before.is_hidden)


def is_few(stock: int, most: int, before: Before, *, is_so_now: bool) -> bool:
    """Return True while at most so many are left, and for a while after.

    What is so now ends only with one piece more, and not within a quarter of an hour of our last write,
    unless clearly more have come: a sale and its return do not make goods come and go.
    """
    if stock <= most or not is_so_now:
        return stock <= most
    return stock <= most + (most > 0) or (before.rests and not _is_restocked(stock, most))


def _is_restocked(stock: int, most: int) -> bool:
    return stock > 2 * most + RESTOCKED


def _steady(stock: int, decision: Decision, before: Before, *, held_back: bool) -> int:
    """Return the stock to show: of goods that a rule hides when few are left, not every return at once.

    A sale is written at once; what is hidden keeps the number that it has.
    """
    if decision.hide_at is None or before.stock is None or stock == UNLIMITED:
        return stock
    if held_back and before.is_hidden:
        return before.stock
    is_return = 0 < before.stock < stock and not _is_restocked(stock, decision.hide_at)
    return before.stock if before.rests and is_return else stock


def is_hidden(stock: int, rules: Rules) -> bool:
    """Return True if the merchant's rules hide an item with this stock."""
    return stock == 0 and rules.out_of_stock == OutOfStock.HIDE
