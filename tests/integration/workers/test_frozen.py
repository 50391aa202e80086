"""A worker that is frozen over a request (a suspended machine) wakes up after its job was taken over."""

import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from accounts.models import User
from sandbox import Sandbox
from syncing import queue
from syncing.jobs.lifecycle import request_sync
from syncing.models import Listing, SyncJob
from syncing.publishing.vk.photos import SAVES_IN_PARALLEL
from tests.deploy.roles import LoadedRole, Role
from tests.integration.workers.killing import (
    ITEMS,
    PATIENCE_SECONDS,
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


def signal_all(role: Role, number: signal.Signals) -> None:
    assert role.process is not None
    os.killpg(role.process.pid, number)


def take_over(user: User, job: SyncJob) -> None:
    """Let two silent minutes pass, and tell the workers that there is something to do."""
    SyncJob.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=3))
    queue.enqueue(user.pk)


PICTURES = {"market.saveProductPhotoBulk"}


def freeze_between_writes(role: Role, job: SyncJob) -> None:
    """Freeze a worker that writes beside its requests while it holds no lock that others would wait for."""
    signal_all(role, signal.SIGSTOP)
    while is_locked(job):
        signal_all(role, signal.SIGCONT)
        time.sleep(0.02)
        signal_all(role, signal.SIGSTOP)


def is_locked(job: SyncJob) -> bool:
    """Return True if another process has an open transaction that holds the job."""
    # What was sent just before has arrived by then.
    time.sleep(0.1)
    try:
        with transaction.atomic():
            SyncJob.objects.select_for_update(nowait=True).get(pk=job.pk)
    except OperationalError:
        return True
    finally:
        connection.close()
    return False


@pytest.fixture
def role(environment: dict[str, str], tmp_path: Path) -> Callable[[str], Role]:
    """A maker of workers with a log of their own."""
    return lambda name: LoadedRole("worker", environment, tmp_path / f"{name}.log")


@pytest.mark.parametrize(
    ("method", "nth"),
    [
        ("products", 1),
        ("market.add", 1),
        ("market.add", ITEMS),
        ("market.addToAlbum", 1),
        ("market.saveProductPhotoBulk", 2),
    ],
)
def test_a_request_of_a_worker_that_was_frozen_is_neither_done_twice_nor_counted(
    box: Sandbox, user: User, role: Callable[[str], Role], method: str, nth: int
) -> None:
    """Its request reaches VK only after the other worker has done everything: the worst moment there is."""
    frozen, thaw = threading.Event(), threading.Event()
    job = request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    with role("first") as first:

        def freeze() -> None:
            freeze_between_writes(first, job)
            frozen.set()
            thaw.wait(2 * PATIENCE_SECONDS)

        world = box.evotor if method == "products" else box.vk
        world.fault("action", method=method, nth=nth, do=freeze)
        wait_until(frozen.is_set, first.log_end)
        with role("second") as other:
            take_over(user, job)
            wait_until(lambda: SyncJob.objects.get(pk=job.pk).is_finished, other.log_end)
        job.refresh_from_db()
        assert job.status == SyncJob.Status.SUCCESS, job.error_detail
        before = [*Listing.objects.order_by("pk").values()]
        made = len(live_items(box))
        asked = box.vk.requests
        thaw.set()
        signal_all(first, signal.SIGCONT)
        wait_until(lambda: "was taken over by another process" in first.log.read_text(), first.log_end)
        # What was under way is answered, and nothing follows it: of pictures some are at once.
        assert box.vk.requests - asked <= (SAVES_IN_PARALLEL - 1 if method in PICTURES else 0)
    assert made == ITEMS
    assert_every_item_once(box)
    assert [*Listing.objects.order_by("pk").values()] == before
    counted = SyncJob.objects.get(pk=job.pk)
    assert (counted.done, counted.total, counted.error_count) == (job.done, job.total, 0)
    assert counted.status == SyncJob.Status.SUCCESS
