"""Goods that leave, come back, or go to another store: items follow their goods and nothing else."""

from typing import Any

import pytest

from accounts.models import User
from sandbox import Sandbox
from syncing.models import Listing, SyncConfig, SyncJob
from tests.integration.faults.shop import run, store_of

pytestmark = pytest.mark.django_db

BARCODE = "4600000000017"


@pytest.fixture
def user(empty_handed: User) -> User:
    """Return a merchant with an empty store."""
    return empty_handed


def enter(box: Sandbox, name: str, *, store_id: str = "", **fields: Any) -> str:
    """Enter a product into the till; return its id."""
    product = box.evotor.add_product(store_id or store_of(box).id, name, price=100, quantity=5, **fields)
    return str(product.id)


def visible(box: Sandbox) -> dict[str, int]:
    """Return the ids of the items that shoppers see, by title."""
    return {item.title: item.id for item in box.vk.live_items() if not item.hidden}


def edited(box: Sandbox, title: str) -> int:
    """Give the item another title and photo by hand; return its id."""
    item_id = visible(box)[title]
    box.vk.rename_item(item_id, "Моя любимая")
    box.vk.change_photo(item_id)
    return item_id


CODES = [{"article_number": "AB-17"}, {"barcodes": ["2000000000017"]}, {"code": "1234"}]


@pytest.mark.once
@pytest.mark.parametrize("codes", CODES, ids=str)
@pytest.mark.parametrize("is_at_once", [True, False])
def test_goods_that_get_a_used_code_are_not_sold_under_the_old_name(
    box: Sandbox, user: User, codes: dict[str, Any], *, is_at_once: bool
) -> None:
    old = enter(box, "Кружка синяя", **codes)
    run(user)
    item_id = edited(box, "Кружка синяя")
    run(user)
    box.evotor.delete_product(store_of(box).id, old)
    if not is_at_once:
        run(user)
    enter(box, "Чайник медный", **codes)
    run(user, approve=True)
    assert visible(box).keys() == {"Чайник медный"}
    assert visible(box)["Чайник медный"] != item_id
    assert box.vk.communities[box.group_id].items[item_id].title == "Моя любимая"


def test_a_makers_barcode_carries_the_item_but_not_what_was_made_for_other_goods(
    box: Sandbox, user: User
) -> None:
    old = enter(box, "Кружка синяя", barcodes=[BARCODE])
    run(user)
    item_id = edited(box, "Кружка синяя")
    run(user)
    photo = box.vk.communities[box.group_id].items[item_id].main_photo_id
    assert set(Listing.objects.get().merchant_fields) == {"title", "photo_key"}
    box.evotor.delete_product(store_of(box).id, old)
    enter(box, "Чайник медный", barcodes=[BARCODE])
    run(user, approve=True)
    assert visible(box) == {"Чайник медный": item_id}
    assert box.vk.communities[box.group_id].items[item_id].main_photo_id != photo
    assert Listing.objects.get().merchant_fields == []
    job = run(user)
    assert (job.items_updated, job.items_unchanged) == (0, 1)


@pytest.mark.once
def test_a_makers_barcode_and_a_like_name_carry_the_merchants_texts_too(box: Sandbox, user: User) -> None:
    old = enter(box, "Кружка синяя", barcodes=[BARCODE])
    run(user)
    item_id = edited(box, "Кружка синяя")
    run(user)
    box.evotor.delete_product(store_of(box).id, old)
    enter(box, "КРУЖКА  СИНЯЯ", barcodes=[BARCODE])
    run(user)
    assert visible(box) == {"Моя любимая": item_id}


@pytest.mark.once
@pytest.mark.parametrize("codes", [{}, {"barcodes": [BARCODE]}, {"article_number": "AB-17"}], ids=str)
def test_goods_that_move_to_another_store_keep_their_item(
    box: Sandbox, user: User, codes: dict[str, Any]
) -> None:
    other = box.evotor.add_store("Вторая лавка")
    old = enter(box, "Кружка синяя", **codes)
    enter(box, "Ложка", store_id=other.id)
    run(user)
    before = visible(box)
    box.evotor.delete_product(store_of(box).id, old)
    enter(box, "Кружка синяя", store_id=other.id, **codes)
    job = run(user, approve=True)
    assert (job.status, job.items_created, job.items_hidden) == (SyncJob.Status.SUCCESS, 0, 0)
    assert visible(box) == before
    assert run(user).items_updated == 0


def test_a_card_of_two_stores_keeps_its_item_when_the_first_one_loses_the_goods(
    box: Sandbox, user: User
) -> None:
    first, second = store_of(box), box.evotor.add_store("Вторая лавка")
    SyncConfig.objects.update(stores="merge", store_order=[first.id, second.id])
    old = enter(box, "Кружка синяя", barcodes=[BARCODE])
    enter(box, "Кружка синяя", store_id=second.id, barcodes=[BARCODE])
    enter(box, "Ложка")
    run(user)
    before = visible(box)
    assert len(before) == 2
    box.evotor.delete_product(first.id, old)
    job = run(user, approve=True)
    assert (job.items_created, job.items_hidden) == (0, 0)
    assert visible(box) == before
    SyncConfig.objects.update(store_order=[second.id, first.id])
    enter(box, "Кружка синяя", barcodes=[BARCODE])
    run(user, approve=True)
    SyncConfig.objects.update(store_order=[first.id, second.id])
    job = run(user, approve=True)
    assert (job.items_created, job.items_hidden) == (0, 0)
    assert visible(box) == before
