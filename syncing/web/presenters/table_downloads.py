"""How a merchant gets their table: at once, or from a worker that writes it."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import User
from evosync.common import clock
from syncing.choices import ComputationKind, TableExportState, TableFormat
from syncing.jobs import computations
from syncing.models import TableExport
from syncing.services.tables import exports
from syncing.services.tables.goods import number_of_goods
from syncing.web.presenters.computation_state import LATE_AFTER


@dataclass(frozen=True, slots=True)
class Download:
    """One format. `row` is None where it was never asked for, or is too old by now.

    `is_stuck`: it was asked for, but workers have given it up.
    """

    format: TableFormat
    row: TableExport | None = None
    is_waiting: bool = False
    is_stuck: bool = False

    @property
    def is_divided(self) -> bool:
        """Whether the file is an archive of several tables."""
        return self.row is not None and exports.is_divided(self.row)


@dataclass(frozen=True, slots=True)
class Downloads:
    """What the page offers. `stamp` names what it shows, so that a waiting page asks for something else."""

    is_at_once: bool
    goods: int
    formats: Sequence[Download] = ()
    is_late: bool = False
    stamp: str = ""

    @property
    def is_waiting(self) -> bool:
        """Whether a worker is at it, so that the page asks again."""
        return any(one.is_waiting for one in self.formats)


def table_downloads(user: User) -> Downloads:
    """Return what the page of tables offers to download."""
    goods = number_of_goods(user)
    if goods <= exports.GOODS_AT_ONCE:
        return Downloads(is_at_once=True, goods=goods)
    rows = {row.format: row for row in TableExport.objects.for_user(user)}
    question = computations.find(user, ComputationKind.EXPORT)
    is_computing = question is not None and question.is_asked
    formats = [_download(one, rows.get(one), is_computing=is_computing) for one in TableFormat]
    asked = [one.row.asked_at for one in formats if one.is_waiting and one.row]
    is_late = any(moment < clock.now() - LATE_AFTER for moment in asked)
    return Downloads(
        is_at_once=False,
        goods=goods,
        formats=formats,
        is_late=is_late,
        stamp="-".join([*map(_stamp, formats), str(int(is_late))]),
    )


def _download(table_format: TableFormat, row: TableExport | None, *, is_computing: bool) -> Download:
    if row is None:
        return Download(table_format)
    is_asked = row.state == TableExportState.ASKED
    return Download(
        table_format, row, is_waiting=is_asked and is_computing, is_stuck=is_asked and not is_computing
    )


def _stamp(one: Download) -> str:
    """Return what changes with what is shown of a format."""
    if one.row is None:
        return "0"
    made = int(one.row.made_at.timestamp()) if one.row.made_at else 0
    return f"{one.row.state}{made}{int(one.is_stuck)}"
