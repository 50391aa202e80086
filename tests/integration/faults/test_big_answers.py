"""Answers of VK that are larger than it gives: less is asked for at once, and one item spoils no others."""

from math import ceil

import pytest

from accounts.models import User
from sandbox import Sandbox
from syncing.models import Listing, SyncJob
from syncing.publishing.vk.reader import PageSize
from tests.integration.faults.shop import ITEMS, assert_complete, fill, first_run, run, store_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.same_statements]


def change_a_price(box: Sandbox) -> None:
    store = store_of(box)
    box.evotor.edit_product(store.id, next(iter(store.products)), price=777)


@pytest.mark.once
@pytest.mark.parametrize("room", [200_000, 30_000, 10_000, 4_000])
def test_a_page_that_is_too_large_is_read_in_smaller_ones(box: Sandbox, user: User, room: int) -> None:
    first_run(box, user)
    box.vk.limits.answer_bytes = room
    change_a_price(box)
    job = run(user)
    assert (job.status, job.items_updated, job.items_created) == (SyncJob.Status.SUCCESS, 1, 0)
    assert_complete(box)


@pytest.mark.once
def test_one_large_item_costs_a_few_requests_and_is_kept_right_too(box: Sandbox, user: User) -> None:
    first_run(box, user)
    large = box.vk.live_items()[17]
    large.description = "Слово " * 8_000
    box.vk.limits.answer_bytes = 80_000
    change_a_price(box)
    asked = box.vk.requests
    job = run(user)
    assert (job.status, job.items_created, job.items_hidden) == (SyncJob.Status.SUCCESS, 0, 0)
    assert_complete(box)
    assert box.vk.requests - asked < 40


def test_an_item_that_cannot_even_be_read_alone_is_named_and_the_others_go_on(
    box: Sandbox, user: User
) -> None:
    first_run(box, user)
    large = box.vk.live_items()[17]
    large.description = "Слово " * 8_000
    box.vk.limits.answer_bytes = 80_000
    box.vk.limits.direct_answer_bytes = 80_000
    change_a_price(box)
    for updated in (1, 0):
        job = run(user)
        assert (job.status, job.error_code) == (SyncJob.Status.PARTIAL, "vk.item_too_large")
        assert (job.items_created, job.items_updated, job.items_hidden, job.error_count) == (0, updated, 0, 0)
        assert large.title in job.error_detail
    assert_complete(box)
    assert Listing.objects.filter(vk_item_id=large.id).exists()
    product = next(one for one in store_of(box).products.values() if one.fields["name"] == large.title)
    box.evotor.edit_product(store_of(box).id, product.id, price=555)
    run(user)
    assert box.vk.items[large.id].price_kopecks == 55_500
    box.vk.limits.direct_answer_bytes = box.vk.limits.answer_bytes = 5_000_000
    assert run(user).status == SyncJob.Status.SUCCESS
    assert_complete(box)


@pytest.mark.once
def test_a_vk_that_can_read_nothing_is_not_taken_for_many_large_items(box: Sandbox, user: User) -> None:
    first_run(box, user)
    box.vk.limits.answer_bytes = box.vk.limits.direct_answer_bytes = 10
    asked = box.vk.requests
    job = run(user)
    assert (job.status, job.error_code) == (SyncJob.Status.FAILED, "vk.13")
    assert box.vk.requests - asked < 80
    box.vk.limits.answer_bytes = box.vk.limits.direct_answer_bytes = 5_000_000
    assert run(user).status == SyncJob.Status.SUCCESS
    assert_complete(box)


@pytest.mark.once
def test_items_that_are_asked_for_by_id_come_in_smaller_lots_too(box: Sandbox, user: User) -> None:
    first_run(box, user)
    box.vk.freeze_lists()
    for shop in box.vk._frozen.values():
        shop.order.clear()
    box.vk.limits.answer_bytes = 20_000
    change_a_price(box)
    job = run(user)
    box.vk.thaw_lists()
    assert (job.status, job.items_updated, job.items_created) == (SyncJob.Status.SUCCESS, 1, 0)
    assert_complete(box, ITEMS)


@pytest.mark.once
@pytest.mark.parametrize("room", [1, 3, 124, 125, 400, 999])
def test_a_shop_of_large_items_is_read_in_few_requests_more_than_needed(room: int) -> None:
    size, left, requests = PageSize(), 3_000, 0
    while left > 0:
        requests += 1
        if size.items > room:
            size.halve()
        else:
            left -= size.items
            size.fits()
    smallest = next(1_000 // 2**n for n in range(11) if 1_000 // 2**n <= room)
    assert requests <= ceil(3_000 / smallest) + 25


@pytest.mark.once
def test_after_one_large_item_the_pages_grow_back() -> None:
    size = PageSize()
    while size.items > 1:
        size.halve()
    size.passed_a_large_item()
    sizes = []
    for _ in range(10):
        sizes.append(size.items)
        size.fits()
    assert sizes == [2, 4, 8, 16, 32, 64, 128, 256, 512, 1_000]


@pytest.mark.once
def test_an_ordinary_shop_is_read_in_one_request(box: Sandbox, empty_handed: User) -> None:
    fill(box, 60)
    run(empty_handed)
    asked = box.vk.requests
    job = run(empty_handed)
    assert (job.status, box.vk.requests - asked) == (SyncJob.Status.SUCCESS, 1)
