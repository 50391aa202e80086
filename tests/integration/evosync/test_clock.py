"""Hosts whose clocks are apart agree on one time: Redis'."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import dramatiq
import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from accounts.recent_login import LOGGED_IN_AT, has_logged_in_recently
from evosync.common import clock
from evosync.common.broker import SharedClockBroker, SharedDelays
from evosync.common.telemetry import heartbeat
from syncing.jobs import lifecycle
from syncing.models import SyncJob
from tests.servers import Redis

REAL = time.time
Shift = Callable[[float], None]


@pytest.fixture
def shift(redis_server: Redis, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Shift:
    """Return what sets this host's clock wrong by so many seconds, as another host's may be."""
    settings.REDIS_URL = redis_server.url

    def set_wrong(seconds: float) -> None:
        monkeypatch.setattr(time, "time", lambda: REAL() + seconds)
        monkeypatch.setattr(timezone, "now", lambda: datetime.fromtimestamp(REAL() + seconds, UTC))
        monkeypatch.setattr(clock, "_offset", type(clock._offset)())

    return set_wrong


@pytest.mark.parametrize("seconds", [-90, 0, 0.2, 90, 86_400])
def test_a_wrong_clock_is_made_up_for(shift: Shift, seconds: float) -> None:
    shift(seconds)
    assert clock.time() == pytest.approx(REAL(), abs=0.5)
    assert clock.now().timestamp() == pytest.approx(REAL(), abs=0.5)


@pytest.mark.parametrize(("waited", "behind"), [(4.0, 0.0), (0.1, -2.0)])
def test_an_answer_that_took_long_is_not_taken_for_a_wrong_clock(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, waited: float, behind: float
) -> None:
    moments = iter([1000.0, 1000.0 + waited])
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    monkeypatch.setattr(clock, "host", SimpleNamespace(time=moments.__next__, monotonic=time.monotonic))
    monkeypatch.setattr(
        clock, "_redis", lambda _url: SimpleNamespace(time=lambda: (998, int(waited / 2 * 10**6)))
    )
    monkeypatch.setattr(clock, "_offset", type(clock._offset)())
    assert clock.behind() == pytest.approx(behind)


def test_without_an_answer_the_last_offset_holds(
    shift: Shift, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift(-90)
    clock.time()
    monkeypatch.setattr(clock._offset, "_until", 1.0)
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    assert clock.time() == pytest.approx(REAL(), abs=0.5)


def test_without_redis_the_hosts_own_clock_holds(shift: Shift, settings: Settings) -> None:
    shift(90)
    settings.REDIS_URL = ""
    assert clock.time() == pytest.approx(REAL() + 90, abs=0.5)


def test_redis_decides_whose_worker_lives(
    shift: Shift, redis_server: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift(-90)
    monkeypatch.setattr("dramatiq.brokers.redis.current_millis", lambda: int(time.time() * 1000))
    broker = SharedClockBroker(url=redis_server.url, namespace="test-clock")
    assert broker.do_qsize("sync") == 0
    beat = broker.client.zscore("test-clock:__heartbeats__", broker.broker_id)
    assert beat == pytest.approx(REAL() * 1000, abs=2000)


def test_a_delay_ends_at_one_moment_on_every_host(
    shift: Shift, redis_server: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dramatiq.brokers.redis.current_millis", lambda: int(time.time() * 1000))
    broker = SharedClockBroker(url=redis_server.url, namespace="test-delays")
    shift(90)
    message = broker.enqueue(
        dramatiq.Message(queue_name="sync", actor_name="any", args=(), kwargs={}, options={}), delay=5_000
    )
    shift(-90)
    taken = dramatiq.broker.MessageProxy(message)
    SharedDelays().before_delay_message(broker, taken)
    assert taken.options["eta"] == pytest.approx((time.time() + 5) * 1000, abs=1500)


@pytest.mark.django_db
def test_a_living_run_is_not_taken_over_and_a_dead_one_is_whatever_the_clocks_say(shift: Shift) -> None:
    user = User.objects.create_user("shop@example.com")
    shift(-90)
    job, _made = lifecycle.get_or_create_active(user, SyncJob.Trigger.MANUAL)
    assert lifecycle.claim(user, now=clock.now()) is not None
    SyncJob.objects.filter(pk=job.pk).update(lease="other:1:lease")
    shift(90)
    assert lifecycle.claim(user, now=clock.now()) is None
    assert lifecycle.requeue_stale(clock.now()) == []
    SyncJob.objects.filter(pk=job.pk).update(heartbeat_at=clock.now() - lifecycle.DEAD_AFTER)
    shift(-90)
    assert lifecycle.requeue_stale(clock.now() + timedelta(seconds=1)) == [(user.pk, False)]
    assert lifecycle.claim(user, now=clock.now() + timedelta(seconds=1)) is not None


def test_a_host_ahead_sees_the_workers_of_a_host_behind(shift: Shift) -> None:
    shift(-90)
    heartbeat.beat("bulk")
    shift(90)
    assert heartbeat.is_alive("bulk")


def test_a_login_on_one_host_counts_on_another(shift: Shift) -> None:
    request = type("Request", (), {"session": {}})()
    shift(90)
    request.session[LOGGED_IN_AT] = clock.time()
    shift(-90)
    assert has_logged_in_recently(request)
    request.session[LOGGED_IN_AT] = clock.time() + 0.5
    assert has_logged_in_recently(request)
    request.session[LOGGED_IN_AT] = clock.time() + 60
    assert not has_logged_in_recently(request)
