"""Judges names without a noun by numbers that packets of one kind have: a strength, an age, a dose."""

from itertools import pairwise

from syncing.core.restricted_goods.meanings import ORDINARY, Role
from syncing.core.restricted_goods.terms import ParsedName
from syncing.core.restricted_goods.verdicts import Basis, Restriction, Verdict, unsure

# Milligrams a millilitre of liquids, which tills write without a unit: «Маракуйя 20 hard».
STRENGTHS_OF_NICOTINE = frozenset({"20", "35", "45", "50"})
# Milk has less; vinegar says what it is.
_STRENGTH_OF_BEER = (3.9, 9.5)
_YEARS = frozenset({"лет", "года", "летнии"})
_AGES_OF_SPIRITS = frozenset(map(str, range(3, 31)))


def by_numbers(parsed: ParsedName) -> Verdict | None:
    """Return a doubt where a number says what the name does not; None where a noun says what it is."""
    if parsed.first(Role.NO_ALCOHOL, Role.SUPPLEMENT, *ORDINARY, governed=True):
        return None
    return _liquid(parsed) or _aged(parsed) or _beer(parsed) or _pouches(parsed)


def _liquid(parsed: ParsedName) -> Verdict | None:
    """Judge «Bryzgi 20/hard»."""
    hint = parsed.first(Role.VAPE_HINT)
    if hint and any(term.text in STRENGTHS_OF_NICOTINE for term in parsed.terms):
        return unsure(Restriction.TOBACCO, Basis.SIGN, hint.shown)
    return None


def _aged(parsed: ParsedName) -> Verdict | None:
    """Judge «Дару-Бенд 5 лет 0,5»: of what is drunk only spirits tell their age."""
    for number, unit in pairwise(parsed.terms):
        if number.text in _AGES_OF_SPIRITS and unit.text in _YEARS and parsed.litres:
            return unsure(Restriction.ALCOHOL, Basis.SIGN, unit.shown)
    return None


def _beer(parsed: ParsedName) -> Verdict | None:
    """Judge «Гентс Строп 6,9% 0,33»: a strength on a glass of beer."""
    is_glass = parsed.beer_bottle or parsed.small_beer or parsed.half_litre
    if is_glass and parsed.has_share_of(*_STRENGTH_OF_BEER):
        return unsure(Restriction.BEER, Basis.SIGN, "%")
    return None


def _pouches(parsed: ParsedName) -> Verdict | None:
    """Judge «EPOK Extra 70mg»: a dose behind a Latin name is that of nicotine."""
    words = [term for term in parsed.terms if term.text.isalpha() and not term.has(Role.WEAK_FORM)]
    if parsed.dose and words and all(term.text.isascii() for term in words):
        return unsure(Restriction.TOBACCO, Basis.SIGN, "мг")
    return None
