"""Turns a row of the catalog into the error class that its reaction asks for."""

from typing import Any

from connections.clients.error_catalog.rows import CodeRow, Reaction
from connections.clients.errors import (
    ActionRequired,
    AuthRevoked,
    ClientError,
    InvalidRequest,
    ItemRefused,
    OperatorActionRequired,
    RateLimited,
    Suspended,
    Transient,
)

CLASSES: dict[Reaction, type[ClientError]] = {
    Reaction.RETRY: Transient,
    Reaction.UNSURE: Transient,
    Reaction.SLOW_DOWN: RateLimited,
    Reaction.PAUSE: Suspended,
    Reaction.OFFLINE: AuthRevoked,
    Reaction.MERCHANT: ActionRequired,
    Reaction.OPERATOR: OperatorActionRequired,
    Reaction.ITEM: ItemRefused,
    Reaction.BUG: InvalidRequest,
}


def error_from_row(service: str, row: CodeRow, text: str, **facts: Any) -> ClientError:
    """Return the error of this row; `facts` are the method, the status and what the class adds."""
    if row.reaction is Reaction.UNSURE:
        facts["may_have_run"] = True
    return CLASSES[row.reaction](service, row.code, text, **facts)
