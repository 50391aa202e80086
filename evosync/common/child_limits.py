"""Bounds for a child process that opens what somebody has uploaded. No Django, no settings, no secrets."""

import contextlib

# The exit code of a child that refuses a file: why, it has written to stdout.
REFUSED = 3


def limit_resources(*, memory_bytes: int, seconds: int) -> None:
    """Let the kernel end this process where it takes more memory or processor time, or writes a file."""
    try:
        import resource  # missing on Windows
    except ImportError:
        return
    for name, limit in (
        (resource.RLIMIT_DATA, memory_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        # macOS knows fewer limits.
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(name, (limit, limit))
