"""Tells what only two words together say: a pup of two months, a ticket of a lottery, a certificate."""

from collections.abc import Iterable
from typing import NamedTuple

from syncing.core.restricted_goods.terms import ParsedName, Term
from syncing.core.restricted_goods.words_other import ABOUT, TELLING, TELLING_TOYS


class Words(NamedTuple):
    """Words of a list: beginnings, and those that stand as they are."""

    beginnings: tuple[str, ...]
    whole: frozenset[str]

    def has(self, word: str) -> bool:
        """Return True if a word is one of them."""
        return word in self.whole or word.startswith(self.beginnings)


def _words(text: str) -> Words:
    words = text.replace("й", "и").replace("ё", "е").split()
    whole = frozenset(word.rstrip("=") for word in words if word.endswith("="))
    return Words(tuple(word for word in words if not word.endswith("=")), whole)


def _pairs(texts: Iterable[tuple[str, str]]) -> tuple[tuple[Words, Words], ...]:
    return tuple((_words(first), _words(second)) for first, second in texts)


_TELLING, _OF_TOYS = _pairs(TELLING), _pairs(TELLING_TOYS)
_ABOUT = _words(ABOUT)


def told_together(parsed: ParsedName) -> Term | None:
    """Return the word that says with another what VK does not take, or None.

    A cover, a toy or food for it is none of it.
    """
    is_about = any(_ABOUT.has(term.text) for term in parsed.terms)
    for first, second in _OF_TOYS if is_about else (*_OF_TOYS, *_TELLING):
        said = [term for term in parsed.terms if first.has(term.text) and not term.governor]
        for term in said:
            if any(other is not term and second.has(other.text) for other in parsed.terms):
                return term
    return None
