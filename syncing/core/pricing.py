"""Turns a till price into the price for VK by the merchant's markup and rounding."""

from decimal import ROUND_HALF_UP, Decimal

from syncing.core.choices import Rounding
from syncing.core.records import Rules

ROUBLE = 100
TEN_ROUBLES = 10 * ROUBLE


def price_kopecks(price: Decimal, rules: Rules) -> int:
    """Return the price in kopecks; `price` is in roubles, as raw as the till has it (130.727272727).

    A higher till price never gives a lower price. 0 means that the goods cannot be sold by these rules.
    """
    kopecks = max(price, Decimal(0)) * (100 + rules.markup_percent)
    to_kopeck = _nearest(kopecks)
    match rules.rounding:
        case Rounding.ROUBLE:
            return _nearest(kopecks / ROUBLE) * ROUBLE
        # Rounding up starts from whole kopecks: 160.000033099 is a till's way to write 160.
        case Rounding.ROUBLE_UP:
            return _up(to_kopeck, ROUBLE)
        case Rounding.TEN_UP:
            return _up(to_kopeck, TEN_ROUBLES)
        case _:
            return to_kopeck


def _nearest(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_HALF_UP))


def _up(kopecks: int, step: int) -> int:
    return -(-kopecks // step) * step
