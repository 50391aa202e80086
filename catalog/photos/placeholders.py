"""Draws a picture for goods that have none: the name, set well, with its group's colour and an icon.

A style draws a ground that goods of one group and one kind share, and says where the text stands on it.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw

from catalog.photos import colours
from catalog.photos.colours import Colour, mixed
from catalog.photos.fonts import BOLD, MEDIUM, drawable, icon_character, icon_font, text_font
from catalog.photos.pixels import WHITE, encode_jpeg
from catalog.photos.text_layout import LEADING, Setting, set_text, shorten
from syncing.core.categories import find_family
from syncing.core.choices import CardStyle

SIDE = 1000
MARGIN = 88
CAPTION_SIZE = 40
LARGEST, SMALLEST = 136, 36
# Chosen by looking at full size and at 200 pixels: flat colours and large letters show no loss.
QUALITY = 63
DEFAULT_ICON = "shopping"
# How much lighter than its dark ground the icon in the corner is, the rule, and the caption.
FAINT, RULE, CAPTION = 0.08, 0.45, 0.92
# A ground takes 4 MB.
GROUNDS_KEPT = 12


@dataclass(frozen=True, slots=True)
class TextPlace:
    """Where a style puts the name, in pixels from the top, and the colours of name and caption."""

    top: int
    bottom: int
    caption_baseline: int
    name: Colour
    caption: Colour


Style = Callable[[ImageDraw.ImageDraw, int, str], TextPlace]


def placeholder(name: str, group: str, style: CardStyle = CardStyle.COLOUR) -> bytes:
    """Return a square JPEG of SIDE pixels with the name on its group's colour.

    The same input gives the same bytes, another name another picture. Where the font has no letter of the
    name and of the group, the icon stands alone.
    """
    ground, place = _ground(style, colours.hue_of(group), icon_of(name, group))
    image = ground.copy()
    draw = ImageDraw.Draw(image)
    caption = drawable(group)
    title = next(filter(_can_be_read, (drawable(name), caption)), "")
    if title != caption:
        _draw_caption(draw, caption, place)
    if title:
        _draw_name(draw, _set_name(title, place.bottom - place.top), place)
    comment = hashlib.sha256(f"{name}\0{group}".encode("utf-8", "replace")).digest()[:16]
    return encode_jpeg(image, QUALITY, comment=comment, is_optimized=True)


def _can_be_read(text: str) -> bool:
    """Return True if more than signs has stayed of it."""
    return any(character.isalnum() for character in text)


def icon_of(name: str, group: str) -> str:
    """Return the icon of what the name says it is, else of what the group's name says."""
    family = find_family(name)
    if family is None or family.is_broad:
        family = find_family(group) or family
    return family.icon if family else DEFAULT_ICON


@lru_cache(maxsize=GROUNDS_KEPT)
def _ground(style: CardStyle, hue: int, icon: str) -> tuple[Image.Image, TextPlace]:
    image = Image.new("RGB", (SIDE, SIDE))
    place = _STYLES[style](ImageDraw.Draw(image), hue, icon_character(icon))
    return image, place


def _colour_style(draw: ImageDraw.ImageDraw, hue: int, icon: str) -> TextPlace:
    """White text on the dark colour; the icon is large and faint in the corner."""
    ground = colours.dark(hue)
    draw.rectangle((0, 0, SIDE, SIDE), fill=ground)
    draw.text(
        (SIDE - 20, SIDE + 30), icon, font=icon_font(640), fill=mixed(ground, WHITE, FAINT), anchor="rb"
    )
    draw.rectangle((MARGIN, 148, MARGIN + 96, 158), fill=mixed(ground, WHITE, RULE))
    return TextPlace(190, 900, 112, WHITE, mixed(ground, WHITE, CAPTION))


def _light_style(draw: ImageDraw.ImageDraw, hue: int, icon: str) -> TextPlace:
    """Dark text on a pale ground, under a coloured disc with the icon."""
    ground, disc = colours.pale(hue), colours.dark(hue)
    draw.rectangle((0, 0, SIDE, SIDE), fill=ground)
    draw.ellipse((MARGIN, 80, MARGIN + 240, 320), fill=disc)
    draw.text((MARGIN + 120, 200), icon, font=icon_font(150), fill=WHITE, anchor="mm")
    return TextPlace(440, 920, 400, colours.ink(hue), mixed(colours.ink(hue), ground, 0.15))


def _label_style(draw: ImageDraw.ImageDraw, hue: int, icon: str) -> TextPlace:
    """The icon alone on a pale ground; the text in white on a band of the dark colour, as on a shelf."""
    band = colours.dark(hue)
    draw.rectangle((0, 0, SIDE, SIDE), fill=colours.pale(hue))
    draw.text((SIDE // 2, 215), icon, font=icon_font(340), fill=band, anchor="mm")
    draw.rectangle((0, 430, SIDE, SIDE), fill=band)
    return TextPlace(530, 950, 500, WHITE, mixed(band, WHITE, CAPTION))


_STYLES: dict[CardStyle, Style] = {
    CardStyle.COLOUR: _colour_style,
    CardStyle.LIGHT: _light_style,
    CardStyle.LABEL: _label_style,
}


def _set_name(name: str, height: int) -> Setting:
    reference = text_font(100, BOLD)
    # The same pieces are measured again at each size that is tried.
    known: dict[str, float] = {}

    def measure(text: str) -> float:
        if (width := known.get(text)) is None:
            width = known[text] = reference.getlength(text) / 100
        return width

    return set_text(name, measure, width=SIDE - 2 * MARGIN, height=height, largest=LARGEST, smallest=SMALLEST)


def _draw_caption(draw: ImageDraw.ImageDraw, group: str, place: TextPlace) -> None:
    font = text_font(CAPTION_SIZE, MEDIUM)
    line = shorten(group, font.getlength, SIDE - 2 * MARGIN)
    draw.text((MARGIN, place.caption_baseline), line, font=font, fill=place.caption, anchor="ls")


def _draw_name(draw: ImageDraw.ImageDraw, setting: Setting, place: TextPlace) -> None:
    font = text_font(setting.size, BOLD)
    step = LEADING * setting.size
    for number, line in enumerate(setting.lines):
        draw.text((MARGIN, place.top + step * (number + 0.5)), line, font=font, fill=place.name, anchor="lm")
