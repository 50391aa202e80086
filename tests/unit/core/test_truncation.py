"""A cut text ends in a word that stands by itself."""

import pytest

from syncing.core.truncation import cut


@pytest.mark.parametrize(
    ("text", "longest", "kept"),
    [
        ("Чай с лимоном", 6, "Чай"),
        ("Чай с, лимоном", 6, "Чай"),
        ("Чай в/с, лимонный", 8, "Чай в/с"),
        ("Чай — с лимоном", 8, "Чай"),
        ("Чай 100 г", 7, "Чай"),
    ],
)
def test_neither_a_preposition_nor_a_sign_is_left_hanging(text: str, longest: int, kept: str) -> None:
    assert cut(text, longest, lambda _char: 1) == kept
