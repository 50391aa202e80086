"""Groups bad lines of a table that are bad for one reason, so that it is said once."""

from collections.abc import Iterable
from dataclasses import dataclass

from syncing.core.tables.records import LineKind, TableLine

MOST_REASONS = 20
ROWS_NAMED = 5
_LEAST = 2


@dataclass(frozen=True, slots=True)
class CommonReason:
    """A reason that several lines share: how many, and the first of their rows."""

    problem: str
    column: str
    detail: str
    number: int
    rows: tuple[int, ...]


def common_reasons(lines: Iterable[TableLine]) -> list[CommonReason]:
    """Return the reasons of more than one bad line, the most common first."""
    rows: dict[tuple[str, str, str], list[int]] = {}
    for line in lines:
        if line.kind is LineKind.BAD:
            reason = (line.problem or "", line.column or "", line.detail)
            rows.setdefault(reason, []).append(line.number)
    shared = [(reason, found) for reason, found in rows.items() if len(found) >= _LEAST]
    shared.sort(key=lambda one: (-len(one[1]), one[1][0]))
    return [
        CommonReason(*reason, len(found), tuple(found[:ROWS_NAMED]))
        for reason, found in shared[:MOST_REASONS]
    ]
