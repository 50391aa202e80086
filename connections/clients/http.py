"""What both clients share: sessions, pace, and one way from a transport failure to our errors."""

import json
import random
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Protocol, TypeVar

import requests
from urllib3.exceptions import HTTPError, NewConnectionError, ReadTimeoutError

from connections.clients.errors import RateLimited, Transient

T = TypeVar("T")

USER_AGENT = "EvoSync"
READ_ATTEMPTS = 5
# A client does not sleep for long: its caller knows better what to do meanwhile.
MAX_PAUSE = 15.0
BLOCK = 65536
# What OpenSSL says where no connection came about, so that nothing was sent through it.
HANDSHAKE_WORDS = (
    "CERTIFICATE_VERIFY_FAILED",
    "WRONG_VERSION_NUMBER",
    "ALERT_HANDSHAKE_FAILURE",
    "certificate",
)


class RateLimiter(Protocol):
    """Something that waits until the next request may be sent."""

    def wait(self) -> None:
        """Return when the next request may go."""

    def slow_down(self) -> None:
        """Learn that the service found the pace too fast."""


class NoRateLimiter:
    """Lets every request go at once."""

    def wait(self) -> None:
        """Return at once."""

    def slow_down(self) -> None:
        """Keep no pace, so none can be slower."""


def new_session(pool: int = 8) -> requests.Session:
    """Return a session that keeps `pool` connections alive and follows no proxy settings for loopback."""
    session = requests.Session()
    session.headers["User-Agent"] = USER_AGENT
    adapter = requests.adapters.HTTPAdapter(pool_connections=pool, pool_maxsize=pool)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def send(
    service: str, method: str, call: Callable[[], requests.Response], *, deadline: float
) -> requests.Response:
    """Make one request, opened with `stream=True`; every failure of the transport becomes a Transient.

    `deadline` bounds a dripping answer, in seconds. What was refused before it could be sent did not
    take effect; after anything else it may have.
    """
    started = time.monotonic()
    try:
        response = call()
        response._content = _read_body(response, started + deadline)  # noqa: SLF001 - read by hand to bound its time
    except (requests.exceptions.RequestException, HTTPError, OSError) as error:
        code, text, may_have_run = _transport_fault(error)
        raise Transient(
            service, f"{service}.{code}", text, method=method, may_have_run=may_have_run
        ) from None
    return response


def _read_body(response: requests.Response, until: float) -> bytes:
    """Read what comes as it comes: a whole block of a dripping answer might never be full."""
    body = bytearray()
    with response:
        while piece := response.raw.read1(BLOCK, decode_content=True):
            body += piece
            if time.monotonic() > until:
                raise requests.exceptions.ReadTimeout("the answer took too long")
    if response.raw.length_remaining:
        raise requests.exceptions.ConnectionError("the answer was cut off")
    return bytes(body)


def _transport_fault(error: Exception) -> tuple[str, str, bool]:
    """Return the code, the words, and whether the request may have been carried out."""
    cause = _cause(error)
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return "network", "no connection in time", False
    if isinstance(cause, NewConnectionError):
        return "network", "no connection", False
    if any(words in str(cause) for words in HANDSHAKE_WORDS):
        return "tls", "no trusted connection", False
    if isinstance(error, requests.exceptions.Timeout | ReadTimeoutError) or isinstance(cause, TimeoutError):
        return "timeout", "no answer in time", True
    # Also a TLS connection that breaks while the answer comes: that is no fault of trust.
    return "network", "the connection broke", True


def _cause(error: Exception) -> object:
    """Return what is inside requests' and urllib3's wrappings."""
    inner = error.args[0] if error.args else None
    reason = getattr(inner, "reason", None)
    return reason or (inner if isinstance(inner, Exception) else error)


def parse_json(response: requests.Response) -> Any:
    """Return the body with numbers as int and Decimal. Raises ValueError for anything but JSON."""
    try:
        return json.loads(response.content.decode("utf-8-sig"), parse_float=Decimal)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def retry_read(
    read: Callable[[], T],
    *,
    sleep: Callable[[float], None],
    attempts: int = READ_ATTEMPTS,
    longest_pause: float = MAX_PAUSE,
) -> T:
    """Repeat a call that changes nothing while its failure may pass, a few seconds in all."""
    for attempt in range(1, attempts):
        try:
            return read()
        except Transient as error:
            asked = error.retry_after
            if asked is not None:
                pause = asked
            elif isinstance(error, RateLimited):
                # The length of the service's window is not known.
                pause = longest_pause / 2 ** (attempts - attempt)
            else:
                pause = 0.5 * 2**attempt
            if pause > longest_pause:
                raise
            # Not before the moment that the service has named; else anywhere around ours.
            sleep(pause * random.uniform(0.75 if asked is None else 1.0, 1.1) + 0.01)  # noqa: S311 - jitter
    return read()
