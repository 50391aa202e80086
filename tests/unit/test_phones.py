"""Phones as people write them."""

import pytest

from evosync.common.phones import InvalidPhone, normalise_phone


@pytest.mark.parametrize(
    "text", ["89991234567", "+7 999 123-45-67", "8 (999) 123-45-67", "999 123 45 67", "  +79991234567 "]
)
def test_every_way_to_write_a_russian_phone_is_the_same_phone(text: str) -> None:
    assert normalise_phone(text) == "+79991234567"


def test_a_phone_of_another_country_keeps_its_country() -> None:
    assert normalise_phone("+375 29 123-45-67") == "+375291234567"


@pytest.mark.parametrize("text", ["", "касса", "12345", "8999123456", "+7 999 123 45 67 8"])
def test_what_cannot_be_called_is_no_phone(text: str) -> None:
    with pytest.raises(InvalidPhone):
        normalise_phone(text)
