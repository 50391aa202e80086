"""Keeps a migrated SQLite file from run to run, since 125 migrations take ten seconds of processor time.

It is named after what the migrations say. The tests' database begins with a copy and is still migrated: there
is nothing to apply then; content types and permissions are brought up to date.
"""

import contextlib
import fcntl
import functools
import hashlib
import sqlite3
import sys
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".pytest_cache" / "migrated"


@functools.cache
def path() -> Path:
    """Return where the file is, or will be, that the migrations of now make; Django may not be set up yet."""
    said = hashlib.sha256(f"{sys.version} {sqlite3.sqlite_version}".encode())
    for file in (ROOT / "evosync" / "settings.py", *sorted(ROOT.glob("*/migrations/*.py"))):
        said.update(str(file.relative_to(ROOT)).encode())
        said.update(file.read_bytes())
    said.update(repr(sorted((one.name, one.version) for one in distributions())).encode())
    return FOLDER / f"{said.hexdigest()}.sqlite3"


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Let one process at a time look for the file and make it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def keep(database: sqlite3.Connection) -> None:
    """Write the file, and remove those of other migrations."""
    beside = path().with_suffix(".new")
    beside.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(beside)) as file:
        database.backup(file)
    for old in FOLDER.glob("*.sqlite3"):
        old.unlink()
    beside.rename(path())


class Start:
    """Lets the tests' database in memory begin as the file; where there is none, makes it of the database."""

    def __init__(self) -> None:
        connection = connections[DEFAULT_DB_ALIAS]
        self._in_memory = (
            connection.vendor == "sqlite" and str(connection.settings_dict["NAME"]) == ":memory:"
        )
        self._turn = contextlib.ExitStack()
        self._is_missing = False

    def before(self) -> None:
        """Take the file for the next connection; without one, keep the others waiting for ours."""
        if not self._in_memory:
            return
        self._turn.enter_context(alone())
        self._is_missing = not path().exists()
        if not self._is_missing:
            connection_created.connect(self._fill)

    def after(self) -> None:
        """Keep what has been migrated now."""
        if self._is_missing:
            connection = connections[DEFAULT_DB_ALIAS]
            connection.ensure_connection()
            keep(connection.connection)
        connection_created.disconnect(self._fill)
        self._turn.close()

    def _fill(self, sender: Any, connection: BaseDatabaseWrapper, **_more: Any) -> None:
        if connection.alias == DEFAULT_DB_ALIAS:
            connection_created.disconnect(self._fill)
            with contextlib.closing(sqlite3.connect(path())) as file:
                file.backup(connection.connection)
            self._turn.close()
