"""Finds the product that a line of a table is about: by its id, else by barcode, code or article."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from syncing.core.tables.cells import DATE_MARK, ERROR_MARK, error_of, is_date, is_scientific, one_line
from syncing.core.tables.columns import KEYS, Column
from syncing.core.tables.records import BadCell, LineProblem, TableGoods


class GoodsIndex:
    """A merchant's goods, found by what a line says of them."""

    def __init__(self, goods: Iterable[TableGoods]) -> None:
        self._by: dict[Column, dict[str, list[TableGoods]]] = {key: defaultdict(list) for key in KEYS}
        self._names: dict[str, list[TableGoods]] = defaultdict(list)
        for one in goods:
            self._names[_folded(one.name)].append(one)
            self._by[Column.ID][one.evotor_id.casefold()].append(one)
            self._by[Column.CODE][_number(one.code)].append(one)
            self._by[Column.ARTICLE][_number(one.article)].append(one)
            for barcode in dict.fromkeys(map(_number, one.barcodes)):
                self._by[Column.BARCODE][barcode].append(one)

    def find(self, cells: Mapping[Column, str]) -> TableGoods:
        """Return the product. Raises BadCell where there is none, or not one alone."""
        for key in KEYS:
            if text := one_line(cells.get(key, "")):
                found = self._found(key, text)
                return self._checked(self._one_of(found, key, cells), cells)
        raise BadCell(LineProblem.NO_KEY)

    def _found(self, key: Column, text: str) -> Sequence[TableGoods]:
        if text.startswith(ERROR_MARK):
            raise BadCell(LineProblem.EXCEL_ERROR, error_of(text))
        if is_date(text):
            raise BadCell(LineProblem.EXCEL_DATE, text.removeprefix(DATE_MARK))
        if key is Column.ID:
            return self._by[key].get(text.casefold(), ())
        if key is Column.BARCODE:
            return self._with_barcodes(text)
        found = _as_typed(self._by[key].get(_number(text), ()), key, text)
        if not found and is_scientific(text):
            raise BadCell(LineProblem.SCIENTIFIC, text)
        return found

    def _with_barcodes(self, text: str) -> Sequence[TableGoods]:
        # 4,6E+12 has a comma of its own.
        if is_scientific(text):
            raise BadCell(LineProblem.SCIENTIFIC, text)
        # A number may be shown in threes: 4 600 000 000 005.
        if whole := self._by[Column.BARCODE].get(_number("".join(text.split())), ()):
            return whole
        found: dict[int, TableGoods] = {}
        for barcode in text.replace(",", " ").replace(";", " ").split():
            found |= {one.pk: one for one in self._by[Column.BARCODE].get(_number(barcode), ())}
        return list(found.values())

    def _one_of(self, found: Sequence[TableGoods], key: Column, cells: Mapping[Column, str]) -> TableGoods:
        if not found:
            raise BadCell(LineProblem.NOT_FOUND, one_line(cells[key])[:100])
        if len(found) > 1 and (store := one_line(cells.get(Column.STORE, ""))):
            found = [one for one in found if _folded(store) in (_folded(one.store), one.store_id.casefold())]
            if not found:
                raise BadCell(LineProblem.NOT_FOUND, store[:100])
        if len(found) > 1:
            raise BadCell(LineProblem.SEVERAL, one_line(cells[key])[:100])
        return found[0]

    def _checked(self, found: TableGoods, cells: Mapping[Column, str]) -> TableGoods:
        """Return the product, unless the line has another one's name: a single column was sorted."""
        name = _folded(one_line(cells.get(Column.NAME, "")))
        if name and name != _folded(found.name) and name in self._names:
            raise BadCell(LineProblem.NAME_OF_ANOTHER, found.name)
        return found


def _as_typed(found: Sequence[TableGoods], key: Column, text: str) -> Sequence[TableGoods]:
    """Return those with exactly this code where there are any: 007 and 7 may be two products."""
    exact = [one for one in found if (one.code if key is Column.CODE else one.article) == text]
    return exact or found


def _number(text: str) -> str:
    """Return a code without the zeros that spreadsheets drop in front of a number."""
    bare = text.strip().casefold().removesuffix(".0")
    return (bare.lstrip("0") or "0") if bare.isdecimal() else bare


def _folded(text: str) -> str:
    return one_line(text).casefold().replace("ё", "е")
