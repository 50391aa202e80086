"""A run's heartbeat comes through a database that is busy for a moment, and says so when it stays away."""

import itertools
import threading
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import OperationalError

from syncing.jobs import heartbeat


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beat every hundredth of a second."""
    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 0.01)
    monkeypatch.setattr(heartbeat, "RETRY_SECONDS", 0.01)


LOCKED = OperationalError("database table is locked")
GONE = OperationalError(2006, "Server has gone away")


class Database:
    """One that takes no heartbeat so many times."""

    def __init__(self, away_for: int, error: Exception = LOCKED) -> None:
        self.away_for, self.asked, self.error = away_for, 0, error
        self.beaten = threading.Event()

    def beat(self, _now: datetime) -> None:
        """Fail or take note."""
        self.asked += 1
        if self.asked <= self.away_for:
            raise self.error
        self.beaten.set()


@pytest.mark.django_db
def test_a_database_that_is_busy_for_a_moment_is_asked_again_soon_and_nothing_is_said(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "time", SimpleNamespace(monotonic=lambda: 0.0))
    database = Database(away_for=2)
    with heartbeat.beating("job 7", database.beat):
        assert database.beaten.wait(60)
    assert database.asked >= 3
    assert "no heartbeat" not in caplog.text


@pytest.mark.django_db
def test_a_run_that_shows_no_life_is_believed_for_a_while_only(monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    monkeypatch.setattr(heartbeat, "clock", SimpleNamespace(now=lambda: now))
    database = Database(away_for=0)
    with heartbeat.beating("job 7", database.beat) as limit:
        assert database.beaten.wait(60)
        now += heartbeat.MAX_BEATING - timedelta(minutes=1)
        limit.begin_again()
        now += heartbeat.MAX_BEATING - timedelta(minutes=1)
        database.beaten.clear()
        assert database.beaten.wait(60)
        now += timedelta(minutes=2)
        threads = [one for one in threading.enumerate() if one.name == "heartbeat of job 7"]
        for thread in threads:
            thread.join(60)
        assert not any(thread.is_alive() for thread in threads)


@pytest.mark.django_db
@pytest.mark.parametrize(("error", "words"), [(GONE, "is away"), (LOCKED, "is busy: another transaction")])
def test_a_database_that_takes_no_heartbeat_is_told_of_and_asked_on(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    seconds = itertools.count(step=0.01)
    monkeypatch.setattr(heartbeat, "time", SimpleNamespace(monotonic=seconds.__next__))
    database = Database(8, error)
    with heartbeat.beating("job 7", database.beat):
        assert database.beaten.wait(60)
    told = [record.message for record in caplog.records if "no heartbeat" in record.message]
    assert 1 <= len(told) < 8
    assert told[0].startswith(f"no heartbeat for job 7: the database {words}")
