"""Cuts a script into tokens."""

import json
import re
from typing import Final, NamedTuple

from sandbox.vk.errors import VkError

TOKEN: Final = re.compile(
    r"""(?:\s|//[^\n]*|/\*.*?\*/)*+(?:
        (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
      | (?P<name>[A-Za-z_$][\w$]*)
      | (?P<sign>@\.|===|!==|==|!=|<=|>=|&&|\|\||[\[\]{}(),:;.?+\-*/%<>=!])
      | (?P<end>\Z)
    )""",
    re.VERBOSE | re.DOTALL,
)
# Strings in single quotes become JSON: its own escape goes, and a double quote inside gets one.
QUOTES: Final = re.compile(r"\\(.)|\"", re.DOTALL)
DECODER: Final = json.JSONDecoder(strict=False)


class Token(NamedTuple):
    """One token: its kind ("string", "number", "name", "sign" or "end") and its text."""

    kind: str
    text: str


def tokens_of(code: str) -> list[Token]:
    """Return the tokens, the last of which is the end. Raises VkError 12 at what is none."""
    found: list[Token] = []
    at = 0
    while not found or found[-1].kind != "end":
        match = TOKEN.match(code, at)
        if match is None or match.lastgroup is None:
            raise VkError(12, f"unexpected symbol at {at}")
        found.append(Token(match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


def unquoted(text: str) -> str:
    """Return what a string token stands for. Raises VkError 12 for an escape that does not exist."""
    if text[0] == "'":
        text = '"' + QUOTES.sub(_as_json, text[1:-1]) + '"'
    try:
        value = str(DECODER.decode(text))
        # Half of a surrogate pair is no text: it cannot be sent on.
        value.encode()
    except ValueError:
        raise VkError(12, "bad string") from None
    return value


def _as_json(match: re.Match[str]) -> str:
    if match[0] == '"':
        return '\\"'
    return "'" if match[1] == "'" else match[0]
