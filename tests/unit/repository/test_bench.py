"""`make bench` judges counts and ratios in one table, and writes it into docs/performance.md."""

import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from bench import growth, pages, scaling, upload
from bench.standins import Seconds
from bench.table import (
    BEGIN,
    END,
    Row,
    at_least,
    at_most,
    broken,
    exactly,
    exponent,
    growth_of,
    measured_apart,
    parse,
    printed,
    region_of,
    render,
    with_region,
    write_rows,
)
from bench.timing import Section, lines, timed

ROOT = Path(__file__).resolve().parents[3]
PERFORMANCE = ROOT / "docs" / "performance.md"
ROWS = [
    at_most("SQLite", "requests", 92, 109),
    at_least("SQLite", "saving", 12.08, 10, " ×"),
    exactly("SQLite", "writes", 1, 0),
    printed("SQLite", "seconds", "0.2 s"),
]


def test_the_documents_table_is_what_the_command_writes() -> None:
    region = region_of(PERFORMANCE.read_text(encoding="utf-8"))
    rows, conditions = parse(region)
    assert render(rows, conditions) == region
    assert conditions.startswith("Measured on ")
    assert {"SQLite", "MariaDB + Redis", "plan", "pushes", "webhooks", "fairness"} <= {
        row.part for row in rows
    }


def test_what_many_shops_cost_follows_from_what_one_costs() -> None:
    region = region_of(scaling.DOCUMENT.read_text(encoding="utf-8"), scaling.MARKS)
    assert "\n".join(scaling.lines(scaling.read(region))) == region
    one = scaling.read(region)
    twice = "\n".join(scaling.lines(one._replace(rows=2 * one.rows)))
    assert f"| {200 * one.rows / 1e6:,.1f} M |" in twice


def test_the_documents_table_has_no_broken_budget() -> None:
    rows, _ = parse(region_of(PERFORMANCE.read_text(encoding="utf-8")))
    assert broken(rows) == []


def test_a_rendered_table_reads_back_as_the_same_rows() -> None:
    assert parse(render(ROWS, "Measured on a machine.")) == (ROWS, "Measured on a machine.")


def test_another_form_is_not_taken_for_the_table() -> None:
    with pytest.raises(ValueError, match="head"):
        parse("Measured.\n\n| What | Measured |\n| --- | --- |\n| a | b |")


def test_writing_the_table_leaves_the_text_around_it() -> None:
    document = f"# Speed\n\nBefore.\n\n{BEGIN}\n\nold\n\n{END}\n\nAfter.\n"
    written = with_region(document, render(ROWS, "Measured."))
    assert written.startswith(f"# Speed\n\nBefore.\n\n{BEGIN}\n\nMeasured.\n\n| Part |")
    assert written.endswith(f"| not judged |\n\n{END}\n\nAfter.\n")
    assert region_of(written) == render(ROWS, "Measured.")


def test_a_document_without_marks_is_not_written() -> None:
    with pytest.raises(ValueError, match="marks"):
        with_region("# Speed\n", "table")


@pytest.mark.parametrize(
    ("row", "holds"),
    [
        (at_most("p", "w", 3, 3), True),
        (at_most("p", "w", 3.01, 3), False),
        (at_least("p", "w", 10, 10), True),
        (at_least("p", "w", 9.9, 10), False),
        (exactly("p", "w", 0, 0), True),
        (printed("p", "w", "900 s", "≤ 2 s"), None),
    ],
)
def test_counts_are_judged_and_seconds_are_not(row: Row, *, holds: bool | None) -> None:
    assert row.holds is holds
    assert broken([row]) == ([] if holds is not False else [f"p: w: {row.measured}, budget {row.budget}"])


def test_a_bench_in_a_process_of_its_own_hands_its_rows_over(monkeypatch: pytest.MonkeyPatch) -> None:
    def ran(command: list[str], **_how: object) -> SimpleNamespace:
        write_rows(ROWS, Path(command[command.index("--write") + 1]))
        return SimpleNamespace(returncode=1)

    monkeypatch.setattr(subprocess, "run", ran)
    assert measured_apart("pages", "bench.pages") == ROWS
    write_rows(ROWS, None)


@pytest.mark.parametrize(("queries", "holds"), [(15, True), (16, False)])
def test_of_all_pages_the_one_that_asks_most_is_judged(queries: int, *, holds: bool) -> None:
    looks = [pages.Look("/", 3, 0.9, 100), pages.Look("/sync/", queries, 0.1, 100)]
    asked, seconds = pages.rows_of_looks(looks, 1_000)
    assert (asked.measured, asked.holds) == (str(queries), holds)
    assert (seconds.measured, seconds.holds) == ("0.900 s", None)


@pytest.mark.parametrize(("script", "budget"), [(1.5, "≥ 95%"), (2.0, "none")])
def test_of_an_upload_memory_is_judged_and_its_share_of_a_second_is_not(script: float, budget: str) -> None:
    found = upload.Upload(
        [0.0, 0.4, 0.8, 1.2], first=0, last=3, processor=1, megabytes=301, megabytes_after=9
    )
    share, memory = upload.rows_of_upload(found, 300, Seconds(upload=1, method=1, script=script))
    assert (share.measured, share.budget, share.holds) == ("83.3%", budget, None)
    assert (memory.measured, memory.holds) == ("301 MB", False)


@pytest.mark.parametrize(("code", "writes"), [(2, True), (0, False)])
def test_a_bench_that_does_not_come_to_its_end_breaks_the_table(
    monkeypatch: pytest.MonkeyPatch, code: int, *, writes: bool
) -> None:
    def ran(command: list[str], **_how: object) -> SimpleNamespace:
        if writes:
            write_rows(ROWS, Path(command[-1]))
        return SimpleNamespace(returncode=code)

    monkeypatch.setattr(subprocess, "run", ran)
    assert len(broken(measured_apart("pages", "bench.pages"))) == 1


def test_the_seconds_of_inner_sections_count_once() -> None:
    sections: list[Section] = []
    with timed("growth", sections):
        sections += [Section("SQLite", 5, 4, inner=True), Section("MariaDB", 6, 3, inner=True)]
    with timed("pushes", sections):
        pass
    assert [one.name for one in sections] == ["growth", "SQLite", "MariaDB", "pushes"]
    assert lines(sections)[3].endswith("    MariaDB")
    assert float(lines(sections)[-1].split()[0]) < 1


@pytest.mark.parametrize("power", [0.5, 1.0, 1.1, 2.0])
def test_the_fitted_exponent_is_that_of_a_power_law(power: float) -> None:
    points = [(size, 3.0 * size**power) for size in (100, 611, 5_000, 15_000)]
    assert exponent(points) == pytest.approx(power)


@pytest.mark.parametrize(
    ("sizes", "is_time", "verdict"),
    [((100, 2_000), False, "BROKEN"), ((100, 2_000), True, "not judged"), ((100, 15_000), True, "BROKEN")],
)
def test_processor_time_is_judged_over_a_wide_range_of_sizes_only(
    sizes: tuple[int, int], verdict: str, *, is_time: bool
) -> None:
    row = growth_of("plan", "calls", [(size, size**1.2) for size in sizes], is_time=is_time)
    assert (row.measured, row.verdict) == ("1.2", verdict)


@pytest.mark.parametrize("sizes", [["500"], ["500", "500"], ["0", "500"]])
def test_growth_from_one_size_to_the_same_is_refused(
    sizes: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        growth.main(sizes)
    assert ended.value.code == 2
    assert "give two or more" in capsys.readouterr().err
