"""Tables of goods in words: why a file or a line cannot be used, and what a line would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from syncing.choices import TableLineKind, TableState
from syncing.core.tables.cells import ANSWERS, Answer
from syncing.core.tables.columns import HEADERS, Column
from syncing.core.tables.comparing import ALLOWED, FORBIDDEN, NO, YES
from syncing.core.tables.records import LineProblem
from syncing.core.tables.texts import FileProblem
from syncing.models import TableImport, TableImportLine
from syncing.services.categories import known_categories
from syncing.services.forbidden_words import restricted_goods_label
from syncing.services.labels import Change
from syncing.services.tables.age import later_change
from syncing.services.tables.goods import table_language
from syncing.web.forms.tables import LinesQuery
from syncing.web.presenters.bulk import last_change_text

LINES_PER_PAGE = 50
RECENT = 5
# By what is wrong; %(detail)s is what is meant.
FILE_PROBLEMS: Mapping[str, Promise] = {
    FileProblem.EMPTY: _("The file is empty."),
    FileProblem.TOO_BIG: _("The file is bigger than 10 MB. Leave out columns that you do not change."),
    FileProblem.TOO_MANY_ROWS: _("The table has more than 20,000 rows. Divide it into several files."),
    FileProblem.TOO_MANY_CELLS: _("The table holds too much. Leave out columns that you do not change."),
    FileProblem.LONG_CELL: _("Row %(detail)s has a cell that is too long for a spreadsheet."),
    FileProblem.OLD_FORMAT: _(
        "This is a workbook of the old format, or one with a password. Save it as XLSX without a password."
    ),
    FileProblem.OTHER_FORMAT: _("This is no table. Save it as XLSX or CSV."),
    FileProblem.FOREIGN: _(
        "The file is of the format %(detail)s, which EvoSync does not read. Open it in your spreadsheet and "
        "save it as XLSX."
    ),
    FileProblem.ARCHIVE: _("This is an archive. Unpack it and upload the tables in it one after the other."),
    FileProblem.ENCODING: _("The letters of the file cannot be read. Save it as XLSX."),
    FileProblem.LOST_LETTERS: _("Line %(detail)s has letters that cannot be read. Save the table as XLSX."),
    FileProblem.SHIFTED: _(
        "Row %(detail)s has more cells than the row of headers: 12,50 or a text with the separator in it "
        "must stand in quotation marks. Correct the row, or save as XLSX."
    ),
    FileProblem.QUOTES: _(
        "Near line %(detail)s a quotation mark is not closed. Correct it, or save as XLSX."
    ),
    FileProblem.BROKEN: _("The file is damaged. Open it in your spreadsheet and save it again."),
    FileProblem.NOT_KEPT: _("EvoSync no longer has the file that you uploaded. Upload it again."),
    FileProblem.UNCOMPUTED: _(
        "The table has formulas whose results are not in the file. Open it in your spreadsheet and save it "
        "there, so that they are computed."
    ),
    FileProblem.TOO_COSTLY: _(
        "The file takes too much to be read. Save only the table itself as a new file."
    ),
    FileProblem.NO_HEADERS: _(
        "No column is known. One of the first 10 rows must hold the names of columns as in our export."
    ),
    FileProblem.NO_KEY: _(
        "No column that row %(detail)s names says which product a row is about. Product ID, barcode, code or "
        "article is needed."
    ),
    FileProblem.NOTHING_TO_SET: _(
        "No column that row %(detail)s names can change anything: prices, stock and names in the till come "
        "from the till. Add a column as in our export, such as VK category."
    ),
    FileProblem.HEADER_TWICE: _("Two columns hold the same: %(detail)s. Leave one of them."),
}
LINE_PROBLEMS: Mapping[str, Promise] = {
    LineProblem.NO_KEY: _("The row says neither ID nor barcode, code or article. Give one of them."),
    LineProblem.SCIENTIFIC: _(
        "Excel has turned the barcode into %(detail)s and lost its last digits. Give the product ID, or make "
        "the cell a text and type the barcode again."
    ),
    LineProblem.NOT_FOUND: _("Your till has no such product: %(detail)s. Correct it, or leave the row out."),
    LineProblem.SEVERAL: _(
        "Several products fit %(detail)s. Give the product ID; where several stores have it, the store too."
    ),
    LineProblem.NAME_OF_ANOTHER: _(
        "The name in this row is another product's; here belongs “%(detail)s”. Was one column sorted alone?"
    ),
    LineProblem.TWICE: _("Row %(detail)s is about the same product. Leave one of them."),
    LineProblem.CONTRADICTS: _(
        "Row %(detail)s says something else of the same product in another store. Write the same in both."
    ),
    LineProblem.EXCEL_ERROR: _(
        "Excel shows the error %(detail)s in this cell. Type what belongs there, or leave it empty."
    ),
    LineProblem.EXCEL_DATE: _(
        "Excel has made a date of this cell: %(detail)s. Make it a text and type it again."
    ),
    LineProblem.NOT_YES_OR_NO: _("“%(detail)s” is not understood. Write yes, no or by the rules."),
    LineProblem.CATEGORY_UNKNOWN: _("VK has no category “%(detail)s”. Copy one from the page VK categories."),
    LineProblem.CATEGORY_UNCLEAR: _("Several categories fit: %(detail)s. Write the whole path."),
    LineProblem.CATEGORIES_UNREAD: _(
        "VK's categories have not been read yet. Open the page VK categories, then upload again."
    ),
    LineProblem.TITLE_SHORT: _("VK takes titles from 4 characters on, with a letter or a digit in them."),
    LineProblem.TITLE_LONG: _("Too long for VK: %(detail)s characters by VK's count. Shorten it."),
    LineProblem.TITLE_FORBIDDEN: _(
        "By this title VK may take it for forbidden goods (%(detail)s). Choose other words."
    ),
    LineProblem.TITLE_UNSURE: _(
        "VK may not take this title (%(detail)s). Without this line VK goes on showing the title it "
        "has. Choose other words, or decide about it on the product's page."
    ),
    LineProblem.TEXT_FORBIDDEN: _(
        "VK may take this text for forbidden goods (%(detail)s). Choose other words."
    ),
    LineProblem.TOO_LONG: _("Too long: %(detail)s characters. Shorten it."),
    LineProblem.ALBUM_EMPTY: _("Write a title with a letter or a digit in it."),
    LineProblem.TOO_MANY_TAGS: _("Too many tags: %(detail)s. Leave some out."),
    LineProblem.NOT_UNSURE: _(
        "EvoSync is not unsure about this product, so there is nothing to decide. To keep it out of VK, "
        "write no in the column In VK."
    ),
}
_ANSWERS: Mapping[str, Answer] = {YES: Answer.YES, NO: Answer.NO, ALLOWED: Answer.YES, FORBIDDEN: Answer.NO}


@dataclass(frozen=True, slots=True)
class LineText:
    """A line in words. `reason` is the number of its reason among those that several lines share, else 0."""

    row: TableImportLine
    changes: list[Change]
    problem: str = ""
    column: str = ""
    reason: int = 0


@dataclass(frozen=True, slots=True)
class SharedReason:
    """Why several lines are bad, with how many they are and the first of their rows."""

    place: int
    number: int
    column: str
    problem: str
    rows: Sequence[int]

    @property
    def has_more(self) -> bool:
        """Whether there are more rows than those named."""
        return self.number > len(self.rows)


@dataclass(frozen=True, slots=True)
class ImportPage:
    """What the page of an import shows. The next page starts below the row `after`, None at the end.

    `kind` is that of the lines. `later_change` says what the file may be older than.
    """

    table: TableImport
    kind: str
    lines: list[LineText]
    after: int | None
    waiting: int
    applied: int
    bad: int
    stale: int
    columns: list[str]
    problem: str
    reasons: Sequence[SharedReason] = ()
    reason: SharedReason | None = None
    later_change: str = ""

    @property
    def is_reading(self) -> bool:
        """Whether a worker has yet to read the file."""
        return self.table.state == TableState.READING

    @property
    def is_refused(self) -> bool:
        """Whether the file cannot be used at all."""
        return self.table.state == TableState.REFUSED

    @property
    def is_waiting(self) -> bool:
        """Whether the merchant is asked for a yes."""
        return self.table.state == TableState.READY

    @property
    def can_be_taken_back(self) -> bool:
        """Whether there is an import to be taken back."""
        return self.applied > 0 and self.table.state != TableState.TAKEN_BACK


def header(column: str) -> str:
    """Return the name of a column in the language of the page."""
    return HEADERS[table_language()][Column(column)]


def headers(columns: Sequence[Column]) -> list[str]:
    """Return the names of columns in the language of the page."""
    return [header(column) for column in columns]


def recent_imports(user: User) -> list[TableImport]:
    """Return the merchant's last imports."""
    return list(TableImport.objects.for_user(user).newest()[:RECENT])


def import_page(table: TableImport, query: LinesQuery) -> ImportPage:
    """Return one page of an import's lines, with the numbers of all."""
    lines = TableImportLine.objects.of_table(table)
    counts = lines.order_by().values_list("kind", "is_applied", "is_stale").annotate(number=Count("pk"))
    changed = [one[1:] for one in counts if one[0] == TableLineKind.CHANGED]
    bad = sum(one[-1] for one in counts if one[0] == TableLineKind.BAD)
    # Where nothing changes, the bad lines say why.
    kind = query.kind or (TableLineKind.BAD if bad and not changed else TableLineKind.CHANGED)
    shared = list(enumerate(table.notes.get("reasons", []), start=1)) if kind == TableLineKind.BAD else []
    asked = dict(shared).get(query.reason)
    shown = lines.of_kind(kind)
    if asked:
        shown = shown.bad_for(**_key(asked))
    reasons = [_shared_reason(place, one) for place, one in shared]
    rows = list(shown.search(query.text).after(query.after)[: LINES_PER_PAGE + 1])
    names = {str(category.id): str(category) for category in known_categories()}
    return ImportPage(
        table=table,
        kind=kind,
        lines=[_line(row, names, shared) for row in rows[:LINES_PER_PAGE]],
        after=rows[LINES_PER_PAGE - 1].number if len(rows) > LINES_PER_PAGE else None,
        waiting=sum(number for is_applied, _stale, number in changed if not is_applied),
        applied=sum(number for is_applied, _stale, number in changed if is_applied),
        bad=bad,
        stale=sum(number for is_applied, is_stale, number in changed if is_stale and not is_applied),
        columns=headers([Column(name) for name in table.notes.get("columns", [])]),
        problem=_filled(FILE_PROBLEMS, table.problem, table.detail),
        reasons=reasons,
        reason=reasons[query.reason - 1] if asked else None,
        later_change=_later_change(table),
    )


def _later_change(table: TableImport) -> str:
    last = later_change(table) if table.state == TableState.READY else None
    return last_change_text(last) if last else ""


def done_text(number: int) -> str:
    """Return what is said after an import."""
    return ngettext(
        "%(n)s product is changed. The next run brings VK in line with it.",
        "%(n)s products are changed. The next run brings VK in line with it.",
        number,
    ) % {"n": localize(number)}


def _line(
    row: TableImportLine, categories: Mapping[str, str], shared: Sequence[tuple[int, Mapping[str, Any]]]
) -> LineText:
    key = {"problem": row.problem, "column": row.column, "detail": row.detail}
    reason = next((place for place, one in shared if _key(one) == key), 0)
    problem = _problem(row.problem, row.detail)
    return LineText(row, _changes(row, categories), problem, _header(row.column), reason)


def _key(reason: Mapping[str, Any]) -> dict[str, str]:
    return {name: reason[name] for name in ("problem", "column", "detail")}


def _shared_reason(place: int, reason: Mapping[str, Any]) -> SharedReason:
    return SharedReason(
        place=place,
        number=reason["number"],
        column=_header(reason["column"]),
        problem=_problem(reason["problem"], reason["detail"]),
        rows=reason["rows"],
    )


def _header(column: str) -> str:
    return header(column) if column else ""


def _changes(row: TableImportLine, categories: Mapping[str, str]) -> list[Change]:
    return [
        Change(header(column), _value(column, values[0], categories), _value(column, values[1], categories))
        for column, values in row.changes.items()
    ]


def _value(column: str, value: str, categories: Mapping[str, str]) -> str:
    answers = ANSWERS[table_language()]
    if not value:
        return gettext("no tags") if column == Column.TAGS else answers[Answer.RULES]
    if column in (Column.IN_VK, Column.DECISION):
        return answers[_ANSWERS[value]]
    return categories.get(value, value) if column == Column.CATEGORY else value


def _problem(problem: str, detail: str) -> str:
    if problem == LineProblem.TEMPLATE:
        # The core's own sentence, which the catalogue of texts has, and the word that it is about.
        sentence, _newline, word = detail.partition("\n")
        return gettext(sentence) % {"word": word}
    if problem == LineProblem.TITLE_UNSURE:
        restriction, _colon, word = detail.partition(":")
        return _filled(LINE_PROBLEMS, problem, f"{restricted_goods_label(restriction)}: {word}")
    return _filled(LINE_PROBLEMS, problem, detail)


def _filled(texts: Mapping[str, Promise], code: str, detail: str) -> str:
    return str(texts[code]) % {"detail": detail} if code in texts else ""
