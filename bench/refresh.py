"""Counts what a catalogue refresh costs: queries per 1,000 rows, for each thing that can happen to a row.

`python -m bench.refresh [ROWS]` works on a throw-away database of the kind that DATABASE_URL names.
Seconds and memory are printed for interest; the counts are what the budget is about.
"""

import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from bench.table import Row, at_most, broken, printed

START = datetime(2026, 1, 1, tzinfo=UTC)
DEFAULT_ROWS = 15_000
# Queries beyond the constant part, per 1,000 rows that are written.
MOST_PER_THOUSAND = 3
GOAL_SECONDS = 20


@contextmanager
def throw_away_database(*, in_file: Path | None = None) -> Iterator[None]:
    """Set Django up on an empty database that is gone afterwards.

    That of SQLite is kept in the process's own memory, or in this file, which is to be new.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django
    from django.conf import settings

    default = settings.DATABASES["default"]
    if in_file is not None and default["ENGINE"].endswith("sqlite3"):
        default["TEST"] = {"NAME": str(in_file)}
    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    databases = setup_databases(verbosity=0, interactive=False)
    try:
        yield
    finally:
        teardown_databases(databases, verbosity=0)


def measure(rows: int) -> list[tuple[str, int, int, float]]:
    """Refresh a till of so many products four times; return (what, rows, queries, seconds) of each."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from accounts.models import User
    from catalog.ingest.refresh import refresh_catalog
    from tests.unit.catalog.till import STORE, FakeTill, products

    user = User.objects.create_user(f"bench-{rows}@example.com")
    till = FakeTill(products={STORE: products(rows)})
    steps: dict[str, Callable[[], object]] = {
        "new": lambda: None,
        "unchanged": lambda: None,
        "changed": lambda: till.products.update(
            {STORE: [replace(one, price=Decimal(200)) for one in till.products[STORE]]}
        ),
        "gone": lambda: till.products.update({STORE: []}),
    }
    found = []
    for hour, (what, prepare) in enumerate(steps.items()):
        prepare()
        started = time.perf_counter()
        with CaptureQueriesContext(connection) as captured:
            refresh_catalog(user, client=till, now=START + timedelta(hours=hour))
        found.append((what, rows, len(captured), time.perf_counter() - started))
    user.delete()
    return found


def main(rows: int = DEFAULT_ROWS) -> list[str]:
    """Print one line for each, with what each further 1,000 rows cost; return the broken budgets."""
    return broken(rows_of("refresh", rows))


def rows_of(part: str, rows: int = DEFAULT_ROWS) -> list[Row]:
    """Print one line for each, with what each further 1,000 rows cost; return the table's rows."""
    from django.db import connection

    fewer = rows // 5
    small, large = measure(fewer), measure(rows)
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = []
    print(f"Catalogue refresh on {connection.vendor}: {rows} rows against {fewer}")
    for (what, _, few, _), (_, _, many, seconds) in zip(small, large, strict=True):
        per_thousand = (many - few) / ((rows - fewer) / 1000)
        print(f"  {what:10} {many:5} queries, {per_thousand:5.1f} per 1,000 rows, {seconds:6.2f} s")
        title = f"refresh of {rows:,} {what} products, queries of each further 1,000"
        found.append(at_most(part, title, round(per_thousand, 1), MOST_PER_THOUSAND))
        title = f"refresh of {rows:,} {what} products, seconds"
        found.append(printed(part, title, f"{seconds:.1f} s", f"≤ {GOAL_SECONDS} s"))
    print(f"  peak of the process's memory {peak_kb / 1e3:.0f} MB")
    return found


if __name__ == "__main__":
    with throw_away_database():
        lines = main(int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_ROWS)
    sys.exit("\n".join(lines) or None)
