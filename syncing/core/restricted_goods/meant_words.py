"""Tells which forbidden word an unknown one was meant as: written as it is heard, in Latin letters, or small.

«Каньяк» and «Мизим» sound right, «pivo» and «sigarety» are Russian in other letters, «анальгинчик» and
«сигаретка» are said over a counter. All this is a guess, so that the merchant is asked.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from syncing.core.restricted_goods.meanings import Role
from syncing.core.restricted_goods.spelling import is_cyrillic, sound_key
from syncing.core.restricted_goods.verdicts import Restriction
from syncing.core.restricted_goods.word_lists import BRAND_LISTS, LISTS, BrandList, Kind, WordList

# Shorter words sound like others too often.
_SHORTEST_HEARD = 6
_SHORTEST_ROMANISED = 4
# What is left of a small word when its ending is taken away.
_SHORTEST_BASE = 4
# «Рулетик» is no antibiotic.
_SHORTEST_BASE_HEARD = 6
# Vowels without stress are heard alike, and so are hard and soft consonants at a word's end.
_HEARD = str.maketrans("oe", "ai")
_AT_THE_END = str.maketrans("bvgdzj", "pfktss")
# As passports and addresses have it; «sch» and «ja» are heard the same.
_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu",
    "я": "ya",
}  # fmt: skip
# Within a word before consonants of no voice: «пифко», «вотка».
_BEFORE_VOICELESS = re.compile(r"[bvgdzj](?=[pfktshc])")
_SMALL = ("чик", "ик", "ок", "ек", "очка", "ечка", "ушка", "юшка", "чка", "ишко", "ишка", "ульки", "ки", "ка")


class MeantWords:
    """Forbidden nouns and brands of one word, found by what people make of them."""

    def __init__(self, lists: Iterable[WordList], brand_lists: Iterable[BrandList]) -> None:
        nouns = list(_nouns(lists))
        brand_lists = tuple(brand_lists)
        words = [*nouns, *_brands(brand_lists, Role.BRAND)]
        self._heard: dict[str, Restriction] = {}
        self._wholes = dict(words)
        self._bases: dict[str, Restriction] = {}
        # «Араратик», «Бондик»: of a brand that is a name too only the small word is told.
        for word, reason in _brands(brand_lists, Role.WEAK_BRAND):
            if is_cyrillic(word) and len(word) >= _SHORTEST_BASE:
                self._bases.setdefault(word, reason)
        for word, reason in words:
            if len(key := _heard_key(word)) >= _SHORTEST_HEARD:
                self._heard.setdefault(key, reason)
            if is_cyrillic(word) and len(word) >= _SHORTEST_BASE:
                self._bases.setdefault(word, reason)
                self._bases.setdefault(word.rstrip("аеиоыья"), reason)
        self._romanised = {
            _latin_key(_romanised(word)): reason
            for word, reason in nouns
            if is_cyrillic(word) and len(word) >= _SHORTEST_ROMANISED
        }

    def find(self, word: str) -> Restriction | None:
        """Return what kind of goods an unknown word may mean, or None."""
        if not word.isalpha():
            return None
        key = _heard_key(word)
        if is_cyrillic(word):
            return self._heard.get(key) or self._small(word)
        # Brands are written in Latin letters as their makers do.
        return self._romanised.get(_latin_key(word))

    def beginnings(self, word: str, shortest: int) -> Iterator[tuple[Restriction, str]]:
        """Yield what kind of goods a word begins with and the rest of it, each at least so long."""
        for cut in range(shortest, len(word) - shortest + 1):
            if reason := self._wholes.get(word[:cut]):
                yield reason, word[cut:]

    def _small(self, word: str) -> Restriction | None:
        for base in small_bases(word):
            # «Фестальчик» is soft, «зелёночка» small twice.
            for whole in (base, base.rstrip("ь"), f"{base}к"):
                heard = self._heard.get(_heard_key(whole)) if len(base) >= _SHORTEST_BASE_HEARD else None
                if found := self._bases.get(whole) or heard:
                    return found
        return None


def small_bases(word: str, shortest: int = _SHORTEST_BASE) -> Iterator[str]:
    """Yield what may be left of a small word without its ending, at least so many letters."""
    for ending in _SMALL:
        if word.endswith(ending) and len(base := word.removesuffix(ending)) >= shortest:
            yield base


def _heard_key(word: str) -> str:
    """Return how a word sounds where its vowels have no stress: коньяк and «каньяк» are one key.

    Its first letter stays as it is: «шишка» is not «сижка».
    """
    key = _BEFORE_VOICELESS.sub(lambda letter: letter[0].translate(_AT_THE_END), sound_key(word))
    return word[:1] + (key[:-1] + key[-1:].translate(_AT_THE_END)).translate(_HEARD)


def _latin_key(word: str) -> str:
    return sound_key(word.replace("iy", "y").replace("j", "y").replace("ia", "ya").replace("kh", "h"))


def _romanised(word: str) -> str:
    return "".join(_LATIN.get(letter, letter) for letter in word)


def _nouns(lists: Iterable[WordList]) -> Iterator[tuple[str, Restriction]]:
    """Yield the nominatives of forbidden goods."""
    for kind, role, words, reason in lists:
        if kind is Kind.NOUNS and role is Role.GOODS and reason:
            for entry in words.replace("й", "и").replace("ё", "е").split():
                stem, _, endings = entry.rstrip("=").partition(":")
                yield from ((stem + ending, reason) for ending in endings.split(","))


def _brands(lists: Iterable[BrandList], kind: Role) -> Iterator[tuple[str, Restriction]]:
    for role, brands, reason in lists:
        if role is kind:
            words = brands.replace("й", "и").replace("ё", "е").split()
            yield from ((word, reason) for word in words if "_" not in word)


@cache
def meant_words() -> MeantWords:
    """Return the words of our lists, ready to be asked."""
    return MeantWords(LISTS, BRAND_LISTS)
