"""Splits long sequences for calls and queries that take a bounded number of things."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def chunks(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield lists of at most `size` things, in order."""
    iterator = iter(things)
    while chunk := list(islice(iterator, size)):
        yield chunk
