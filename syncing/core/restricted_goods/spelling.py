"""Reads a name as words and measures, whatever alphabet, case and joints it was typed with.

Everything here takes steps in proportion to the text, of which only the first MAX_LENGTH characters are
read: the till's names have 100, VK shows 100.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from syncing.core.garbled_text import read_in_koi8

MAX_LENGTH = 400

# What nobody sees though it counts as a letter; other such signs have a category of their own.
_FILLERS = "\u115f\u1160\u3164"
_UNSEEN = str.maketrans("ёѓќѐѝ", "егкеи", "\xad’'`ʼ´" + _FILLERS)
_HAS_UNSEEN = re.compile(f"[{''.join(map(chr, _UNSEEN))}]")
_UNSEEN_CATEGORIES = frozenset({"Cf", "Mn", "Me"})
# They tell of a brand and are no letters: «glo™» is read as «glo» and not as «glotm».
_NO_CYRILLIC_TEXT = re.compile(f"[^{re.escape(bytes(range(256)).decode('cp1251', 'ignore'))}]")
_MARK_OF_BRAND = re.compile("[™®©℠]")
# Shown from right to left, whatever its letters.
# Nearly every name is typed with these: each is what it looks like, and has one form.
_NOT_ORDINARY = re.compile(r"""[^A-Za-zА-Яа-яЁё0-9 .,:;!?"«»()\[\]%*+/_#№-]""")
_TURNED = re.compile("[\u202e\u2067]([^\u202c\u2069]*)")
# "В о д к а", "В.о.д.к.а": one joint after each letter.
_SPELT_OUT = re.compile(r"(?<![^\W_])[^\W\d_]([\s._*·•|~-]{1,2})[^\W\d_](?:\1[^\W\d_]){2,}(?![^\W_])")
_LETTER_APART = re.compile(r"[\s._*·•|~-][^\W\d_][\s._*·•|~-]")
# "Во.дка", "Во*дка": a sign within a word that joins no words either.
_SIGN_IN_WORD = re.compile(r"""(?<=[^\W\d_])(?:_|[^\w\s,;:/()\[\]"«»„“”+&%#№'’`°‐‑–—-]){1,2}(?=[^\W\d_])""")
_SIGN = re.compile(r"""[^\w\s,;:/()\[\]"«»„“”+&%#№'’`°‐‑–—-]|_""")
_GLUED = re.compile(r"[A-ZА-ЯЁ](?<=[a-zа-яё].)(?=[a-zа-яё])")
# A caps lock key that was left on writes so, and KOI8 that is read as cp1251.
_INVERTED = re.compile(r"(?<![^\W\d_])[а-яё][А-ЯЁ]{2,}(?![^\W\d_])")
# «В0дка», «8одка», «Pивo», «V0dka»: a digit within or before a word, or two alphabets in one.
_DISGUISED = re.compile(
    r"[^\W\d_][013468][^\W\d_]|(?<!\w)[013468][^\W\d_]{3}|[a-z][а-яё]|[а-яё][a-z]", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_]+")
_DIGITS_IN_RUSSIAN = (str.maketrans("013468", "оизчбв"), str.maketrans("013468", "оиеачв"))
_DIGITS_IN_LATIN = str.maketrans("013468", "oieabb")
# Letters that sound so, where one word has letters of both alphabets.
_SOUNDS_CYRILLIC = str.maketrans("abcdefghijklmnopqrstuvwxyz", "абкдефгхииклмнопкрстувшзуз")
# «Zlatý Bažant», «Jägermeister»: a till has the letters without their accents.
_ACCENTED = re.compile("[\u00e0-\u024f]")
_GREEK = re.compile(r"[α-ω]")
_LETTERS = re.compile(r"[^\W\d_]+")
_GREEK_LIKES = str.maketrans("αβγεζηικνορτυχω", "авуезникнортухо")
_QUOTES = frozenset('"«»„“”')
_OPENING, _CLOSING = frozenset("(["), frozenset(")]")
_MARKS = frozenset('%#&+"«»„“”()[]/,.;:*|')
_TOKEN = re.compile(
    r"""\d+(?:[.,]\d+)?                                              # a number
    |[^\W\d_]{1,3}(?:/[^\W\d_]{1,4})+(?![^\W\d_])                   # «ж/б»
    |[^\W\d_]+-к(?![^\W\d_])|[^\W\d_]{3,}-[аеоыья](?![^\W\d_])    # «к-к», «шамп-е»
    |[^\W\d_]+(?:0(?=[^\W\d_])[^\W\d_]+)*(?:-[^\W\d_]{2,}(?:0(?=[^\W\d_])[^\W\d_]+)*)*(?:0(?![\d.,]))?
    |[%\#&+"«»„“”()\[\]/,.;:*|]""",
    re.VERBOSE,
)
_CYRILLIC = re.compile(r"[а-яіїєґўқғңөұүһәҷҳ]")
_LATIN = re.compile(r"[a-z]")
_RUNS = re.compile(r"[a-z]+|[^a-z]+")
# Letters that look the same in both alphabets, typed one for the other by tired or clever hands.
_TO_CYRILLIC = str.maketrans("abcehkmoptxyiu", "авсенкмортхуии")
_TO_LATIN = str.maketrans("авсенкмортху", "abcehkmoptxy")
# «Fox & Dogs».
_AND = re.compile(r"(?<=[a-z]{2})\s?&\s?(?=[a-z]{2})")
_SINGLE_LETTERS = re.compile(r"(?<![^\W\d_])([^\W\d_])\s?&\s?([^\W\d_])(?![^\W\d_])")

_SOUNDS = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "j", "з": "z", "и": "i", "й": "i",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
    "ф": "f", "х": "h",
    "ц": "ts", "ч": "c", "ш": "s", "щ": "s", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "u", "я": "a",
    "і": "i", "ї": "i", "є": "e", "ґ": "g",
}  # fmt: skip
# In this order. "\x01" stands for the sound of "ch" until the other "c" have become "k" or "s".
_LATIN_SOUNDS = (
    ("sch", "s"), ("tch", "\x01"), ("ch", "\x01"), ("sh", "s"), ("ck", "k"), ("ph", "f"), ("th", "t"),
    ("zh", "j"), ("kh", "h"), ("oo", "u"), ("ee", "i"), ("ea", "i"), ("ou", "u"), ("qu", "kv"), ("x", "ks"),
    ("w", "v"), ("q", "k"), ("y", "i"),
)  # fmt: skip
_SOFT_C = re.compile(r"c(?=[eiy])")
# A digit counts as often as it stands: «Сарма 400» is washing powder.
_DOUBLES = re.compile(r"(\D)\1+")
_SHORTEST_KEY = 5


class Token(NamedTuple):
    """A word, a number or a mark. `aside` is within brackets, `quoted` within quotation marks.

    `text` has й as и, for the shelf often has; `shown` is what people read.
    """

    text: str
    shown: str = ""
    is_number: bool = False
    is_mark: bool = False
    aside: bool = False
    quoted: bool = False


def tokens(name: str) -> list[Token]:
    """Return a name's parts in order, letters small, ё as е, й as и."""
    text = _plain_letters(name[:MAX_LENGTH])
    if "&" in text:
        text = _AND.sub(" and ", _SINGLE_LETTERS.sub(r"\1\2", text))
    parts: list[Token] = []
    depth, in_quotes, has_pairs = 0, False, None
    for found in _TOKEN.findall(text):
        if found[0].isdecimal():
            parts.append(Token(found, found, True, False, depth > 0, in_quotes))
        elif found not in _MARKS:
            words = _spelt(found)
            if depth or in_quotes:
                words = tuple(Token(word[0], word[1], False, False, depth > 0, in_quotes) for word in words)
            parts.extend(words)
        elif found in _QUOTES:
            if has_pairs is None:
                has_pairs = _has_pairs(text)
            in_quotes = has_pairs and not in_quotes
        elif found in _OPENING:
            depth += 1
        elif found in _CLOSING:
            depth = max(0, depth - 1)
        else:
            parts.append(Token(found, found, False, True, depth > 0, in_quotes))
    return parts


def _plain_letters(name: str) -> str:
    """Return a name in small letters as people see it, without what is put between or over letters."""
    if _NOT_ORDINARY.search(name):
        return _seen_letters(name)
    return _joined(name.replace("№", "#").casefold().replace("ё", "е"))


def _seen_letters(name: str) -> str:
    text = _TURNED.sub(lambda match: match[1][::-1], name)
    if _MARK_OF_BRAND.search(text):
        text = _MARK_OF_BRAND.sub("", text)
    text = unicodedata.normalize("NFKC", text.replace("№", "#")).casefold()
    if not (text.isascii() or _is_cyrillic_text(text)):
        text = "".join(char for char in text if unicodedata.category(char) not in _UNSEEN_CATEGORIES)
        text = _ACCENTED.sub(lambda letter: unicodedata.normalize("NFD", letter[0])[0], text)
    if _HAS_UNSEEN.search(text):
        text = text.translate(_UNSEEN)
    text = _joined(text)
    if _GREEK.search(text):
        text = _LETTERS.sub(lambda match: _without_greek(match[0]), text)
    return text.replace("@", "а").replace("°", "%")


def _joined(text: str) -> str:
    """Return a text with its words that are spelt out put together."""
    return _SPELT_OUT.sub(_as_one_word, text) if _LETTER_APART.search(text) else text


def _as_one_word(spelt_out: re.Match[str]) -> str:
    """Return letters with a joint after each as a word; one letter over and over is none."""
    word = spelt_out[0].replace(spelt_out[1], "")
    return word if len(set(word)) > 2 else spelt_out[0]  # noqa: PLR2004 - «ха-ха-ха»


def _is_cyrillic_text(text: str) -> bool:
    """Return True for a text of the letters and signs of Russian tills, none of which is unseen."""
    return _NO_CYRILLIC_TEXT.search(text) is None


def _without_greek(word: str) -> str:
    """Return a word of several alphabets without Greek letters; a letter that stands alone is meant."""
    return word.translate(_GREEK_LIKES) if len(set(word) - set(_GREEK.findall(word))) else word


def other_readings(name: str) -> Iterator[str]:
    """Yield what a name may also say: without signs within words, with glued words apart, in KOI8."""
    if _SIGN.search(name) and (reading := _SIGN_IN_WORD.sub("", name)) != name:
        yield reading
    if _DISGUISED.search(name):
        for digits in _DIGITS_IN_RUSSIAN:
            for letters in (_TO_CYRILLIC, _SOUNDS_CYRILLIC):
                reading = _WORD.sub(lambda word: _undisguised(word[0], digits, letters), name)  # noqa: B023 - used at once
                if reading != name:
                    yield reading
    if name.isupper() or name[1:].islower():
        # No word has a capital behind a small letter.
        return
    if (reading := _GLUED.sub(r" \g<0>", name)) != name:
        yield reading
    if _INVERTED.search(name):
        yield from read_in_koi8(name)


def _undisguised(word: str, digits: dict[int, int], letters: dict[int, int]) -> str:
    """Return a word of letters and digits, or of two alphabets, in one alphabet; others as they are."""
    plain = word.casefold()
    if not _DISGUISED.search(plain):
        return word
    if not _CYRILLIC.search(plain):
        return plain.translate(_DIGITS_IN_LATIN)
    return plain.translate(digits).translate(letters).translate(_SOUNDS_CYRILLIC)


def _has_pairs(text: str) -> bool:
    """Return True if quotation marks come in pairs: a single one is an inch or a slip, and says nothing."""
    straight = text.count('"') + text.count("„") + text.count("“") + text.count("”")
    return straight % 2 == 0 and text.count("«") == text.count("»")


@lru_cache(maxsize=16384)
def _spelt(word: str) -> tuple[Token, ...]:
    """Return the word's parts as they are compared and as they are shown."""
    return tuple(Token(part.replace("й", "и"), part) for part in _scripts_apart(word))


def _scripts_apart(word: str) -> tuple[str, ...]:
    """Return a word of mixed alphabets in the one it was meant in, or its runs apart."""
    if not _LATIN.search(word):
        return (word,)
    if not _CYRILLIC.search(word):
        return (word,)
    cyrillic, latin = len(_CYRILLIC.findall(word)), len(_LATIN.findall(word))
    as_cyrillic, as_latin = word.translate(_TO_CYRILLIC), word.translate(_TO_LATIN)
    meant = (as_cyrillic, as_latin) if cyrillic >= latin else (as_latin, as_cyrillic)
    for candidate in meant:
        if not (_CYRILLIC.search(candidate) and _LATIN.search(candidate)):
            return (candidate,)
    return tuple(run for run in _RUNS.findall(word) if run.strip("-/0"))


def cyrillic_homoglyphs(word: str) -> str | None:
    """Return a Latin word in the Cyrillic letters that look the same, or None if a letter has none."""
    if not _LATIN.search(word):
        return None
    changed = word.translate(_TO_CYRILLIC)
    return None if _LATIN.search(changed) else changed


@lru_cache(maxsize=8192)
def sound_key(word: str) -> str:
    """Return how a brand sounds, the same for both alphabets: Winston, Vinston and Винстон are one key.

    The last vowels are left out from words that stay long enough: Адалия and Adalya, чёрное and чёрный.
    """
    if word.isdecimal():
        return word
    if _LATIN.search(word):
        text = word
        for letters, sound in _LATIN_SOUNDS:
            text = text.replace(letters, sound)
        text = _SOFT_C.sub("s", text).replace("c", "k").replace("\x01", "c")
    else:
        text = "".join(_SOUNDS.get(letter, letter) for letter in word)
    text = _DOUBLES.sub(r"\1", text.replace("-", ""))
    short = text.rstrip("aeiou")
    return short if len(short) >= _SHORTEST_KEY else text


def is_cyrillic(word: str) -> bool:
    """Return True if a word has a Cyrillic letter."""
    return bool(_CYRILLIC.search(word))


def one_letter_less(key: str) -> Iterator[str]:
    """Yield the key with each letter left out in turn, the first one kept."""
    for index in range(1, len(key)):
        yield key[:index] + key[index + 1 :]


def is_one_edit(one: str, other: str) -> bool:
    """Return True if one letter changed, added, left out or swapped with its neighbour makes them equal."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, other_rest = one[start:], other[start:]
    if len(rest) == len(other_rest):
        is_swapped = rest[:2] == other_rest[1::-1] and rest[2:] == other_rest[2:]
        return rest[1:] == other_rest[1:] or is_swapped
    longer, shorter = (rest, other_rest) if len(rest) > len(other_rest) else (other_rest, rest)
    return longer[1:] == shorter
