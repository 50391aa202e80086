"""Keeps migrated databases from run to run, since 125 migrations take ten seconds of processor time.

They are a SQLite file and dumps of MariaDB, named after what the migrations say. The tests' database begins
as a copy and is still migrated: there is nothing to apply then; content types and permissions are brought up
to date.
"""

import contextlib
import fcntl
import functools
import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import distributions
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from tests.servers import find_program

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


class Dump:
    """The file that holds a migrated database of MariaDB; `url` is of one with the same collation."""

    def __init__(self, url: str) -> None:
        at = urlsplit(url)
        self._name = at.path.removeprefix("/")
        self._login = [
            "--no-defaults",
            f"--host={at.hostname}",
            f"--port={at.port}",
            f"--user={at.username}",
            "--default-character-set=utf8mb4",
        ]
        self._environment = {**os.environ, "MYSQL_PWD": at.password or ""}
        # Tables get the collation of their database.
        collation = self._ask(
            "mariadb", "--batch", "--skip-column-names", "--execute=SELECT @@collation_database"
        )
        self.path = path().with_suffix(f".{collation.decode().strip()}.sql")

    def keep(self) -> None:
        """Write the file, and remove those of other migrations."""
        beside = self.path.with_suffix(".new")
        beside.write_bytes(self.text())
        for old in FOLDER.glob("*.sql"):
            if not old.name.startswith(path().stem):
                old.unlink()
        beside.rename(self.path)

    def text(self) -> bytes:
        """Return the database as statements."""
        return self._ask("mariadb-dump", "--skip-comments", "--skip-lock-tables", "--single-transaction")

    def load(self) -> None:
        """Fill the empty database."""
        self._ask("mariadb", given=self.path.read_bytes())

    def _ask(self, program: str, *options: str, given: bytes = b"") -> bytes:
        words = [find_program(program), *self._login, *options, self._name]
        done = subprocess.run(words, env=self._environment, input=given, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout


def make_tables(url: str, migrate: Callable[[], object]) -> None:
    """Fill an empty database of MariaDB with the kept tables; where there are none, migrate and keep them."""
    dump = Dump(url)
    with alone():
        if not dump.path.exists():
            migrate()
            dump.keep()
            return
    dump.load()


class Start:
    """Lets the tests' database begin as what is kept; where nothing is, keeps what the database becomes."""

    def __init__(self) -> None:
        connection = connections[DEFAULT_DB_ALIAS]
        self._in_memory = (
            connection.vendor == "sqlite" and str(connection.settings_dict["NAME"]) == ":memory:"
        )
        self._on_mariadb = connection.vendor == "mysql"
        self._turn = contextlib.ExitStack()
        self._is_missing = False

    def before(self) -> None:
        """Take what is kept for the next connection; without it, keep the others waiting for ours."""
        if self._in_memory or self._on_mariadb:
            self._turn.enter_context(alone())
            connection_created.connect(self._fill)

    def after(self) -> None:
        """Keep what has been migrated now."""
        connection_created.disconnect(self._fill)
        connection = connections[DEFAULT_DB_ALIAS]
        if self._is_missing and self._in_memory:
            connection.ensure_connection()
            keep(connection.connection)
        elif self._is_missing:
            Dump(url_of(connection)).keep()
        self._turn.close()

    def _fill(self, sender: Any, connection: BaseDatabaseWrapper, **_more: Any) -> None:
        if connection.alias != DEFAULT_DB_ALIAS:
            return
        connection_created.disconnect(self._fill)
        if self._in_memory:
            self._is_missing = not path().exists()
            if not self._is_missing:
                with contextlib.closing(sqlite3.connect(path())) as file:
                    file.backup(connection.connection)
        else:
            assert str(connection.settings_dict["NAME"]).startswith("test_")
            dump = Dump(url_of(connection))
            self._is_missing = not dump.path.exists()
            if not self._is_missing:
                dump.load()
        if not self._is_missing:
            self._turn.close()


def url_of(connection: BaseDatabaseWrapper) -> str:
    """Return the address of a connection's database on MariaDB."""
    at = connection.settings_dict
    return f"mysql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
