"""One demo a folder: a second start must not erase the first one's database.

The system releases the lock when the process ends, however it ends, so a killed demo blocks nobody.
What stands in the file tells other processes where the running demo can be reached.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

NAME: Final = "lock"


@dataclass(frozen=True, slots=True)
class Running:
    """Where a running demo can be reached. `product_id` is a product of its till, `title` its name in VK."""

    pid: int
    site: str = ""
    evotor: str = ""
    vk: str = ""
    product_id: str = ""
    title: str = ""


class AlreadyRunning(Exception):
    """Another process runs the demo in this folder."""

    def __init__(self, running: Running) -> None:
        self.running = running
        super().__init__(f"The demo runs in this folder already, as process {running.pid}.")


class DemoLock:
    """The lock of a folder while this process holds it."""

    def __init__(self, file: int) -> None:
        self._file = file

    def write(self, running: Running) -> None:
        """Tell other processes where this demo can be reached."""
        text = json.dumps(asdict(running), ensure_ascii=False).encode()
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, text, 0)


def demo_folder() -> Path:
    """Return where the demo keeps its database, pictures and lock: DEMO_DIR, or var/demo."""
    return Path(os.environ.get("DEMO_DIR") or settings.VAR_DIR / "demo").absolute()


@contextmanager
def lock_folder(folder: Path) -> Iterator[DemoLock]:
    """Hold the folder for this process. Raises AlreadyRunning."""
    folder.mkdir(parents=True, exist_ok=True)
    file = os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(_read(file)) from None
        lock = DemoLock(file)
        lock.write(Running(os.getpid()))
        yield lock
    finally:
        os.close(file)


def find_running(folder: Path) -> Running | None:
    """Return the demo that runs in this folder now, or None."""
    try:
        file = os.open(folder / NAME, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read(file)
    finally:
        os.close(file)
    return None


def _read(file: int) -> Running:
    text = os.pread(file, 64 * 1024, 0)
    # A demo that has just taken the lock may not have written yet.
    return Running(**json.loads(text)) if text else Running(pid=0)
