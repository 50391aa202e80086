"""What the tests of faults do with a merchant and check in the shop."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from sandbox import Sandbox
from syncing.jobs.lifecycle import claim, request_sync
from syncing.jobs.runner import RunOptions, run_slice
from syncing.models import SyncJob
from tests.integration.shared_start import SharedStart

# One more than a script makes, on three pages of the till.
ITEMS = 26


def run(user: User, *, trigger: str = SyncJob.Trigger.COMMAND, **options: Any) -> SyncJob:
    """Ask for a run and carry it out until it is finished or has to wait."""
    job = request_sync(user, trigger=trigger)
    for _ in range(20):
        claimed = claim(user, now=timezone.now(), early=True)
        assert claimed is not None
        job = run_slice(claimed, options=RunOptions(**options))
        if job.is_finished:
            break
    return job


@SharedStart
def first_run(_box: Sandbox, user: User | None) -> User:
    """Publish the merchant's goods, in a run that nothing disturbs."""
    assert user is not None
    assert run(user, approve=True).status == SyncJob.Status.SUCCESS
    return user


def titles(box: Sandbox) -> list[str]:
    """Return the titles of what is in VK, sorted."""
    items = box.vk.communities[box.group_id].items.values()
    return sorted(item.title for item in items if item.deleted_at is None)


def assert_complete(box: Sandbox, expected: int = ITEMS) -> None:
    """Check that every product is in VK exactly once, and once in its album."""
    found = titles(box)
    assert len(found) == len(set(found)) == expected


def store_of(box: Sandbox) -> Any:
    """Return the first store of the till."""
    return next(iter(box.evotor.stores.values()))


def fill(box: Sandbox, count: int) -> None:
    """Enter this many mugs into the till, whose pages are as long as Evotor's."""
    box.evotor.rules.page_size = 1_000
    store = store_of(box)
    for number in range(count):
        box.evotor.add_product(store.id, f"Кружка синяя {number}", price=100 + number, quantity=5)
