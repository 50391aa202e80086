"""Names the tests that send no statement of their own: `.ci/services pytest -p tests.statements FOLDER`.

A kind of statement is its text without values, with what came of it: no row, one, more, or which error. Tests
whose kinds are all sent by tests that stay may be marked `once`, unless their values are what the database is
asked about: long texts, letters that it finds equal, two connections at once.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Sequence
from typing import Any

import pytest
from django.db import Error
from django.db.backends.utils import CursorWrapper

# Names that Django numbers, and numbers that are written into a statement.
NUMBERED = re.compile(r"`?(?:s\d+_x\d+|__col\d+)`?|\b\d+\b")
LIST = re.compile(r"\((?:%s(?:, ?)?)+\)")
REPEATED = re.compile(r"(\([^()]*\))(?:, \1)+")
KEY = "kinds_of_statements"


def kind(statement: object, outcome: object) -> str:
    """Return what a statement has in common with others of its kind."""
    text = LIST.sub("(%s)", NUMBERED.sub("0", str(statement)))
    return f"{outcome} {REPEATED.sub(lambda found: found[1], text)}"


class Statements:
    """Notes what each test sends; chooses in the process that has the terminal."""

    def __init__(self) -> None:
        self.sent: set[str] = set()
        self.by_test: dict[str, set[str]] = {}
        self.seconds: dict[str, float] = defaultdict(float)

    def noting(self, execute: Callable[..., Any]) -> Callable[..., Any]:
        """Return a cursor's method that notes what it is given."""

        def noted(cursor: CursorWrapper, sql: str, params: Any = None) -> Any:
            try:
                found = execute(cursor, sql, params)
            except Error as error:
                self.sent.add(kind(sql, type(error).__name__))
                raise
            self.sent.add(kind(sql, min(cursor.cursor.rowcount, 2)))
            return found

        return noted

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Write into the last report of a test what it has sent."""
        report = yield
        if call.when == "teardown":
            report.user_properties = [*report.user_properties, (KEY, sorted(self.sent))]
            self.sent.clear()
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect what all processes tell."""
        self.seconds[report.nodeid] += report.duration
        for key, kinds in report.user_properties:
            if key == KEY:
                assert isinstance(kinds, list)
                self.by_test[report.nodeid] = set(kinds)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print the tests that may be left out together, in their order."""
        terminalreporter.section("tests that send nothing of their own")
        longest = sorted(self.by_test, key=lambda test: -self.seconds[test])
        for test in sorted(_spare(self.by_test, longest)):
            terminalreporter.write_line(test)


def _spare(by_test: dict[str, set[str]], order: Sequence[str]) -> list[str]:
    senders = Counter(sent for kinds in by_test.values() for sent in kinds)
    spare = []
    for test in order:
        if all(senders[sent] > 1 for sent in by_test[test]):
            senders.subtract(by_test[test])
            spare.append(test)
    return spare


def pytest_configure(config: pytest.Config) -> None:
    """Note the statements of this run."""
    notes = Statements()
    config.pluginmanager.register(notes, "statements-of-tests")
    for name in ("execute", "executemany"):
        setattr(CursorWrapper, name, notes.noting(getattr(CursorWrapper, name)))
