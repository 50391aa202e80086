"""Updates many rows by one statement of plain values per batch."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from evosync.common.batching import chunks

BATCH = 500


def update_rows(rows: Iterable[models.Model], names: Sequence[str]) -> None:
    """Write these fields of these rows, all of one model; a row that is no longer there stays away.

    `QuerySet.bulk_update` does the same by building, resolving and compiling an expression for every
    value, which costs many times what the database needs.
    """
    by_key = {row.pk: row for row in rows}
    if not by_key:
        return
    meta: Any = next(iter(by_key.values()))._meta  # noqa: SLF001 - public in Django
    fields = [meta.get_field(name) for name in names]
    with transaction.atomic(savepoint=False):
        for batch in chunks(by_key.values(), _rows_at_once(len(fields))):
            _update(meta, fields, batch)


def take_more_parameters(connection: BaseDatabaseWrapper, **_kwargs: object) -> None:
    """Let Django fill as many parameters as this SQLite takes in a statement; it assumes only 999."""
    if isinstance(connection.connection, sqlite3.Connection):
        limit = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        connection.features.max_query_params = limit


def _rows_at_once(fields: int) -> int:
    limit = connection.features.max_query_params
    return min(BATCH, max(1, limit // (2 * fields + 1))) if limit else BATCH


def _update(meta: Any, fields: Sequence[Any], rows: Sequence[models.Model]) -> None:
    quote = connection.ops.quote_name
    key = quote(meta.pk.column)
    keys = [row.pk for row in rows]
    assignments, parameters = [], []
    for field in fields:
        values = [field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows]
        if all(value == values[0] for value in values):
            assignments.append(f"{quote(field.column)} = %s")
            parameters.append(values[0])
        else:
            cases = "WHEN %s THEN %s " * len(rows)
            assignments.append(f"{quote(field.column)} = CASE {key} {cases}END")
            parameters += [part for pair in zip(keys, values, strict=True) for part in pair]
    places = ", ".join(["%s"] * len(keys))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(meta.db_table)} SET {', '.join(assignments)} WHERE {key} IN ({places})",  # noqa: S608 - names of columns only
            [*parameters, *keys],
        )
