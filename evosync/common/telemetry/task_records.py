"""Keeps django_dramatiq's records of messages, also across a restart of the database."""

import logging
import traceback
from typing import Any

from django.db import InterfaceError, OperationalError, close_old_connections, transaction
from dramatiq import Broker, Message, Middleware
from dramatiq.broker import MessageProxy

from evosync.common.bulk import upsert_rows
from evosync.common.database_errors import state_of_database

logger = logging.getLogger(__name__)

COLUMNS = ("status", "updated_at", "message_data", "actor_name", "queue_name")
FRAMES = 30


class TaskRecordMiddleware(Middleware):
    """Writes the records of messages; without a database that takes it the message goes on without one.

    It stands for django_dramatiq's AdminMiddleware, which reads and locks a record before it writes it.

    A process that only enqueues, the scheduler, neither begins requests nor handles messages, where Django
    and django_dramatiq look whether connections still work. So that is done here, before and after each of
    its messages.
    """

    def after_enqueue(self, broker: Broker, message: Message[Any], delay: int | None) -> None:
        """Record that a message waits."""
        is_periodic = "scheduled_at" in message.options
        if is_periodic:
            close_old_connections()
        self._record(message, "delayed" if delay else "enqueued")
        if is_periodic:
            close_old_connections()

    def before_process_message(self, broker: Broker, message: MessageProxy) -> None:
        """Record that a message is being handled."""
        self._record(message, "running")

    def after_skip_message(self, broker: Broker, message: MessageProxy) -> None:
        """Record that a message was passed over."""
        self._record(message, "skipped")

    def after_process_message(
        self,
        broker: Broker,
        message: MessageProxy,
        *,
        result: object = None,
        exception: BaseException | None = None,
    ) -> None:
        """Record how the handling of a message ended."""
        if exception is not None:
            # Staff see it beside the message.
            message.options["traceback"] = "".join(traceback.format_exception(exception, limit=FRAMES))
        self._record(message, "done" if exception is None else "failed")

    def _record(self, message: Message[Any] | MessageProxy, status: str) -> None:
        # Workers name their middleware before Django's apps are there.
        from django_dramatiq.models import Task

        row = Task(
            id=message.message_id,
            status=status,
            message_data=message.encode(),
            actor_name=message.actor_name,
            queue_name=message.queue_name,
        )
        try:
            # A caller's transaction survives a record that could not be written.
            with transaction.atomic():
                upsert_rows([row], ["id"], COLUMNS)
        except (OperationalError, InterfaceError) as error:
            # It is not written again: a lock may be waited for as long again, and the message is what counts.
            state = state_of_database(error)
            logger.warning("no record of message %s: %s (%s)", message.message_id, state, error)
