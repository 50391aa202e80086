"""A merchant's browser and Evotor's server, as the TLS proxy in front of the web role passes them on."""

import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from sandbox.evotor.webhooks import WebhookCall

SITE = "https://shop.example"
REDIRECTS = {301, 302, 303, 307}
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Page:
    """What the visitor sees, and the address that they end at."""

    status: int
    text: str
    path: str


class Visitor:
    """One browser: it keeps cookies, follows redirects and sends forms with their token."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._cookies: dict[str, str] = {}

    def through(self, port: int) -> "Visitor":
        """Return the same browser, whose next requests another web process gets."""
        other = Visitor(port)
        other._cookies = self._cookies
        return other

    def get(self, path: str) -> Page:
        """Open a page."""
        return self._follow("GET", path, None, {})

    def post(self, path: str, fields: Mapping[str, str], *, on: str) -> Page:
        """Send a form that stands on the page `on`."""
        token = CSRF.search(self.get(on).text)
        assert token, f"no form on {on}"
        body = urlencode({"csrfmiddlewaretoken": token[1], **fields}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": SITE + on}
        return self._follow("POST", path, body, headers)

    def deliver(self, call: WebhookCall) -> Page:
        """Hand over what Evotor's server sends."""
        return self._send("POST", f"/evotor{call.path}", call.body, call.headers)[0]

    def _follow(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Page:
        page, location = self._send(method, path, body, headers)
        for _ in range(5):
            if page.status not in REDIRECTS:
                return page
            target = urlsplit(urljoin(SITE + page.path, location))
            assert target.hostname == "shop.example"
            page, location = self._send("GET", target.path, None, {})
        raise AssertionError(f"{path} leads in circles")

    def _send(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[Page, str]:
        link = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        forwarded = {"Host": "shop.example", "X-Forwarded-Proto": "https"}
        try:
            link.request(
                method, path, body, {**forwarded, **({"Cookie": cookies} if cookies else {}), **headers}
            )
            answer = link.getresponse()
            text = answer.read().decode()
            for line in answer.msg.get_all("Set-Cookie") or []:
                for name, cookie in SimpleCookie(line).items():
                    self._cookies[name] = cookie.value
            return Page(answer.status, text, path), answer.headers.get("Location", "")
        finally:
            link.close()
