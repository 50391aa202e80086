"""Leases: the right of one process to work on a row, written as "host:process:random"."""

import hashlib
import os
import socket
import uuid
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

LONGEST = 36
# What tells machines of one name apart, and containers of one machine.
BOOT = Path("/proc/sys/kernel/random/boot_id")
PROCESS_NUMBERS = Path("/proc/self/ns/pid")


def new_lease() -> str:
    """Return a lease of this process."""
    return f"{this_host()}:{os.getpid()}:{uuid.uuid4().hex[:12]}"[:LONGEST]


def this_host() -> str:
    """Return what stands for this host in a lease: one only where a process id means one process."""
    return _digest(socket.gethostname())


def has_ended(lease: str, is_ours: Callable[[str], bool]) -> bool:
    """Return True if the lease's owner is a process of this host that has ended, as far as can be seen.

    `is_ours` says whether a thread of this process works under a lease.
    """
    host, pid, *_rest = [*lease.split(":"), "", ""]
    if host != this_host() or not pid.isdigit():
        return False
    if int(pid) == os.getpid():
        # A thread of ours that ended without a word, or a process before us that had our number.
        return not is_ours(lease)
    return _process_has_ended(int(pid))


@cache
def _digest(name: str) -> str:
    """Return the digest of a host's name, its start and how its processes are numbered."""
    parts = [name]
    with suppress(OSError):
        parts.append(BOOT.read_text(encoding="ascii"))
    with suppress(OSError):
        parts.append(str(PROCESS_NUMBERS.readlink()))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _process_has_ended(pid: int) -> bool:
    """Return True if a process of this host is gone, or dead and only not yet collected by its parent."""
    try:
        os.kill(pid, 0)
        status = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except ProcessLookupError:
        return True
    except OSError:
        # Somebody else's process, or a system without /proc: take it for alive, the lease runs out.
        return False
    # The name before the state may hold blanks and brackets.
    return status.rpartition(")")[2].split()[0] in {"Z", "X"}
