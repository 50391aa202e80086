"""Who calls: Evotor with our application's token, or with the token that we gave it for a merchant."""

import base64
import binascii
import hashlib
import hmac

from django.conf import settings
from django.http import HttpRequest

from connections.evotor.account_linking import hash_user_token
from connections.evotor.webhooks.responses import (
    Refused,
    no_such_resource,
    wrong_app_token,
    wrong_user_token,
)
from connections.models import EvotorConnection
from evosync.common.rows import row_or_none


def _same(left: str, right: str) -> bool:
    # Hashing first makes the comparison blind to length as well.
    return hmac.compare_digest(
        hashlib.sha256(left.encode()).digest(), hashlib.sha256(right.encode()).digest()
    )


def _credentials(request: HttpRequest) -> tuple[str, str]:
    """Return (scheme in lower case, the rest); a bare token counts as a bearer's."""
    header = request.headers.get("Authorization", "").strip()
    scheme, _space, rest = header.partition(" ")
    if not rest:
        return "bearer", header
    if scheme.lower() != "basic":
        return scheme.lower(), rest.strip()
    try:
        return "basic", base64.b64decode(rest.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "basic", ""


def is_our_app(request: HttpRequest) -> bool:
    """Return True if the caller knows one of EVOTOR_WEBHOOK_TOKEN, as Bearer or as Basic `login:password`.

    Every entry is compared, so the time of the answer tells nothing.
    """
    scheme, given = _credentials(request)
    known = [token for token in settings.EVOTOR_WEBHOOK_TOKEN if token]
    matches = [_same(given, token) and scheme == ("basic" if ":" in token else "bearer") for token in known]
    return bool(given) and any(matches)


def require_our_app(request: HttpRequest) -> None:
    """Refuse a caller without our application's token."""
    if not is_our_app(request):
        raise wrong_app_token()


def merchant_of(request: HttpRequest) -> EvotorConnection:
    """Return the till account whose token the caller shows, or refuse."""
    scheme, given = _credentials(request)
    connection = None
    if scheme == "bearer" and given:
        connection = row_or_none(EvotorConnection.objects.with_user_token(hash_user_token(given)))
    if connection is None:
        raise wrong_user_token()
    return connection


def notified_merchant(request: HttpRequest) -> EvotorConnection:
    """Return the till account that a data notification is about, or refuse.

    It comes with the merchant's own token, or with our application's and the account's id beside it:
    so also for merchants who logged in by OAuth or pasted a token.
    """
    named = request.headers.get("X-Evotor-User-Id", "").strip()
    if is_our_app(request):
        if not named:
            raise wrong_user_token()
        connection = row_or_none(EvotorConnection.objects.of_account(named))
        if connection is None:
            raise no_such_resource()
        return connection
    connection = merchant_of(request)
    if named and named != connection.evotor_user_id:
        raise wrong_user_token()
    return connection


def app_or_merchant(request: HttpRequest) -> EvotorConnection | None:
    """Return whose token the caller shows, None for our application's own, or refuse.

    Evotor's prose and its specification disagree on which of the two comes with events.
    """
    if is_our_app(request):
        return None
    try:
        return merchant_of(request)
    except Refused:
        raise wrong_app_token() from None


def require_about(caller: EvotorConnection | None, evotor_user_id: str) -> None:
    """Refuse a merchant's token in a delivery about another till account."""
    if caller is not None and caller.evotor_user_id != evotor_user_id:
        raise wrong_app_token()
