"""Runs that go on long after they have read the till: they look again before they write what it said then."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from catalog.models import Store
from sandbox import Sandbox
from syncing.choices import JobPhase
from syncing.jobs.lifecycle import claim, request_sync
from syncing.jobs.runner import TILL_LASTS, RunOptions, run_slice
from syncing.models import SyncJob
from tests.integration.syncing.running import ITEMS, carry_on, first_run, reprice

pytestmark = pytest.mark.django_db

Status = SyncJob.Status
LONG_AGO = TILL_LASTS + timedelta(minutes=1)


def stop_after_one_item(user: User) -> SyncJob:
    """Carry a new run on for a slice that is over with its first item."""
    request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    claimed = claim(user, now=timezone.now(), early=True)
    assert claimed is not None
    job = run_slice(claimed, options=RunOptions(slice_seconds=0, max_creates=0))
    assert (job.status, job.phase) == (Status.PENDING, JobPhase.BULK)
    return job


def read_at(user: User, age: timedelta) -> None:
    """Let the till have been read so long ago."""
    Store.objects.for_user(user).update(fetched_at=timezone.now() - age)


def prices(box: Sandbox) -> list[int]:
    """Return what VK asks for each item, in kopecks."""
    return sorted(item.price_kopecks for item in box.vk.live_items())


@pytest.mark.once
@pytest.mark.parametrize("age", [LONG_AGO, timedelta(hours=7), timedelta(hours=-1)], ids=str)
def test_a_slice_that_begins_late_writes_the_prices_of_now(box: Sandbox, user: User, age: timedelta) -> None:
    stop_after_one_item(user)
    reprice(box, by=7)
    read_at(user, age)
    assert carry_on(user).status == Status.SUCCESS
    assert prices(box) == [(107 + number) * 100 for number in range(ITEMS)]


@pytest.mark.once
def test_a_slice_that_begins_soon_does_not_read_the_till_again(box: Sandbox, user: User) -> None:
    stop_after_one_item(user)
    read_at(user, timedelta(minutes=20))
    before = box.evotor.requests
    assert carry_on(user).status == Status.SUCCESS
    assert box.evotor.requests == before


def test_a_run_that_finds_another_till_after_a_pause_asks_before_it_writes(box: Sandbox, user: User) -> None:
    first_run(box, user)
    job = stop_after_one_item_of_repricing(box, user)
    reprice(box, by=900)
    read_at(user, LONG_AGO)
    assert carry_on(user).status == Status.NEEDS_APPROVAL
    job.refresh_from_db()
    assert max(prices(box)) < 90_000


def stop_after_one_item_of_repricing(box: Sandbox, user: User) -> SyncJob:
    """Stop a run between two slices, when it was about to write a few prices."""
    store = next(iter(box.evotor.stores.values()))
    product = next(iter(store.products.values()))
    box.evotor.edit_product(store.id, product.id, price=product.fields["price"] + 1)
    request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    claimed = claim(user, now=timezone.now(), early=True)
    assert claimed is not None
    job = run_slice(claimed, options=RunOptions(slice_seconds=-1))
    assert job.status == Status.PENDING
    return job
