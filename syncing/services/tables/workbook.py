"""XLSX: read in bounds, and written with headers that stay, text in every cell and lists to choose from."""

import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, time, timedelta
from io import BytesIO
from typing import IO, Any, NoReturn
from xml.sax.saxutils import escape

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from syncing.core.tables.cells import ANSWERS, DATE_MARK, ERROR_MARK, Answer
from syncing.core.tables.columns import MOST_ROWS_ABOVE, Column, find_layout, known_columns
from syncing.core.tables.texts import MOST_CELLS, Bounds, FileProblem, UnreadableTable

# What a file may unpack to, in all; a table of 15,000 goods with long texts has some 40 MB.
MOST_UNPACKED = 64 * 1024 * 1024
MOST_ENTRIES = 500
TABLES = (".xlsx", ".csv")
# openpyxl builds an object of every shared string before the first row is read.
SHARED_STRINGS = "xl/sharedStrings.xml"
PIECE = 1024 * 1024
MOST_COLUMNS = 200
# So many sheets are looked at for the table.
MOST_SHEETS = 20
# Larger whole numbers have lost digits where a spreadsheet keeps them as numbers.
EXACT = 10**15
TEXT_FORMAT = "@"
ERROR_TYPE, NUMBER_TYPE = "e", "n"
# How often goods are formatted: 15 %, 12.5 %, and numbers with zeros in front.
_PERCENT = re.compile(r"0(?:\.(0{1,9}))?%")
_ZEROS = re.compile(r"0{2,20}")
# XML cannot hold control characters, so Excel and 1C write a line's end as _x000D_; a text that looks so
# gets _x005F_ for its first sign.
_ESCAPED = re.compile(r"_x(00[01][0-9A-F]|005F)_", re.IGNORECASE)
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-F]{4}_)", re.IGNORECASE)
WIDTHS = {
    Column.ID: 12,
    Column.NAME: 40,
    Column.BARCODE: 16,
    Column.CATEGORY: 32,
    Column.TITLE: 40,
    Column.DESCRIPTION: 60,
}
COMMON_WIDTH = 14
# The end of a cell with a formula and no value. A formula whose result is an empty text has the type "str".
_UNCOMPUTED = re.compile(
    rb'<c(?:\s(?![^<>]*\bt="str")[^<>]*)?>\s*<f(?:\s[^<>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*\Z'
)
_MERGED = re.compile(
    rb'<(?:\w{1,20}:)?mergeCell\s[^<>]{0,100}?\bref="([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})"'
)
# More than any mark of a merged cell has.
LONGEST_MARK = 200
ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_PLACE = re.compile(rb'<c\s[^<>]*\br="([A-Z]+)(\d+)"')
SHEET, END_OF_ROWS = "xl/worksheets/sheet1.xml", b"</sheetData>"
LETTERS = [get_column_letter(place) for place, _column in enumerate(Column, start=1)]


def read_workbook(data: bytes) -> list[list[str]]:
    """Return the rows of the first sheet shown that holds a table of goods, else of the first one shown.

    Raises UnreadableTable, whatever the file holds.

    Only a process of its own may call it: a workbook can take much memory before any bound is met.
    """
    try:
        _check_archive(data)
        book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            sheet = _sheet(book)
            rows = list(Bounds().rows(_texts_of_rows(sheet.iter_rows(max_col=MOST_COLUMNS))))
            with zipfile.ZipFile(BytesIO(data)) as archive:
                part = sheet._worksheet_path  # noqa: SLF001 - the only way from a sheet to its part
                _fill_merged(rows, _merged(archive, part))
                _check_formulas(archive, part, rows)
            return rows
        finally:
            book.close()
    except (UnreadableTable, MemoryError):
        raise
    # openpyxl lets through what its parts raise, of any kind.
    except Exception as error:
        raise UnreadableTable(FileProblem.BROKEN) from error


def _check_archive(data: bytes) -> None:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        entries = archive.infolist()
        names = {entry.filename for entry in entries}
        if "xl/workbook.xml" not in names:
            _refuse_other(archive, names)
        if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
            raise UnreadableTable(FileProblem.TOO_COSTLY)
        if SHARED_STRINGS in names and _count(archive, SHARED_STRINGS, b"<si") > MOST_CELLS:
            raise UnreadableTable(FileProblem.TOO_MANY_CELLS)


def _refuse_other(archive: zipfile.ZipFile, names: Collection[str]) -> NoReturn:
    """Say what an archive is that is no XLSX."""
    if any(name.lower().endswith(TABLES) for name in names):
        raise UnreadableTable(FileProblem.ARCHIVE)
    if "xl/workbook.bin" in names:
        raise UnreadableTable(FileProblem.FOREIGN, "XLSB")
    if "Index/Document.iwa" in names:
        raise UnreadableTable(FileProblem.FOREIGN, "Numbers")
    if "mimetype" in names:
        with archive.open("mimetype") as part:
            if ODS in part.read(len(ODS)):
                raise UnreadableTable(FileProblem.FOREIGN, "ODS")
    raise UnreadableTable(FileProblem.OTHER_FORMAT)


def _count(archive: zipfile.ZipFile, name: str, mark: bytes) -> int:
    """Return how often a mark stands in a part, which is not held in memory."""
    found, rest = 0, b""
    with archive.open(name) as part:
        while piece := part.read(PIECE):
            text = rest + piece
            found += text.count(mark)
            rest = text[-len(mark) + 1 :]
    return found


def _merged(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[int, int, int]]:
    """Yield the places of cells merged over several rows: column, first and last row, counted from 0."""
    rest = b""
    with archive.open(name) as part:
        while piece := part.read(PIECE):
            text = rest + piece
            end = 0
            for found in _MERGED.finditer(text):
                end = found.end()
                first, last = int(found[2]) - 1, int(found[3]) - 1
                if last > first:
                    yield column_index_from_string(found[1].decode()) - 1, first, last
            rest = text[max(end, len(text) - LONGEST_MARK) :]


def _fill_merged(rows: Sequence[list[str]], areas: Iterable[tuple[int, int, int]]) -> None:
    """Give each row beside a merged cell its text, as one sees it in the sheet; the file has it once."""
    for column, first, last in areas:
        text = rows[first][column] if first < len(rows) and column < len(rows[first]) else ""
        for row in rows[first + 1 : last + 1] if text else ():
            if any(row):
                row.extend([""] * (column + 1 - len(row)))
                row[column] = text


def _check_formulas(archive: zipfile.ZipFile, part: str, rows: Sequence[Sequence[str]]) -> None:
    """Refuse a formula without its result in the table itself, which would be read as an empty cell.

    Other sheets, other columns and what stands above the headers may have any.
    """
    layout = find_layout(rows)
    if layout is None:
        return
    known = {get_column_letter(place + 1) for place in layout.places.values()}
    for where in _uncomputed(archive, part):
        if where is None or (where[1].decode() in known and int(where[2]) > layout.row + 1):
            raise UnreadableTable(FileProblem.UNCOMPUTED)


def _uncomputed(archive: zipfile.ZipFile, name: str) -> Iterator[re.Match[bytes] | None]:
    """Yield the place of each formula of a sheet that has no result; None where the cell does not say it."""
    rest = b""
    with archive.open(name) as part:
        while piece := part.read(PIECE):
            *cells, rest = (rest + piece).split(b"</c>")
            for cell in cells:
                if b"<f" in cell and (found := _UNCOMPUTED.search(cell)):
                    yield _PLACE.search(found[0])


def _sheet(book: Workbook) -> Any:
    """Return the first sheet shown that holds a table of goods, else the first one shown."""
    if not book.worksheets:
        raise UnreadableTable(FileProblem.EMPTY)
    shown = [one for one in book.worksheets if one.sheet_state == "visible"] or book.worksheets
    for sheet in shown[:MOST_SHEETS]:
        # Some programs write dimensions that are not true.
        sheet.reset_dimensions()
    # A cover or notes may stand before the table.
    return next(filter(_has_headers, shown[:MOST_SHEETS]), shown[0])


def _has_headers(sheet: Any) -> bool:
    """Return True if a sheet begins as a table of goods: what a product is known by, and what is set."""
    rows = sheet.iter_rows(max_row=MOST_ROWS_ABOVE, max_col=MOST_COLUMNS)
    return any(known_columns(_texts(row)) > 1 for row in rows)


def _texts_of_rows(rows: Iterable[Sequence[Any]]) -> Iterator[list[str]]:
    """Return the texts of each row. openpyxl gives one and the same row for all that the file leaves out."""
    left_out: Sequence[Any] | None = None
    for row in rows:
        if row is left_out:
            yield []
            continue
        texts = _texts(row)
        if not texts:
            left_out = row
        yield texts


def _texts(row: Sequence[Any]) -> list[str]:
    # A sheet may have a million rows that are formatted only.
    if all(cell.value is None for cell in row):
        return []
    return _trimmed([_marked(cell) for cell in row])


def _marked(cell: Any) -> str:
    """Return a cell's text, marked where it is an error and not a text that looks so."""
    value = cell.value
    if cell.data_type == NUMBER_TYPE and isinstance(value, int | float) and not isinstance(value, bool):
        return _shown(value, cell.number_format)
    text = _text(value)
    return f"{ERROR_MARK}{text}" if cell.data_type == ERROR_TYPE else text


def _trimmed(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row.pop()
    return row


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, date | time | timedelta):
        return f"{DATE_MARK}{value}"
    return _ESCAPED.sub(_unescaped, str(value))


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def _shown(value: float, number_format: str) -> str:
    """Return a number as the spreadsheet shows it where its format says 15 % or 007."""
    if found := _PERCENT.fullmatch(number_format):
        return f"{value:.{len(found[1] or '')}%}"
    if _ZEROS.fullmatch(number_format) and float(value).is_integer() and 0 <= value < EXACT:
        return f"{int(value):0{len(number_format)}}"
    return _number(value)


def _number(value: float) -> str:
    """Return a number as it would be typed, and one that has lost digits so that it shows."""
    if not float(value).is_integer():
        return repr(value)
    return str(int(value)) if abs(value) < EXACT else f"{value:E}"


def write_workbook(rows: Iterable[Sequence[str]], file: IO[bytes], *, title: str, language: str) -> None:
    """Write the rows, the first of which holds the headers, as a workbook with one sheet.

    openpyxl writes everything but the rows below the headers: it takes ten times as long for a cell.
    """
    rest = iter(rows)
    frame, style = _frame(next(rest), title=title, language=language)
    with zipfile.ZipFile(frame) as made, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in made.namelist():
            if name != SHEET:
                archive.writestr(name, made.read(name))
                continue
            before, after = made.read(name).split(END_OF_ROWS)
            with archive.open(name, "w") as part:
                part.write(before)
                for number, row in enumerate(rest, start=2):
                    part.write(_row(number, row, style).encode())
                part.write(END_OF_ROWS + after)


def _frame(head: Sequence[str], *, title: str, language: str) -> tuple[BytesIO, int]:
    """Return a workbook with the row of headers alone, and the number of the style of texts in it."""
    book, file = Workbook(write_only=True), BytesIO()
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for letter, column in zip(LETTERS, Column, strict=True):
        sheet.column_dimensions[letter].width = WIDTHS.get(column, COMMON_WIDTH)
        # What is typed into an empty cell stays text, too: no barcode loses its last digits.
        sheet.column_dimensions[letter].number_format = TEXT_FORMAT
        if column in (Column.IN_VK, Column.DECISION):
            words = ",".join(ANSWERS[language][answer] for answer in Answer)
            choice = DataValidation("list", formula1=f'"{words}"', allow_blank=True)
            choice.add(f"{letter}2:{letter}20000")
            sheet.data_validations.append(choice)
    text = WriteOnlyCell(sheet, "")
    text.number_format = TEXT_FORMAT
    sheet.append(_headers(sheet, head))
    book.save(file)
    return file, int(text.style_id)


def _headers(sheet: Any, row: Sequence[str]) -> list[Any]:
    cells = [WriteOnlyCell(sheet, text) for text in row]
    for cell in cells:
        cell.font = Font(bold=True)
    return cells


def _row(number: int, row: Sequence[str], style: int) -> str:
    """Return a row whose cells stay text, whatever the texts look like."""
    cells = "".join(
        f'<c r="{letter}{number}" s="{style}" t="inlineStr"><is>{_text_element(text)}</is></c>'
        for letter, text in zip(LETTERS, row, strict=True)
        if text
    )
    return f'<row r="{number}">{cells}</row>'


def _text_element(text: str) -> str:
    """Return the element of a text, of which a spreadsheet drops nothing and takes nothing for an escape."""
    kept = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    literal = _LOOKS_ESCAPED.sub("_x005F_", text) if "_" in text else text
    return f"<t{kept}>{escape(literal)}</t>"
