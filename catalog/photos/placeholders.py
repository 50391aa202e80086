"""Draws a picture for goods that have none: the name, set well, on its group's colour."""

import hashlib
import math
from functools import lru_cache

from django.conf import settings
from PIL import Image, ImageChops, ImageDraw, ImageFont

from catalog.photos.pixels import WHITE, encode_jpeg
from catalog.photos.text_layout import LEADING, Setting, set_text, shorten

SIDE = 1000
MARGIN = 88
CAPTION_SIZE = 38
RULE_HEIGHT = 10
LARGEST, SMALLEST = 136, 36
NAME_BOX = (SIDE - 2 * MARGIN, 640)
BOLD, MEDIUM = 700, 500
# Where sRGB's curve leaves its straight foot.
GAMMA_FOOT = 0.0031308
# Hues of the Oklch circle, in degrees. Olive and mustard are left out: dark, they look dirty.
HUES = (*range(130, 420, 12), 432)
LIGHTNESS, CHROMA = 0.46, 0.115
# How much lighter than the ground the ornament, the rule and the caption are.
ORNAMENT, RULE, CAPTION = 0.07, 0.45, 0.92
QUALITY = 88


def placeholder(name: str, group: str) -> bytes:
    """Return a square JPEG of SIDE pixels with the name on its group's colour.

    The same input gives the same bytes, another name another picture.
    """
    ground = _colour(group)
    image = Image.new("RGB", (SIDE, SIDE), ground)
    image.paste(_tint(ground, ORNAMENT), mask=_ornament(_digest(name)[0] % len(_RINGS)))
    draw = ImageDraw.Draw(image)
    caption = _drawable(group)
    title = _drawable(name) or caption or "…"
    if title != caption:
        _draw_caption(draw, caption, _tint(ground, CAPTION))
    _draw_name(draw, _set_name(title), _tint(ground, RULE))
    return encode_jpeg(image, QUALITY, comment=_digest(f"{name}\0{group}")[:16])


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def _colour(group: str) -> tuple[int, int, int]:
    digest = _digest(" ".join(group.lower().split()))
    return _oklch(LIGHTNESS, CHROMA, HUES[digest[0] % len(HUES)])


@lru_cache(maxsize=len(HUES))
def _oklch(lightness: float, chroma: float, hue: float) -> tuple[int, int, int]:
    """Return the sRGB colour. Equal lightness here looks equally dark, so white reads on every hue.

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


def _tint(colour: tuple[int, int, int], share: float) -> tuple[int, int, int]:
    red, green, blue = (round(value + (255 - value) * share) for value in colour)
    return red, green, blue


@lru_cache(maxsize=128)
def _font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    path = settings.PLACEHOLDER_FONT_DIR / "Roboto[wdth,wght].ttf"
    font = ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)
    font.set_variation_by_axes([weight, 100])
    return font


@lru_cache(maxsize=4096)
def _has_glyph(character: str) -> bool:
    """Return True if the font has a glyph for it; for an unknown character it draws the same box."""
    font = _font(40, MEDIUM)
    mask, missing = font.getmask(character), font.getmask("\ue000")
    return mask.size != missing.size or bytes(mask) != bytes(missing)


def _drawable(text: str) -> str:
    """Return the text without what the font lacks: emoji, control characters."""
    kept = (mark if mark.isspace() or (mark.isprintable() and _has_glyph(mark)) else " " for mark in text)
    return " ".join("".join(kept).split())


def _set_name(name: str) -> Setting:
    reference = _font(100, BOLD)
    width, height = NAME_BOX
    return set_text(
        name,
        lambda text: reference.getlength(text) / 100,
        width=width,
        height=height,
        largest=LARGEST,
        smallest=SMALLEST,
    )


def _draw_caption(draw: ImageDraw.ImageDraw, group: str, colour: tuple[int, int, int]) -> None:
    font = _font(CAPTION_SIZE, MEDIUM)
    line = shorten(group, font.getlength, NAME_BOX[0])
    draw.text((MARGIN, MARGIN), line, font=font, fill=colour, anchor="ls")


def _draw_name(draw: ImageDraw.ImageDraw, setting: Setting, rule: tuple[int, int, int]) -> None:
    """Centre the lines in the height, with a short rule above them."""
    font = _font(setting.size, BOLD)
    step = LEADING * setting.size
    top = (SIDE - step * len(setting.lines)) / 2 + MARGIN / 4
    draw.rectangle((MARGIN, top - 46, MARGIN + 96, top - 46 + RULE_HEIGHT), fill=rule)
    for number, line in enumerate(setting.lines):
        draw.text((MARGIN, top + step * (number + 0.5)), line, font=font, fill=WHITE, anchor="lm")


# Where the ornament's circles stand, as (x, y, radius) in thousandths of the side.
_RINGS = (
    ((980, 960, 420), (700, 1120, 260)),
    ((1010, 120, 380), (780, -60, 240)),
    ((60, 1020, 360), (420, 1130, 280)),
    ((1000, 560, 330), (1090, 900, 300)),
)


@lru_cache(maxsize=len(_RINGS))
def _ornament(variant: int) -> Image.Image:
    """Two overlapping discs, drawn double and reduced so that their edges are smooth."""
    mask = Image.new("L", (2 * SIDE, 2 * SIDE), 0)
    for x, y, radius in _RINGS[variant]:
        layer = Image.new("L", mask.size, 0)
        box = tuple(2 * SIDE * value / 1000 for value in (x - radius, y - radius, x + radius, y + radius))
        ImageDraw.Draw(layer).ellipse(box, fill=150)
        mask = ImageChops.add(mask, layer)
    return mask.reduce(2)
