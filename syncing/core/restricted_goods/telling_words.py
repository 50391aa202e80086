"""Tells what two words say only together, or one at once: a pup of two months, a ticket of a lottery."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from syncing.core.restricted_goods.meanings import ORDINARY
from syncing.core.restricted_goods.terms import ParsedName, Term
from syncing.core.restricted_goods.verdicts import Restriction
from syncing.core.restricted_goods.words_other import (
    ABOUT,
    PETS,
    TELLING,
    TELLING_ALONE,
    TELLING_TOYS,
    YOUNG_ANIMALS,
)
from syncing.core.restricted_goods.words_tobacco import TELLING as TELLING_TOBACCO


class _Side:
    """Which pairs have a word on one side, found by the word's beginnings: longer lists take no longer."""

    def __init__(self, lists: Iterable[str]) -> None:
        self._by_beginning: dict[str, list[int]] = defaultdict(list)
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for number, text in enumerate(lists):
            for word in text.replace("й", "и").replace("ё", "е").split():
                into = self._by_word if word.endswith("=") else self._by_beginning
                into[word.rstrip("=")].append(number)
        self._sizes = sorted({len(beginning) for beginning in self._by_beginning})
        self._shortest = {beginning[: self._sizes[0]] for beginning in self._by_beginning}

    def pairs_of(self, word: str) -> frozenset[int]:
        """Return the numbers of the pairs."""
        found = set(self._by_word.get(word, ()))
        if word[: self._sizes[0]] not in self._shortest:
            return frozenset(found)
        for size in self._sizes:
            if size > len(word):
                break
            found.update(self._by_beginning.get(word[:size], ()))
        return frozenset(found)


class _Places(NamedTuple):
    """The numbers of the pairs in which a word stands first and second."""

    first: frozenset[int]
    second: frozenset[int]
    is_about: bool


# What toys are told by stands first: a cover of a toy is one, too. Without a second word the first tells it.
_OF_TOYS = (*TELLING_TOYS, (TELLING_ALONE, ""))
_PAIRS = (*_OF_TOYS, *TELLING, (YOUNG_ANIMALS, ""), (PETS, ""), *TELLING_TOBACCO)
_ALONE = frozenset(number for number, (_, second) in enumerate(_PAIRS) if not second)
_PET = len(_PAIRS) - len(TELLING_TOBACCO) - 1
_OF_OTHERS = len(_PAIRS) - len(TELLING_TOBACCO)
_FIRST, _SECOND = (_Side(pair[place] for pair in _PAIRS) for place in (0, 1))
_ABOUT = _Side([ABOUT])


@lru_cache(maxsize=16384)
def _places(word: str) -> _Places:
    return _Places(_FIRST.pairs_of(word), _SECOND.pairs_of(word), bool(_ABOUT.pairs_of(word)))


def may_tell(word: str) -> bool:
    """Return True if a word may say, alone or with another, what VK does not take."""
    return bool(_places(word).first)


def told_together(parsed: ParsedName) -> tuple[Term, Restriction] | None:
    """Return the word that says with another what VK does not take and what that is, or None.

    A cover, a toy or food for it is none of it.
    """
    # No number says anything alone, and there are too many to keep what each says.
    said = [
        at
        for at, term in enumerate(parsed.terms)
        if not term.is_number and not term.governor and may_tell(term.text)
    ]
    if not said:
        return None
    places = [_places(term.text) for term in parsed.terms]
    told = len(_OF_TOYS) if any(place.is_about for place in places) else len(_PAIRS)
    is_thing = not parsed.roles.isdisjoint(ORDINARY)
    found = (
        (pair, at)
        for at in said
        for pair in places[at].first
        if pair < told and _is_told(places, pair, at) and not (pair == _PET and is_thing)
    )
    nearest = min(found, default=None)
    if nearest is None:
        return None
    pair, at = nearest
    return parsed.terms[at], Restriction.OTHER if pair < _OF_OTHERS else Restriction.TOBACCO


def _is_told(places: Sequence[_Places], pair: int, at: int) -> bool:
    return pair in _ALONE or any(pair in place.second for other, place in enumerate(places) if other != at)
