"""What both clients share: sessions, pace, and one way from a transport failure to our errors."""

import json
import random
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Protocol, TypeVar

import requests

from connections.clients.errors import Transient

T = TypeVar("T")

USER_AGENT = "EvoSync"
READ_ATTEMPTS = 5


class Pacer(Protocol):
    """Something that waits until the next request may be sent."""

    def wait(self) -> None:
        """Return when the next request may go."""


class NoPacer:
    """Lets every request go at once."""

    def wait(self) -> None:
        """Return at once."""


class IntervalPacer:
    """Keeps requests of this process evenly apart; safe to share between threads."""

    def __init__(
        self,
        per_second: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._interval = 1 / per_second
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self) -> None:
        """Sleep until an interval has passed since the last request's turn."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._next)
            self._next = turn + self._interval
        if turn > now:
            self._sleep(turn - now)


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
    """Make one request; every failure of the transport becomes a Transient.

    `deadline` bounds a dripping answer, in seconds. A refused connection was never sent; after
    anything else the call may have taken effect.
    """
    started = time.monotonic()
    try:
        response = call()
        body = bytearray()
        for chunk in response.iter_content(65536):
            body += chunk
            if time.monotonic() - started > deadline:
                response.close()
                raise Transient(
                    service,
                    f"{service}.timeout",
                    "the answer took too long",
                    method=method,
                    may_have_run=True,
                )
        response._content = bytes(body)  # noqa: SLF001 - read by hand to bound its time
    except requests.exceptions.SSLError:
        raise Transient(service, f"{service}.tls", "no trusted connection", method=method) from None
    except requests.exceptions.ConnectTimeout:
        raise Transient(service, f"{service}.network", "no connection in time", method=method) from None
    except requests.exceptions.Timeout:
        raise Transient(
            service,
            f"{service}.timeout",
            "no answer in time",
            method=method,
            may_have_run=True,
        ) from None
    except requests.exceptions.RequestException as error:
        sent = "refused" not in str(error).lower() and "resolve" not in str(error).lower()
        raise Transient(
            service,
            f"{service}.network",
            "the connection broke",
            method=method,
            may_have_run=sent,
        ) from None
    return response


def parse_json(response: requests.Response) -> Any:
    """Return the body with numbers as int and Decimal. Raises ValueError for anything but JSON."""
    return json.loads(response.content.decode("utf-8"), parse_float=Decimal)


def retry_read(
    read: Callable[[], T],
    *,
    sleep: Callable[[float], None],
    attempts: int = READ_ATTEMPTS,
) -> T:
    """Repeat a call that changes nothing while its failure may pass, a few seconds in all."""
    for attempt in range(1, attempts):
        try:
            return read()
        except Transient as error:
            pause = error.retry_after if error.retry_after is not None else 0.5 * 2**attempt
            if pause > MAX_PAUSE:
                raise
            sleep(pause * random.uniform(0.75, 1.0) + 0.01)  # noqa: S311 - jitter
    return read()


# A client does not sleep for long: whoever called it knows better what to do meanwhile.
MAX_PAUSE = 15.0
