"""A whole EvoSync of its own for the browser: server and worker in one process, as the demo runs them.

It is embedded on a SQLite file in a temporary folder, its mails are files there, and Evotor and VK
are the sandbox of the calling process. Nothing is shared with the tests' own database.
"""

import contextlib
import email
import email.policy
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Self

from connections.sandbox import Sandbox
from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 60.0


class NotStarted(Exception):
    """The site did not come up; the message holds the end of its log."""


class Site:
    """The site at `url` while the block lasts."""

    def __init__(self, box: Sandbox) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="evosync-e2e-", ignore_cleanup_errors=True)
        self.folder = Path(self._folder.name)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = self.folder / "site.log"
        self.mails = self.folder / "mails"
        self._process: subprocess.Popen[bytes] | None = None
        self.environment = {
            **os.environ,
            "ENV_FILE": os.devnull,
            "DJANGO_SETTINGS_MODULE": "evosync.settings",
            "DEBUG": "1",
            "DATABASE_URL": f"sqlite:///{self.folder / 'db.sqlite3'}",
            "REDIS_URL": "",
            "MEDIA_ROOT": str(self.folder / "media"),
            "EMAIL_URL": f"filemail:///{self.mails}",
            "SITE_URL": self.url,
            "EVOTOR_API_URL": box.evotor_url,
            "EVOTOR_OAUTH_URL": box.evotor_url,
            "VK_API_URL": box.vk_url,
            "VK_ID_URL": box.vk_id_url,
            "VK_REQUESTS_PER_SECOND": "0",
            "VK_SETTLE_SECONDS": "0",
        }

    def __enter__(self) -> Self:
        try:
            self.manage("migrate", "--verbosity", "0")
            with self.log.open("ab") as log:
                self._process = subprocess.Popen(
                    [sys.executable, "manage.py", "runserver", f"127.0.0.1:{self.port}", "--noreload"],
                    cwd=ROOT,
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                )
            self._wait()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self._end()

    def manage(self, *words: str, typed: str = "") -> str:
        """Run a command of manage.py on this site and return what it says."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise NotStarted(f"{' '.join(words)}: {done.stdout[-1000:]}{done.stderr[-2000:]}")
        return done.stdout

    def newest_link(self, *, within: float = 10.0) -> str:
        """Return the first address of this site in the newest mail, waiting `within` seconds for it."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            files = sorted(self.mails.glob("*"), key=lambda path: path.stat().st_mtime)
            if files:
                # The file backend writes a line of dashes behind each mail.
                text = files[-1].read_bytes().rsplit(b"-" * 79, 1)[0]
                message = email.message_from_bytes(text, policy=email.policy.default)
                body = message.get_body(("plain",))
                found = re.search(rf"{re.escape(self.url)}\S+", body.get_content() if body else "")
                if found:
                    return found[0]
            time.sleep(0.1)
        raise LookupError("no mail with a link has come")

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
                self._process.wait()
        self._folder.cleanup()
