"""What the merchant changed in VK stays his until he gives it back; then the till decides again."""

import pytest
from django.utils import timezone, translation

from accounts.models import User
from catalog.models import Product
from sandbox import Sandbox
from sandbox.vk.records import Item
from syncing.jobs.lifecycle import claim, request_sync
from syncing.models import Listing, SyncJob
from syncing.services.errors import CannotSync
from syncing.services.field_ownership import reset_overrides
from tests.integration.syncing.running import run

pytestmark = pytest.mark.django_db(transaction=True)

NAME, TEXT = "Самая лучшая кружка", "Любимая кружка всей семьи"


@pytest.fixture
def item(user: User, box: Sandbox) -> Item:
    """Return the item of a product whose name, text and picture the merchant has changed in VK."""
    run(user)
    item = min(box.vk.live_items(), key=lambda item: item.id)
    box.vk.merchant.rename_item(item.id, NAME)
    box.vk.merchant.describe_item(item.id, TEXT)
    box.vk.merchant.change_photo(item.id)
    run(user)
    assert (item.title, item.description) == (NAME, TEXT)
    return item


@pytest.fixture
def product(item: Item) -> Product:
    """Return its product."""
    product = listing_of(item).product
    assert product is not None
    return product


def listing_of(item: Item) -> Listing:
    return Listing.objects.get(vk_item_id=item.id)


def test_one_field_goes_back_and_the_others_stay(user: User, item: Item, product: Product) -> None:
    photo = item.main_photo_id
    assert reset_overrides(user, product, field="title") == ["title"]
    done = run(user)
    assert (done.status, done.items_updated) == (SyncJob.Status.SUCCESS, 1)
    assert (item.title, item.description, item.main_photo_id) == (product.name, TEXT, photo)
    assert listing_of(item).merchant_fields == ["description", "photo_key"]
    assert run(user).items_updated == 0


def test_all_fields_go_back_with_a_picture_of_ours(
    user: User, item: Item, product: Product, box: Sandbox
) -> None:
    photo, uploads = item.main_photo_id, box.vk.uploads
    assert reset_overrides(user, product) == ["description", "photo_key", "title"]
    assert run(user).items_updated == 1
    assert item.title == product.name
    assert item.description != TEXT
    assert item.main_photo_id != photo
    assert box.vk.uploads == uploads + 1
    assert listing_of(item).merchant_fields == []
    assert run(user).items_updated == 0


def test_what_was_given_back_is_his_again_when_he_edits_it_again(
    user: User, item: Item, product: Product, box: Sandbox
) -> None:
    reset_overrides(user, product)
    run(user)
    box.vk.merchant.rename_item(item.id, "Снова моя")
    assert run(user).items_updated == 0
    assert item.title == "Снова моя"
    assert listing_of(item).merchant_fields == ["title"]


def test_nothing_is_given_back_while_a_run_writes(user: User, item: Item, product: Product) -> None:
    request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    assert claim(user, now=timezone.now()) is not None
    with translation.override("en"), pytest.raises(CannotSync, match="when it has ended"):
        reset_overrides(user, product)
    assert listing_of(item).merchant_fields == ["description", "photo_key", "title"]


def test_what_is_not_his_cannot_be_given_back(user: User, item: Item, product: Product) -> None:
    before = listing_of(item).sent
    assert reset_overrides(user, product, field="price_kopecks") == []
    assert listing_of(item).sent == before
