"""What an error says of the database: that it is away, busy or full, or that it refuses a statement."""

from enum import StrEnum

from django.db import InterfaceError, OperationalError

# MariaDB's numbers: rows of another transaction were waited for too long, or two waited for each other.
LOCKS = frozenset({1205, 1213})
# No room on the disk, or in a table.
FULL = frozenset({1021, 1114})
# It takes no connection, ends one, or is ending itself.
AWAY = frozenset({1040, 1042, 1043, 1053, 1077, 1078, 1079, 1152, 1153, 1158, 1159, 1160, 1161, 1184, 1927})
# From here on the numbers are those of the driver, which has not got an answer.
FIRST_OF_DRIVER, LAST_OF_DRIVER = 2000, 2999


class DatabaseState(StrEnum):
    """What to tell the operator of the database."""

    AWAY = "the database is away"
    BUSY = "the database is busy: another transaction holds what this one needs"
    FULL = "the database has no room left"
    REFUSES = "the database refuses what it is asked"


# What SQLite says has no number; a full disk has many of MariaDB's and one text.
TEXTS = {
    "is locked": DatabaseState.BUSY,
    "is full": DatabaseState.FULL,
    "No space left": DatabaseState.FULL,
    "unable to open": DatabaseState.AWAY,
}


def state_of_database(error: Exception) -> DatabaseState:
    """Return what an error that came from the database says of it."""
    if isinstance(error, InterfaceError):
        return DatabaseState.AWAY
    if not isinstance(error, OperationalError):
        return DatabaseState.REFUSES
    text = str(error)
    by_text = next((state for words, state in TEXTS.items() if words in text), None)
    number = error.args[0] if error.args else None
    if by_text or not isinstance(number, int):
        return by_text or DatabaseState.REFUSES
    return _state_by_number(number)


def _state_by_number(number: int) -> DatabaseState:
    if number in LOCKS:
        return DatabaseState.BUSY
    if number in FULL:
        return DatabaseState.FULL
    is_away = number in AWAY or FIRST_OF_DRIVER <= number <= LAST_OF_DRIVER
    return DatabaseState.AWAY if is_away else DatabaseState.REFUSES
