"""What the operator reads of the database: away, busy, full, or refusing what it is asked."""

import logging
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import DataError, InterfaceError, OperationalError, connection, transaction

from accounts.models import User
from evosync.common.database_errors import DatabaseState, state_of_database
from syncing.jobs import lifecycle, shutdown
from syncing.jobs.failure_policy import RETRY_AFTER
from syncing.jobs.request_accounting import RequestAccounting
from syncing.jobs.runner import JobRunner, run_slice
from syncing.jobs.slice_end import SliceEnd
from syncing.models import SyncJob


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (OperationalError(2002, "Can't connect to server"), DatabaseState.AWAY),
        (OperationalError(2013, "Lost connection to server during query"), DatabaseState.AWAY),
        (OperationalError(1040, "Too many connections"), DatabaseState.AWAY),
        (OperationalError(1927, "Connection was killed"), DatabaseState.AWAY),
        (InterfaceError(0, ""), DatabaseState.AWAY),
        (OperationalError("unable to open database file"), DatabaseState.AWAY),
        (OperationalError(1205, "Lock wait timeout exceeded; try restarting"), DatabaseState.BUSY),
        (OperationalError(1213, "Deadlock found when trying to get lock"), DatabaseState.BUSY),
        (OperationalError("database table is locked: syncing_syncjob"), DatabaseState.BUSY),
        (OperationalError(1114, "The table is full"), DatabaseState.FULL),
        (OperationalError(3, "Error writing (Errcode: 28 No space left on device)"), DatabaseState.FULL),
        (OperationalError("database or disk is full"), DatabaseState.FULL),
        (OperationalError(1054, "Unknown column"), DatabaseState.REFUSES),
        (OperationalError("no such table: syncing_syncjob"), DatabaseState.REFUSES),
        (OperationalError(), DatabaseState.REFUSES),
        (DataError(1406, "Data too long"), DatabaseState.REFUSES),
    ],
)
def test_an_error_says_how_the_database_is(error: Exception, state: DatabaseState) -> None:
    assert state_of_database(error) == state


def test_a_locked_file_of_sqlite_is_busy(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    with sqlite3.connect(path) as holder:
        holder.execute("CREATE TABLE shop (id INTEGER)")
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError) as found:
            sqlite3.connect(path, timeout=0).execute("INSERT INTO shop VALUES (1)")
    assert state_of_database(OperationalError(*found.value.args)) == DatabaseState.BUSY


@pytest.mark.mariadb
@pytest.mark.django_db(transaction=True)
def test_rows_of_another_transaction_are_busy() -> None:
    user = User.objects.create_user("shop@example.com")
    is_held, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(first_name="Анна")
            is_held.set()
            may_end.wait(60)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert is_held.wait(60)
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION innodb_lock_wait_timeout = 1")
    try:
        with pytest.raises(OperationalError) as found:
            User.objects.filter(pk=user.pk).update(first_name="Вера")
    finally:
        may_end.set()
        thread.join(60)
        connection.close()
    assert state_of_database(found.value) == DatabaseState.BUSY


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "words", "is_closed"),
    [
        (OperationalError(1205, "Lock wait timeout exceeded"), "the database is busy", False),
        (OperationalError("database is locked"), "the database is busy", False),
        (OperationalError(2006, "Server has gone away"), "the database is away", True),
    ],
)
def test_a_job_that_is_not_given_back_at_once_is_given_back_later(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    words: str,
    *,
    is_closed: bool,
) -> None:
    user = User.objects.create_user("shop@example.com")
    job = SyncJob.objects.create(user=user, active_key=user.pk, status="running", lease="mine")
    errors, closed = [error, error], []
    release = lifecycle.release

    def busy(*given: Any, **named: Any) -> None:
        if errors:
            raise errors.pop()
        release(*given, **named)

    monkeypatch.setattr(lifecycle, "release", busy)
    monkeypatch.setattr("syncing.jobs.slice_end.db_connection.close", lambda: closed.append(True))
    monkeypatch.setattr(shutdown, "sleep", lambda _seconds: None)
    assert SliceEnd(job, RequestAccounting()).release(delay=RETRY_AFTER)
    job.refresh_from_db()
    assert (job.status, job.lease) == (SyncJob.Status.PENDING, "")
    told = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert len(told) == 2
    assert all(words in text for text in told)
    assert closed == [True] * (2 if is_closed else 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "level"),
    [
        (OperationalError(1205, "Lock wait timeout exceeded"), logging.WARNING),
        (OperationalError(2013, "Lost connection to server during query"), logging.ERROR),
    ],
)
def test_a_run_that_the_database_stops_is_given_back(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception, level: int
) -> None:
    user = User.objects.create_user("shop@example.com")
    job = SyncJob.objects.create(user=user, active_key=user.pk, status="running", lease="mine")

    def stop(_run: JobRunner) -> None:
        raise error

    monkeypatch.setattr(JobRunner, "execute", stop)
    assert run_slice(job).status == SyncJob.Status.PENDING
    (told,) = [one for one in caplog.records if one.levelno >= logging.WARNING]
    assert (told.levelno, bool(told.exc_info)) == (level, level == logging.ERROR)
    assert str(state_of_database(error)) in told.getMessage()
