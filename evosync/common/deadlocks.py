"""Repeats a statement that MariaDB has given up so that another one could go on.

Two statements may wait for each other's rows although each of them is right. A statement by itself, outside
a transaction, has then changed nothing and can be sent again; a transaction is its owner's to repeat.
"""

import logging
import random
import time
from collections.abc import Callable
from typing import Any

from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

logger = logging.getLogger(__name__)

DEADLOCK = 1213
ATTEMPTS = 5
PAUSE = 0.02

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


def repeat_deadlocked(sender: object, connection: BaseDatabaseWrapper, **_more: object) -> None:
    """Let a new connection to MariaDB repeat such statements (`connection_created`)."""
    if connection.vendor == "mysql" and send_again not in connection.execute_wrappers:
        connection.execute_wrappers.append(send_again)


def send_again(
    execute: Execute,
    sql: str,
    parameters: Any,
    many: bool,  # noqa: FBT001 - Django's order
    context: dict[str, Any],
) -> Any:
    """Execute a statement, again if it was given up."""
    for attempt in range(1, ATTEMPTS):
        try:
            return execute(sql, parameters, many, context)
        except OperationalError as error:
            if error.args[:1] != (DEADLOCK,) or context["connection"].in_atomic_block:
                raise
            logger.info("a statement was given up in a deadlock and is sent again")
            time.sleep(random.uniform(0, PAUSE * attempt))  # noqa: S311 - the two must not meet again
    return execute(sql, parameters, many, context)
