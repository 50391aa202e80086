"""Sets a product's name in a box: as large as it fits, in lines of like length, units kept with numbers.

Pure functions over a `Measure`, which gives a text's width in ems, so nothing here needs a font.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Measure = Callable[[str], float]

NBSP = "\N{NO-BREAK SPACE}"
ELLIPSIS = "…"
LEADING = 1.14
# Below this share of the largest size a word is rather broken than set smaller.
WHOLE_WORDS_DOWN_TO = 0.42
SIZE_STEP = 4

_UNITS = (
    r"(?:г|гр|кг|мг|мл|л|см|мм|м|мкм|шт|пак|пач|уп|упак|таб|капс|руб|рул|лист|вт|квт|гб|тб"
    r"|gb|tb|ml|kg|g|l|cm|mm|%)"
)
_NUMBER_AND_UNIT = re.compile(rf"(\d[\d.,хx×*/]*) (?={_UNITS}(?![^\W\d_]))", re.IGNORECASE)
_NUMBER_SIGN = re.compile(r"№ (?=\d)")
# A short preposition or conjunction does not hang at the end of a line.
_PREPOSITION = re.compile(
    r"(?<![^\s(«\"])(в|во|и|к|ко|с|со|на|о|об|от|из|до|по|за|без|для|не|а|у|&|a|of|the|and) (?=\S)",
    re.IGNORECASE,
)
# Cashiers forget the space after a sign: a line may end there if a letter stood before it.
_BREAK_AFTER = re.compile(r"(?<=[^\W\d_][-,.)\"»])(?=[\w(«№])")
_BREAK_AFTER_SIGN = re.compile(r"(?<=[/(),.;:+*_\-])(?=\w)")


@dataclass(frozen=True, slots=True)
class Setting:
    """Lines of text and the size, in pixels, at which they fill their box."""

    lines: tuple[str, ...]
    size: int


def glue(text: str) -> str:
    """Return the text with single spaces, and no-break ones where a line must not end."""
    text = " ".join(text.split())
    text = _NUMBER_AND_UNIT.sub(rf"\1{NBSP}", text)
    text = _NUMBER_SIGN.sub(f"№{NBSP}", text)
    return _PREPOSITION.sub(rf"\1{NBSP}", text)


def set_text(text: str, measure: Measure, *, width: int, height: int, largest: int, smallest: int) -> Setting:
    """Return the text set as large as a box of `width` × `height` pixels allows.

    Text that does not fit at the smallest size ends in an ellipsis. Empty text has no lines.
    """
    words = glue(text).split(" ") if text.strip() else []
    if not words:
        return Setting((), largest)
    for size, breaking in _attempts(largest, smallest):
        lines = _wrap(words, measure, width / size, breaking=breaking)
        if lines is not None and len(lines) * LEADING * size <= height:
            return Setting(_balance(words, measure, width / size, lines, breaking=breaking), size)
    return _cut(words, measure, width, height, smallest)


def shorten(text: str, measure: Measure, ems: float) -> str:
    """Return one line no wider than `ems`, cut with an ellipsis where it must be."""
    text = " ".join(text.split())
    if measure(text) <= ems:
        return text
    while text and measure(text + ELLIPSIS) > ems:
        text = text[:-1]
    return text.rstrip(' ,.;:-("«/') + ELLIPSIS


def _attempts(largest: int, smallest: int) -> list[tuple[int, bool]]:
    """Sizes to try: whole words while they stay readable, then broken ones."""
    sizes = range(largest, smallest - 1, -SIZE_STEP)
    whole = max(smallest, int(largest * WHOLE_WORDS_DOWN_TO))
    return [(size, False) for size in sizes if size >= whole] + [
        (size, True) for size in sizes if size <= whole
    ]


def _wrap(words: Sequence[str], measure: Measure, ems: float, *, breaking: bool) -> list[str] | None:
    """Fill lines greedily; None where a word is too wide and must not be broken."""
    lines: list[str] = []
    line = ""
    for word in words:
        for piece, glued in _pieces(word, measure, ems, breaking=breaking):
            longer = line + piece if glued or not line else f"{line} {piece}"
            if measure(longer) <= ems:
                line = longer
                continue
            if measure(piece) > ems:
                return None
            if line:
                lines.append(line)
            line = piece
    return [*lines, line]


def _pieces(word: str, measure: Measure, ems: float, *, breaking: bool) -> list[tuple[str, bool]]:
    """Split a word where a line may end; each piece says whether it follows without a space."""
    pieces: list[str] = []
    for part in _BREAK_AFTER.split(word):
        if not breaking or measure(part) <= ems:
            pieces.append(part)
            continue
        for bit in _BREAK_AFTER_SIGN.split(part.replace(NBSP, " ")):
            pieces.extend(_break_anywhere(bit, measure, ems))
    return [(piece, index > 0) for index, piece in enumerate(pieces)]


def _break_anywhere(word: str, measure: Measure, ems: float) -> list[str]:
    """Cut a word into pieces that fit, with a hyphen between two letters."""
    pieces: list[str] = []
    while measure(word) > ems and len(word) > 1:
        length = len(word) - 1
        while length > 1 and measure(word[:length] + "-") > ems:
            length -= 1
        # Not a single letter on the next line.
        if len(word) - length == 1:
            length = max(1, length - 1)
        head, word = word[:length], word[length:]
        pieces.append(f"{head}-" if head[-1].isalpha() and word[0].isalpha() else head)
    return [*pieces, word]


def _balance(
    words: Sequence[str], measure: Measure, ems: float, lines: list[str], *, breaking: bool
) -> tuple[str, ...]:
    """Return as many lines of the least width, so that the last one is not a lone word."""
    best, low, high = lines, ems / 3, ems
    if any(line.endswith("-") for line in lines) or len(lines) == 1:
        return tuple(lines)
    for _ in range(10):
        middle = (low + high) / 2
        tried = _wrap(words, measure, middle, breaking=breaking)
        if tried is not None and len(tried) <= len(lines):
            best, high = tried, middle
        else:
            low = middle
    return tuple(best)


def _cut(words: Sequence[str], measure: Measure, width: int, height: int, size: int) -> Setting:
    room = max(1, int(height / (LEADING * size)))
    lines = _wrap(words, measure, width / size, breaking=True) or [" ".join(words)]
    last = shorten(lines[room - 1] + ELLIPSIS, measure, width / size) if len(lines) > room else lines[-1]
    return Setting((*lines[: room - 1], last), size)
