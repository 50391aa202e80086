"""Tells how much an unknown word looks like a medicine's name.

Such names are made up by the thousand, and their syllables give them away. The pieces of up to five letters
that the lists' medicines have are weighed against those of the lists' other words; nothing is learned but
what stands in the lists, and what looks so is only asked about.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator

_WORD = re.compile(r"[а-я]{5,}")
# An unseen piece counts as half a one.
_UNSEEN = 0.5
_PIECE, _TAIL, _LONG_TAIL = 3, 4, 5


class MedicineLikeness:
    """The weights of pieces of words, made of two lists."""

    def __init__(self, medicines: Iterable[str], others: Iterable[str]) -> None:
        self._medicines = Counter(piece for text in medicines for piece in _pieces_of(text))
        self._others = Counter(piece for text in others for piece in _pieces_of(text))
        self._bias = math.log(self._others.total() / self._medicines.total())

    def score(self, word: str) -> float:
        """Return above zero for what looks like a medicine, the more so the higher; below it for the rest."""
        weights = [
            math.log((self._medicines[piece] + _UNSEEN) / (self._others[piece] + _UNSEEN)) + self._bias
            for piece in _pieces(word)
        ]
        return sum(weights) / len(weights)


def _pieces_of(text: str) -> Iterator[str]:
    for word in set(_WORD.findall(text)):
        yield from _pieces(word)


def _pieces(word: str) -> Iterator[str]:
    """Yield the word's three-letter pieces with its ends marked, and its endings."""
    marked = f"^{word}$"
    for start in range(len(marked) - _PIECE + 1):
        yield marked[start : start + _PIECE]
    yield word[-_TAIL:] + "$$"
    yield word[-_LONG_TAIL:] + "$$"
