"""Rules, filters and a till that change between two slices of a run, or between a question and its answer."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from catalog.ingest.refresh import refresh_till
from connections.models import EvotorConnection
from sandbox import Sandbox
from syncing.choices import JobPhase
from syncing.core.choices import EntityType, FilterMode, QuestionCode
from syncing.jobs.approval import approve_job
from syncing.jobs.lifecycle import claim, request_sync
from syncing.jobs.runner import RunOptions, run_slice
from syncing.models import SyncConfig, SyncFilter, SyncJob
from tests.integration.syncing.running import ITEMS, carry_on, first_run, put_goods, reprice, run

pytestmark = pytest.mark.django_db

Status = SyncJob.Status
NEW = 3


def raise_prices(user: User) -> None:
    SyncConfig.objects.of_user(user).update(markup_percent=30)


def leave_all_out(user: User) -> None:
    group = "nothing in the till"
    SyncFilter.objects.create(
        sync_config=SyncConfig.objects.of_user(user).get(),
        entity_type=EntityType.GROUP,
        entity_id=group,
        entity_name=group,
        filter_mode=FilterMode.INCLUDE,
    )


CHANGES: dict[str, tuple[Callable[[User], object], QuestionCode]] = {
    "rules": (raise_prices, QuestionCode.MANY_PRICES),
    "filters": (leave_all_out, QuestionCode.MANY_HIDDEN),
}


def seen(box: Sandbox) -> dict[int, tuple[Any, ...]]:
    """Return what shoppers see of each item."""
    return {one.id: (one.title, one.price_kopecks, one.hidden) for one in box.vk.live_items()}


def stop_before_new_goods(box: Sandbox, user: User) -> SyncJob:
    """Stop a run between two slices, when it is about to make a few items."""
    put_goods(box, NEW, name="Чайник белый")
    request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    claimed = claim(user, now=timezone.now(), early=True)
    assert claimed is not None
    job = run_slice(claimed, options=RunOptions(max_creates=0))
    assert (job.status, job.phase) == (Status.PENDING, JobPhase.BULK)
    return job


@pytest.mark.once
@pytest.mark.parametrize("what", CHANGES)
def test_what_is_changed_between_two_slices_is_asked_about_like_in_a_run_of_its_own(
    box: Sandbox, user: User, what: str
) -> None:
    change, code = CHANGES[what]
    first_run(box, user)
    stop_before_new_goods(box, user)
    before = seen(box)
    change(user)
    job = carry_on(user)
    assert (job.status, [asked for asked, *_ in job.questions]) == (Status.NEEDS_APPROVAL, [code])
    assert seen(box) == before


@pytest.mark.once
def test_a_till_that_is_read_between_two_slices_is_asked_about_like_in_a_run_of_its_own(
    box: Sandbox, user: User
) -> None:
    first_run(box, user)
    stop_before_new_goods(box, user)
    before = seen(box)
    store = next(iter(box.evotor.stores.values()))
    for product_id in store.products:
        box.evotor.edit_product(store.id, product_id, name="123456")
    refresh_till(EvotorConnection.objects.get(user=user), now=timezone.now())
    job = carry_on(user)
    assert (job.status, job.questions) == (Status.NEEDS_APPROVAL, [[QuestionCode.MANY_NAMES, ITEMS, ITEMS]])
    assert seen(box) == before


@pytest.mark.once
def test_a_run_whose_rules_stay_goes_on_unasked(box: Sandbox, user: User) -> None:
    first_run(box, user)
    stop_before_new_goods(box, user)
    assert carry_on(user).items_created == NEW
    assert len(seen(box)) == ITEMS + NEW


@pytest.mark.same_statements
@pytest.mark.parametrize("what", CHANGES)
def test_an_answer_to_a_list_that_rules_have_changed_since_writes_nothing(
    box: Sandbox, user: User, what: str
) -> None:
    change, code = CHANGES[what]
    first_run(box, user)
    reprice(box, by=20)
    held = run(user)
    assert held.status == Status.NEEDS_APPROVAL
    before = seen(box)
    change(user)
    approve_job(held, by=user)
    job = carry_on(user)
    assert (job.status, [asked for asked, *_ in job.questions]) == (Status.NEEDS_APPROVAL, [code])
    assert seen(box) == before
