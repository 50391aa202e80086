"""What the merchant changed in VK stays theirs until they give it back; then the till decides again."""

from collections.abc import Sequence

import pytest
from django.utils import timezone, translation

from accounts.models import User
from catalog.models import Product
from sandbox import Sandbox
from sandbox.vk.records import Item
from syncing.jobs.lifecycle import claim, request_sync
from syncing.jobs.runner import run_slice
from syncing.models import Listing, SyncFilter, SyncJob
from syncing.publishing.journal import Journal
from syncing.services.errors import CannotSync
from syncing.services.field_ownership import reset_overrides
from syncing.services.rebuild_listings import rebuild_listings
from syncing.services.settings import config_for
from tests.integration.syncing.running import first_run, reprice, run

pytestmark = pytest.mark.django_db(transaction=True)

NAME, TEXT = "Самая лучшая кружка", "Любимая кружка всей семьи"


@pytest.fixture
def item(user: User, box: Sandbox) -> Item:
    """Return the item of a product whose name, text and picture the merchant has changed in VK."""
    first_run(box, user)
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


@pytest.mark.once
def test_one_field_goes_back_and_the_others_stay(user: User, item: Item, product: Product) -> None:
    photo = item.main_photo_id
    assert reset_overrides(user, product, field="title") == ["title"]
    done = run(user)
    assert (done.status, done.items_updated) == (SyncJob.Status.SUCCESS, 1)
    assert (item.title, item.description, item.main_photo_id) == (product.name, TEXT, photo)
    assert listing_of(item).merchant_fields == ["description", "photo_key"]
    assert run(user).items_updated == 0


@pytest.mark.once
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


def test_a_field_given_back_is_the_merchants_again_when_they_edit_it_again(
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


@pytest.mark.once
def test_a_field_that_the_merchant_does_not_own_cannot_be_given_back(
    user: User, item: Item, product: Product
) -> None:
    before = listing_of(item).sent
    assert reset_overrides(user, product, field="price_kopecks") == []
    assert listing_of(item).sent == before


@pytest.fixture
def hidden(user: User, box: Sandbox) -> Item:
    """Return an item that the merchant has hidden in VK, as a run has seen."""
    first_run(box, user)
    item = min(box.vk.live_items(), key=lambda item: item.id)
    box.vk.merchant.hide_item(item.id)
    assert run(user).items_updated == 0
    assert item.hidden
    return item


def test_an_item_hidden_in_vk_stays_hidden_until_it_is_given_back(
    user: User, hidden: Item, box: Sandbox
) -> None:
    reprice(box, by=1)
    price = hidden.price_kopecks
    run(user, approve=True)
    assert (hidden.hidden, hidden.price_kopecks) == (True, price + 100)
    row = listing_of(hidden)
    assert (row.state, row.merchant_fields) == (Listing.State.HIDDEN, ["hidden"])
    assert row.product is not None
    assert reset_overrides(user, row.product, field="hidden") == ["hidden"]
    assert run(user).items_updated == 1
    assert not hidden.hidden
    row.refresh_from_db()
    assert (row.state, row.merchant_fields) == (Listing.State.LIVE, [])
    box.vk.merchant.hide_item(hidden.id)
    assert run(user).items_updated == 0
    assert hidden.hidden


@pytest.mark.once
def test_an_item_that_the_merchant_shows_by_hand_is_the_tills_again(
    user: User, hidden: Item, box: Sandbox
) -> None:
    box.vk.merchant.show_item(hidden.id)
    assert run(user).items_updated == 0
    row = listing_of(hidden)
    assert (row.state, row.merchant_fields) == (Listing.State.LIVE, [])


@pytest.mark.once
def test_an_item_hidden_in_vk_stays_hidden_through_sold_out(user: User, hidden: Item, box: Sandbox) -> None:
    store = next(iter(box.evotor.stores.values()))
    row = listing_of(hidden)
    for quantity in (0, 7):
        box.evotor.edit_product(store.id, row.product_evotor_id, quantity=quantity)
        run(user)
    run(user)
    assert (hidden.hidden, hidden.stock) == (True, 7)


@pytest.mark.same_statements
@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
def test_a_hiding_of_ours_is_not_the_merchants_whatever_became_of_its_answer(
    user: User, box: Sandbox, kind: str
) -> None:
    first_run(box, user)
    item = min(box.vk.live_items(), key=lambda item: item.id)
    product = listing_of(item).product
    assert product is not None
    _leave_out(user, product)
    box.vk.fault(kind, method="market.edit", times=0)
    request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    for _ in range(3):
        if claimed := claim(user, now=timezone.now(), early=True):
            run_slice(claimed)
    box.vk.faults.clear()
    SyncJob.objects.for_user(user).active().update(status=SyncJob.Status.CANCELLED, active_key=None)
    SyncFilter.objects.all().delete()
    run(user)
    run(user)
    assert not item.hidden
    assert listing_of(item).merchant_fields == []


class Killed(BaseException):
    """The process is gone."""


def test_a_hiding_that_a_killed_run_did_not_write_down_is_not_the_merchants(
    user: User, box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_run(box, user)
    item = min(box.vk.live_items(), key=lambda item: item.id)
    product = listing_of(item).product
    assert product is not None
    _leave_out(user, product)
    request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    claimed = claim(user, now=timezone.now())
    assert claimed is not None

    def die(_journal: Journal, results: Sequence[object]) -> None:
        if results:
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Journal, "record_results", die)
        with pytest.raises(Killed):
            run_slice(claimed)
    assert [one.id for one in box.vk.live_items() if one.hidden] == [item.id]
    SyncJob.objects.for_user(user).active().update(status=SyncJob.Status.CANCELLED, active_key=None)
    SyncFilter.objects.all().delete()
    run(user)
    assert not item.hidden
    assert listing_of(item).merchant_fields == []


def test_what_the_merchant_hid_stays_hidden_when_the_product_goes_and_comes_back(
    user: User, hidden: Item, box: Sandbox
) -> None:
    product = listing_of(hidden).product
    assert product is not None
    other = max(box.vk.live_items(), key=lambda item: item.id)
    for row in (product, listing_of(other).product):
        assert row is not None
        _leave_out(user, row)
    run(user)
    assert (hidden.hidden, other.hidden) == (True, True)
    # Shown by hand although the rules leave it out: hidden again, and no longer by the merchant.
    box.vk.merchant.show_item(other.id)
    run(user)
    assert other.hidden
    SyncFilter.objects.all().delete()
    run(user)
    assert (hidden.hidden, other.hidden) == (True, False)


def test_after_a_rebuild_what_we_hid_since_the_dump_is_not_the_merchants(user: User, box: Sandbox) -> None:
    first_run(box, user)
    first, second, *_ = sorted(box.vk.live_items(), key=lambda item: item.id)
    # Hidden by us after the dump: the restored rows know nothing of it, or there is no row.
    first.hidden = second.hidden = True
    Listing.objects.filter(vk_item_id=second.id).delete()
    rebuild_listings(user)
    assert run(user).items_updated == 2
    assert (first.hidden, second.hidden) == (False, False)


def _leave_out(user: User, product: Product) -> None:
    SyncFilter.objects.create(
        sync_config=config_for(user),
        entity_type=SyncFilter.Entity.PRODUCT,
        entity_id=product.evotor_id,
        entity_name=product.name,
        filter_mode=SyncFilter.Mode.EXCLUDE,
    )
