"""Pictures as VK takes them: drawn ones, and the merchant's own.

Pure of rows: bytes in, bytes out. VK's rules: 400 × 400 pixels or more, width and height together
14,000 at most, JPEG; a ratio of 1:20 is allowed but shows as a sliver, so 1:3 is our limit.
"""

import struct
from io import BytesIO

from django.utils.translation import gettext
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from catalog.photos.placeholders import WHITE, encode_jpeg, placeholder

__all__ = ["MAX_UPLOAD_BYTES", "InvalidPhoto", "normalize_photo", "placeholder"]

QUALITIES = (90, 80, 65)
LEAST_SIDE, GOOD_SIDE, MOST_SIDES = 400, 1000, 14_000
MOST_RATIO = 3
# Smaller than this a picture becomes a blur when it is enlarged to VK's size.
LEAST_UPLOAD_SIDE = 200
MOST_BYTES = 8 * 1024 * 1024
# An upload beyond these limits is refused before it is unpacked: it would fill the memory.
MAX_UPLOAD_BYTES = 30 * 1024 * 1024
MOST_PIXELS = 80_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")


class InvalidPhoto(Exception):
    """A file that cannot become a product's picture; the merchant must choose another.

    `code` is one of empty, unsupported, broken, too_small, too_big; the text says it in the merchant's words.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def normalize_photo(data: bytes) -> bytes:
    """Return the picture as a JPEG that VK takes: upright, without EXIF, on white.

    Small ones are enlarged, slivers padded, huge ones shrunk. Raises InvalidPhoto.
    """
    image = _opened(data)
    if max(image.size) < LEAST_UPLOAD_SIDE:
        text = gettext("The picture is too small to be seen in VK. Choose one of at least 400 × 400 points.")
        raise InvalidPhoto("too_small", text)
    image = _fitted(_on_white(image))
    for quality in QUALITIES:
        done = encode_jpeg(image, quality)
        if len(done) <= MOST_BYTES:
            return done
    image.thumbnail((4000, 4000))
    return encode_jpeg(image, QUALITIES[0])


def _opened(data: bytes) -> Image.Image:
    """Unpack an upload, after looking at its size and format."""
    if not data:
        raise InvalidPhoto("empty", gettext("The file is empty. Choose another picture."))
    if len(data) > MAX_UPLOAD_BYTES:
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
        raise InvalidPhoto("unsupported", text) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_big() from None
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error):
        text = gettext("The picture is damaged or was not uploaded completely. Upload it again.")
        raise InvalidPhoto("broken", text) from None
    return image


def _too_big() -> InvalidPhoto:
    return InvalidPhoto(
        "too_big", gettext("The picture is too big. Make it smaller than 30 MB and 80 megapixels.")
    )


def _on_white(image: Image.Image) -> Image.Image:
    """Turn it upright by its EXIF and lay what is transparent on white."""
    image = _in_srgb(ImageOps.exif_transpose(image))
    if image.mode not in ("RGB", "RGBA", "L"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, WHITE)
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    return image.convert("RGB")


def _in_srgb(image: Image.Image) -> Image.Image:
    """Convert from the picture's own colour space, which VK ignores; telephones use a wider one."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "RGBA", "CMYK"}:
        return image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted or image


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
