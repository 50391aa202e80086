"""The record of a message: what becomes of it, by one statement each time."""

from collections.abc import Callable
from typing import Any

import dramatiq
import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django_dramatiq.models import Task
from dramatiq import Message
from dramatiq.broker import MessageProxy

from connections.tasks import sweep_webhook_events
from evosync.common.telemetry.task_records import TaskRecordMiddleware
from tests.queues import waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def records() -> TaskRecordMiddleware:
    """Return what the broker has for records, with no message waiting."""
    waiting()
    return next(one for one in dramatiq.get_broker().middleware if type(one) is TaskRecordMiddleware)


def statements(act: Callable[[], object]) -> list[str]:
    """Return what is sent about records while something is done."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return [one["sql"] for one in captured if "django_dramatiq_task" in one["sql"]]


def test_a_record_follows_its_message_by_one_statement_each_time(records: TaskRecordMiddleware) -> None:
    broker = dramatiq.get_broker()
    assert len(statements(sweep_webhook_events.send)) == 1
    (sent,) = waiting()
    message = MessageProxy(sent)
    record = Task.tasks.get()
    assert (record.status, record.actor_name, record.queue_name) == (
        Task.STATUS_ENQUEUED,
        "sweep_webhook_events",
        "default",
    )
    steps: list[tuple[Callable[[], object], str]] = [
        (lambda: records.before_process_message(broker, message), Task.STATUS_RUNNING),
        (lambda: records.after_skip_message(broker, message), Task.STATUS_SKIPPED),
        (lambda: records.after_enqueue(broker, sent, 5), Task.STATUS_DELAYED),
        (lambda: records.after_process_message(broker, message, result=None), Task.STATUS_DONE),
    ]
    for act, status in steps:
        assert len(statements(act)) == 1
        now = Task.tasks.get()
        assert now.status == status
        assert now.created_at == record.created_at
        assert now.updated_at >= record.updated_at
        assert Message.decode(bytes(now.message_data)).message_id == sent.message_id


@pytest.mark.once
def test_a_failure_is_kept_with_its_traceback(records: TaskRecordMiddleware) -> None:
    sweep_webhook_events.send()
    message = MessageProxy(waiting()[0])
    try:
        raise ZeroDivisionError("by nothing")
    except ZeroDivisionError as error:
        records.after_process_message(dramatiq.get_broker(), message, exception=error)
    record = Task.tasks.get()
    assert record.status == Task.STATUS_FAILED
    assert record.message.options["traceback"].endswith("ZeroDivisionError: by nothing\n")


def test_a_callers_transaction_survives_a_record_that_was_not_written(records: TaskRecordMiddleware) -> None:
    def busy(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("INSERT") and "django_dramatiq_task" in sql:
            raise OperationalError(1205, "Lock wait timeout exceeded")
        return execute(sql, *rest)

    with connection.execute_wrapper(busy):
        sweep_webhook_events.send()
    assert len(waiting()) == 1
    assert not Task.tasks.exists()
