"""Opens uploaded files in child processes with bounded memory and time, and none of our secrets.

What a file takes shows only while it is unpacked, and where a decoder crashes the site goes on.
"""

import logging
import os
import subprocess
import sys
from collections.abc import Sequence

from django.conf import settings

from evosync.common.child_limits import REFUSED

logger = logging.getLogger(__name__)


class ChildRefused(Exception):
    """The child says no; `answer` is what it wrote."""

    def __init__(self, answer: bytes) -> None:
        super().__init__("the child refuses the file")
        self.answer = answer


class ChildTooCostly(Exception):
    """The child took too long, or the kernel or a decoder ended it."""


class ChildBroken(Exception):
    """The child ended with an error or without an answer."""


def module_command(module: str) -> tuple[str, ...]:
    """Return the command that runs one of our modules as a child."""
    return (sys.executable, "-E", "-s", "-m", module)


def run_child(command: Sequence[str], data: bytes, *, longest_run: float) -> bytes:
    """Return what the child writes about this file. `longest_run` is in seconds by the clock.

    Raises ChildRefused, ChildTooCostly, ChildBroken.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command,
            input=data,
            capture_output=True,
            cwd=settings.BASE_DIR,
            env=_environment(),
            timeout=longest_run,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ChildTooCostly from None
    if done.returncode == 0 and done.stdout:
        return done.stdout
    if done.returncode == REFUSED:
        raise ChildRefused(done.stdout)
    if done.returncode < 0:
        raise ChildTooCostly
    said = done.stderr[-500:].decode("utf-8", "replace")
    logger.error("the child ended with %s: %s: %s", done.returncode, " ".join(command[1:]), said)
    raise ChildBroken


def _environment() -> dict[str, str]:
    """Return what the child needs to start: where its libraries are, and none of our secrets."""
    kept = {
        name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ
    }
    return kept | {"MALLOC_ARENA_MAX": "1", "PYTHONIOENCODING": "utf-8"}
