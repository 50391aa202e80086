"""Turns a till price into the price for VK by the merchant's markup and rounding."""

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from syncing.core.choices import Rounding
from syncing.core.goods_rules.records import NOTHING, Decision, PriceStep, RuleActionKind
from syncing.core.records import Rules

ROUBLE = 100
TEN_ROUBLES = 10 * ROUBLE
NOTHING_LEFT = Decimal(0)


def price_kopecks(price: Decimal, rules: Rules, decision: Decision = NOTHING) -> int:
    """Return the price in kopecks; `price` is in roubles, as raw as the till has it (130.727272727).

    The merchant's markup comes first, then the price steps of the rules for goods in their order, then the
    rounding, then the bounds, of which the highest floor is the strongest. A higher till price never gives
    a lower price. 0 means that the goods cannot be sold by these rules.
    """
    kopecks = max(price, NOTHING_LEFT) * (100 + rules.markup_percent)
    for step in decision.steps:
        kopecks = max(_stepped(kopecks, step), NOTHING_LEFT)
    rounded = _rounded(kopecks, decision.rounding or rules.rounding)
    if decision.ceilings:
        rounded = min(rounded, _down(min(decision.ceilings) * ROUBLE))
    if decision.floors:
        rounded = max(rounded, _raised(max(decision.floors) * ROUBLE, decision.rounding or rules.rounding))
    return max(rounded, 0)


def old_price_kopecks(price: Decimal, rules: Rules, decision: Decision, *, beside: int) -> int:
    """Return the price to be crossed out beside another, in kopecks; 0 where it does not exceed that."""
    match decision.old_price:
        case None:
            return 0
        case Decimal() as roubles:
            kopecks = _down(roubles * ROUBLE)
        case before:
            kopecks = price_kopecks(price, rules, before)
    return kopecks if kopecks > beside > 0 else 0


def roubles_of(kopecks: int) -> Decimal:
    """Return kopecks as the till has prices."""
    return Decimal(kopecks) / ROUBLE


def to_kopecks(roubles: Decimal | None) -> int | None:
    """Return a price of the till to the kopeck, None for one that it does not tell."""
    return None if roubles is None or not roubles.is_finite() else _nearest(roubles * ROUBLE)


def _stepped(kopecks: Decimal, step: PriceStep) -> Decimal:
    match step.kind:
        case RuleActionKind.PERCENT:
            return kopecks * (100 + step.number) / 100
        case RuleActionKind.ADD:
            return kopecks + step.number * ROUBLE
        case _:
            return step.number * ROUBLE


def _raised(floor: Decimal, rounding: Rounding) -> int:
    """Return the lowest price with the wanted ending that is not below the floor."""
    whole = int(floor.to_integral_value(ROUND_CEILING))
    return _up(whole, ROUBLE) if rounding is Rounding.ROUBLE else _rounded(Decimal(whole), rounding)


def _rounded(kopecks: Decimal, rounding: Rounding) -> int:
    if rounding is Rounding.ROUBLE:
        return _nearest(kopecks / ROUBLE) * ROUBLE
    # Rounding up starts from whole kopecks: 160.000033099 is a till's way to write 160.
    to_kopeck = _nearest(kopecks)
    match rounding:
        case Rounding.ROUBLE_UP:
            return _up(to_kopeck, ROUBLE)
        case Rounding.TEN_UP:
            return _up(to_kopeck, TEN_ROUBLES)
        case Rounding.NINE_UP:
            return _ending(to_kopeck, TEN_ROUBLES, 9 * ROUBLE)
        case Rounding.NINETY_UP:
            return _ending(to_kopeck, TEN_ROUBLES * 10, 90 * ROUBLE)
        case _:
            return to_kopeck


def _nearest(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_HALF_UP))


def _down(kopecks: Decimal) -> int:
    return int(kopecks.to_integral_value(ROUND_FLOOR))


def _ending(kopecks: int, step: int, ending: int) -> int:
    """Return the nearest price from here up that ends so; nothing stays nothing."""
    return _up(kopecks - ending, step) + ending if kopecks > ending else ending * (kopecks > 0)


def _up(kopecks: int, step: int) -> int:
    return -(-kopecks // step) * step
