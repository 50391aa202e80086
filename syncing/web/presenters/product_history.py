"""What VK was sent for one product, run by run, and its price and stock in VK over time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.utils.translation import gettext

from catalog.models import Product
from syncing.models import SyncJobItem
from syncing.services.labels import (
    FIELDS,
    Change,
    ErrorMessage,
    describe_changes,
    error_message,
    format_value,
)
from syncing.services.undo import changes_of
from syncing.web.presenters.exclusion_reasons import reason_sentence

PER_PAGE = 30
# The newest values that a line is drawn of.
VALUES = 300
DRAWN = ("price_kopecks", "stock")
# The chart's own units; the SVG is stretched to the page's width. A line must not touch the edge.
WIDTH, HEIGHT, EDGE = 300, 60, 4
UNLIMITED = -1


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One run's part: what was sent, which rule decided, and what VK answered."""

    item: SyncJobItem
    changes: list[Change]
    reason: str
    rules: str
    error: ErrorMessage | None
    # VK's own words, where ours are others.
    said: str = ""
    can_undo: bool = False


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Runs from the newest, and the id that the next page starts behind."""

    lines: list[HistoryLine]
    older: int | None


@dataclass(frozen=True, slots=True)
class LineChart:
    """One field over time, up to now: `points` are those of a polyline, `dots` where a new value was sent.

    `values` are the same in words, newest first; `last` is what VK has now.
    """

    title: str
    points: str
    dots: list[tuple[float, float]]
    least: str
    most: str
    last: str
    since: datetime
    values: list[tuple[datetime, str]]


def history_page(product: Product, *, before: int | None = None) -> HistoryPage:
    """Return one page of what the runs did to the product."""
    items = product.job_items.select_related("job").newest()
    if before is not None:
        items = items.before(before)
    rows = list(items[: PER_PAGE + 1])
    older = rows[PER_PAGE - 1].pk if len(rows) > PER_PAGE else None
    return HistoryPage([history_line(row) for row in rows[:PER_PAGE]], older)


def history_line(item: SyncJobItem) -> HistoryLine:
    """Return one run's part in words."""
    error = error_message(item.error_code, item.error_text)
    return HistoryLine(
        item=item,
        changes=describe_changes(item.changes),
        reason=reason_sentence(item.reason) if item.reason else "",
        rules=_describe_rules(item),
        error=error,
        said=item.error_text if error and item.error_text != error.text else "",
        can_undo=item.result == SyncJobItem.Result.DONE and bool(changes_of(item)[0]),
    )


def _describe_rules(item: SyncJobItem) -> str:
    """Return which of the merchant's rules decided, such as "price: “Tea cheaper”"."""
    named = (
        gettext("%(field)s by the rule “%(rule)s”") % {"field": FIELDS.get(name, name), "rule": rule}
        for name, rule in (item.rules or {}).items()
    )
    return ", ".join(named)


def charts(product: Product, *, now: datetime) -> list[LineChart]:
    """Return the lines of price and stock up to now; a value that never changed has none."""
    rows = product.job_items.done().newest().values_list("updated_at", "changes")[:VALUES]
    past = [(moment, changes) for moment, changes in reversed(rows) if changes]
    found = (_chart(name, [(at, one[name][1]) for at, one in past if name in one], now) for name in DRAWN)
    return [chart for chart in found if chart]


def _chart(name: str, values: Sequence[tuple[datetime, object]], now: datetime) -> LineChart | None:
    known = [(at, value) for at, value in values if isinstance(value, int) and value != UNLIMITED]
    numbers = [value for _at, value in known]
    if len(set(numbers)) < 2:  # noqa: PLR2004 - one value is no line
        return None
    dots = _dots(known, now)
    return LineChart(
        title=str(FIELDS[name]),
        points=_steps(dots),
        dots=dots,
        least=format_value(name, min(numbers)),
        most=format_value(name, max(numbers)),
        last=format_value(name, values[-1][1]),
        since=known[0][0],
        values=[(at, format_value(name, value)) for at, value in reversed(known)],
    )


def _dots(values: Sequence[tuple[datetime, int]], now: datetime) -> list[tuple[float, float]]:
    """Return where in the chart each value was sent; its right edge is now."""
    start = values[0][0]
    span = max(1.0, (now - start).total_seconds())
    least, most = min(value for _, value in values), max(value for _, value in values)
    return [
        (
            round(min(1.0, (at - start).total_seconds() / span) * WIDTH, 1),
            round(HEIGHT - EDGE - (value - least) / (most - least) * (HEIGHT - 2 * EDGE), 1),
        )
        for at, value in values
    ]


def _steps(dots: Sequence[tuple[float, float]]) -> str:
    """Return the points of a line that stays at a value until the next one, the last one until now."""
    corners = [f"{dots[0][0]},{dots[0][1]}"]
    for (_, before), (x, y) in pairwise(dots):
        corners += [f"{x},{before}", f"{x},{y}"]
    return " ".join([*corners, f"{WIDTH},{dots[-1][1]}"])
