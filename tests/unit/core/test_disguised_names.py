"""Forbidden words are found however they are written; ordinary names keep their verdict."""

from collections.abc import Callable, Mapping

import pytest

from syncing.core.restricted_goods.name_classifier import classify_name
from syncing.core.restricted_goods.spelling import other_readings

NAMES = ("Водка Столичная 0,5", "Сигареты Ява", "Пиво Балтика 7", "Кальян", "Снюс", "Вейп")


def between(joint: str) -> Callable[[str], str]:
    """Return a function that puts the joint behind every letter but the last of each word."""
    return lambda name: "  ".join(joint.join(word) for word in name.split())


def in_letters(table: dict[int, int]) -> Callable[[str], str]:
    """Return a function that writes a name with these letters."""
    return lambda name: name.translate(table)


UNSEEN = {
    f"U+{ord(char):04X}": between(char)
    # Marks of direction, joiners, fillers, selectors, accents and tags.
    for char in (
        "\u034f\u115f\u180e\u200b\u200d\u200e\u200f\u2060\u2068\u3164\ufe0f\ufeff\u0301\u0336\U000e0041"
    )
}
JOINTS = {f"{joint!r} between letters": between(joint) for joint in (".", "-", " ", "_", "*", "·", "•", "|")}
LIKES: Mapping[str, dict[int, int]] = {
    "Latin letters": str.maketrans("АВЕКМНОРСТаеорсух", "ABEKMHOPCTaeopcyx"),
    "Greek letters": str.maketrans("аорик", "αορικ"),
    "digits": str.maketrans("о", "0"),
    "at signs": str.maketrans("а", "@"),
}
DISGUISES: Mapping[str, Callable[[str], str]] = {
    **UNSEEN,
    **JOINTS,
    **{what: in_letters(table) for what, table in LIKES.items()},
    "right to left": lambda name: f"\u202e{name[::-1]}\u202c",
    "a picture within": lambda name: f"{name[:2]}🔥{name[2:]}",
    "a dot within": lambda name: f"{name[:2]}.{name[2:]}",
    "wide letters": lambda name: name.replace("0", "\uff10"),
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_forbidden_word_is_found_in_any_writing(disguise: str) -> None:
    allowed = [name for name in NAMES if classify_name(DISGUISES[disguise](name)).is_allowed]
    assert allowed == []


@pytest.mark.parametrize("name", ["СигаретыЯва", "ВодкаСтоличная 0,5", "ПивоБалтика"])
def test_words_that_are_glued_together_are_read_apart(name: str) -> None:
    assert not classify_name(name).is_allowed


@pytest.mark.parametrize(
    "name",
    [
        "Шоколад мол.Алёнка",
        "Витамины А В С Е Д",
        "Футболка S M L XL",
        "β-каротин капсулы",
        "Омега-ω3 масло льняное",
        "Кружка синяя",
        "Ёлка й щётка",
        "Крем Лореаль-Париж",
        "Печенье В.к.у.с.н.о",
        "Кроссовки МаксМара",
        "Набор ручек @home",
    ],
)
def test_ordinary_names_are_read_as_before(name: str) -> None:
    assert classify_name(name).is_allowed
    for reading in other_readings(name):
        assert classify_name(reading).is_allowed
