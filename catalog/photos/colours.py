"""Colours of drawn pictures: one hue per group, equally dark or light whatever the hue is."""

import hashlib
import math
from functools import lru_cache

Colour = tuple[int, int, int]

# Hues of the Oklch circle, in degrees. Olive and mustard are left out: dark, they look dirty.
HUES = (*range(130, 420, 12), 432)
DARK, DARK_CHROMA = 0.46, 0.115
PALE, PALE_CHROMA = 0.955, 0.022
INK, INK_CHROMA = 0.33, 0.075
# Where sRGB's curve leaves its straight foot.
GAMMA_FOOT = 0.0031308


def hue_of(group: str) -> int:
    """Return the hue of a group, in degrees; case and spaces do not matter."""
    text = " ".join(group.lower().split())
    digest = hashlib.sha256(text.encode("utf-8", "replace")).digest()
    hue: int = HUES[digest[0] % len(HUES)]
    return hue


def dark(hue: int) -> Colour:
    """Return the ground for white text."""
    return _oklch(DARK, DARK_CHROMA, hue)


def pale(hue: int) -> Colour:
    """Return the ground for text in `ink`."""
    return _oklch(PALE, PALE_CHROMA, hue)


def ink(hue: int) -> Colour:
    """Return the colour of text on a pale ground."""
    return _oklch(INK, INK_CHROMA, hue)


def mixed(colour: Colour, other: Colour, share: float) -> Colour:
    """Return the colour with a share of the other one, 0 to 1."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


@lru_cache(maxsize=3 * len(HUES))
def _oklch(lightness: float, chroma: float, hue: float) -> Colour:
    """Return the sRGB colour. Equal lightness here looks equally dark, so text reads on every hue.

    Constants from Björn Ottosson's "A perceptual color space for image processing" (2020).
    """
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _gamma(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _gamma(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _gamma(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )


def _gamma(linear: float) -> int:
    value = min(max(linear, 0.0), 1.0)
    encoded = 12.92 * value if value <= GAMMA_FOOT else 1.055 * value ** (1 / 2.4) - 0.055
    return round(255 * encoded)
