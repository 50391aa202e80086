"""Reads a file of delimited text: the headers that it then shows tell its encoding and delimiter."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import islice, pairwise
from typing import Any

from syncing.core.tables.cells import OLD_ENCODINGS
from syncing.core.tables.columns import MOST_ROWS_ABOVE, find_layout, known_columns

MOST_ROWS = 20_000
MOST_CELLS = 600_000
MOST_CHARACTERS = 20_000_000
LONGEST_CELL = 32_767
DELIMITERS = ";\t,|"
_HEAD = 65_536
_FIRST_LINE = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)
# How often Russian has its letters, per mille; only the right encoding gives them so often.
_LETTERS = dict(
    zip(
        "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
        (
            *(110, 85, 80, 74, 67, 63, 55, 47, 45, 44, 35, 32, 30, 28, 26, 20, 19),
            *(17, 17, 17, 16, 15, 12, 10, 9, 7, 6, 5, 4, 3, 3, 1, 1),
        ),
        strict=True,
    )
)
_NO_LETTER = -100
# A sign alone, as № or °, is a letter in another encoding.
_OTHER_LETTERS = re.compile(r"[^\x00-\x7f]{3,}")
MOST_WORDS = 2000
# Stands for bytes that are no letter.
LOST = "\ufffd"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class FileProblem(StrEnum):
    """Why a file cannot be read at all."""

    EMPTY = "empty"
    TOO_BIG = "too_big"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_CELLS = "too_many_cells"
    LONG_CELL = "long_cell"
    OLD_FORMAT = "old_format"
    OTHER_FORMAT = "other_format"
    FOREIGN = "foreign"
    ARCHIVE = "archive"
    ENCODING = "encoding"
    LOST_LETTERS = "lost_letters"
    SHIFTED = "shifted"
    QUOTES = "quotes"
    BROKEN = "broken"
    UNCOMPUTED = "uncomputed"
    NOT_KEPT = "not_kept"
    TOO_COSTLY = "too_costly"
    NO_HEADERS = "no_headers"
    NO_KEY = "no_key"
    NOTHING_TO_SET = "nothing_to_set"
    HEADER_TWICE = "header_twice"


class UnreadableTable(Exception):
    """The file cannot be read; `detail` says where, or names what is meant."""

    def __init__(self, problem: FileProblem, detail: str = "") -> None:
        super().__init__(problem.value)
        self.problem, self.detail = problem, detail


class Bounds:
    """Counts rows and cells while a table is read, so that none takes more than a table of goods may."""

    def __init__(self) -> None:
        self._rows = self._cells = self._characters = 0

    def rows(self, rows: Iterable[list[str]]) -> Iterator[list[str]]:
        """Yield the rows up to the last that holds something. Raises UnreadableTable for one too many.

        A spreadsheet has rows below the table as far as somebody has formatted them.
        """
        empty = 0
        for row in rows:
            self._count_cells(row)
            if any(row):
                for _number in range(empty):
                    yield self._counted([])
                empty = 0
                yield self._counted(row)
            else:
                empty += 1

    def _counted(self, row: list[str]) -> list[str]:
        self._rows += 1
        if self._rows > MOST_ROWS:
            raise UnreadableTable(FileProblem.TOO_MANY_ROWS)
        if any(len(cell) > LONGEST_CELL for cell in row):
            raise UnreadableTable(FileProblem.LONG_CELL, str(self._rows))
        return row

    def _count_cells(self, row: list[str]) -> None:
        self._cells += len(row)
        self._characters += sum(map(len, row))
        if self._cells > MOST_CELLS or self._characters > MOST_CHARACTERS:
            raise UnreadableTable(FileProblem.TOO_MANY_CELLS)


def read_text(data: bytes) -> list[list[str]]:
    """Return the rows of a CSV file, of any encoding and delimiter. Raises UnreadableTable."""
    text, delimiter = _best(data)
    bounds, reader = Bounds(), _reader(text, delimiter)
    try:
        rows = list(bounds.rows(reader))
    except csv.Error as error:
        problem = FileProblem.LONG_CELL if "limit" in str(error) else FileProblem.QUOTES
        raise UnreadableTable(problem, str(reader.line_num)) from None
    _check_widths(rows)
    return rows


def _check_widths(rows: Sequence[Sequence[str]]) -> None:
    """Refuse a row with more cells than the headers have: 12,50 without quotes may be two of them."""
    layout = find_layout(rows)
    if layout and layout.has_key and layout.settable:
        width = max(map(len, rows[max(layout.row - 1, 0) : layout.row + 1]))
        for number, row in enumerate(rows[layout.row + 1 :], start=layout.row + 2):
            if any(cell.strip() for cell in row[width:]):
                raise UnreadableTable(FileProblem.SHIFTED, str(number))


def _best(data: bytes) -> tuple[str, str]:
    """Return the text and the delimiter under which the headers are known best.

    Headers in Latin letters are known in every encoding; then the words below them decide.
    """
    best, most = None, (-1, 0.0)
    for text in _decoded(data):
        told = _FIRST_LINE.match(text)
        rest = text[told.end() :] if told else text
        russian = _russian(rest)
        for delimiter in told[1] if told else DELIMITERS:
            if (found := (_known(rest, delimiter), russian)) > most:
                best, most = (rest, delimiter), found
    known, russian = most
    if not _is_told(data):
        _check_letters(data, "cp1251", known=known)
    # Other letters than those of Russian were read by a wrong encoding.
    if best is None or (russian < 0 and not _is_told(data)):
        raise UnreadableTable(FileProblem.ENCODING)
    return best


def _is_told(data: bytes) -> bool:
    """Return True if the bytes tell their encoding: by a mark, by zeros, or as only UTF-8 can be."""
    if _encoding_of(data):
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _check_letters(data: bytes, encoding: str, *, known: int = -1) -> None:
    """Refuse what is of this encoding but for some letters, and say where the first one stands.

    `known` is how many headers are known in another encoding, which then is the right one.
    """
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        text = data.decode(encoding, "replace")
        lost = text.count(LOST)
        others = len(text) - len(text.encode("ascii", "ignore")) - lost
        if others > lost and max(_known(text, one) for one in DELIMITERS) > known:
            line = data.count(b"\n", 0, error.start) + 1
            raise UnreadableTable(FileProblem.LOST_LETTERS, str(line)) from None


def _decoded(data: bytes) -> Iterator[str]:
    """Yield the text in the encoding that the bytes tell, else in each that it may have."""
    encoding = _encoding_of(data)
    if "16" not in encoding:
        _check_letters(data, "utf-8")
    for name in (encoding,) if encoding else ("utf-8", *OLD_ENCODINGS):
        try:
            yield data.decode(name)
        except UnicodeDecodeError:
            continue
        if name == "utf-8":
            return


def _encoding_of(data: bytes) -> str:
    """Return the encoding that the file's first bytes tell, "" where they tell none."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    # Without a mark every other byte of Latin letters and digits is zero.
    if not encoding and b"\0" in data[:200]:
        encoding = "utf-16-le" if data[1:200:2].count(0) >= data[:200:2].count(0) else "utf-16-be"
    return encoding


def _russian(text: str) -> float:
    """Return how much like Russian the letters look that not all encodings share, 0 where there are none."""
    score = letters = 0
    for found in islice(_OTHER_LETTERS.finditer(text), MOST_WORDS):
        word = found[0]
        letters += len(word)
        score += sum(_LETTERS.get(letter.lower(), _NO_LETTER) for letter in word)
        # KOI8 read as Windows has its capitals at the ends of words.
        score += _NO_LETTER * sum(one.islower() and other.isupper() for one, other in pairwise(word))
    return score / letters if letters else 0.0


def _known(text: str, delimiter: str) -> int:
    """Return how many headers of ours the best row of the text's head has."""
    best = 0
    try:
        for number, row in enumerate(_reader(text[:_HEAD], delimiter)):
            best = max(best, known_columns(row))
            if number >= MOST_ROWS_ABOVE:
                break
    except csv.Error:
        # The head may end within a quoted cell.
        pass
    return best


def _reader(text: str, delimiter: str) -> Any:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
