"""The life of an import: uploaded, read by a worker, asked about, carried out."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Product
from evosync.common import clock
from evosync.common.batching import chunks
from evosync.common.bulk import insert_rows, update_rows
from evosync.common.text import normalize_for_search
from syncing.choices import BulkAction, TableLineKind, TableState
from syncing.core.restricted_goods.decisions import key_of
from syncing.core.tables.columns import SETTABLE, Column, Layout
from syncing.core.tables.comparing import Comparer, layout_of
from syncing.core.tables.reasons import common_reasons
from syncing.core.tables.records import Comparison, LineKind, TableGoods, TableLine
from syncing.core.tables.texts import FileProblem, UnreadableTable
from syncing.core.tags import read_tags
from syncing.models import TableImport, TableImportLine
from syncing.services.bulk import categories, decisions, filters, undo, words
from syncing.services.bulk.records import ROWS_AT_ONCE, CannotChange, Change
from syncing.services.settings import config_for
from syncing.services.tables.checks import checks_for
from syncing.services.tables.goods import goods_of_table
from syncing.services.tables.isolation import read_isolated
from syncing.services.tables.limits import MOST_BYTES
from syncing.services.tags import set_tags

logger = logging.getLogger(__name__)

FOLDER = "tables"
MOST_UNKNOWN = 20
WORDS: Mapping[Column, str] = {
    Column.ALBUM: "own_album",
    Column.TITLE: "own_title",
    Column.DESCRIPTION: "own_description",
}


class TableGone(Exception):
    """The table was dropped, or another one was uploaded in its place."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What was done: how many goods were changed, and how many lines are asked about again.

    `is_late` means that another press came first.
    """

    number: int
    stale: int
    has_decisions: bool = False
    is_late: bool = False


def keep_upload(user: User, file_name: str, file: File[bytes]) -> TableImport:
    """Keep a file until a worker has read it. What was uploaded before and not imported goes."""
    with transaction.atomic():
        # One that is being imported just now is waited for, and stays.
        for row in TableImport.objects.for_user(user).unused().select_for_update():
            row.delete()
        name = default_storage.save(f"{FOLDER}/{user.pk}/{uuid4().hex}", file)
        return TableImport.objects.create(user=user, file_name=file_name[:255], file=name)


def delete_file(name: str) -> None:
    """Delete an uploaded file; a failure leaves it to the log."""
    try:
        if name:
            default_storage.delete(name)
    except OSError:
        logger.exception("the table's file %s was not deleted", name)


def read_waiting(user: User) -> dict[str, Any]:
    """Read the table that the merchant has uploaded last, and keep what its lines would change."""
    table = TableImport.objects.for_user(user).reading().newest().first()
    if table is None:
        return {}
    try:
        rows = read_isolated(_bytes_of(table))
        layout = layout_of(rows)
    except UnreadableTable as refusal:
        changed = {"state": TableState.REFUSED, "problem": refusal.problem, "detail": refusal.detail[:255]}
        TableImport.objects.filter(pk=table.pk).update(file="", **changed)
    else:
        _keep(table, _compare(user, rows, layout), layout)
    delete_file(str(table.file))
    return {"table": table.pk}


def _bytes_of(table: TableImport) -> bytes:
    try:
        with default_storage.open(str(table.file)) as file:
            return bytes(file.read(MOST_BYTES + 1))
    except FileNotFoundError:
        raise UnreadableTable(FileProblem.NOT_KEPT) from None


def _compare(user: User, rows: Sequence[Sequence[str]], layout: Layout) -> Comparison:
    is_list = filters.is_list(filters.modes_of(config_for(user)))
    comparer = Comparer(list(goods_of_table(user)), checks=checks_for(user), is_list=is_list)
    return comparer.compare(rows, layout)


def _keep(table: TableImport, found: Comparison, layout: Layout) -> None:
    """Keep the lines that change something or are bad, in place of those of a reading that was broken off."""
    notes = {
        "columns": list(layout.settable),
        "unknown": list(layout.unknown[:MOST_UNKNOWN]),
        "other_prices": found.other_prices,
        "ends_list": _ends_list(table.user, found.lines),
        "reasons": [asdict(reason) for reason in common_reasons(found.lines)],
    }
    kept = [line for line in found.lines if line.kind is not LineKind.SAME]
    with transaction.atomic():
        if not TableImport.objects.select_for_update().filter(pk=table.pk).reading().exists():
            return
        TableImportLine.objects.of_table(table).delete()
        insert_rows([_row(table, line) for line in kept])
        same = len(found.lines) - len(kept)
        TableImport.objects.filter(pk=table.pk).update(
            file="", state=TableState.READY, notes=notes, same=same
        )


def _row(table: TableImport, line: TableLine) -> TableImportLine:
    return TableImportLine(
        table=table,
        number=line.number,
        kind=line.kind.value,
        product_id=line.pk,
        name=line.name[:255],
        search_text=normalize_for_search(line.name)[:512],
        changes={str(column): list(change) for column, change in line.changes.items()},
        problem=line.problem or "",
        column=line.column or "",
        detail=line.detail[:255],
    )


def _ends_list(user: User, lines: Iterable[TableLine]) -> bool:
    """Return True if no product would be listed singly any more, so that all go to VK."""
    modes = filters.modes_of(config_for(user))
    if not filters.is_list(modes):
        return False
    changed = {line.pk: line.changes[Column.IN_VK][1] for line in lines if Column.IN_VK in line.changes}
    rows = Product.objects.for_user(user).present().values_list("pk", "evotor_id")
    after = modes | {evotor_id: changed[pk] for pk, evotor_id in rows if pk in changed}
    return not filters.is_list(after)


def carry_out(table: TableImport, *, bad_lines: int) -> Imported:
    """Import the lines that wait. `bad_lines` is how many bad ones the merchant agreed to leave out.

    A line whose old value was changed meanwhile is not imported but asked about again. Raises CannotChange,
    and TableGone where another upload has taken its place; nothing was changed then.
    """
    user = table.user
    with transaction.atomic():
        locked = TableImport.objects.select_for_update().filter(pk=table.pk, state=TableState.READY)
        if not locked.exists():
            if not TableImport.objects.filter(pk=table.pk).exists():
                raise TableGone
            return Imported(0, 0, is_late=True)
        lines = TableImportLine.objects.of_table(table)
        if lines.of_kind(TableLineKind.BAD).count() != bad_lines:
            raise CannotChange(
                _("Nothing was imported: the table has bad lines. Correct them, or import without them.")
            )
        waiting = list(lines.waiting().select_related("product"))
        fresh, stale = _sorted(user, waiting)
        _set(user, fresh, may_end_list=bool(table.notes.get("ends_list")))
        update_rows(fresh, ["is_applied", "is_stale"])
        update_rows([line for line in fresh if Column.DECISION in line.changes], ["changes"])
        update_rows(stale, ["is_stale", "changes", "kind", "name", "search_text"])
        left = lines.waiting().count()
        locked.update(state=TableState.READY if left else TableState.DONE, applied_at=clock.now())
    undo.remember(user, BulkAction.TABLE, Change(len(fresh), before={"table": table.pk}))
    logger.info("Merchant %d: table imported, %d goods changed, %d asked again", user.pk, len(fresh), left)
    return Imported(len(fresh), left, any(Column.DECISION in line.changes for line in fresh))


def _sorted(
    user: User, lines: Sequence[TableImportLine]
) -> tuple[list[TableImportLine], list[TableImportLine]]:
    """Return the lines whose old values still stand, and the others with the values of now."""
    pks = {line.product_id for line in lines if line.product_id}
    for some in chunks(sorted(pks), ROWS_AT_ONCE):
        list(Product.objects.for_user(user).with_ids(some).select_for_update().values_list("pk"))
    now = {goods.pk: goods for goods in goods_of_table(user) if goods.pk in pks}
    fresh: list[TableImportLine] = []
    stale: list[TableImportLine] = []
    for line in lines:
        (fresh if _still_stands(line, now.get(line.product_id or 0)) else stale).append(line)
    return fresh, stale


def _still_stands(line: TableImportLine, goods: TableGoods | None) -> bool:
    """Return True if the line may be imported; else write into it what there is to be asked."""
    if goods is None:
        line.kind = TableLineKind.SAME
        return False
    now = {name: goods.values.get(Column(name), "") for name in line.changes}
    # A decision is kept for a name, and the merchant has seen this one.
    is_renamed = Column.DECISION in line.changes and key_of(goods.name) != key_of(line.name)
    if not is_renamed and all(values[0] == now[name] for name, values in line.changes.items()):
        line.is_applied, line.is_stale = True, False
        return True
    line.is_stale = True
    line.name, line.search_text = goods.name[:255], normalize_for_search(goods.name)[:512]
    line.changes = {
        name: [now[name], values[1]] for name, values in line.changes.items() if values[1] != now[name]
    }
    if not line.changes:
        line.kind = TableLineKind.SAME
    return False


def _set(user: User, lines: Sequence[TableImportLine], *, may_end_list: bool) -> None:
    """Write the new values as the work on many goods writes them."""
    for column in SETTABLE:
        told = [line for line in lines if column in line.changes and line.product]
        if told:
            _set_column(user, column, told, may_end_list=may_end_list)


def _set_column(user: User, column: Column, lines: Sequence[TableImportLine], *, may_end_list: bool) -> None:
    new = {line.product: line.changes[column][1] for line in lines if line.product}
    if column is Column.IN_VK:
        _set_modes(
            user,
            {product.evotor_id: value or None for product, value in new.items()},
            may_end_list=may_end_list,
        )
    elif column is Column.CATEGORY:
        numbers = {product.evotor_id: int(value) if value else None for product, value in new.items()}
        categories.set_categories(user, numbers)
    elif column is Column.DECISION:
        done = decisions.set_decisions(user, {line.name: line.changes[column][1] or None for line in lines})
        # A decision's row says more than its verdict: it is kept for taking the import back.
        for line in lines:
            if (key := key_of(line.name)) in done.after:
                line.changes[column] = [*line.changes[column][:2], done.before[key], done.after[key]]
    elif column is Column.TAGS:
        set_tags(user, {product.pk: read_tags(value) for product, value in new.items()})
    else:
        words.set_words(user, WORDS[column], {str(product.pk): value for product, value in new.items()})


def _set_modes(user: User, modes: Mapping[str, str | None], *, may_end_list: bool) -> None:
    try:
        filters.set_modes(user, modes, may_end_list=may_end_list)
    except (filters.ListBegins, filters.ListEnds):
        raise CannotChange(
            _(
                "Nothing was imported: since the upload it was changed which goods are chosen for VK one by "
                "one. Upload the table again."
            )
        ) from None


def drop(table: TableImport) -> None:
    """Forget an import. What was imported of it before stays."""
    with transaction.atomic():
        # One that is being imported just now is waited for.
        locked = TableImport.objects.select_for_update().filter(pk=table.pk).first()
        if locked is None:
            return
        if locked.applied_at is None:
            locked.delete()
        else:
            TableImport.objects.filter(pk=table.pk, state=TableState.READY).update(state=TableState.DONE)
            TableImportLine.objects.of_table(table).waiting().delete()
