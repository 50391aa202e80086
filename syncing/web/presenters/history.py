"""Runs and what each did to every product."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.utils.translation import gettext

from accounts.models import User
from connections.clients.error_catalog import OwnError, lookup
from connections.clients.error_catalog.rows import Reaction
from syncing.choices import JobCode, JobStatus
from syncing.models import SyncJob, SyncJobItem
from syncing.services.labels import Change, ErrorMessage, describe_changes, error_message
from syncing.services.safety_messages import sentence
from syncing.web.presenters.exclusion_reasons import reason_sentence

RUNS_PER_PAGE = 30
ITEMS_PER_PAGE = 20
VK_CODES = "vk."
# A guess from the first seconds of a run is worth nothing.
ENOUGH_SECONDS = 3
PACE_WINDOW = timedelta(seconds=30)
# A living run beats every twenty seconds. A worker that is free takes a waiting one within seconds.
SILENT_AFTER = timedelta(seconds=60)
WAITS_LONG_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class JobPage:
    """Runs from the newest, the runs' errors in words, and the id that the next page starts behind."""

    runs: list[tuple[SyncJob, ErrorMessage | None]]
    older: int | None


def job_page(user: User, *, before: int | None = None) -> JobPage:
    """Return one page of the merchant's runs."""
    jobs = SyncJob.objects.for_user(user).newest()
    if before is not None:
        jobs = jobs.filter(pk__lt=before)
    rows = list(jobs[: RUNS_PER_PAGE + 1])
    older = rows[RUNS_PER_PAGE - 1].pk if len(rows) > RUNS_PER_PAGE else None
    return JobPage([(row, job_error(row)) for row in rows[:RUNS_PER_PAGE]], older)


def job_error(job: SyncJob) -> ErrorMessage | None:
    """Return the error that ended a job; a held plan and a manual stop are none."""
    if job.error_code in ("", JobCode.PLAN_HELD, JobCode.STOPPED):
        return None
    found = error_message(job.error_code, job.error_detail)
    if found and job.error_code == OwnError.ALBUMS_REFUSED:
        # Which albums, only the run knows.
        return replace(found, text=job.error_detail)
    return found


def shop_refusal(user: User) -> ErrorMessage | None:
    """Return what VK wants the merchant to put right in the community, as the last run was told."""
    last = SyncJob.objects.for_user(user).finished().newest().first()
    if last is None or last.status != JobStatus.FAILED or not last.error_code.startswith(VK_CODES):
        return None
    return job_error(last) if lookup(last.error_code).reaction is Reaction.MERCHANT else None


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One product's part in a run, in words."""

    item: SyncJobItem
    reason: str
    changes: list[Change]
    error: ErrorMessage | None


@dataclass(frozen=True, slots=True)
class ItemPage:
    """Items of one run in the order of work, and the id that the next page starts behind."""

    lines: list[ItemLine]
    after: int | None


def item_page(
    job: SyncJob, *, action: str = "", result: str = "", part: str = "", after: int | None = None
) -> ItemPage:
    """Return one page of a run's items, of one action, result or part of the plan if asked."""
    items = (job.items.with_part() if part else job.items).order_by("pk")
    for name, value in (("action", action), ("result", result), ("part", part), ("pk__gt", after)):
        if value:
            items = items.filter(**{name: value})
    rows = list(items[: ITEMS_PER_PAGE + 1])
    after = rows[ITEMS_PER_PAGE - 1].pk if len(rows) > ITEMS_PER_PAGE else None
    return ItemPage([_line(row) for row in rows[:ITEMS_PER_PAGE]], after)


def _line(item: SyncJobItem) -> ItemLine:
    return ItemLine(
        item=item,
        reason=reason_sentence(item.reason) if item.reason else "",
        changes=describe_changes(item.changes),
        error=error_message(item.error_code, item.error_text),
    )


def questions(job: SyncJob) -> list[str]:
    """Return why a run's plan was stopped, in sentences."""
    return [sentence(code, count, total) for code, count, total in job.questions]


def planned_numbers(job: SyncJob) -> list[tuple[str, int]]:
    """Return how many lines each part of a held plan's list has, in the order of work."""
    items: QuerySet[Any] = job.items.with_part()
    parts = items.values("part").annotate(first=Min("pk"), number=Count("pk"))
    return list(parts.order_by("first").values_list("part", "number"))


# A spreadsheet takes a cell that begins so for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_rows(job: SyncJob) -> Iterator[list[str]]:
    """Yield a run's items as rows of text that a spreadsheet cannot run, the header first."""
    yield [
        gettext("Product"),
        gettext("Action"),
        gettext("Result"),
        gettext("Reason"),
        gettext("Changes"),
        gettext("Error"),
        gettext("What to do"),
    ]
    for item in job.items.order_by("pk").iterator(chunk_size=1000):
        line = _line(item)
        changes = "; ".join(f"{change.field}: {change.old} → {change.new}" for change in line.changes)
        cells = [
            item.product_name,
            item.get_action_display(),
            item.get_result_display(),
            line.reason,
            changes,
        ]
        cells += [line.error.text, line.error.next_step] if line.error else ["", ""]
        yield [escape_formula(str(cell)) for cell in cells]


def escape_formula(cell: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. `left` and `per_minute` are None while nothing can be said.

    `silent_since` is set where its worker gives no sign of life, `waits_long` where none has taken it yet.
    """

    job: SyncJob
    percent: int
    per_minute: int | None = None
    left: timedelta | None = None
    silent_since: datetime | None = None
    waits_long: bool = False


def progress(job: SyncJob, *, now: datetime) -> Progress:
    """Return a run's progress; what counts is what VK confirmed.

    The pace is that of the last half minute of publishing: reading till and VK takes time before the
    first item, and says nothing of the items to come.
    """
    percent = 100 * job.done // job.total if job.total else 0
    if job.status == SyncJob.Status.PENDING:
        since = max(filter(None, (job.created_at, job.not_before)))
        return Progress(job, percent, waits_long=job.started_at is None and since < now - WAITS_LONG_AFTER)
    if job.heartbeat_at is not None and job.heartbeat_at < now - SILENT_AFTER:
        return Progress(job, percent, silent_since=job.heartbeat_at)
    per_second = 0 if job.is_finished else _pace(job, now)
    if not per_second:
        return Progress(job, percent)
    left = timedelta(seconds=round(max(0, job.total - job.done) / per_second))
    return Progress(job, percent, round(per_second * 60), left)


def _pace(job: SyncJob, now: datetime) -> float:
    """Return how many items VK takes a second, 0 while nothing can be said."""
    items = SyncJobItem.objects.of_job(job)
    planned_at = items.planned().aggregate(at=Min("updated_at"))["at"]
    if planned_at is None:
        return 0
    begin = max(planned_at, now - PACE_WINDOW)
    seconds = (now - begin).total_seconds()
    return items.carried_out_since(begin).count() / seconds if seconds >= ENOUGH_SECONDS else 0


@dataclass(frozen=True, slots=True)
class HeldInRun:
    """The new prices that a run did not write: how many, and the first of them in kopecks."""

    number: int
    lines: list[tuple[str, int, int]]

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.number - len(self.lines)


def held_prices(job: SyncJob) -> HeldInRun | None:
    """Return the prices that waited for a yes when the run was planned."""
    kept = job.held_prices
    if not kept:
        return None
    return HeldInRun(kept["number"], [(name, old, new) for _, _, name, old, new in kept["lines"]])
