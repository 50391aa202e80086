"""Reads uploaded tables in a child process: a small workbook may unpack to much."""

import json

from evosync.common.children import ChildBroken, ChildRefused, ChildTooCostly, module_command, run_child
from syncing.core.tables.texts import FileProblem, UnreadableTable
from syncing.services.tables.limits import LONGEST_RUN

COMMAND = module_command("syncing.services.tables.child")


def read_isolated(data: bytes) -> list[list[str]]:
    """Return the rows of a file as texts. Raises UnreadableTable, whatever the file does."""
    try:
        rows: list[list[str]] = json.loads(run_child(COMMAND, data, longest_run=LONGEST_RUN))
    except ChildRefused as refusal:
        problem, detail = json.loads(refusal.answer)
        raise UnreadableTable(FileProblem(problem), detail) from None
    except ChildTooCostly:
        raise UnreadableTable(FileProblem.TOO_COSTLY) from None
    except ChildBroken:
        raise UnreadableTable(FileProblem.BROKEN) from None
    return rows
