"""What both clients share: sessions, pace, and one way from a transport failure to our errors."""

import json
import random
import socket
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

import msgspec
import requests
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NewConnectionError, ReadTimeoutError

from connections.clients.answered_urls import PrivateAddress, require_public_name, require_public_peer
from connections.clients.errors import (
    ClientError,
    OperatorActionRequired,
    RateLimited,
    Transient,
    Unreachable,
)

T = TypeVar("T")

USER_AGENT = "EvoSync"
READ_ATTEMPTS = 5
# A client does not sleep for long: its caller knows better what to do meanwhile.
MAX_PAUSE = 15.0
BLOCK = 65536
# Few are asked: the services', and those that VK names for uploads.
HOSTS_KEPT = 64
# No answer that we ask for is a tenth of this; a larger one would only fill the memory.
LARGEST_ANSWER = 32 * 1024 * 1024
# A number with more digits before its point is infinite to us: only to write it out would take hours.
MOST_DIGITS = 400
# What OpenSSL and Requests say where the other side's certificate is not trusted, or the file with the
# certificates that we trust cannot be used.
TRUST_WORDS = ("CERTIFICATE_VERIFY_FAILED", "CA certificate bundle", "NO_CERTIFICATE_OR_CRL_FOUND", "[X509")
# What OpenSSL says where the two sides found no way to speak, before anything was sent.
HANDSHAKE_WORDS = ("WRONG_VERSION_NUMBER", "ALERT_HANDSHAKE_FAILURE")


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


class _Attempt(threading.local):
    """Whether this thread's last attempt to connect has failed: then nothing was sent."""

    has_failed = False


_attempt = _Attempt()


class _HttpConnection(HTTPConnection):
    def connect(self) -> None:
        _attempt.has_failed = True
        super().connect()
        _attempt.has_failed = False


class _HttpsConnection(HTTPSConnection):
    def connect(self) -> None:
        """Connect, with the handshake: only after it is a request sent."""
        _attempt.has_failed = True
        super().connect()
        _attempt.has_failed = False


class _PublicHttpsConnection(_HttpsConnection):
    """Connects only to the public net, and looks at the other end before anything is sent to it."""

    def _new_conn(self) -> socket.socket:
        require_public_name(self)
        link = super()._new_conn()
        require_public_peer(self, link)
        return link


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection


class _PublicHttpsPool(HTTPSConnectionPool):
    ConnectionCls = _PublicHttpsConnection


class _Adapter(requests.adapters.HTTPAdapter):
    """Notes whether a connection came about. What an error says of it differs between the libraries."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}


class _PublicAdapter(_Adapter):
    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"https": _PublicHttpsPool}


class _Session(requests.Session):
    """Asks the environment once for each host, since it does not change: a fifth of a request's time.

    It has no proxies and certificates of its own.
    """

    def __init__(self) -> None:
        super().__init__()
        self.auth = _keep_authorization

    def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
        """Return proxies and certificates as the environment names them for this host."""
        if proxies:
            return super().merge_environment_settings(url, proxies, stream, verify, cert)
        parts = urlsplit(url)
        return _settings_for(parts.scheme, parts.netloc, stream, verify, cert).copy()


@lru_cache(maxsize=HOSTS_KEPT)
def _settings_for(scheme: str, netloc: str, *options: Any) -> dict[str, Any]:
    """Return what the environment names for a host, in every session of this process."""
    settings: Any = requests.Session().merge_environment_settings(f"{scheme}://{netloc}", {}, *options)
    return dict(settings)


def _keep_authorization(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Leave a request as it is. Without it, Requests writes what a .netrc says over our own header."""
    return request


def new_public_session() -> requests.Session:
    """Return a session for addresses that an answer has told: HTTPS, and nothing in a private network."""
    session = _Session()
    session.headers["User-Agent"] = USER_AGENT
    session.adapters.clear()
    session.mount("https://", _PublicAdapter())
    return session


def new_session(pool: int = 8) -> requests.Session:
    """Return a session that keeps `pool` connections alive and follows no proxy settings for loopback."""
    session = _Session()
    session.headers["User-Agent"] = USER_AGENT
    adapter = _Adapter(pool_connections=pool, pool_maxsize=pool)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def send(
    service: str, method: str, call: Callable[[], requests.Response], *, deadline: float
) -> requests.Response:
    """Make one request, opened with `stream=True`; every failure of the transport becomes a ClientError.

    Unreachable where nothing was sent; a Transient that may have run after anything else; and
    OperatorActionRequired where the other side's certificate is not trusted. `deadline` bounds a
    dripping answer, in seconds.
    """
    started = time.monotonic()
    _attempt.has_failed = False
    try:
        response = call()
        response._content = _read_body(response, started + deadline)  # noqa: SLF001 - read by hand to bound its time
    except (requests.exceptions.RequestException, HTTPError, OSError) as error:
        raise _transport_error(service, method, error) from None
    return response


def _read_body(response: requests.Response, until: float) -> bytes:
    """Read what comes as it comes: a whole block of a dripping answer might never be full.

    Raises ReadTimeout beyond `until`, and ConnectionError for an answer that is cut off or has no end.
    """
    body = bytearray()
    with response:
        while piece := response.raw.read1(BLOCK, decode_content=True):
            body += piece
            if time.monotonic() > until:
                raise requests.exceptions.ReadTimeout("the answer took too long")
            if len(body) > LARGEST_ANSWER:
                raise requests.exceptions.ConnectionError("the answer has no end")
    if response.raw.length_remaining:
        raise requests.exceptions.ConnectionError("the answer was cut off")
    return bytes(body)


def _transport_error(service: str, method: str, error: Exception) -> ClientError:
    """Return our error for a failure of the transport."""
    cause = _cause(error)
    if operator_error := _operator_error(service, method, error, cause):
        return operator_error
    if any(words in str(cause) for words in HANDSHAKE_WORDS):
        return Unreachable(service, f"{service}.tls", "no encrypted connection", method=method)
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return Unreachable(service, f"{service}.network", "no connection in time", method=method)
    if isinstance(cause, NewConnectionError) or _attempt.has_failed:
        return Unreachable(service, f"{service}.network", "no connection", method=method)
    if isinstance(error, requests.exceptions.Timeout | ReadTimeoutError) or isinstance(cause, TimeoutError):
        return Transient(service, f"{service}.timeout", "no answer in time", method=method, may_have_run=True)
    # Also a TLS connection that breaks while the answer comes: that is no fault of trust.
    return Transient(service, f"{service}.network", "the connection broke", method=method, may_have_run=True)


def _operator_error(
    service: str, method: str, error: Exception, cause: object
) -> OperatorActionRequired | None:
    """Return our error where only the operator can fix it."""
    host = _host(error)
    if isinstance(cause, PrivateAddress):
        code, text = "upload_host", f"an answer led to {host}, which is in a private network"
    elif any(words in str(cause) for words in TRUST_WORDS):
        code = "tls_untrusted"
        text = f"the certificate of {host or 'the other side'} is not trusted: {_reason(cause)}"
    else:
        return None
    return OperatorActionRequired(service, f"{service}.{code}", text, method=method, host=host)


def _host(error: Exception) -> str:
    """Return the host that was asked, where the error knows it."""
    url = getattr(getattr(error, "request", None), "url", None)
    return urlsplit(url).hostname or "" if url else ""


def _reason(cause: object) -> str:
    """Return what OpenSSL says, without our own object's address and OpenSSL's own file and line."""
    inner = getattr(cause, "args", (cause,))
    detail = inner[0] if inner and isinstance(inner[0], Exception) else cause
    return str(getattr(detail, "verify_message", None) or detail)[:200]


def _cause(error: Exception) -> object:
    """Return what is inside requests' and urllib3's wrappings."""
    inner = error.args[0] if error.args else None
    reason = getattr(inner, "reason", None)
    return reason or (inner if isinstance(inner, Exception) else error)


def read_decimal(text: str) -> Decimal:
    """Return a number of JSON; one beyond all bounds is infinite, as Python's own floats are."""
    value = Decimal(text)
    if value and value.adjusted() > MOST_DIGITS:
        return Decimal("Infinity").copy_sign(value)
    return value


_decode = msgspec.json.Decoder(float_hook=read_decimal).decode


def parse_json(response: requests.Response) -> Any:
    """Return the body with numbers as int and Decimal. Raises ValueError for anything but JSON."""
    return loads(response.content)


def loads(body: bytes) -> Any:
    """Return JSON's value with numbers as int and Decimal. Raises ValueError for anything else."""
    try:
        return _decode(body)
    except (msgspec.MsgspecError, ValueError, ArithmeticError):
        # Python's own parser takes more, such as a byte order mark and NaN.
        pass
    except RecursionError:
        raise ValueError("nested too deeply") from None
    try:
        return json.loads(body.decode("utf-8-sig"), parse_float=read_decimal)
    except (RecursionError, ArithmeticError):
        raise ValueError("nested too deeply, or a number beyond all bounds") from None


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
