"""Compares a table with the goods: what each line would change, and which lines cannot be used."""

from collections.abc import Callable, Mapping, Sequence

from syncing.core.tables.cells import (
    ERROR_MARK,
    Answer,
    answer_of,
    error_of,
    has_lost_letters,
    is_date,
    is_error,
    is_same_number,
    is_same_truth,
    number_of,
    one_line,
    plain,
    says_by_rules,
    unguarded,
)
from syncing.core.tables.columns import (
    KEYS,
    SETTABLE,
    Column,
    Layout,
    find_layout,
    is_headers_again,
    numbers_columns,
)
from syncing.core.tables.matching import GoodsIndex
from syncing.core.tables.records import (
    BadCell,
    Comparison,
    LineKind,
    LineProblem,
    TableGoods,
    TableLine,
)
from syncing.core.tables.texts import FileProblem, UnreadableTable
from syncing.core.tags import read_tags, written_tags

# Checks a new value of a column for a product and returns it as it is kept. Raises BadCell.
Check = Callable[[TableGoods, str], str]
YES, NO = "include", "exclude"
ALLOWED, FORBIDDEN = "allowed", "forbidden"


def layout_of(rows: Sequence[Sequence[str]]) -> Layout:
    """Return which column stands where. Raises UnreadableTable where that is not enough, or not clear."""
    layout = find_layout(rows)
    if layout is None:
        raise UnreadableTable(FileProblem.NO_HEADERS)
    if layout.twice:
        raise UnreadableTable(FileProblem.HEADER_TWICE, layout.twice[0])
    if not layout.has_key:
        raise UnreadableTable(FileProblem.NO_KEY, str(layout.row + 1))
    if not layout.settable:
        raise UnreadableTable(FileProblem.NOTHING_TO_SET, str(layout.row + 1))
    return layout


class Comparer:
    """Compares line by line and remembers what the lines before have said.

    `is_list` says that the merchant lists singly what goes to VK; else every product goes by itself.
    """

    def __init__(
        self, goods: Sequence[TableGoods], *, checks: Mapping[Column, Check], is_list: bool = False
    ) -> None:
        self._index = GoodsIndex(goods)
        self._checks, self._is_list = checks, is_list
        self._lines: dict[int, int] = {}
        self._said: dict[tuple[Column, str], tuple[str, int]] = {}
        self._other_prices = 0

    def compare(self, rows: Sequence[Sequence[str]], layout: Layout) -> Comparison:
        """Return what every line below the headers would do; empty lines and headers again do nothing."""
        lines = []
        for number, row in enumerate(rows[layout.row + 1 :], start=layout.row + 2):
            if is_headers_again(row, layout) or (number == layout.row + 2 and numbers_columns(row)):
                continue
            cells = {
                column: row[place].strip() for column, place in layout.places.items() if place < len(row)
            }
            if any(cells.values()):
                lines.append(self._line(number, cells))
        return Comparison(lines, self._other_prices)

    def _line(self, number: int, cells: Mapping[Column, str]) -> TableLine:
        read = {column: _read(column, cell) for column, cell in cells.items()}
        try:
            found = self._index.find(read)
        except BadCell as bad:
            return _bad(number, bad, name=one_line(read.get(Column.NAME, ""))[:255])
        first = self._lines.setdefault(found.pk, number)
        if first != number:
            return _bad(number, BadCell(LineProblem.TWICE, str(first)), found)
        changes = {}
        for column in SETTABLE:
            try:
                change = self._change(found, column, read.get(column, ""), number)
            except BadCell as bad:
                return _bad(number, bad, found, column)
            if change:
                changes[column] = change
        self._note_price(found, read)
        for column, (_old, new) in changes.items():
            if key := found.scopes.get(column):
                self._said[column, key] = (new, number)
        kind = LineKind.CHANGED if changes else LineKind.SAME
        return TableLine(number, kind, found.pk, found.name, changes)

    def _change(self, goods: TableGoods, column: Column, cell: str, number: int) -> tuple[str, str] | None:
        """Return the old and the new value, None where they are the same or the cell is empty."""
        if not cell:
            return None
        old = goods.values.get(column, "")
        # A text that looks so may be the merchant's own: some programs drop the apostrophe of an export.
        if plain(cell) == old and unguarded(cell) == cell:
            return None
        if is_error(cell):
            raise BadCell(LineProblem.EXCEL_ERROR, error_of(cell))
        if is_date(cell):
            raise BadCell(LineProblem.EXCEL_DATE, cell[1:])
        new = self._wanted(column, cell, old)
        if new == old or any(
            spoils(new, old) for spoils in (has_lost_letters, is_same_number, is_same_truth)
        ):
            return None
        if new and (check := self._checks.get(column)):
            new = check(goods, new)
        if new == old:
            return None
        said, line = self._said.get((column, goods.scopes.get(column, "")), (new, number))
        if said != new:
            raise BadCell(LineProblem.CONTRADICTS, str(line))
        return old, new

    def _wanted(self, column: Column, cell: str, old: str) -> str:
        if column in (Column.IN_VK, Column.DECISION):
            return self._answer(column, cell, old)
        if says_by_rules(cell):
            return ""
        text = unguarded(cell)
        if column is Column.TAGS:
            return written_tags(read_tags(plain(text)))
        return plain(text) if column is Column.DESCRIPTION else one_line(text)

    def _answer(self, column: Column, cell: str, old: str) -> str:
        answer = answer_of(cell)
        if answer is None:
            raise BadCell(LineProblem.NOT_YES_OR_NO, one_line(cell)[:50])
        if answer is Answer.RULES:
            return ""
        if column is Column.DECISION:
            return ALLOWED if answer is Answer.YES else FORBIDDEN
        if answer is Answer.NO:
            return NO
        return YES if self._is_list or old == YES else ""

    def _note_price(self, goods: TableGoods, cells: Mapping[Column, str]) -> None:
        said, told = number_of(cells.get(Column.PRICE, "")), number_of(goods.price)
        if said is not None and said != told:
            self._other_prices += 1


def _read(column: Column, cell: str) -> str:
    """Return what a cell says; those that may change something are kept as they stand.

    An error in place of a name or a price says nothing; one in place of a key stays to be seen.
    """
    if column in SETTABLE:
        return cell
    if is_error(cell):
        return f"{ERROR_MARK}{error_of(cell)}" if column in KEYS else ""
    return unguarded(cell)


def _bad(
    number: int,
    bad: BadCell,
    goods: TableGoods | None = None,
    column: Column | None = None,
    *,
    name: str = "",
) -> TableLine:
    pk, name = (goods.pk, goods.name) if goods else (None, name)
    return TableLine(
        number, LineKind.BAD, pk, name, problem=bad.problem, column=column, detail=bad.detail[:255]
    )
