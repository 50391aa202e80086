"""A till reports a change: what is read, and when."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from catalog.models import Store
from sandbox import Sandbox
from sandbox.evotor.records import TillStore
from syncing.core.choices import QuestionCode
from syncing.jobs.lifecycle import claim, request_sync
from syncing.jobs.runner import run_slice
from syncing.jobs.triggers import DEBOUNCE, LONGEST_FLURRY, on_till_push, on_till_receipts
from syncing.models import SyncConfig, SyncJob
from tests.integration.syncing.running import carry_on, put_goods, run
from tests.queues import waiting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(user: User, box: Sandbox) -> User:
    """Return a merchant with two stores whose goods are in VK."""
    second = box.evotor.add_store("Ларёк")
    box.evotor.add_product(second.id, "Шарф шерстяной", price=900, quantity=3)
    SyncConfig.objects.filter(user=user).update(is_enabled=True)
    run(user)
    return user


def stores_of(box: Sandbox) -> list[TillStore]:
    return list(box.evotor.stores.values())


def read_after(box: Sandbox, shop: User) -> set[str]:
    """Carry the run on and return the names of the stores whose goods it has read."""
    before = len(box.evotor.calls)
    job = carry_on(shop)
    assert job.status == SyncJob.Status.SUCCESS
    paths = [call.path for call in box.evotor.calls[before:]]
    return {store.name for store in stores_of(box) if any(store.id in path for path in paths)}


@pytest.mark.once
def test_only_the_store_that_reported_a_change_is_read(shop: User, box: Sandbox) -> None:
    first, second = stores_of(box)
    on_till_push(shop.pk, second.id)
    assert read_after(box, shop) == {second.name}
    on_till_push(shop.pk, first.id)
    on_till_push(shop.pk, second.id)
    assert read_after(box, shop) == {first.name, second.name}
    assert not Store.objects.pushed().exists()


@pytest.mark.once
def test_after_a_push_of_a_store_that_nobody_knows_all_are_read(shop: User, box: Sandbox) -> None:
    on_till_push(shop.pk, "20260101-0000-4000-8000-000000000000")
    assert len(read_after(box, shop)) == 2


@pytest.mark.parametrize("is_known", [True, False])
def test_a_run_after_a_push_asks_about_a_store_that_was_deleted(
    shop: User, box: Sandbox, *, is_known: bool
) -> None:
    second = stores_of(box)[1]
    box.evotor.delete_store(second.id)
    on_till_push(shop.pk, second.id if is_known else "20260101-0000-4000-8000-000000000000")
    job = carry_on(shop)
    assert (job.status, job.questions) == (
        SyncJob.Status.NEEDS_APPROVAL,
        [[QuestionCode.STORE_VANISHED, 1, 1]],
    )
    assert list(Store.objects.missing().values_list("evotor_id", flat=True)) == [second.id]


def test_what_a_failed_run_did_not_read_the_next_one_reads(shop: User, box: Sandbox) -> None:
    second = stores_of(box)[1]
    on_till_push(shop.pk, second.id)
    box.evotor.fault("http", status=500, times=0)
    assert carry_on(shop).status == SyncJob.Status.FAILED
    box.evotor.faults.clear()
    assert list(Store.objects.pushed().values_list("name", flat=True)) == [second.name]
    on_till_push(shop.pk, stores_of(box)[0].id)
    assert len(read_after(box, shop)) == 2


@pytest.mark.parametrize("report", [on_till_push, on_till_receipts])
def test_what_the_till_reports_between_two_slices_is_read_by_the_next_run(
    shop: User, box: Sandbox, report: Callable[[int, str], None]
) -> None:
    first = stores_of(box)[0]
    put_goods(box, 2, name="Чашка белая")
    box.vk.fault("http", status=500, times=0, method="market.getProductPhotoUploadServer")
    request_sync(shop, trigger=SyncJob.Trigger.MANUAL)
    claimed = claim(shop, now=timezone.now())
    assert claimed is not None
    assert run_slice(claimed).status == SyncJob.Status.PENDING
    report(shop.pk, first.id)
    box.vk.faults.clear()
    assert carry_on(shop).again
    assert SyncJob.objects.active().get().triggered_by == SyncJob.Trigger.WEBHOOK
    assert read_after(box, shop) == {first.name}
    assert not SyncJob.objects.active().exists()


def test_a_till_that_reports_without_a_pause_is_waited_for_half_a_minute(shop: User, box: Sandbox) -> None:
    store = stores_of(box)[0]
    on_till_push(shop.pk, store.id)
    job = SyncJob.objects.active().get()
    for seconds in (3, 20, 28):
        SyncJob.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(seconds=seconds))
        on_till_push(shop.pk, store.id)
        job.refresh_from_db()
        assert job.not_before is not None
        assert timezone.now() <= job.not_before <= timezone.now() + DEBOUNCE
        assert job.not_before <= job.created_at + LONGEST_FLURRY


@pytest.mark.once
def test_the_first_push_of_a_flurry_sends_one_message_and_each_later_one_another(
    shop: User, box: Sandbox
) -> None:
    store = stores_of(box)[0]
    waiting()
    on_till_push(shop.pk, store.id)
    (message,) = waiting(actor="run_sync_for_user")
    assert list(message.args) == [shop.pk]
    on_till_push(shop.pk, store.id)
    assert len(waiting(actor="run_sync_for_user")) == 1


@pytest.mark.once
def test_a_sale_that_moves_no_date_of_its_product_is_in_vk_after_the_receipt(
    shop: User, box: Sandbox
) -> None:
    _first, second = stores_of(box)
    product = next(iter(second.products.values()))
    assert not box.evotor.rules.sale_moves_updated_at
    # Long enough ago that a reading of what changed lately would leave it out.
    product.updated_at -= 86_400
    box.evotor.sell(second.id, product.id, 2)
    on_till_push(shop.pk, second.id)
    carry_on(shop)
    item = next(item for item in box.vk.live_items() if item.title == "Шарф шерстяной")
    assert item.stock == 3
    on_till_receipts(shop.pk, second.id)
    assert read_after(box, shop) == {second.name}
    assert item.stock == 1
    assert not Store.objects.pushed().exists()


@pytest.mark.once
def test_a_hundred_receipts_are_one_reading(shop: User, box: Sandbox) -> None:
    store = stores_of(box)[0]
    for _receipt in range(100):
        on_till_receipts(shop.pk, store.id)
    before = len(box.evotor.calls)
    assert read_after(box, shop) == {store.name}
    assert len(box.evotor.calls) - before == 1
    assert not SyncJob.objects.active().exists()


def test_receipts_of_a_store_that_is_not_this_merchants_read_nothing(shop: User, box: Sandbox) -> None:
    on_till_receipts(shop.pk, "20260101-0000-4000-8000-000000000000")
    assert not SyncJob.objects.active().exists()
    assert not Store.objects.pushed().exists()


@pytest.mark.once
def test_a_receipt_hides_nothing_that_the_reading_does_not_find(shop: User, box: Sandbox) -> None:
    store = stores_of(box)[0]
    before = len(box.vk.live_items())
    for product_id in list(store.products):
        box.evotor.delete_product(store.id, product_id)
    on_till_receipts(shop.pk, store.id)
    assert read_after(box, shop) == {store.name}
    assert len(box.vk.live_items()) == before
