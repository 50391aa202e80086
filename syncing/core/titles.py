"""Makes a till's name fit for VK: tidy, 4 to 100 characters by VK's own count, meaning kept.

VK counts a name after escaping HTML and in cp1251 (reference: VK, text rules): a straight quote costs
five, what cp1251 lacks costs as much as its entity. So quotes become «», and the lacking is replaced.
"""

import html
import re
import unicodedata
from functools import lru_cache

from syncing.core.sentence_case import to_sentence_case
from syncing.core.truncation import cut

SHORTEST = 4
_WEIGHTS = {'"': 5, "&": 5, "'": 5, "\\": 6, ">": 4, "<": 4, "!": 5, "$": 6}
_COSTLY = re.compile("[" + re.escape("".join(_WEIGHTS)) + "]")
_PAD = " (товар)"
# Legible stand-ins for what cp1251 lacks.
_STAND_INS = str.maketrans(
    {
        "₽": " руб.",
        "\xad": None,
        "′": "’",
        "ʼ": "’",
        "″": '"',
        "×": "x",
        "✕": "x",
        "−": "-",
        "‐": "-",
        "‑": "-",
        "‒": "-",
        "―": "—",
        "½": "1/2",
        "¼": "1/4",
        "¾": "3/4",
        "⁄": "/",
        "≈": "~",
        "ß": "ss",
        "≥": "от ",
        "≤": "до ",
    }
)
# In a name also what costs more than its like, what means nothing, and quotes of every kind as one.
_CHEAPER = str.maketrans(
    {
        "¶": " ",
        "¤": " ",
        "`": "’",
        "´": "’",
        "‘": "’",
        "“": '"',
        "”": '"',
        "„": '"',
        "<": "‹",
        ">": "›",
        "\\": "/",
    }
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_TO_CHANGE = re.compile(rf"[{re.escape(''.join(map(chr, _CHEAPER)))}\x00-\x1f\x7f-\x9f]")
_SPACES = re.compile(r"\s+")
_QUOTE = re.compile(r'["«»]+')
_REPEATED = re.compile(r"([,;:])(?:\s*[,;:])+")
_BEFORE_STOP = re.compile(r"\s+([,;:)\]])|\s+(\.)(?=\s|$)")
_AFTER_OPENING = re.compile(r"([(\[])\s+")
_EMPTY = re.compile(r"\(\s*\)|\[\s*\]|«\s*»")
_EDGES = " \t,;:-–—/_|=*~"


def vk_length(text: str) -> int:
    """Return the length as VK counts it for the limits of a name."""
    if not _COSTLY.search(text) and _all_in_cp1251(text):
        return len(text)
    return sum(map(_weight, text))


# A product's name is asked for more than once while it is planned, seldom later.
@lru_cache(maxsize=256)
def tidy_title(raw: str, *, sentence_case: bool, longest: int) -> str | None:
    """Return a name that VK takes, or None if no letter or digit is left.

    `longest` is by VK's count. `sentence_case` turns a name typed in capitals to ordinary case; Latin
    words, abbreviations and numbers stay. A tidy name comes back as it is.
    """
    return _fit(clean_line(raw, sentence_case=sentence_case), longest, sentence_case=sentence_case)


@lru_cache(maxsize=1024)
def tidy_name(raw: str, *, sentence_case: bool, longest: int) -> str:
    """Return a tidy name for other uses, "" if nothing is left; `longest` is by VK's count."""
    line = clean_line(raw, sentence_case=sentence_case)
    return _shorten(line, longest, sentence_case=sentence_case) if _says_something(line) else ""


def to_cp1251(text: str) -> str:
    """Return the text with what cp1251 lacks replaced by its like or dropped; line ends stay."""
    if _all_in_cp1251(text):
        return text.replace("\xad", "")
    replaced = unicodedata.normalize("NFC", text).translate(_STAND_INS)
    if _all_in_cp1251(replaced):
        return replaced
    return "".join(map(_nearest, replaced))


def clean_line(raw: str, *, sentence_case: bool) -> str:
    """Return one tidy line of any length."""
    # Each step may lay bare work for another ("«,»", "&g\x07t;"); none adds what another takes away.
    text = raw
    while (tidied := _punctuate(_legible(text))) != text:
        text = tidied
    return to_sentence_case(text) if sentence_case else text


def _fit(line: str, longest: int, *, sentence_case: bool) -> str | None:
    if not _says_something(line):
        return None
    title = _shorten(line, longest, sentence_case=sentence_case)
    return title + _PAD if len(title) < SHORTEST else title


def _shorten(line: str, longest: int, *, sentence_case: bool) -> str:
    """Cut by VK's count, and again where what is left of a pair of quotes has to go."""
    allowed = longest
    while vk_length(line) > longest:
        line = clean_line(cut(line, allowed, _weight), sentence_case=sentence_case)
        allowed -= 1
    return line


def _legible(text: str) -> str:
    plain = to_cp1251(unescape(text))
    return _CONTROL.sub(" ", plain.translate(_CHEAPER)) if _TO_CHANGE.search(plain) else plain


def _punctuate(text: str) -> str:
    text = _SPACES.sub(" ", text).rstrip(_EDGES + "([").lstrip(_EDGES + ")]")
    text = _guillemets(_apostrophes(text))
    text = _BEFORE_STOP.sub(r"\1\2", _EMPTY.sub(" ", text))
    return _REPEATED.sub(r"\1", _AFTER_OPENING.sub(r"\1", text))


def _apostrophes(text: str) -> str:
    """Keep an apostrophe between letters or after a digit, as the cheap one; elsewhere it is a quote."""
    if "'" not in text:
        return text
    text = re.sub(r"(?<=\w)'(?=\w)", "’", text)
    return re.sub(r"'+", '"', text)


def _guillemets(text: str) -> str:
    """Return the text with its quotes as pairs of «», none nested, none alone."""
    if not _QUOTE.search(text):
        return text
    pieces: list[str] = []
    opened: int | None = None
    end = 0
    for quote in _QUOTE.finditer(text):
        pieces.append(text[end : quote.start()])
        if _opens(quote, is_open=opened is not None):
            if opened is not None:
                pieces[opened] = " "
            opened = len(pieces)
            pieces.append("«")
        elif opened is not None:
            opened = None
            pieces.append("»")
        else:
            pieces.append(" ")
        end = quote.end()
    if opened is not None:
        pieces[opened] = " "
    return _space_quotes("".join(pieces) + text[end:])


def _opens(quote: re.Match[str], *, is_open: bool) -> bool:
    """Return True if a quote opens: by its form, else by the spaces around it, else by turns."""
    if quote[0] in ("«", "»"):
        return quote[0] == "«"
    before = quote.string[: quote.start()][-1:]
    after = quote.string[quote.end() :][:1]
    free_before, free_after = not before or before in " (", not after or after in " ).,;:"
    if free_before != free_after:
        return free_before
    return not is_open


def _space_quotes(text: str) -> str:
    text = re.sub(r"«\s+", "«", re.sub(r"\s+»", "»", text))
    return re.sub(r"»(?=[\w«№])", "» ", re.sub(r"(?<=[\w.,;:)])«", " «", text))


def unescape(text: str) -> str:
    """Return the text with HTML entities read, also those that were escaped twice."""
    while "&" in text and (plain := html.unescape(text)) != text:
        text = plain
    return text


def _says_something(text: str) -> bool:
    return any(char.isalnum() for char in text)


def _nearest(char: str) -> str:
    """Return the character if cp1251 has it, else the letters that it is made of, else nothing."""
    if _all_in_cp1251(char):
        return char
    if char.isspace():
        return " "
    parts = unicodedata.normalize("NFKD", char).translate(_STAND_INS)
    return "".join(part for part in parts if _all_in_cp1251(part))


@lru_cache(maxsize=4096)
def _weight(char: str) -> int:
    if weight := _WEIGHTS.get(char):
        return weight
    return 1 if _all_in_cp1251(char) else len(f"&#{ord(char)};")


def _all_in_cp1251(text: str) -> bool:
    try:
        text.encode("cp1251")
    except UnicodeEncodeError:
        return False
    return True
