"""What is known of goods when a table is compared with them, and what comes of each of its lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from syncing.core.tables.columns import Column


class LineKind(StrEnum):
    """What comes of a line."""

    CHANGED = "changed"
    SAME = "same"
    BAD = "bad"


class LineProblem(StrEnum):
    """Why a line is bad."""

    NO_KEY = "no_key"
    SCIENTIFIC = "scientific"
    NOT_FOUND = "not_found"
    SEVERAL = "several"
    NAME_OF_ANOTHER = "name_of_another"
    TWICE = "twice"
    CONTRADICTS = "contradicts"
    EXCEL_ERROR = "excel_error"
    EXCEL_DATE = "excel_date"
    NOT_YES_OR_NO = "not_yes_or_no"
    CATEGORY_UNKNOWN = "category_unknown"
    CATEGORY_UNCLEAR = "category_unclear"
    CATEGORIES_UNREAD = "categories_unread"
    TITLE_SHORT = "title_short"
    TITLE_LONG = "title_long"
    TITLE_FORBIDDEN = "title_forbidden"
    TITLE_UNSURE = "title_unsure"
    TEXT_FORBIDDEN = "text_forbidden"
    TEMPLATE = "template"
    TOO_LONG = "too_long"
    TOO_MANY_TAGS = "too_many_tags"
    ALBUM_EMPTY = "album_empty"
    NOT_UNSURE = "not_unsure"


class BadCell(Exception):
    """A cell cannot be used; `detail` names what is meant."""

    def __init__(self, problem: LineProblem, detail: str = "") -> None:
        super().__init__(problem.value)
        self.problem, self.detail = problem, detail


@dataclass(frozen=True, slots=True)
class TableGoods:
    """One product as an export tells it. `values` are those of the settable columns, "" for the rules'.

    `scopes` says by column under which key the value is kept, where several products share one.
    """

    pk: int
    evotor_id: str
    name: str
    store: str = ""
    store_id: str = ""
    group: str = ""
    group_id: str = ""
    article: str = ""
    code: str = ""
    barcodes: tuple[str, ...] = ()
    price: str = ""
    stock: str = ""
    values: Mapping[Column, str] = field(default_factory=dict)
    scopes: Mapping[Column, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TableLine:
    """One line compared. `number` counts the file's rows from 1, as a spreadsheet does.

    `changes` holds the old and the new value by column. A bad line has its problem, where it lies, and what
    is meant.
    """

    number: int
    kind: LineKind
    pk: int | None = None
    name: str = ""
    changes: Mapping[Column, tuple[str, str]] = field(default_factory=dict)
    problem: LineProblem | None = None
    column: Column | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """All lines of a table, and how many of them have another price than the till, which is not read."""

    lines: Sequence[TableLine]
    other_prices: int = 0
