"""The table of `make bench`: a budget, what was measured, and whether it holds."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from math import log
from pathlib import Path

BEGIN, END = "<!-- begin: written by `make bench` -->", "<!-- end: written by `make bench` -->"
HEADER = ("Part", "What", "Budget", "Measured", "Verdict")
THOUSAND = 1000
HOLDS, BROKEN, NOT_JUDGED = "holds", "BROKEN", "not judged"
NO_BUDGET = "none"
MOST_EXPONENT = 1.1
# Over a shorter range of sizes what other programs add to a second bends the power law too far.
LEAST_RANGE = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `holds` is None for what is printed and not judged, such as seconds."""

    part: str
    what: str
    budget: str
    measured: str
    holds: bool | None

    @property
    def verdict(self) -> str:
        """Return the word of the last column."""
        return NOT_JUDGED if self.holds is None else HOLDS if self.holds else BROKEN


def at_most(part: str, what: str, measured: float, bound: float, unit: str = "") -> Row:
    """Return the row of a figure that may not exceed a bound."""
    return Row(part, what, f"≤ {_number(bound)}{unit}", f"{_number(measured)}{unit}", measured <= bound)


def at_least(part: str, what: str, measured: float, bound: float, unit: str = "") -> Row:
    """Return the row of a figure that may not fall below a bound."""
    return Row(part, what, f"≥ {_number(bound)}{unit}", f"{_number(measured)}{unit}", measured >= bound)


def exactly(part: str, what: str, measured: int, wanted: int) -> Row:
    """Return the row of a count that has to be this one."""
    return Row(part, what, f"= {wanted}", str(measured), measured == wanted)


def printed(part: str, what: str, measured: str, budget: str = NO_BUDGET) -> Row:
    """Return the row of a figure that depends on the machine."""
    return Row(part, what, budget, measured, None)


def refused(part: str, sentences: Iterable[str]) -> list[Row]:
    """Return a broken row for each sentence in which a measurement says what it found wrong."""
    return [Row(part, sentence, "as its bench says", "see above", holds=False) for sentence in sentences]


def measured_apart(part: str, module: str, *arguments: str) -> list[Row]:
    """Let a bench measure in a process of its own, which has a database of its own; return its rows."""
    with tempfile.TemporaryDirectory(prefix="evosync-bench-") as folder:
        answer = Path(folder) / "rows.json"
        command = [sys.executable, "-W", "ignore", "-m", module, *arguments, "--write", str(answer)]
        # As in the image: with a heap for each thread, what one frees is of no use to another.
        done = subprocess.run(command, env={**os.environ, "MALLOC_ARENA_MAX": "2"}, check=False)
        if done.returncode not in {0, 1} or not answer.exists():
            return [Row(part, "the measurement came to its end", "yes", "no", holds=False)]
        return [Row(**one) for one in json.loads(answer.read_text(encoding="utf-8"))]


def write_rows(rows: Iterable[Row], answer: Path | None) -> None:
    """Write rows where `measured_apart` reads them, if it has asked."""
    if answer is not None:
        answer.write_text(json.dumps([asdict(row) for row in rows]), encoding="utf-8")


def broken(rows: Iterable[Row]) -> list[str]:
    """Return what is broken, a sentence each."""
    return [
        f"{row.part}: {row.what}: {row.measured}, budget {row.budget}" for row in rows if row.holds is False
    ]


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """Return b of the power law y = a·x^b that fits (x, y) best, by least squares of the logarithms."""
    pairs = [(log(x), log(max(y, 1e-9))) for x, y in points]
    mean_x = sum(x for x, _ in pairs) / len(pairs)
    mean_y = sum(y for _, y in pairs) / len(pairs)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in pairs)
    return slope / sum((x - mean_x) ** 2 for x, _ in pairs)


def growth_of(part: str, what: str, points: Sequence[tuple[float, float]], *, is_time: bool = False) -> Row:
    """Return the row of a fitted exponent; processor time is judged over a wide range of sizes only."""
    row = at_most(part, f"{what}: exponent over N", round(exponent(points), 2), MOST_EXPONENT)
    sizes = [size for size, _ in points]
    is_judged = not is_time or max(sizes) >= LEAST_RANGE * min(sizes)
    return row if is_judged else printed(part, row.what, row.measured, row.budget)


def render(rows: Sequence[Row], conditions: str) -> str:
    """Return the table in Markdown, with the conditions above it."""
    lines = [_line(HEADER), _line(["---"] * len(HEADER))]
    lines += [_line((row.part, row.what, row.budget, row.measured, row.verdict)) for row in rows]
    return "\n".join([conditions, "", *lines])


def parse(text: str) -> tuple[list[Row], str]:
    """Return the rows and the conditions of a rendered table. Raises ValueError for any other form."""
    conditions, empty, header, rule, *lines = text.split("\n")
    if empty or header != _line(HEADER) or rule != _line(["---"] * len(HEADER)):
        raise ValueError("This is not the table's head.")
    judged = {HOLDS: True, BROKEN: False, NOT_JUDGED: None}
    rows = []
    for line in lines:
        part, what, budget, measured, verdict = line.removeprefix("| ").removesuffix(" |").split(" | ")
        rows.append(Row(part, what, budget, measured, judged[verdict]))
    return rows, conditions


def region_of(document: str, marks: tuple[str, str] = (BEGIN, END)) -> str:
    """Return what stands between the two marks of a document."""
    begin, end = marks
    return document.partition(f"{begin}\n\n")[2].partition(f"\n\n{end}")[0]


def with_region(document: str, text: str, marks: tuple[str, str] = (BEGIN, END)) -> str:
    """Return the document with this text between its marks; what stands around them stays."""
    begin, end = marks
    before, mark, rest = document.partition(begin)
    _, mark_of_end, after = rest.partition(end)
    if not (mark and mark_of_end):
        raise ValueError("The document has no marks for the table.")
    return f"{before}{begin}\n\n{text}\n\n{end}{after}"


def marks_of(command: str) -> tuple[str, str]:
    """Return the marks between which this command writes."""
    return f"<!-- begin: written by `{command}` -->", f"<!-- end: written by `{command}` -->"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _number(value: float) -> str:
    if isinstance(value, int) or value == round(value):
        return f"{value:,.0f}"
    return f"{value:,.4g}" if abs(value) < THOUSAND else f"{value:,.0f}"
