"""`python -m tests.e2e.ready_demo`: `manage.py demo` with the migrated tables that tests keep.

The demo makes its database from nothing by 125 migrations, which take seven seconds of processor time and
have tests of their own. Here the empty file is filled before `migrate` looks at it, which then finds nothing
to do. `.ci/first_use.py` runs the demo as newcomers do.
"""

import contextlib
import sqlite3
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from manage import main
from tests import migrated
from tests.e2e.site import empty_database


def fill(sender: Any, connection: BaseDatabaseWrapper, **_more: Any) -> None:
    """Fill a database that has no table yet."""
    link: sqlite3.Connection = connection.connection
    if not link.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]:
        with contextlib.closing(sqlite3.connect(migrated.path())) as kept:
            kept.backup(link)


if __name__ == "__main__":
    empty_database()
    connection_created.connect(fill)
    main()
