"""Tells what a shortened word is short for: «курит.», «конф.», «бальз.», «Сиб. корона», «сиг-лы».

Only the words of the lists are meant. A beginning that ordinary and forbidden nouns share says nothing:
«шамп.» may be shampoo, mushrooms or champagne.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from syncing.core.restricted_goods.meanings import NOTHING, ORDINARY, Meaning, Role
from syncing.core.restricted_goods.spelling import is_cyrillic
from syncing.core.restricted_goods.verdicts import Restriction
from syncing.core.restricted_goods.word_lists import BRAND_LISTS, LISTS, BrandList, Kind, WordList

# Shorter beginnings are words of their own too often.
_SHORTEST = 4
_SHORTEST_OF_BRAND = 3
# «Ст. мельник», «Сп. Разин»: the second word says enough.
_SHORTEST_BEFORE_WHOLE = 2
_WORDS_OF_BRAND = 2
_SHORTEST_CONTRACTED, _LONGEST_TAIL = 3, 3
# Of a noun that is cut to its shortest beginning.
_MOST_CUT = 2
_EDIBLE = frozenset({Role.FOOD, Role.SWEET})
_DESCRIBING = frozenset(
    {
        Role.HINT,
        Role.STRONG_HINT,
        Role.FORMAT,
        Role.BEER_SORT,
        Role.ALCOHOL_HINT,
        Role.SWEETNESS,
        Role.ADJECTIVE,
    }
)


class WrittenOut(NamedTuple):
    """What a beginning stands for: `text` is the one stem that it can be, else the beginning itself.

    `is_anywhere` is true for what is no noun where it stands first alone: «Чай черн.» names no bilberry.
    """

    text: str
    meaning: Meaning
    is_anywhere: bool = False


class _Stem(NamedTuple):
    text: str
    role: Role
    reason: Restriction | None


class _Brand(NamedTuple):
    first: str
    second: str
    role: Role
    reason: Restriction


class Beginnings:
    """The beginnings of the words of lists, ready to be asked."""

    def __init__(self, lists: Iterable[WordList], brand_lists: Iterable[BrandList]) -> None:
        lists = tuple(lists)
        nouns = _stems_by_beginning(_nouns(lists))
        adjectives = _stems_by_beginning(_adjectives(lists))
        described = _describing(lists)
        self._words = {
            beginning: found
            for beginning in nouns.keys() | adjectives.keys()
            if (found := _written_out(beginning, nouns.get(beginning), adjectives.get(beginning), described))
        }
        self._contracted = _goods_by_beginning(lists)
        self._brands = _brands_by_beginnings(brand_lists)
        self._first_of_brands = {
            brand.first[:size]
            for brands in self._brands.values()
            for brand in brands
            for size in range(_SHORTEST_BEFORE_WHOLE, len(brand.first))
        }

    def word(self, text: str) -> WrittenOut | None:
        """Return what a word with a dot is short for, or None."""
        return self._words.get(text)

    def brand(self, first: str, second: str, *, has_dot: tuple[bool, bool]) -> Meaning:
        """Return the meaning of a brand of two words of which one or both are short for its own."""
        for brand in self._brands.get(_key(first, second), ()):
            is_whole = (first == brand.first, second == brand.second)
            shortest = _SHORTEST_BEFORE_WHOLE if is_whole[1] else _SHORTEST_OF_BRAND
            is_first = is_whole[0] or (
                has_dot[0] and len(first) >= shortest and brand.first.startswith(first)
            )
            is_second = is_whole[1] or (has_dot[1] and brand.second.startswith(second))
            if is_first and is_second and not all(is_whole):
                return Meaning({brand.role: (brand.reason,)})
        return NOTHING

    def contracted(self, text: str) -> Meaning:
        """Return the goods whose first and last letters a hyphen joins: «шамп-ое», «сиг-лы»."""
        first, _, last = text.partition("-")
        if len(first) < _SHORTEST_CONTRACTED or not 0 < len(last) <= _LONGEST_TAIL:
            return NOTHING
        for form, reason in self._contracted.get(first[:_SHORTEST_CONTRACTED], ()):
            if form.startswith(first) and form.endswith(last) and len(form) > len(first) + len(last):
                return Meaning({Role.WEAK_GOODS: (reason,)})
        return NOTHING

    def cut_noun(self, text: str) -> Meaning:
        """Return the forbidden goods that a word without a dot begins and nothing else does: «Виск»."""
        found = self._words.get(text)
        if found is None or not found.meaning.has(Role.SHORTENED):
            return NOTHING
        reasons = tuple(
            reason
            for form, reason in self._contracted.get(text[:_SHORTEST_CONTRACTED], ())
            if form.startswith(text) and (len(text) > _SHORTEST or len(form) - len(text) <= _MOST_CUT)
        )
        return Meaning({Role.CUT_NOUN: reasons}) if reasons else NOTHING

    def is_suspicious(self, text: str) -> bool:
        """Return True if a word with a dot may be short for what VK does not take."""
        found = self._words.get(text)
        return text in self._first_of_brands or bool(found and found.meaning.is_suspicious)


def _plain(text: str) -> str:
    return text.replace("й", "и").replace("ё", "е")


def _nouns(lists: Iterable[WordList]) -> Iterator[_Stem]:
    for kind, role, words, reason in lists:
        if kind is Kind.NOUNS and role in ORDINARY | {Role.GENERIC, Role.GOODS}:
            for entry in _plain(words).split():
                yield _Stem(entry.partition(":")[0].rstrip("="), role, reason)


def _adjectives(lists: Iterable[WordList]) -> Iterator[_Stem]:
    for kind, role, words, reason in lists:
        if kind is Kind.ADJECTIVES and role is Role.ADJECTIVE:
            for text in _plain(words).split():
                yield _Stem(text, role, reason)


def _describing(lists: Iterable[WordList]) -> set[str]:
    """Return the beginnings of words that tell colours, sorts and sizes."""
    words = {word for one in lists if one.role in _DESCRIBING for word in _plain(one.words).split()}
    return {word[:size] for word in words for size in range(_SHORTEST, len(word) + 1)}


def _goods_by_beginning(lists: Iterable[WordList]) -> dict[str, list[tuple[str, Restriction]]]:
    """Return the nominatives of forbidden goods by their first letters."""
    found: dict[str, list[tuple[str, Restriction]]] = {}
    for kind, role, words, reason in lists:
        if kind is Kind.NOUNS and role is Role.GOODS and reason:
            for entry in _plain(words).split():
                stem, colon, endings = entry.partition(":")
                if colon and is_cyrillic(stem) and "-" not in stem:
                    forms = ((stem + ending, reason) for ending in endings.split(","))
                    found.setdefault(stem[:_SHORTEST_CONTRACTED], []).extend(forms)
    return found


def _stems_by_beginning(
    stems: Iterable[_Stem],
) -> dict[str, list[_Stem]]:
    found: dict[str, list[_Stem]] = {}
    for stem in stems:
        if is_cyrillic(stem.text):
            for size in range(_SHORTEST, len(stem.text) + 1):
                found.setdefault(stem.text[:size], []).append(stem)
    return found


def _written_out(
    beginning: str,
    nouns: list[_Stem] | None,
    adjectives: list[_Stem] | None,
    described: set[str],
) -> WrittenOut | None:
    """Return what a beginning can only be short for."""
    goods = [stem.reason for stem in nouns or () if stem.role is Role.GOODS and stem.reason]
    ordinary = [stem for stem in nouns or () if stem.role is not Role.GOODS]
    if goods and not ordinary:
        return WrittenOut(beginning, Meaning({Role.SHORTENED: tuple(goods)}))
    if ordinary and not goods:
        return _ordinary(beginning, ordinary, described)
    if adjectives and not nouns:
        reasons = tuple(stem.reason for stem in adjectives if stem.reason)
        return WrittenOut(beginning, Meaning({Role.ADJECTIVE: reasons}), is_anywhere=True)
    return None


def _ordinary(beginning: str, stems: list[_Stem], described: set[str]) -> WrittenOut:
    # What says too little is judged by the words beside it, whatever else begins so.
    meant = [stem for stem in stems if stem.role is Role.GENERIC] or stems
    texts, roles = {stem.text for stem in meant}, {stem.role for stem in meant}
    shortest = min(texts, key=len)
    if all(text.startswith(shortest) for text in texts):
        texts = {shortest}
    is_noun = roles <= _EDIBLE or roles == {Role.GENERIC}
    return WrittenOut(
        next(iter(texts)) if len(texts) == 1 else beginning,
        Meaning(dict.fromkeys(roles, ())),
        is_anywhere=is_noun and len(texts) == 1 and beginning not in described,
    )


def _brands_by_beginnings(lists: Iterable[BrandList]) -> dict[tuple[str, str], list[_Brand]]:
    found: dict[tuple[str, str], list[_Brand]] = {}
    for role, brands, reason in lists:
        for brand in _plain(brands).split():
            words = brand.split("_")
            if len(words) == _WORDS_OF_BRAND and min(map(len, words)) >= _SHORTEST_OF_BRAND:
                found.setdefault(_key(*words), []).append(_Brand(words[0], words[1], role, reason))
    return found


def _key(first: str, second: str) -> tuple[str, str]:
    return first[:_SHORTEST_BEFORE_WHOLE], second[:_SHORTEST_OF_BRAND]


@cache
def beginnings() -> Beginnings:
    """Return those of the words of our lists."""
    return Beginnings(LISTS, BRAND_LISTS)
