"""A whole installation to measure against, with the sandbox outside and one merchant inside.

Where MariaDB and Redis are installed it is compose.yaml's own web and worker commands on fresh servers;
elsewhere it is the embedded site: server and worker in one process on SQLite.
"""

import contextlib
import os
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet

from sandbox import Sandbox
from sandbox.evotor.webhooks import Webhooks
from tests.deploy.roles import ROOT, Role
from tests.servers import NotInstalled, both, find_program, free_port

EMAIL = "bench@example.com"
PATIENCE_SECONDS = 90.0
CODE = (
    "from accounts.models import User; from django.utils import timezone; "
    "from connections.evotor.account_linking import issue_link_code; "
    f"print(issue_link_code(User.objects.get(email='{EMAIL}'), now=timezone.now()))"
)
SWITCH_ON = (
    "from accounts.models import User; from syncing.services.settings import set_enabled; "
    f"set_enabled(User.objects.get(email='{EMAIL}'), enabled=True)"
)


class NotReady(Exception):
    """The installation did not start, or an expected effect did not come in time."""


def variables_of_roles(box: Sandbox, folder: Path, addresses: dict[str, str]) -> dict[str, str]:
    """Return what roles of compose.yaml need that speak with these stand-ins and keep their files here."""
    return (
        _variables_beside(box, folder)
        | addresses
        | {
            "MARIADB_PASSWORD": "unused-here",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
            "SECURE_SSL_REDIRECT": "0",
            "DJANGO_SETTINGS_MODULE": "evosync.settings",
            "STATIC_ROOT": str(folder / "static"),
        }
    )


def _variables_beside(box: Sandbox, folder: Path) -> dict[str, str]:
    return {
        "ENV_FILE": os.devnull,
        "MEDIA_ROOT": str(folder / "media"),
        "EMAIL_URL": "dummymail://",
        "EVOTOR_API_URL": box.evotor_url,
        "EVOTOR_OAUTH_URL": box.evotor_url,
        "VK_API_URL": box.vk_url,
        "VK_ID_URL": box.vk_id_url,
    }


@dataclass(slots=True)
class Installation:
    """A running installation. `kind` says in words what it is made of."""

    box: Sandbox
    kind: str
    url: str
    app_token: str
    environment: dict[str, str] = field(repr=False)

    def manage(self, *words: str, typed: str = "", **more: str) -> str:
        """Run a command of manage.py in this installation and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment | more,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise NotReady(f"{words[0]}: {done.stdout[-500:]}{done.stderr[-1500:]}")
        return done.stdout

    def webhooks(self) -> Webhooks:
        """Return Evotor's calling half, aimed at this installation."""
        return self.box.webhooks(f"{self.url}/evotor", app_token=self.app_token)

    def welcome(self) -> str:
        """Sign a merchant up the official way; return the token that we gave Evotor for them."""
        self.manage("create_merchant", EMAIL, typed="a long passphrase\n")
        self.manage("connect_vk", EMAIL, "--group", str(self.box.group_id), VK_TOKEN=self.box.vk_token)
        code = self.manage("shell", "-v0", "-c", CODE).strip().splitlines()[-1]
        calls = self.webhooks()
        answer = calls.send(calls.user_verify(linkCode=code))
        if answer.status != 200:  # noqa: PLR2004 - Evotor takes nothing else for a success
            raise NotReady(f"user/verify: {answer.status} {answer.body[:200]!r}")
        calls.send(calls.user_token())
        self.manage("shell", "-v0", "-c", SWITCH_ON)
        return str(answer.json()["token"])


def wait_until(condition: Callable[[], object], what: str) -> None:
    """Return once the condition holds; raise NotReady where it takes too long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise NotReady(what)
        time.sleep(0.02)


@contextlib.contextmanager
def installation() -> Iterator[Installation]:
    """Start an installation on the servers that this machine has, and stop it after the block."""
    with Sandbox(vk_rate=0) as box, tempfile.TemporaryDirectory(prefix="evosync-bench-") as folder:
        try:
            for program in ("mariadbd", "redis-server"):
                find_program(program)
        except NotInstalled:
            with _embedded(box, Path(folder)) as found:
                yield found
        else:
            with both() as addresses, _roles(box, Path(folder), addresses) as found:
                yield found


def _variables_of_site() -> dict[str, str]:
    port = str(free_port())
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "PORT": port,
        "SITE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1",
        "EVOTOR_WEBHOOK_TOKEN": secrets.token_urlsafe(32),
    }


@contextlib.contextmanager
def _roles(box: Sandbox, folder: Path, addresses: dict[str, str]) -> Iterator[Installation]:
    variables = variables_of_roles(box, folder, addresses) | _variables_of_site()
    migrate = Role("migrate", variables, folder / "migrate.log")
    if migrate.run():
        raise NotReady(migrate.log_end())
    with Role("web", variables, folder / "web.log") as web, Role("worker", variables, folder / "worker.log"):
        _wait_for_answer(f"http://127.0.0.1:{variables['PORT']}", web.log_end)
        yield _installation(
            box, "gunicorn and a worker as in compose.yaml, MariaDB and Redis", web.environment
        )


@contextlib.contextmanager
def _embedded(box: Sandbox, folder: Path) -> Iterator[Installation]:
    variables = _variables_beside(box, folder) | _variables_of_site()
    variables |= {
        "DEBUG": "1",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "REDIS_URL": "",
        "DJANGO_SETTINGS_MODULE": "evosync.settings",
    }
    made = _installation(box, "the embedded site: one process on SQLite", variables)
    made.manage("migrate", "--verbosity", "0")
    log = folder / "site.log"
    with log.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "runserver", f"127.0.0.1:{variables['PORT']}", "--noreload"],
            cwd=ROOT,
            env=variables,
            stdout=file,
            stderr=file,
        )
    try:
        _wait_for_answer(made.url, lambda: log.read_text(errors="replace")[-2000:])
        yield made
    finally:
        process.kill()
        process.wait()


def _installation(box: Sandbox, kind: str, environment: dict[str, str]) -> Installation:
    return Installation(box, kind, environment["SITE_URL"], environment["EVOTOR_WEBHOOK_TOKEN"], environment)


def _wait_for_answer(url: str, log_end: Callable[[], str]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{url}/healthz", timeout=5).close()  # noqa: S310 - our own loopback
            return
        time.sleep(0.1)
    raise NotReady(log_end())
