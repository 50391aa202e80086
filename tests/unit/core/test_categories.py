"""The first proposal for a VK category."""

import pytest

from syncing.core.categories import guess_category

CATEGORIES = [
    (1, "Продукты питания / Чай и кофе"),
    (2, "Продукты питания / Молочные продукты"),
    (3, "Красота и здоровье / Уход за волосами"),
    (4, "Товары для животных / Корма"),
    (5, "Дом и дача / Посуда"),
    (6, "Продукты питания / Продукты"),
]


@pytest.mark.parametrize(
    ("path", "title", "category"),
    [
        (("Чай",), "Принцесса Нури", 1),
        (("Продукты",), "Чай Tess 25 пак.", 1),
        (("Молочный отдел",), "Кефир", 2),
        (("Косметика",), "Шампунь для волос", 3),
        (("Животные",), "Корм Whiskas", 4),
        (("Продукты",), "Гречка", 6),
        (("Разное",), "Батарейка", None),
        ((), "", None),
    ],
)
def test_the_category_with_most_words_in_common_is_proposed(
    path: tuple[str, ...], title: str, category: int | None
) -> None:
    assert guess_category(path, title, CATEGORIES) == category


def test_without_categories_nothing_is_proposed() -> None:
    assert guess_category(("Чай",), "Чай", []) is None
