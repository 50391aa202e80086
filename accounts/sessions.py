"""Sessions of which a stolen dump is of no use: the database has no key that a browser could show.

A browser's cookie holds a secret. The row's key is the secret's hash, and what the row holds is encrypted.
Everywhere else in the program `session_key` is the row's key; only the cookie has the secret.
"""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.middleware import SessionMiddleware as DjangoMiddleware
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string

from evosync.common.encryption import UnreadableSecret, decrypt, encrypt, is_encrypted, reencrypt

SECRET_LENGTH = 32
# No secret begins so. A key that an older release stored in clear is hashed under the second mark.
MARK, OLD_MARK = "#", "~"
# The longest that the column takes, of the hash's 256 bits 156.
KEY_LENGTH = 40
# The cookies' names before they got a prefix; the first opens the sessions of that time only.
OLD_COOKIE_NAME, OLD_LANGUAGE_NAME = "sessionid", "django_language"
OLD_SECRET = re.compile(r"[a-z0-9]{32}")
BATCH = 500


def row_key(secret: str, *, mark: str = MARK) -> str:
    """Return the key of the row that belongs to this secret."""
    return f"{mark}{hashlib.sha256(secret.encode()).hexdigest()}"[:KEY_LENGTH]


def is_row_key(text: str) -> bool:
    """Return True if this is a row's key, which opens nothing, and not a secret."""
    return text.startswith((MARK, OLD_MARK))


class SessionStore(DatabaseStore):
    """A session found by a browser's secret, or by its row's key where the program itself asks."""

    def __init__(self, session_key: str | None = None) -> None:
        self.secret: str | None = None
        self.is_ended = False
        if session_key and not is_row_key(session_key):
            self.secret, session_key = session_key, row_key(session_key)
        super().__init__(session_key)

    def flush(self) -> None:
        """End the session, and remember that this request did it."""
        super().flush()
        self.is_ended = True

    def _get_new_session_key(self) -> str:
        self.secret = get_random_string(SECRET_LENGTH, VALID_KEY_CHARS)
        return row_key(self.secret)

    def _get_session_from_db(self) -> Session | None:
        """Return the row; one from before keys were hashed is found by the secret once, and hashed."""
        key = self.session_key
        row: Session | None = super()._get_session_from_db()  # type: ignore[misc]
        if row is None and self.secret is not None and _adopt(self.secret):
            self._session_key = key
            row = super()._get_session_from_db()  # type: ignore[misc]
        return row

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Return what the row holds."""
        return encrypt(super().encode(session_dict))

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """Return what is in a row; one that no key reads is an empty session, so its owner logs in again."""
        text = session_data if isinstance(session_data, str) else session_data.decode()
        if is_encrypted(text):
            try:
                text = decrypt(text, where="a session")
            except UnreadableSecret:
                return {}
        return super().decode(text)


class SessionMiddleware(DjangoMiddleware):
    """Takes secrets from cookies and writes them there; a key from the database opens nothing."""

    def process_request(self, request: HttpRequest) -> None:
        """Give the request the session of its cookie."""
        name = settings.SESSION_COOKIE_NAME
        secret, old = request.COOKIES.get(name, ""), request.COOKIES.get(OLD_COOKIE_NAME, "")
        is_moving = bool(old) and not secret and _adopt(old)
        if is_moving:
            secret = old
        request.session = SessionStore(None if is_row_key(secret) else secret or None)
        # The answer sets the cookie under its new name.
        request.session.modified = is_moving
        if language := request.COOKIES.get(OLD_LANGUAGE_NAME):
            request.COOKIES.setdefault(settings.LANGUAGE_COOKIE_NAME, language)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Write the secret into the cookie that Django sets with the row's key, and drop the old cookie.

        Only what ends a session takes its cookie away. A login renews the secret, and what the browser asked
        with the old one, as for the service worker, may be answered after that login.
        """
        response = super().process_response(request, response)
        name = settings.SESSION_COOKIE_NAME
        session = getattr(request, "session", None)
        if isinstance(session, SessionStore) and name in response.cookies:
            if response.cookies[name].value:
                response.cookies[name] = session.secret or ""
            elif not session.is_ended:
                del response.cookies[name]
        if name != OLD_COOKIE_NAME and OLD_COOKIE_NAME in request.COOKIES:
            response.delete_cookie(OLD_COOKIE_NAME, samesite=settings.SESSION_COOKIE_SAMESITE)
        return response


def _adopt(secret: str) -> bool:
    """Hash the key of a session from before keys were hashed; return True if this secret opens one."""
    if not OLD_SECRET.fullmatch(secret):
        return False
    return any(_rename(old, row_key(secret)) for old in (secret, row_key(secret, mark=OLD_MARK)))


def _rename(old: str, new: str) -> bool:
    with transaction.atomic():
        is_there = Session.objects.filter(session_key=old).update(session_key=new) == 1
        UserSession.objects.filter(session_key=old).update(session_key=new)
    return is_there


def hash_old_keys() -> int:
    """Hash the keys that an older release stored in clear; return their number. Nobody is logged out."""
    keys = Session.objects.exclude(session_key__startswith=MARK).exclude(session_key__startswith=OLD_MARK)
    hashed = 0
    for key in list(keys.values_list("session_key", flat=True)):
        hashed += _rename(key, row_key(key, mark=OLD_MARK))
    return hashed


def rotate_sessions() -> Iterator[tuple[str, int]]:
    """Encrypt every session with the first key; yield (table, 1 or 0) for each."""
    table = Session._meta.db_table  # noqa: SLF001 - Django's documented way to a table's name
    for key in Session.objects.values_list("session_key", flat=True).iterator(BATCH):
        row = Session.objects.filter(session_key=key).first()
        old = row.session_data if row is not None else ""
        if not is_encrypted(old):
            yield table, 0
            continue
        try:
            new = reencrypt(old, where="a session")
        except UnreadableSecret:
            # Nobody is in it any more; it ends by itself.
            new = None
        changed = 0
        if new is not None:
            changed = Session.objects.filter(session_key=key, session_data=old).update(session_data=new)
        yield table, changed
