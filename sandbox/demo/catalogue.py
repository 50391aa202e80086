"""Fills the Evotor stand-in with a shop of our own invention: two stores and everything awkward.

The same seed gives the same shop: names, prices, stock, ids. Beside the ordinary shelves of
`words` there are goods that a till really holds and a showcase must cope with.
"""

import random
from typing import Any, Final

from sandbox.demo.words import FOOD, SHELVES, Shelf
from sandbox.evotor.records import TillStore
from sandbox.evotor.state import EvotorState

SEED: Final = 20_240_115
SHARED_EVERY: Final = 9
# No group has this id: the terminal hides such a product, the cloud still lists it.
DANGLING: Final = "00000000-0000-4000-8000-00000000dead"

# What is odd about a product, and its fields; those not named are those of a plain piece of goods.
ODDITIES: Final[tuple[dict[str, Any], ...]] = (
    {"name": "Мёд", "price": 450, "description": "Гречишный"},
    {"name": "Ёж", "price": 75},
    {"name": '  Шоколад ""Горький""   72 %  100 г ', "price": 119.9},
    {"name": "НАБОР ПОДАРОЧНЫЙ «ЗИМНИЙ ВЕЧЕР»: ЧАЙ, МЁД, ВАРЕНЬЕ 3 ШТ", "price": 1290},
    {"name": "Леденец 🍭 на палочке", "price": 25},
    {"name": "Варенье <<Бабушкино>> & сироп \\ 2 в 1! $", "price": 210},
    {"name": "Открытка \"С любовью\" 'ручная работа'", "price": 60},
    {
        "name": "Сбор травяной большой подарочный для долгих зимних вечеров с чабрецом, мятой, "
        "мелиссой, липой, шиповником 500 г",
        "price": 990,
    },
    {"name": "Свеча", "price": 130.727272727, "quantity": 7},
    {"name": "Спички", "price": 92.1666666667, "quantity": 120},
    {"name": "Позиция по свободной цене", "price": 0, "quantity": None},
    {"name": "Пакет-майка", "price": 0},
    {"name": "Товар без цены", "price": None},
    {"name": "Соль пищевая 1 кг", "price": 24, "quantity": -14},
    {"name": "Дрожжи 11 г", "price": 12, "quantity": -0.5},
    {"name": "Уксус 9 % 0,5 л", "price": 41, "quantity": 0},
    {"name": "Снятый с продажи календарь 2023", "price": 150, "allow_to_sell": False},
    {"name": "Витамин С 900 мг", "price": 180, "type": "MEDICINE_MARKED"},
    {"name": "Зажигалка", "price": 45, "is_age_limited": True},
    {"name": "Энергетический напиток «Искра» 0,45 л", "price": 110, "is_age_limited": True},
    {"name": "Жидкость акцизная", "price": 300, "is_excisable": True},
    {"name": "Ботинки домашние, 38", "price": 2400, "type": "SHOES_MARKED"},
    {"name": "Вода «Родник» 5 л", "price": 95, "type": "WATER_MARKED"},
    {"name": "Неведомая штука", "price": 10, "type": "FUTURE_KIND", "tax": "VAT_33"},
    {"name": "Полка кованая", "price": 5400, "barcodes": ["3773-9001-046"]},
    {"name": "Ткань льняная", "price": 640, "measure_name": "м", "quantity": 18.75},
    {"name": "Масло подсолнечное на розлив", "price": 160, "measure_name": "л", "quantity": 33.4},
    {"name": "Орехи кедровые весовые", "price": 2350.5, "measure_name": "дроб", "quantity": 0.125},
    {"name": "Носки шерстяные", "price": 320, "measure_name": "пара"},
    {
        "name": "Подробности на сайте",
        "price": 500,
        "description": "Смотрите https://lavka.example/goods и www.lavka.example",
    },
    {"name": "Очень дорогая картина", "price": 9_999_999.99, "quantity": 1},
    {"name": "Миллион семечек", "price": 0.01, "quantity": 1_500_000},
)
SERVICES: Final = (("Упаковка подарка", 50), ("Доставка по городу", 250), ("Заточка ножей", 120))


def fill_with_demo(state: EvotorState) -> tuple[TillStore, TillStore]:
    """Open both stores with their catalogues and return them: the large one, then the small one."""
    shop = state.add_store("Лавка у реки", "г. Тула, наб. Упы, 7")
    kiosk = state.add_store("Ларёк на площади", "г. Тула, пл. Ленина, 1")
    stocker = Stocker(state, shop, kiosk)
    for shelf in SHELVES:
        stocker.fill(shelf)
    _add_oddities(state, shop, stocker.groups[(FOOD,)])
    _add_modifications(state, shop)
    return shop, kiosk


class Stocker:
    """Puts the shelves' goods into the shop, and every ninth into the kiosk too, under the same barcode."""

    def __init__(self, state: EvotorState, shop: TillStore, kiosk: TillStore) -> None:
        self.groups: dict[tuple[str, ...], str] = {}
        self._state, self._shop, self._kiosk = state, shop, kiosk
        self._dice = random.Random(SEED)
        self._number = 0

    def fill(self, shelf: Shelf) -> None:
        """Add the goods of one shelf, with the groups above it."""
        group_id = self._group(shelf.path)
        for name in self._names(shelf):
            self._number += 1
            fields = self._fields(shelf, group_id)
            self._state.add_product(self._shop.id, name, **fields)
            if self._number % SHARED_EVERY == 0:
                duplicate = fields | {"price": fields["price"] + 5, "quantity": 3, "parent_id": None}
                self._state.add_product(self._kiosk.id, name, **duplicate)

    def _group(self, path: tuple[str, ...]) -> str:
        if path not in self.groups:
            parent_id = self._group(path[:-1]) if len(path) > 1 else None
            self.groups[path] = self._state.add_group(self._shop.id, path[-1], parent_id).id
        return self.groups[path]

    def _names(self, shelf: Shelf) -> list[str]:
        every = [
            " ".join(f"{goods} «{maker}» {kind} {size}".split())
            for goods in shelf.goods
            for maker in shelf.makers
            for kind in shelf.kinds
            for size in shelf.sizes
        ]
        return self._dice.sample(every, min(shelf.count, len(every)))

    def _fields(self, shelf: Shelf, group_id: str) -> dict[str, Any]:
        dice, number = self._dice, self._number
        price = dice.randint(*shelf.prices) + dice.choice((0, 0, 0, 0.5, 0.9))
        stock: float = dice.choice((0, 1, 2, 5, 8, 13, 40, 250))
        if shelf.measure != "шт":
            stock = round(dice.uniform(0, 40), 3)
        fields: dict[str, Any] = {
            "price": price,
            "cost_price": round(price * 0.7, 3),
            "quantity": stock,
            "measure_name": shelf.measure,
            "type": shelf.type,
            "parent_id": group_id,
            "code": str(1000 + number),
            "article_number": f"A-{number:04d}" if number % 3 else "",
            "barcodes": [f"46{number:011d}"] if number % 4 else [],
        }
        if shelf.type.startswith(("ALCOHOL", "BEER")):
            fields |= {"alcohol_by_volume": 4.7, "alcohol_product_kind_code": 500, "is_excisable": True}
        return fields


def _add_oddities(state: EvotorState, store: TillStore, group_id: str) -> None:
    for number, fields in enumerate(ODDITIES, start=1):
        name = fields["name"]
        others = {key: value for key, value in fields.items() if key != "name"}
        state.add_product(store.id, name, code=str(number), parent_id=group_id, **others)
    for name, price in SERVICES:
        state.add_sparse_product(
            store.id,
            name=name,
            type="SERVICE",
            price=price,
            measure_name="",
            tax="NO_VAT",
            allow_to_sell=True,
        )
    duplicate: dict[str, Any] = {"price": 65, "code": "777", "parent_id": group_id}
    state.add_product(store.id, "Хлеб ржаной 0,7 кг", **duplicate)
    state.add_product(store.id, "Хлеб ржаной 0,7 кг", **duplicate)
    state.add_product(store.id, "Потерянная чашка", price=210, parent_id=DANGLING)
    unknown = state.add_product(store.id, "Сушки простые 300 г", price=58)
    state.drop_field(store.id, unknown.id, "quantity")


def _add_modifications(state: EvotorState, store: TillStore) -> None:
    attributes: list[dict[str, Any]] = [
        {
            "id": "0e1f0a52-0000-11ee-8000-000000000001",
            "name": "Размер",
            "choices": [
                {"id": "0e1f0a52-0000-11ee-8000-00000000000a", "name": "S"},
                {"id": "0e1f0a52-0000-11ee-8000-00000000000b", "name": "M"},
            ],
        },
        {
            "id": "0e1f0a52-0000-11ee-8000-000000000002",
            "name": "Цвет",
            "choices": [{"id": "0e1f0a52-0000-11ee-8000-00000000000c", "name": "Красный"}],
        },
    ]
    group = state.add_group(store.id, "Футболка «Лавка»", attributes=attributes)
    size, colour = attributes
    for choice in size["choices"]:
        state.add_product(
            store.id,
            f"Футболка «Лавка» (Красный, {choice['name']})",
            price=790,
            parent_id=group.id,
            attributes_choices={size["id"]: choice["id"], colour["id"]: colour["choices"][0]["id"]},
        )
