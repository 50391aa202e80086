"""The worker of compose.yaml, killed outright at requests: its successor finishes, nothing is twice.

Every step of a run, commits too, is the subject of `test_killed_at_every_step`.
"""

import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from sandbox import Sandbox
from syncing import queue
from syncing.jobs import lifecycle
from syncing.jobs.lifecycle import request_sync
from syncing.models import Listing, SyncJob
from tests.integration.workers.conftest import MakeWorker
from tests.integration.workers.killing import (
    ITEMS,
    Killing,
    assert_every_item_once,
    live_items,
    wait_until,
)

pytestmark = [
    pytest.mark.mariadb,
    pytest.mark.redis,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]


def state(job: SyncJob) -> str:
    job.refresh_from_db()
    return job.status


def assert_successor_finishes(box: Sandbox, job: SyncJob, worker: MakeWorker) -> None:
    """Let the sweeper find the dead one's job and a new worker end it; look at VK and at our map."""
    assert state(job) == SyncJob.Status.RUNNING
    assert lifecycle.requeue_stale(timezone.now()) == [], "a job is not swept up while its owner may be alive"
    found = lifecycle.requeue_stale(timezone.now() + lifecycle.DEAD_AFTER + timedelta(seconds=1))
    assert found == [(job.user_id, False)]
    with worker() as second:
        queue.enqueue(job.user_id)
        wait_until(lambda: SyncJob.objects.get(pk=job.pk).is_finished, second.log_end)
    assert state(job) == SyncJob.Status.SUCCESS, job.error_detail
    assert_every_item_once(box)
    known = Listing.objects.for_user(job.user).values_list("vk_item_id", flat=True)
    assert sorted(number or 0 for number in known) == sorted(item.id for item in live_items(box))
    # What VK made without an answer is found again; the run counts it as found, not as created.
    assert job.items_created <= ITEMS
    assert (job.done, job.error_count) == (job.total, 0)


@pytest.mark.parametrize(
    ("method", "nth"),
    [(None, 1), (None, 7), (None, 12), ("market.add", 9), ("market.addToAlbum", 1)],
)
def test_a_killed_worker_is_replaced_by_the_next(
    box: Sandbox, user: User, worker: MakeWorker, method: str | None, nth: int
) -> None:
    with worker() as first:
        killing = Killing(box, first.kill, nth=nth, method=method)
        job = request_sync(user, trigger=SyncJob.Trigger.MANUAL)
        wait_until(lambda: killing.done.is_set() or SyncJob.objects.get(pk=job.pk).is_finished, first.log_end)
        assert killing.done.is_set(), f"the run ended before {method or 'request'} {nth}"
    assert_successor_finishes(box, job, worker)


def test_workers_killed_again_and_again_get_there(box: Sandbox, user: User, worker: MakeWorker) -> None:
    job = request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    killed = 0
    while killed < 4:
        with worker() as one:
            killing = Killing(box, one.kill, nth=killed + 2)
            queue.enqueue(user.pk)
            wait_until(killing.done.is_set, one.log_end)
        killed += 1
        box.vk.faults.clear()
    sys.stdout.write(f"killed {killed} workers in a row\n")
    assert_successor_finishes(box, job, worker)
