"""Letters that are rasterized once each stand where the font's own engine puts them."""

import pytest
from PIL import Image, ImageDraw

from catalog.photos.fonts import BOLD, MEDIUM, text_font
from catalog.photos.lettering import baseline_of, width_of, write_line
from catalog.photos.shades import Shades, first, second

TEXTS = [
    "Шоколад «Алёнка» 100 г",
    "AVATAR To, Ye",
    "Ёж и ёлка",
    "№202 1/28ШТ",
    "и\u0306 e\u0301",
    " a  b ",
    "",
    "jf",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(("size", "weight"), [(36, BOLD), (40, MEDIUM), (84, BOLD), (136, BOLD)])
def test_a_line_is_the_one_that_pillow_draws(text: str, size: int, weight: int) -> None:
    ours, theirs = Image.new("L", (2000, 200)), Image.new("L", (2000, 200))
    write_line(ours, (30, 150), text, size=size, weight=weight, shade=255)
    font = text_font(size, weight)
    ImageDraw.Draw(theirs).text((30, 150), text, font=font, fill=255, anchor="ls")
    assert ours.tobytes() == theirs.tobytes()
    assert width_of(text, size, weight) == font.getlength(text)


def test_a_line_lies_around_its_middle() -> None:
    image = Image.new("L", (300, 300))
    write_line(image, (20, baseline_of(150, 100, BOLD)), "НОС", size=100, weight=BOLD, shade=255)
    box = image.getbbox()
    assert box is not None
    assert abs((box[1] + box[3]) / 2 - 150) < 15


def test_a_shade_lies_between_the_colours_of_its_pair() -> None:
    shades = Shades(((0, 0, 0), (127, 254, 0)), ((10, 20, 30), (10, 20, 157)))
    image = Image.new("L", (4, 1))
    image.putdata([first(0), first(1), first(0.5), second(0.5)])
    done = shades.colour(image)
    assert [done.getpixel((x, 0)) for x in range(4)] == [(0, 0, 0), (127, 254, 0), (64, 128, 0), (10, 20, 94)]
