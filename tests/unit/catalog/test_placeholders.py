"""A drawn picture is one that VK takes, and the same for the same name."""

import pytest

from catalog.photos import placeholders
from catalog.photos.placeholders import placeholder
from tests.unit.catalog.pictures import opened


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
