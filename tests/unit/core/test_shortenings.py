"""Usual shortenings are written out in the gender and number of the goods."""

import pytest

from syncing.core.shortenings import write_out


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("Пакет п/э", "Пакет полиэтиленовый"),
        ("Пакеты п/э", "Пакеты полиэтиленовые"),
        ("Ягоды с/м", "Ягоды свежемороженые"),
        ("Пончики с/м", "Пончики свежемороженые"),
        ("Сироп п/сл", "Сироп полусладкий"),
        ("Сиропы п/сл", "Сиропы полусладкие"),
        ("Пончики п/сл", "Пончики полусладкие"),
        ("Вода п/сл", "Вода полусладкая"),
        ("Напиток п/сух", "Напиток полусухой"),
        ("Напитки п/сух", "Напитки полусухие"),
        ("Желе п/сух", "Желе полусухое"),
        # Without a slash only these begin a shortening.
        ("Мыло в асс", "Мыло в ассортименте"),
        ("Мыло в ассорт.", "Мыло в ассортименте"),
        ("Мыло массажное", "Мыло массажное"),
        ("Корм ДОЙПАК", "Корм дой-пак"),
    ],
)
def test_an_adjective_agrees_with_the_first_word(line: str, written: str) -> None:
    assert write_out(line) == written
