"""SIGTERM in the middle of a run: the worker ends in time, gives the job back, the next goes on at once."""

import threading

import pytest

from accounts.models import User
from sandbox import Sandbox
from syncing.jobs.lifecycle import request_sync
from syncing.models import Listing, SyncJob
from tests.deploy.roles import Role
from tests.integration.workers.conftest import MakeWorker
from tests.integration.workers.killing import assert_every_item_once, live_items, wait_until

pytestmark = [
    pytest.mark.mariadb,
    pytest.mark.redis,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
IN_TIME = 30.0


def start_slow_run(box: Sandbox, user: User, worker: Role, *, seconds: float) -> SyncJob:
    """Ask for a run and return while VK takes its time over the answer to the first new items."""
    reached = threading.Event()
    box.vk.fault("action", method="market.add", nth=1, do=reached.set)
    box.vk.fault("delay", method="execute", nth=2, seconds=seconds)
    job = request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    wait_until(reached.is_set, worker.log_end)
    return job


def assert_next_worker_goes_on_at_once(box: Sandbox, job: SyncJob, worker: MakeWorker) -> None:
    """Start the next worker: without a sweeper's help it takes the job up and ends it."""
    with worker() as second:
        wait_until(lambda: SyncJob.objects.get(pk=job.pk).is_finished, second.log_end)
    job.refresh_from_db()
    assert job.status == SyncJob.Status.SUCCESS, job.error_detail
    assert_every_item_once(box)


def test_a_run_stops_after_the_answer_that_it_waits_for(box: Sandbox, user: User, worker: MakeWorker) -> None:
    with worker() as first:
        job = start_slow_run(box, user, first, seconds=4)
        code, seconds = first.stop()
        assert code == 0, first.log_end()
        assert seconds < IN_TIME
    job.refresh_from_db()
    assert (job.status, job.lease, job.not_before) == (SyncJob.Status.PENDING, "", None)
    # Nothing is half written: what VK has, our map knows, and the counters say so.
    known = Listing.objects.for_user(user).exclude(vk_item_id=None).values_list("vk_item_id", flat=True)
    assert {number or 0 for number in known} == {item.id for item in live_items(box)}
    assert job.items_created == len(known) > 0
    assert_next_worker_goes_on_at_once(box, job, worker)


def test_a_run_that_does_not_stop_in_time_loses_its_job(box: Sandbox, user: User, worker: MakeWorker) -> None:
    with worker() as first:
        first.kill()
        first.command = [word.replace("25000", "2000") for word in first.command]
        first.start()
        job = start_slow_run(box, user, first, seconds=12)
        _code, seconds = first.stop()
        assert seconds < 10
    job.refresh_from_db()
    assert (job.status, job.lease) == (SyncJob.Status.PENDING, "")
    assert_next_worker_goes_on_at_once(box, job, worker)
