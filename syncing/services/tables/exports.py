"""Tables of many goods: asked for by a page, written by a worker, kept for a day, downloaded."""

import logging
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import IO, Any
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from evosync.common import clock
from syncing.choices import TableExportProblem, TableExportState, TableFormat
from syncing.core.tables.parts import Divided
from syncing.core.tables.writing import csv_pieces
from syncing.models import TableExport
from syncing.services.tables import limits
from syncing.services.tables.goods import number_of_goods, rows_of_export, table_language
from syncing.services.tables.imports import delete_file
from syncing.services.tables.workbook import write_workbook

logger = logging.getLogger(__name__)

FOLDER = "exports"
KEEP = timedelta(hours=24)
# Up to so many goods a request writes the table at once: 0.15 s of processor time, 0.25 s at worst.
GOODS_AT_ONCE = 2000
# 15,000 goods with the longest texts have some 60 MB as CSV; two formats are kept a merchant.
MOST_BYTES = 64 * 1024 * 1024
ROWS_BETWEEN_LOOKS = 200
# What an import takes, but for the end of a spreadsheet's archive.
MOST_PART_BYTES = limits.MOST_BYTES - 64 * 1024
ARCHIVE = ".zip"


class TooBig(Exception):
    """The table has more bytes than are kept."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: how many goods, and whether the file is an archive of several tables."""

    goods: int
    is_divided: bool


def write(user: User, table_format: str, file: IO[bytes]) -> Written:
    """Write the merchant's table as it is now, in the active language.

    What is more than an import takes becomes several tables in an archive. Raises TooBig.
    """
    counter = _Counter()
    with ExitStack() as stack:
        parts: list[IO[bytes]] = []
        for rows in Divided(rows_of_export(user), most_bytes=MOST_PART_BYTES):
            part = stack.enter_context(tempfile.TemporaryFile())
            _write_part(counter.counted(rows, part), table_format, part)
            counter.end(part)
            parts.append(part)
        if len(parts) == 1:
            shutil.copyfileobj(parts[0], file)
        else:
            _pack(parts, table_format, file)
    return Written(counter.goods, is_divided=len(parts) > 1)


def _write_part(rows: Iterable[Sequence[str]], table_format: str, file: IO[bytes]) -> None:
    if table_format == TableFormat.XLSX:
        write_workbook(rows, file, title=_("Goods"), language=table_language())
    else:
        for piece in csv_pieces(rows):
            file.write(piece.encode())


def _pack(parts: Sequence[IO[bytes]], table_format: str, file: IO[bytes]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, part in enumerate(parts, start=1):
            with archive.open(f"evosync-{number}.{table_format}", "w") as entry:
                shutil.copyfileobj(part, entry)


class _Counter:
    """Counts the goods and the bytes of all parts. Raises TooBig where those become too many."""

    def __init__(self) -> None:
        self.goods = self._bytes = 0

    def counted(self, rows: Iterable[Sequence[str]], file: IO[bytes]) -> Iterator[Sequence[str]]:
        """Yield the rows of a part, which are written to the file."""
        for number, row in enumerate(rows):
            if number % ROWS_BETWEEN_LOOKS == 0:
                self._look(file)
            self.goods += number > 0
            yield row

    def end(self, file: IO[bytes]) -> None:
        """Take over what a part has, and go to its beginning."""
        self._look(file)
        self._bytes += file.tell()
        file.seek(0)

    def _look(self, file: IO[bytes]) -> None:
        if self._bytes + file.tell() > MOST_BYTES:
            raise TooBig


def ask(user: User, table_format: TableFormat) -> TableExport:
    """Note that the merchant wants their table as it is now; the last one can be downloaded meanwhile."""
    asked = {
        "language": table_language(),
        "state": TableExportState.ASKED,
        "problem": "",
        "asked_at": clock.now(),
    }
    row, _made = TableExport.objects.update_or_create(user=user, format=table_format, defaults=asked)
    return row


def write_asked(user: User) -> dict[str, Any]:
    """Write the tables that the merchant has asked for; return how many."""
    asked = list(TableExport.objects.for_user(user).asked())
    for row in asked:
        _write(row)
    return {"tables": len(asked)}


def _write(row: TableExport) -> None:
    # Of an attempt that was broken off.
    delete_file(row.draft)
    draft = ""
    try:
        with tempfile.TemporaryFile() as file, translation.override(row.language):
            written = write(row.user, row.format, file)
            size = file.tell()
            file.seek(0)
            suffix = ARCHIVE if written.is_divided else f".{row.format}"
            draft = f"{FOLDER}/{row.user_id}/{uuid4().hex}{suffix}"
            if not TableExport.objects.filter(pk=row.pk).update(draft=draft):
                return
            name = str(default_storage.save(draft, File(file)))
    except TooBig:
        _fail(row, TableExportProblem.TOO_BIG)
    except OSError:
        logger.exception("the table of merchant %d was not written", row.user_id)
        # The disk may have taken a part of it.
        delete_file(draft)
        _fail(row, TableExportProblem.STORAGE)
    else:
        _keep(row, name, size=size, goods=written.goods)


def _fail(row: TableExport, problem: TableExportProblem) -> None:
    asked = TableExport.objects.filter(pk=row.pk, asked_at=row.asked_at)
    asked.update(state=TableExportState.FAILED, problem=problem, draft="")


def _keep(row: TableExport, name: str, *, size: int, goods: int) -> None:
    """Put the file in the place of the last one; where it is not wanted any more, delete it."""
    with transaction.atomic():
        current = TableExport.objects.select_for_update().filter(pk=row.pk).first()
        if current is None or current.draft != name:
            transaction.on_commit(partial(delete_file, name))
            return
        transaction.on_commit(partial(delete_file, str(current.file)))
        # What was asked for while it was written is written after it.
        is_last = current.asked_at == row.asked_at
        TableExport.objects.filter(pk=row.pk).update(
            file=name,
            draft="",
            state=TableExportState.READY if is_last else TableExportState.ASKED,
            size_bytes=size,
            goods=goods,
            made_at=clock.now(),
        )


def is_written_at_once(user: User) -> bool:
    """Return True if the merchant's table is so short that a request may write it."""
    return number_of_goods(user) <= GOODS_AT_ONCE


def is_divided(row: TableExport) -> bool:
    """Return True if what was written is an archive of several tables."""
    return str(row.file).endswith(ARCHIVE)


def open_kept(user: User, table_format: TableFormat) -> tuple[TableExport, IO[bytes]] | None:
    """Return the merchant's last written table with its file open, or None where there is none.

    One whose file is lost is no longer offered. Raises OSError where the storage is away.
    """
    row = TableExport.objects.for_user(user).of_format(table_format).first()
    if row is None or not row.file:
        return None
    try:
        return row, default_storage.open(str(row.file))
    except FileNotFoundError:
        TableExport.objects.filter(pk=row.pk, file=row.file.name).update(file="", made_at=None)
        return None
