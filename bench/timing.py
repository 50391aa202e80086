"""How long each section of `make bench` takes: seconds that pass, and those of a processor."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """What one section took. `processor` counts its children too, when they have ended.

    A section that is `inner` is a part of another one, and counts there already.
    """

    name: str
    seconds: float
    processor: float
    inner: bool = False


@contextmanager
def timed(name: str, into: list[Section], *, inner: bool = False) -> Iterator[None]:
    """Add what the block takes to a list, before the inner sections that it has added itself."""
    started, used, place = time.monotonic(), _processor(), len(into)
    yield
    into.insert(place, Section(name, time.monotonic() - started, _processor() - used, inner))


def lines(sections: Sequence[Section]) -> list[str]:
    """Return a line for each section, and one for all."""
    outer = [one for one in sections if not one.inner]
    whole = Section("all", sum(one.seconds for one in outer), sum(one.processor for one in outer))
    return ["Seconds, and seconds of a processor:"] + [
        f"{one.seconds:7.1f} {one.processor:7.1f}  {'  ' if one.inner else ''}{one.name}"
        for one in (*sections, whole)
    ]


def _processor() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
