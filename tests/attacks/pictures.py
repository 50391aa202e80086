"""Hostile pictures, several at once, while somebody else reads the site."""

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Self

from tests.attacks.outcome import Outcome
from tests.attacks.town import Town
from tests.attacks.visitors import SITE, Answer

# Two web processes, each of which may open one picture in a child of 300 MB.
MOST_MEGABYTES = 700.0
BOUNDARY = "attack7391"
PAUSE = 0.05
# What the container's health check allows, evosync/ops/probe.py.
MOST_WAIT = 5.0


def hostile() -> dict[str, bytes]:
    """Return files that are small to send and big to open, and some that are no pictures."""
    from tests.unit.catalog.pictures import gif, jpeg_with_scans, png, png_chunk, png_of_zeros

    return {
        "an eighty-byte PNG": png(1, 79_999_999),
        "a PNG of forty million pixels": png_of_zeros(8000, 5000),
        "a PNG of a thousand million pixels": png(31_000, 31_000),
        "a PNG with twenty megabytes of text": png(
            500, 500, png_chunk(b"zTXt", b"x\0\0" + b"\0" * 20_000_000)
        ),
        "a GIF of a hundred thousand frames": gif(6000, 6000, frames=100_000),
        "a JPEG of a hundred thousand scans": jpeg_with_scans(8000, 5000, 100_000),
        "an HTML page": b"<html><script>alert(7391)</script></html>",
        "an SVG": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(7391)'/>",
        "nothing": b"",
        "half a PNG": png_of_zeros(800, 600)[:200],
        "a ZIP": b"PK\x03\x04" + b"\0" * 1000,
    }


def memory_of(pid: int) -> float:
    """Return the megabytes that a process and its children hold, each counted for itself."""
    total = 0.0
    try:
        status = Path(f"/proc/{pid}/smaps_rollup").read_text()
        total += sum(int(line.split()[1]) for line in status.splitlines() if line.startswith("Pss:")) / 1024
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        threads = [
            child
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()
        ]
    except OSError:
        return total
    return total + sum(memory_of(int(child)) for child in {*children, *threads})


class Watch:
    """Looks at the memory of the web role, and at how long others wait, until it is left."""

    def __init__(self, town: Town) -> None:
        self._town, self._over = town, threading.Event()
        self.before = self.peak = 0.0
        self.longest = 0.0
        self._threads = [threading.Thread(target=look) for look in (self._weigh, self._ask)]

    def __enter__(self) -> Self:
        self.before = self._weighed()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _weighed(self) -> float:
        process = self._town.web.process
        return memory_of(process.pid) if process else 0.0

    def _weigh(self) -> None:
        while not self._over.wait(PAUSE):
            self.peak = max(self.peak, self._weighed())

    def _ask(self) -> None:
        while not self._over.wait(PAUSE * 4):
            started = time.monotonic()
            answer = self._town.net.send("GET", "/healthz")
            waited = time.monotonic() - started
            self.longest = max(self.longest, waited if answer.status == 200 else 60.0)


def watched(town: Town, outcome: Outcome, do: Callable[[], None]) -> Watch:
    """Do this while others look whether the site still answers, within the time of its health check."""
    with Watch(town) as watch:
        do()
    outcome.expect(watch.longest <= MOST_WAIT, f"/healthz took {watch.longest:.1f} s")
    return watch


def run(town: Town) -> Iterable[Outcome]:
    """Send each picture, four at a time, to the page of shared photos."""
    outcome = Outcome("hostile pictures")
    merchant, files = town.people["merchant"], hostile()

    def send(name: str) -> tuple[str, Answer]:
        body = b"".join(
            f"--{BOUNDARY}\r\nContent-Disposition: form-data; {part}\r\n\r\n".encode() + value + b"\r\n"
            for part, value in (
                ('name="csrfmiddlewaretoken"', merchant.token.encode()),
                ('name="group"', b""),
                ('name="photo"; filename="../../door.jpg"', files[name]),
            )
        )
        body += f"--{BOUNDARY}--\r\n".encode()
        headers = {
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "Origin": SITE,
            "Referer": f"{SITE}/",
        }
        return name, merchant.send("POST", "/catalogue/photos/", headers=headers, body=body)

    def attack() -> None:
        for name, answer in town.net.together(send, [*files, *files], threads=4):
            kept = answer.status == 302 and name != "a PNG of forty million pixels"
            outcome.expect(0 < answer.status < 500 and not kept, f"{name}: {answer.status}")

    watch = watched(town, outcome, attack)
    outcome.expect(watch.peak - watch.before <= MOST_MEGABYTES, f"{watch.peak - watch.before:.0f} MB more")
    outcome.note = (
        f"{watch.before:.0f} MB before, {watch.peak:.0f} at most; /healthz {watch.longest:.2f} s at most"
    )
    yield outcome
