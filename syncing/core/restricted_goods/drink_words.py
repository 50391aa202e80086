"""Judges drinks whose noun is left out by their sort, their town and their sweetness."""

from itertools import pairwise

from syncing.core.restricted_goods.hints import is_alone
from syncing.core.restricted_goods.meanings import ORDINARY, Role
from syncing.core.restricted_goods.terms import ParsedName, Term
from syncing.core.restricted_goods.verdicts import Basis, Restriction, Verdict, forbidden, unsure
from syncing.core.restricted_goods.words_drinks import HALF_SWEET, OF_A_TOWN, VODKA_OF_A_TOWN

# "шт", "гр": no words of a name.
_LONGEST_UNIT = 2
_NOTHING = Term("")
# What neuter adjectives say of beer alone where no noun stands.
_BEER_ALONE = (
    "светл",
    "темн",
    "нефильтр",
    "разливн",
    "барн",
    "бархатн",
    "бочков",
    "пшеничн",
    "живо",
    "крепк",
)
_WINE_ALONE = frozenset({"белое", "красное", "розовое", "сладкое"})
# Of tequila and wine alone; tiles and pans are «bianco» and «rosso», too.
_TEQUILA_AND_WINE = frozenset({"blanco", "reposado", "anejo", "rosato", "tinto"})
# Sausages and fish are half dry, too.
_HALF_SWEET = ("полусл", "п/сл")
_NAME_AND_TASTE = 2
_TASTES_OF_VODKA = frozenset({"перцовая", "горькая", "кедровая", "клюквенная", "хлебная", "рябиновая"})
# Waters of a town, whose names are adjectives as those of vodkas are.
_WATERS = frozenset(
    [
        *("сенежская", "шишкинская", "липецкая", "карачинская", "славяновская", "смирновская", "сулинская"),
        *("новотерская", "обуховская", "увинская", "ижевская", "кувака", "калиновская", "пилигримская"),
        *("валдаиская", "краинская", "нижнеивкинская", "ачалукская", "рычалская", "серноводская"),
    ]
)
_WATER_IS = ("газиров", "негазиров", "питьев", "минеральн", "ключев", "родников", "детск", "столов")
# Sausages are feminine, too.
_SAUSAGES = frozenset(
    [
        *("докторская", "краковская", "любительская", "одесская", "таллинская", "брауншвеигская", "молочная"),
        *("деревенская", "крестьянская", "домашняя", "чаиная", "ветчинная", "сливочная", "варшавская"),
    ]
)
# What butter, bread and sausage are called by.
_BUTTERS = frozenset(
    ["крестьянское", "вологодское", "деревенское", "российское", "любительское", "дарницкое", "московское"]
)


def half_sweet(parsed: ParsedName) -> Term | None:
    """Return «п/сл», which is told of wine and cider alone, whatever they are called by."""
    sweetness = parsed.first(Role.SWEETNESS)
    if sweetness is None or parsed.first(Role.NO_ALCOHOL, governed=True):
        return None
    return sweetness if sweetness.text.startswith(_HALF_SWEET) else None


def by_wine_words(parsed: ParsedName) -> Verdict | None:
    """Judge «Гаме красное сухое», «роз. игр.»: sweetness and colour are told together of wine alone."""
    sweetness = parsed.first(Role.SWEETNESS)
    if sweetness is None or parsed.first(Role.NO_ALCOHOL, *ORDINARY, governed=True):
        return None
    told = sweetness.text.startswith(HALF_SWEET) or any(
        term.has(Role.ALCOHOL_HINT) and term is not sweetness for term in parsed.terms
    )
    return unsure(Restriction.ALCOHOL, Basis.SIGN, sweetness.shown) if told else None


def by_sorts(parsed: ParsedName) -> Verdict | None:
    """Judge what leaves the noun out: «Чешское разливное», «Немецкое н/ф 1 л»."""
    sorts = [t for t in parsed.terms if t.has(Role.BEER_SORT) and not t.governor]
    if not sorts or parsed.first(*ORDINARY):
        return None
    sure = any(t.has(Role.SURE_BEER_SORT) for t in sorts)
    unknown = any(t.is_unknown_word for t in parsed.terms)
    sign = bool(parsed.litres or parsed.first(Role.BEER_SIGN))
    if (len(sorts) > 1 and (sure or sign)) or (sure and sign):
        return (unsure if unknown else forbidden)(Restriction.BEER, Basis.SIGN, sorts[0].shown)
    alone = sorts[0].text.endswith(("ое", "ее")) and is_alone(parsed, sorts[0])
    # «Пиволюб светлое»: of what is neuter only beer is told so, whatever its name is.
    neuter = None if parsed.first(Role.NO_ALCOHOL) else _neuter_behind_name(parsed)
    first = parsed.first_word
    is_neuter = bool(first and first.text.endswith("ое") and first is not sorts[0])
    # «Железновод. Баварское»: a town that is cut short.
    is_of_town = bool(first and sorts[0].text.endswith(("ое", "ее")) and _is_cut(parsed, first))
    is_named_neuter = is_neuter or is_of_town
    if (
        neuter
        or is_named_neuter
        or ((len(sorts) > 1 or sign or sure or alone) and (not unknown or parsed.beer_bottle))
    ):
        return unsure(Restriction.BEER, Basis.SIGN, (neuter or sorts[0]).shown)
    return None


def _neuter_behind_name(parsed: ParsedName) -> Term | None:
    words = [term for term in parsed.terms if term.text.isalpha() and len(term.text) > _LONGEST_UNIT]
    if len(words) <= 1:
        return None
    last = words[-1]
    is_beer = last.text.startswith(_BEER_ALONE) and last.text.endswith("ое") and not last.governor
    return last if is_beer else None


def by_latin_colour(parsed: ParsedName) -> Verdict | None:
    """Judge «Baron Simon красное», «Каса Маре белое»: neuter behind a house's name."""
    words = [term for term in parsed.terms if term.text.isalpha()]
    is_latin = len(words) > 1 and all(term.text.isascii() for term in words[:2] if term is not words[-1])
    # «Каса Маре белое»: no thing that is neuter is called by two names.
    is_house = len(words) > _NAME_AND_TASTE and not any(t.text.endswith(("ое", "ее")) for t in words[:-1])
    is_told = words[-1].text in _WINE_ALONE if words else False
    is_told = is_told or (is_latin and words[-1].text in _TEQUILA_AND_WINE)
    if is_told and (is_latin or is_house) and not parsed.first(Role.GENERIC, *ORDINARY):
        return unsure(Restriction.ALCOHOL, Basis.SIGN, words[-1].shown)
    return None


def by_vodka_taste(parsed: ParsedName) -> Verdict | None:
    """Judge «Медведица перцовая»: what vodka is made on, behind a name."""
    words = [term for term in parsed.terms if term.text.isalpha()]
    is_told = len(words) == _NAME_AND_TASTE and words[1].text in _TASTES_OF_VODKA
    if is_told and not parsed.first(Role.GENERIC, *ORDINARY):
        return unsure(Restriction.ALCOHOL, Basis.SIGN, words[1].shown)
    return None


def is_water_or_sausage(word: str) -> bool:
    """Return True for an adjective that water or a sausage is called by."""
    return word in _WATERS or word in _SAUSAGES or word.startswith(_WATER_IS)


def by_town(parsed: ParsedName) -> Verdict | None:
    """Judge «Ямское 1,25», «Амурская», «Казённая 0,5»: nothing but where it is from or how it is."""
    words = [
        term
        for term, behind in pairwise((*parsed.terms, _NOTHING))
        if term.text.isalpha()
        and len(term.text) > _LONGEST_UNIT
        and (
            term is parsed.first_word
            or not (behind.text == "." or term.has(Role.BEER_SORT, Role.HINT, Role.COMMON_BRAND))
        )
    ]
    if parsed.shares or parsed.first(Role.NO_ALCOHOL, *ORDINARY):
        return None
    if len(words) == _NAME_AND_TASTE and _is_cut(parsed, words[0]) and words[1].text not in _BUTTERS:
        # «Новоросс. Портовое».
        is_beer = words[1].text.endswith(("ое", "ее")) and (
            words[1].has(Role.BEER_SORT) or words[1].text.endswith(OF_A_TOWN) or parsed.litres
        )
        return unsure(Restriction.BEER, Basis.SIGN, words[1].shown) if is_beer else None
    if len(words) != 1:
        return None
    town = words[0].text
    if town.endswith(OF_A_TOWN) and town not in _BUTTERS:
        return unsure(Restriction.BEER, Basis.SIGN, words[0].shown)
    is_vodka = town.endswith("ая") and (town.endswith(VODKA_OF_A_TOWN) or parsed.spirits_size)
    if is_vodka and parsed.litres and not is_water_or_sausage(town):
        return unsure(Restriction.ALCOHOL, Basis.SIGN, words[0].shown)
    return None


def _is_cut(parsed: ParsedName, word: Term) -> bool:
    return any(term is word and behind.text == "." for term, behind in pairwise(parsed.terms))
