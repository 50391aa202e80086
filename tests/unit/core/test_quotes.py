"""Quotes come in pairs of «»; inches, feet and apostrophes are none."""

import pytest

from syncing.core.quotes import pair_quotes


@pytest.mark.parametrize(
    ("typed", "paired"),
    [
        ("Чипсы Lay's", "Чипсы Lay’s"),
        ("Чипсы Lay 's", "Чипсы Lay’s"),
        ("Пиво 'Балтика 7'", "Пиво «Балтика 7»"),
        ("Шланг 5' жёлтый", "Шланг 5’ жёлтый"),
        ('5" гвоздь', '5" гвоздь'),
        ("'Балтика 7' светлое", "«Балтика 7» светлое"),
        # A guillemet says by itself whether it opens, whatever spaces stand beside it.
        ("Чай« Майский »", "Чай «Майский»"),
        # What closes nothing goes.
        ("Чай» чёрный", "Чай чёрный"),
        # The free mark closes nothing, so the one after the digit does.
        ('Экран "LG 32" " чёрный', "Экран «LG 32» чёрный"),
        ('Экран "LG 32"" чёрный', 'Экран «LG 32"» чёрный'),
    ],
)
def test_a_mark_is_what_stands_beside_it(typed: str, paired: str) -> None:
    assert " ".join(pair_quotes(typed).split()) == paired
