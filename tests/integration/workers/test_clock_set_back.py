"""A clock that ran ahead and was set right: what it wrote into jobs makes none of them wait for hours."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from syncing.jobs import lifecycle
from syncing.jobs.due import is_due, next_run_of
from syncing.models import SyncJob
from syncing.services.settings import config_for

pytestmark = pytest.mark.django_db

NOW = datetime(2030, 5, 1, 12, tzinfo=UTC)
AHEAD = [timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)]
LATER = lifecycle.DEAD_AFTER + timedelta(seconds=1)


def job_of(**values: Any) -> SyncJob:
    user = User.objects.create_user("shop@example.com")
    return SyncJob.objects.create(user=user, active_key=user.pk, triggered_by="manual", **values)


@pytest.mark.parametrize("ahead", AHEAD, ids=str)
def test_a_dead_owner_s_job_is_found_as_soon_as_any_other(ahead: timedelta) -> None:
    job = job_of(status="running", lease="host:1:x", created_at=NOW, heartbeat_at=NOW + ahead)
    assert lifecycle.requeue_stale(NOW) == []
    assert lifecycle.claim(job.user, now=NOW) is None
    assert lifecycle.requeue_stale(NOW + LATER) == [(job.user_id, False)]
    assert lifecycle.claim(job.user, now=NOW + LATER) is not None


@pytest.mark.parametrize("ahead", AHEAD, ids=str)
def test_a_living_owner_keeps_its_job(ahead: timedelta) -> None:
    job = job_of(status="running", lease="host:1:x", created_at=NOW, heartbeat_at=NOW + ahead)
    lifecycle.requeue_stale(NOW)
    SyncJob.objects.filter(pk=job.pk, lease="host:1:x").update(heartbeat_at=NOW + timedelta(seconds=20))
    assert lifecycle.requeue_stale(NOW + LATER) == []
    assert lifecycle.claim(job.user, now=NOW + LATER) is None


@pytest.mark.parametrize("ahead", AHEAD, ids=str)
def test_a_job_that_waits_ten_minutes_waits_no_longer(ahead: timedelta) -> None:
    pause = timedelta(minutes=10)
    job = job_of(created_at=NOW, heartbeat_at=NOW + ahead, not_before=NOW + ahead + pause)
    lifecycle.requeue_stale(NOW)
    assert lifecycle.claim(job.user, now=NOW + pause - timedelta(seconds=1)) is None
    assert lifecycle.claim(job.user, now=NOW + pause) is not None


@pytest.mark.parametrize("ahead", AHEAD, ids=str)
def test_a_lost_message_is_sent_again_for_a_job_that_was_asked_for_tomorrow(ahead: timedelta) -> None:
    job = job_of(created_at=NOW + ahead)
    assert lifecycle.requeue_stale(NOW) == []
    assert lifecycle.requeue_stale(NOW + LATER) == [(job.user_id, False)]


def test_a_job_that_was_told_to_wait_a_day_waits_a_day() -> None:
    day = timedelta(days=1)
    job = job_of(created_at=NOW - day, heartbeat_at=NOW, not_before=NOW + day)
    assert lifecycle.requeue_stale(NOW + LATER) == []
    job.refresh_from_db()
    assert job.not_before == NOW + day


@pytest.mark.parametrize("ahead", AHEAD[1:], ids=str)
def test_a_run_that_was_asked_for_tomorrow_keeps_no_other_away(ahead: timedelta) -> None:
    user = User.objects.create_user("shop@example.com")
    config = config_for(user)
    config.compare_every_hours = 3
    config.save()
    ended = {"user": user, "triggered_by": "schedule", "status": "success"}
    SyncJob.objects.create(created_at=NOW - timedelta(hours=4), **ended)
    SyncJob.objects.create(created_at=NOW + ahead, **ended)
    assert is_due(user, now=NOW)
    assert next_run_of(config, now=NOW) <= NOW + timedelta(hours=1)
    SyncJob.objects.create(created_at=NOW - timedelta(minutes=5), **ended)
    assert not is_due(user, now=NOW)
