"""How a messenger refuses a message, by what follows from it."""

import math
import time
from email.utils import mktime_tz, parsedate_tz
from http import HTTPStatus

import requests

from connections.clients.errors import (
    AuthRevoked,
    ClientError,
    InvalidRequest,
    OperatorActionRequired,
    RateLimited,
    Transient,
)

SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 24 * 3600.0


def error_of(
    service: str, method: str, response: requests.Response, *, text: str, retry_after: object, is_gone: bool
) -> ClientError:
    """Return our error for an answer that is none.

    AuthRevoked where the chat is gone for us (`is_gone`), OperatorActionRequired where the bot's token is
    refused, RateLimited with the pause that was asked for.
    """
    status = response.status_code
    code, words = f"{service}.{status}", text[:200]
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(
            service, code, words, retry_after=pause_of(retry_after), method=method, status=status
        )
    if is_gone:
        return AuthRevoked(service, code, words, method=method, status=status)
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND):
        return OperatorActionRequired(service, code, words, method=method, status=status)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Transient(service, code, words, may_have_run=True, method=method, status=status)
    return InvalidRequest(service, code, words, method=method, status=status)


def unreadable(service: str, method: str, status: int) -> ClientError:
    """Return our error for an answer that cannot be read; what was asked may have been done."""
    text = "the answer cannot be read"
    return Transient(service, f"{service}.bad_json", text, may_have_run=True, method=method, status=status)


def pause_of(value: object) -> float | None:
    """Return the seconds that a service asks us to wait, within bounds; None where it does not say.

    It says so as a number of seconds, or as a moment in the form of HTTP.
    """
    text = "" if value is None else str(value).strip()
    try:
        seconds = float(text)
    except ValueError:
        seconds = _seconds_until(text)
    if math.isnan(seconds):
        return None
    return min(max(seconds, SHORTEST_PAUSE), LONGEST_PAUSE)


def _seconds_until(text: str) -> float:
    """Return the seconds from now to a moment in the form of HTTP, which may be no number."""
    try:
        moment = parsedate_tz(text)
        return math.nan if moment is None else mktime_tz(moment) - time.time()
    except (ValueError, OverflowError, IndexError):
        return math.nan
