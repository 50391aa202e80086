"""What an undo would do to each product of a run, and what is held since one."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from catalog.models import Product
from syncing.models import Listing, SyncJob
from syncing.services.labels import Change, describe_changes
from syncing.services.run_undo import held_by_undo, put_back

PER_PAGE = 50
SHOWN = 100


@dataclass(frozen=True, slots=True)
class PutBackLine:
    """What becomes of one product; no changes where it stays as it is."""

    name: str
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class UndoPage:
    """One page of a run's goods, their number, and the id that the next page starts behind."""

    lines: list[PutBackLine]
    total: int
    older: int | None


@dataclass(frozen=True, slots=True)
class UndoneLine:
    """What one product holds since an undo: VK's value beside the till's."""

    product: Product | None
    job_pk: int | None
    since: datetime
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class UndonePage:
    """The first goods that are held, and how many there are."""

    lines: list[UndoneLine]
    total: int

    @property
    def more(self) -> int:
        """How many are not listed."""
        return self.total - len(self.lines)


def undo_page(
    user: User, job: SyncJob, *, product: Product | None = None, before: int | None = None
) -> UndoPage:
    """Return what an undo of the run would do, to all of its goods or to one."""
    items = job.items.done().newest()
    if product is not None:
        items = items.filter(product=product)
    total = items.count()
    if before is not None:
        items = items.before(before)
    rows = list(items[: PER_PAGE + 1])
    older = rows[PER_PAGE - 1].pk if len(rows) > PER_PAGE else None
    lines = [
        PutBackLine(one.item.product_name, describe_changes(one.changes))
        for one in put_back(user, rows[:PER_PAGE])
    ]
    return UndoPage(lines, total, older)


def undone_page(user: User) -> UndonePage:
    """Return the goods that are held since an undo."""
    held = held_by_undo(user)
    rows = held.select_related("product").order_by("pk")[:SHOWN]
    lines = [line for row in rows if (line := undone_line(row))]
    return UndonePage(lines, held.count())


def undone_line(listing: Listing) -> UndoneLine | None:
    """Return what a product holds since an undo, None for one that follows the till."""
    if not listing.held:
        return None
    changes = {name: (undone, value) for name, (value, undone) in listing.held_values.items()}
    since = datetime.fromisoformat(listing.held["at"])
    job_pk = listing.held["run"]
    is_kept = SyncJob.objects.filter(pk=job_pk, user_id=listing.user_id).exists()
    return UndoneLine(listing.product, job_pk if is_kept else None, since, describe_changes(changes))
