"""Names are set large, whole and balanced, with numbers beside their units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.photos.text_layout import ELLIPSIS, LEADING, NBSP, Setting, glue, set_text, shorten

WIDTH, HEIGHT = 800, 600


def typewriter(text: str) -> float:
    """Every letter is 0.6 em wide."""
    return 0.6 * len(text)


def fit(text: str, *, height: int = HEIGHT) -> Setting:
    return set_text(text, typewriter, width=WIDTH, height=height, largest=120, smallest=36)


@pytest.mark.parametrize(
    ("raw", "glued"),
    [
        ("Чай 50 г", "Чай 50~г"),
        ("Пиво 0,5 л светлое", "Пиво 0,5~л светлое"),
        ("Балтика № 7", "Балтика №~7"),
        ("Шоколад  с   орехом", "Шоколад с~орехом"),
        ("3 гвоздики", "3 гвоздики"),
        ("Сок (с мякотью)", "Сок (с~мякотью)"),
    ],
)
def test_a_line_does_not_end_between_what_belongs_together(raw: str, glued: str) -> None:
    assert glue(raw) == glued.replace("~", NBSP)


def test_a_short_name_is_set_at_the_largest_size() -> None:
    assert fit("Сыр") == Setting(("Сыр",), 120)


def test_a_longer_name_is_set_smaller() -> None:
    assert fit("Колбаса варёная докторская высший сорт в вакууме").size < fit("Колбаса варёная").size


def test_lines_are_of_like_length() -> None:
    lines = fit("один два три четыре").lines
    assert len(lines) > 1
    assert max(map(len, lines)) - min(map(len, lines)) <= 6


def test_a_word_that_is_too_long_is_broken_with_a_hyphen() -> None:
    lines = fit("Ж" * 60).lines
    assert all(line.endswith("-") for line in lines[:-1])
    assert "".join(line.rstrip("-") for line in lines) == "Ж" * 60


def test_a_forgotten_space_is_a_place_to_break() -> None:
    assert fit('"Экспортное"пастеризованное').lines == ('"Экспортное"', "пастеризованное")


def test_a_text_that_does_not_fit_ends_in_an_ellipsis() -> None:
    setting = fit("слово " * 200)
    assert setting.size == 36
    assert setting.lines[-1].endswith(ELLIPSIS)


def test_an_empty_name_has_no_lines() -> None:
    assert fit("  ").lines == ()


def test_a_caption_is_cut_before_punctuation() -> None:
    assert shorten("Корма, игрушки", typewriter, 4.5) == f"Корма{ELLIPSIS}"
    assert shorten("Корма", typewriter, 4.5) == "Корма"


@given(st.text(max_size=300))
def test_every_text_stays_in_its_box(text: str) -> None:
    setting = fit(text)
    assert len(setting.lines) * LEADING * setting.size <= HEIGHT
    assert all(typewriter(line) * setting.size <= WIDTH + 1e-6 for line in setting.lines)


@given(st.lists(st.sampled_from(["сыр", "50", "г", "М/У", "СЛАВЯНКА-ЛЮКС", "с", "№", "7"]), max_size=12))
def test_no_letter_is_lost(words: list[str]) -> None:
    lines = fit(" ".join(words)).lines
    joined = "".join(lines).replace(NBSP, "").replace(" ", "")
    assert joined == "".join(words)
