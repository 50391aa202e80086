"""Base64 as the web writes it: with `-` and `_`, without padding."""

import base64
import binascii
import re

ALPHABET = re.compile(r"[A-Za-z0-9_-]*")


def encode(data: bytes) -> str:
    """Return the bytes as text."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Return the bytes of a text. Raises ValueError for anything else, also for padding within."""
    bare = text.rstrip("=")
    if not ALPHABET.fullmatch(bare):
        raise ValueError("not base64 of the web")
    try:
        return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except binascii.Error:
        raise ValueError("not base64 of the web") from None
