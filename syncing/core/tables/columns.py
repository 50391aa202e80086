"""The columns of a table of goods, and the headers by which they are known, in any order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

# A table that begins with lines of text has its headers within so many rows.
MOST_ROWS_ABOVE = 10
LONGEST_HEADER = 200
# One word may stand below a header by chance.
_LEAST_OF_HEADERS = 2


class Column(StrEnum):
    """What a column holds. Those of SETTABLE may be changed by a table, the others are for reading."""

    ID = "id"
    STORE = "store"
    GROUP = "group"
    NAME = "name"
    ARTICLE = "article"
    CODE = "code"
    BARCODE = "barcode"
    PRICE = "price"
    STOCK = "stock"
    IN_VK = "in_vk"
    CATEGORY = "category"
    ALBUM = "album"
    TITLE = "title"
    DESCRIPTION = "description"
    DECISION = "decision"
    TAGS = "tags"


SETTABLE = (
    Column.IN_VK,
    Column.CATEGORY,
    Column.ALBUM,
    Column.TITLE,
    Column.DESCRIPTION,
    Column.DECISION,
    Column.TAGS,
)
# What can say which product a line is about, the surest first.
KEYS = (Column.ID, Column.BARCODE, Column.CODE, Column.ARTICLE)
# The header that an export writes, by language.
HEADERS: Mapping[str, Mapping[Column, str]] = {
    "ru": {
        Column.ID: "ID товара",
        Column.STORE: "Магазин",
        Column.GROUP: "Группа",
        Column.NAME: "Название в кассе",
        Column.ARTICLE: "Артикул",
        Column.CODE: "Код",
        Column.BARCODE: "Штрихкод",
        Column.PRICE: "Цена в кассе",
        Column.STOCK: "Остаток",
        Column.IN_VK: "В VK",
        Column.CATEGORY: "Категория VK",
        Column.ALBUM: "Своя подборка",
        Column.TITLE: "Своё название",
        Column.DESCRIPTION: "Своё описание",
        Column.DECISION: "Можно продавать в VK",
        Column.TAGS: "Метки",
    },
    "en": {
        Column.ID: "Product ID",
        Column.STORE: "Store",
        Column.GROUP: "Group",
        Column.NAME: "Name in the till",
        Column.ARTICLE: "Article",
        Column.CODE: "Code",
        Column.BARCODE: "Barcode",
        Column.PRICE: "Price in the till",
        Column.STOCK: "Stock",
        Column.IN_VK: "In VK",
        Column.CATEGORY: "VK category",
        Column.ALBUM: "Own album",
        Column.TITLE: "Own title",
        Column.DESCRIPTION: "Own description",
        Column.DECISION: "May be sold in VK",
        Column.TAGS: "Tags",
    },
}
# Other names under which merchants have these columns.
OTHER_HEADERS: Mapping[Column, tuple[str, ...]] = {
    Column.ID: ("id", "uuid", "ид", "ид товара", "идентификатор", "id эвотор", "evotor id"),
    Column.STORE: ("shop", "торговая точка", "точка"),
    Column.GROUP: ("группа товаров", "папка"),
    Column.NAME: ("название", "наименование", "товар", "номенклатура", "name", "product", "имя"),
    Column.ARTICLE: ("арт", "sku", "vendor code", "article number", "код производителя"),
    Column.CODE: ("код товара", "product code"),
    Column.BARCODE: ("штрихкоды", "штрих код", "шк", "ean", "ean13", "barcodes", "gtin"),
    Column.PRICE: ("цена", "розничная цена", "цена продажи", "price"),
    Column.STOCK: ("остатки", "количество", "кол во", "quantity", "qty"),
    Column.IN_VK: ("вк", "показывать в vk", "показывать в вк", "в вк", "show in vk", "vk"),
    Column.CATEGORY: ("категория", "категория вк", "category"),
    Column.ALBUM: ("подборка", "альбом", "свой альбом", "album"),
    Column.TITLE: ("название в vk", "название в вк", "заголовок", "title", "title in vk"),
    Column.DESCRIPTION: ("описание", "описание в vk", "описание в вк", "text", "description", "own text"),
    Column.DECISION: ("можно продавать", "решение", "decision", "may be sold"),
    Column.TAGS: ("метка", "теги", "тег", "ярлыки", "свои метки", "tag", "labels", "own tags"),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column stands where. `unknown` are headers that mean nothing to us.

    `twice` are the headers of columns that hold what another one holds, each pair in one text. `row` is the
    place of the last row of headers among all rows.
    """

    row: int
    places: Mapping[Column, int]
    unknown: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()

    @property
    def settable(self) -> tuple[Column, ...]:
        """The columns that may change something."""
        return tuple(column for column in SETTABLE if column in self.places)

    @property
    def has_key(self) -> bool:
        """Whether a column says which product a line is about."""
        return any(key in self.places for key in KEYS)


def column_of(header: str) -> Column | None:
    """Return what a column with this header holds, None where it is none of ours."""
    return _KNOWN.get(_folded(header))


def known_columns(row: Sequence[str]) -> int:
    """Return how many headers of ours a row has."""
    return sum(column_of(cell) is not None for cell in row)


def find_layout(rows: Sequence[Sequence[str]]) -> Layout | None:
    """Return the layout by the headers: the row that has most of ours, or two rows that have more together.

    None without any.
    """
    best, place, most = None, 0, 0
    above: Sequence[str] = ()
    for number, row in enumerate(rows[:MOST_ROWS_ABOVE]):
        for headers in (row, _stacked(above, row)):
            if (known := known_columns(headers)) > most:
                best, place, most = headers, number, known
        above = row
    return None if best is None else _layout(place, best)


def is_headers_again(row: Sequence[str], layout: Layout) -> bool:
    """Return True if a row below the headers only repeats them, in any language."""
    told = [(column, row[place]) for column, place in layout.places.items() if _has(row, place)]
    return len(told) >= _LEAST_OF_HEADERS and all(column_of(cell) is column for column, cell in told)


def numbers_columns(row: Sequence[str]) -> bool:
    """Return True if a row only counts the columns, as forms do below their headers: 1, 2, 3."""
    numbers = [str(number) for number in range(1, len(row) + 1)]
    return len(row) > _LEAST_OF_HEADERS and [cell.strip() for cell in row] == numbers


def column_letters(place: int) -> str:
    """Return the letters by which a spreadsheet names the column at a place, counted from 0."""
    letters = ""
    number = place + 1
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _stacked(above: Sequence[str], row: Sequence[str]) -> list[str]:
    """Return the headers of two rows, of which the upper one names what the lower one leaves empty."""
    pairs = zip_longest(above, row, fillvalue="")
    return [lower if lower.strip() else upper for upper, lower in pairs]


def _layout(row: int, headers: Sequence[str]) -> Layout:
    places: dict[Column, int] = {}
    unknown, twice = [], []
    for place, cell in enumerate(headers):
        column = column_of(cell)
        if column is None:
            if name := " ".join(cell.split())[:LONGEST_HEADER]:
                unknown.append(name)
        elif column in places:
            twice.append(f"{_named(headers, places[column])}, {_named(headers, place)}")
        else:
            places[column] = place
    return Layout(row, places, tuple(unknown), tuple(twice))


def _named(headers: Sequence[str], place: int) -> str:
    return f"{column_letters(place)} ({' '.join(headers[place].split())})"


def _has(row: Sequence[str], place: int) -> bool:
    return place < len(row) and bool(row[place].strip())


def _folded(header: str) -> str:
    text = header[:LONGEST_HEADER].casefold().replace("ё", "е")
    return " ".join("".join(char if char.isalnum() else " " for char in text).split())


_KNOWN: Mapping[str, Column] = {
    _folded(name): column
    for column in Column
    for name in (
        *OTHER_HEADERS[column],
        *(headers[column] for headers in HEADERS.values()),
    )
}
