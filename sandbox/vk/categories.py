"""A small tree of VK's market categories: real numbers where public sources show them.

Roots are sections; what hangs under them may be given to an item, and so may a section, which is
noted in the log of warnings.
"""

from typing import Any, Final

# (section id, section name, its categories)
TREE: Final[tuple[tuple[int, str, tuple[tuple[int, str], ...]], ...]] = (
    (
        10000,
        "Гардероб",
        (
            (40064, "Ювелирные украшения"),
            (40105, "Кошельки, ключницы и брелки"),
            (50053, "Одежда"),
            (50056, "Серьги"),
            (50057, "Обувь"),
            (50062, "Браслеты"),
            (50063, "Сумки"),
        ),
    ),
    (10001, "Детские товары", ((20101, "Игрушки"), (20102, "Детское питание"), (20103, "Товары для школы"))),
    (10002, "Электроника", ((20173, "Батарейки"), (20174, "Аксессуары для телефонов"), (20175, "Лампы"))),
    (10005, "Спорт и отдых", ((30282, "Туризм"), (30417, "Скейтборды и лонгборды"))),
    (
        10006,
        "Дом и дача",
        ((30501, "Посуда"), (30502, "Товары для дома"), (30503, "Бытовая химия"), (30504, "Сад")),
    ),
    (10007, "Красота и здоровье", ((40834, "Косметика"), (40835, "Гигиена"))),
    (
        10016,
        "Продукты питания",
        (
            (50067, "Бакалея"),
            (50101, "Сладости и десерты"),
            (50102, "Чай и кофе"),
            (50103, "Напитки"),
            (50104, "Молочные продукты"),
            (50105, "Мясо и рыба"),
            (50106, "Овощи и фрукты"),
            (50107, "Хлеб и выпечка"),
        ),
    ),
    (10020, "Хобби и творчество", ((60001, "Книги"), (60002, "Канцелярские товары"))),
    (10030, "Товары для животных", ((60101, "Корма"), (60102, "Аксессуары для животных"))),
)
SECTIONS: Final = frozenset(section for section, _, _ in TREE)
_NAMES: Final = {section: name for section, name, _ in TREE} | {
    number: name for _, _, children in TREE for number, name in children
}
_PARENTS: Final = {number: section for section, _, children in TREE for number, _ in children}


def is_category(number: int) -> bool:
    """Return True if an item may carry this category."""
    return number in _NAMES


def nested_category(number: int) -> dict[str, Any]:
    """Return the category as items carry it, with its section."""
    node: dict[str, Any] = {
        "inner_type": "market_market_category_nested",
        "id": number,
        "name": _NAMES[number],
        "is_v2": True,
    }
    if number in _PARENTS:
        node["parent"] = nested_category(_PARENTS[number])
    return node


def category_tree() -> list[dict[str, Any]]:
    """Return the tree as `market.getCategories` gives it since 5.199."""
    return [
        {
            "id": section,
            "name": name,
            "children": [_leaf(number, child, name) for number, child in children],
            "view": {"type": "tab_root", "selected": False, "root_path": [name]},
        }
        for section, name, children in TREE
    ]


def find_categories(query: str, below: int | None, count: int) -> list[dict[str, Any]]:
    """Return the categories whose name holds the words, as a flat list."""
    return [
        _leaf(number, child, name)
        for section, name, children in TREE
        for number, child in children
        if query.casefold() in child.casefold() and below in (None, section)
    ][:count]


def _leaf(number: int, name: str, section: str) -> dict[str, Any]:
    view = {"type": "tab_root", "selected": False, "root_path": [name, section]}
    return {"id": number, "name": name, "view": view}
