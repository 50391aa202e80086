"""Keeps Python's collector of circular garbage from reading a plan in the making over and over."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Collect no circular garbage in this block, which makes many objects that stay and no circles.

    In a block within another one, or beside it in another thread, the first to pause it lets it go on.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
