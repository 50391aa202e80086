"""The last 30 days of a shop as charts: goods in VK, changes sent, and how well VK agreed with the till.

Every figure is kept in the rows of the runs, so nothing of the catalogue is counted here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import BigIntegerField, Case, F, IntegerField, Max, Q, Sum, Value, When
from django.db.models.expressions import Combinable, CombinedExpression
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext

from accounts.models import User
from syncing.choices import JobPhase
from syncing.models import SyncJob
from syncing.services.labels import format_share

DAYS = 30
Status = SyncJob.Status
# The charts' own units; the SVG is stretched to the page's width. A line must not touch the edge.
STEP, HEIGHT, EDGE = 10, 60, 6
# More than any shop has goods; with it a run's id still fits the database's numbers.
BEHIND_PK = 2**32


@dataclass(frozen=True, slots=True)
class ShopDay:
    """One day's figures; None where no run of the day says."""

    date: date
    in_vk: int | None
    changes: int
    # Goods that agreed out of those that were compared, added up over the day's runs.
    agreed: int
    compared: int

    @property
    def share(self) -> str:
        """The accuracy in per cent, rounded down, empty where nothing was compared."""
        return format_share(self.agreed, self.compared)

    @property
    def has_figures(self) -> bool:
        """Whether a run of the day says anything."""
        return self.in_vk is not None or bool(self.changes or self.compared)


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle of a chart, in the chart's units."""

    x: int
    y: int
    height: int
    title: str


@dataclass(frozen=True, slots=True)
class DayChart:
    """One chart: `now` is its newest value, `told` says it whole for those who do not see it.

    `lines` are the points of polylines, broken at days without a value.
    """

    title: str
    now: str
    told: str
    lines: list[str]
    bars: list[Bar]
    lowest: str = ""
    highest: str = ""


@dataclass(frozen=True, slots=True)
class ShopDays:
    """The days from the oldest, and their charts, none before the first day that has a figure."""

    days: list[ShopDay]
    charts: list[DayChart]

    @property
    def is_drawn(self) -> bool:
        """Whether there is more than one day, since a dot on an empty page tells nothing."""
        return sum(day.has_figures for day in self.days) > 1


def shop_days(user: User, *, now: datetime) -> ShopDays:
    """Return the last 30 days by local day, of one question to the database."""
    today = timezone.localtime(now).date()
    dates = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    found = _sums(user, dates)
    days = [_day(day, found.get(number, {})) for number, day in enumerate(dates)]
    known = [day for day in days if day.has_figures]
    return ShopDays(days, _charts(days) if known else [])


def _sums(user: User, dates: Sequence[date]) -> dict[int, dict[str, Any]]:
    """Add the runs up by the number of their day. Days are bounds: MariaDB may lack time zone tables."""
    starts = [timezone.make_aware(datetime.combine(day, time.min)) for day in dates]
    bounds = [When(finished_at__gte=start, then=Value(number)) for number, start in enumerate(starts)]
    compared = Q(status__in=(Status.SUCCESS, Status.PARTIAL))
    whole = compared & ~Q(phase=JobPhase.BULK)
    written = F("items_created") + F("items_updated")
    rows = (
        SyncJob.objects.for_user(user)
        .finished_since(starts[0])
        .annotate(day=Case(*reversed(bounds), output_field=IntegerField()))
        .order_by()
        .values("day")
        .annotate(
            sent=Sum("done"),
            refused=Sum("error_count"),
            compared=Sum("items_unchanged", filter=compared),
            compared_done=Sum("done", filter=compared),
            wrong=Sum("error_count", filter=compared),
            last=Max(_with_pk(F("items_unchanged") + written), filter=whole),
            # The later slices of a long upload find unchanged what the earlier ones have written.
            last_of_all=Max(_with_pk(Greatest("items_unchanged", written)), filter=compared),
        )
    )
    return {row["day"]: dict(row) for row in rows}


def _with_pk(number: Combinable) -> CombinedExpression:
    """Return a run's number behind its id: the greatest of them has the number of the newest run."""
    return F("pk") * Value(BEHIND_PK, output_field=BigIntegerField()) + number


def _day(day: date, row: Mapping[str, Any]) -> ShopDay:
    newest = row.get("last") or row.get("last_of_all")
    compared = (row.get("compared") or 0) + (row.get("compared_done") or 0)
    return ShopDay(
        date=day,
        in_vk=None if newest is None else newest % BEHIND_PK,
        changes=max(0, (row.get("sent") or 0) - (row.get("refused") or 0)),
        agreed=max(0, compared - (row.get("wrong") or 0)),
        compared=compared,
    )


def _charts(days: Sequence[ShopDay]) -> list[DayChart]:
    return [_goods(days), _changes(days), _accuracy(days)]


def _goods(days: Sequence[ShopDay]) -> DayChart:
    known = [day.in_vk for day in days if day.in_vk is not None]
    return _line(
        gettext("Goods in VK"),
        [None if day.in_vk is None else (float(day.in_vk), _number(day.in_vk)) for day in days],
        highest=max(known, default=0),
    )


def _accuracy(days: Sequence[ShopDay]) -> DayChart:
    return _line(
        gettext("Agreed with the till in a day"),
        [(day.agreed / day.compared, f"{day.share} %") if day.compared else None for day in days],
        highest=1.0,
    )


def _line(title: str, values: Sequence[tuple[float, str] | None], *, highest: float) -> DayChart:
    """Return a line that stays at a day's value for the day; the lowest value stands near the bottom."""
    known = [value for value in values if value is not None]
    least, most = min(known, default=(0.0, "")), max(known, default=(0.0, ""))
    top = max(highest, most[0])
    now = known[-1][1] if known else "–"
    told = gettext("%(title)s: %(now)s now, from %(least)s to %(most)s in 30 days") % {
        "title": title,
        "now": now,
        "least": least[1],
        "most": most[1],
    }
    lines = _steps([None if one is None else _height(one[0], least[0], top) for one in values])
    return DayChart(title, now, told if known else title, lines, [], least[1], most[1])


def _height(value: float, least: float, top: float) -> float:
    """Return how far below the top a value stands; where all are one, that is near the top."""
    share = (value - least) / (top - least) if top > least else 1.0
    return round(HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE), 1)


def _steps(heights: Sequence[float | None]) -> list[str]:
    lines: list[list[str]] = []
    before: float | None = None
    for number, height in enumerate(heights):
        if height is not None:
            if before is None:
                lines.append([])
            lines[-1] += [f"{number * STEP},{height}", f"{(number + 1) * STEP},{height}"]
        before = height
    return [" ".join(points) for points in lines]


def _changes(days: Sequence[ShopDay]) -> DayChart:
    """Return the day's changes as bars; a day that had some has a bar that can be seen."""
    title, most = gettext("Changes sent"), max(day.changes for day in days)
    total = _number(sum(day.changes for day in days))
    bars = []
    for number, day in enumerate(days):
        if day.changes:
            height = max(2, (HEIGHT - EDGE) * day.changes // most)
            bars.append(Bar(number * STEP, HEIGHT - height, height, _number(day.changes)))
    told = gettext("%(title)s: %(total)s in 30 days, at most %(most)s a day") % {
        "title": title,
        "total": total,
        "most": _number(most),
    }
    return DayChart(title, total, told, [], bars, _number(0), _number(most))


def _number(value: int) -> str:
    return number_format(value)
