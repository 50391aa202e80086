"""The merchant works in VK by hand between our reading of the shop and our writes to it."""

from typing import Any

import pytest

from accounts.models import User
from sandbox import Sandbox
from syncing.models import Listing, SyncJob
from tests.integration.faults.shop import ITEMS, first_run, run, store_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


# What the run of the test writes after its reading, in this order.
MOMENTS = ["market.edit", "upload", "market.add", "market.addToAlbum"]


@pytest.mark.parametrize("moment", MOMENTS)
def test_what_the_merchant_does_amid_a_run_stays_where_it_is_theirs(
    box: Sandbox, user: User, moment: str
) -> None:
    first_run(box, user)
    ours = list(Listing.objects.order_by("pk")[:7])
    items = [box.vk.items[row.vk_item_id or 0] for row in ours]
    drawn = {item.main_photo_id for item in box.vk.live_items()}
    change_till(box, [row.product_evotor_id for row in ours])
    box.vk.fault("action", method=moment, do=lambda: work_in_vk(box, items))
    assert run(user).status == SyncJob.Status.SUCCESS
    box.vk.faults.clear()
    assert run(user).status == SyncJob.Status.SUCCESS
    renamed, repriced, described, pictured, deleted, hidden, filed = items[:7]
    assert (renamed.title, described.description) == ("Любимая", "Совсем другое описание")
    assert hidden.hidden
    assert {one.price_kopecks for one in (renamed, repriced, described, pictured, hidden)} == {50_000}
    live = box.vk.live_items()
    assert deleted.id not in {one.id for one in live}
    assert sum(one.title == deleted.title for one in live) == 1
    assert pictured.main_photo_id not in drawn
    assert filed.id in next(one for one in box.vk.albums.values() if one.title == "Мой альбом").item_ids
    assert len(live) == ITEMS + 2
    hand_made = next(one for one in live if one.title == "Варежки вязаные")
    assert not Listing.objects.filter(vk_item_id=hand_made.id).exists()
    again = run(user)
    assert (again.status, again.items_created, again.items_updated) == (SyncJob.Status.SUCCESS, 0, 0)


def change_till(box: Sandbox, product_ids: list[str]) -> None:
    """Change the prices of these goods, and enter one in a new group."""
    store = store_of(box)
    for product_id in product_ids:
        box.evotor.edit_product(store.id, product_id, price=500)
    group = box.evotor.add_group(store.id, "Чай")
    box.evotor.add_product(store.id, "Чай зелёный", parent_id=group.id, price=70, quantity=3)


def work_in_vk(box: Sandbox, items: list[Any]) -> None:
    """Do one thing to each of these items, and make one by hand."""
    merchant = box.vk.merchant
    merchant.rename_item(items[0].id, "Любимая")
    merchant.change_price(items[1].id, 1)
    merchant.describe_item(items[2].id, "Совсем другое описание")
    merchant.change_photo(items[3].id)
    merchant.delete_item(items[4].id)
    merchant.hide_item(items[5].id)
    box.vk.create_album("Мой альбом").item_ids.append(items[6].id)
    merchant.create_item("Варежки вязаные")
