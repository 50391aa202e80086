"""How it stands with a result that a worker computes: of when it is, and whether another is under way."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from syncing.models import Computation
from syncing.services.labels import ErrorMessage, error_message

# Longer than any shop takes; then the worker is busy, or none runs.
LATE_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class ComputationState:
    """What a page says beside the result. `computed_at` is of the result, None where there is none yet.

    `stamp` names what the page says: one that has it asks for something else only.
    """

    computed_at: datetime | None
    is_computing: bool
    is_late: bool
    stamp: str
    error: ErrorMessage | None


def computation_state(row: Computation, *, now: datetime) -> ComputationState:
    """Return how it stands with a computation."""
    return ComputationState(
        computed_at=row.computed_at if row.result is not None and not row.error_code else None,
        is_computing=row.is_asked,
        is_late=_is_late(row, now),
        stamp=stamp_of(row, now=now),
        error=error_message(row.error_code, row.error_text),
    )


def stamp_of(row: Computation, *, now: datetime) -> str:
    """Return what names in an address the row's last answer, and that the next one is late."""
    answer = f"{row.computed_at.timestamp():.6f}" if row.computed_at else "0"
    return f"{answer}-late" if _is_late(row, now) else answer


def _is_late(row: Computation, now: datetime) -> bool:
    return row.asked_at is not None and row.asked_at < now - LATE_AFTER
