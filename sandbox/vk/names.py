"""Counts a text as VK counts an item's name (reference, vk.md §6.4).

VK counts the HTML-escaped text in cp1251: some signs cost several letters, and a character that
cp1251 lacks costs as much as its numeric entity. The exact rule is not published; these weights are
the ones that other exporters live by.
"""

from typing import Final

NAME_MIN: Final = 4
NAME_MAX: Final = 100
WEIGHTS: Final = {'"': 5, "&": 5, "'": 5, "\\": 6, ">": 4, "<": 4, "!": 5, "$": 6}


def weighted_length(text: str) -> int:
    """Return the length of a text in VK's letters."""
    return sum(_weight(sign) for sign in text)


def _weight(sign: str) -> int:
    if sign in WEIGHTS:
        return WEIGHTS[sign]
    try:
        sign.encode("cp1251")
    except UnicodeEncodeError:
        return len(f"&#{ord(sign)};")
    return 1
