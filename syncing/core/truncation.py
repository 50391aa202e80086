"""Cuts a text between words, never between a number and its unit."""

import re
import unicodedata
from collections.abc import Callable

_NUMBER = r"\d+(?:[.,/:]\d+)*"
_TIMES = r"\s?[xXхХ*+/–-]\s?"
# «№ 9», «0,5 л», «4,7 % об.», «5 x 80 г», «3 в 1», «1/24ШТ»: one piece each.
_PIECE = re.compile(
    rf"(?:№\s?)?{_NUMBER}(?:(?:{_TIMES}|\s[вВ]\s){_NUMBER})*(?:\s?%(?:\s?[оО]б\b\.?)?|[\x22’]|\s?[^\W\d_]+\.?)?|[^\W\d_]+|\s+|."
)
# A cut that leaves less than this part of the room is made within the word instead.
_WORTH_KEEPING = 0.4
_HANGING_WORDS = """
в во с со к ко на из для от до по и или без под об за у о а вместимостью вес масса массой объем объём
объемом объёмом алк алк. №
"""
_HANGING = frozenset(_HANGING_WORDS.split())
# A piece of a text is never longer; what is beyond is not looked at.
_LONGEST_PIECE = 300
_EDGES = " \t,;:-–—/_|=*~(["


def cut(text: str, longest: int, weigh: Callable[[str], int]) -> str:
    """Return the text's beginning that weighs `longest` at most, by the weight of each character.

    Where a cut was made no preposition is left hanging. A single number or word longer than all the
    room is cut within, as there is no other way.
    """
    # Every character weighs something.
    if len(text) <= longest and sum(map(weigh, text)) <= longest:
        return text
    text = text[: longest + _LONGEST_PIECE]
    between_pieces, between_words, weight = 0, 0, 0
    for piece in _PIECE.finditer(text):
        if piece[0].isspace():
            between_words = piece.start()
        weight += sum(map(weigh, piece[0]))
        if weight > longest:
            break
        between_pieces = piece.end()
    end = between_words if between_words >= between_pieces * _WORTH_KEEPING else between_pieces
    end = end or _within(text, longest, weigh)
    while end and end < len(text) and unicodedata.combining(text[end]):
        end -= 1
    kept = text[:end].rstrip(_EDGES)
    return _without_hanging(kept).rstrip(_EDGES) or kept


def _without_hanging(text: str) -> str:
    """Return the text without prepositions and their like at its end."""
    while len(parts := text.rsplit(None, 1)) > 1 and parts[1].casefold() in _HANGING:
        text = parts[0]
    return text


def _within(text: str, longest: int, weigh: Callable[[str], int]) -> int:
    weight = 0
    for place, char in enumerate(text):
        weight += weigh(char)
        if weight > longest:
            return place
    return len(text)
