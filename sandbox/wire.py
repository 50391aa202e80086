"""HTTP plumbing of the stand-ins: requests, responses, broken deliveries, a threaded server.

Only the standard library is used. Connections are kept alive (HTTP/1.1), every request runs in its
connection's thread, and a response may carry a `Delivery` that says how the fault changes the answer.
"""

import json
import socket
import ssl
import struct
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.parse import parse_qsl, urlsplit

from sandbox.multipart import FilePart, parse_multipart

MAX_BODY = 64 * 1024 * 1024
DRIP_PIECES = 20
# How often an answer that is held looks whether the server stops.
HELD_SECONDS = 0.1


@dataclass(slots=True)
class Delivery:
    """How an answer travels: late, drop by drop, cut short or not at all. Times are in seconds."""

    delay: float = 0.0
    held_until: threading.Event | None = None
    drip: float = 0.0
    cut: bool = False
    reset: bool = False


@dataclass(slots=True)
class Request:
    """One HTTP request. `query` keeps the last value of a repeated name; header names are lower case."""

    verb: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""
    files: list[FilePart] = field(default_factory=list)

    def form(self) -> dict[str, str]:
        """Return query and body fields together; the body wins. Files of a multipart body go to `files`."""
        kind = self.headers.get("content-type", "")
        fields = dict(self.query)
        if kind.startswith("multipart/form-data"):
            texts, self.files = parse_multipart(self.body, kind)
            fields.update(texts)
        elif self.body:
            fields.update(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))
        return fields

    def json(self) -> Any:
        """Return the body as JSON. Raises ValueError where it is none."""
        return json.loads(self.body or b"{}")


@dataclass(slots=True)
class Response:
    """One HTTP answer with the way it is delivered."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    delivery: Delivery = field(default_factory=Delivery)

    @classmethod
    def of_json(cls, value: object, status: int = 200, **headers: str) -> "Response":
        """Return a JSON answer in raw UTF-8; `_` in a header's keyword stands for `-`."""
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return cls(status, body, headers={name.replace("_", "-"): text for name, text in headers.items()})

    @classmethod
    def of_html(cls, text: str, status: int = 200) -> "Response":
        """Return an HTML page."""
        return cls(status, text.encode(), "text/html; charset=utf-8")


class App(Protocol):
    """What a stand-in's port serves."""

    def handle(self, request: Request) -> Response:
        """Answer one request."""


class Handler(BaseHTTPRequestHandler):
    """Reads a request, asks the server's app, delivers the answer."""

    protocol_version = "HTTP/1.1"
    # One write a response: without it small answers wait for the delayed acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: "Server"

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY:
            self._send(Response.of_html("<h1>413 Request Entity Too Large</h1>", 413))
            self.close_connection = True
            return
        split = urlsplit(self.path)
        request = Request(
            verb=self.command,
            path=split.path,
            query=dict(parse_qsl(split.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length) if length else b"",
        )
        self.server.served += 1
        self._send(self.server.app.handle(request))

    # The names are those that the standard library looks for.
    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _serve  # noqa: N815

    def _send(self, response: Response) -> None:
        delivery = response.delivery
        if delivery.delay:
            self.server.stopping.wait(delivery.delay)
        while delivery.held_until and not delivery.held_until.wait(HELD_SECONDS):
            if self.server.stopping.is_set():
                break
        if delivery.reset:
            self.close_connection = True
            self.server.resets.add(self.connection)
            return
        self.send_response(response.status)
        if response.status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(response.body)))
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()
        body = b"" if self.command == "HEAD" else response.body
        if delivery.cut:
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
        elif delivery.drip:
            self._drip(body, delivery.drip)
        else:
            self.wfile.write(body)

    def _drip(self, body: bytes, seconds: float) -> None:
        step = max(1, len(body) // DRIP_PIECES)
        for start in range(0, len(body), step):
            self.wfile.write(body[start : start + step])
            self.wfile.flush()
            self.server.stopping.wait(seconds / DRIP_PIECES)

    def version_string(self) -> str:
        """Name the server without its versions."""
        return "sandbox"

    def log_message(self, *_arguments: object) -> None:
        """Stay silent: tests and the demo read the call log instead."""


class Server(ThreadingHTTPServer):
    """A threaded server on loopback for one app; with `tls`, behind its certificate.

    `served` counts the requests that came to this very server.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, app: App, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.app = app
        self._tls = tls
        self.served = 0
        self.stopping = threading.Event()
        self.resets: set[socket.socket] = set()
        self.open_sockets: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), Handler)
        self._thread = threading.Thread(target=self._accept, daemon=True)

    @property
    def url(self) -> str:
        """The address without a trailing slash."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.server_address[1]}"

    def start(self) -> None:
        """Begin to serve in a thread of its own."""
        self._thread.start()

    def _accept(self) -> None:
        # Unlike serve_forever this waits without polling; `stop` wakes it with a connection.
        while not self.stopping.is_set():
            self.handle_request()

    def stop(self) -> None:
        """Stop serving, wake delayed answers and drop the open connections."""
        self.stopping.set()
        socket.create_connection(("127.0.0.1", self.server_address[1])).close()
        self._thread.join(5)
        self.server_close()
        for connection in list(self.open_sockets):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def get_request(self) -> tuple[socket.socket, Any]:
        """Remember the connection, so that `stop` can end idle keep-alive threads."""
        connection, address = super().get_request()
        if self._tls:
            # The handshake comes with the first read, in the connection's own thread.
            connection = self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        self.open_sockets.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        """Close a connection; one marked for a reset is closed with RST instead of FIN."""
        self.open_sockets.discard(request)
        if request in self.resets:
            self.resets.discard(request)
            request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print a fault of the stand-in itself; clients that went away are no news."""
        error = sys.exc_info()[1]
        if not isinstance(error, (ConnectionError, TimeoutError, ssl.SSLError)):
            super().handle_error(request, client_address)


class Serving:
    """A stand-in with one server, which answers while the `with` block runs."""

    _server: Server

    @property
    def url(self) -> str:
        """Scheme and host."""
        return self._server.url

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()


def now_ms(clock: float | None = None) -> int:
    """Return a time in whole milliseconds since the epoch, those that `isoformat` writes; by default, now."""
    return round((time.time() if clock is None else clock) * 1_000_000) // 1000


def without_secrets(fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields without the token, as logs and echoes show them."""
    return {name: value for name, value in fields.items() if name not in {"access_token", "client_secret"}}
