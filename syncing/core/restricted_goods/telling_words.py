"""Tells what only two words together say: a pup of two months, a ticket of a lottery, a certificate."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from syncing.core.restricted_goods.terms import ParsedName, Term
from syncing.core.restricted_goods.words_other import ABOUT, TELLING, TELLING_TOYS


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

    def pairs_of(self, word: str) -> frozenset[int]:
        """Return the numbers of the pairs."""
        found = set(self._by_word.get(word, ()))
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


# The pairs that toys are told by stand first: a cover of a toy is one, too.
_PAIRS = (*TELLING_TOYS, *TELLING)
_OF_TOYS = len(TELLING_TOYS)
_FIRST, _SECOND = (_Side(pair[place] for pair in _PAIRS) for place in (0, 1))
_ABOUT = _Side([ABOUT])


@lru_cache(maxsize=16384)
def _places(word: str) -> _Places:
    return _Places(_FIRST.pairs_of(word), _SECOND.pairs_of(word), bool(_ABOUT.pairs_of(word)))


def told_together(parsed: ParsedName) -> Term | None:
    """Return the word that says with another what VK does not take, or None.

    A cover, a toy or food for it is none of it.
    """
    places = [_places(term.text) for term in parsed.terms]
    said = [at for at, place in enumerate(places) if place.first and not parsed.terms[at].governor]
    if not said:
        return None
    told = _OF_TOYS if any(place.is_about for place in places) else len(_PAIRS)
    found = (
        (pair, at)
        for at in said
        for pair in places[at].first
        if pair < told and any(pair in place.second for other, place in enumerate(places) if other != at)
    )
    nearest = min(found, default=None)
    return parsed.terms[nearest[1]] if nearest else None
