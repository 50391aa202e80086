"""Divides a table that is longer than an import takes, so that each part can be imported as it is."""

from collections.abc import Iterable, Iterator, Sequence

from syncing.core.tables.texts import MOST_CELLS, MOST_CHARACTERS, MOST_ROWS

# A cell's delimiter and the quotes around it, a line's end.
_AROUND_CELL, _LINE_END = 3, 2


class Divided:
    """Yields the table's parts, each with the row of headers. A part is read before the next one begins.

    `most_bytes` is what a file of text may have; a row that is longer stands alone.
    """

    def __init__(self, rows: Iterable[Sequence[str]], *, most_bytes: int) -> None:
        self._rows, self._most_bytes = iter(rows), most_bytes
        self._head = next(self._rows)
        self._next = next(self._rows, None)

    def __iter__(self) -> Iterator[Iterator[Sequence[str]]]:
        yield self._part()
        while self._next is not None:
            yield self._part()

    def _part(self) -> Iterator[Sequence[str]]:
        room = _Room(self._most_bytes)
        room.takes(self._head)
        yield self._head
        is_first = True
        while (row := self._next) is not None and (room.takes(row) or is_first):
            is_first = False
            yield row
            self._next = next(self._rows, None)


class _Room:
    """How much of what an import takes is left."""

    def __init__(self, most_bytes: int) -> None:
        self._bytes = most_bytes
        self._rows, self._cells, self._characters = MOST_ROWS, MOST_CELLS, MOST_CHARACTERS

    def takes(self, row: Sequence[str]) -> bool:
        """Take the row's share and return True if there was room for it."""
        self._rows -= 1
        self._cells -= len(row)
        self._characters -= sum(map(len, row))
        self._bytes -= _LINE_END + sum(len(cell.encode()) + cell.count('"') + _AROUND_CELL for cell in row)
        return min(self._rows, self._cells, self._characters, self._bytes) >= 0
