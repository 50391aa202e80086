"""A whole EvoSync of its own for the browser: server and worker in one process, as the demo runs them.

It is embedded on a SQLite file in a temporary folder; Evotor, VK and the mailbox are the sandbox's, in
the calling process. Nothing is shared with the tests' own database.
"""

import contextlib
import functools
import os
import re
import sqlite3
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from sandbox import Sandbox
from sandbox.mailbox import Mailbox
from tests import migrated
from tests.commands import Commands
from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 180.0
COMMAND_SECONDS = 240.0


class NotStarted(Exception):
    """The site did not come up; the message holds the end of its log."""


@functools.cache
def empty_database() -> bytes:
    """Return a migrated SQLite file without rows of merchants; every site begins with a copy."""
    with migrated.alone():
        if not migrated.path().exists():
            _make_empty_database()
        return migrated.path().read_bytes()


def _make_empty_database() -> None:
    with tempfile.TemporaryDirectory(prefix="evosync-e2e-") as folder:
        file = Path(folder) / "db.sqlite3"
        environment = {
            **os.environ,
            "ENV_FILE": os.devnull,
            "DJANGO_SETTINGS_MODULE": "tests.e2e.settings",
            "DEBUG": "1",
            "DATABASE_URL": f"sqlite:///{file}",
            "REDIS_URL": "",
        }
        migrating = Commands(["migrate", "--verbosity", "0"], environment=environment)
        said = migrating.communicate(timeout=COMMAND_SECONDS)
        if migrating.returncode:
            raise NotStarted(f"migrate: {said}")
        with contextlib.closing(sqlite3.connect(file)) as database:
            migrated.keep(database)


class Site:
    """The site at `url` while the block lasts."""

    def __init__(self, box: Sandbox, **settings: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="evosync-e2e-", ignore_cleanup_errors=True)
        self.folder = Path(self._folder.name)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = self.folder / "site.log"
        self.mailbox = Mailbox()
        self._process: Commands | None = None
        self._kept = sqlite3.connect(":memory:")
        self.environment = {
            **os.environ,
            "ENV_FILE": os.devnull,
            "DJANGO_SETTINGS_MODULE": "tests.e2e.settings",
            "DEBUG": "1",
            "DATABASE_URL": f"sqlite:///{self.folder / 'db.sqlite3'}",
            "REDIS_URL": "",
            "MEDIA_ROOT": str(self.folder / "media"),
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mailbox.smtp_port}",
            "SITE_URL": self.url,
            "EVOTOR_API_URL": box.evotor_url,
            "EVOTOR_OAUTH_URL": box.evotor_url,
            "VK_API_URL": box.vk_url,
            "VK_ID_URL": box.vk_id_url,
            "VK_REQUESTS_PER_SECOND": "0",
            # A slow machine must not be asked "is it you?" in the middle of a walk.
            "RECENT_LOGIN_SECONDS": "86400",
            "VK_SETTLE_SECONDS": "0",
            **settings,
        }

    def __enter__(self) -> Self:
        self.mailbox.__enter__()
        try:
            (self.folder / "db.sqlite3").write_bytes(empty_database())
            with self.log.open("ab") as log:
                self._process = Commands(
                    ["runserver", f"127.0.0.1:{self.port}", "--noreload"],
                    environment=self.environment,
                    log=log,
                )
            self._wait()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self._end()

    def keep_rows(self) -> None:
        """Keep all rows as they are now, for `restore_rows`."""
        with self._database() as database:
            database.backup(self._kept)

    def restore_rows(self) -> None:
        """Bring the kept rows back while the site goes on, so that a test finds what the first one found."""
        with self._database() as database:
            self._kept.backup(database)

    def _database(self) -> contextlib.closing[sqlite3.Connection]:
        return contextlib.closing(sqlite3.connect(self.folder / "db.sqlite3", timeout=READY_SECONDS))

    def manage(self, *words: str, typed: str = "", exit_code: int = 0) -> str:
        """Run a command of manage.py on this site and return what it says."""
        return self.manage_all(words, typed=typed, exit_code=exit_code)

    def manage_all(self, *commands: Sequence[str], typed: str = "", exit_code: int = 0) -> str:
        """Run commands in one process, one after the other; `exit_code` is that of the last."""
        process = Commands(*commands, environment=self.environment)
        out, err = process.communicate(typed, timeout=COMMAND_SECONDS)
        if process.returncode != exit_code:
            raise NotStarted(f"{commands}: {out[-1000:]}{err[-2000:]}")
        return out

    def newest_link(self, *, within: float = 120.0) -> str:
        """Return the first address of this site in the newest email, waiting `within` seconds for it."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            text = self.mailbox.mails[-1].text if self.mailbox.mails else ""
            if found := re.search(rf"{re.escape(self.url)}\S+", text):
                return found[0]
            time.sleep(0.1)
        raise LookupError("no email with a link has come")

    def _wait(self) -> None:
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            with contextlib.suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(f"{self.url}/accounts/login/", timeout=5).close()  # noqa: S310 - our own loopback
                return
            if self._process and self._process.poll() is not None:
                break
            time.sleep(0.1)
        raise NotStarted(self.log.read_text()[-3000:])

    def _end(self) -> None:
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(10)
        self._kept.close()
        self.mailbox.__exit__()
        self._folder.cleanup()
