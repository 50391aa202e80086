"""Runs commands of `manage.py` in forks of a process that has the libraries loaded already.

Most of a start is loading modules. One process loads Django, allauth and their like, before there are any
settings. It is forked for each environment that commands come with, and that fork loads the project with its
settings. A fork of this one is the command and goes the whole way of `manage.py` from there, the project's
checks included. So each command is still a process of its own, with a group of its own that can be killed;
starting it takes a tenth of the time.
"""

import atexit
import contextlib
import functools
import gc
import importlib
import json
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, NoReturn

ROOT = Path(__file__).resolve().parents[1]
# The project's modules are the fork's to load, since many read settings; but for these, which know none.
PROJECT = ("accounts", "bench", "catalog", "connections", "evosync", "sandbox", "syncing", "tests")
FREE_OF_DJANGO = ("connections.clients", "syncing.core")
MOST_BYTES = 65_536
# Of so many environments the loaded project is kept: of the site and of what runs beside it.
MOST_LOADED = 3
START_SECONDS = 120.0
# Processor seconds of all commands that have ended: they are no children of this process.
used_seconds = [0.0]


class Commands:
    """One command of `manage.py`, or several one after the other, as a process.

    With `log` all that it says goes there.
    """

    def __init__(
        self,
        *commands: Sequence[str],
        environment: Mapping[str, str],
        log: IO[bytes] | None = None,
    ) -> None:
        self.returncode: int | None = None
        # Files, which take any amount while nobody reads; communicate() closes them.
        self._out = log or tempfile.TemporaryFile()  # noqa: SIM115 - as above
        self._err = log or tempfile.TemporaryFile()  # noqa: SIM115 - same
        typed, typing = os.pipe()
        said, status = os.pipe()
        self._typing, self._status = os.fdopen(typing, "wb"), os.fdopen(said, "rb", buffering=0)
        order = json.dumps({"commands": commands, "environment": dict(environment)}).encode()
        assert len(order) < MOST_BYTES
        socket.send_fds(_forker(), [order], [typed, self._out.fileno(), self._err.fileno(), status])
        os.close(typed)
        os.close(status)
        self.pid = int(self._said(START_SECONDS))

    def poll(self) -> int | None:
        """Return the exit code; None while the command runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float) -> int:
        """Wait for the end of the command and return its exit code, or minus the signal that ended it."""
        if self.returncode is None:
            code, seconds = self._said(timeout).split()
            self.returncode = int(code)
            used_seconds[0] += float(seconds)
            self._status.close()
            self._typing.close()
        return self.returncode

    def communicate(self, typed: str = "", *, timeout: float) -> tuple[str, str]:
        """Give the command its input, wait for its end and return both outputs."""
        with contextlib.suppress(BrokenPipeError), self._typing as pipe:
            pipe.write(typed.encode())
        self.wait(timeout)
        said = []
        for file in (self._out, self._err):
            file.seek(0)
            said.append(file.read().decode())
            file.close()
        return said[0], said[1]

    def send_signal(self, number: int) -> None:
        """Send the command's process a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the command to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the command and all that it has started, as the kernel would."""
        if self.poll() is None:
            os.killpg(self.pid, signal.SIGKILL)

    def _said(self, timeout: float) -> str:
        if not select.select([self._status], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("manage.py", timeout)
        line = self._status.readline()
        assert line, "the process that is forked for commands has failed; stderr says why"
        return line.decode()


@functools.cache
def _forker() -> socket.socket:
    """Start the process that is forked; it ends when this one does."""
    ours, its = socket.socketpair()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.commands", str(its.fileno())],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        pass_fds=[its.fileno()],
    )
    its.close()

    def end() -> None:
        ours.close()
        process.wait(30)

    atexit.register(end)
    return ours


def _modules() -> list[str]:
    """Return the names of all modules that a fork with settings has loaded, in their order."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "evosync.settings",
            "ENV_FILE": os.devnull,
            "DEBUG": "1",
            "SECRET_KEY": "only-to-see-what-is-loaded-" + "0123456789" * 4,
            "FIELD_ENCRYPTION_KEYS": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
            "DATABASE_URL": "sqlite://:memory:",
        }
        import django
        from django.core import checks
        from django.core.management import get_commands, load_command_class

        django.setup()
        checks.run_checks()
        for name, app in get_commands().items():
            if app.partition(".")[0] in {*PROJECT, "django"}:
                load_command_class(app, name)
        with os.fdopen(writing, "w") as pipe:
            json.dump(list(sys.modules), pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        names: list[str] = json.load(pipe)
    os.waitpid(child, 0)
    return names


def _preload() -> None:
    for name in _modules():
        if name.partition(".")[0] in {*PROJECT, "__main__"} and not name.startswith(FREE_OF_DJANGO):
            continue
        # What asks for settings as it is loaded is loaded by the fork, which has them.
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    with contextlib.suppress(Exception):
        # The first name makes the lists of words, which every command with goods needs.
        importlib.import_module("syncing.core.restricted_goods.name_classifier").classify_name("Мырк. зюка")


def _load(environment: Mapping[str, str]) -> None:
    """Load the project with this environment; where that fails, each command is to say so itself."""
    _take(environment)
    with contextlib.suppress(Exception, SystemExit):
        import django
        from django.core import checks
        from django.db import connections

        django.setup()
        # They load the pages too.
        checks.run_checks()
        # No two processes may share one.
        connections.close_all()


def _take(environment: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evosync.settings")


def _run(order: Mapping[str, Any], files: Sequence[int]) -> None:
    """Be `manage.py`, with this environment and these files."""
    for place, file in enumerate(files):
        os.dup2(file, place)
    os.closerange(len(files), 256)
    _take(order["environment"])
    os.execvp = _go_on_as  # type: ignore[assignment]
    from django.core.management import execute_from_command_line

    for command in order["commands"]:
        sys.argv = ["manage.py", *command]
        execute_from_command_line(sys.argv)


def _go_on_as(program: str, arguments: Sequence[str]) -> NoReturn:
    """Be the program that `rundramatiq` turns into, which would load all libraries once more."""
    assert Path(program).name == "dramatiq", program
    from django.db import connections
    from dramatiq.cli import main as dramatiq

    # Nothing outlives an exec.
    connections.close_all()
    sys.argv = [program, *arguments[1:]]
    sys.exit(dramatiq())  # type: ignore[no-untyped-call]


def main() -> None:
    """Hand every order to the process that has loaded its environment, until nobody can give one any more."""
    orders = socket.socket(fileno=int(sys.argv[1]))
    _preload()
    # Forks share the memory as long as no collector of garbage writes into it.
    gc.freeze()
    loaded: dict[str, socket.socket] = {}
    while True:
        order, files, _flags, _address = socket.recv_fds(orders, MOST_BYTES, 4)
        if not order:
            return
        environment = json.dumps(json.loads(order)["environment"], sort_keys=True)
        if environment not in loaded:
            ours, its = socket.socketpair()
            if not os.fork():
                # It ends when the last copy of our end is closed.
                for end in (orders, ours, *loaded.values()):
                    end.close()
                _serve(its, json.loads(environment))
            its.close()
            loaded[environment] = ours
            if len(loaded) > MOST_LOADED:
                loaded.pop(next(iter(loaded))).close()
        socket.send_fds(loaded[environment], [order], files)
        _forget(files)


def _serve(orders: socket.socket, environment: Mapping[str, str]) -> NoReturn:
    """Load the project and fork for every order."""
    before = time.process_time()
    _load(environment)
    gc.freeze()
    # The first command counts it as its own.
    spent = time.process_time() - before
    while True:
        order, files, _flags, _address = socket.recv_fds(orders, MOST_BYTES, 4)
        if not order:
            os._exit(0)
        # A process of its own waits for the command, and is forgotten.
        if not os.fork():
            orders.close()
            _watch(json.loads(order), files, spent)
        spent = 0.0
        _forget(files)


def _forget(files: Sequence[int]) -> None:
    for file in files:
        os.close(file)
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _watch(order: Mapping[str, Any], files: Sequence[int], spent: float) -> NoReturn:
    *streams, status = files
    command = os.fork()
    if not command:
        code = 1
        try:
            # Its number is told once its group can be sent a signal.
            os.setsid()
            os.write(status, f"{os.getpid()}\n".encode())
            _run(order, streams)
            code = 0
        except SystemExit as ending:
            code = ending.code if isinstance(ending.code, int) else int(ending.code is not None)
        except BaseException:  # noqa: BLE001 - as Python does at the end of a program
            traceback.print_exc()
        finally:
            _leave(code)
    _pid, how, used = os.wait4(command, 0)
    seconds = spent + used.ru_utime + used.ru_stime
    os.write(status, f"{os.waitstatus_to_exitcode(how)} {seconds}\n".encode())
    os._exit(0)


def _leave(code: int) -> None:
    """End as an interpreter does, without the parts that belong to the process that was forked."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    atexit._run_exitfuncs()
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
