"""Measures every budget of docs/architecture.md and prints one table; ends with 1 where a count breaks one.

`python -m bench` also writes the table into docs/performance.md. `QUICK=1` measures less, in two minutes,
and writes nothing. Seconds are printed and not judged: they say more of the machine than of the program.
"""

import os
import platform
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench import fairness, growth, names, photos, plan, push, refresh, table, webhooks
from bench.table import Row, broken, printed
from tests.servers import NotInstalled, both

PERFORMANCE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
QUICK_REFRESH = 4_000


def main() -> int:
    """Measure, print the table, and write it where everything was measured."""
    quick = os.environ.get("QUICK", "") not in {"", "0"}
    before = os.getloadavg()[0]
    rows: list[Row] = []
    for some in _parts(quick=quick):
        rows += some
    text = table.render(rows, _conditions(before))
    sys.stdout.write(f"\n{text}\n")
    if not quick:
        document = PERFORMANCE.read_text(encoding="utf-8")
        PERFORMANCE.write_text(table.with_region(document, text), encoding="utf-8")
    for line in broken(rows):
        sys.stdout.write(f"BROKEN: {line}\n")
    return 1 if broken(rows) else 0


def _parts(*, quick: bool) -> Iterator[list[Row]]:
    """Yield what each part measured, the ones that need no database first."""
    yield names.rows_of()
    yield plan.rows_of(plan.QUICK_SIZES if quick else plan.SIZES)
    yield photos.rows_of(photos.PHOTOS[:1] if quick else photos.PHOTOS)
    sizes = growth.QUICK_SIZES if quick else growth.SIZES
    refreshed = QUICK_REFRESH if quick else refresh.DEFAULT_ROWS
    yield growth.measure("SQLite", sizes, refreshed, {"DATABASE_URL": "", "REDIS_URL": ""})
    try:
        with both() as servers:
            yield growth.measure("MariaDB + Redis", sizes, refreshed, servers)
    except NotInstalled as error:
        yield [printed("MariaDB + Redis", "all of it", str(error))]
    if not quick:
        yield webhooks.rows_of()
        yield push.rows_of()
        yield fairness.rows_of()


def _conditions(load: float) -> str:
    """Return when and on what this was measured."""
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} with Python {platform.python_version()} on "
        f"{os.cpu_count()} cores of {platform.machine()}; load {load:.1f} before."
    )


if __name__ == "__main__":
    sys.exit(main())
