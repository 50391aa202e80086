"""A merchant's photo becomes what VK takes: large enough, upright, on white, without metadata."""

import functools
import itertools
from collections.abc import Callable

import pi_heif
import pillow_heif
import pytest
from PIL import Image, ImageCms

from catalog.choices import PhotoProblem
from catalog.photos import normalize
from catalog.photos.errors import InvalidPhoto
from catalog.photos.limits import FORMATS, MAX_BYTES, MAX_SIDE, MIN_SIDE
from catalog.photos.normalize import normalize_photo
from tests.unit.catalog.pictures import bmp, encoded, gif, opened, png, png_chunk, webp

# It can write the format; the product's own decoder reads it.
pillow_heif.register_heif_opener()
pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)
GREY = 128
# A compressed picture is not exact.
NEAR = 12


def refusal(data: bytes) -> PhotoProblem:
    with pytest.raises(InvalidPhoto) as refused:
        normalize_photo(data)
    return refused.value.code


def centre(data: bytes) -> tuple[int, ...]:
    image = opened(data)
    pixel = image.getpixel((image.width // 2, image.height // 2))
    assert isinstance(pixel, tuple)
    return tuple(int(value) for value in pixel)


def is_near(pixel: tuple[int, ...], colour: tuple[int, ...]) -> bool:
    return all(abs(one - other) <= NEAR for one, other in zip(pixel, colour, strict=True))


def test_a_photo_is_turned_upright_and_loses_its_metadata() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "a telephone"
    done = normalize_photo(
        encoded(Image.new("RGB", (1200, 900), "red"), "JPEG", exif=exif, comment=b"home address")
    )
    assert opened(done).size == (900, 1200)
    assert not opened(done).getexif()
    assert b"telephone" not in done
    assert b"home address" not in done


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_made_upright_in_every_format(kind: str, orientation: int) -> None:
    """The upper left quarter of the upright picture is red, wherever the file has it."""
    upright = Image.new("RGB", (600, 450), "white")
    upright.paste("red", (0, 0, 300, 225))
    stored = upright
    undo = {6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    turn = normalize.UPRIGHT.get(orientation)
    if turn is not None:
        stored = upright.transpose(undo.get(orientation, turn))
    exif = Image.Exif()
    exif[0x0112] = orientation
    done = opened(normalize_photo(encoded(stored, kind, exif=exif.tobytes())))
    assert done.size == (1000, 750)
    corners = [done.getpixel(place) for place in ((200, 150), (800, 150), (200, 600), (800, 600))]
    assert [isinstance(pixel, tuple) and pixel[1] < 100 for pixel in corners] == [True, False, False, False]


def _grey(mode: str) -> Image.Image:
    """Return a picture of middle grey in a mode."""
    size = (500, 500)
    match mode:
        case "I;16" | "I;16B":
            return Image.frombytes(mode, size, b"\x80\x80" * (size[0] * size[1]))
        case "I":
            return Image.new("I", size, GREY * 257)
        case "F":
            return Image.new("F", size, float(GREY))
        case "P" | "RGB" | "CMYK" | "YCbCr" | "L" | "LAB" | "HSV":
            grey = Image.new("RGB", size, (GREY,) * 3)
            return _lab(size) if mode == "LAB" else grey.quantize(4) if mode == "P" else grey.convert(mode)
        case "RGBA" | "LA":
            return Image.new("RGBA", size, (GREY, GREY, GREY, 255)).convert(mode)
        case _:
            raise AssertionError(mode)


def _lab(size: tuple[int, int]) -> Image.Image:
    grey = Image.new("RGB", size, (GREY,) * 3)
    done = ImageCms.profileToProfile(
        grey, ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    assert done is not None
    return done


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("L", "PNG"),
        ("LA", "PNG"),
        ("P", "PNG"),
        ("RGB", "PNG"),
        ("RGBA", "PNG"),
        ("I;16", "PNG"),
        ("I;16", "TIFF"),
        ("I;16B", "TIFF"),
        ("I", "TIFF"),
        ("F", "TIFF"),
        ("CMYK", "TIFF"),
        ("CMYK", "JPEG"),
        ("YCbCr", "TIFF"),
        ("LAB", "TIFF"),
        ("L", "JPEG"),
        ("RGBA", "WEBP"),
        ("P", "GIF"),
        ("RGB", "BMP"),
        ("RGBA", "AVIF"),
        ("RGBA", "HEIF"),
        ("L", "HEIF"),
        ("I;16", "HEIF"),
    ],
)
def test_grey_stays_grey_in_every_mode_and_depth(mode: str, kind: str) -> None:
    assert is_near(centre(normalize_photo(encoded(_grey(mode), kind))), (GREY,) * 3)


def test_a_picture_of_one_bit_is_black_and_white() -> None:
    image = Image.new("1", (600, 600), 1)
    image.paste(0, (0, 0, 300, 600))
    done = opened(normalize_photo(encoded(image)))
    assert [is_near(_rgb(done, x), colour) for x, colour in ((200, (0,) * 3), (800, (255,) * 3))] == [
        True,
        True,
    ]


def _rgb(image: Image.Image, x: int) -> tuple[int, ...]:
    pixel = image.getpixel((x, image.height // 2))
    assert isinstance(pixel, tuple)
    return pixel


def test_twelve_bits_are_scaled_as_twelve() -> None:
    # Two samples of 0x800 in three bytes.
    data = encoded(Image.frombytes("I;16", (500, 500), (b"\x80\x08\x00" * 166_667)[:500_000]), "TIFF")
    bits_per_sample = b"\x02\x01\x03\x00\x01\x00\x00\x00"
    assert data.count(bits_per_sample + b"\x10") == 1
    twelve = data.replace(bits_per_sample + b"\x10", bits_per_sample + b"\x0c")
    assert is_near(centre(normalize_photo(twelve)), (GREY,) * 3)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_what_is_transparent_becomes_white(kind: str) -> None:
    done = normalize_photo(encoded(Image.new("RGBA", (1000, 1000), (0, 0, 0, 0)), kind))
    assert is_near(centre(done), (255, 255, 255))


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_a_palettes_transparent_colour_becomes_white(kind: str) -> None:
    image = Image.new("P", (600, 600), 1)
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.paste(0, (0, 0, 600, 300))
    done = opened(normalize_photo(encoded(image, kind, transparency=1)))
    upper, lower = done.getpixel((500, 200)), done.getpixel((500, 800))
    assert isinstance(upper, tuple)
    assert isinstance(lower, tuple)
    assert (is_near(upper, (255, 0, 0)), is_near(lower, (255, 255, 255))) == (True, True)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF", "AVIF"])
def test_of_many_frames_the_first_is_taken(kind: str) -> None:
    frames = [Image.new("RGB", (500, 500), colour) for colour in ("red", "blue", "green")]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
    assert is_near(centre(normalize_photo(data)), (255, 0, 0))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((400, 400), (1000, 1000)),
        ((600, 400), (1000, 667)),
        ((4000, 400), (4000, 1334)),
        ((1200, 1000), (1200, 1000)),
        ((8000, 400), (4000, 1334)),
        ((6000, 4500), (4000, 3000)),
    ],
)
def test_small_narrow_and_large_pictures_are_brought_to_vks_sizes(
    before: tuple[int, int], after: tuple[int, int]
) -> None:
    assert opened(normalize_photo(encoded(Image.new("RGB", before, "navy")))).size == after


def test_a_picture_full_of_noise_stays_below_vks_size_of_a_file() -> None:
    # Compression looks at eight pixels at a time: repeated noise is noise to it, and is made faster.
    noise, full = Image.effect_noise((1500, 1500), 90), Image.new("L", (6000, 6000))
    for left, top in itertools.product(range(0, 6000, 1500), repeat=2):
        full.paste(noise, (left, top))
    data = encoded(full, "JPEG", quality=30)
    assert len(normalize_photo(data)) <= MAX_BYTES


def test_the_smallest_photo_has_one_size_on_both_sides() -> None:
    assert normalize_photo(encoded(Image.new("RGB", (MIN_SIDE, MIN_SIDE))))
    for sides in ((MIN_SIDE - 1, MIN_SIDE), (MIN_SIDE, MIN_SIDE - 1), (2000, MIN_SIDE - 1)):
        assert refusal(encoded(Image.new("RGB", sides))) is PhotoProblem.TOO_SMALL


@pytest.mark.parametrize("claim", [png, gif, bmp, webp])
@pytest.mark.parametrize(
    ("sides", "problem"),
    [
        ((MAX_SIDE + 1, 2000), PhotoProblem.TOO_BIG),
        ((8001, 5000), PhotoProblem.TOO_BIG),
        ((16_000, 16_000), PhotoProblem.TOO_BIG),
        ((10_000, 499), PhotoProblem.TOO_NARROW),
        ((401, 8400), PhotoProblem.TOO_NARROW),
        ((399, 2000), PhotoProblem.TOO_SMALL),
    ],
)
def test_sides_are_refused_by_the_header_alone(
    claim: Callable[[int, int], bytes], sides: tuple[int, int], problem: PhotoProblem
) -> None:
    assert refusal(claim(*sides)) is problem


def test_an_eighty_byte_png_of_eighty_million_rows_is_refused() -> None:
    assert refusal(png(1, 79_999_999)) is PhotoProblem.TOO_BIG


def test_a_webp_that_would_need_too_much_memory_is_refused_before_its_canvases_are_made() -> None:
    assert refusal(webp(6000, 5000)) is PhotoProblem.TOO_COSTLY


PHOTO = Image.effect_noise((MIN_SIDE, MIN_SIDE), 50).convert("RGB")


# A decoder meets wrong bytes in a small picture as in a large one, and is done much sooner.
SMALL_SIDE = 96


@functools.cache
def file_of(kind: str, side: int = MIN_SIDE) -> bytes:
    return encoded(PHOTO.crop((0, 0, side, side)), kind)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_truncated_file_is_refused_or_shown_but_never_an_error(kind: str) -> None:
    data = file_of(kind)
    for share in (0.02, 0.1, 0.3, 0.5, 0.9):
        cut = data[: int(len(data) * share)]
        assert refusal(cut) in {PhotoProblem.BROKEN, PhotoProblem.UNSUPPORTED}, share


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_with_wrong_bytes_anywhere_is_a_photo_or_refused(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(normalize, "MIN_SIDE", SMALL_SIDE)
    # Enlarging to all of VK's size takes longer than opening a file, whatever the file was like.
    monkeypatch.setattr(normalize, "GOOD_SIDE", SMALL_SIDE + 8)
    data = file_of(kind, SMALL_SIDE)
    for place in [*range(0, min(len(data), 600), 7), *range(600, len(data), max(1, len(data) // 40))]:
        wrong = bytearray(data)
        wrong[place] ^= 0xFF
        try:
            assert opened(normalize_photo(bytes(wrong))).mode == "RGB"
        except InvalidPhoto:
            continue


@pytest.mark.parametrize(
    "chunks",
    [
        [png_chunk(b"eXIf", b"MM\0\x2a\0\0\0\x08\xff\xff")],
        [png_chunk(b"iCCP", b"x\0\0" + b"no zlib at all")],
        [png_chunk(b"tEXt", b"no end")],
    ],
    ids=["exif", "profile", "text"],
)
def test_a_png_with_damaged_metadata_is_taken(chunks: list[bytes]) -> None:
    whole = encoded(Image.new("RGB", (500, 500), "red"))
    head = whole.index(b"IDAT") - 4
    assert is_near(centre(normalize_photo(whole[:head] + b"".join(chunks) + whole[head:])), (254, 0, 0))


def test_a_jpeg_with_damaged_exif_and_profile_is_taken() -> None:
    image = Image.new("RGB", (500, 500), "red")
    data = encoded(image, "JPEG", exif=b"Exif\0\0MM\0\x2a\xff\xff\xff\xff", icc_profile=b"no profile")
    assert is_near(centre(normalize_photo(data)), (254, 0, 0))


@pytest.mark.parametrize(
    "error",
    [MemoryError, SyntaxError, ValueError, TypeError, KeyError, ZeroDivisionError, OverflowError, OSError],
)
def test_whatever_a_decoder_raises_the_photo_is_refused(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def load(_image: Image.Image) -> None:
        raise error("from the library")

    monkeypatch.setattr("PIL.JpegImagePlugin.JpegImageFile.load", load)
    expected = PhotoProblem.TOO_COSTLY if error is MemoryError else PhotoProblem.BROKEN
    assert refusal(file_of("JPEG")) is expected


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", PhotoProblem.EMPTY),
        (b"<svg onload='x'/>", PhotoProblem.UNSUPPORTED),
        (b"%PDF-1.7", PhotoProblem.UNSUPPORTED),
        (b"\xff\xd8\xff\xe0", PhotoProblem.UNSUPPORTED),
        (encoded(PHOTO, "ICO"), PhotoProblem.UNSUPPORTED),
        (png(500, 500), PhotoProblem.BROKEN),
        (png(500, 500, png_chunk(b"gAMA", b"\0")), PhotoProblem.BROKEN),
        (b"\0" * (31 * 1024 * 1024), PhotoProblem.TOO_BIG),
    ],
    ids=["empty", "svg", "pdf", "head", "icon", "no rows", "half a number", "large file"],
)
def test_a_file_that_is_no_photo_is_refused_with_the_reason(data: bytes, problem: PhotoProblem) -> None:
    assert refusal(data) is problem
