"""Hand-made items that the merchant lets EvoSync take over: each stands in VK once and keeps its looks."""

from typing import Any

import pytest
from django.utils import timezone, translation

from accounts.models import User
from catalog.ingest.refresh import refresh_catalog
from connections.client_factory import evotor_client
from sandbox import Sandbox
from syncing.choices import JobCode
from syncing.jobs.lifecycle import claim, request_sync
from syncing.models import Listing, SyncJob
from syncing.services.adoption import adopt, adopt_from, find_duplicates, last_work
from syncing.services.errors import CannotSync
from syncing.services.planning import plan_now, preview
from tests.integration.syncing.running import ITEMS, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def by_hand(box: Sandbox, user: User) -> Any:
    """A mug that the merchant typed into VK by hand long ago, and a card that no till knows."""
    refresh_catalog(user, client=evotor_client(user.evotor_connection), now=timezone.now())
    box.vk.create_item("Открытка ручной работы")
    return box.vk.create_item("кружка синяя 3", price_kopecks=5_000)


def items_of(box: Sandbox) -> list[Any]:
    return [item for item in box.vk.communities[box.group_id].items.values() if item.deleted_at is None]


def test_an_item_that_is_taken_over_is_not_made_again(box: Sandbox, user: User, by_hand: Any) -> None:
    pictures = list(by_hand.photo_ids)
    assert [one.item.item_id for one in find_duplicates(user)] == [by_hand.id]
    assert adopt(user, {by_hand.id}) == 1
    job = run(user)
    assert (job.status, job.items_created, job.items_updated) == (SyncJob.Status.SUCCESS, ITEMS - 1, 1)
    assert len(items_of(box)) == ITEMS + 1
    assert by_hand.title == "кружка синяя 3"
    assert list(by_hand.photo_ids) == pictures
    desired = Listing.objects.for_user(user).get(vk_item_id=by_hand.id)
    assert (by_hand.price_kopecks, by_hand.stock) == (desired.sent["price_kopecks"], desired.sent["stock"])
    assert desired.stamp in by_hand.sku
    again = run(user)
    assert (again.items_updated, again.items_unchanged) == (0, ITEMS)
    assert find_duplicates(user) == []


@pytest.mark.once
def test_without_the_merchants_consent_nothing_of_it_is_touched(
    box: Sandbox, user: User, by_hand: Any
) -> None:
    before = repr(by_hand)
    assert adopt(user, set()) == 0
    assert run(user).items_created == ITEMS
    assert repr(by_hand) == before
    # The product has an item of its own now, so there is nothing left to offer.
    assert find_duplicates(user) == []


@pytest.mark.once
def test_what_leaves_the_till_is_hidden_as_any_other(box: Sandbox, user: User, by_hand: Any) -> None:
    adopt(user, {by_hand.id})
    run(user)
    store = next(iter(box.evotor.stores.values()))
    gone = Listing.objects.for_user(user).get(vk_item_id=by_hand.id).product_evotor_id
    box.evotor.delete_product(store.id, gone)
    assert run(user).items_hidden == 1
    assert by_hand.availability != 0


@pytest.mark.once
def test_an_item_that_is_gone_or_no_duplicate_is_not_adopted(box: Sandbox, user: User, by_hand: Any) -> None:
    box.vk.delete_item(by_hand.id)
    assert adopt(user, {by_hand.id, 12345}) == 0
    assert not Listing.objects.exists()


def test_nothing_is_taken_over_while_a_run_writes(user: User, by_hand: Any) -> None:
    request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    assert claim(user, now=timezone.now()) is not None
    with translation.override("en"), pytest.raises(CannotSync, match="nothing was taken over"):
        adopt(user, {by_hand.id})
    assert not Listing.objects.exists()


@pytest.mark.once
def test_nothing_is_taken_over_by_a_plan_from_before_a_run(box: Sandbox, user: User, by_hand: Any) -> None:
    before = repr(by_hand)
    worked_at, planned = last_work(user), plan_now(user)
    assert run(user).items_created == ITEMS
    with pytest.raises(CannotSync) as refusal:
        adopt_from(user, planned, {by_hand.id}, before=worked_at)
    assert refusal.value.code == JobCode.RUNNING
    assert run(user).items_updated == 0
    assert repr(by_hand) == before


def test_a_product_whose_item_may_have_been_made_already_is_not_tied_to_another(
    box: Sandbox, user: User, by_hand: Any
) -> None:
    (pair,) = find_duplicates(user)
    key = pair.product.key
    Listing.objects.create(
        user=user,
        vk_group_id=box.group_id,
        store_evotor_id=key.store_id,
        product_evotor_id=key.product_id,
        stamp=preview(user).desired[key].sku.split("·")[-1].strip(),
        photo_id=5,
    )
    assert find_duplicates(user) == []


def test_an_item_of_another_merchant_of_the_community_stays_theirs(
    box: Sandbox, user: User, by_hand: Any
) -> None:
    other = User.objects.create_user("other@example.com", "a-long-password")
    Listing.objects.create(
        user=other,
        vk_group_id=box.group_id,
        store_evotor_id="s",
        product_evotor_id="p",
        stamp="ES0",
        vk_item_id=by_hand.id,
        state=Listing.State.LIVE,
    )
    assert find_duplicates(user) == []
