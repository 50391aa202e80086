"""Tags of merchants as text: tidied, written one behind the other, and read back."""

import re
from collections.abc import Iterable

# Longer than a table's cell.
LONGEST_TEXT = 32_767
# A tag that holds a sign which stands between tags is in quotes, its own quotes twice.
_TAG = re.compile(r'"((?:[^"]|"")*)"|([^,;\n"]+)')
_QUOTED = frozenset(',;"')


def tidy_tag(text: str) -> str:
    """Return a tag as it is kept: in small letters, without needless spaces."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split()).casefold()


def written_tags(tags: Iterable[str]) -> str:
    """Return tags as one text, by name; `read_tags` gives them back."""
    return ", ".join(_quoted(tag) for tag in sorted(tags))


def read_tags(text: str) -> tuple[str, ...]:
    """Return the tags that a text names, each once and by name; commas, semicolons or lines divide them."""
    found = (quoted.replace('""', '"') or bare for quoted, bare in _TAG.findall(text[:LONGEST_TEXT]))
    return tuple(sorted({tag for one in found if (tag := tidy_tag(one))}))


def _quoted(tag: str) -> str:
    return f'"{tag.replace(chr(34), chr(34) * 2)}"' if _QUOTED & set(tag) else tag
