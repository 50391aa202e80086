"""Turns a decoded picture of any mode into a small RGB one, in bounded memory.

A picture that Pillow can average as it is, is made smaller first. The others are converted in bands: a
converted copy of a whole photo would need as much memory as four of them.
"""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from math import ceil
from typing import Any

from PIL import Image, ImageCms, TiffImagePlugin

WHITE = (255, 255, 255)
# Modes whose values can be averaged without a conversion.
PLAIN_MODES = {"RGB", "RGBX", "L", "CMYK", "YCbCr", "HSV", "LAB"}
TRANSPARENT_MODES = {"RGBA", "LA", "PA", "La", "RGBa"}
BAND_PIXELS = 1_000_000
BYTE, WORD = 255, 65_535
BITS_PER_SAMPLE = 258
THUMBNAIL_QUALITY = 80
BLOCK = 8
# How coarsely a drawing's values are kept: the ground's, and edges of brightness and of colour. Chosen by
# looking at full size and at 200 pixels.
GROUND_STEP, FINEST_STEP, COARSEST_STEP, COLOUR_STEP = 12, 18, 80, 54
# Of drawings of text: bytes fall with the step to the power of 0.36, whatever the text is.
BYTES_PER_STEP = 1 / 0.35

Band = Callable[[Image.Image], Image.Image]


def shrink_to_rgb(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return the loaded picture in sRGB on white and in this size, which may be larger than its own."""
    profile = image.info.get("icc_profile")
    if image.mode in PLAIN_MODES and not image.has_transparency_data:
        return _in_srgb(_resized(image, size), profile)
    factor = max(1, min(image.width // size[0], image.height // size[1]))
    small = _resized(_in_bands(image, factor, _conversion_of(image)), size)
    return _in_srgb(small, profile if image.mode in {"RGBA", "RGBa"} else None)


def _resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    factor = max(1, min(image.width // size[0], image.height // size[1]))
    smaller = image.reduce(factor) if factor > 1 else image
    return smaller if smaller.size == size else smaller.resize(size, Image.Resampling.LANCZOS)


def _in_bands(image: Image.Image, factor: int, convert: Band) -> Image.Image:
    done = Image.new("RGB", (-(-image.width // factor), -(-image.height // factor)), WHITE)
    height = max(1, BAND_PIXELS // image.width // factor) * factor
    for top in range(0, image.height, height):
        band = convert(image.crop((0, top, image.width, min(top + height, image.height))))
        done.paste(band.reduce(factor) if factor > 1 else band, (0, top // factor))
    return done


def _conversion_of(image: Image.Image) -> Band:
    """Return what turns a band of this picture into RGB on white."""
    if image.mode.startswith("I") or image.mode == "F":
        offset, scale = _levels(image)
        return lambda band: _scaled(band, offset, scale)
    if image.has_transparency_data or image.mode in TRANSPARENT_MODES:
        return lambda band: _on_white(band, image.info.get("transparency"))
    return lambda band: band.convert("RGB")


def _on_white(band: Image.Image, transparency: Any) -> Image.Image:
    if transparency is not None:
        band.info["transparency"] = transparency
    if band.mode in {"La", "RGBa"}:
        band = band.convert({"La": "LA", "RGBa": "RGBA"}[band.mode])
    band = band.convert("RGBA")
    ground = Image.new("RGB", band.size, WHITE)
    ground.paste(band, mask=band.getchannel("A"))
    return ground


def _levels(image: Image.Image) -> tuple[float, float]:
    """Return the value that is black and the factor that makes the value of white 255.

    Sixteen bits have a known white. A number of 32 bits or a float says nothing of it, so the picture's own
    range decides.
    """
    if image.mode.startswith("I;16"):
        return 0.0, BYTE / (2 ** (_bits(image) or 16) - 1)
    low, high = _extrema(image)
    for white in (1.0,) * (image.mode == "F") + (float(BYTE), float(WORD)):
        if low >= 0 and high <= white:
            return 0.0, BYTE / white
    return low, BYTE / (high - low or 1)


def _extrema(image: Image.Image) -> tuple[float, float]:
    low, high = image.getextrema()
    if isinstance(low, tuple) or isinstance(high, tuple):
        raise TypeError("a picture of one channel has one pair of extrema")
    return float(low), float(high)


def _bits(image: Image.Image) -> int:
    """Return how many bits of a sample a TIFF uses, 0 where nothing says so."""
    if not isinstance(image, TiffImagePlugin.TiffImageFile):
        return 0
    bits = image.tag_v2.get(BITS_PER_SAMPLE, (0,))
    return int(bits[0] if isinstance(bits, tuple) else bits)


def _scaled(band: Image.Image, offset: float, scale: float) -> Image.Image:
    numbers = band if band.mode == "F" else band.convert("I").convert("F")
    return numbers.point(lambda value: value * scale + (-offset * scale + 0.5)).convert("L").convert("RGB")


def _in_srgb(image: Image.Image, profile: Any) -> Image.Image:
    """Convert from the picture's own colour space, which VK ignores; phones use a wider one.

    A profile that is damaged or of another mode is left aside.
    """
    if image.mode == "LAB":
        return _transformed(image, ImageCms.createProfile("LAB"))
    if profile and image.mode in {"RGB", "CMYK", "L"}:
        try:
            return _transformed(image, ImageCms.ImageCmsProfile(BytesIO(profile)))
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass
    return image if image.mode == "RGB" else image.convert("RGB")


def _transformed(image: Image.Image, source: Any) -> Image.Image:
    done = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    if done is None:
        raise ValueError("the colours were changed in place")
    return done


def encode_jpeg(image: Image.Image, quality: int) -> bytes:
    """Return the JPEG file, without any metadata, not even a comment that the picture came with."""
    stream = BytesIO()
    image.save(stream, "JPEG", quality=quality, comment=b"")
    return stream.getvalue()


def encode_drawing(image: Image.Image, *, most_bytes: int, comment: bytes) -> bytes:
    """Return the JPEG file of flat colours and letters, as fine as these bytes allow, with a comment.

    A picture whose bytes are too many even with the coarsest step is returned all the same.
    """
    step = FINEST_STEP
    while True:
        stream = BytesIO()
        image.save(stream, "JPEG", qtables=_tables(step), comment=comment, optimize=True)
        data = stream.getvalue()
        if len(data) <= most_bytes or step == COARSEST_STEP:
            return data
        coarser = ceil(step * (len(data) / most_bytes) ** BYTES_PER_STEP)
        step = min(COARSEST_STEP, max(coarser, step + 1))


@cache
def _tables(step: int) -> list[list[int]]:
    """Return how coarsely each frequency is kept, of brightness and of colour, by index as in the file.

    The common tables are made for photos and give up high frequencies, of which the edges of letters are;
    here they cost at most three times as much as low ones. Plain ground keeps its colour at every step.
    """
    diagonals = [row + column for row in range(BLOCK) for column in range(BLOCK)]
    steps = [round(step * (1 + 2 * (one - 1) / (2 * BLOCK - 3))) for one in diagonals]
    return [[GROUND_STEP, *steps[1:]], [GROUND_STEP, *[COLOUR_STEP] * (len(steps) - 1)]]


def thumbnail(jpeg: bytes, side: int) -> bytes:
    """Return a JPEG of ours made smaller, its longer side `side` pixels at most.

    Only for files that we have written: they have been checked and are small.
    """
    with Image.open(BytesIO(jpeg)) as image:
        image.draft("RGB", (side, side))
        image.thumbnail((side, side))
        return encode_jpeg(image, THUMBNAIL_QUALITY)
