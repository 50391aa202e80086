"""Tells texts that were read in a wrong encoding, or lost their letters, from what people write."""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache

# What stands for bytes that are no character; in cp1252 these are some of the letters' second bytes.
_UNKNOWN = "\ufffd"
# What was sent, and what it was taken for. Accounting programs still write cp1251 and cp866.
_MISTAKEN = (
    ("utf-8", "cp1251"),
    ("utf-8", "cp1252"),
    ("utf-8", "latin-1"),
    ("utf-8", "cp866"),
    ("utf-8", "koi8-r"),
    ("cp1251", "cp1252"),
    ("cp1251", "latin-1"),
    ("cp1251", "cp866"),
    ("cp866", "cp1251"),
    ("cp866", "cp1252"),
    ("koi8-r", "cp1252"),
)
_CYRILLIC = re.compile("[А-Яа-яЁё]")
_WORD = re.compile("[А-Яа-яЁё]{3}")
# What Russian names are not written with.
_ODD = re.compile(r"[^\x20-\x7e\n\r\tА-Яа-яЁё«»„“”–—№°…’\xa0]")
# Signs that tables were once drawn with; they stand for letters of cp1251 in cp866.
_FRAME = re.compile("[\u2500-\u259f]")
_BOTH_ALPHABETS = re.compile("[A-Za-z][А-Яа-яЁё]|[А-Яа-яЁё][A-Za-z]")
_LOST_LETTERS = re.compile(r"\ufffd{4,}|\?{4,}")
# Three signs of doubt in a row are what is left of a word, or how the name of a game ends.
_FEW_LETTERS_LEFT = 3


@lru_cache(maxsize=4096)
def is_garbled(text: str) -> bool:
    """Return True if nobody can read what the text said: «Âîäêà», «Р’РѕРґРєР°», «????? 0,5?»."""
    if text.count("?") < _FEW_LETTERS_LEFT and not _ODD.search(text):
        return False
    if _has_lost_letters(text):
        return True
    is_odd = len(_ODD.findall(text)) > 1 or bool(_FRAME.search(text))
    return is_odd and any(_may_have_said(text, *mistake) for mistake in _MISTAKEN)


def names_nothing(text: str) -> bool:
    """Return True for a text without a readable word: a number, signs or garbled letters."""
    return not any(map(str.isalpha, text)) or is_garbled(text)


def read_in_koi8(text: str) -> Iterator[str]:
    """Yield the text with KOI8 and cp1251 exchanged: all letters become others, in the other case."""
    for sent, taken_for in (("koi8-r", "cp1251"), ("cp1251", "koi8-r")):
        with suppress(UnicodeError):
            yield text.encode(taken_for).decode(sent)


def _has_lost_letters(text: str) -> bool:
    if _LOST_LETTERS.search(text):
        return True
    signs = text.count("?") + text.count(_UNKNOWN)
    return signs >= _FEW_LETTERS_LEFT and signs > sum(map(str.isalpha, text))


def _may_have_said(text: str, sent: str, taken_for: str) -> bool:
    """Return True if a text that was sent in one encoding and read in the other was in Russian."""
    try:
        reading = _to_bytes(text, taken_for).decode(sent, "replace")
    except UnicodeEncodeError:
        return False
    odd = [char for char in _ODD.findall(reading) if char != _UNKNOWN]
    is_told = reading.count(_UNKNOWN) * 4 <= len(_CYRILLIC.findall(reading))
    return not odd and is_told and bool(_WORD.search(reading)) and not _BOTH_ALPHABETS.search(reading)


def _to_bytes(text: str, encoding: str) -> bytes:
    """Return the bytes that were read as this text; a byte without a character is kept as its number."""
    return b"".join(
        char.encode("latin-1") if "\x80" <= char <= "\x9f" else char.encode(encoding)
        for char in text.replace(_UNKNOWN, "\x81")
    )
