"""Keeps django_dramatiq's records of messages, also across a restart of the database."""

import logging
from typing import Any

from django.db import InterfaceError, OperationalError, close_old_connections
from django_dramatiq.middleware import AdminMiddleware
from dramatiq import Broker, Message

from evosync.common.database_errors import state_of_database

logger = logging.getLogger(__name__)


class TaskRecordMiddleware(AdminMiddleware):  # type: ignore[misc]
    """Writes the records of messages; without a database that takes it the message goes on without one.

    A process that only enqueues, the scheduler, neither begins requests nor handles messages, where Django
    and django_dramatiq look whether connections still work. So that is done here, before and after each of
    its messages.
    """

    def after_enqueue(self, broker: Broker, message: Message[Any], delay: int | None) -> None:
        """Record that a message waits."""
        is_periodic = "scheduled_at" in message.options
        if is_periodic:
            close_old_connections()
        self._record(super().after_enqueue, broker, message, delay)
        if is_periodic:
            close_old_connections()

    def before_process_message(self, broker: Broker, message: Message[Any]) -> None:
        """Record that a message is being handled."""
        self._record(super().before_process_message, broker, message)

    def after_process_message(self, broker: Broker, message: Message[Any], **outcome: Any) -> None:
        """Record how the handling of a message ended."""
        self._record(super().after_process_message, broker, message, **outcome)

    def _record(self, write: Any, broker: Broker, message: Message[Any], *args: Any, **outcome: Any) -> None:
        try:
            write(broker, message, *args, **outcome)
        except (OperationalError, InterfaceError) as error:
            # It is not written again: a lock may be waited for as long again, and the message is what counts.
            state = state_of_database(error)
            logger.warning("no record of message %s: %s (%s)", message.message_id, state, error)
