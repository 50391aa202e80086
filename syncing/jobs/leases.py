"""Leases: the right of one process to work on a row, written as "host:process:random"."""

import os
import socket
import uuid
from collections.abc import Callable
from pathlib import Path

LONGEST = 36


def new_lease() -> str:
    """Return a lease of this process."""
    return f"{socket.gethostname()[:12]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"[:LONGEST]


def has_ended(lease: str, is_ours: Callable[[str], bool]) -> bool:
    """Return True if the lease's owner is a process of this host that has ended, as far as can be seen.

    `is_ours` says whether a thread of this process works under a lease.
    """
    host, pid, *_rest = [*lease.split(":"), "", ""]
    if host != socket.gethostname()[:12] or not pid.isdigit():
        return False
    if int(pid) == os.getpid():
        # A thread of ours that ended without a word, or a process before us that had our number.
        return not is_ours(lease)
    return _process_has_ended(int(pid))


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
