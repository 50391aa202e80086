"""VK's lists may show a shop as it was some seconds ago: nothing is doubled, nothing mistaken."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from sandbox import Sandbox
from syncing.models import Listing, SyncJob
from syncing.publishing import item_creator
from tests.integration.faults.shop import ITEMS, assert_complete, first_run, run, store_of, titles

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.same_statements]

LOST: list[dict[str, Any]] = [
    {"kind": "reset_after"},
    {"kind": "http", "status": 500, "executed": True},
    {"kind": "cut"},
    {"kind": "bad_json"},
]


@pytest.mark.parametrize("fault", LOST, ids=lambda fault: fault["kind"])
def test_a_created_item_that_no_list_shows_yet_is_not_made_twice(
    box: Sandbox, user: User, fault: dict[str, Any]
) -> None:
    box.vk.freeze_lists()
    box.vk.fault(**fault, nth=1, method="execute", inner=False)
    box.vk.fault(**fault, nth=3, method="execute", inner=False)
    run(user)
    run(user)
    box.vk.thaw_lists()
    assert run(user).status == SyncJob.Status.SUCCESS
    assert_complete(box)


def test_a_dead_run_leaves_its_intents_in_doubt_and_the_next_does_not_redraw_them(
    box: Sandbox, user: User
) -> None:
    box.vk.freeze_lists()
    run(user)
    made = len(titles(box))
    # As a process leaves it that was killed between VK's answer and its own commit.
    Listing.objects.update(vk_item_id=None, state=Listing.State.CREATING, sent={})
    uploads = box.vk.uploads
    job = run(user)
    assert (made, len(titles(box)), box.vk.uploads) == (ITEMS, ITEMS, uploads)
    assert job.status == SyncJob.Status.PARTIAL
    box.vk.thaw_lists()
    assert run(user).status == SyncJob.Status.SUCCESS
    assert_complete(box)


def test_a_picture_that_stays_refused_for_long_is_drawn_again(box: Sandbox, user: User) -> None:
    first_run(box, user)
    lost = Listing.objects.order_by("pk")[0]
    box.vk.merchant.delete_item(lost.vk_item_id or 0)
    long_ago = timezone.now() - item_creator.DOUBT_FOR - timedelta(seconds=1)
    Listing.objects.filter(pk=lost.pk).update(
        vk_item_id=None, state=Listing.State.CREATING, sent={}, create_sent_at=long_ago
    )
    assert run(user).status == SyncJob.Status.SUCCESS
    assert_complete(box)


@pytest.mark.once
def test_a_doubt_that_a_clock_dated_ahead_ends_as_soon_as_any_other(box: Sandbox, user: User) -> None:
    first_run(box, user)
    lost = Listing.objects.order_by("pk")[0]
    box.vk.merchant.delete_item(lost.vk_item_id or 0)
    ahead = timezone.now() + timedelta(days=1)
    Listing.objects.filter(pk=lost.pk).update(
        vk_item_id=None, state=Listing.State.CREATING, sent={}, create_sent_at=ahead
    )
    assert run(user).status == SyncJob.Status.PARTIAL
    lost.refresh_from_db()
    assert lost.create_sent_at is not None
    assert lost.create_sent_at <= timezone.now()
    passed = lost.create_sent_at - item_creator.DOUBT_FOR - timedelta(seconds=1)
    Listing.objects.filter(pk=lost.pk).update(create_sent_at=passed)
    assert run(user).status == SyncJob.Status.SUCCESS
    assert_complete(box)


@pytest.mark.once
def test_a_title_of_ours_that_lists_still_show_is_not_taken_for_the_merchants(
    box: Sandbox, user: User
) -> None:
    first_run(box, user)
    store = store_of(box)
    product = next(iter(store.products.values()))
    box.vk.freeze_lists()
    box.evotor.edit_product(store.id, product.id, name="Кружка зелёная")
    run(user)
    run(user)
    box.vk.thaw_lists()
    assert not [row for row in Listing.objects.all() if row.merchant_fields]
    box.evotor.edit_product(store.id, product.id, name="Кружка белая")
    assert run(user).status == SyncJob.Status.SUCCESS
    assert "Кружка белая" in titles(box)
    assert "Кружка зелёная" not in titles(box)


@pytest.mark.once
def test_a_title_whose_answer_was_lost_is_ours_although_the_till_has_gone_on(
    box: Sandbox, user: User
) -> None:
    first_run(box, user)
    store = store_of(box)
    product = next(iter(store.products.values()))
    box.evotor.edit_product(store.id, product.id, name="Кружка зелёная")
    sent = {row.pk: row.sent for row in Listing.objects.all()}
    run(user)
    for pk, before in sent.items():
        # The process died before it could write VK's answer down.
        Listing.objects.filter(pk=pk).update(sent=before)
    box.evotor.edit_product(store.id, product.id, name="Кружка белая")
    assert run(user).status == SyncJob.Status.SUCCESS
    assert "Кружка белая" in titles(box)


def test_a_title_that_was_ours_long_ago_is_the_merchants_choice(box: Sandbox, user: User) -> None:
    first_run(box, user)
    store = store_of(box)
    product = next(iter(store.products.values()))
    old = "Кружка синяя 0"
    assert old in titles(box)
    box.evotor.edit_product(store.id, product.id, name="Кружка зелёная")
    run(user)
    for row in Listing.objects.exclude(own_values=None):
        row.own_values = [own | {"at": "2020-01-01T00:00:00+00:00"} for own in row.own_values or []]
        row.save()
    item = next(item for item in box.vk.live_items() if item.title == "Кружка зелёная")
    box.vk.merchant.rename_item(item.id, old)
    run(user)
    assert [row.merchant_fields for row in Listing.objects.all() if row.merchant_fields] == [["title"]]
    assert old in titles(box)


@pytest.mark.once
@pytest.mark.parametrize("lag", [{"by_id_lag": 4}, {"by_id_lag": 4, "list_lag": 6}, {"list_lag": 900}])
@pytest.mark.parametrize("fault", LOST, ids=lambda fault: fault["kind"])
def test_readings_that_lag_both_make_nothing_twice(
    box: Sandbox, user: User, fault: dict[str, Any], lag: dict[str, float]
) -> None:
    now = [1_800_000_000.0]
    box.vk.clock = lambda: now[0]
    for name, seconds in lag.items():
        setattr(box.vk.limits, name, seconds)
    box.vk.fault(**fault, nth=4, method="execute", inner=False)
    for _ in range(4):
        run(user, approve=True)
        assert len(set(titles(box))) == len(titles(box))
        now[0] += 2
    now[0] += 1_000
    assert run(user).status == SyncJob.Status.SUCCESS
    assert_complete(box)


@pytest.mark.once
def test_an_item_that_no_reading_shows_is_kept_while_vk_takes_an_edit_of_it(box: Sandbox, user: User) -> None:
    first_run(box, user)
    box.vk.limits.list_lag = box.vk.limits.by_id_lag = 1e9
    box.vk._before.append((box.vk.clock(), {shop.id: _emptied(shop) for shop in [box.vk.community]}))
    store = store_of(box)
    box.evotor.edit_product(store.id, next(iter(store.products)), price=777)
    job = run(user)
    assert (job.status, job.items_created, job.items_updated) == (SyncJob.Status.SUCCESS, 0, 1)
    gone = next(item for item in box.vk.items.values() if item.deleted_at is None)
    box.vk.merchant.delete_item(gone.id)
    assert run(user).items_created == 1
    assert_complete(box)


def _emptied(shop: Any) -> Any:
    return replace(shop, items={}, order=[])


def test_a_lost_answer_is_found_by_our_stamp_although_the_article_holds_another_products(
    box: Sandbox, user: User
) -> None:
    first_run(box, user)
    store = store_of(box)
    other, product = list(store.products)[:2]
    theirs = Listing.objects.get(product_evotor_id=other).stamp
    box.evotor.edit_product(store.id, product, article_number=f"{theirs.lower()} 7")
    run(user)
    for lost in Listing.objects.filter(product_evotor_id=product):
        assert box.vk.items[lost.vk_item_id or 0].sku.endswith(lost.stamp)
        lost.vk_item_id, lost.state, lost.sent = None, Listing.State.CREATING, {}
        lost.create_sent_at = timezone.now() - item_creator.DOUBT_FOR - timedelta(seconds=1)
        lost.save()
    assert run(user).status == SyncJob.Status.SUCCESS
    assert_complete(box)


def test_an_item_whose_sku_is_an_article_of_the_till_is_taken_for_no_other_product(
    box: Sandbox, user: User
) -> None:
    first_run(box, user)
    store = store_of(box)
    other, product = list(store.products)[:2]
    theirs = Listing.objects.get(product_evotor_id=other)
    box.evotor.edit_product(store.id, product, article_number=theirs.stamp)
    run(user)
    made = box.vk.create_item("Кружка от руки")
    made.sku = theirs.stamp.lower()
    box.vk.merchant.delete_item(theirs.vk_item_id or 0)
    assert run(user).items_created == 1
    assert (made.title, made.price_kopecks) == ("Кружка от руки", box.vk.items[made.id].price_kopecks)
    assert not Listing.objects.filter(vk_item_id=made.id).exists()
    assert len(set(titles(box))) == len(titles(box)) == ITEMS + 1
