"""Takes an import of a table back: every value as it stood before, where nobody has changed it since."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import User
from syncing.choices import TableState
from syncing.core.restricted_goods.decisions import key_of
from syncing.core.tables.columns import Column
from syncing.core.tags import read_tags, written_tags
from syncing.models import TableImport, TableImportLine
from syncing.services.bulk import categories, decisions, filters, words
from syncing.services.bulk.records import Change
from syncing.services.tags import set_tags, tags_of

# Behind the two verdicts of a decision stand the rows before and after.
OLD_AND_NEW = 2


def restore_table(user: User, change: Change) -> int:
    """Take back the import that a change names; return how many values were written back."""
    table = TableImport.objects.for_user(user).filter(pk=change.before["table"]).first()
    return 0 if table is None else take_back(table)


def take_back(table: TableImport) -> int:
    """Write back what stood before the import; return how many values. A second time finds nothing.

    Raises CannotChange, and has changed nothing then.
    """
    user = table.user
    with transaction.atomic():
        done = TableImport.objects.filter(pk=table.pk).used().exclude(state=TableState.TAKEN_BACK)
        if not done.update(state=TableState.TAKEN_BACK):
            return 0
        lines = list(TableImportLine.objects.of_table(table).applied().select_related("product"))
        return (
            filters.restore(user, _change(lines, Column.IN_VK, _by_id))
            + categories.restore(user, _numbers(_change(lines, Column.CATEGORY, _by_id)))
            + words.restore_albums(user, _change(lines, Column.ALBUM, _by_row))
            + words.restore_titles(user, _change(lines, Column.TITLE, _by_row))
            + words.restore_texts(user, _change(lines, Column.DESCRIPTION, _by_row))
            + decisions.restore(user, _decisions(lines))
            + _restore_tags(user, lines)
        )


def _restore_tags(user: User, lines: list[TableImportLine]) -> int:
    """Give goods their tags of before again, where they have those of the import still."""
    told = {
        line.product_id: line.changes[Column.TAGS][:2]
        for line in lines
        if Column.TAGS in line.changes and line.product_id is not None
    }
    now = tags_of(user, told)
    old = {pk: read_tags(before) for pk, (before, after) in told.items() if written_tags(now[pk]) == after}
    set_tags(user, old)
    return len(old)


def _by_id(line: TableImportLine) -> str:
    return line.product.evotor_id if line.product else ""


def _by_row(line: TableImportLine) -> str:
    return str(line.product_id)


def _change(lines: list[TableImportLine], column: Column, key: Any) -> Change:
    """Return the change of one column; no value is None where rows of their own hold them."""
    told = {key(line): line.changes[column] for line in lines if column in line.changes}
    empty = None if column in (Column.IN_VK, Column.CATEGORY) else ""
    return Change(
        len(told),
        before={name: values[0] or empty for name, values in told.items()},
        after={name: values[1] or empty for name, values in told.items()},
    )


def _numbers(change: Change) -> Change:
    def numbered(values: Mapping[str, str | None]) -> dict[str, int | None]:
        return {key: int(value) if value else None for key, value in values.items()}

    return Change(change.number, before=numbered(change.before), after=numbered(change.after))


def _decisions(lines: list[TableImportLine]) -> Change:
    """Return the change of decisions, whose rows say more than the verdict."""
    told = {
        # Under the name of then: the till may have renamed the product.
        key_of(line.name): line.changes[Column.DECISION][OLD_AND_NEW:]
        for line in lines
        if len(line.changes.get(Column.DECISION, ())) > OLD_AND_NEW
    }
    return Change(
        len(told),
        before={key: values[0] for key, values in told.items()},
        after={key: values[1] for key, values in told.items()},
    )
