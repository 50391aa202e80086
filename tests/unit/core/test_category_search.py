"""A category is found by its path, by its name, or by words of it."""

import pytest

from syncing.core.category_search import (
    find_categories,
    propose_categories,
    recent_first,
    suggest_categories,
)
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


PURSES = Category(10, ("Гардероб", "Кошельки, ключницы и брелки"))
SWEETS = Category(11, ("Продукты питания", "Сладости и десерты"))
APPLE = Category(12, ("Телефоны", "Apple"))
SHOP = [*ALL, HONEY, MEDALS, PURSES, SWEETS, APPLE]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # The keys of the other layout, with those that are signs in it.
        (",frfktz", [GROCERY]),
        ("[kt,", [BREAD]),
        ("фззду", [APPLE]),
        # Other forms of the words.
        ("игрушка зоотовар", [PET_TOYS]),
        ("кошелёк", [PURSES]),
        ("лавка медаль", [MEDALS]),
        # What is neither is not taken for something that is alike.
        ("бокалея", []),
        ("игра", []),
        ("f", []),
        ("🙂 %s {0} <b>", []),
    ],
)
def test_other_layouts_and_other_forms_of_words_are_found(text: str, found: list[Category]) -> None:
    assert find_categories(text, SHOP) == found


@pytest.mark.parametrize(
    ("text", "proposed"),
    [
        ("бокалея", [GROCERY]),
        ("бкаалея", [GROCERY]),
        ("хлеп", [BREAD]),
        ("продуты питание бакалея", [GROCERY]),
        (",jrfktz", [GROCERY]),
        # A kind of goods and not a name of VK's.
        ("конфеты", [SWEETS]),
        ("rjyatns", [SWEETS]),
        # Short words are alike by chance.
        ("мел", []),
        ("хлор", []),
        ("", []),
        ("слово " * 50, []),
    ],
)
def test_what_names_no_category_is_proposed_by_its_slips_and_by_the_kind_of_goods(
    text: str, proposed: list[Category]
) -> None:
    assert propose_categories(text, SHOP) == proposed


def test_a_whole_path_wins_over_one_that_goes_on_from_it() -> None:
    longer = Category(9, ("Продукты питания", "Бакалея", "Крупы"))

    assert find_categories("Продукты питания → Бакалея", [longer, GROCERY]) == [GROCERY]


def test_what_is_in_use_comes_first_and_once() -> None:
    assert recent_first(ALL, [6, 2, 6, 404]) == [PET_TOYS, GROCERY, BREAD, TOYS]


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("игр", [TOYS, PET_TOYS]),
        ("игрушки", [TOYS, PET_TOYS]),
        # A whole name hides none that begin alike; it comes first.
        ("мед", [HONEY, MEDALS]),
        ("бок", []),
        # As the finished word would be understood: the other layout, another form, a slip, a kind of goods.
        (",frf", [GROCERY]),
        ("игрушка зоотовар", [PET_TOYS]),
        ("бокалея", [GROCERY]),
        ("конфеты", [SWEETS]),
        # Numbers, the whole one first.
        ("1", [Category(1, ("Обувь",)), PURSES, SWEETS, APPLE]),
        ("12", [APPLE]),
        ("404", []),
        ("", []),
    ],
)
def test_what_is_being_typed_finds_what_it_may_become(text: str, suggested: list[Category]) -> None:
    assert suggest_categories(text, [*SHOP, Category(1, ("Обувь",))]) == suggested
