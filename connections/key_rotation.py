# ruff: noqa: SLF001 - `_meta` is Django's documented way to a model's columns
"""Encrypts every stored secret with the newest key."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection as database
from django.db import models, transaction

from accounts.mfa_adapter import rotate_second_factors
from accounts.sessions import rotate_sessions
from evosync.common.encryption import reencrypt
from evosync.common.fields import EncryptedTextField

# Rows whose secrets are read at once.
BATCH = 100


def encrypted_columns() -> Iterator[tuple[type[models.Model], list[str]]]:
    """Yield every model with secrets and the names of their fields."""
    for model in apps.get_models():
        names = [field.name for field in model._meta.local_fields if isinstance(field, EncryptedTextField)]
        if names:
            yield model, names


def rotate_encryption() -> Iterator[tuple[str, int]]:
    """Encrypt every secret again with the first key, batch by batch; yield (table, rows changed).

    What already stands under the first key is left alone, so a run that was stopped goes on where it
    ended. A row that somebody changes meanwhile is new under the first key by that.
    """
    for model, names in encrypted_columns():
        last: Any = None
        while rows := _raw_rows(model, names, last):
            last = rows[-1][0]
            yield model._meta.db_table, sum(_rotate_row(model, names, row) for row in rows)
    yield from rotate_second_factors()
    yield from rotate_sessions()


def _raw_rows(model: type[models.Model], names: list[str], after: Any) -> list[tuple[Any, ...]]:
    """Read ciphertexts as they stand, a batch by ascending key; the fields themselves would decrypt them."""
    quote = database.ops.quote_name
    columns = [_column(model, name) for name in ["pk", *names]]
    key = quote(columns[0])
    where = f" WHERE {key} > %s" if after is not None else ""
    sql = (
        f"SELECT {', '.join(map(quote, columns))} FROM {quote(model._meta.db_table)}"  # noqa: S608 - our names
        f"{where} ORDER BY {key} LIMIT {BATCH}"
    )
    with database.cursor() as cursor:
        cursor.execute(sql, [after] if after is not None else [])
        return list(cursor.fetchall())


def _column(model: type[models.Model], name: str) -> str:
    if name == "pk":
        return str(model._meta.pk.column)
    return str(model._meta.get_field(name).column)  # type: ignore[union-attr]  # a secret is a column


def _rotate_row(model: type[models.Model], names: list[str], row: tuple[Any, ...]) -> bool:
    """Replace what stands under an old key, if nobody has changed it since it was read."""
    quote = database.ops.quote_name
    changed = False
    for name, old in zip(names, row[1:], strict=True):
        new = reencrypt(old, where=f"{model._meta.label}.{name} of row {row[0]}") if old else None
        if new is None:
            continue
        column = quote(_column(model, name))
        sql = (
            f"UPDATE {quote(model._meta.db_table)} SET {column} = %s"  # noqa: S608 - our names
            f" WHERE {quote(_column(model, 'pk'))} = %s AND {column} = %s"
        )
        with transaction.atomic(), database.cursor() as cursor:
            cursor.execute(sql, [new, row[0], old])
            changed = cursor.rowcount == 1 or changed
    return changed
