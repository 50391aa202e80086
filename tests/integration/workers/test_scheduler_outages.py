"""MariaDB restarts under a running scheduler: it goes on by itself, and its log holds no alarm."""

import logging
from pathlib import Path
from typing import Any

import dramatiq
import pytest
from django.db import OperationalError, connection
from django_dramatiq.models import Task
from redis import Redis as RedisClient

from connections.tasks import sweep_webhook_events
from evosync.common.telemetry.task_records import TaskRecordMiddleware
from sandbox import Sandbox
from tests.deploy.roles import Role
from tests.integration.workers.killing import Command, ask, wait_until
from tests.migrated import make_tables
from tests.queues import waiting
from tests.servers import MariaDb

# A scheduler has something to send at every whole minute.
TICK_SECONDS = 130.0


@pytest.mark.mariadb
@pytest.mark.redis
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_scheduler_outlives_a_restart_of_mariadb_and_an_outage_at_a_tick(
    box: Sandbox, mariadb_server: MariaDb, environment: dict[str, str], tmp_path: Path
) -> None:
    environment["DATABASE_URL"] = mariadb_server.url
    queues = RedisClient.from_url(environment["REDIS_URL"])

    def recorded() -> int:
        [[count]] = ask(mariadb_server.url, f"SELECT COUNT(*) FROM {Task._meta.db_table}")  # noqa: S608 - its name
        return int(count)

    def sent() -> int:
        return sum(int(queues.llen(f"dramatiq:{name}")) for name in ("default", "health"))

    def next_tick() -> None:
        before = sent()
        wait_until(lambda: sent() > before, scheduler.log_end, seconds=TICK_SECONDS, pause=0.5)

    def migrate() -> None:
        assert Command(environment, "migrate", "--verbosity=0").result()[0] == 0

    dramatiq.get_broker().flush_all()
    make_tables(mariadb_server.url, migrate)
    with Role("scheduler", environment, tmp_path / "scheduler.log") as scheduler:
        wait_until(lambda: recorded() > 0, scheduler.log_end)
        mariadb_server.restart()
        before = recorded()
        next_tick()
        wait_until(lambda: recorded() > before, scheduler.log_end)
        mariadb_server.kill()
        next_tick()
        mariadb_server.start()
        before = recorded()
        next_tick()
        wait_until(lambda: recorded() > before, scheduler.log_end)
        assert scheduler.process is not None
        assert scheduler.process.poll() is None
    log = scheduler.log.read_text().lower()
    assert "critical" not in log
    assert "traceback" not in log
    assert "the database is away" in log


@pytest.mark.mariadb
@pytest.mark.django_db(transaction=True)
def test_a_periodic_message_is_recorded_over_a_new_connection(caplog: pytest.LogCaptureFixture) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT CONNECTION_ID()")
        (number,) = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute(f"KILL {number}")
    other.close()
    message = sweep_webhook_events.send_with_options(scheduled_at="2026-11-27T12:00:00Z")
    assert Task.tasks.filter(id=message.message_id).exists()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OperationalError(2006, "Server has gone away"), "the database is away"),
        (OperationalError(1205, "Lock wait timeout exceeded"), "the database is busy"),
        (OperationalError("database is locked"), "the database is busy"),
    ],
)
def test_a_message_goes_out_without_a_record_where_the_database_takes_none(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception, words: str
) -> None:
    def away(*_arguments: object, **_options: object) -> Any:
        raise error

    assert any(type(one) is TaskRecordMiddleware for one in dramatiq.get_broker().middleware)
    waiting()
    monkeypatch.setattr("evosync.common.telemetry.task_records.upsert_rows", away)
    message = sweep_webhook_events.send_with_options(scheduled_at="2026-11-27T12:00:00Z")
    assert [one.message_id for one in waiting()] == [message.message_id]
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert words in caplog.text
