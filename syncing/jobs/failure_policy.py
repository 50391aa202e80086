"""What an error that ends a slice means for the job and for the connection. Nothing is done here."""

from dataclasses import dataclass
from datetime import timedelta

from connections.clients.errors import (
    AuthRevoked,
    ClientError,
    OperatorActionRequired,
    RateLimited,
    Suspended,
    Transient,
)

RETRY_AFTER = timedelta(seconds=60)
SLOW_DOWN = timedelta(minutes=2)
# How often a run looks whether the operator has fixed what is in the way.
OPERATOR_RETRY = timedelta(minutes=5)
MAX_ATTEMPTS_WITHOUT_PROGRESS = 4


@dataclass(frozen=True, slots=True)
class Reaction:
    """What follows an error: where `retry_after` is None the job ends, else it is released for so long."""

    retry_after: timedelta | None = None
    pauses_connection_for: timedelta | None = None
    takes_connection_offline: bool = False


def is_hopeless(*, attempts: int, progressed: bool) -> bool:
    """Return True if several tries in a row, this one included, got nothing done."""
    return not progressed and attempts >= MAX_ATTEMPTS_WITHOUT_PROGRESS


def react(error: ClientError, *, may_retry: bool, by_command: bool) -> Reaction:
    """Return the reaction to an error of a whole connection.

    A command does not retry: the operator sees the error and decides. `may_retry` is False after
    several tries without progress.
    """
    can_retry = may_retry and not by_command
    match error:
        case Suspended():
            pause = timedelta(seconds=error.pause_seconds)
            return Reaction(pause if can_retry else None, pauses_connection_for=pause)
        case AuthRevoked():
            return Reaction(takes_connection_offline=True)
        case RateLimited() if not by_command:
            # Nothing was carried out and nothing is wrong: the run goes on however often it takes.
            return Reaction(SLOW_DOWN)
        case OperatorActionRequired() if not by_command:
            # No merchant can help it, so their run waits for as long as it takes.
            return Reaction(OPERATOR_RETRY)
        case Transient():
            return Reaction(RETRY_AFTER if can_retry else None)
        case _:
            return Reaction()
