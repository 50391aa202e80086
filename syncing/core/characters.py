"""Makes a text's characters fit for VK and counts them as VK does.

VK counts a name after escaping HTML and in cp1251 (reference: VK, text rules): a straight quote costs
five, what cp1251 lacks costs as much as its entity. The letters of every alphabet stay, whatever they
cost; signs that only adorn are replaced by their like or dropped.
"""

import html
import re
import unicodedata
from functools import lru_cache

# No till sends a longer name; what is beyond is not read.
LONGEST_READ = 1000
_WEIGHTS = {'"': 5, "&": 5, "'": 5, "\\": 6, ">": 4, "<": 4, "!": 5, "$": 6}
IN_CP1251 = bytes(range(256)).decode("cp1251", "ignore")
# Asked several times of each name; Python's own encoder takes twice as long.
_NOT_IN_CP1251 = re.compile(f"[^{re.escape(IN_CP1251)}]")
_COSTLY = re.compile(f"[^{re.escape(''.join(char for char in IN_CP1251 if char not in _WEIGHTS))}]")
# Legible stand-ins for what cp1251 lacks.
_STAND_INS = str.maketrans(
    {
        "₽": " руб.",
        "\xad": None,
        "′": "'",
        "ʼ": "’",
        "″": '"',
        "‶": '"',
        "‟": '"',
        "〃": '"',
        "×": "x",
        "✕": "x",
        "✖": "x",
        "÷": "-",
        "−": "-",
        "‐": "-",
        "‑": "-",
        "‒": "-",
        "―": "—",
        "⁄": "/",
        "∕": "/",
        "≈": "~",
        "≥": "от ",
        "≤": "до ",
        "⌀": "Ø",
        "∅": "Ø",
    }
)
_FRACTION = re.compile(r"(?<=\d)(?=[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])")
# An ampersand with the rest of others that were escaped in its place: «&amp;amp;lt;».
_ESCAPED_AMPERSAND = re.compile(r"&(?:amp;|AMP;|#0{0,9}38;|#[xX]0{0,9}26;)++")
# Nobody escapes a text more often by mistake.
MOST_LAYERS = 4
# More marks on one letter than any alphabet writes.
_PILE_OF_MARKS = re.compile("([\u0300-\u036f]{3})[\u0300-\u036f]+")


def vk_length(text: str) -> int:
    """Return the length as VK counts it for the limits of a name."""
    return sum(map(weight, text)) if _COSTLY.search(text) else len(text)


@lru_cache(maxsize=4096)
def weight(char: str) -> int:
    """Return what one character counts for."""
    if found := _WEIGHTS.get(char):
        return found
    return 1 if _all_in_cp1251(char) else len(f"&#{ord(char)};")


def legible(text: str) -> str:
    """Return the text in composed form with its letters, digits and punctuation; line ends stay.

    Control characters other than white space, unpaired surrogates, what cannot be seen and pictures go.
    """
    if _all_in_cp1251(text):
        return text.replace("\xad", "")
    text = _FRACTION.sub(" ", unicodedata.normalize("NFC", text)).translate(_STAND_INS)
    if not _all_in_cp1251(text):
        text = _PILE_OF_MARKS.sub(r"\1", text)
        before = ("", *text)
        text = "".join(_kept(char, previous) for char, previous in zip(text, before, strict=False))
    return unicodedata.normalize("NFC", text)


def to_cp1251(text: str) -> str:
    """Return the legible text with what cp1251 lacks replaced by the letters it is made of, or dropped."""
    text = legible(text)
    if _all_in_cp1251(text):
        return text
    return "".join(char if _all_in_cp1251(char) else _parts_in_cp1251(char) for char in text)


def _parts_in_cp1251(char: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFKD", char) if _all_in_cp1251(part))


def unescape(text: str) -> str:
    """Return the text with HTML entities read, also those that were escaped several times."""
    # An ampersand that was escaped over and over is one: each layer would cost another reading.
    text = _ESCAPED_AMPERSAND.sub("&", text) if "&" in text else text
    for _time in range(MOST_LAYERS):
        if "&" not in text or (plain := html.unescape(text)) == text:
            break
        text = plain
    return text


def _kept(char: str, previous: str) -> str:
    """Return what stands for the character in a legible text."""
    if char.isascii() or _all_in_cp1251(char):
        return char
    category = unicodedata.category(char)
    if category in ("Me", "Cf", "Cc", "Cs", "Co", "Cn") or _is_selector(char):
        return ""
    match category[0]:
        case "N":
            return _number(char, previous)
        case "Z":
            return " " if category == "Zs" else "\n"
        case "S":
            return _sign(char, category)
        case _:
            return char


def _sign(char: str, category: str) -> str:
    """Return a sign of money or arithmetic as it is, another in letters, a picture as a space."""
    if category in ("Sc", "Sm"):
        return char
    parts = unicodedata.normalize("NFKD", char)
    return parts if _all_in_cp1251(parts) else " "


def _number(char: str, previous: str) -> str:
    """Return a digit of any alphabet as it is; a fraction, a small digit or a Roman number in plain letters.

    A small digit after a digit stays: 10² is not 102.
    """
    if unicodedata.category(char) == "Nd" or previous.isdigit():
        return char
    parts = unicodedata.normalize("NFKD", char).translate(_STAND_INS)
    return parts if _all_in_cp1251(parts) else char


def _is_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _all_in_cp1251(text: str) -> bool:
    return text.isascii() or _NOT_IN_CP1251.search(text) is None
