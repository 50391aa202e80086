"""A product must not stand in VK twice: not after its item was removed, made again, and brought back."""

import pytest

from accounts.models import User
from sandbox import Sandbox
from sandbox.vk.records import Item
from syncing.core.choices import Removal
from syncing.models import Listing, SyncConfig, SyncJob
from syncing.services.planning import preview
from syncing.services.rebuild_listings import rebuild_listings
from tests.integration.faults.shop import ITEMS, assert_complete, first_run, run, store_of

pytestmark = pytest.mark.django_db


def bring_back(box: Sandbox, item: Item) -> None:
    """Restore a removed item as the merchant does on VK's page."""
    item.deleted_at = None
    box.vk.communities[box.group_id].order.append(item.id)


def shown(box: Sandbox) -> list[Item]:
    return [item for item in box.vk.live_items() if not item.hidden]


@pytest.fixture
def duplicate(box: Sandbox, user: User) -> Item:
    """Return an item that was removed, made again by a run, and brought back."""
    first_run(box, user)
    first = box.vk.live_items()[0]
    box.vk.merchant.delete_item(first.id)
    assert run(user).items_created == 1
    bring_back(box, first)
    assert len(shown(box)) == ITEMS + 1
    return first


def test_an_item_that_came_back_is_hidden_and_the_newer_one_stays(
    box: Sandbox, user: User, duplicate: Item
) -> None:
    assert [action.item_id for action in preview(user).second_items] == [duplicate.id]
    job = run(user)
    assert (job.status, job.items_hidden, job.error_count) == (SyncJob.Status.SUCCESS, 1, 0)
    row = job.items.get()
    assert (row.reason, row.result, row.product_name) == ("twin", "done", duplicate.title)
    assert duplicate.hidden
    titles = [item.title for item in shown(box)]
    assert len(titles) == len(set(titles)) == ITEMS
    again = run(user)
    assert (again.items_hidden, again.items_unchanged) == (0, ITEMS)
    assert "market.edit" not in again.requests["vk_calls"]


@pytest.mark.once
def test_a_refusal_is_told_and_tried_again(box: Sandbox, user: User, duplicate: Item) -> None:
    box.vk.fault("error", code=100, method="market.edit")
    job = run(user)
    assert (job.status, job.items_hidden) == (SyncJob.Status.PARTIAL, 0)
    assert run(user).items_hidden == 1
    assert duplicate.hidden


@pytest.mark.once
def test_a_map_that_is_made_again_brings_no_second_item_back(
    box: Sandbox, user: User, duplicate: Item
) -> None:
    run(user)
    assert duplicate.hidden
    rebuild_listings(user)
    job = run(user)
    assert (job.items_updated, job.items_hidden, job.items_unchanged) == (0, 0, ITEMS)
    assert len(shown(box)) == ITEMS


CHANGES: list[tuple[dict[str, object], str]] = [
    ({"price": 555}, "items_updated"),
    ({"allow_to_sell": False}, "items_hidden"),
]


@pytest.mark.once
@pytest.mark.parametrize(("change", "counter"), CHANGES, ids=["edit", "hide"])
def test_an_item_that_vk_calls_gone_and_shows_is_not_made_twice(
    box: Sandbox, user: User, change: dict[str, object], counter: str
) -> None:
    first_run(box, user)
    store = store_of(box)
    for product_id in list(store.products)[:4]:
        box.evotor.edit_product(store.id, product_id, **change)
    box.vk.fault("error", method="market.edit", code=1403, times=4)
    job = run(user)
    assert (job.status, getattr(job, counter)) == (SyncJob.Status.PARTIAL, 0)
    assert list(job.items.values_list("error_code", flat=True)) == ["vk.unsteady_list"] * 4
    assert len(shown(box)) == ITEMS
    again = run(user)
    assert (again.status, getattr(again, counter)) == (SyncJob.Status.SUCCESS, 4)
    assert len(box.vk.live_items()) == ITEMS


@pytest.mark.once
def test_an_item_that_vk_calls_gone_and_shows_is_not_taken_for_removed(box: Sandbox, user: User) -> None:
    SyncConfig.objects.filter(user=user).update(removal=Removal.DELETE)
    first_run(box, user)
    store = store_of(box)
    for product_id in list(store.products)[:4]:
        box.evotor.delete_product(store.id, product_id)
    box.vk.fault("error", method="market.delete", code=1403, times=3)
    job = run(user)
    assert (job.status, job.items_deleted, job.error_count) == (SyncJob.Status.PARTIAL, 1, 3)
    assert Listing.objects.with_item().count() == ITEMS - 1
    again = run(user)
    assert (again.status, again.items_deleted) == (SyncJob.Status.SUCCESS, 3)
    assert len(box.vk.live_items()) == ITEMS - 4


@pytest.mark.once
def test_a_copy_that_the_merchant_makes_is_theirs(box: Sandbox, user: User) -> None:
    first_run(box, user)
    ours = box.vk.live_items()[0]
    copy = box.vk.merchant.create_item(ours.title + " (подарочная)")
    copy.sku = ours.sku
    job = run(user)
    assert (job.items_hidden, job.items_unchanged) == (0, ITEMS)
    assert not copy.hidden
    assert_complete(box, ITEMS + 1)
