"""Memory goes back to the system where the C library can be told to."""

import ctypes
import platform
import resource
from pathlib import Path

import pytest

from evosync.common import memory

BLOCKS, BYTES = 1_000, 100_000


def megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be told")
def test_what_was_freed_below_something_in_use_goes_back() -> None:
    blocks = [bytearray(b"x" * BYTES) for _ in range(BLOCKS)]
    in_use = bytearray(b"x" * BYTES)
    blocks.clear()
    before = megabytes()
    memory.give_back()
    held_back = before - megabytes()
    assert in_use
    assert held_back > BLOCKS * BYTES / 1e6 / 2


@pytest.mark.parametrize("library", [object(), None], ids=["knows no such call", "is not found"])
def test_another_library_decides_for_itself(monkeypatch: pytest.MonkeyPatch, library: object) -> None:
    def load(_name: str | None) -> object:
        if library is None:
            raise OSError("no such library")
        return library

    monkeypatch.setattr(ctypes, "CDLL", load)
    memory.give_back()
