"""Draws a picture for goods that have none: the name, set well, with its group's colour and an icon.

A style draws a ground that goods of one group and one kind share, and says where the text stands on it.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from PIL import Image, ImageDraw

from catalog.photos import colours
from catalog.photos.colours import Colour
from catalog.photos.fonts import BOLD, MEDIUM, drawable, icon_character, icon_font
from catalog.photos.lettering import baseline_of, width_of, write_line
from catalog.photos.pixels import WHITE, encode_drawing
from catalog.photos.shades import Shades, first, second
from catalog.photos.text_layout import LEADING, Setting, set_text, shorten
from syncing.core.categories import find_family
from syncing.core.choices import CardStyle

SIDE = 1000
MARGIN = 88
CAPTION_SIZE = 40
LARGEST, SMALLEST = 136, 36
MOST_BYTES = 45_000
DEFAULT_ICON = "shopping"
# How much lighter than its dark ground the icon in the corner is, the rule, and the caption.
FAINT, RULE, CAPTION = 0.08, 0.45, 0.92
# How much of its pale ground a caption on it has.
PALE_CAPTION = 0.15
# A ground takes 1 MB.
GROUNDS_KEPT = 48


@dataclass(frozen=True, slots=True)
class TextPlace:
    """Where a style puts the name, in pixels from the top, and the shades of name and caption."""

    top: int
    bottom: int
    caption_baseline: int
    name: int
    caption: int


@dataclass(frozen=True, slots=True)
class Style:
    """How a style draws the ground of an icon in shades, and which colours a hue's shades have."""

    draw: Callable[[ImageDraw.ImageDraw, str], TextPlace]
    shades: Callable[[int], Shades]


def placeholder(name: str, group: str, style: CardStyle = CardStyle.COLOUR) -> bytes:
    """Return a square JPEG of SIDE pixels with the name on its group's colour.

    The same input gives the same bytes, another name another picture. Where the font has no letter of the
    name and of the group, the icon stands alone.
    """
    _keep_memory()
    shades = _STYLES[style].shades(colours.hue_of(group))
    comment = hashlib.sha256(f"{name}\0{group}".encode("utf-8", "replace")).digest()[:16]
    return encode_drawing(shades.colour(_drawn(name, group, style)), most_bytes=MOST_BYTES, comment=comment)


@cache
def _keep_memory() -> None:
    """Let the C library keep the memory of one picture for the next one.

    It gives back what is free above twice the largest piece that was freed. A picture's pieces together are
    just above that, and to get them back each time takes half as long again as all the drawing.
    """
    Image.new("RGB", (2 * SIDE, SIDE))


def _drawn(name: str, group: str, style: CardStyle) -> Image.Image:
    ground, place = _ground(style, icon_of(name, group))
    image = ground.copy()
    caption = drawable(group)
    title = next(filter(_can_be_read, (drawable(name), caption)), "")
    if title != caption:
        _draw_caption(image, caption, place)
    if title:
        _draw_name(image, _set_name(title, place.bottom - place.top), place)
    return image


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
def _ground(style: CardStyle, icon: str) -> tuple[Image.Image, TextPlace]:
    image = Image.new("L", (SIDE, SIDE))
    place = _STYLES[style].draw(ImageDraw.Draw(image), icon_character(icon))
    return image, place


def _draw_colour(draw: ImageDraw.ImageDraw, icon: str) -> TextPlace:
    """White text on the dark colour; the icon is large and faint in the corner."""
    draw.rectangle((0, 0, SIDE, SIDE), fill=second(0))
    draw.text((SIDE - 20, SIDE + 30), icon, font=icon_font(640), fill=second(FAINT), anchor="rb")
    draw.rectangle((MARGIN, 148, MARGIN + 96, 158), fill=second(RULE))
    return TextPlace(190, 900, 112, second(1), second(CAPTION))


def _draw_light(draw: ImageDraw.ImageDraw, icon: str) -> TextPlace:
    """Dark text on a pale ground, under a coloured disc with the icon."""
    draw.ellipse((MARGIN, 80, MARGIN + 240, 320), fill=second(0))
    draw.text((MARGIN + 120, 200), icon, font=icon_font(150), fill=second(1), anchor="mm")
    return TextPlace(440, 920, 400, first(1), first(1 - PALE_CAPTION))


def _draw_label(draw: ImageDraw.ImageDraw, icon: str) -> TextPlace:
    """The icon alone on a pale ground; the text in white on a band of the dark colour, as on a shelf."""
    draw.text((SIDE // 2, 215), icon, font=icon_font(340), fill=first(1), anchor="mm")
    draw.rectangle((0, 430, SIDE, SIDE), fill=second(0))
    return TextPlace(530, 950, 500, second(1), second(CAPTION))


def _shades_on_pale(text: Callable[[int], Colour]) -> Callable[[int], Shades]:
    """Return the shades from a pale ground to this colour, and from the dark colour to white."""
    return lambda hue: Shades((colours.pale(hue), text(hue)), (colours.dark(hue), WHITE))


_STYLES: dict[CardStyle, Style] = {
    CardStyle.COLOUR: Style(_draw_colour, _shades_on_pale(colours.dark)),
    CardStyle.LIGHT: Style(_draw_light, _shades_on_pale(colours.ink)),
    CardStyle.LABEL: Style(_draw_label, _shades_on_pale(colours.dark)),
}


def _set_name(name: str, height: int) -> Setting:
    # The same pieces are measured again at each size that is tried.
    known: dict[str, float] = {}

    def measure(text: str) -> float:
        if (width := known.get(text)) is None:
            width = known[text] = width_of(text, 100, BOLD) / 100
        return width

    return set_text(name, measure, width=SIDE - 2 * MARGIN, height=height, largest=LARGEST, smallest=SMALLEST)


def _draw_caption(image: Image.Image, group: str, place: TextPlace) -> None:
    line = shorten(group, lambda text: width_of(text, CAPTION_SIZE, MEDIUM), SIDE - 2 * MARGIN)
    start = (MARGIN, place.caption_baseline)
    write_line(image, start, line, size=CAPTION_SIZE, weight=MEDIUM, shade=place.caption)


def _draw_name(image: Image.Image, setting: Setting, place: TextPlace) -> None:
    size = setting.size
    for number, line in enumerate(setting.lines):
        middle = place.top + LEADING * size * (number + 0.5)
        start = (MARGIN, baseline_of(middle, size, BOLD))
        write_line(image, start, line, size=size, weight=BOLD, shade=place.name)
