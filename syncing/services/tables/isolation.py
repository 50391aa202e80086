"""Reads uploaded tables in a child process with bounded memory and time, as photos are opened.

A small workbook may unpack to much, and what openpyxl builds of its parts shows only while it does.
"""

import json
import logging
import os
import subprocess
import sys

from django.conf import settings

from syncing.core.tables.texts import FileProblem, UnreadableTable
from syncing.services.tables.limits import LONGEST_RUN, REFUSED

logger = logging.getLogger(__name__)

COMMAND = (sys.executable, "-E", "-s", "-m", "syncing.services.tables.child")


def read_isolated(data: bytes) -> list[list[str]]:
    """Return the rows of a file as texts. Raises UnreadableTable, whatever the file does."""
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            COMMAND,
            input=data,
            capture_output=True,
            cwd=settings.BASE_DIR,
            env=_environment(),
            timeout=LONGEST_RUN,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnreadableTable(FileProblem.TOO_COSTLY) from None
    if done.returncode == 0:
        rows: list[list[str]] = json.loads(done.stdout)
        return rows
    if done.returncode == REFUSED:
        problem, detail = json.loads(done.stdout)
        raise UnreadableTable(FileProblem(problem), detail)
    if done.returncode < 0:
        # The kernel ended it.
        raise UnreadableTable(FileProblem.TOO_COSTLY)
    logger.error(
        "the table's process ended with %s: %s",
        done.returncode,
        done.stderr[-500:].decode("utf-8", "replace"),
    )
    raise UnreadableTable(FileProblem.BROKEN)


def _environment() -> dict[str, str]:
    """Return what the child needs to start: where its libraries are, and none of our secrets."""
    kept = {
        name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ
    }
    return kept | {"MALLOC_ARENA_MAX": "1"}
