"""The mark by which a rehearsal knows its own test item and album, and nothing else.

Ten characters behind a word that no merchant types; the last two check the others.
"""

import re
import secrets
from hashlib import blake2b

PREFIX = "EVOSYNC-PREFLIGHT-"
# No letter that can be misread as a digit.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SHAPE = re.compile(rf"{PREFIX}([0-9A-Z]{{8}})([0-9A-Z]{{2}})(?![0-9A-Z])")


def new_mark() -> str:
    """Return a fresh mark."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{PREFIX}{body}{_check(body)}"


def has_mark(*texts: str) -> bool:
    """Return True if one of the texts holds a mark of any rehearsal, in whatever case it came back."""
    found = (match for text in texts for match in _SHAPE.finditer(text.upper()))
    return any(match[2] == _check(match[1]) for match in found)


def _check(body: str) -> str:
    digest = blake2b(f"preflight {body}".encode(), digest_size=2).digest()
    return "".join(_ALPHABET[byte & 31] for byte in digest)
