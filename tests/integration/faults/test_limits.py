"""VK's limits, learnt at run time: they delay or pause one merchant, and never fail a run or make a storm."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from connections.clients.vk.errors import METHOD_LIMITS, PAUSES
from connections.models import VkConnection
from sandbox import Sandbox
from syncing.jobs.lifecycle import claim, request_sync
from syncing.jobs.runner import run_slice
from syncing.models import SyncJob
from tests.integration.faults.shop import ITEMS, assert_complete, first_run, store_of

pytestmark = [pytest.mark.django_db, pytest.mark.same_statements]

Status = SyncJob.Status
# Where in a run VK objects: the sandbox's fault, and whether the run edits goods that are in VK already.
PLACES: dict[str, tuple[dict[str, object], bool]] = {
    "the first read": ({"method": "execute", "inner": False}, False),
    "a read inside": ({"method": "market.get"}, False),
    "the upload address": ({"method": "market.getProductPhotoUploadServer"}, False),
    "a photo's saving": ({"method": "market.saveProductPhotoBulk"}, False),
    "a create": ({"method": "market.add", "nth": 13}, False),
    "an album": ({"method": "market.addToAlbum"}, False),
    "an edit": ({"method": "market.edit", "nth": 4}, True),
}
# Where VK's objection is about a method of its own: some limits then concern that method alone.
OF_ONE_METHOD = PLACES.keys() - {"the first read", "a read inside"}
places = pytest.mark.parametrize(("fault", "edits"), PLACES.values(), ids=PLACES.keys())
# 14 is a captcha; 43 and 103 say that a method or its limit is closed for now.
PAUSING = sorted(int(code.removeprefix("vk.")) for code in PAUSES)
MOST_OBJECTIONS = 40


def begin(user: User, box: Sandbox, *, edits: bool) -> SyncJob:
    """Ask for the run of the test, with the goods in VK already where it is to edit them."""
    if edits:
        first_run(box, user)
        for product in list(store_of(box).products.values())[:9]:
            box.evotor.edit_product(store_of(box).id, product.id, price=product.fields["price"] + 1)
    return request_sync(user, trigger=SyncJob.Trigger.SCHEDULE)


def one_slice(user: User, *, early: bool = False) -> SyncJob | None:
    """Let a worker take the run up, or none where it has to wait."""
    job = claim(user, now=timezone.now(), early=early)
    return run_slice(job) if job is not None else None


def carry_on(user: User) -> SyncJob:
    """Let time pass until the run has ended."""
    for _ in range(20):
        job = one_slice(user, early=True)
        if job is not None and job.is_finished:
            return job
    raise AssertionError("the run does not end")


@pytest.mark.parametrize(
    ("fault", "edits", "code"),
    [
        pytest.param(*PLACES[place], code, id=f"{place}-{code}")
        for place in PLACES
        for code in PAUSING
        if not (place in OF_ONE_METHOD and f"vk.{code}" in METHOD_LIMITS)
    ],
)
def test_a_pause_is_kept_and_the_run_goes_on_after_it(
    box: Sandbox, user: User, code: int, fault: dict[str, object], *, edits: bool
) -> None:
    begin(user, box, edits=edits)
    box.vk.fault("captcha" if code == 14 else "error", code=code, **fault)  # type: ignore[arg-type]
    before = timezone.now()
    job = one_slice(user)
    assert job is not None
    assert (job.status, job.error_code) == (Status.PENDING, "")
    wait = timedelta(seconds=PAUSES[f"vk.{code}"])
    assert job.not_before is not None
    assert wait <= job.not_before - before < wait + timedelta(minutes=1)
    connection = VkConnection.objects.get(user=user)
    assert connection.is_online
    assert connection.is_paused(timezone.now())
    assert one_slice(user) is None
    asked = box.vk.requests
    VkConnection.objects.update(paused_until=None)
    done = carry_on(user)
    assert (done.pk, done.status, done.error_count) == (job.pk, Status.SUCCESS, 0)
    assert_complete(box)
    assert box.vk.requests - asked < MOST_OBJECTIONS


@pytest.mark.once
@places
@pytest.mark.parametrize("times", [1, 30, 90])
def test_a_run_that_is_too_fast_slows_down_until_it_is_not(
    box: Sandbox, user: User, times: int, fault: dict[str, object], *, edits: bool
) -> None:
    begin(user, box, edits=edits)
    box.vk.fault("error", code=6, times=times, **fault)  # type: ignore[arg-type]
    asked = box.vk.requests
    done = carry_on(user)
    assert (done.status, done.error_count) == (Status.SUCCESS, 0)
    assert_complete(box)
    assert box.vk.requests - asked < MOST_OBJECTIONS + 2 * times


@pytest.mark.once
@places
def test_an_internal_error_of_vk_is_outlived(
    box: Sandbox, user: User, fault: dict[str, object], *, edits: bool
) -> None:
    begin(user, box, edits=edits)
    box.vk.fault("error", code=10, **fault)  # type: ignore[arg-type]
    done = carry_on(user)
    assert (done.status, done.error_count) == (Status.SUCCESS, 0)
    assert_complete(box)


def test_other_merchants_go_on_while_one_is_paused(box: Sandbox, user: User) -> None:
    begin(user, box, edits=False)
    box.vk.fault("error", code=9, method="market.add")
    one_slice(user)
    other = VkConnection.objects.exclude(user=user)
    assert not other.filter(paused_until__isnull=False).exists()
    assert VkConnection.objects.get(user=user).is_paused(timezone.now())


@pytest.mark.once
def test_a_limit_that_never_lifts_ends_the_run_after_some_pauses_with_nothing_doubled(
    box: Sandbox, user: User
) -> None:
    begin(user, box, edits=False)
    box.vk.fault("error", code=13, times=0, method="market.add")
    asked = box.vk.requests
    job = carry_on(user)
    assert job.status in {Status.PARTIAL, Status.FAILED}
    assert box.vk.requests - asked < 200
    box.vk.faults.clear()
    request_sync(user, trigger=SyncJob.Trigger.SCHEDULE)
    assert carry_on(user).status == Status.SUCCESS
    assert_complete(box, ITEMS)
