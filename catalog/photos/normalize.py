"""Makes a merchant's photo fit for VK: upright, in sRGB, on white, without metadata, in VK's sizes.

Bytes in, bytes out, without Django. An upload may be made to harm, so this runs in the child process of
`catalog.photos.isolation`, which bounds its memory and time.
"""

import warnings
from io import BytesIO

import pi_heif
from PIL import AvifImagePlugin, Image, JpegImagePlugin, UnidentifiedImageError

from catalog.choices import PhotoProblem
from catalog.photos.edits import PhotoEdit
from catalog.photos.errors import InvalidPhoto
from catalog.photos.limits import (
    FORMATS,
    GOOD_SIDE,
    LONGEST_SIDE,
    MAX_BYTES,
    MAX_COEFFICIENT_BYTES,
    MAX_PIXELS,
    MAX_PIXELS_OF,
    MAX_RATIO,
    MAX_SIDE,
    MAX_UPLOAD_BYTES,
    MIN_SIDE,
    WIDEST_RATIO,
)
from catalog.photos.pixels import WHITE, encode_jpeg, shrink_to_rgb

QUALITIES = (90, 80, 65)
UNEDITED = PhotoEdit()
# Quarter turns to the right; Pillow counts them to the left.
TURNS = {
    1: Image.Transpose.ROTATE_270,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_90,
}
ORIENTATION = 0x0112
WEBP_HEADER_BYTES, WEBP_SIDE_BITS = 30, 0x3FFF
# EXIF's orientations, each with what turns the picture upright.
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# A thumbnail inside the file may show something else, and one thread needs the least memory.
pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
AvifImagePlugin.DEFAULT_MAX_THREADS = 1


def normalize_photo(data: bytes, edit: PhotoEdit = UNEDITED) -> bytes:
    """Return the first picture of the file, edited, as a JPEG that VK takes. Raises InvalidPhoto."""
    if not data:
        raise InvalidPhoto(PhotoProblem.EMPTY)
    if len(data) > MAX_UPLOAD_BYTES:
        raise InvalidPhoto(PhotoProblem.TOO_BIG)
    try:
        with warnings.catch_warnings():
            # Decoders warn of damaged metadata; the picture decides.
            warnings.simplefilter("ignore")
            return _normalized(data, edit)
    except InvalidPhoto:
        raise
    except UnidentifiedImageError:
        raise InvalidPhoto(PhotoProblem.UNSUPPORTED) from None
    except MemoryError:
        raise InvalidPhoto(PhotoProblem.TOO_COSTLY) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise InvalidPhoto(PhotoProblem.TOO_BIG) from None
    except Exception:  # noqa: BLE001 - a decoder may raise whatever its format's library raises
        raise InvalidPhoto(PhotoProblem.BROKEN) from None


def _normalized(data: bytes, edit: PhotoEdit) -> bytes:
    if size := _webp_size(data):
        # Pillow makes WebP's canvases as soon as it opens the file.
        check_size(*size)
        _check_pixels("WEBP", size)
    with Image.open(BytesIO(data), formats=tuple(FORMATS)) as image:
        check_size(*image.size)
        _check_cost(image)
        orientation = _orientation(image)
        target = _target(image.size)
        if image.format == "JPEG":
            # Unpacked at a half, a quarter or an eighth of its size where that is enough.
            image.draft(None, target)
        image.load()
        # A HEIF may turn out to be larger than its header says.
        check_size(*image.size)
        small = shrink_to_rgb(image, target)
    turn = UPRIGHT.get(orientation)
    if turn is not None:
        small = small.transpose(turn)
    return _encoded(_padded(_edited(small, edit)))


def _edited(image: Image.Image, edit: PhotoEdit) -> Image.Image:
    """Turn and crop an upright picture; a crop that is small is enlarged again. Raises InvalidPhoto."""
    if turn := TURNS.get(edit.turns % 4):
        image = image.transpose(turn)
    box = edit.box(*image.size)
    if box is None:
        return image
    image = image.crop(box)
    check_size(*image.size)
    return image.resize(_target(image.size), Image.Resampling.LANCZOS)


def check_size(width: int, height: int) -> None:
    """Refuse a picture by its sides. Raises InvalidPhoto."""
    short, long = sorted((width, height))
    if long > MAX_SIDE or width * height > MAX_PIXELS:
        raise InvalidPhoto(PhotoProblem.TOO_BIG)
    if long > MAX_RATIO * short:
        raise InvalidPhoto(PhotoProblem.TOO_NARROW)
    if short < MIN_SIDE:
        raise InvalidPhoto(PhotoProblem.TOO_SMALL)


def _check_cost(image: Image.Image) -> None:
    """Refuse a picture whose decoder would need more memory than there is. Raises InvalidPhoto."""
    _check_pixels(image.format or "", image.size)
    pixels = image.width * image.height
    if isinstance(image, JpegImagePlugin.JpegImageFile) and image.info.get("progressive"):
        factors = [across * down for _id, across, down, _table in image.layer]
        if 2 * pixels * sum(factors) / max(factors, default=1) > MAX_COEFFICIENT_BYTES:
            raise InvalidPhoto(PhotoProblem.TOO_COSTLY)


def _check_pixels(kind: str, size: tuple[int, int]) -> None:
    if size[0] * size[1] > MAX_PIXELS_OF.get(kind, MAX_PIXELS):
        raise InvalidPhoto(PhotoProblem.TOO_COSTLY)


def _webp_size(data: bytes) -> tuple[int, int] | None:
    """Return the sides that a WebP file's first chunk gives (RFC 9649, section 2.5 to 2.7)."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or len(data) < WEBP_HEADER_BYTES:
        return None
    match data[12:16]:
        case b"VP8X":
            return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
        case b"VP8 ":
            across, down = (int.from_bytes(data[at : at + 2], "little") for at in (26, 28))
            return across & WEBP_SIDE_BITS, down & WEBP_SIDE_BITS
        case b"VP8L":
            bits = int.from_bytes(data[21:25], "little")
            return (bits & WEBP_SIDE_BITS) + 1, (bits >> 14 & WEBP_SIDE_BITS) + 1
    return None


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 where there is none or the metadata are damaged.

    A TIFF is turned by Pillow as it is loaded, a HEIF by its decoder.
    """
    if image.format in {"TIFF", "HEIF"}:
        return 1
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - whatever is wrong with the metadata, the picture may be whole
        return 1


def _target(size: tuple[int, int]) -> tuple[int, int]:
    """Return the size to bring a picture to: enlarged to GOOD_SIDE or shrunk to LONGEST_SIDE."""
    longest = max(size)
    factor = min(max(longest, GOOD_SIDE), LONGEST_SIDE) / longest
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def _padded(image: Image.Image) -> Image.Image:
    """Pad a sliver with white, so that VK does not show it as a line."""
    least = max(MIN_SIDE, -(-max(image.size) // WIDEST_RATIO))
    padded = (max(image.width, least), max(image.height, least))
    if padded == image.size:
        return image
    ground = Image.new("RGB", padded, WHITE)
    ground.paste(image, ((padded[0] - image.width) // 2, (padded[1] - image.height) // 2))
    return ground


def _encoded(image: Image.Image) -> bytes:
    for quality in QUALITIES:
        done = encode_jpeg(image, quality)
        if len(done) <= MAX_BYTES:
            return done
    image.thumbnail((LONGEST_SIDE // 2, LONGEST_SIDE // 2))
    return encode_jpeg(image, QUALITIES[-1])
