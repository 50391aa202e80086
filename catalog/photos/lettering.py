"""Writes lines of text on a picture of one channel; a letter of one size is rasterized once.

Our fonts are set without kerning and with whole advances, so letters side by side are the line.
"""

from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw

from catalog.photos.fonts import text_font

# A letter takes 6 KB on the average; a shop's names need a few hundred of them.
LETTERS_KEPT = 1024


@dataclass(frozen=True, slots=True)
class _Letter:
    """How much of each pixel a letter covers, and where that stands from its place on the baseline."""

    mask: Image.Image
    left: int
    top: int


def width_of(text: str, size: int, weight: int) -> float:
    """Return how wide the text stands, in pixels."""
    return sum(_advance(character, size, weight) for character in text)


def baseline_of(middle: float, size: int, weight: int) -> int:
    """Return the baseline of a line whose ascent and descent are to lie around this middle."""
    ascent, descent = text_font(size, weight).getmetrics()
    return round(middle + (ascent - descent) / 2)


def write_line(
    image: Image.Image, start: tuple[int, int], text: str, *, size: int, weight: int, shade: int
) -> None:
    """Write the text from this point on the baseline to the right."""
    across, baseline = start
    for character, place in zip(text, _places(text, size, weight), strict=True):
        letter = _letter(character, size, weight)
        if letter.mask.width and letter.mask.height:
            image.paste(shade, (across + place + letter.left, baseline + letter.top), letter.mask)


def _places(text: str, size: int, weight: int) -> list[int]:
    """Return how far from the start each character stands."""
    places, across = [], 0.0
    for character in text:
        places.append(round(across))
        across += _advance(character, size, weight)
    return places


@lru_cache(maxsize=4 * LETTERS_KEPT)
def _advance(character: str, size: int, weight: int) -> float:
    return text_font(size, weight).getlength(character)


@lru_cache(maxsize=LETTERS_KEPT)
def _letter(character: str, size: int, weight: int) -> _Letter:
    font = text_font(size, weight)
    left, top, right, bottom = (round(edge) for edge in font.getbbox(character, anchor="ls"))
    mask = Image.new("L", (right - left, bottom - top))
    if mask.width and mask.height:
        ImageDraw.Draw(mask).text((-left, -top), character, font=font, fill=255, anchor="ls")
    return _Letter(mask, left, top)
