"""Bodies without end, and senders and readers that never finish."""

import contextlib
import socket
import time
from collections.abc import Iterable, Iterator

from tests.attacks.outcome import Outcome
from tests.attacks.pictures import watched
from tests.attacks.town import APP_TOKEN, Town
from tests.attacks.visitors import new_address
from tests.deploy.proxy import HOST

HUGE = 600_000_000
SLOW_BODIES, SLOW_HEADERS, SLOW_READERS = 24, 8, 24
HELD_SECONDS = 6.0
PATHS = (
    "/accounts/login/",
    "/accounts/signup/",
    "/catalogue/photos/",
    "/evotor/user/token",
    "/no-such-page/",
    "/admin/",
)
WRONG = (
    "Content-Length: -1",
    "Content-Length: 1\r\nContent-Length: 2",
    "Content-Length: 9" + "9" * 40,
    "Content-Length: 4\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding: gzip, chunked",
)


def run(town: Town) -> Iterable[Outcome]:
    """Send too much, then too slowly."""
    yield endless(town)
    yield slow(town)


def links(town: Town, beginning: str, count: int) -> Iterator[socket.socket]:
    """Open connections from as many addresses, which say this much and then nothing."""
    context = town.net.proxy.trusting()
    for _ in range(count):
        raw = socket.create_connection(
            ("127.0.0.1", town.net.proxy.port), timeout=30, source_address=(new_address(), 0)
        )
        link = context.wrap_socket(raw, server_hostname="127.0.0.1")
        link.sendall(beginning.encode())
        yield link


def head(path: str, *lines: str) -> str:
    """Return the head of a POST that a stranger sends."""
    common = (
        f"POST {path} HTTP/1.1",
        f"Host: {HOST}",
        f"Authorization: Bearer {APP_TOKEN}",
        "Content-Type: application/x-www-form-urlencoded",
    )
    return "\r\n".join([*common, *lines, "", ""])


def endless(town: Town) -> Outcome:
    """Announce 600 MB, or nothing, and send as long as somebody reads."""
    outcome = Outcome("bodies without end")
    for path in PATHS:
        for announced in (f"Content-Length: {HUGE}", "Transfer-Encoding: chunked"):
            for link in links(town, head(path, announced), 1):
                taken, answer = _pour(link, chunked="chunked" in announced)
                outcome.expect(
                    answer.startswith(b"HTTP/1.1 413") and taken < 60_000_000,
                    f"{announced} to {path}: {taken / 1e6:.0f} MB taken, {answer[:40]!r}",
                )
        for wrong in WRONG:
            for link in links(town, head(path, wrong), 1):
                answer = _answer(link)
                refused = answer[9:12] in {b"400", b"413", b"501"}
                outcome.expect(refused, f"{wrong!r} to {path}: {answer[:40]!r}")
    folder = town.net.proxy.folder
    spooled = [file for place in ("bodies", "answers") for file in (folder / place).rglob("*")]
    spooled = [file for file in spooled if file.is_file()]
    outcome.expect(not spooled, f"{len(spooled)} files are left on the disk")
    return outcome


def slow(town: Town) -> Outcome:
    """Hold bodies, headers and readings open, and look whether others are served meanwhile."""
    outcome = Outcome("slow senders and readers")

    def attack() -> None:
        with contextlib.ExitStack() as stack:
            kinds = (
                (head("/accounts/login/", "Content-Length: 400000") + "x", SLOW_BODIES),
                ("GET / HTTP/1.1\r\nX-Slow: ", SLOW_HEADERS),
                (f"GET /accounts/login/ HTTP/1.1\r\nHost: {HOST}\r\n\r\n", SLOW_READERS),
            )
            for beginning, count in kinds:
                for link in links(town, beginning, count):
                    stack.enter_context(link)
                    outcome.sent += 1
            ends = time.monotonic() + HELD_SECONDS
            while time.monotonic() < ends:
                started = time.monotonic()
                answer = town.net.send("GET", "/accounts/login/")
                seconds = time.monotonic() - started
                outcome.expect(answer.status == 200 and seconds < 5, f"the login took {seconds:.1f} s")
                time.sleep(0.2)

    watch = watched(town, outcome, attack)
    outcome.note = (
        f"{SLOW_BODIES} bodies, {SLOW_HEADERS} headers, {SLOW_READERS} readers; "
        f"/healthz {watch.longest:.2f} s at most"
    )
    return outcome


def _pour(link: socket.socket, *, chunked: bool) -> tuple[int, bytes]:
    """Send until nobody takes it; return how many bytes were taken, and the answer."""
    piece = b" " * 65_536
    if chunked:
        piece = b"10000\r\n" + piece + b"\r\n"
    taken = 0
    link.settimeout(5)
    with contextlib.suppress(OSError):
        while taken < HUGE:
            link.sendall(piece)
            taken += len(piece)
            link.setblocking(False)
            with contextlib.suppress(BlockingIOError, OSError):
                if answer := link.recv(4096):
                    link.settimeout(5)
                    return taken, answer
            link.settimeout(5)
    return taken, _answer(link)


def _answer(link: socket.socket) -> bytes:
    link.settimeout(10)
    with link, contextlib.suppress(OSError):
        return link.recv(4096)
    return b""
