"""The child process that reads one table: `python -m syncing.services.tables.child`.

The file comes on stdin. Its rows go to stdout as JSON; a refusal goes there instead, with the exit code
REFUSED. No Django, no settings and no secrets are here.
"""

import codecs
import json
import sys

from evosync.common.child_limits import REFUSED, limit_resources
from syncing.core.tables.columns import find_layout
from syncing.core.tables.texts import FileProblem, UnreadableTable, read_text
from syncing.services.tables.limits import CHILD_MEMORY_BYTES, CHILD_SECONDS, MOST_BYTES

NO_TABLES = (b"%PDF", b"{\\rtf", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"\x89PNG", b"\xff\xd8\xff")
# Portals and tills save web pages under the name of a workbook.
WEB_PAGE, XML_PAGE = b"<", b"<?xml"
HEAD = 4096
# Bytes that no text holds, but for the wide letters of UTF-16. 26 ends the texts of old programs.
CONTROLS = (frozenset(range(1, 9)) | frozenset(range(14, 32))) - {26}
ZIP, OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read(data: bytes) -> list[list[str]]:
    """Return the rows of a file of any kind. Raises UnreadableTable."""
    if not data.strip():
        raise UnreadableTable(FileProblem.EMPTY)
    if len(data) > MOST_BYTES:
        raise UnreadableTable(FileProblem.TOO_BIG)
    if data.startswith(OLD_OFFICE):
        raise UnreadableTable(FileProblem.OLD_FORMAT)
    beginning = data[:HEAD].removeprefix(codecs.BOM_UTF8).lstrip()
    if beginning.startswith(WEB_PAGE):
        raise UnreadableTable(FileProblem.FOREIGN, "XML" if beginning.startswith(XML_PAGE) else "HTML")
    if beginning.startswith(NO_TABLES):
        raise UnreadableTable(FileProblem.OTHER_FORMAT)
    return _read_workbook(data) if data.startswith(ZIP) else _read_text(data)


def _read_workbook(data: bytes) -> list[list[str]]:
    # To load what reads workbooks takes two thirds of the time in which a table of text is read.
    from syncing.services.tables.workbook import read_workbook

    return read_workbook(data)


def _read_text(data: bytes) -> list[list[str]]:
    """Return the rows of a file of text. Raises UnreadableTable: bytes that no text has make it no table."""
    try:
        rows = read_text(data)
    except UnreadableTable:
        if _has_controls(data):
            raise UnreadableTable(FileProblem.OTHER_FORMAT) from None
        raise
    if find_layout(rows) is None and _has_controls(data):
        raise UnreadableTable(FileProblem.OTHER_FORMAT)
    return rows


def _has_controls(data: bytes) -> bool:
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return not is_wide and not CONTROLS.isdisjoint(data[:HEAD])


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
