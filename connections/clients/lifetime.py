"""How long a token lives, as the answer that brings it says."""

from typing import Any

# Longer than any token lives: what is beyond it is no time.
LONGEST = 10 * 365 * 86400


def read_lifetime(value: Any) -> int | None:
    """Return a token's time to live in seconds, None for what is none.

    A broken one loses no token: those beside it are good, and they are given once.
    """
    try:
        seconds = 0 if isinstance(value, bool) else int(value)
    except (TypeError, ValueError, ArithmeticError):
        return None
    return seconds if 0 < seconds <= LONGEST else None
