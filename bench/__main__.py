"""Measures every budget and prints one table; ends with 1 where a count or a ratio breaks one.

`python -m bench` also writes the table into docs/performance.md. `QUICK=1` measures less, in two minutes,
and writes nothing. Seconds are printed and not judged: they say more of the machine than of the program.
"""

import os
import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from bench import fairness, growth, names, pages, photos, plan, push, refresh, table, timing, upload
from bench.table import Row, broken
from bench.timing import Section

PERFORMANCE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
QUICK_REFRESH = 4_000


def main() -> int:
    """Measure, print the table, and write it where everything was measured."""
    quick = os.environ.get("QUICK", "") not in {"", "0"}
    before = os.getloadavg()[0]
    rows: list[Row] = []
    sections: list[Section] = []
    for name, measure in _parts(sections, quick=quick):
        with timing.timed(name, sections):
            rows += measure()
    text = table.render(rows, _conditions(before))
    sys.stdout.write("\n".join(["", text, "", *timing.lines(sections), ""]))
    if not quick:
        document = PERFORMANCE.read_text(encoding="utf-8")
        PERFORMANCE.write_text(table.with_region(document, text), encoding="utf-8")
    for line in broken(rows):
        sys.stdout.write(f"BROKEN: {line}\n")
    return 1 if broken(rows) else 0


def _parts(sections: list[Section], *, quick: bool) -> Iterator[tuple[str, Callable[[], list[Row]]]]:
    """Yield what measures each part and its name, the ones that need no database first."""
    yield "names", names.rows_of
    yield "plan", lambda: plan.rows_of(plan.QUICK_SIZES if quick else plan.SIZES)
    yield "pictures", lambda: photos.rows_of(photos.PHOTOS[:1] if quick else photos.PHOTOS)
    yield "drawn pictures", lambda: photos.rows_of_drawn(photos.QUICK_STEP if quick else 1)
    sizes = growth.QUICK_SIZES if quick else growth.SIZES
    refreshed = QUICK_REFRESH if quick else refresh.DEFAULT_ROWS
    yield "growth, on both databases at once", lambda: _growth(sizes, refreshed, sections)
    if not quick:
        yield "pages beside an upload, which waits for VK", lambda: _beside(pages.rows_of, upload.rows_of)
        yield (
            "pushes and webhooks beside fairness",
            lambda: _beside(push.rows_with_webhooks, fairness.rows_of),
        )


def _growth(sizes: Sequence[int], refreshed: int, sections: list[Section]) -> list[Row]:
    found = growth.on_both(sizes, refreshed)
    for one in found:
        sys.stdout.write(one.printed)
        sections += one.sections
    return [row for one in found for row in one.rows]


def _beside(*parts: Callable[[], list[Row]]) -> list[Row]:
    """Measure at once what mostly waits, each in processes of its own."""
    with ThreadPoolExecutor() as pool:
        found = [pool.submit(measure) for measure in parts]
        return [row for one in found for row in one.result()]


def _conditions(load: float) -> str:
    """Return when and on what this was measured."""
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} with Python {platform.python_version()} on "
        f"{os.cpu_count()} cores of {platform.machine()}; load {load:.1f} before."
    )


if __name__ == "__main__":
    sys.exit(main())
