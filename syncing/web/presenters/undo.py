"""What undoing a run would change, and what is kept since runs were undone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from catalog.models import Product
from syncing.core.undone import ITEM, takes_out
from syncing.models import SyncJob, SyncJobItem, UndoneChange
from syncing.services.labels import Change, describe_changes
from syncing.services.undo import (
    changes_of,
    count_appeared,
    count_removed,
    count_without_item,
    undoable_items,
)

SHOWN = 50


@dataclass(frozen=True, slots=True)
class UndoLine:
    """One product, and what becomes of its item."""

    product_pk: int
    name: str
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class UndoPage:
    """What undoing a run puts back: the first lines, and how many there are.

    `returning` of them were removed from VK; `gone` were too, and do not come back. `absent` are not in VK
    now. `leaving` were put in VK by the run and leave it.
    """

    lines: list[UndoLine]
    number: int
    more: int
    returning: int
    gone: int
    absent: int
    leaving: int


@dataclass(frozen=True, slots=True)
class KeptLine:
    """One product whose item keeps values of before a run."""

    product_pk: int
    name: str
    changes: list[Change]
    undone_at: datetime
    stays_out: bool


@dataclass(frozen=True, slots=True)
class KeptPage:
    """What is kept: the first lines, and how many there are."""

    lines: list[KeptLine]
    number: int
    more: int


def undo_page(job: SyncJob, product: Product | None = None) -> UndoPage:
    """Return what undoing the run would put back, of one product if given."""
    items = undoable_items(job, product)
    number = items.count()
    lines = [_undo_line(item) for item in items.order_by("product_name", "pk")[:SHOWN]]
    returning, gone = count_removed(job, product)
    absent, leaving = count_without_item(job, product), count_appeared(job, product)
    return UndoPage(lines, number, max(0, number - SHOWN), returning, gone, absent, leaving)


def _undo_line(item: SyncJobItem) -> UndoLine:
    before, after = changes_of(item)
    return UndoLine(item.product_id or 0, item.product_name, _changes(after, before))


def kept_page(user: User) -> KeptPage:
    """Return what VK keeps of before undone runs."""
    rows = UndoneChange.objects.for_user(user)
    number = rows.count()
    shown = rows.select_related("product").by_name()[:SHOWN]
    return KeptPage([kept_line(row) for row in shown], number, max(0, number - SHOWN))


def kept_line(row: UndoneChange) -> KeptLine:
    """Return what is kept of one product."""
    changes = _changes(row.instead_of, row.kept)
    is_out = takes_out(row.kept, row.instead_of)
    return KeptLine(row.product_id, row.product.name, changes, row.undone_at, is_out)


def kept_of(product: Product) -> KeptLine | None:
    """Return what is kept of the product, which has been read with it; None where that is nothing."""
    row: UndoneChange | None = getattr(product, "undone_change", None)
    return kept_line(row) if row else None


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    # Of an item that was not there, that it is there again says whether it is shown.
    named = new.keys() - {"hidden"} if ITEM in new else new.keys()
    return describe_changes(
        {name: (old[name], new[name]) for name in new if name in named and old[name] != new[name]}
    )
