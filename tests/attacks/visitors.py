"""Who attacks: visitors of the proxy, from so many addresses that no limit by visitor stops them."""

import http.client
import itertools
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import TypeVar
from urllib.parse import urlencode

from tests.deploy.proxy import HOST, Proxy

T = TypeVar("T")
R = TypeVar("R")

SITE = f"https://{HOST}"
FORM = "application/x-www-form-urlencoded"
# So many requests come from one address; the proxy lets forty through at once.
FROM_ONE_ADDRESS = 20
THREADS = 6
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Answer:
    """What came back. Status 0: the connection was closed without an answer."""

    status: int
    body: bytes
    location: str = ""
    cookies: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode(errors="replace")


def new_address() -> str:
    """Return a loopback address that nobody has sent from yet."""
    number = next(_numbers)
    return f"127.{10 + number // 62_500 % 200}.{number // 250 % 250}.{number % 250 + 1}"


class Wire:
    """A thread's connection to the proxy, opened again from another address now and then."""

    def __init__(self, proxy: Proxy, context: ssl.SSLContext) -> None:
        self._proxy, self._context = proxy, context
        self._link: http.client.HTTPSConnection | None = None
        self._left = 0

    def send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """Send one request; a connection that was closed meanwhile is opened again once."""
        for last in (False, True):
            try:
                return self._send(method, path, body, headers)
            except (OSError, http.client.HTTPException):
                self.close()
                if last:
                    return Answer(0, b"")
        raise AssertionError

    def close(self) -> None:
        """Hang up."""
        if self._link is not None:
            self._link.close()
        self._link = None

    def _send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        if self._link is None or self._left == 0:
            self.close()
            self._left = FROM_ONE_ADDRESS
            self._link = http.client.HTTPSConnection(
                "127.0.0.1",
                self._proxy.port,
                timeout=60,
                context=self._context,
                source_address=(new_address(), 0),
            )
        self._left -= 1
        started = time.monotonic()
        self._link.request(method, path, body, {"Host": HOST, **headers})
        answer = self._link.getresponse()
        text = answer.read()
        return Answer(
            answer.status,
            text,
            answer.headers.get("Location", ""),
            tuple(answer.msg.get_all("Set-Cookie") or ()),
            time.monotonic() - started,
        )


class Net:
    """Sends for everybody, from several threads at once."""

    def __init__(self, proxy: Proxy) -> None:
        self.proxy = proxy
        self._context = proxy.trusting()
        self._local = threading.local()

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send one request on this thread's connection."""
        if not hasattr(self._local, "wire"):
            self._local.wire = Wire(self.proxy, self._context)
        answer: Answer = self._local.wire.send(method, path, body, headers or {})
        return answer

    def together(self, do: Callable[[T], R], subjects: Iterable[T], threads: int = THREADS) -> list[R]:
        """Do the same to each, several at once."""
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(do, subjects))


@dataclass
class Visitor:
    """One browser: its cookies, and the token of its forms."""

    net: Net
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def send(
        self,
        method: str,
        path: str,
        fields: Mapping[str, str] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """Send a request with this browser's cookies and keep none that come back."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"Cookie": cookies} if cookies else {}
        if fields is not None:
            body = urlencode(fields).encode()
            sent["Content-Type"] = FORM
        return self.net.send(method, path, body, {**sent, **(headers or {})})

    def open(self, path: str) -> Answer:
        """Read a page, keep its cookies and its form's token."""
        answer = self.send("GET", path)
        self._keep(answer)
        if token := CSRF.search(answer.text):
            self.token = token[1]
        return answer

    def press(self, path: str, fields: Mapping[str, str] | None = None) -> Answer:
        """Send a form of ours, as the site's own page would, and keep its cookies."""
        own = {"csrfmiddlewaretoken": self.token, **(fields or {})}
        answer = self.send("POST", path, own, headers={"Origin": SITE, "Referer": f"{SITE}{path}"})
        self._keep(answer)
        return answer

    def log_in(self, email: str, password: str) -> Answer:
        """Log in; without a session afterwards it was refused."""
        self.open("/accounts/login/")
        answer = self.press("/accounts/login/", {"login": email, "password": password})
        self.open("/profile/")
        return answer

    @property
    def has_session(self) -> bool:
        """Whether there is a cookie of a session."""
        return any(name.endswith("sessionid") for name in self.cookies)

    def _keep(self, answer: Answer) -> None:
        for line in answer.cookies:
            for name, cookie in SimpleCookie(line).items():
                self.cookies[name] = cookie.value
