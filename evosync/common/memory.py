"""Gives memory back to the system that the C library keeps for later."""

import ctypes
from contextlib import suppress


def give_back() -> None:
    """Return what was freed in the heaps of all threads; a library other than glibc decides for itself."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
