"""Runs the roles of compose.yaml as processes: the file's own commands, environment and health checks."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import yaml

from tests.commands import Commands

ROOT = Path(__file__).resolve().parents[2]
STOP_SECONDS = 30.0
# A start takes three seconds, but not where other tests run beside it.
READY_SECONDS = 120.0
# Where the containers' own folders and port give way to this machine's.
OF_THIS_MACHINE = ("MEDIA_ROOT", "STATIC_ROOT", "PORT")
ADDRESSES = ("DATABASE_URL", "REDIS_URL")
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}")


def read_compose() -> dict[str, Any]:
    """Return compose.yaml as written, with merge keys applied and variables left alone."""
    document = yaml.safe_load((ROOT / "compose.yaml").read_text())
    assert isinstance(document, dict)
    return document


def interpolate(value: str, environment: Mapping[str, str]) -> str:
    """Replace `${NAME}`, `${NAME:-default}` and `${NAME:?error}` as the compose specification says."""

    def replaced(found: re.Match[str]) -> str:
        given = environment.get(found["name"], "")
        if given or found["kind"] is None:
            return given
        if found["kind"] == "?":
            raise KeyError(f"{found['name']}: {found['rest']}")
        return found["rest"]

    return VARIABLE.sub(replaced, value)


def environment_of(name: str, variables: Mapping[str, str]) -> dict[str, str]:
    """Return what a role is told: what its service names, out of `.env` where it names no value.

    The servers of `variables` stand in for `db` and `redis`; users and passwords are compose.yaml's where
    `variables` has the passwords, else those of the servers.
    """
    given = ADDRESSES if "REDIS_PASSWORD" not in variables else ()
    servers = {
        "@db:3306/": f"@{urlsplit(variables['DATABASE_URL']).netloc.partition('@')[2]}/",
        "@redis:6379/": f"@{urlsplit(variables['REDIS_URL']).netloc.partition('@')[2]}/",
    }
    told = {}
    for key, value in read_compose()["services"][name].get("environment", {}).items():
        if key in given:
            told[key] = variables[key]
        elif value is not None:
            told[key] = interpolate(value, variables)
        elif key in variables:
            told[key] = variables[key]
    for inside, here in servers.items():
        told = {key: value.replace(inside, here) for key, value in told.items()}
    return told


class Role:
    """One service of compose.yaml as a process on this machine. `variables` stands in for `.env`."""

    def __init__(self, name: str, variables: Mapping[str, str], log: Path) -> None:
        service = read_compose()["services"][name]
        self.name = name
        self.environment = _bare_environment() | environment_of(name, variables)
        self.environment |= {key: variables[key] for key in OF_THIS_MACHINE if key in variables}
        self.command = [interpolate(word, variables) for word in service["command"]]
        test = service.get("healthcheck", {}).get("test", [])
        self.probe: list[str] = test[1:]
        self.log = log
        self.cwd = ROOT
        self.process: subprocess.Popen[bytes] | Commands | None = None

    def start(self) -> Self:
        """Start the role's exact command."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._on_this_machine(self.command),
                cwd=self.cwd,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self

    def run(self) -> int:
        """Run the role's command to its end and return its exit code."""
        with self.log.open("ab") as log:
            return subprocess.run(
                self._on_this_machine(self.command),
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                check=False,
                timeout=180,
            ).returncode

    def is_healthy(self) -> bool:
        """Run the role's health check once."""
        probe = subprocess.run(
            self._on_this_machine(self.probe),
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            check=False,
            timeout=60,
        )
        return probe.returncode == 0

    def wait_until_healthy(self, seconds: float = READY_SECONDS) -> None:
        """Return once the health check passes; fail with the log's end where it does not."""
        deadline = time.monotonic() + seconds
        while not self.is_healthy():
            assert self.process is not None
            assert self.process.poll() is None, f"{self.name} has ended:\n{self.log_end()}"
            assert time.monotonic() < deadline, f"{self.name} is not healthy:\n{self.log_end()}"
            time.sleep(0.2)

    def stop(self) -> tuple[int, float]:
        """Send SIGTERM as the engine does; return the exit code and the seconds it took."""
        assert self.process is not None
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(STOP_SECONDS)
        return code, time.monotonic() - started

    def kill(self) -> None:
        """End the role and its children as a power cut would."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(STOP_SECONDS)

    def log_end(self) -> str:
        """Return the last lines that the role wrote."""
        return self.log.read_text(errors="replace")[-3000:]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.kill()

    @staticmethod
    def _on_this_machine(command: list[str]) -> list[str]:
        """Return the command with its program in this environment, as PATH leads to it in the image."""
        program = command[0]
        if program == "python":
            return [sys.executable, *command[1:]]
        found = shutil.which(program, path=str(Path(sys.executable).parent))
        assert found, f"{program} is not installed in this environment"
        return [found, *command[1:]]


class LoadedRole(Role):
    """The same service from a process that has the libraries loaded already: for tests that begin many."""

    def start(self) -> Self:
        """Start the role's command."""
        assert self.command[:2] == ["python", "manage.py"]
        with self.log.open("ab") as log:
            self.process = Commands(self.command[2:], environment=self.environment, log=log)
        return self


def _bare_environment() -> dict[str, str]:
    """Return what a container starts with: nothing of the tests' own settings."""
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "ENV_FILE": os.devnull}
