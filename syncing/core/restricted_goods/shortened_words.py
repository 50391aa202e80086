"""Tells what a word is short for that stands with a dot: «курит.», «конф.», «бальз.», «Сиб. корона».

Only the words of the lists are meant. A beginning that ordinary and forbidden nouns share says nothing:
«шамп.» may be shampoo, mushrooms or champagne.
"""

from collections.abc import Iterable, Iterator
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


class WrittenOut(NamedTuple):
    """What a beginning stands for: `text` is the one stem that it can be, else the beginning itself."""

    text: str
    meaning: Meaning


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
        self._words = {
            beginning: found
            for beginning in nouns.keys() | adjectives.keys()
            if (found := _written_out(beginning, nouns.get(beginning), adjectives.get(beginning)))
        }
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

    def is_suspicious(self, text: str) -> bool:
        """Return True if a word with a dot may be short for what VK does not take."""
        found = self._words.get(text)
        return text in self._first_of_brands or bool(found and found.meaning.is_suspicious)


def _plain(text: str) -> str:
    return text.replace("й", "и").replace("ё", "е")


def _nouns(lists: Iterable[WordList]) -> Iterator[tuple[str, Role, Restriction | None]]:
    for kind, role, words, reason in lists:
        if kind is Kind.NOUNS and role in ORDINARY | {Role.GENERIC, Role.GOODS}:
            for entry in _plain(words).split():
                yield entry.partition(":")[0].rstrip("="), role, reason


def _adjectives(lists: Iterable[WordList]) -> Iterator[tuple[str, Role, Restriction | None]]:
    for kind, role, words, reason in lists:
        if kind is Kind.ADJECTIVES and role is Role.ADJECTIVE:
            for stem in _plain(words).split():
                yield stem, role, reason


def _stems_by_beginning(
    stems: Iterable[tuple[str, Role, Restriction | None]],
) -> dict[str, list[tuple[str, Role, Restriction | None]]]:
    found: dict[str, list[tuple[str, Role, Restriction | None]]] = {}
    for stem, role, reason in stems:
        if is_cyrillic(stem):
            for size in range(_SHORTEST, len(stem) + 1):
                found.setdefault(stem[:size], []).append((stem, role, reason))
    return found


def _written_out(
    beginning: str,
    nouns: list[tuple[str, Role, Restriction | None]] | None,
    adjectives: list[tuple[str, Role, Restriction | None]] | None,
) -> WrittenOut | None:
    """Return what a beginning can only be short for."""
    goods = [reason for _, role, reason in nouns or () if role is Role.GOODS and reason]
    ordinary = [(stem, role) for stem, role, _ in nouns or () if role is not Role.GOODS]
    if goods and not ordinary:
        return WrittenOut(beginning, Meaning({Role.SHORTENED: tuple(goods)}))
    if ordinary and not goods:
        stems = {stem for stem, _ in ordinary}
        text = next(iter(stems)) if len(stems) == 1 else beginning
        return WrittenOut(text, Meaning({role: () for _, role in ordinary}))
    if adjectives and not nouns:
        reasons = tuple(reason for _, _, reason in adjectives if reason)
        return WrittenOut(beginning, Meaning({Role.ADJECTIVE: reasons}))
    return None


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


BEGINNINGS = Beginnings(LISTS, BRAND_LISTS)
