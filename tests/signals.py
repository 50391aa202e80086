"""Lets a test hear a signal alone."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.dispatch import Signal


@contextmanager
def without_receivers(signal: Signal) -> Iterator[Signal]:
    """Take the application's receivers off the signal; the test may connect its own."""
    kept, signal.receivers = signal.receivers, []
    try:
        yield signal
    finally:
        signal.receivers = kept
