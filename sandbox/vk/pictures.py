"""Looks at uploaded pictures: VK's limits hold for what was sent, not for what a client says about it."""

import functools
import hashlib
import io
from dataclasses import dataclass
from typing import Final

from PIL import Image, UnidentifiedImageError

from sandbox.multipart import FilePart

SIDES_MAX: Final = 14_000
RATIO_MAX: Final = 20
BYTES_MAX: Final = 50 * 1024 * 1024
SUFFIXES: Final = (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tiff")
FORMATS: Final = frozenset({"JPEG", "PNG", "GIF", "BMP", "TIFF"})


@dataclass(frozen=True, slots=True)
class Picture:
    """What an accepted picture was found to be."""

    sha: str
    width: int
    height: int


class BadPictureError(Exception):
    """A picture that VK's upload server refuses, with its words."""


def check_picture(part: FilePart, *, least: tuple[int, int]) -> Picture:
    """Open a picture and measure it. Raises BadPictureError with the upload server's words."""
    if len(part.data) > BYTES_MAX:
        raise BadPictureError("ERR_UPLOAD_FILE_SIZE: file is larger than 50 MB")
    # Older clients name the file alone, and VK takes it; a type that says something else it does not.
    is_named = not part.content_type and part.name.lower().endswith(SUFFIXES)
    if not is_named and not part.content_type.startswith("image/"):
        raise BadPictureError("ERR_UPLOAD_FILE_TYPE: an image is expected")
    try:
        kind, width, height = _decode(part.data)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise BadPictureError("ERR_UPLOAD_BAD_IMAGE: the image cannot be read") from None
    if kind not in FORMATS:
        raise BadPictureError(f"ERR_UPLOAD_FILE_TYPE: {kind} is not supported")
    too_small = width < least[0] or height < least[1]
    if too_small or width + height > SIDES_MAX or max(width, height) > RATIO_MAX * min(width, height):
        raise BadPictureError(f"ERR_UPLOAD_BAD_IMAGE_SIZE: market photo of {width}x{height}")
    return Picture(hashlib.sha256(part.data).hexdigest(), width, height)


# Tests and benchmarks send one picture for thousands of goods.
@functools.lru_cache(maxsize=4)
def _decode(data: bytes) -> tuple[str | None, int, int]:
    """Return the format, width and height of a picture whose every byte was read."""
    with Image.open(io.BytesIO(data)) as picture:
        width, height = picture.size
        if width + height <= SIDES_MAX:
            # Decoding at an eighth still reads every byte, and is many times faster.
            picture.draft("RGB", (width // 8, height // 8))
            picture.load()
        return picture.format, width, height
