"""The two fonts of drawn pictures: Roboto for text, Material Design Icons for what the goods are."""

from functools import lru_cache
from pathlib import Path

import fontpkg_roboto
from fonticon_mdi7 import MDI7
from PIL import ImageFont

BOLD, MEDIUM = 700, 500
TEXT_FILE = Path(fontpkg_roboto.__file__).parent / "files" / "Roboto[wdth,wght].ttf"
# A private-use character that no text font has.
UNKNOWN = "\ue000"


@lru_cache(maxsize=128)
def text_font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    """Return Roboto at this size in pixels."""
    font = ImageFont.truetype(str(TEXT_FILE), size, layout_engine=ImageFont.Layout.BASIC)
    font.set_variation_by_axes([weight, 100])
    return font


@lru_cache(maxsize=8)
def icon_font(size: int) -> ImageFont.FreeTypeFont:
    """Return the icons' font at this size in pixels."""
    return ImageFont.truetype(str(MDI7.__font_file__), size, layout_engine=ImageFont.Layout.BASIC)


def icon_character(icon: str) -> str:
    """Return the character of a named Material Design icon."""
    return str(getattr(MDI7, icon)).rpartition(".")[2]


def drawable(text: str) -> str:
    """Return the text without what Roboto lacks: emoji, control characters."""
    kept = (mark if mark.isspace() or (mark.isprintable() and _has_glyph(mark)) else " " for mark in text)
    return " ".join("".join(kept).split())


@lru_cache(maxsize=4096)
def _has_glyph(character: str) -> bool:
    """Return True if the font has a glyph for it; for an unknown character it draws the same box."""
    font = text_font(40, MEDIUM)
    mask, missing = font.getmask(character), font.getmask(UNKNOWN)
    return mask.size != missing.size or bytes(mask) != bytes(missing)
