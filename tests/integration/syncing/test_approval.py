"""A stopped plan keeps its list; approval carries out the list and nothing else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from catalog.models import ProductGroup
from sandbox import Sandbox
from sandbox.evotor.records import TillStore
from syncing.jobs.approval import approve_job, reject_job
from syncing.jobs.lifecycle import claim
from syncing.jobs.runner import run_slice
from syncing.models import PLAN_LASTS, SyncJob
from syncing.services.categories import choose_for_group, known_categories
from syncing.services.errors import CannotSync
from tests.integration.syncing.running import ITEMS, carry_on, finished_at, first_run, put_goods, reprice, run

pytestmark = pytest.mark.django_db(transaction=True)

Status, Decision = SyncJob.Status, SyncJob.Decision


@pytest.fixture
def asking(user: User, box: Sandbox) -> SyncJob:
    """Return the run that stopped because all prices would change."""
    first_run(box, user)
    reprice(box, by=50)
    job = run(user)
    assert job.status == Status.NEEDS_APPROVAL
    box.vk.forget_calls()
    return job


def store_of(box: Sandbox) -> TillStore:
    return next(iter(box.evotor.stores.values()))


def prices(box: Sandbox) -> list[int]:
    return sorted(item.price_kopecks for item in box.vk.live_items())


@pytest.mark.once
def test_the_stopped_run_keeps_every_line_of_its_plan(asking: SyncJob) -> None:
    lines = list(asking.items.order_by("pk"))
    assert len(lines) == asking.total == ITEMS
    assert {line.result for line in lines} == {"planned"}
    assert {tuple(line.changes["price_kopecks"]) for line in lines} == {
        (10_000 + 100 * number, 15_000 + 100 * number) for number in range(ITEMS)
    }


def test_a_first_upload_that_asks_shows_name_price_and_stock_of_new_goods(user: User, box: Sandbox) -> None:
    first_run(box, user)
    reprice(box, by=50)
    store = store_of(box)
    box.evotor.add_product(store.id, "Чашка белая", price=70, quantity=2)
    job = run(user)
    new = job.items.get(action="create").changes
    assert new["title"] == [None, "Чашка белая"]
    assert (new["price_kopecks"], new["stock"]) == ([None, 7_000], [None, 2])


@pytest.mark.once
def test_approval_carries_the_list_out_and_says_who_and_when(
    asking: SyncJob, user: User, box: Sandbox
) -> None:
    new = approve_job(asking, by=user)
    done = carry_on(user)
    assert (done.pk, done.status, done.items_updated) == (new.pk, Status.SUCCESS, ITEMS)
    assert prices(box) == [15_000 + 100 * number for number in range(ITEMS)]
    asking.refresh_from_db()
    assert (asking.decision, asking.approved_by) == (Decision.APPROVED, user)
    assert asking.approved_at is not None
    assert (done.approves, done.approved_by) == (asking, user)
    assert asking.items.count() == ITEMS
    assert run(user).items_unchanged == ITEMS


@pytest.mark.once
def test_a_sale_meanwhile_is_left_to_the_next_run_and_raises_no_question(
    asking: SyncJob, user: User, box: Sandbox
) -> None:
    store = store_of(box)
    sold = list(store.products.values())[:2]
    for product in sold:
        box.evotor.edit_product(store.id, product.id, quantity=4)
    approve_job(asking, by=user)
    done = carry_on(user)
    assert (done.status, done.items_updated) == (Status.SUCCESS, ITEMS - 2)
    following = carry_on(user)
    assert (following.status, following.items_updated) == (Status.SUCCESS, 2)
    assert prices(box) == [15_000 + 100 * number for number in range(ITEMS)]


def test_a_sale_meanwhile_keeps_no_other_category_and_no_new_goods_back(user: User, box: Sandbox) -> None:
    run(user)
    store, before = store_of(box), {item.category_id for item in box.vk.live_items()}
    reprice(box, by=50)
    group = ProductGroup.objects.get(user=user)
    chosen = next(one.id for one in known_categories() if one.id not in before)
    choose_for_group(group, chosen)
    box.evotor.add_product(store.id, "Чашка белая", parent_id=group.evotor_id, price=70, quantity=2)
    asking = run(user)
    assert asking.status == Status.NEEDS_APPROVAL
    box.evotor.edit_product(store.id, next(iter(store.products)), quantity=4)
    approve_job(asking, by=user)
    done = carry_on(user)
    assert (done.status, done.items_created, done.items_updated) == (Status.SUCCESS, 1, ITEMS - 1)
    assert [item.category_id for item in box.vk.live_items()].count(chosen) == ITEMS


@pytest.mark.once
def test_a_plan_that_is_no_longer_the_one_asks_again_and_writes_nothing(
    asking: SyncJob, user: User, box: Sandbox
) -> None:
    before = prices(box)
    reprice(box, by=-1)
    approve_job(asking, by=user)
    again = carry_on(user)
    assert again.status == Status.NEEDS_APPROVAL
    assert again.approved_plan not in ("", again.plan_hash)
    assert prices(box) == before
    assert "market.edit" not in again.requests["vk_calls"]
    approve_job(again, by=user)
    assert carry_on(user).items_updated == ITEMS


@pytest.mark.once
def test_a_till_that_lists_its_goods_again_hides_nothing_after_an_approval(user: User, box: Sandbox) -> None:
    first_run(box, user)
    store = store_of(box)
    kept = dict(store.products)
    for product_id in list(store.products):
        box.evotor.delete_product(store.id, product_id)
    job = run(user)
    assert job.status == Status.NEEDS_APPROVAL
    approve_job(job, by=user)
    store.products.update(kept)
    done = carry_on(user)
    assert (done.status, done.items_hidden) == (Status.SUCCESS, 0)
    assert len(box.vk.live_items()) == ITEMS


def test_a_plan_of_yesterday_is_refused_and_looked_at_again(asking: SyncJob, user: User) -> None:
    finished_at(asking, timezone.now() - PLAN_LASTS - timedelta(minutes=1))
    with pytest.raises(CannotSync) as refusal:
        approve_job(asking, by=user)
    assert refusal.value.code == "plan_expired"
    again = carry_on(user)
    assert again.status == Status.NEEDS_APPROVAL
    asking.refresh_from_db()
    assert asking.decision == Decision.REPLACED


def test_a_newer_question_about_the_same_plan_is_approved_in_its_place(asking: SyncJob, user: User) -> None:
    newer = run(user)
    asking.refresh_from_db()
    assert (asking.decision, asking.items.count()) == (Decision.REPLACED, 0)
    assert newer.items.count() == ITEMS
    new = approve_job(asking, by=user)
    assert new.approves == newer
    assert carry_on(user).items_updated == ITEMS


def test_a_newer_question_about_another_plan_is_not(asking: SyncJob, user: User, box: Sandbox) -> None:
    reprice(box, by=1)
    run(user)
    asking.refresh_from_db()
    with pytest.raises(CannotSync) as refusal:
        approve_job(asking, by=user)
    assert refusal.value.code == "not_asking"


@pytest.mark.once
def test_a_dropped_plan_says_who_dropped_it_and_is_asked_about_again(asking: SyncJob, user: User) -> None:
    reject_job(asking, by=user)
    asking.refresh_from_db()
    assert (asking.status, asking.decision, asking.approved_by) == (Status.CANCELLED, Decision.REJECTED, user)
    assert run(user).status == Status.NEEDS_APPROVAL
    assert asking.items.count() == ITEMS


@pytest.mark.once
def test_an_approved_run_that_vk_interrupts_goes_on_with_the_rest_of_the_list(
    user: User, box: Sandbox
) -> None:
    put_goods(box, 30 - ITEMS, name="Тарелка")
    run(user)
    reprice(box, by=50)
    approve_job(run(user), by=user)
    box.vk.fault("error", code=9, nth=3, method="execute")
    job = claim(user, now=timezone.now())
    assert job is not None
    job = run_slice(job)
    assert (job.is_finished, job.done) == (False, 25)
    done = carry_on(user)
    assert (done.pk, done.status, done.items_updated) == (job.pk, Status.SUCCESS, 30)
