"""Reads multipart/form-data bodies: text fields and files."""

import re
from dataclasses import dataclass

BOUNDARY = re.compile(r'boundary="?([^";]+)"?')
FIELD = re.compile(r'\bname="([^"]*)"')
FILE_NAME = re.compile(r'\bfilename="([^"]*)"')
KIND = re.compile(r"(?im)^content-type:\s*(\S+)")


@dataclass(frozen=True, slots=True)
class FilePart:
    """A file of a form: its field, its name, its declared type and its bytes."""

    field: str
    name: str
    content_type: str
    data: bytes


def parse_multipart(body: bytes, content_type: str) -> tuple[dict[str, str], list[FilePart]]:
    """Return the text fields and the files, in order. A body without a boundary has neither."""
    found = BOUNDARY.search(content_type)
    texts: dict[str, str] = {}
    files: list[FilePart] = []
    if not found:
        return texts, files
    for part in (b"\r\n" + body).split(b"\r\n--" + found[1].encode())[1:]:
        head, gap, data = part.partition(b"\r\n\r\n")
        if not gap:
            continue
        headers = head.decode("utf-8", "replace")
        field = FIELD.search(headers)
        file_name = FILE_NAME.search(headers)
        kind = KIND.search(headers)
        if not field:
            continue
        if file_name:
            files.append(FilePart(field[1], file_name[1], kind[1].lower() if kind else "", data))
        else:
            texts[field[1]] = data.decode("utf-8", "replace")
    return texts, files
