"""A local HTTP server that answers from a function, for tests of the clients without the sandbox."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

# Between two bytes of a dripping answer: less than any time-out of a test's client.
DRIP_SECONDS = 0.02


@dataclass
class Request:
    """What the client sent: path, decoded query or form, raw query, headers."""

    path: str
    params: dict[str, str]
    raw_query: str
    headers: dict[str, str]


@dataclass
class Reply:
    """What to answer. `cut` promises more bytes than are sent, `drop` hangs up, `drip` sends slowly."""

    body: bytes = b"{}"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    drop: bool = False
    drip: bool = False


@contextmanager
def serve(answer: Callable[[Request], Reply]) -> Iterator[tuple[str, list[Request]]]:
    """Serve on loopback; yield the address and the growing list of requests."""
    seen: list[Request] = []

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            url = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            form = self.rfile.read(length).decode("utf-8", "replace")
            pairs = parse_qs(url.query or form, keep_blank_values=True)
            request = Request(
                url.path, {name: values[0] for name, values in pairs.items()}, url.query, dict(self.headers)
            )
            seen.append(request)
            reply = answer(request)
            if reply.drop:
                self.connection.close()
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body) + (10 if reply.cut else 0)))
            self.end_headers()
            self.close_connection = True
            if not reply.drip:
                self.wfile.write(reply.body)
                return
            with suppress(OSError):
                for byte in reply.body:
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(DRIP_SECONDS)

        do_GET = do_POST = _answer  # noqa: N815 - names of the standard library

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        server.server_close()
