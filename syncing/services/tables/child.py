"""The child process that reads one table: `python -m syncing.services.tables.child`.

The file comes on stdin. Its rows go to stdout as JSON; a refusal goes there instead, with the exit code
REFUSED. No Django, no settings and no secrets are here.
"""

import codecs
import json
import sys

from evosync.common.child_limits import REFUSED, limit_resources
from syncing.core.tables.texts import FileProblem, UnreadableTable, read_text
from syncing.services.tables.limits import CHILD_MEMORY_BYTES, CHILD_SECONDS, MOST_BYTES
from syncing.services.tables.workbook import read_workbook

# Portals and tills save web pages under the name of a workbook; others are no tables at all.
NO_TABLES = (b"<", b"%PDF", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"\x89PNG", b"\xff\xd8\xff")
ZIP, OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read(data: bytes) -> list[list[str]]:
    """Return the rows of a file of any kind. Raises UnreadableTable."""
    if not data.strip():
        raise UnreadableTable(FileProblem.EMPTY)
    if len(data) > MOST_BYTES:
        raise UnreadableTable(FileProblem.TOO_BIG)
    if data.startswith(OLD_OFFICE):
        raise UnreadableTable(FileProblem.OLD_FORMAT)
    if data.removeprefix(codecs.BOM_UTF8).lstrip().startswith(NO_TABLES):
        raise UnreadableTable(FileProblem.OTHER_FORMAT)
    return read_workbook(data) if data.startswith(ZIP) else read_text(data)


def main() -> int:
    """Read, write; return the exit code."""
    limit_resources(memory_bytes=CHILD_MEMORY_BYTES, seconds=CHILD_SECONDS)
    try:
        rows = read(sys.stdin.buffer.read(MOST_BYTES + 1))
    except UnreadableTable as refusal:
        sys.stdout.write(json.dumps([refusal.problem, refusal.detail]))
        return REFUSED
    except MemoryError:
        sys.stdout.write(json.dumps([FileProblem.TOO_COSTLY, ""]))
        return REFUSED
    sys.stdout.buffer.write(json.dumps(rows, ensure_ascii=False).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
