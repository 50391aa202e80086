"""Evotor's opaque cursors: signed, bound to a path, with `+`, `/`, `=` in them (evotor.md §3.1)."""

import base64
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from typing import Final

KEY: Final = b"sandbox cursors"
# These bytes show as "+/+/" in base64, so that a client that does not encode its query fails here.
PREFIX: Final = b"\xfb\xff\xbf"
SIGNATURE: Final = 8


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a walk goes on. `since` is in milliseconds or None; `made_at` is a Unix time."""

    path: str
    offset: int
    limit: int
    since: int | None
    made_at: float

    def text(self) -> str:
        """Return the cursor as a client sees it."""
        payload = json.dumps(asdict(self)).encode()
        body = PREFIX + hmac.digest(KEY, payload, hashlib.sha256)[:SIGNATURE] + payload
        # A length of 3n + 1 makes base64 end with "==".
        body += b" " * ((1 - len(body)) % 3)
        return base64.b64encode(body).decode()


def read_cursor(text: str) -> Cursor | None:
    """Return the cursor of a text; None where it was not made here or was changed on the way."""
    try:
        body = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    start = len(PREFIX) + SIGNATURE
    payload = body[start:].rstrip(b" ")
    signature = hmac.digest(KEY, payload, hashlib.sha256)[:SIGNATURE]
    if not body.startswith(PREFIX) or not hmac.compare_digest(signature, body[len(PREFIX) : start]):
        return None
    return Cursor(**json.loads(payload))
