"""Tells what only two words together say: a pup of two months, a ticket of a lottery, a certificate."""

from collections.abc import Iterable

from syncing.core.restricted_goods.terms import ParsedName, Term
from syncing.core.restricted_goods.words_other import ABOUT, TELLING, TELLING_TOYS

# The beginnings of the one word, and of the other.
Pair = tuple[tuple[str, ...], tuple[str, ...]]


def _beginnings(text: str) -> tuple[str, ...]:
    return tuple(text.replace("й", "и").replace("ё", "е").split())


def _pairs(words: Iterable[tuple[str, str]]) -> tuple[Pair, ...]:
    return tuple((_beginnings(first), _beginnings(second)) for first, second in words)


_TELLING, _OF_TOYS = _pairs(TELLING), _pairs(TELLING_TOYS)
_ABOUT = _beginnings(ABOUT)


def told_together(parsed: ParsedName) -> Term | None:
    """Return the word that says with another what VK does not take, or None.

    A cover, a toy or food for it is none of it.
    """
    is_about = any(term.text.startswith(_ABOUT) for term in parsed.terms)
    for first, second in _OF_TOYS if is_about else (*_OF_TOYS, *_TELLING):
        said = [term for term in parsed.terms if term.text.startswith(first) and not term.governor]
        for term in said:
            if any(other is not term and other.text.startswith(second) for other in parsed.terms):
                return term
    return None
