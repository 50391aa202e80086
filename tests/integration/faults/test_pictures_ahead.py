"""The pictures of the next items go ahead while VK makes items: whatever happens, nothing is made twice."""

import threading
import time
from collections import Counter
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from connections.clients.vk.limits import BATCH
from sandbox import Sandbox
from syncing.jobs.lifecycle import claim, request_sync
from syncing.jobs.runner import JobRunner, run_slice
from syncing.models import Listing, SyncJob
from syncing.publishing.vk.photos import SAVES_IN_PARALLEL
from tests.integration.faults.machine import Crash, crashing
from tests.integration.faults.shop import assert_complete, fill, run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.same_statements]

# Four scripts of 25: the pictures of the second and third go ahead of the first.
MANY = 90
SAVE = "market.saveProductPhotoBulk"


@pytest.fixture
def merchant(box: Sandbox, empty_handed: User) -> User:
    fill(box, MANY)
    return empty_handed


def photos_used(box: Sandbox) -> Counter[int]:
    items = box.vk.communities[box.group_id].items.values()
    return Counter(item.main_photo_id for item in items)


@pytest.mark.parametrize(("nth", "after"), [(14, True), (21, False), (27, True), (33, False), (40, True)])
def test_a_process_that_is_killed_anywhere_doubles_and_loses_nothing(
    box: Sandbox, merchant: User, nth: int, *, after: bool
) -> None:
    request_sync(merchant, trigger=SyncJob.Trigger.MANUAL)
    claimed = claim(merchant, now=timezone.now())
    assert claimed is not None
    with pytest.raises(Crash), crashing(nth, after=after):
        run_slice(claimed)
    SyncJob.objects.filter(pk=claimed.pk).update(
        status=SyncJob.Status.RUNNING, lease="elsewhere:1:gone", heartbeat_at=None
    )
    assert run(merchant).status == SyncJob.Status.SUCCESS
    assert_complete(box, MANY)
    assert set(photos_used(box).values()) == {1}


@pytest.mark.once
@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "reset_after"},
        {"kind": "http", "status": 502},
        {"kind": "error", "code": 10},
    ],
    ids=lambda fault: fault["kind"],
)
@pytest.mark.parametrize("nth", [7, 12])
def test_a_save_that_fails_ahead_is_made_again_when_its_items_are_due(
    box: Sandbox, merchant: User, fault: dict[str, Any], nth: int
) -> None:
    box.vk.fault(**fault, nth=nth, method=SAVE)
    assert run(merchant).status == SyncJob.Status.SUCCESS
    assert_complete(box, MANY)


@pytest.mark.once
@pytest.mark.parametrize("code", [14, 9, 5])
def test_after_what_ends_all_requests_only_those_on_their_way_reach_vk(
    box: Sandbox, merchant: User, code: int
) -> None:
    box.vk.fault("error", code=code, nth=8, times=0, method=SAVE)
    job = run(merchant)
    seen = [call.method for call in box.vk.calls if not call.inner]
    refused = [number for number, name in enumerate(seen) if name == SAVE][7]
    assert job.error_code in {"", f"vk.{code}"}
    assert seen[refused:].count("execute") <= 1
    assert len(seen) - refused <= SAVES_IN_PARALLEL + 1


def test_the_next_slice_uses_the_pictures_that_were_saved_ahead(
    box: Sandbox, merchant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_over = threading.Event()
    monkeypatch.setattr(JobRunner, "_is_over", lambda _: is_over.is_set())

    def end_slice() -> None:
        """End it when pictures of the third script are in VK, while the second one runs."""
        until = time.monotonic() + 60
        while sum(call.method == SAVE for call in box.vk.calls) < 11 and time.monotonic() < until:
            time.sleep(0.01)
        is_over.set()

    box.vk.fault("action", method="execute", nth=3, do=end_slice)
    request_sync(merchant, trigger=SyncJob.Trigger.MANUAL)
    claimed = claim(merchant, now=timezone.now())
    assert claimed is not None
    assert run_slice(claimed).items_created == 2 * BATCH
    ahead = Listing.objects.filter(state=Listing.State.CREATING).exclude(photo_id=None)
    kept = set(ahead.values_list("photo_id", flat=True))
    assert kept

    is_over.clear()
    assert run(merchant).status == SyncJob.Status.SUCCESS
    assert_complete(box, MANY)
    assert kept <= photos_used(box).keys()


def test_items_are_made_in_their_order_though_their_pictures_are_saved_as_they_come(
    box: Sandbox, merchant: User
) -> None:
    # The save of the first pictures is the last to be answered.
    box.vk.fault("action", method=SAVE, do=lambda: time.sleep(0.2))
    run(merchant)
    rows = SyncJob.objects.get().items.order_by("pk")
    planned = [row.product_evotor_id for row in rows]
    made = Listing.objects.order_by("vk_item_id").values_list("product_evotor_id", flat=True)
    assert list(made) == planned
