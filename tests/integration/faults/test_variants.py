"""Items that the merchant has grouped as variants of one in VK stay grouped, and are made no second time."""

from copy import deepcopy

import pytest

from accounts.models import User
from sandbox import Sandbox
from sandbox.vk.records import Item
from syncing.core.choices import Removal
from syncing.models import Listing, SyncConfig, SyncJob
from tests.integration.faults.shop import ITEMS, first_run, run, store_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

GROUPED = 4


def group(items: list[Item]) -> None:
    """Make these items variants of one, the first being the main one, as the merchant does in VK."""
    for number, item in enumerate(items):
        item.grouping_id, item.variant_ids, item.is_main_variant = 7, [71 + number], number == 0


def grouping(items: list[Item]) -> list[tuple[int, list[int], bool]]:
    return [(item.grouping_id, item.variant_ids, item.is_main_variant) for item in items]


@pytest.fixture(params=[False, True], ids=["all are listed", "only the main one is listed"])
def ours(box: Sandbox, user: User, request: pytest.FixtureRequest) -> list[Item]:
    """Return four items of ours that the merchant has grouped with one that they made by hand."""
    first_run(box, user)
    box.vk.doubts.lists_main_variants_alone = request.param
    rows = Listing.objects.order_by("pk")[:GROUPED]
    return [box.vk.items[row.vk_item_id or 0] for row in rows]


@pytest.fixture
def by_hand(box: Sandbox, ours: list[Item]) -> Item:
    item = box.vk.merchant.create_item("Кружка зелёная")
    group([*ours, item])
    return item


def product_ids(ours: list[Item]) -> list[str]:
    return [Listing.objects.get(vk_item_id=item.id).product_evotor_id for item in ours]


def test_variants_follow_the_till_and_stay_variants(
    box: Sandbox, user: User, ours: list[Item], by_hand: Item
) -> None:
    before, theirs = grouping(ours), deepcopy(by_hand)
    for product_id in product_ids(ours):
        box.evotor.edit_product(
            store_of(box).id, product_id, price=500, name=f"Чашка новая {product_id[-4:]}"
        )
    job = run(user)
    assert (job.status, job.items_updated, job.items_created) == (SyncJob.Status.SUCCESS, GROUPED, 0)
    assert {item.price_kopecks for item in ours} == {50_000}
    assert (grouping(ours), by_hand) == (before, theirs)
    again = run(user)
    assert (again.status, again.items_created, again.items_updated) == (SyncJob.Status.SUCCESS, 0, 0)
    assert len(box.vk.live_items()) == ITEMS + 1


@pytest.mark.parametrize("removal", [Removal.HIDE, Removal.DELETE])
def test_a_variant_that_leaves_the_till_takes_no_other_along(
    box: Sandbox, user: User, ours: list[Item], by_hand: Item, removal: Removal
) -> None:
    SyncConfig.objects.filter(user=user).update(removal=removal)
    theirs = deepcopy(by_hand)
    for product_id in product_ids(ours)[:2]:
        box.evotor.delete_product(store_of(box).id, product_id)
    assert run(user).status == SyncJob.Status.SUCCESS
    assert [item.hidden or item.deleted_at is not None for item in ours] == [True, True, False, False]
    assert run(user).done == 0
    assert (by_hand, ours[2].grouping_id) == (theirs, 7)
