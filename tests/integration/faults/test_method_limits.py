"""VK limits one method: its kind of work is suspended, all else goes on, and nothing is asked needlessly."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from connections.clients.vk.errors import PAUSES
from connections.models import VkConnection
from sandbox import Sandbox
from syncing.core.choices import Reason
from syncing.models import SyncJob
from tests.integration.faults.shop import ITEMS, assert_complete, first_run, run, store_of, titles

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.same_statements]

PHOTOS = ["market.getProductPhotoUploadServer", "market.saveProductPhotoBulk"]


def change_price(box: Sandbox, number: int, price: int) -> str:
    """Change the price of a product that is in VK; return its name."""
    store, title = store_of(box), box.vk.live_items()[number].title
    product = next(one for one in store.products.values() if one.fields["name"] == title)
    box.evotor.edit_product(store.id, product.id, price=price)
    return title


def price_of(box: Sandbox, title: str) -> int:
    return next(item.price_kopecks for item in box.vk.live_items() if item.title == title)


def let_the_rest_end() -> None:
    connection = VkConnection.objects.get()
    long_ago = (timezone.now() - timedelta(seconds=1)).isoformat()
    connection.method_rests = {
        method: rest | {"until": long_ago} for method, rest in (connection.method_rests or {}).items()
    }
    connection.save()


def test_the_daily_limit_of_new_items_suspends_new_items_alone(box: Sandbox, user: User) -> None:
    box.vk.limits.daily = {"market.add": 12}
    job = run(user)
    assert (job.status, job.error_code, job.error_count) == (SyncJob.Status.PARTIAL, "vk.29", 0)
    assert job.items_created == len(titles(box)) == 12
    assert all(item.album_ids for item in box.vk.live_items())
    connection = VkConnection.objects.get(user=user)
    assert connection.is_online
    assert not connection.is_paused(timezone.now())
    for number in (0, 1):
        title = change_price(box, number, 700 + number)
        box.vk.forget_calls()
        job = run(user)
        assert (job.status, job.error_code, job.error_count) == (SyncJob.Status.PARTIAL, "vk.29", 0)
        assert (price_of(box, title), job.items_updated) == ((700 + number) * 100, 1)
        assert job.skipped_by_reason == {Reason.SUSPENDED: ITEMS - 12}
        assert not {"market.add", *PHOTOS} & set(box.vk.counts())
    box.vk.limits.daily = {}
    let_the_rest_end()
    assert run(user).status == SyncJob.Status.SUCCESS
    assert_complete(box)


@pytest.mark.once
@pytest.mark.parametrize("code", [29, 103])
@pytest.mark.parametrize("method", PHOTOS)
def test_a_limit_of_pictures_suspends_what_needs_one_and_nothing_else(
    box: Sandbox, user: User, method: str, code: int
) -> None:
    first_run(box, user)
    box.evotor.add_product(store_of(box).id, "Кружка новая", price=5, quantity=1)
    title = change_price(box, 0, 777)
    box.vk.fault("error", code=code, method=method, times=0)
    asked = box.vk.counts()[method]
    for _ in range(3):
        job = run(user)
        assert (job.status, job.error_code, job.error_count) == (SyncJob.Status.PARTIAL, f"vk.{code}", 0)
        assert price_of(box, title) == 77_700
    assert box.vk.counts()[method] == asked + 1
    box.vk.faults.clear()
    let_the_rest_end()
    assert run(user).status == SyncJob.Status.SUCCESS
    assert_complete(box, ITEMS + 1)


@pytest.mark.once
def test_a_limit_of_edits_lets_new_items_through(box: Sandbox, user: User) -> None:
    first_run(box, user)
    box.evotor.add_product(store_of(box).id, "Кружка новая", price=5, quantity=1)
    title = change_price(box, 0, 777)
    box.vk.fault("error", code=29, method="market.edit", times=0)
    for created in (1, 0):
        job = run(user)
        assert (job.status, job.error_code, job.error_count) == (SyncJob.Status.PARTIAL, "vk.29", 0)
        assert (job.items_created, job.items_updated) == (created, 0)
    assert box.vk.counts()["market.edit"] == 1
    box.vk.faults.clear()
    let_the_rest_end()
    assert run(user).status == SyncJob.Status.SUCCESS
    assert price_of(box, title) == 77_700


@pytest.mark.once
@pytest.mark.parametrize("method", ["market.addAlbum", "market.addToAlbum"])
def test_a_limit_of_albums_keeps_no_item_from_being_sold(box: Sandbox, user: User, method: str) -> None:
    box.vk.fault("error", code=29, method=method, times=0)
    for created in (ITEMS, 0):
        job = run(user)
        assert (job.status, job.error_code, job.error_count) == (SyncJob.Status.PARTIAL, "vk.29", 0)
        assert (job.items_created, job.items_updated) == (created, 0)
    assert box.vk.counts()[method] == 1
    box.vk.faults.clear()
    let_the_rest_end()
    assert run(user).status == SyncJob.Status.SUCCESS
    assert all(item.album_ids for item in box.vk.live_items())


@pytest.mark.once
@pytest.mark.parametrize("code", [9, 29, 103, 601])
def test_a_limit_of_whole_requests_pauses_the_connection(box: Sandbox, user: User, code: int) -> None:
    box.vk.fault("error", code=code, method="execute", inner=False, nth=2)
    job = run(user, trigger=SyncJob.Trigger.COMMAND)
    connection = VkConnection.objects.get(user=user)
    assert connection.paused_until is not None
    assert connection.paused_until > timezone.now() + timedelta(seconds=PAUSES[f"vk.{code}"] - 60)
    assert (job.status, connection.method_rests) == (SyncJob.Status.FAILED, None)


@pytest.mark.once
def test_another_token_has_limits_of_its_own(box: Sandbox, user: User) -> None:
    from connections.vk.connect import connect_vk

    box.vk.limits.daily = {"market.add": 12}
    run(user)
    connect_vk(user, token=box.vk.add_token().value, group=box.group_id, now=timezone.now())
    user.refresh_from_db()
    run(user)
    assert len(titles(box)) == 24
