"""How well forbidden goods are told from ordinary ones on labelled names: precision, recall, unsure.

Reads ../shared/cases/names_dev.csv (or EVOSYNC_SHARED), which is not part of the repository: names from
shops' files, labelled "ok", with a reason, or "either", which does not count. What is unsure counts as
found, since it stays out of VK until the merchant decides.
"""

import csv
import os
import sys
import time
from collections import Counter
from pathlib import Path

from bench.table import Row, at_least, at_most, broken, printed
from syncing.core.restricted_goods.name_classifier import classify_name
from syncing.core.restricted_goods.verdicts import Kind

LEAST_PRECISION = 0.995
LEAST_RECALL = 0.95
MOST_UNSURE = 0.03


def main() -> list[str]:
    """Print the figures and return what breaks a budget."""
    return broken(rows_of())


def rows_of() -> list[Row]:
    """Print the figures; return the table's rows."""
    path = _labelled_names()
    if not path.exists():
        sys.stdout.write(f"names: skipped, {path} is not there\n")
        return [printed("names", "labelled names", "not there", "precision, recall and unsure")]
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["label"] != "either"]
    started = time.perf_counter()
    verdicts = [(row["label"], classify_name(row["name"]).kind) for row in rows]
    seconds = time.perf_counter() - started
    ordinary = Counter(kind for label, kind in verdicts if label == "ok")
    forbidden = Counter(kind for label, kind in verdicts if label != "ok")
    precision = forbidden[Kind.FORBIDDEN] / max(1, forbidden[Kind.FORBIDDEN] + ordinary[Kind.FORBIDDEN])
    recall = 1 - forbidden[Kind.ALLOWED] / max(1, forbidden.total())
    unsure = ordinary[Kind.UNSURE] / max(1, ordinary.total())
    sys.stdout.write(
        f"names: {ordinary.total()} ordinary, {forbidden.total()} forbidden: precision {precision:.4f}, "
        f"recall {recall:.4f} ({forbidden[Kind.UNSURE]} of them unsure), unsure {unsure:.2%} of ordinary; "
        f"{seconds / max(1, len(rows)) * 1e6:.0f} µs a name\n"
    )
    _print_by_reason(verdicts)
    return _rows(precision, recall, unsure)


def _labelled_names() -> Path:
    beside = Path(__file__).resolve().parent.parent.parent / "shared"
    return Path(os.environ.get("EVOSYNC_SHARED") or beside) / "cases" / "names_dev.csv"


def _print_by_reason(verdicts: list[tuple[str, Kind]]) -> None:
    for label in sorted({label for label, _ in verdicts}):
        kinds = Counter(kind for name, kind in verdicts if name == label)
        sys.stdout.write(
            f"  {label:14} {kinds.total():4} names: {kinds[Kind.FORBIDDEN]} forbidden, "
            f"{kinds[Kind.UNSURE]} unsure, {kinds[Kind.ALLOWED]} allowed\n"
        )


def _rows(precision: float, recall: float, unsure: float) -> list[Row]:
    return [
        at_least("names", "forbidden goods, precision", round(precision, 4), LEAST_PRECISION),
        at_least("names", "forbidden goods, recall, unsure ones found", round(recall, 4), LEAST_RECALL),
        at_most("names", "ordinary goods, unsure", round(unsure, 4), MOST_UNSURE),
    ]


if __name__ == "__main__":
    sys.exit("\n".join(main()) or None)
