"""What VK shows stays, what only adorns goes, and each character counts as VK counts it."""

import pytest

from syncing.core.characters import legible, to_cp1251, unescape, vk_length, weight


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Чай №5 «Лист» — 20 шт.", "Чай №5 «Лист» — 20 шт."),
        ("са\xadхар", "сахар"),
        ("сахар\x98ный", "сахарный"),
        ("са\xadхар ☕", "сахар  "),
        ("Чай\x07", "Чай\x07"),
        ("☕Чай\x07", " Чай\x07"),
        ("Чай\u200bзелёный", "Чайзелёный"),
        ("Чай\u0085☕", "Чай "),
        ("500₽", "500 руб."),
        ("10×20", "10x20"),
        ("5÷7", "5-7"),
        ("−5", "-5"),
        ("≥18", "от 18"),
        ("2″ труба", '2" труба'),
        ("1½", "1 1/2"),
        ("½ кг", "1/2 кг"),
        ("10²", "10²"),
        ("м²", "м2"),
        ("Ⅳ том", "IV том"),
        ("٣ штуки", "٣ штуки"),
        ("五", "五"),
        ("⅒ доля", "1/10 доля"),
        ("Чай\u2003лист", "Чай лист"),
        ("Чай\u2028лист", "Чай\nлист"),
        ("€5 ₴7", "€5 ₴7"),
        ("5 ∞ 7", "5 ∞ 7"),
        ("Чай ™ ℃", "Чай ™ °C"),
        ("★ Чай ★", "  Чай  "),
        ("❤\ufe0f Чай", "  Чай"),
        ("字\U000e0100 Чай", "字 Чай"),
        ("字\U000e01ef Чай", "字 Чай"),
        ("字\ufe00\ufe0f", "字"),
        ("字\U000e01f0", "字"),
        ("字\ue000\u0378", "字"),
        ("字\u20dd", "字"),
        ("字\ud800", "字"),
        ("е" + "\u0301" * 6, "е\u0301\u0301\u0301"),
        ("Łódź", "Łódź"),
        ("“Лист”", "“Лист”"),
        ("Ø ⌀ ∅", "Ø Ø Ø"),
    ],
)
def test_a_text_is_made_legible(text: str, expected: str) -> None:
    assert legible(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Чай", "Чай"),
        ("Łódź", "odz"),
        ("Café", "Cafe"),
        ("Ⅳ том", "IV том"),
        ("字 Чай Ёж", " Чай Ёж"),
        ("10²", "102"),
        ("ﬁльтр", "fiльтр"),
    ],
)
def test_what_cp1251_lacks_is_written_in_the_letters_it_is_made_of(text: str, expected: str) -> None:
    assert to_cp1251(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Чай & кофе", "Чай & кофе"),
        ("Чай &amp; кофе", "Чай & кофе"),
        ("&quot;Чай&quot;", '"Чай"'),
        ("&amp;amp;amp;amp;amp;amp;lt;", "<"),
        ("&amp;quot;Чай", '"Чай'),
        ("&#38;&#x26;lt;", "&<"),
        ("&laquo;Чай&raquo;", "«Чай»"),
    ],
)
def test_escaped_signs_are_read_however_often_they_were_escaped(text: str, expected: str) -> None:
    assert unescape(text) == expected


def test_a_character_counts_as_vk_counts_it() -> None:
    costs = {'"': 5, "&": 5, "'": 5, "\\": 6, ">": 4, "<": 4, "!": 5, "$": 6, "ж": 1, "a": 1, "字": 8, "é": 6}

    assert {char: weight(char) for char in costs} == costs
    assert vk_length("Чай") == 3
    assert vk_length('"Чай"') == 13
    assert vk_length("字й") == 9
