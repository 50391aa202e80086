"""Tells goods that VK forbids: by the till's type and flags, by the words of the name, by the group.

Evotor's type is right where the shop uses it (reference: Evotor, product types); many shops sell all as
NORMAL, so the name is read too. Non-alcoholic beer counts as beer: it carries a beer's label, and VK's
moderators go by the label.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from syncing.core.records import SourceProduct
from syncing.core.restricted_words import (
    ABOUT,
    FAMILIES,
    FRIDGE,
    GROUP_QUALIFIERS,
    GROUPS,
    NO_ALCOHOL,
    SERVED,
    THINGS,
    Family,
)

# Part of Evotor's open list of types, first match first; any place in the name counts.
_TYPES = (
    ("TOBACCO", "legal_tobacco"),
    ("NICOTINE", "legal_tobacco"),
    ("BEER", "legal_beer"),
    ("ALCOHOL", "legal_alcohol"),
    ("MEDICINE", "legal_medicine"),
    ("PHARMA", "legal_medicine"),
)
_WORD = re.compile(r"[^\W\d_]+|\d+|[+&]")
_CYRILLIC = re.compile(r"[а-яіїєґ]")
_LATIN = re.compile(r"[a-z]")
_RUNS = re.compile(r"[a-z]+|[^a-z]+")
# Ё is typed or not as people please; a soft hyphen or a joiner within a word cannot be seen at all.
_UNSEEN = str.maketrans("ё", "е", "\xad\u200b\u200c\u200d\u2060\ufeff")
# Letters that look the same in both alphabets, typed one for the other by tired or clever hands.
_TO_CYRILLIC = str.maketrans("abcehkmoptxy", "авсенкмортху")
_TO_LATIN = str.maketrans("авсенкмортху", "abcehkmoptxy")


def forbidden(product: SourceProduct, group_path: tuple[str, ...]) -> tuple[str, str] | None:
    """Return the reason and the word, flag or group that decided, or None for ordinary goods."""
    if reason := next((reason for mark, reason in _TYPES if mark in product.type.upper()), None):
        return reason, product.type
    if found := by_name(product.name):
        return found
    if found := by_group(product.name, group_path):
        return found
    if product.is_excisable:
        return "legal_excisable", "is_excisable"
    if product.is_age_limited:
        return "legal_age", "is_age_limited"
    return None


def words_of(text: str) -> str:
    """Return the words of a name as the patterns expect them, with a plus sign as a word of its own."""
    small = text.casefold().translate(_UNSEEN)
    words = _WORD.findall(small)
    # Only a name with Latin letters can mix alphabets.
    return " ".join(map(_one_script, words) if _LATIN.search(small) else words)


def by_name(name: str) -> tuple[str, str] | None:
    """Return the reason and the deciding words of a name, or None.

    A plus sign joins things that are sold together, and each is looked at alone.
    """
    words = words_of(name)
    if not _SUSPECT.search(words):
        return None
    for part in words.split("+"):
        plain = _ABOUT.sub(" ", part)
        thing = _THINGS.search(plain)
        thing_at = thing.start() if thing else None
        if (served := _SERVED.search(plain)) and (thing_at is None or served.start() <= thing_at):
            return _served_reason(served[0]), served[0]
        for family in _COMPILED:
            if word := family.find(plain, thing_at):
                return family.reason, word
    return None


def by_group(name: str, group_path: Iterable[str]) -> tuple[str, str] | None:
    """Return the reason and the group whose name says that all in it is forbidden, or None.

    The product's own name saves it if it says what else it is: lemonade is sold under "Алкоголь" too.
    """
    for group in group_path:
        if reason := _group_reason(group):
            words = words_of(name)
            is_other = _THINGS.search(words) or _FRIDGE.search(words)
            return None if is_other else (reason, group)
    return None


@lru_cache(maxsize=4096)
def _group_reason(group: str) -> str | None:
    words = words_of(group)
    for reason, pattern in _GROUPS:
        if pattern.search(words) and not _ONLY_FORBIDDEN.sub("", words).strip():
            return reason
    return None


class _Words:
    """One family's patterns, compiled."""

    def __init__(self, family: Family) -> None:
        self.reason = family.reason
        self._strong = _any(family.strong)
        self._weak = _any(family.weak)
        self._hinted = _any(family.hinted)
        self._hints = _any(family.hints)
        alone = "|".join(family.alone)
        self._alone = re.compile(rf"(?: |\d+ )*(?:{alone})(?: \d+)* *") if alone else _NEVER

    def find(self, text: str, thing_at: int | None) -> str | None:
        """Return the deciding words. `thing_at` is where an ordinary thing is named, None if nowhere."""
        strong = self._strong.search(text)
        if strong and (thing_at is None or strong.start() <= thing_at):
            return strong[0]
        if thing_at is not None:
            return None
        if weak := self._weak.search(text):
            return weak[0]
        if (hinted := self._hinted.search(text)) and self._has_hint(text, hinted):
            return hinted[0]
        return None

    def _has_hint(self, text: str, brand: re.Match[str]) -> bool:
        rest = f"{text[: brand.start()]} {text[brand.end() :]}"
        return bool(self._hints.search(rest) or self._alone.fullmatch(text))


class _Alcohol(_Words):
    """The patterns of alcohol, silent where the name says that there is none."""

    def find(self, text: str, thing_at: int | None) -> str | None:
        return None if _NO_ALCOHOL.search(text) else super().find(text, thing_at)


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    joined = "|".join(patterns)
    return re.compile(rf"(?<!\S)(?:{joined})(?!\S)") if joined else _NEVER


def _one_script(word: str) -> str:
    """Return a word of mixed alphabets in the one it was meant in, or its runs apart."""
    cyrillic, latin = len(_CYRILLIC.findall(word)), len(_LATIN.findall(word))
    if not (cyrillic and latin):
        return word
    as_cyrillic, as_latin = word.translate(_TO_CYRILLIC), word.translate(_TO_LATIN)
    meant = (as_cyrillic, as_latin) if cyrillic >= latin else (as_latin, as_cyrillic)
    for candidate in meant:
        if not (_CYRILLIC.search(candidate) and _LATIN.search(candidate)):
            return candidate
    return " ".join(_RUNS.findall(word))


def _served_reason(words: str) -> str:
    return "legal_beer" if words.endswith(("пива", "сидра")) else "legal_alcohol"


_NEVER = re.compile(r"(?!)")
_SERVED = _any((SERVED,))
_ABOUT = _any(ABOUT)
_THINGS = _any(THINGS)
_FRIDGE = _any(FRIDGE)
_NO_ALCOHOL = _any(NO_ALCOHOL)
_GROUPS = tuple((reason, _any(words)) for reason, words in GROUPS.items())
_ONLY_FORBIDDEN = _any(word for words in (*GROUPS.values(), GROUP_QUALIFIERS) for word in words)
# Most goods have none of the words; one look for all of them is ten times quicker than one for each.
_SUSPECT = _any(
    (SERVED, *(word for family in FAMILIES for word in (*family.strong, *family.weak, *family.hinted)))
)
_COMPILED = tuple((_Alcohol if family.reason == "legal_alcohol" else _Words)(family) for family in FAMILIES)
