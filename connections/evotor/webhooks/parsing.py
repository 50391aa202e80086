"""Reading what Evotor sends. Absent, null and "" mean the same; unknown fields may come any day.

What JSON's grammar or Python's reader lets pass and a database, a template or another program does not
take is refused here, so that no handler meets it: see `strict_json`.
"""

import json
import math
from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError

from connections.evotor.webhooks.responses import bad_syntax, incorrect, missing, too_big

MAX_BYTES = 10 * 1024 * 1024
ID_LENGTH = 36
# Evotor's own bodies nest some six levels deep, and its longest number has nineteen digits.
MAX_DEPTH = 32
MAX_NUMBER = 64

Body = dict[str, Any]


def read_json(request: HttpRequest) -> Any:
    """Return the body as JSON, whatever media type it claims; refuse above 10 MB without keeping it."""
    try:
        body = request.body
    except (RequestDataTooBig, RawPostDataException):
        raise too_big() from None
    except UnreadablePostError:
        raise bad_syntax() from None
    if len(body) > MAX_BYTES:
        raise too_big()
    try:
        return strict_json(body)
    except (ValueError, RecursionError):
        raise bad_syntax() from None


def strict_json(body: bytes) -> Any:
    """Return a JSON document in UTF-8, with or without a byte order mark.

    Raises ValueError for what some reader after us would stumble over: lone surrogates and NUL in texts
    and keys, the same key twice, NaN and infinities, numbers too long to be meant, nesting too deep.
    """
    # `json.loads` alone would guess UTF-16 and UTF-32 from the first bytes.
    value = json.loads(
        body.decode("utf-8-sig"),
        object_pairs_hook=_object,
        parse_constant=_refuse,
        parse_float=_float,
        parse_int=_integer,
    )
    level = [value]
    for _depth in range(MAX_DEPTH):
        level = [inner for node in level for inner in _children(node)]
        if not level:
            return value
    raise ValueError("nested too deeply")


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"{text[:16]} is no JSON")


def _integer(text: str) -> int:
    return int(text) if len(text) <= MAX_NUMBER else _refuse(text)


def _float(text: str) -> float:
    value = float(text) if len(text) <= MAX_NUMBER else math.inf
    return value if math.isfinite(value) else _refuse(text)


def _object(pairs: list[tuple[str, Any]]) -> Body:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    for key in found:
        _check_text(key)
    return found


def _children(node: Any) -> list[Any]:
    """Return the containers and texts inside a container; check a text."""
    if isinstance(node, str):
        _check_text(node)
    elif isinstance(node, dict):
        return [value for value in node.values() if isinstance(value, str | dict | list)]
    elif isinstance(node, list):
        return [value for value in node if isinstance(value, str | dict | list)]
    return []


def _check_text(text: str) -> None:
    if "\x00" in text:
        raise ValueError("a text with NUL")
    if not text.isascii():
        # Lone surrogates have no UTF-8: UnicodeEncodeError is a ValueError.
        text.encode()


def refuse_body(_request: HttpRequest, _most: int) -> HttpResponse:
    """Return the answer to a body above the limit."""
    return too_big().response()


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
        if not isinstance(value, str) or len(value) > limit:
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
