"""Five photos of one product: in the merchant's order, each uploaded once, never over what they did in VK."""

from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from catalog.choices import PhotoMove
from catalog.models import Product
from catalog.photos.placeholders import placeholder
from catalog.photos.services import add_photo, move_photo, order_photos, remove_photo
from sandbox import Sandbox
from sandbox.vk.records import Item
from syncing.models import Listing, SyncJob
from syncing.services.field_ownership import reset_overrides
from tests.integration.faults.shop import ITEMS, first_run, run

pytestmark = pytest.mark.django_db(transaction=True)

FIVE = 5


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def mug(box: Sandbox, user: User) -> Product:
    """Return a product that is in VK with a drawn picture."""
    first_run(box, user)
    return Product.objects.order_by("pk")[0]


def shoot(product: Product, count: int) -> None:
    """Give a product so many photos, all different."""
    start = product.photos.count()
    for number in range(start, start + count):
        add_photo(product, jpeg=placeholder(f"Снимок {number}", ""))


def item_of(box: Sandbox, product: Product) -> Item:
    listing = Listing.objects.get(product=product)
    return box.vk.communities[box.group_id].items[listing.vk_item_id or 0]


def shown(box: Sandbox, product: Product) -> list[str]:
    """Return the checksums of an item's pictures as VK shows them."""
    item = item_of(box, product)
    return [box.vk.photos[pk].sha for pk in (item.main_photo_id, *item.photo_ids)]


def wanted(box: Sandbox, product: Product) -> list[str]:
    """Return which of VK's pictures stand for the product's photos, in the merchant's order."""
    saved = Listing.objects.get(product=product).saved_photos or {}
    return [box.vk.photos[saved[photo.content_hash]].sha for photo in product.photos.in_order()]


def edits(box: Sandbox) -> int:
    return sum(call.method == "market.edit" for call in box.vk.calls)


@pytest.mark.once
def test_five_photos_of_a_new_product_are_sent_with_it(box: Sandbox, user: User) -> None:
    first_run(box, user)
    store = next(iter(box.evotor.stores.values()))
    box.evotor.add_product(store.id, "Чайник медный", price=900, quantity=1)
    run(user, refresh=True)
    kettle = Product.objects.get(name="Чайник медный")
    box.vk.delete_item(Listing.objects.get(product=kettle).vk_item_id or 0)
    shoot(kettle, FIVE)
    assert run(user).items_created == 1
    found = shown(box, kettle)
    assert len(set(found)) == FIVE
    assert found == wanted(box, kettle)


@pytest.mark.once
def test_more_photos_go_to_an_item_that_is_there_and_a_second_run_writes_nothing(
    box: Sandbox, user: User, mug: Product
) -> None:
    shoot(mug, FIVE)
    job = run(user)
    assert (job.items_updated, job.requests["uploads"]) == (1, FIVE)
    assert shown(box, mug) == wanted(box, mug)
    uploads, written = box.vk.uploads, edits(box)
    assert run(user).items_updated == 0
    assert (box.vk.uploads, edits(box)) == (uploads, written)


@pytest.mark.once
def test_another_order_is_one_edit_without_an_upload(box: Sandbox, user: User, mug: Product) -> None:
    shoot(mug, FIVE)
    run(user)
    uploads, before = box.vk.uploads, shown(box, mug)
    assert move_photo(mug.photos.in_order()[3], PhotoMove.MAIN)
    job = run(user)
    assert (job.items_updated, job.requests["uploads"], box.vk.uploads) == (1, 0, uploads)
    assert shown(box, mug) == [before[3], before[0], before[1], before[2], before[4]]
    order_photos(mug, [photo.pk for photo in reversed(mug.photos.in_order())])
    assert run(user).requests["uploads"] == 0
    assert shown(box, mug) == wanted(box, mug)


@pytest.mark.once
def test_a_photo_that_was_removed_leaves_vk_and_comes_back_without_an_upload(
    box: Sandbox, user: User, mug: Product
) -> None:
    shoot(mug, 2)
    run(user)
    second = mug.photos.in_order()[1]
    with second.file.open("rb") as file:
        jpeg = file.read()
    remove_photo(second)
    run(user)
    assert len(shown(box, mug)) == 1
    add_photo(mug, jpeg=jpeg)
    assert run(user).requests["uploads"] == 0
    assert len(shown(box, mug)) == 2


@pytest.mark.once
@pytest.mark.parametrize("method", ["market.saveProductPhotoBulk", "market.getProductPhotoUploadServer"])
def test_a_lost_answer_between_the_uploads_puts_up_no_picture_twice(
    box: Sandbox, user: User, mug: Product, method: str
) -> None:
    shoot(mug, FIVE)
    box.vk.fault("reset_after", nth=1, method=method)
    for _ in range(3):
        run(user)
    found = shown(box, mug)
    assert found == wanted(box, mug)
    assert len(set(found)) == FIVE
    assert len({item.id for item in box.vk.live_items()}) == ITEMS


@pytest.mark.once
def test_a_lost_answer_of_the_edit_is_no_edit_of_the_merchants(
    box: Sandbox, user: User, mug: Product
) -> None:
    shoot(mug, 3)
    box.vk.fault("reset_after", nth=1, method="market.edit")
    run(user)
    shoot(mug, 1)
    for _ in range(2):
        run(user)
    assert shown(box, mug) == wanted(box, mug)
    assert Listing.objects.get(product=mug).merchant_fields == []


@pytest.mark.once
def test_pictures_that_vk_has_lost_are_uploaded_once_more(box: Sandbox, user: User, mug: Product) -> None:
    shoot(mug, 3)
    text = "photo not found or already assigned to another item"
    box.vk.fault("error", code=100, text=text, nth=1, method="market.edit")
    job = run(user)
    assert (job.status, job.items_updated, job.error_count) == (SyncJob.Status.SUCCESS, 1, 0)
    assert job.requests["uploads"] == 2 * 3
    assert shown(box, mug) == wanted(box, mug)


def test_pictures_that_the_merchant_has_put_behind_ours_stay(box: Sandbox, user: User, mug: Product) -> None:
    box.vk.merchant.add_more_photos(item_of(box, mug).id, 2)
    theirs = item_of(box, mug).photo_ids
    shoot(mug, 2)
    run(user)
    item = item_of(box, mug)
    # The main picture was ours, so it is the merchant's new photo now; what they put behind it stays.
    assert item.photo_ids == theirs
    assert Listing.objects.get(product=mug).photo_id == item.main_photo_id
    assert Listing.objects.get(product=mug).merchant_fields == ["more_photos"]
    assert run(user).items_updated == 0
    assert reset_overrides(user, mug, field="more_photos") == ["more_photos"]
    run(user)
    assert shown(box, mug) == wanted(box, mug)


@pytest.mark.once
def test_behind_a_main_picture_of_the_merchants_nothing_is_put(
    box: Sandbox, user: User, mug: Product
) -> None:
    box.vk.merchant.change_photo(item_of(box, mug).id)
    theirs = item_of(box, mug).main_photo_id
    shoot(mug, 3)
    run(user)
    item = item_of(box, mug)
    assert (item.main_photo_id, item.photo_ids) == (theirs, [])


def test_an_order_that_the_merchant_made_in_vk_stays(box: Sandbox, user: User, mug: Product) -> None:
    shoot(mug, 3)
    run(user)
    item = item_of(box, mug)
    item.photo_ids.reverse()
    theirs = [*item.photo_ids]
    # Ten minutes later VK's lists lag behind no write of ours any more.
    Listing.objects.update(own_values=None)
    shoot(mug, 1)
    run(user)
    assert item_of(box, mug).photo_ids == theirs
    assert Listing.objects.get(product=mug).merchant_fields == ["more_photos"]
