"""A category is found by its path, by its name, or by words of it."""

import pytest

from syncing.core.category_search import find_categories, recent_first
from syncing.core.records import Category

BREAD = Category(3, ("Продукты питания", "Хлеб и выпечка"))
GROCERY = Category(2, ("Продукты питания", "Бакалея"))
TOYS = Category(5, ("Детские товары", "Игрушки"))
PET_TOYS = Category(6, ("Зоотовары", "Игрушки"))
HONEY = Category(7, ("Ярмарка", "Лавки", "Мёд"))
MEDALS = Category(8, ("Ярмарка", "Лавки", "Медали"))
ALL = [GROCERY, BREAD, TOYS, PET_TOYS]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Продукты питания → Бакалея", [GROCERY]),
        ("  продукты питания / БАКАЛЕЯ ", [GROCERY]),
        ("бакалея", [GROCERY]),
        ("хлеб", [BREAD]),
        ("выпеч хлеб", [BREAD]),
        ("Игрушки", [TOYS, PET_TOYS]),
        ("зоо игрушки", [PET_TOYS]),
        ("продукты", [GROCERY, BREAD]),
        ("мебель", []),
        ("Мёд", [HONEY]),
        ("мед", [HONEY]),
        ("", []),
        (" → ", []),
    ],
)
def test_it_finds_by_path_name_and_words(text: str, found: list[Category]) -> None:
    assert find_categories(text, [*ALL, HONEY, MEDALS]) == found


def test_a_whole_path_wins_over_one_that_goes_on_from_it() -> None:
    longer = Category(9, ("Продукты питания", "Бакалея", "Крупы"))

    assert find_categories("Продукты питания → Бакалея", [longer, GROCERY]) == [GROCERY]


def test_what_is_in_use_comes_first_and_once() -> None:
    assert recent_first(ALL, [6, 2, 6, 404]) == [PET_TOYS, GROCERY, BREAD, TOYS]
