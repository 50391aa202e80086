"""Draws with one byte a pixel: each is a shade between two colours, and gets its colour at the end.

A picture has two pairs of colours. What covers a pixel in part, such as the edge of a letter, lies between
the two shades of one pair.
"""

from dataclasses import dataclass
from functools import lru_cache

from PIL import Image

from catalog.photos.colours import Colour, mixed

# The second pair's shades follow the first one's.
LAST, START = 127, 128
PALETTES_KEPT = 128


def first(share: float) -> int:
    """Return the shade of the first pair with this share of its second colour, 0 to 1."""
    return round(LAST * share)


def second(share: float) -> int:
    """Return the shade of the second pair with this share of its second colour, 0 to 1."""
    return START + round(LAST * share)


@dataclass(frozen=True, slots=True)
class Shades:
    """The two pairs of colours of a picture."""

    first: tuple[Colour, Colour]
    second: tuple[Colour, Colour]

    def colour(self, image: Image.Image) -> Image.Image:
        """Return a picture of shades in its colours. The picture itself is used up."""
        image.putpalette(_palette(self))
        return image.convert("RGB")


@lru_cache(maxsize=PALETTES_KEPT)
def _palette(shades: Shades) -> bytes:
    pairs = (shades.first, shades.second)
    return bytes(value for pair in pairs for step in range(START) for value in mixed(*pair, step / LAST))
