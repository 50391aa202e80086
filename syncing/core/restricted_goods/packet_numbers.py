"""Judges names without a noun by numbers that packets of one kind have: a strength, an age, a dose."""

from syncing.core.restricted_goods.hints import STRENGTH_OF_BEER, UNITS
from syncing.core.restricted_goods.meanings import ORDINARY, Role
from syncing.core.restricted_goods.terms import ParsedName, Term
from syncing.core.restricted_goods.verdicts import Basis, Restriction, Verdict, unsure
from syncing.core.restricted_goods.words_more_drinks import WORDS_OF_WINERIES

# Milligrams a millilitre of liquids, which tills write without a unit: «Маракуйя 20 hard».
STRENGTHS_OF_NICOTINE = frozenset({"20", "35", "45", "50"})
_STRENGTH_OF_SPIRITS = (15.0, 60.0)
_STRENGTH_OF_VODKA = (37.0, 45.0)
# What is sold for less tells how much.
_SOLD_OFF = ("скидк", "акци", "уценк", "распродаж", "минус")
_OF_WINERIES = frozenset(WORDS_OF_WINERIES.split())
_VINTAGES = frozenset(map(str, range(2005, 2027)))
_STEEPED_IN = ("спирт", "альфа", "коньяк", "бренди", "бруньк")
_MOST_WORDS = 2
_YEARS = frozenset({"лет", "года", "летнии"})
_STARS = frozenset({"*", "зв", "звезд", "звезды"})
_AGED = frozenset({"vsop", "xo", "всоп"})
_OLD = frozenset({"5", "6", "7", "8", "10", "12", "15", "16", "17", "18", "19", "20", "21", "25", "30"})
_NOTHING = Term("")
_AGES_OF_SPIRITS = frozenset(map(str, range(3, 31)))


def by_numbers(parsed: ParsedName) -> Verdict | None:
    """Return a doubt where a number says what the name does not; None where a noun says what it is."""
    if parsed.first(Role.NO_ALCOHOL, Role.SUPPLEMENT, *ORDINARY, governed=True):
        return None
    for rule in (_liquid, _stars, _aged, _beer, _spirits, _pouches, _vintage, _flask):
        if verdict := rule(parsed):
            return verdict
    return None


def _liquid(parsed: ParsedName) -> Verdict | None:
    """Judge «Bryzgi 20/hard»."""
    hint = parsed.first(Role.VAPE_HINT)
    if hint and any(term.text in STRENGTHS_OF_NICOTINE for term in parsed.terms):
        return unsure(Restriction.TOBACCO, Basis.SIGN, hint.shown)
    return None


def _stars(parsed: ParsedName) -> Verdict | None:
    """Judge «Оганес 3*», «Арагац 5зв»."""
    for number, sign, behind in zip(
        parsed.terms, parsed.terms[1:], (*parsed.terms[2:], _NOTHING), strict=False
    ):
        is_star = sign.text in _STARS and not behind.is_number
        if number.text in {"3", "4", "5"} and is_star and len(parsed.terms) > _MOST_WORDS:
            return unsure(Restriction.ALCOHOL, Basis.SIGN, sign.shown)
    return None


def _aged(parsed: ParsedName) -> Verdict | None:
    """Judge «Дару-Бенд 5 лет 0,5», «Баку 3 года», «Комю VSOP»: only spirits tell their age."""
    if aged := next((term for term in parsed.terms if term.text in _AGED), None):
        return unsure(Restriction.ALCOHOL, Basis.SIGN, aged.shown)
    if parsed.first(Role.GENERIC):
        return None
    for before, number, unit in zip((_NOTHING, *parsed.terms), parsed.terms, parsed.terms[1:], strict=False):
        is_named = before.text[:1].isalpha() and not before.governor
        is_age = parsed.litres or (is_named and (number.text in _OLD or parsed.terms[0] is before))
        if number.text in _AGES_OF_SPIRITS and unit.text in _YEARS and is_age:
            return unsure(Restriction.ALCOHOL, Basis.SIGN, unit.shown)
    return None


def _beer(parsed: ParsedName) -> Verdict | None:
    """Judge «Гентс Строп 6,9% 0,33», «Ceska pinta 5,9%»: a strength on a glass of beer or a Latin name."""
    is_glass = parsed.beer_bottle or parsed.small_beer or parsed.half_litre
    if (is_glass or _is_latin(parsed)) and parsed.has_share_of(*STRENGTH_OF_BEER):
        return unsure(Restriction.BEER, Basis.SIGN, "%")
    return None


def _spirits(parsed: ParsedName) -> Verdict | None:
    """Judge «Schwartzhog 35%», «Медв. егерь 40%», «Деревенька на альфа-спирте»."""
    for term in parsed.terms:
        if term.governor == "на" and term.text.startswith(_STEEPED_IN):
            return unsure(Restriction.ALCOHOL, Basis.SIGN, term.shown)
    is_vodka = parsed.has_share_of(*_STRENGTH_OF_VODKA) and not _is_off(parsed)
    if is_vodka or (_is_latin(parsed) and parsed.has_share_of(*_STRENGTH_OF_SPIRITS)):
        return unsure(Restriction.ALCOHOL, Basis.SIGN, "%")
    return None


def _is_off(parsed: ParsedName) -> bool:
    return any(term.text.startswith(_SOLD_OFF) for term in parsed.terms)


def _vintage(parsed: ParsedName) -> Verdict | None:
    """Judge «Great Expectations Shiraz 2024», «Raices Bodegas Castro»: Latin names with a word of wine."""
    wine = next((t for t in parsed.terms if t.text in _OF_WINERIES or _is_wine(t)), None)
    is_dated = any(term.text in _VINTAGES for term in parsed.terms)
    if wine and _is_latin(parsed) and (is_dated or wine.text in _OF_WINERIES):
        return unsure(Restriction.ALCOHOL, Basis.SIGN, wine.shown)
    return None


def _is_wine(term: Term) -> bool:
    roles = term.meaning.roles
    return any(
        Restriction.ALCOHOL in roles.get(role, ())
        for role in (Role.WEAK_BRAND, Role.COMMON_BRAND, Role.ALCOHOL_HINT)
    )


def _flask(parsed: ParsedName) -> Verdict | None:
    """Judge «Валюта 0,25», «Дача наст. 0,5»: in so small a bottle soft drinks say what they are."""
    words = [t for t in parsed.terms if t.text.isalpha() and len(t.text) > 1 and t.text not in UNITS]
    steeped = next((t for t in parsed.terms if t.text == "наст"), None)
    if steeped:
        return unsure(Restriction.ALCOHOL, Basis.SIGN, steeped.shown)
    if parsed.flask and 0 < len(words) <= _MOST_WORDS and not any(term.is_noun for term in words):
        return unsure(Restriction.ALCOHOL, Basis.SIGN, words[0].shown)
    return None


def _is_latin(parsed: ParsedName) -> bool:
    words = [term for term in parsed.terms if term.text.isalpha() and not term.has(Role.WEAK_FORM)]
    return bool(words) and all(term.text.isascii() for term in words)


def _pouches(parsed: ParsedName) -> Verdict | None:
    """Judge «EPOK Extra 70mg»: a dose behind a Latin name is that of nicotine."""
    if parsed.dose and _is_latin(parsed):
        return unsure(Restriction.TOBACCO, Basis.SIGN, "мг")
    return None
