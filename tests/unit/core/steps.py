"""Counts what the reading of a text costs where seconds would tell of the machine."""

import sys
from collections.abc import Callable
from types import FrameType

# A run of the garbage collector in between calls functions, too.
SLACK = 200


def count_steps(call: Callable[[str], object], text: str) -> int:
    """Return how many functions are called while the text is read, Python's own included."""
    steps = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal steps
        steps += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        call(text)
    finally:
        sys.setprofile(None)
    return steps
