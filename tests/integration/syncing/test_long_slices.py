"""A long upload gives way only to others, and plans again only where another plan would come of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from catalog.models import Product
from sandbox import Sandbox
from syncing.choices import JobPhase
from syncing.jobs.lifecycle import claim, request_sync
from syncing.jobs.runner import RunOptions, run_slice
from syncing.models import SyncJob
from syncing.services.settings import config_for
from tests.integration.syncing.running import open_shop, put_goods

pytestmark = pytest.mark.django_db

MANY = 40


@pytest.fixture
def merchant(box: Sandbox, no_waiting: None) -> User:
    return open_shop(box, items=MANY)


def one_slice(
    user: User, *, slices_at_once: int = 1_000_000, during: Callable[[], object] = lambda: None
) -> SyncJob:
    """Carry the merchant's run on for a slice that is over at once; `during` happens after each result."""
    request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    job = claim(user, now=timezone.now(), early=True)
    assert job is not None

    def progress(phase: str, done: int, _total: int) -> None:
        if phase == JobPhase.PUBLISH and done:
            during()

    options = RunOptions(slice_seconds=0.001, slices_at_once=slices_at_once, progress=progress)
    return run_slice(job, options=options)


@pytest.mark.once
def test_where_nobody_waits_a_long_upload_goes_on(merchant: User) -> None:
    job = one_slice(merchant)
    assert (job.status, job.items_created) == (SyncJob.Status.SUCCESS, MANY)


@pytest.mark.once
def test_it_goes_on_for_so_many_slices_only(merchant: User) -> None:
    job = one_slice(merchant, slices_at_once=2)
    assert (job.status, job.is_finished) == (SyncJob.Status.PENDING, False)


@pytest.mark.parametrize(
    ("phase", "minutes", "gives_way"),
    [(JobPhase.BULK, 0, True), (JobPhase.BULK, 5, False), ("", 0, False)],
    ids=["waits for the long queue", "waits for a time of its own", "is the short queue's"],
)
def test_it_gives_way_to_whom_the_long_queue_keeps_waiting(
    merchant: User, phase: str, minutes: int, *, gives_way: bool
) -> None:
    other = User.objects.create_user("other@example.com")
    SyncJob.objects.create(
        user=other,
        active_key=other.pk,
        triggered_by=SyncJob.Trigger.MANUAL,
        phase=phase,
        not_before=timezone.now() + timedelta(minutes=minutes) if minutes else None,
    )
    assert one_slice(merchant).is_finished is not gives_way


def change_rules(user: User) -> None:
    config = config_for(user)
    config.markup_percent += 1
    config.save()


def change_product(user: User) -> None:
    product = Product.objects.for_user(user).first()
    assert product is not None
    product.own_title = f"{product.own_title} ещё"
    product.save()


def leave_community(user: User) -> None:
    user.vk_connection.refresh_from_db()
    user.vk_connection.group_id = 1
    user.vk_connection.save()


@pytest.mark.parametrize("change", [change_rules, change_product, leave_community])
def test_it_plans_again_where_the_merchant_wants_something_else(
    merchant: User, change: Callable[[User], None]
) -> None:
    job = one_slice(merchant, during=lambda: change(merchant))
    assert (job.status, job.is_finished) == (SyncJob.Status.PENDING, False)
    assert 0 < job.items_created < MANY


@pytest.mark.once
def test_what_the_run_itself_writes_is_no_reason_to_plan_again(box: Sandbox, merchant: User) -> None:
    assert one_slice(merchant).is_finished
    put_goods(box, MANY, name="Чашка")
    job = one_slice(merchant)
    assert (job.status, job.items_created) == (SyncJob.Status.SUCCESS, MANY)
