"""The worker of compose.yaml, killed outright at requests: its successor finishes, nothing is twice.

Every step of a run, commits too, is the subject of `test_killed_at_every_step`.
"""

import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import dramatiq
import pytest
from django.utils import timezone

from accounts.models import User
from connections.sandbox import Sandbox
from connections.services import connect_evotor, connect_vk
from syncing.models import Listing, SyncJob
from syncing.services import config_for, jobs, request_sync
from tests.deploy.roles import Role
from tests.integration.workers.killing import (
    ITEMS,
    Killing,
    assert_every_item_once,
    fill_till,
    live_items,
    outside,
    url_of_test_database,
    wait_until,
)

pytestmark = [
    pytest.mark.mariadb,
    pytest.mark.redis,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]

MakeWorker = Callable[[], Role]


@pytest.fixture
def box(settings: Any) -> Iterator[Sandbox]:
    with Sandbox(vk_rate=0) as sandbox:
        settings.EVOTOR_API_URL, settings.VK_API_URL = sandbox.evotor_url, sandbox.vk_url
        fill_till(sandbox)
        yield sandbox


@pytest.fixture
def user(box: Sandbox) -> User:
    """A merchant who is connected at both ends and has never synced."""
    user = User.objects.create_user("shop@example.com", "a-long-passphrase")
    connect_evotor(user, token=box.evotor_token, now=timezone.now())
    connect_vk(user, token=box.vk_token, group=box.group_id, now=timezone.now())
    config = config_for(user)
    config.confirmed_at = timezone.now()
    config.save()
    dramatiq.get_broker().flush_all()
    box.vk.forget_calls()
    return user


@pytest.fixture
def worker(box: Sandbox, settings: Any, tmp_path: Path) -> MakeWorker:
    """A maker of the `worker` role on the tests' database and Redis."""
    variables = {
        **outside(box, tmp_path),
        "DATABASE_URL": url_of_test_database(),
        "REDIS_URL": settings.REDIS_URL,
        "MARIADB_PASSWORD": "unused-here",
        "WORKER_PROCESSES": "1",
    }
    return lambda: Role("worker", variables, tmp_path / "worker.log")


def state(job: SyncJob) -> str:
    job.refresh_from_db()
    return job.status


def assert_successor_finishes(box: Sandbox, job: SyncJob, worker: MakeWorker) -> None:
    """Let the sweeper find the dead one's job and a new worker end it; look at VK and at our map."""
    assert state(job) == SyncJob.Status.RUNNING
    assert jobs.sweep(timezone.now()) == [], "a job is not swept up while its owner may be alive"
    found = jobs.sweep(timezone.now() + jobs.DEAD_AFTER + timedelta(seconds=1))
    assert found == [(job.user_id, False)]
    with worker() as second:
        jobs.nudge(job.user_id)
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
            jobs.nudge(user.pk)
            wait_until(killing.done.is_set, one.log_end)
        killed += 1
        box.vk.faults.clear()
    sys.stdout.write(f"killed {killed} workers in a row\n")
    assert_successor_finishes(box, job, worker)
