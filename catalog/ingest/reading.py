"""One reading of a store as it is written: when it began, what it proves, and what it changed."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

# A row that another refresh wrote after this one began to read is newer than this reading. A difference
# above this limit does not come from a parallel refresh: the clock was set back.
PARALLEL = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading of one store. `seen_at` is when a complete reading last saw all of its goods.

    Only an `is_complete` reading proves that goods are gone. If it `stamps`, unchanged rows get the time of
    the reading; otherwise only the store does.
    """

    now: datetime
    seen_at: datetime | None
    is_complete: bool
    stamps: bool = True

    @property
    def is_overtaken(self) -> bool:
        """Whether a parallel refresh that began later has seen all of the goods already."""
        return self.seen_at is not None and self.now < self.seen_at <= self.now + PARALLEL


@dataclass(slots=True)
class WriteCounts:
    """Counts of one written store. `bad_numbers` and `bad_fields` describe the products."""

    seen: int = 0
    added: int = 0
    changed: int = 0
    missing: int = 0
    returned: int = 0
    newly_zero_stock: int = 0
    bad_ids: int = 0
    bad_numbers: list[str] = field(default_factory=list)
    bad_fields: list[str] = field(default_factory=list)
    groups_changed: bool = False

    @property
    def is_clean(self) -> bool:
        """Whether every record could be stored as Evotor sent it."""
        return not (self.bad_ids or self.bad_numbers or self.bad_fields)

    @property
    def is_change(self) -> bool:
        """Whether the store's goods or groups have changed."""
        return self.groups_changed or bool(self.added or self.changed or self.missing or self.returned)
