"""Pictures as VK takes them: placeholders that we draw, and the merchant's own, made fit.

Pure of rows: bytes in, bytes out. VK's rules: 400 × 400 pixels or more, width and height together
14,000 at most, JPEG; a ratio of 1:20 is allowed but shows as a sliver, so 1:3 is our limit.
"""

import hashlib
import struct
from functools import lru_cache
from io import BytesIO

from django.conf import settings
from django.utils.translation import gettext
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageOps, UnidentifiedImageError

from catalog.typesetting import LEADING, Setting, set_text, shorten

SIDE = 1000
MARGIN = 88
CAPTION_SIZE = 38
RULE_HEIGHT = 10
LARGEST, SMALLEST = 136, 36
NAME_BOX = (SIDE - 2 * MARGIN, 640)
BOLD, MEDIUM = 700, 500
WHITE = (255, 255, 255)
# Deep, quiet colours on which white text has a contrast of at least 5:1.
PALETTE = (
    (0x1D, 0x5C, 0x8A),
    (0x1F, 0x6B, 0x66),
    (0x3B, 0x68, 0x35),
    (0x6E, 0x5A, 0x12),
    (0x94, 0x4A, 0x1C),
    (0xA3, 0x34, 0x43),
    (0x86, 0x39, 0x75),
    (0x5C, 0x4A, 0x9C),
    (0x3C, 0x50, 0xA3),
    (0x47, 0x59, 0x6B),
    (0x6C, 0x4E, 0x3B),
    (0x10, 0x69, 0x80),
    (0x7A, 0x40, 0x57),
    (0x4F, 0x62, 0x2C),
)
# How much lighter than the ground the ornament, the rule and the caption are.
ORNAMENT, RULE, CAPTION = 0.07, 0.45, 0.86
PLACEHOLDER_QUALITY, PHOTO_QUALITY = 88, 90

LEAST_SIDE, GOOD_SIDE, MOST_SIDES = 400, 1000, 14_000
MOST_RATIO = 3
MOST_BYTES = 8 * 1024 * 1024
# An upload beyond these limits is refused before it is unpacked: it would fill the memory.
MOST_UPLOAD_BYTES = 30 * 1024 * 1024
MOST_PIXELS = 80_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")


class BadPicture(Exception):
    """A file that cannot become a product's picture; the merchant must choose another.

    `code` is one of empty, unsupported, broken, too_big; the text says it in the merchant's words.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


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
    return _jpeg(image, PLACEHOLDER_QUALITY, comment=_digest(f"{name}\0{group}")[:16])


def normalise_photo(data: bytes) -> bytes:
    """Return the picture as a JPEG that VK takes: upright, without EXIF, on white.

    Small ones are enlarged, slivers padded, huge ones shrunk. Raises BadPicture.
    """
    image = _opened(data)
    image = _fitted(_on_white(image))
    for quality in (PHOTO_QUALITY, 80, 65):
        done = _jpeg(image, quality)
        if len(done) <= MOST_BYTES:
            return done
    image.thumbnail((4000, 4000))
    return _jpeg(image, PHOTO_QUALITY)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def _colour(group: str) -> tuple[int, int, int]:
    return PALETTE[_digest(" ".join(group.lower().split()))[0] % len(PALETTE)]


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
    """Say whether the font draws it; an unknown one comes out as the same box as any other."""
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


def _jpeg(image: Image.Image, quality: int, comment: bytes = b"") -> bytes:
    stream = BytesIO()
    image.save(stream, "JPEG", quality=quality, comment=comment)
    return stream.getvalue()


def _opened(data: bytes) -> Image.Image:
    """Unpack an upload, after looking at its size and format."""
    if not data:
        raise BadPicture("empty", gettext("The file is empty. Choose another picture."))
    if len(data) > MOST_UPLOAD_BYTES:
        raise _too_big()
    try:
        image = Image.open(BytesIO(data), formats=FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise _too_big()
        # A JPEG of a huge photo is unpacked at a fraction of its size, which is quicker.
        image.draft("RGB", (4000, 4000))
        image.load()
    except UnidentifiedImageError:
        text = gettext("The file is not a picture that we can read. Save it as JPEG, PNG or WebP.")
        raise BadPicture("unsupported", text) from None
    except Image.DecompressionBombError:
        raise _too_big() from None
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error):
        text = gettext("The picture is damaged or was not uploaded completely. Upload it again.")
        raise BadPicture("broken", text) from None
    return image


def _too_big() -> BadPicture:
    return BadPicture(
        "too_big", gettext("The picture is too big. Make it smaller than 30 MB and 80 megapixels.")
    )


def _on_white(image: Image.Image) -> Image.Image:
    """Turn it upright by its EXIF and lay what is transparent on white."""
    image = ImageOps.exif_transpose(image)
    if image.mode not in ("RGB", "RGBA", "L"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, WHITE)
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    return image.convert("RGB")


def _fitted(image: Image.Image) -> Image.Image:
    """Bring the sides into VK's limits: shrink or enlarge, then pad with white."""
    width, height = image.size
    factor = min(1.0, 0.98 * MOST_SIDES / (width + height))
    if max(width, height) < GOOD_SIDE:
        factor = GOOD_SIDE / max(width, height)
    if factor != 1.0:
        size = (max(1, round(width * factor)), max(1, round(height * factor)))
        image = image.resize(size, Image.Resampling.LANCZOS)
    width, height = image.size
    least = max(LEAST_SIDE, -(-max(width, height) // MOST_RATIO))
    padded = (max(width, least), max(height, least))
    if padded == image.size:
        return image
    ground = Image.new("RGB", padded, WHITE)
    ground.paste(image, ((padded[0] - width) // 2, (padded[1] - height) // 2))
    return ground
