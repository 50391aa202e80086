"""The schedule: one run per merchant and hour with any number of schedulers; whose run a log line names."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import dramatiq
import pendulum
import pytest
from django.db import connection
from django.utils import timezone
from dramatiq import Message
from dramatiq.broker import MessageProxy
from dramatiq.middleware import SkipMessage
from periodiq import PeriodiqMiddleware
from structlog.contextvars import get_contextvars

from accounts.models import User
from catalog.photos.placeholders import placeholder
from catalog.photos.services import set_shared_photo
from evosync.common import clock
from evosync.common.telemetry import heartbeat
from sandbox import Sandbox
from syncing.choices import JobPhase
from syncing.jobs import lifecycle, shutdown
from syncing.jobs.due import is_due, next_run_of
from syncing.jobs.lifecycle import claim, request_sync
from syncing.jobs.runner import SHORT, RunOptions, run_slice
from syncing.jobs.schedule import AT_MOST_EVERY, LATE_SECONDS, DelayTolerantPeriodiq, next_scheduled_run
from syncing.models import SyncConfig, SyncJob
from syncing.tasks import (
    run_bulk_sync_for_user,
    run_sync_all,
    run_sync_for_user,
    start_scheduled_syncs,
    sweep_stale_jobs,
)
from tests.queues import waiting


def scheduled(user: User) -> int:
    """Return how many runs the schedule has asked for."""
    return (
        SyncJob.objects.for_user(user)
        .scheduled()
        .asked_for_since(timezone.now() - timedelta(hours=1))
        .count()
    )


def test_two_schedulers_ask_for_one_run(merchant: User) -> None:
    waiting()
    run_sync_all.fn()
    run_sync_all.fn()
    messages = waiting(actor="start_scheduled_syncs")
    assert [tuple(message.args) for message in messages] == [([merchant.pk],)] * 2
    for message in messages:
        start_scheduled_syncs.fn(*message.args)
        # The first one's run is over before the second one's message comes.
        SyncJob.objects.active().update(status=SyncJob.Status.SUCCESS, active_key=None)
    assert scheduled(merchant) == 1


@pytest.mark.mariadb
@pytest.mark.django_db(transaction=True)
def test_schedulers_that_ask_in_the_same_moment_get_one_run(merchant: User) -> None:
    def ask(_number: int) -> None:
        start_scheduled_syncs.fn([merchant.pk])
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ask, range(12)))
    assert scheduled(merchant) == 1


def test_the_next_hour_runs_again(merchant: User) -> None:
    start_scheduled_syncs.fn([merchant.pk])
    SyncJob.objects.update(
        status=SyncJob.Status.SUCCESS, active_key=None, created_at=timezone.now() - timedelta(minutes=55)
    )
    start_scheduled_syncs.fn([merchant.pk])
    assert scheduled(merchant) == 2


def ask_after(user: User, *, minutes: int, status: str = SyncJob.Status.SUCCESS) -> int:
    """End the runs so long ago, let the schedule ask, and return how many runs it has asked for by now."""
    SyncJob.objects.update(
        status=status, active_key=None, created_at=timezone.now() - timedelta(minutes=minutes)
    )
    start_scheduled_syncs.fn([user.pk])
    return SyncJob.objects.for_user(user).filter(triggered_by=SyncJob.Trigger.SCHEDULE).count()


@pytest.mark.parametrize("hours", [3, 6, 24])
def test_the_schedule_waits_as_long_as_the_merchant_chose(merchant: User, hours: int) -> None:
    SyncConfig.objects.of_user(merchant).update(compare_every_hours=hours)
    start_scheduled_syncs.fn([merchant.pk])
    assert ask_after(merchant, minutes=60) == 1
    assert ask_after(merchant, minutes=60 * (hours - 1)) == 1
    assert ask_after(merchant, minutes=60 * hours - 5) == 2


def test_a_failed_comparison_is_made_up_for_an_hour_later(merchant: User) -> None:
    SyncConfig.objects.of_user(merchant).update(compare_every_hours=24)
    start_scheduled_syncs.fn([merchant.pk])
    assert ask_after(merchant, minutes=10, status=SyncJob.Status.FAILED) == 1
    assert ask_after(merchant, minutes=60, status=SyncJob.Status.FAILED) == 2


def test_a_merchant_who_wants_every_hour_again_waits_no_day(merchant: User) -> None:
    rules = SyncConfig.objects.of_user(merchant)
    rules.update(compare_every_hours=24)
    start_scheduled_syncs.fn([merchant.pk])
    assert ask_after(merchant, minutes=60) == 1
    rules.update(compare_every_hours=1)
    assert ask_after(merchant, minutes=60) == 2


@pytest.mark.parametrize("hours", [1, 3, 6, 24])
def test_the_time_that_is_told_is_when_the_schedule_asks(merchant: User, hours: int) -> None:
    SyncConfig.objects.of_user(merchant).update(compare_every_hours=hours)
    start_scheduled_syncs.fn([merchant.pk])
    SyncJob.objects.update(status=SyncJob.Status.SUCCESS, active_key=None)
    now = timezone.now()
    told = next_run_of(SyncConfig.objects.of_user(merchant).get(), now=now)
    assert told - now <= timedelta(hours=hours, minutes=30)
    slot = next_scheduled_run(merchant.pk, now=now)
    while slot < told:
        assert not is_due(merchant, now=slot) or hours == 1
        slot += timedelta(hours=1)
    assert slot == told
    assert is_due(merchant, now=told) or told - now < AT_MOST_EVERY


def test_a_periodic_message_may_come_minutes_late() -> None:
    assert DelayTolerantPeriodiq().skip_delay > 5 * 60 > PeriodiqMiddleware().skip_delay


def asked_by_the_scheduler(hosts_clock: timedelta = timedelta(0)) -> Message[Any]:
    """Return a periodic message of a scheduler whose host's clock is so far ahead."""
    ahead = pendulum.now("UTC") + hosts_clock
    message = run_sync_all.message_with_options(scheduled_at=str(ahead))
    DelayTolerantPeriodiq().before_enqueue(dramatiq.get_broker(), message, None)
    return message


def is_skipped(message: Message[Any]) -> bool:
    """Return True if a worker that takes this message up leaves it."""
    try:
        DelayTolerantPeriodiq().before_process_message(dramatiq.get_broker(), MessageProxy(message))
    except SkipMessage:
        return True
    return False


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(minutes=20), timedelta(days=-1)], ids=str)
def test_a_periodic_message_of_a_host_with_a_wrong_clock_is_carried_out(ahead: timedelta) -> None:
    assert not is_skipped(asked_by_the_scheduler(ahead))


@pytest.mark.parametrize(("late", "is_left"), [(LATE_SECONDS, False), (LATE_SECONDS + 1, True)])
def test_a_periodic_message_that_comes_too_late_is_left_to_the_next_one(
    monkeypatch: pytest.MonkeyPatch, late: int, *, is_left: bool
) -> None:
    monkeypatch.setattr(clock, "time", lambda: 1_000.0)
    message = asked_by_the_scheduler()
    monkeypatch.setattr(clock, "time", lambda: 1_000.0 + late)
    # It failed once, and is enqueued again.
    DelayTolerantPeriodiq().before_enqueue(dramatiq.get_broker(), message, None)
    assert is_skipped(message) is is_left


def test_a_periodic_message_of_the_release_before_is_judged_by_its_hosts_clock() -> None:
    old = pendulum.now("UTC") - timedelta(seconds=LATE_SECONDS + 60)
    assert is_skipped(run_sync_all.message_with_options(scheduled_at=str(old)))


def test_every_line_of_a_run_says_whose_it_is(merchant: User, sandbox: Sandbox) -> None:
    seen: list[dict[str, object]] = []
    job = claimed(merchant)
    run_slice(job, options=RunOptions(progress=lambda *_: seen.append(get_contextvars())))
    assert seen
    assert all((ids["job"], ids["merchant"]) == (job.pk, merchant.pk) for ids in seen)
    assert "job" not in get_contextvars()


def claimed(user: User) -> SyncJob:
    """Ask for a run and take it."""
    request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    job = claim(user, now=timezone.now())
    assert job is not None
    return job


def fill(sandbox: Sandbox, number: int) -> None:
    store = next(iter(sandbox.evotor.stores.values()), None) or sandbox.evotor.add_store("Лавка")
    for item in range(number):
        sandbox.evotor.add_product(store.id, f"Кружка {item}", price=100 + item, quantity=5)


def test_many_new_goods_are_left_to_the_long_queue(merchant: User, sandbox: Sandbox) -> None:
    fill(sandbox, 30)
    request_sync(merchant, trigger=SyncJob.Trigger.MANUAL)
    waiting()
    run_sync_for_user.fn(merchant.pk)
    job = SyncJob.objects.active().for_user(merchant).get()
    assert (job.status, job.phase, job.items_created) == (SyncJob.Status.PENDING, JobPhase.BULK, 0)
    [message] = waiting()
    assert (message.queue_name, message.actor_name) == ("bulk", "run_bulk_sync_for_user")
    run_bulk_sync_for_user.fn(merchant.pk)
    job.refresh_from_db()
    assert (job.status, job.items_created, job.total) == (SyncJob.Status.SUCCESS, 30, 30)


def test_price_changes_go_before_the_long_queue_gets_the_new_goods(merchant: User, sandbox: Sandbox) -> None:
    fill(sandbox, 1)
    assert run_slice(claimed(merchant)).status == SyncJob.Status.SUCCESS
    store = next(iter(sandbox.evotor.stores.values()))
    sandbox.evotor.edit_product(store.id, next(iter(store.products)), price=777)
    fill(sandbox, 30)
    job = run_slice(claimed(merchant), options=SHORT)
    assert (job.phase, job.items_updated, job.items_created) == (JobPhase.BULK, 1, 0)
    assert [item.price_kopecks for item in sandbox.vk.live_items()] == [77700]


@pytest.mark.parametrize(("beats", "queue"), [(True, "bulk"), (False, "sync")])
def test_a_long_upload_whose_message_was_lost_goes_on(
    merchant: User,
    sandbox: Sandbox,
    beats: bool,  # noqa: FBT001 - a case
    queue: str,
) -> None:
    fill(sandbox, 30)
    run_slice(claimed(merchant), options=SHORT)
    waiting()
    SyncJob.objects.update(created_at=timezone.now() - timedelta(hours=1))
    SyncJob.objects.update(heartbeat_at=timezone.now() - lifecycle.REQUEUE_BULK_AFTER - timedelta(seconds=1))
    if beats:
        heartbeat.beat("bulk")
    sweep_stale_jobs.fn()
    assert [message.queue_name for message in waiting()] == [queue]
    # No message is sent every minute for the same job.
    sweep_stale_jobs.fn()
    assert waiting() == []
    if queue == "sync":
        run_sync_for_user.fn(merchant.pk)
        assert SyncJob.objects.for_user(merchant).get().items_created == 30


def test_a_process_that_is_to_end_gives_a_run_back_before_its_next_request(
    merchant: User, sandbox: Sandbox
) -> None:
    fill(sandbox, 3)
    job = claimed(merchant)
    shutdown.request()
    job = run_slice(job)
    assert (job.status, job.lease, job.not_before) == (SyncJob.Status.PENDING, "", None)
    assert sandbox.vk.live_items() == []


def test_a_job_that_its_own_process_lost_is_taken_up_again(merchant: User) -> None:
    job = claimed(merchant)
    assert claim(merchant, now=timezone.now()) is None
    lost = f"{job.lease[:-4]}gone"
    SyncJob.objects.update(lease=lost)
    again = claim(merchant, now=timezone.now())
    assert again is not None
    assert again.took_over


def test_a_fault_of_ours_is_tried_a_few_times_and_then_told(
    merchant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object, **_options: object) -> None:
        raise ArithmeticError("a bug")

    monkeypatch.setattr("syncing.jobs.runner.make_plan", broken)
    request_sync(merchant, trigger=SyncJob.Trigger.MANUAL)
    for _ in range(3):
        again = claim(merchant, now=timezone.now(), early=True)
        assert again is not None
        with pytest.raises(ArithmeticError):
            run_slice(again)
        assert SyncJob.objects.get(pk=again.pk).status == SyncJob.Status.PENDING
    last = claim(merchant, now=timezone.now(), early=True)
    assert last is not None
    with pytest.raises(ArithmeticError):
        run_slice(last)
    ended = SyncJob.objects.get(pk=last.pk)
    assert (ended.status, ended.error_code) == (SyncJob.Status.FAILED, "evosync.internal")


def test_one_picture_for_all_goods_is_read_by_many_threads(merchant: User, sandbox: Sandbox) -> None:
    set_shared_photo(merchant, group=None, jpeg=placeholder("Кружка", "Посуда"))
    fill(sandbox, 60)
    assert run_slice(claimed(merchant)).status == SyncJob.Status.SUCCESS
    assert len({item.main_photo_id for item in sandbox.vk.live_items()}) == 60
