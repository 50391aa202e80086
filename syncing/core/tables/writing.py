"""Writes goods as the rows of a table, which read back changes nothing."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from syncing.core.tables.cells import ANSWERS, Answer, guarded, plain
from syncing.core.tables.columns import HEADERS, Column
from syncing.core.tables.comparing import ALLOWED, FORBIDDEN, NO, YES
from syncing.core.tables.records import TableGoods

_ANSWER: Mapping[str, Answer] = {
    YES: Answer.YES,
    NO: Answer.NO,
    ALLOWED: Answer.YES,
    FORBIDDEN: Answer.NO,
}
# A byte order mark tells Excel that it is UTF-8; its Russian version splits at semicolons.
BYTE_ORDER_MARK, DELIMITER = "\ufeff", ";"
DECIMAL_MARKS = {"ru": ",", "en": "."}


def table_rows(
    goods: Iterable[TableGoods], *, language: str, category_names: Mapping[str, str]
) -> Iterator[list[str]]:
    """Yield the row of headers and one for each product, in a language of HEADERS."""
    yield [HEADERS[language][column] for column in Column]
    answers = ANSWERS[language]
    for one in goods:
        cells = {
            Column.ID: one.evotor_id,
            Column.STORE: one.store,
            Column.GROUP: one.group,
            Column.NAME: one.name,
            Column.ARTICLE: one.article,
            Column.CODE: one.code,
            Column.BARCODE: ", ".join(one.barcodes),
            Column.PRICE: one.price.replace(".", DECIMAL_MARKS[language]),
            Column.STOCK: one.stock.replace(".", DECIMAL_MARKS[language]),
            **one.values,
        }
        for column in (Column.IN_VK, Column.DECISION):
            cells[column] = answers[_ANSWER[cells[column]]] if cells.get(column) else ""
        cells[Column.IN_VK] = cells[Column.IN_VK] or answers[Answer.RULES]
        category = cells.get(Column.CATEGORY, "")
        cells[Column.CATEGORY] = category_names.get(category, category)
        yield [_written(column, cells.get(column, "")) for column in Column]


def _written(column: Column, text: str) -> str:
    return text if column is Column.IN_VK else guarded(plain(text))


def csv_pieces(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield a CSV file in pieces."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=DELIMITER)
    buffer.write(BYTE_ORDER_MARK)
    for number, row in enumerate(rows):
        writer.writerow(row)
        if number % 200 == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
