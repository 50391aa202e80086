"""Reads what the numbers of a name measure: bottles, doses, packets, percentages, prices."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, auto

from syncing.core.restricted_goods.spelling import Token

_LITRES = """
0.05 0.1 0.187 0.2 0.25 0.275 0.3 0.33 0.35 0.355 0.36 0.375 0.4 0.43 0.44 0.449 0.45 0.46 0.47 0.473 0.48
0.49 0.5 0.568 0.6 0.62 0.65 0.66 0.7 0.72 0.75 0.9 1 1.25 1.3 1.35 1.4 1.42 1.49 1.5
"""
_DRINK_VOLUMES = frozenset(_LITRES.split())
_DRINK_MILLILITRES = frozenset(
    {187.0, 200.0, 250.0, 330.0, 350.0, 375.0, 440.0, 449.0, 450.0, 470.0, 473.0, 500.0, 700.0, 750.0, 1000.0}
)
# Bottles of spirits and of wine; other drinks name themselves where they come in such.
_SPIRITS_BOTTLES = frozenset({0.7, 0.75})
# Cans and bottles of beer, cider and energy drinks; soft drinks and water hardly come in such.
_SMALL_BEERS = frozenset({0.33, 0.355})
_BEER_BOTTLES = frozenset({0.43, 0.44, 0.449, 0.45, 0.46, 0.47, 0.473, 1.25, 1.3, 1.35, 1.4, 1.42, 1.49})
_SPIRITS_SIZES = frozenset({0.05, 0.1, 0.2, 0.25, 0.375, 0.5, 0.7})
_FLASKS = frozenset({0.05, 0.1, 0.25, 0.375})
_HALF_LITRES = frozenset({0.5, 0.568})
TELLING_VOLUMES = frozenset(
    {
        *("0.7", "0.70", "0.75", "700", "750"),
        *("0.05", "0.1", "0.25", "0.375", "0.5", "0.50", "500"),
        *("0.33", "0.330", "0.355", "330"),
        *("0.43", "0.44", "0.440", "0.449", "0.45", "0.450", "0.46", "0.47", "0.470", "0.473"),
        *(
            "1.25",
            "1.3",
            "1.30",
            "1.35",
            "1.4",
            "1.40",
            "1.42",
            "1.49",
            "430",
            "440",
            "449",
            "450",
            "470",
            "473",
        ),
    }
)
# Drinks are not sold in bigger bottles.
_LARGEST_DRINK = 5
_DECIMAL = re.compile(r"[01][.,]\d{1,3}")
_OF_LITRES = frozenset({"л", "l", "литр", "литра", "лит"})
_OF_MILLILITRES = frozenset({"мл", "ml"})
_OF_DOSES = frozenset({"мг", "mg", "мкг", "мгмл", "мг/мл", "mg/ml"})
_OF_GRAMS = frozenset({"г", "гр", "g", "gr"})
_OTHER_UNITS = frozenset({"кг", "м", "мм", "см", "х", "x", "т", "%"})
_COUNTS = """
1 2 3 4 5 6 7 8 10 12 14 15 16 18 20 21 24 25 28 30 32 36 40 42 48 50 56 60 63 84 90 96 98 100 112 120
"""
_PACK_SIZES = frozenset(_COUNTS.split())
_SMALL_BOTTLE_ML = 120
_PRICES = range(60, 400)
_PUFFS = range(600, 200_000)
_POUCHES = frozenset({20.0, 25.0, 30.0, 40.0, 50.0, 100.0, 125.0, 200.0, 250.0})


class Sign(IntEnum):
    """What a number of a name can mean."""

    LITRES = auto()
    SPIRITS_BOTTLE = auto()
    BEER_BOTTLE = auto()
    # A third of a litre, in which lemonades come too.
    SMALL_BEER = auto()
    # What vodka and brandy come in, and hardly anything that is called by an adjective.
    SPIRITS_SIZE = auto()
    # Small bottles of spirits.
    FLASK = auto()
    # Half a litre and a pint.
    HALF_LITRE = auto()
    SMALL_BOTTLE = auto()
    DOSE = auto()
    PACK_COUNT = auto()
    POUCH = auto()
    PUFFS = auto()


@dataclass(frozen=True, slots=True)
class Measures:
    """What the numbers of a name, or of a part of it, say."""

    signs: frozenset[Sign] = frozenset()
    shares: tuple[float, ...] = ()
    price_tail: bool = False


_NONE = Measures()


def measure(part: Sequence[Token]) -> Measures:
    """Return what the numbers among a name's parts mean, each with the unit behind it."""
    words = [token for token in part if token.text not in {".", "*", "|"}]
    numbers = [index for index, token in enumerate(words) if token.is_number]
    if not numbers:
        return _NONE
    found: set[Sign] = set()
    shares: list[float] = []
    for index in numbers:
        number = words[index].text
        unit = words[index + 1].text if index + 1 < len(words) else ""
        before = words[index - 1].text if index else ""
        found |= _signs_of(number, unit, before)
        if unit == "%":
            shares.append(float(number.replace(",", ".")))
    last = words[numbers[-1]].text
    is_price = last.isdigit() and int(last) in _PRICES and _are_marks(words[numbers[-1] + 1 :])
    return Measures(frozenset(found), tuple(shares), is_price)


def _are_marks(tokens: Sequence[Token]) -> bool:
    return all(token.is_mark for token in tokens)


def _signs_of(number: str, unit: str, before: str) -> set[Sign]:  # noqa: PLR0911 - one for each unit
    """Return what a number with its unit and the word before it may mean."""
    value = float(number.replace(",", "."))
    if unit in _OF_LITRES:
        return _bottle(value) if value <= _LARGEST_DRINK else set()
    if unit in _OF_MILLILITRES:
        volumes = _bottle(value / 1000) if value in _DRINK_MILLILITRES else set()
        return volumes | ({Sign.SMALL_BOTTLE} if value <= _SMALL_BOTTLE_ML else set())
    if unit in _OF_DOSES:
        return {Sign.DOSE}
    if unit in _OF_GRAMS:
        return {Sign.POUCH} if value in _POUCHES else set()
    if before in {"#", "n"} and number in _PACK_SIZES:
        return {Sign.PACK_COUNT}
    if number.isdigit():
        return {Sign.PUFFS} if int(number) in _PUFFS and int(number) % 100 == 0 else set()
    is_volume = _DECIMAL.fullmatch(number) and f"{value:g}" in _DRINK_VOLUMES and unit not in _OTHER_UNITS
    return _bottle(value) if is_volume else set()


def _bottle(litres: float) -> set[Sign]:
    found = {Sign.LITRES}
    if litres in _SPIRITS_BOTTLES:
        found.add(Sign.SPIRITS_BOTTLE)
    if litres in _BEER_BOTTLES:
        found.add(Sign.BEER_BOTTLE)
    if litres in _SMALL_BEERS:
        found.add(Sign.SMALL_BEER)
    if litres in _SPIRITS_SIZES:
        found.add(Sign.SPIRITS_SIZE)
    if litres in _FLASKS:
        found.add(Sign.FLASK)
    if litres in _HALF_LITRES:
        found.add(Sign.HALF_LITRE)
    return found
