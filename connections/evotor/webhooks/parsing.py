"""Reading what Evotor sends. Absent, null and "" mean the same; unknown fields may come any day."""

import json
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.request import RawPostDataException

from connections.evotor.webhooks.responses import bad_syntax, incorrect, missing, too_big

MAX_BYTES = 10 * 1024 * 1024
# Of a body that is refused, so much is read away: a server that hangs up while it is being sent to
# shows the sender a broken connection in place of the answer.
MOST_READ_AWAY = 32 * 1024 * 1024
PIECE = 64 * 1024
ID_LENGTH = 36

Body = dict[str, Any]


def read_json(request: HttpRequest) -> Any:
    """Return the body as JSON, whatever media type it claims; refuse above 10 MB without keeping it."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise bad_syntax() from None
    if length > MAX_BYTES:
        _read_away(request)
        raise too_big()
    try:
        return json.loads(request.body)
    except (RequestDataTooBig, RawPostDataException):
        raise too_big() from None
    except (ValueError, RecursionError):
        raise bad_syntax() from None


def _read_away(request: HttpRequest) -> None:
    left = MOST_READ_AWAY
    while left > 0 and (piece := request.read(PIECE)):
        left -= len(piece)


def read_object(request: HttpRequest) -> Body:
    """Return the body as a JSON object, or refuse."""
    body = read_json(request)
    if not isinstance(body, dict):
        raise bad_syntax()
    return body


def text(body: Body, *names: str, limit: int = 4096) -> str:
    """Return the first of these fields that says something, as text; "" when none does."""
    for name in names:
        value = body.get(name)
        if value is None or value == "":
            continue
        if not isinstance(value, str) or len(value) > limit or "\x00" in value:
            raise incorrect(name, value)
        if value.strip():
            return value.strip()
    return ""


def required(body: Body, *names: str, limit: int = 4096) -> str:
    """Return the first of these fields that says something, or refuse."""
    value = text(body, *names, limit=limit)
    if not value:
        raise missing(names[0])
    return value


def account_id(body: Body) -> str:
    """Return the till account that a body is about: `userId`, or `userUuid` in its old spelling."""
    return required(body, "userId", "userUuid", limit=ID_LENGTH)
