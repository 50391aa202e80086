"""Loads a shop's catalogue from a CSV file into the Evotor stand-in.

The file is UTF-8, with or without a byte order mark, with the columns code, name, price, cost_price,
quantity and group, in any order. Numbers have a decimal point and are kept as they stand
(130.727272727); an empty price, cost or quantity means that the till does not know it. Codes may
repeat; ids come from the row's number and code, so the same file always gives the same ids.
"""

import csv
import io
import math
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sandbox.evotor.records import TillStore
from sandbox.evotor.state import EvotorState

COLUMNS: Final = ("code", "name", "price", "cost_price", "quantity", "group")
NUMBERS: Final = ("price", "cost_price", "quantity")
NAMESPACE: Final = uuid.UUID("0c3c0f7e-3c57-4f0e-8c8e-5d9f3d5a7b21")


class CatalogueFileError(Exception):
    """A file that cannot be loaded. `line` is the line in the file, 0 for the file itself."""

    def __init__(self, path: Path, text: str, *, line: int = 0, column: str = "") -> None:
        self.path, self.line, self.column = path, line, column
        place = str(path)
        if line:
            place += f", line {line}"
        if column:
            place += f", column {column}"
        super().__init__(f"{place}: {text}")


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One product of the file. Numbers are roubles and pieces; None is unknown."""

    code: str
    name: str
    price: float | None
    cost_price: float | None
    quantity: float | None
    group: str


def read_catalogue(path: Path) -> list[CatalogueRow]:
    """Return the rows of a file. Raises CatalogueFileError that names file, line and column."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CatalogueFileError(path, f"cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise CatalogueFileError(path, "is not UTF-8. Save the file as UTF-8.", line=line) from None
    # Only CR and LF end a line; str.splitlines would end it at U+2028, VT, FS or NEL within a name too.
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        _check_header(path, reader.fieldnames or [])
        rows = [_row(path, reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise CatalogueFileError(path, f"is not CSV: {error}.", line=reader.reader.line_num) from None
    return rows


def load_catalogue(state: EvotorState, path: Path, *, store_name: str = "Магазин") -> TillStore:
    """Open a store with the file's products, in groups named by its last column."""
    rows = read_catalogue(path)
    store = state.add_store(store_name, "г. Тула, ул. Мира, 5")
    groups: dict[str, str] = {}
    for number, row in enumerate(rows, start=1):
        if row.group and row.group not in groups:
            group_id = str(uuid.uuid5(NAMESPACE, f"group/{row.group}"))
            groups[row.group] = state.add_group(store.id, row.group, group_id=group_id).id
        known = {name: value for name in NUMBERS if (value := getattr(row, name)) is not None}
        if row.group:
            known["parent_id"] = groups[row.group]
        product_id = str(uuid.uuid5(NAMESPACE, f"{number}/{row.code}"))
        product = state.add_product(store.id, row.name, product_id=product_id, code=row.code, **known)
        for name in NUMBERS:
            if getattr(row, name) is None:
                product.fields.pop(name, None)
    return store


def _check_header(path: Path, names: object) -> None:
    present = list(names) if isinstance(names, (list, tuple)) else []
    for column in COLUMNS:
        if column not in present:
            found = ", ".join(present) or "nothing"
            raise CatalogueFileError(
                path, f"the column is missing; the first line has: {found}.", line=1, column=column
            )


def _row(path: Path, line: int, cells: dict[str | None, str | list[str] | None]) -> CatalogueRow:
    if None in cells:
        raise CatalogueFileError(path, "the line has more cells than the first line has names.", line=line)
    texts: dict[str, str] = {}
    for column in COLUMNS:
        cell = cells[column]
        if not isinstance(cell, str):
            raise CatalogueFileError(path, "the line ends before this cell.", line=line, column=column)
        texts[column] = cell.strip()
    # A name is kept with its spaces, as the till keeps it; it only may not consist of them.
    if not texts["name"]:
        raise CatalogueFileError(path, "the name is empty.", line=line, column="name")
    numbers = {column: _number(path, line, column, texts[column]) for column in NUMBERS}
    return CatalogueRow(code=texts["code"], name=str(cells["name"]), group=texts["group"], **numbers)


def _number(path: Path, line: int, column: str, text: str) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise CatalogueFileError(path, f"{text!r} is not a number.", line=line, column=column) from None
    if not math.isfinite(value):
        raise CatalogueFileError(path, f"{text!r} is not a number.", line=line, column=column)
    if column != "quantity" and value < 0:
        raise CatalogueFileError(path, f"{text!r} is below zero.", line=line, column=column)
    return value
