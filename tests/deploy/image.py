"""Tries a built image: `.ci/image` runs it beside a fresh MariaDB and Redis, with buildah's own options.

Each role's command of compose.yaml runs inside the image, as the image's user, until its health check
inside the image passes.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.request

from cryptography.fernet import Fernet

from tests.deploy.roles import interpolate, read_compose
from tests.servers import free_port

ROLES = ("web", "worker", "bulk", "scheduler")
READY_SECONDS = 120.0
# What a build may add to its base, in MB: twice this is a compiler that stayed, or somebody's data.
MOST_ADDED = 320
ABSENT = ("sandbox", "tests", ".env", ".git", "var")


class Image:
    """A container of the image, which buildah made."""

    def __init__(self, container: str, options: list[str]) -> None:
        self._buildah = ["buildah", *options]
        self._container = container
        self._variables = {
            "DATABASE_URL": os.environ["DATABASE_URL"],
            "REDIS_URL": os.environ["REDIS_URL"],
            "MARIADB_PASSWORD": "unused-here",
            "MARIADB_WEB_PASSWORD": "unused-here",
            "MARIADB_WORKER_PASSWORD": "unused-here",
            "REDIS_PASSWORD": "unused-here",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
            "ALLOWED_HOSTS": "shop.example",
            "SITE_URL": "https://shop.example",
            "EMAIL_URL": "dummymail://",
            "PORT": str(free_port()),
            "WEB_WORKERS": "1",
            "WORKER_PROCESSES": "1",
        }

    @property
    def port(self) -> int:
        """The port that the web role listens on."""
        return int(self._variables["PORT"])

    def words(self, *command: str) -> list[str]:
        """Return the command line that runs a command inside the image, with what stands in for `.env`."""
        given = [f"{name}={value}" for name, value in self._variables.items()]
        return [*self._buildah, "run", self._container, "--", "env", *given, *command]

    def output(self, *command: str) -> str:
        """Run a command inside the image and return what it says; fail where it fails."""
        done = subprocess.run(self.words(*command), capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout.strip()

    def succeeds(self, *command: str) -> bool:
        """Return True if a command inside the image ends with 0."""
        return subprocess.run(self.words(*command), capture_output=True, check=False).returncode == 0

    def role(self, name: str) -> tuple[list[str], list[str]]:
        """Return the command and the health check of a role in compose.yaml."""
        service = read_compose()["services"][name]
        command = [interpolate(word, self._variables) for word in service["command"]]
        return command, list(service.get("healthcheck", {}).get("test", []))[1:]


def say(text: str) -> None:
    """Tell the operator."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def check_contents(image: Image, config: dict[str, object], size: int, base_size: int) -> None:
    """Fail where the image runs as root, is big, or holds what no image should."""
    user = image.output("id", "-u")
    assert (config["User"], user) == ("evosync", "10001"), user
    assert config["Healthcheck"], "no health check"
    for name in ABSENT:
        assert not image.succeeds("test", "-e", f"/srv/evosync/{name}"), f"{name} is in the image"
    assert not image.succeeds("sh", "-c", "command -v gcc"), "the compiler is in the image"
    assert not image.succeeds("touch", "/srv/evosync/evosync/new.py"), "the code can be changed"
    assert image.succeeds("touch", "/media/new"), "no picture can be kept"
    added = (size - base_size) // 1_000_000
    assert added <= MOST_ADDED, f"{added} MB"
    say(f"user {user}; {size // 1_000_000} MB, of which {added} are ours; no compiler, no sandbox, no data")


def check_role(image: Image, name: str) -> None:
    """Start a role inside the image, wait for its health check there, and end it."""
    command, probe = image.role(name)
    process = subprocess.Popen(
        image.words(*command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    started = time.monotonic()
    try:
        while not image.succeeds(*probe):
            assert process.poll() is None, f"{name} has ended"
            assert time.monotonic() - started < READY_SECONDS, f"{name} is not healthy"
            time.sleep(0.5)
        say(f"{name}: healthy after {time.monotonic() - started:.0f} s: {' '.join(command)}")
        if name == "web":
            check_page(image.port)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def check_page(port: int) -> None:
    """Fail where the login page does not come with its style sheet."""
    headers = {"Host": "shop.example", "X-Forwarded-Proto": "https"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/accounts/login/", headers=headers)
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - our own loopback
        page = answer.read().decode()
    assert "<form" in page
    style = page.split('.css"')[0].rpartition('href="')[2] + ".css"
    request = urllib.request.Request(f"http://127.0.0.1:{port}{style}", headers=headers)
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - our own loopback
        assert answer.headers["Cache-Control"].endswith("immutable"), style
    say(f"the login page and {style} come from the image")


def main() -> None:
    """Try the image that the arguments name: the container, then buildah's own options."""
    container, *options = sys.argv[1:]
    image = Image(container, options)
    inspected = json.loads(subprocess.check_output(["buildah", *options, "inspect", container]))
    sizes = json.loads(subprocess.check_output(["buildah", *options, "images", "--json"]))
    by_name = {row["names"][0].split("/")[-1].split(":")[0]: row["size"] for row in sizes if row.get("names")}
    size, base = (_bytes(by_name[name]) for name in ("evosync", "evosync-base"))
    check_contents(image, inspected["Docker"]["config"], size, base)
    say(image.output(*image.role("migrate")[0], "--verbosity=0") or "migrate: done")
    image.output("python", "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    say("check --deploy: no warning")
    for name in ROLES:
        check_role(image, name)
    say("the image works")


def _bytes(text: str) -> int:
    number, unit = text.split()
    return int(float(number) * {"KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000}[unit])


if __name__ == "__main__":
    main()
