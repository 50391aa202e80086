"""Pictures are what VK takes: large enough, upright, on white, without EXIF."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from catalog.photos import placeholders
from catalog.photos.normalize import MOST_BYTES, InvalidPhoto, normalize_photo, placeholder


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    stream = BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def luminance(colour: tuple[int, int, int]) -> float:
    shares = (value / 255 for value in colour)
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_placeholder_is_a_square_jpeg_that_vk_takes() -> None:
    image = opened(placeholder("Чай «Таёжный» 50 г", "Чай"))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (1000, 1000))


def test_a_placeholder_is_the_same_each_time_and_another_for_another_name() -> None:
    assert placeholder("Чай", "Напитки") == placeholder("Чай", "Напитки")
    names = ["Чай", "чай", "Чай 50 г", "Чай 50г", "", "🍎", "🍏"]
    assert len({placeholder(name, "Напитки") for name in names}) == len(names)


def test_different_names_differ_to_the_eye() -> None:
    first, second = opened(placeholder("Чай", "Напитки")), opened(placeholder("Кофе", "Напитки"))
    assert first.tobytes() != second.tobytes()


def test_a_group_has_one_colour() -> None:
    corner = (5, 995)
    grounds = {
        opened(placeholder("Чай", group)).getpixel(corner) for group in ("Напитки", "  НАПИТКИ ", "напитки")
    }
    assert len(grounds) == 1


def test_white_text_reads_on_every_ground() -> None:
    for hue in placeholders.HUES:
        ground = placeholders._oklch(placeholders.LIGHTNESS, placeholders.CHROMA, hue)
        lightest = placeholders._tint(ground, placeholders.ORNAMENT)
        for behind in (ground, lightest):
            assert 1.05 / (luminance(behind) + 0.05) >= 4.5, hue
        caption = placeholders._tint(ground, placeholders.CAPTION)
        assert (luminance(caption) + 0.05) / (luminance(lightest) + 0.05) >= 4.5, hue


@pytest.mark.parametrize("name", ["", " ", "🍎🍏", "\0\x07", "汉字", "\ud800", "Я" * 300, "a b" * 200])
def test_any_name_can_be_drawn(name: str) -> None:
    assert opened(placeholder(name, "")).size == (1000, 1000)


def test_what_the_font_lacks_is_left_out() -> None:
    assert placeholders._drawable("Яблоки 🍎 красные\u0007") == "Яблоки красные"


def test_a_photo_is_turned_upright_and_loses_its_exif() -> None:
    image = Image.new("RGB", (1200, 900), "red")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "a telephone"
    done = normalize_photo(encoded(image, "JPEG", exif=exif, comment=b"home address"))
    assert opened(done).size == (900, 1200)
    assert not opened(done).getexif()
    assert b"telephone" not in done
    assert b"home address" not in done


def test_what_is_transparent_becomes_white() -> None:
    image = opened(normalize_photo(encoded(Image.new("RGBA", (1000, 1000), (0, 0, 0, 0)))))
    assert image.getpixel((500, 500)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_pixel_is_taken(mode: str) -> None:
    kind = "TIFF" if mode == "CMYK" else "PNG"
    assert opened(normalize_photo(encoded(Image.new(mode, (500, 500)), kind))).mode == "RGB"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((200, 200), (1000, 1000)),
        ((300, 200), (1000, 667)),
        ((200, 10), (1000, 400)),
        ((3000, 100), (3000, 1000)),
        ((1200, 1000), (1200, 1000)),
        ((10, 12000), (4000, 12000)),
    ],
)
def test_small_and_narrow_pictures_are_brought_to_vks_sizes(
    before: tuple[int, int], after: tuple[int, int]
) -> None:
    assert opened(normalize_photo(encoded(Image.new("RGB", before, "navy")))).size == after


def test_a_huge_picture_is_shrunk_under_vks_limits() -> None:
    noise = Image.effect_noise((8900, 8900), 30)
    done = normalize_photo(encoded(noise, "JPEG", quality=20))
    assert sum(opened(done).size) <= 14_000
    assert len(done) <= MOST_BYTES


def png_that_claims(width: int, height: int) -> bytes:
    """A few bytes that would unpack to gigabytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


GOOD = encoded(Image.effect_noise((600, 600), 50), "JPEG")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"<svg onload='x'/>", "unsupported"),
        (b"%PDF-1.7", "unsupported"),
        (b"\xff\xd8\xff\xe0", "unsupported"),
        (encoded(Image.new("RGB", (199, 120))), "too_small"),
        (GOOD[: len(GOOD) // 2], "broken"),
        (png_that_claims(500, 500), "broken"),
        (png_that_claims(9_500, 9_500), "too_big"),
        (png_that_claims(10_000, 10_000), "too_big"),
        (png_that_claims(60_000, 60_000), "too_big"),
        (b"\0" * (31 * 1024 * 1024), "too_big"),
    ],
)
def test_a_file_that_cannot_be_a_picture_is_refused_with_the_reason(data: bytes, code: str) -> None:
    with pytest.raises(InvalidPhoto) as refusal:
        normalize_photo(data)
    assert refusal.value.code == code
    assert str(refusal.value)
