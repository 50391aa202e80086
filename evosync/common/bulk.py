"""Writes many rows by one statement of plain values per batch, which no database finds too long."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from django.db import connection, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

BATCH = 500
# MariaDB takes a statement of 16 MB unless it is told otherwise; what is escaped may be twice as long.
MOST_BYTES = 4_000_000
# A Russian letter in JSON, its backslash escaped.
BYTES_IN_JSON = 7
# No more than this of a short column is not worth weighing.
SHORT = 255
Row = TypeVar("Row", bound=models.Model)


def insert_rows(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model, many at once."""
    for batch in batches(rows, BATCH):
        type(batch[0])._base_manager.bulk_create(batch)  # noqa: SLF001 - public in Django


def upsert_rows(
    rows: Sequence[models.Model], key: Sequence[str], columns: Sequence[str], most: int = BATCH
) -> None:
    """Insert rows of one model, `most` at once, or write these columns where one with this unique key is.

    MariaDB looks at all of a table's unique keys, so the model has no other that two rows may share.
    """
    # MariaDB finds the unique key by itself and rejects an explicit one.
    by_key = connection.features.supports_update_conflicts_with_target
    for batch in batches(rows, most):
        type(batch[0])._base_manager.bulk_create(  # noqa: SLF001 - public in Django
            batch, update_conflicts=True, unique_fields=key if by_key else None, update_fields=columns
        )


def batches(rows: Sequence[Row], most: int, names: Sequence[str] = ()) -> Iterator[list[Row]]:
    """Yield rows of one model in order, `most` at once, and fewer where their texts are long.

    `names` are the fields that are written, all of them without.
    """
    batch: list[Row] = []
    weight, columns = 0, _long_columns(rows[0], names) if rows else []
    for row in rows:
        own = sum(_bytes(getattr(row, name)) for name in columns)
        if batch and (len(batch) == most or weight + own > MOST_BYTES):
            yield batch
            batch, weight = [], 0
        batch.append(row)
        weight += own
    if batch:
        yield batch


def _long_columns(row: models.Model, names: Sequence[str]) -> list[str]:
    fields = row._meta.concrete_fields  # noqa: SLF001 - public in Django
    return [
        one.attname
        for one in fields
        if (not names or one.name in names)
        and (isinstance(one, models.TextField | models.JSONField) or (one.max_length or 0) > SHORT)
    ]


def _bytes(value: object) -> int:
    """Return how many bytes of a statement a long value takes at most, but for what is escaped."""
    if not value:
        return 0
    return len(value.encode(errors="replace")) if isinstance(value, str) else BYTES_IN_JSON * len(repr(value))


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
        for batch in batches([*by_key.values()], _rows_at_once(len(fields)), names):
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
