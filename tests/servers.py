"""MariaDB and Redis of our own, on free loopback ports, for tests that need or break the real ones.

`python -m tests.servers run COMMAND …` starts both, runs the command with DATABASE_URL and
REDIS_URL in its environment, stops both and returns the command's exit code. Without a command
it prints the two addresses and serves until it is interrupted. Data lives in a temporary folder;
two runs at the same time do not meet.
"""

import argparse
import atexit
import contextlib
import ctypes
import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
READY_SECONDS = 60.0
STOP_SECONDS = 30.0
PR_SET_PDEATHSIG = 1
FIRST_PORT, MOST_PORT = 20_000, 60_000
_claims = contextlib.ExitStack()
atexit.register(_claims.close)


class NotInstalled(Exception):
    """A server's program is not on this machine; the message names it."""


class NotReady(Exception):
    """A server did not come up; the message holds the end of its log."""


def find_program(*names: str) -> str:
    """Return the path of the first of these programs that is installed; else raise `NotInstalled`."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    for name in names:
        if found := shutil.which(name, path=path):
            return found
    raise NotInstalled(f"{names[0]} is not installed: run `make install-dev`")


def free_port() -> int:
    """Return a loopback port that nobody listens on, and that stays this process's as long as it lives.

    It lies below the ports that the kernel gives to connections and to those who ask for any: one of those
    may be gone before our server listens on it. A socket's name tells other processes of tests what is taken.
    """
    # Where the kernel gives all away, chance is all that is left.
    candidates = range(FIRST_PORT, _first_of_the_kernel()) or range(FIRST_PORT, MOST_PORT)
    for port in random.sample(candidates, len(candidates)):
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0evosync-tests-port-{port}")
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            claim.close()
            continue
        _claims.enter_context(claim)
        return port
    raise NotReady(f"no port from {FIRST_PORT} to {candidates.stop} is free")


def _first_of_the_kernel() -> int:
    return int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])


def _die_with_parent() -> None:
    # A test process that is killed outright must not leave its servers behind.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Server:
    """One server process with its folder. `stop` is gentle, `kill` is not; both keep the data."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix=f"evosync-{type(self).__name__.lower()}-")
        self.folder = Path(self._folder.name)
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return the address in the form that the settings read."""
        raise NotImplementedError

    def command(self) -> list[str]:
        """Return the server's command line."""
        raise NotImplementedError

    def answers(self) -> bool:
        """Return True if the server takes commands now."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Make what must exist before the first start."""

    def start(self) -> Self:
        """Start the server and return once it answers; raise `NotReady` where it does not."""
        self.prepare()
        # The signal follows the death of the starting thread, so only the main one may ask for it.
        main = threading.current_thread() is threading.main_thread()
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent if main else None,  # noqa: PLW1509 - one C call, no lock
            )
        deadline = time.monotonic() + READY_SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                tail = (self.folder / "log").read_text(errors="replace")[-2000:]
                raise NotReady(f"{type(self).__name__} does not answer on port {self.port}:\n{tail}")
            time.sleep(0.05)
        return self

    def stop(self) -> None:
        """End the server as an operator would, and wait for it."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the server as a power cut would."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop the server and start it again on the same port with the same data."""
        self.stop()
        self.start()

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._folder.cleanup()


class MariaDb(Server):
    """A MariaDB with the database and the user `evosync`, who may make test databases too.

    `statements` are carried out at every start, after these are made.
    """

    def __init__(self, statements: str = "") -> None:
        super().__init__()
        self.statements = statements
        self.data = self.folder / "data"
        # A server that starts removes the temporary tables that it finds, also those of another server.
        self.temporary = self.folder / "tmp"
        self.socket = self.folder / "sock"

    @property
    def url(self) -> str:
        """Return the address in the form that DATABASE_URL has."""
        return f"mysql://evosync:evosync@127.0.0.1:{self.port}/evosync"

    def prepare(self) -> None:
        """Make the system tables and the file of first statements."""
        if self.data.exists():
            return
        self.temporary.mkdir()
        (self.folder / "init.sql").write_text(
            "CREATE DATABASE IF NOT EXISTS evosync;\n"
            "CREATE USER IF NOT EXISTS evosync@'%' IDENTIFIED BY 'evosync';\n"
            "GRANT ALL ON *.* TO evosync@'%';\n" + self.statements
        )
        done = subprocess.run(
            [
                find_program("mariadb-install-db", "mysql_install_db"),
                "--no-defaults",
                f"--datadir={self.data}",
                f"--tmpdir={self.temporary}",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                *self._user(),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise NotReady(f"mariadb-install-db failed:\n{done.stdout}{done.stderr}")

    def command(self) -> list[str]:
        """Return the command line of a small server that loses nothing when its process is killed."""
        return [
            find_program("mariadbd", "mysqld"),
            "--no-defaults",
            f"--datadir={self.data}",
            f"--tmpdir={self.temporary}",
            f"--socket={self.socket}",
            f"--pid-file={self.folder / 'pid'}",
            f"--port={self.port}",
            "--bind-address=127.0.0.1",
            "--character-set-server=utf8mb4",
            "--collation-server=utf8mb4_unicode_ci",
            f"--init-file={self.folder / 'init.sql'}",
            "--skip-name-resolve",
            "--innodb-buffer-pool-size=64M",
            "--innodb-flush-log-at-trx-commit=2",
            "--max-connections=200",
            *self._user(),
        ]

    def answers(self) -> bool:
        """Return True if the user `evosync` can log in."""
        ping = subprocess.run(
            [
                find_program("mariadb-admin", "mysqladmin"),
                "--no-defaults",
                f"--socket={self.socket}",
                "--user=evosync",
                "--password=evosync",
                "ping",
            ],
            capture_output=True,
            check=False,
        )
        return ping.returncode == 0

    def _user(self) -> list[str]:
        return ["--user=root"] if os.geteuid() == 0 else []


class Redis(Server):
    """A Redis with a password. `durable` keeps its data in an append-only file over a kill."""

    def __init__(self, *, durable: bool = False) -> None:
        super().__init__()
        self.durable = durable
        self.password = secrets.token_hex(16)

    @property
    def url(self) -> str:
        """Return the address of database 0 in the form that REDIS_URL has."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def prepare(self) -> None:
        """Write the password where no process list shows it."""
        (self.folder / "redis.conf").write_text(f"requirepass {self.password}\n")

    def command(self) -> list[str]:
        """Return the command line."""
        return [
            find_program("redis-server"),
            str(self.folder / "redis.conf"),
            *("--port", str(self.port)),
            *("--bind", "127.0.0.1"),
            *("--dir", str(self.folder)),
            *("--save", ""),
            *("--appendonly", "yes" if self.durable else "no"),
            *("--appendfsync", "always" if self.durable else "no"),
            *("--databases", "32"),
        ]

    def answers(self) -> bool:
        """Return True if the server has loaded its data and takes commands."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as link:
                link.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\n") < 2 and (piece := link.recv(64)):
                    answer += piece
                return answer == b"+OK\r\n+PONG\r\n"
        except OSError:
            return False


@contextlib.contextmanager
def both() -> Iterator[dict[str, str]]:
    """Give the environment variables that lead to a fresh MariaDB and a fresh Redis."""
    with MariaDb() as mariadb, Redis() as redis:
        yield {"DATABASE_URL": mariadb.url, "REDIS_URL": redis.url}


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command beside fresh servers, or serve until interrupted; return the exit code."""
    parser = argparse.ArgumentParser(prog="tests.servers", description=__doc__)
    parser.add_argument("action", choices=["run"])
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with both() as addresses:
            for name, value in addresses.items():
                print(f"{name}={value}", flush=True)
            if options.command:
                return subprocess.run(options.command, env=os.environ | addresses, check=False).returncode
            signal.pause()
    except KeyboardInterrupt:
        return 130 if options.command else 0
    except (NotInstalled, NotReady) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
