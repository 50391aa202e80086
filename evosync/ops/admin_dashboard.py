"""The figures on the admin's first page. A fixed number of queries, none of them over all products."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from connections.clients.error_catalog import lookup
from connections.models import EvotorConnection, OperatorAlert, VkConnection
from evosync.common.telemetry import heartbeat
from evosync.common.telemetry.queues import queue_lengths
from syncing.models import SyncJob, SyncJobItem
from syncing.models.jobs import SyncJobQuerySet
from syncing.services.accuracy import accuracy_ratio

DAY = timedelta(days=1)
MOST_CODES = 12
Status = SyncJob.Status


@dataclass(frozen=True, slots=True)
class ConnectionCounts:
    """How many claimed connections of one service answer and how many do not."""

    service: str
    online: int
    offline: int
    address: str


@dataclass(frozen=True, slots=True)
class ErrorCount:
    """How often an error came up in 24 hours, and what it means."""

    code: str
    count: int
    text: str


@dataclass(frozen=True, slots=True)
class RoleHealth:
    """Whether a role is alive; `seconds` since its last sign, None where there was none for a day."""

    name: str
    is_alive: bool
    seconds: int | None


@dataclass(frozen=True, slots=True)
class Dashboard:
    """All that the page shows. `accuracy` is a share in percent, None without runs in 24 hours."""

    connections: list[ConnectionCounts]
    jobs: list[tuple[str, str, int]]
    awaiting_approval: int
    oldest_waiting: datetime | None
    queues: list[tuple[str, int]]
    errors: list[ErrorCount]
    accuracy: str | None
    roles: list[RoleHealth]
    unreachable: str
    alerts: list[OperatorAlert]


def build_dashboard(*, now: datetime) -> Dashboard:
    """Return the figures as of `now`. What Redis cannot tell is missing and named, not raised."""
    finished = SyncJob.objects.finished_since(now - DAY)
    try:
        queues, roles, unreachable = queue_lengths(), _roles(), ""
    except Exception as error:  # noqa: BLE001 - whatever a lost Redis raises, staff must see the rest
        queues, roles, unreachable = {}, [], type(error).__name__
    return Dashboard(
        connections=[_connections("Evotor", EvotorConnection), _connections("VK", VkConnection)],
        jobs=_jobs(finished),
        awaiting_approval=SyncJob.objects.awaiting_approval().count(),
        oldest_waiting=_oldest_waiting(now),
        queues=sorted(queues.items()),
        errors=_errors(finished),
        accuracy=_accuracy(finished),
        roles=roles,
        unreachable=unreachable,
        alerts=list(OperatorAlert.objects.open()),
    )


def _connections(name: str, model: type[EvotorConnection] | type[VkConnection]) -> ConnectionCounts:
    rows: QuerySet[EvotorConnection] | QuerySet[VkConnection] = model.objects.claimed()
    counts = dict(rows.order_by().values_list("is_online").annotate(Count("pk")))
    address = f"admin:connections_{model._meta.model_name}_changelist"  # noqa: SLF001 - Django's documented way
    return ConnectionCounts(name, counts.get(True, 0), counts.get(False, 0), address)


def _jobs(finished: SyncJobQuerySet) -> list[tuple[str, str, int]]:
    """Return (status, its words, number): of unfinished runs, then of those that ended in 24 hours."""
    counts = Counter(dict(SyncJob.objects.active().order_by().values_list("status").annotate(Count("pk"))))
    counts.update(dict(finished.order_by().values_list("status").annotate(Count("pk"))))
    return [(status.value, str(status.label), counts[status.value]) for status in Status]


def _oldest_waiting(now: datetime) -> datetime | None:
    waiting = SyncJob.objects.active().waiting(now).order_by("created_at")
    return waiting.values_list("created_at", flat=True).first()


def _errors(finished: SyncJobQuerySet) -> list[ErrorCount]:
    """Count the errors of whole runs and of single items."""
    counts: Counter[str] = Counter()
    with_code = finished.with_error_code().order_by()
    counts.update(dict(with_code.values_list("error_code").annotate(Count("pk"))))
    items = SyncJobItem.objects.failed().of_jobs(finished.with_item_errors().order_by())
    counts.update(dict(items.order_by().values_list("error_code").annotate(Count("pk"))))
    return [ErrorCount(code, count, _(lookup(code).text)) for code, count in counts.most_common(MOST_CODES)]


def _accuracy(finished: SyncJobQuerySet) -> str | None:
    """Return the share of goods that agree with the till in percent, rounded down."""
    share = accuracy_ratio(finished)
    if share is None:
        return None
    hundredths = Decimal(10_000 * share.numerator // share.denominator)
    return number_format(hundredths / 100, 2)


def _roles() -> list[RoleHealth]:
    roles = []
    for role in heartbeat.MAX_AGE_SECONDS:
        seconds = heartbeat.age(role)
        roles.append(RoleHealth(role, heartbeat.is_alive(role), None if seconds is None else int(seconds)))
    return roles
