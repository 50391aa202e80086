"""Workers beat while they live; the scheduler beats by what it sends."""

import time
from collections.abc import Iterator

import dramatiq
import pytest
from dramatiq.brokers.stub import StubBroker

from evosync.common.telemetry import heartbeat
from evosync.common.telemetry.heartbeat import HeartbeatMiddleware


@pytest.fixture
def broker() -> Iterator[StubBroker]:
    broker = StubBroker(middleware=[HeartbeatMiddleware()])
    broker.emit_after("process_boot")
    yield broker
    broker.close()


def wait_for_a_beat(role: heartbeat.Role) -> bool:
    deadline = time.monotonic() + 60
    while not heartbeat.is_alive(role) and time.monotonic() < deadline:
        time.sleep(0.02)
    return heartbeat.is_alive(role)


def test_a_worker_beats_as_soon_as_it_has_started(broker: StubBroker) -> None:
    assert heartbeat.age("worker") is None
    worker = dramatiq.Worker(broker, worker_threads=1, worker_timeout=50)
    worker.start()
    try:
        assert wait_for_a_beat("worker")
    finally:
        worker.stop()


def test_a_periodic_message_is_the_schedulers_beat(broker: StubBroker) -> None:
    @dramatiq.actor(broker=broker)
    def tick() -> None: ...

    tick.send()
    assert heartbeat.age("scheduler") is None
    tick.send_with_options(scheduled_at="2026-01-01T00:00:00+03:00")
    assert heartbeat.is_alive("scheduler")


def test_a_retried_periodic_message_proves_nothing_about_the_scheduler(broker: StubBroker) -> None:
    @dramatiq.actor(broker=broker)
    def tick() -> None: ...

    tick.send_with_options(scheduled_at="2026-01-01T00:00:00+03:00", retries=1)
    assert heartbeat.age("scheduler") is None


def test_one_host_does_not_beat_for_another() -> None:
    heartbeat.beat("worker")
    assert heartbeat.is_alive("worker")
    assert not heartbeat.is_alive("worker", host="another-host")
