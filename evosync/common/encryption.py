"""Encryption at rest: one cipher for tokens, feed addresses and second factors."""

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

# Every Fernet token begins so: version 0x80 and the zero bytes of a moment before the year 2106.
TOKEN_START = "gAAAA"  # noqa: S105 - not a secret


class UnreadableSecret(Exception):
    """A stored secret fits none of FIELD_ENCRYPTION_KEYS; the operator must restore the old key."""

    def __init__(self, where: str) -> None:
        super().__init__(f"{where}: none of FIELD_ENCRYPTION_KEYS reads it.")


def encrypt(text: str) -> str:
    """Return the text as a Fernet token under the first of FIELD_ENCRYPTION_KEYS."""
    return _fernet(tuple(settings.FIELD_ENCRYPTION_KEYS)).encrypt(text.encode()).decode()


def decrypt(token: str, *, where: str) -> str:
    """Return the text of a token written under any of the keys. `where` names it if none reads it."""
    try:
        return _fernet(tuple(settings.FIELD_ENCRYPTION_KEYS)).decrypt(token.encode()).decode()
    except InvalidToken:
        raise UnreadableSecret(where) from None


def is_encrypted(text: str) -> bool:
    """Return True if the text looks like a Fernet token."""
    return text.startswith(TOKEN_START)


def reencrypt(token: str, *, where: str) -> str | None:
    """Return the token under the first key, or None where it stands under that one already."""
    try:
        _fernet((settings.FIELD_ENCRYPTION_KEYS[0],)).decrypt(token.encode())
    except InvalidToken:
        return encrypt(decrypt(token, where=where))
    return None


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
