"""Empties the tests' database after a test that committed, and leaves what migrations wrote.

Django's `flush` empties every table and writes all content types and permissions again, which takes longer
than most tests. Here only tables with rows are emptied, and those that migrations filled are compared and
put right where a test has changed them: each test finds the database as `migrate` left it.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

Rows = Sequence[tuple[Any, ...]]


class MigratedRows:
    """What stood in a database's tables before the first test."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        introspection = connection.introspection
        self.tables = sorted(introspection.django_table_names(only_existing=True, include_views=False))
        self.kept = {name: _rows(connection, name) for name in _filled(connection, self.tables)}

    def restore(self, connection: BaseDatabaseWrapper) -> None:
        """Remove every other row and put back what is missing."""
        filled = set(_filled(connection, self.tables))
        # Where rows are only there or only kept, none has to be read.
        wrong = filled ^ self.kept.keys()
        wrong |= {name for name in filled & self.kept.keys() if _rows(connection, name) != self.kept[name]}
        if not wrong:
            return
        # The tables refer to each other: they are right only together.
        with (
            connection.constraint_checks_disabled(),
            transaction.atomic(using=connection.alias),
            connection.cursor() as cursor,
        ):
            for name in wrong:
                table = connection.ops.quote_name(name)
                if name in filled:
                    cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - a table's name
                if rows := self.kept.get(name):
                    places = ", ".join(["%s"] * len(rows[0]))
                    cursor.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608 - same


def _filled(connection: BaseDatabaseWrapper, tables: Sequence[str]) -> list[str]:
    """Return those of the tables that have rows."""
    parts = (f"EXISTS (SELECT 1 FROM {connection.ops.quote_name(name)})" for name in tables)  # noqa: S608 - same
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}")
        return [name for name, filled in zip(tables, cursor.fetchone(), strict=True) if filled]


def _rows(connection: BaseDatabaseWrapper, table: str) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")  # noqa: S608 - a table's name
        return list(cursor.fetchall())


def restore_after_tests(patch: Any) -> None:
    """Let tests that commit end with `MigratedRows.restore` instead of `flush`."""
    found = {alias: MigratedRows(connections[alias]) for alias in connections}

    def teardown(self: TransactionTestCase) -> None:
        for alias in self._databases_names(include_mirrors=False):  # type: ignore[attr-defined]
            found[alias].restore(connections[alias])

    patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
