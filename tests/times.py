"""Prints where the suite's processor time goes: `make test TIMES=1`, or `pytest -p tests.times FOLDER`.

It counts processor seconds, since a busy machine stretches all others: those of the test process with all its
threads (the sandbox is one), of the programs that it has started and waited for, and of `tests.commands`. A
server that serves many tests, as MariaDB does, is not in the sum.
"""

import os
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Mapping
from typing import Any

import pytest

from tests import commands

PHASES = ("setup", "call", "teardown")
ROWS = int(os.environ.get("TIMES_ROWS", "30"))
KEY = "processor_seconds"
Sums = dict[tuple[str, str], float]


def processor_seconds() -> float:
    """Return what this process and those of its children that have ended have used so far."""
    return sum(os.times()[:4]) + commands.used_seconds[0]


class Times:
    """Measures every test where it runs; adds up and prints in the process that has the terminal."""

    def __init__(self) -> None:
        self.mark = processor_seconds()
        self.by_phase: Sums = defaultdict(float)
        self.by_test: dict[str, float] = defaultdict(float)
        self.count: Counter[str] = Counter()
        self.whole = 0.0

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self) -> None:
        """Begin to measure; what has passed since the last test belongs to none."""
        self.mark = processor_seconds()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Write into each report what its phase has used."""
        report = yield
        before, self.mark = self.mark, processor_seconds()
        report.user_properties = [*report.user_properties, (KEY, self.mark - before)]
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add a report to the sums."""
        used = float(str(dict(report.user_properties)[KEY]))
        file = report.nodeid.partition("::")[0]
        self.by_phase[file, report.when] += used
        self.by_test[report.nodeid] += used
        self.count[file] += report.when == "call"

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Tell the process with the terminal what this one has used in all."""
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[KEY] = processor_seconds()
        elif self.whole:
            # The workers have told theirs; the rest of this process's children is they.
            self.whole += time.process_time()
        else:
            self.whole = processor_seconds()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add what a worker has used outside tests: imports, collection, its database."""
        self.whole += getattr(node, "workeroutput", {}).get(KEY, 0.0)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print the sums by folder, by file and by test, the greatest first."""
        write = terminalreporter.write_line
        by_folder: Sums = defaultdict(float)
        folders: Counter[str] = Counter()
        for (file, phase), used in self.by_phase.items():
            by_folder[file.rpartition("/")[0], phase] += used
        for file, number in self.count.items():
            folders[file.rpartition("/")[0]] += number
        terminalreporter.section("processor seconds")
        _table(write, "by folder", by_folder, folders)
        _table(write, "by file", self.by_phase, self.count)
        write(f"\n{'all':>8}  by test")
        for test, used in _greatest(self.by_test):
            write(f"{used:8.2f}  {test}")
        tests = sum(self.by_test.values())
        write(f"\n{tests:.1f} s in {sum(self.count.values())} tests, {self.whole - tests:.1f} s outside them")


def _table(write: Callable[[str], None], title: str, sums: Sums, count: Mapping[str, int]) -> None:
    wholes: dict[str, float] = defaultdict(float)
    for (name, _phase), used in sums.items():
        wholes[name] += used
    write(f"\n{'all':>8} {'setup':>8} {'call':>8} {'teardown':>8} {'tests':>6}  {title}")
    for name, whole in _greatest(wholes):
        phases = " ".join(f"{sums.get((name, phase), 0.0):8.1f}" for phase in PHASES)
        write(f"{whole:8.1f} {phases} {count[name]:6}  {name}")


def _greatest(sums: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(sums.items(), key=lambda one: -one[1])[:ROWS]


def pytest_configure(config: pytest.Config) -> None:
    """Measure this run."""
    config.pluginmanager.register(Times(), "times-of-tests")
