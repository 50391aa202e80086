"""What a migration may do to a table of a hundred million rows: our policy, held by a real MariaDB.

`migrate` runs while the roles work. A change of the schema that copies such a table takes hours in which
nothing can be written to it; one that changes only what is said of the table, or adds an index beside it, can
be worked through. MariaDB knows which is which: it refuses `ALGORITHM=NOCOPY, LOCK=NONE` for the former.
"""

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration, RunPython, RunSQL
from django.db.migrations.executor import MigrationExecutor

from tests.maintenance.migration_rules import BASELINE, OURS

# Grow with goods, pictures, runs and days: with 100,000 shops each may have a hundred million rows.
BIG = frozenset(
    {
        "accounts_securityevent",
        "catalog_photoimportfile",
        "catalog_product",
        "catalog_productgroup",
        "catalog_productphoto",
        "connections_healthchecklog",
        "connections_webhookevent",
        "syncing_album",
        "syncing_heldprice",
        "syncing_listing",
        "syncing_notice",
        "syncing_notificationdelivery",
        "syncing_producttag",
        "syncing_syncjob",
        "syncing_syncjobitem",
        "syncing_tableimportline",
        "syncing_undonechange",
    }
)
# A few rows for each merchant, or for the installation: these are copied in seconds.
SMALL = frozenset(
    {
        "accounts_supportvisit",
        "accounts_user",
        "accounts_user_groups",
        "accounts_user_user_permissions",
        "catalog_photoimport",
        "catalog_store",
        "connections_bindingaudit",
        "connections_evotorconnection",
        "connections_evotorsubscription",
        "connections_linkcode",
        "connections_operatoralert",
        "connections_vkconnection",
        "syncing_categorytree",
        "syncing_computation",
        "syncing_farewell",
        "syncing_feed",
        "syncing_goodsrule",
        "syncing_notificationchannel",
        "syncing_notificationsettings",
        "syncing_readerfeed",
        "syncing_restricteddecision",
        "syncing_shoplimits",
        "syncing_syncconfig",
        "syncing_syncfilter",
        "syncing_tableexport",
        "syncing_tableimport",
    }
)
# "The operation does not support this algorithm", and "… this lock".
REFUSED = {1845, 1846}
DDL = re.compile(r"(?:ALTER TABLE|CREATE (?:UNIQUE )?INDEX \S+ ON|DROP INDEX \S+ ON) `(?P<table>\w+)`")
DROP = re.compile(r"DROP INDEX (?P<index>\S+) ON (?P<table>\S+)")
MADE = re.compile(r"CREATE TABLE `(?P<table>\w+)`")
ROWS = re.compile(
    r"(?:UPDATE|DELETE FROM|DELETE `?\w+`? FROM|SELECT .*? FROM|INSERT INTO .*? SELECT .*? FROM)"
    r" `(?P<table>\w+)`"
)
# A part of the table by its key, or so many rows and no more.
BOUNDED = re.compile(r"\bLIMIT \d|`id` (?:=|IN|BETWEEN|<=?) ")
SEE = "(docs/operators.md, What a migration may do)"
WHAT_TO_DO = (
    "MariaDB copies or locks the table for it, for hours where it has 100 million rows. Add a column as null "
    "or with db_default, a foreign key with db_constraint=False; widen a text within 63 letters or beyond; "
    f"for everything else write a new column beside the old one {SEE}"
)
IN_BATCHES = (
    "it goes through all rows of the table at once. Take them by their key, some thousand at a time, each "
    "batch in a transaction of its own, and only those that still need it, so that it can be run again "
    f"{SEE}"
)


class Watch:
    """Runs migrations' statements as online ones; `complaints` are those that cannot be, by migration."""

    def __init__(self, big: Collection[str] = BIG) -> None:
        self.complaints: dict[str, list[str]] = {}
        self._big = big
        self._name, self._is_data = "", False
        self._made: set[str] = set()

    def begin(self, step: str, migration: Migration | None = None, _fake: object = None) -> None:
        """Note which migration the next statements are of, as the executor tells it."""
        if step == "apply_start" and migration is not None:
            self._name = f"{migration.app_label}.{migration.name}"
            self._is_data = any(isinstance(one, RunPython | RunSQL) for one in migration.operations)
            self._made = set()

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        """Run one statement, as an online one where it changes a big table that was there before."""
        if made := MADE.match(sql):
            self._made.add(made["table"])
        found = DDL.match(sql)
        if found is None or not self._is_big(found["table"]):
            rows = ROWS.match(sql)
            if rows and self._is_big(rows["table"]) and self._goes_through_all(sql):
                self._complain(sql, IN_BATCHES)
            return execute(sql, *rest)
        try:
            return execute(online(sql), *rest)
        except DatabaseError as error:
            if error.args[0] not in REFUSED:
                raise
            self._complain(sql, WHAT_TO_DO)
        return execute(sql, *rest)

    def _is_big(self, table: str) -> bool:
        return table in self._big and table not in self._made

    def _goes_through_all(self, sql: str) -> bool:
        # Where no data is changed, what reads a table is Django's own look at its schema.
        changes_rows = not sql.startswith("SELECT")
        return (changes_rows or self._is_data) and not BOUNDED.search(sql)

    def _complain(self, sql: str, text: str) -> None:
        self.complaints.setdefault(self._name, []).append(f"{sql[:200]}: {text}")


def online(sql: str) -> str:
    """Return a change of the schema that MariaDB refuses where it would copy the table or lock it."""
    sql = sql.rstrip().rstrip(";")
    if drop := DROP.match(sql):
        sql = f"ALTER TABLE {drop['table']} DROP INDEX {drop['index']}"
    comma = "," if sql.startswith("ALTER") else ""
    return f"{sql}{comma} ALGORITHM=NOCOPY{comma} LOCK=NONE"


@contextmanager
def watched(connection: BaseDatabaseWrapper, big: Collection[str] = BIG) -> Iterator[Watch]:
    """Watch the statements of this connection."""
    watch = Watch(big)
    with connection.execute_wrapper(watch):
        yield watch


def migrate_watched(connection: BaseDatabaseWrapper) -> dict[str, list[str]]:
    """Migrate an empty database; return the complaints about our migrations after the first release."""
    with watched(connection) as watch:
        executor = MigrationExecutor(connection, watch.begin)
        executor.migrate(executor.loader.graph.leaf_nodes())
    first = {f"{app}.{name}" for app, name in BASELINE}
    return {
        name: found
        for name, found in watch.complaints.items()
        if name.split(".")[0] in OURS and name not in first
    }
