"""A drawn picture is one that VK takes, and the same for the same name."""

import pytest
from PIL import Image, ImageChops

from catalog.photos import colours, fonts, placeholders
from catalog.photos.colours import mixed
from catalog.photos.pixels import WHITE
from catalog.photos.placeholders import icon_of, placeholder
from syncing.core.category_words import FAMILIES
from syncing.core.choices import CardStyle
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


@pytest.mark.parametrize("name", ["", "   ", "!!!", "🙂🙂", "شاي أسود", "…"])
def test_a_name_that_the_font_cannot_write_leaves_the_icon_alone(name: str) -> None:
    pictures = {opened(placeholder(name, "")).tobytes(), opened(placeholder("🍏", "")).tobytes()}
    assert len(pictures) == 1
    assert pictures != {opened(placeholder("1", "")).tobytes()}


def test_different_names_differ_to_the_eye() -> None:
    first, second = opened(placeholder("Чай", "Напитки")), opened(placeholder("Кофе", "Напитки"))
    assert first.tobytes() != second.tobytes()


def test_a_group_has_one_colour() -> None:
    corner = (5, 5)
    grounds = {
        opened(placeholder("Чай", group)).getpixel(corner) for group in ("Напитки", "  НАПИТКИ ", "напитки")
    }
    assert len(grounds) == 1


def contrast(colour: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    lighter, darker = sorted((luminance(colour), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("hue", colours.HUES)
def test_text_reads_on_every_ground(hue: int) -> None:
    ground = colours.dark(hue)
    with_icon = mixed(ground, WHITE, placeholders.FAINT)
    assert contrast(WHITE, ground) >= 4.5
    assert contrast(WHITE, with_icon) >= 4.5
    assert contrast(mixed(ground, WHITE, placeholders.CAPTION), ground) >= 4.5
    assert contrast(colours.ink(hue), colours.pale(hue)) >= 7


@pytest.mark.parametrize("style", CardStyle)
def test_each_style_draws_another_picture_of_the_same_goods(style: CardStyle) -> None:
    drawn = placeholder("Чай «Таёжный» 50 г", "Чай", style)
    assert opened(drawn).size == (1000, 1000)
    assert drawn == placeholder("Чай «Таёжный» 50 г", "Чай", style)
    others = {placeholder("Чай «Таёжный» 50 г", "Чай", other) for other in CardStyle if other is not style}
    assert drawn not in others


@pytest.mark.parametrize("style", CardStyle)
def test_a_drawn_picture_is_small(style: CardStyle) -> None:
    names = ["Шоколад «Алёнка» молочный 100 г", "Вода минеральная газированная 1,5 л", "Пакет-майка"]
    sizes = [len(placeholder(name, "Бакалея", style)) for name in names]
    assert max(sizes) <= 45_000


@pytest.mark.parametrize("style", CardStyle)
@pytest.mark.parametrize(
    "name",
    [
        "МАКАРОННЫЕ ИЗДЕЛИЯ ШЕБЕКИНСКИЕ 450ГР РОЖОК ПОЛУБУБЛИК №202 1/28ШТ",
        "ЖЮФЩМ " * 16,
        "№&%@жщфю#" * 11,
        "Й" * 100,
        "Ж " * 50,
    ],
)
def test_a_picture_full_of_letters_has_no_more_bytes(name: str, style: CardStyle) -> None:
    assert len(placeholder(name, "Бакалея", style)) <= placeholders.MOST_BYTES


def test_all_pictures_of_a_group_have_the_same_ground_however_many_letters_they_have() -> None:
    corner = (990, 0, 1000, 10)
    pictures = [opened(placeholder(name, "Бакалея")).crop(corner) for name in ("Чай", "ЖЮФЩМ " * 16)]
    assert pictures[0].tobytes() == pictures[1].tobytes()
    wanted = Image.new("RGB", (10, 10), colours.dark(colours.hue_of("Бакалея")))
    difference = ImageChops.difference(pictures[0], wanted).convert("L").getextrema()
    assert difference in {(0, 0), (1, 1), (2, 2)}


def test_the_same_ground_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    placeholders._ground.cache_clear()
    for number in range(20):
        placeholder(f"Чай чёрный {number} г", "Чай")
    assert placeholders._ground.cache_info().misses == 1


@pytest.mark.parametrize(
    ("name", "group", "icon"),
    [
        ("Молоко 3,2% 1 л", "Продукты", "cheese"),
        ("Шампунь для собак", "Разное", "paw"),
        ("ABC-123", "Инструменты", "hammer_screwdriver"),
        ("ABC-123", "Разное", placeholders.DEFAULT_ICON),
        ("", "", placeholders.DEFAULT_ICON),
    ],
)
def test_the_icon_is_that_of_the_goods(name: str, group: str, icon: str) -> None:
    assert icon_of(name, group) == icon


def test_the_font_has_every_icon() -> None:
    font = fonts.icon_font(40)
    missing = bytes(font.getmask("\ue000"))
    for icon in {family.icon for family in FAMILIES} | {placeholders.DEFAULT_ICON}:
        assert bytes(font.getmask(fonts.icon_character(icon))) not in {b"", missing}, icon


@pytest.mark.parametrize("name", ["", " ", "🍎🍏", "\0\x07", "汉字", "\ud800", "Я" * 300, "a b" * 200])
def test_any_name_can_be_drawn(name: str) -> None:
    assert opened(placeholder(name, "")).size == (1000, 1000)


def test_what_the_font_lacks_is_left_out() -> None:
    assert fonts.drawable("Яблоки 🍎 красные\u0007") == "Яблоки красные"
