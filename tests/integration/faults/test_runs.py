"""What the run does when VK or Evotor fail: nothing twice, nothing lost, the others go on."""

import random
from datetime import timedelta
from itertools import count
from math import ceil
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from sandbox import Sandbox
from syncing.core.refusals import FIELDS
from syncing.jobs import runner
from syncing.jobs.lifecycle import claim, request_sync
from syncing.jobs.runner import RunOptions, run_slice
from syncing.models import Listing, Notification, ShopLimits, SyncJob
from tests.integration.faults.shop import ITEMS, assert_complete, first_run, run, store_of, titles

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.same_statements]

LOST = [
    {"kind": "reset_before"},
    {"kind": "reset_after"},
    {"kind": "http", "status": 500, "executed": True},
    {"kind": "http", "status": 502},
    {"kind": "cut"},
    {"kind": "bad_json"},
    {"kind": "truncated"},
    {"kind": "error", "code": 10},
    {"kind": "error", "code": 13},
]


@pytest.mark.once
@pytest.mark.parametrize("fault", LOST, ids=lambda fault: "-".join(map(str, fault.values())))
@pytest.mark.parametrize("nth", [2, 3, 4])
def test_a_lost_answer_makes_no_duplicate(box: Sandbox, user: User, fault: dict[str, Any], nth: int) -> None:
    box.vk.fault(**fault, nth=nth, method="execute")
    assert run(user).status == SyncJob.Status.SUCCESS
    assert_complete(box)


@pytest.mark.once
@pytest.mark.parametrize("seed", range(20))
def test_answers_lost_at_random_make_no_duplicate(box: Sandbox, user: User, seed: int) -> None:
    dice = random.Random(seed)
    for nth in sorted(dice.sample(range(2, 12), 4)):
        box.vk.fault("reset_after", nth=nth, method="execute")
    run(user, trigger=SyncJob.Trigger.MANUAL)
    assert run(user).status == SyncJob.Status.SUCCESS
    assert_complete(box)


def test_one_poison_item_is_named_and_the_others_go_on(box: Sandbox, user: User) -> None:
    box.vk.fault("error", code=100, nth=7, method="market.add")
    job = run(user)
    assert (job.status, job.error_count, job.items_created) == (SyncJob.Status.PARTIAL, 1, ITEMS - 1)
    failed = job.items.failed().get()
    assert failed.error_code == "vk.100"
    refused = Listing.objects.exclude(refused=None).get()
    assert refused.product_id == failed.product_id
    assert set(refused.refused or {}) == set(FIELDS)
    assert run(user).status == SyncJob.Status.SUCCESS
    assert_complete(box)
    assert not Listing.objects.exclude(refused=None).exists()


@pytest.mark.once
def test_a_revoked_token_ends_the_run_and_takes_the_connection_offline(box: Sandbox, user: User) -> None:
    box.vk.revoke_token()
    job = run(user)
    assert (job.status, job.error_code) == (SyncJob.Status.FAILED, "vk.5")
    user.vk_connection.refresh_from_db()
    assert not user.vk_connection.is_online


@pytest.mark.once
def test_flood_control_pauses_the_connection_and_the_job_waits(box: Sandbox, user: User) -> None:
    box.vk.fault("error", code=9, nth=3, method="execute")
    job = request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    claimed = claim(user, now=timezone.now())
    assert claimed is not None
    job = run_slice(claimed)
    assert (job.status, job.is_finished) == (SyncJob.Status.PENDING, False)
    assert job.not_before is not None
    assert claim(user, now=timezone.now()) is None
    user.vk_connection.refresh_from_db()
    assert user.vk_connection.is_paused(timezone.now())
    assert run(user, trigger=SyncJob.Trigger.MANUAL).status == SyncJob.Status.SUCCESS
    assert_complete(box)


@pytest.mark.once
def test_a_half_read_till_changes_nothing_in_vk(box: Sandbox, user: User) -> None:
    first_run(box, user)
    before = titles(box)
    box.evotor.delete_product(store_of(box).id, next(iter(store_of(box).products)))
    box.evotor.fault("http", status=500, nth=2, times=0, method="products")
    job = run(user)
    assert (job.status, job.error_code) == (SyncJob.Status.FAILED, "evotor.500")
    assert titles(box) == before
    assert job.items_hidden == 0


def test_an_emptied_till_asks_first_and_hides_only_when_approved(box: Sandbox, user: User) -> None:
    first_run(box, user)
    for product_id in list(store_of(box).products):
        box.evotor.delete_product(store_of(box).id, product_id)
    job = run(user)
    assert job.status == SyncJob.Status.NEEDS_APPROVAL
    assert {question[0] for question in job.questions} == {"empty_source", "many_hidden"}
    assert job.requests["vk_calls"].keys().isdisjoint({"market.edit", "market.delete"})
    approved = run(user, approve=True)
    assert (approved.status, approved.items_hidden) == (SyncJob.Status.SUCCESS, ITEMS)


@pytest.mark.once
def test_a_vanished_store_asks_and_touches_nothing(box: Sandbox, user: User) -> None:
    first_run(box, user)
    box.evotor.delete_store(store_of(box).id)
    job = run(user)
    assert job.status == SyncJob.Status.NEEDS_APPROVAL
    assert "store_vanished" in {question[0] for question in job.questions}
    assert_complete(box)


@pytest.mark.once
def test_a_reimport_with_new_ids_creates_and_hides_nothing(box: Sandbox, user: User) -> None:
    first_run(box, user)
    box.evotor.reimport(store_of(box).id)
    job = run(user)
    assert (job.status, job.items_created, job.items_hidden) == (SyncJob.Status.SUCCESS, 0, 0)
    assert_complete(box)


@pytest.mark.once
def test_the_map_is_rebuilt_from_vk_after_it_was_lost(box: Sandbox, user: User) -> None:
    first_run(box, user)
    Listing.objects.all().delete()
    job = run(user)
    assert (job.items_created, job.items_updated, job.items_unchanged) == (0, 0, ITEMS)
    assert_complete(box)


def test_an_item_removed_by_hand_in_vk_comes_back_once(box: Sandbox, user: User) -> None:
    first_run(box, user)
    listing = Listing.objects.for_user(user).first()
    assert listing is not None
    assert listing.vk_item_id is not None
    box.vk.delete_item(listing.vk_item_id)
    assert run(user).items_created == 1
    assert_complete(box)


@pytest.mark.once
def test_a_photo_that_vk_lost_is_uploaded_again(box: Sandbox, user: User) -> None:
    text = "photo not found or already assigned to another item"
    box.vk.fault("error", code=100, text=text, nth=3, method="market.add")
    job = run(user)
    assert (job.status, job.items_created) == (SyncJob.Status.SUCCESS, ITEMS)
    assert job.requests["uploads"] == ITEMS + 1
    assert_complete(box)


@pytest.mark.once
def test_a_full_shop_stops_new_items_and_keeps_the_others_right(box: Sandbox, user: User) -> None:
    first_run(box, user)
    store = store_of(box)
    box.vk.limits.items = ITEMS
    box.evotor.add_product(store.id, "Новая кружка", price=5, quantity=1)
    box.evotor.edit_product(store.id, next(iter(store.products)), price=777)
    job = run(user)
    assert (job.status, job.error_code, job.items_updated) == (SyncJob.Status.PARTIAL, "vk.1405", 1)
    assert_complete(box)


def test_an_album_that_vk_has_no_room_for_is_told_once_and_tried_again_a_day_later(
    box: Sandbox, user: User
) -> None:
    fault = box.vk.fault("error", code=1407, method="market.addAlbum", times=1_000)
    job = run(user)
    assert (job.status, job.error_code, job.items_created) == (SyncJob.Status.SUCCESS, "", ITEMS)
    before = fault.seen
    job = run(user)
    assert (job.status, job.items_updated, job.error_count) == (SyncJob.Status.SUCCESS, 0, 0)
    assert fault.seen == before
    assert [row.trouble for row in Notification.objects.all()] == ["limits"]
    box.vk.faults.clear()
    ShopLimits.objects.update(albums_at=timezone.now() - timedelta(days=1))
    job = run(user)
    assert (job.status, job.items_updated) == (SyncJob.Status.SUCCESS, ITEMS)
    assert set(Listing.objects.values_list("last_error", flat=True)) == {""}
    (album,) = box.vk.communities[box.group_id].albums.values()
    assert len(album.item_ids) == ITEMS


@pytest.mark.once
def test_of_two_albums_with_one_title_it_is_always_the_older(box: Sandbox, user: User) -> None:
    first_run(box, user)
    (ours,) = box.vk.communities[box.group_id].albums.values()
    second = box.vk.create_album(ours.title)
    job = run(user)
    assert (job.status, job.items_updated) == (SyncJob.Status.SUCCESS, 0)
    store = store_of(box)
    group = next(iter(store.groups))
    box.evotor.add_product(store.id, "Кружка новая", parent_id=group, price=5, quantity=1)
    assert run(user).items_created == 1
    assert (len(ours.item_ids), second.item_ids) == (ITEMS + 1, [])


@pytest.mark.once
def test_a_slice_that_is_over_goes_on_where_it_stopped(
    box: Sandbox, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Each look at the clock takes a second, so that slices are equally long on every machine.
    monkeypatch.setattr(runner, "time", SimpleNamespace(monotonic=count().__next__))
    slices = 0
    request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    job = None
    while job is None or not job.is_finished:
        claimed = claim(user, now=timezone.now(), early=True)
        assert claimed is not None
        job = run_slice(claimed, options=RunOptions(slice_seconds=1))
        slices += 1
        assert slices < 300
    assert job.status == SyncJob.Status.SUCCESS
    assert slices > 1
    assert (job.items_created, job.done) == (ITEMS, job.total)
    assert_complete(box)
    # One reading, one upload address, pictures in fives, and a script of 25 for all items and their album.
    albums = box.vk.communities[box.group_id].albums.values()
    writes = ITEMS + sum(1 + ceil(len(album.item_ids) / 100) for album in albums)
    assert job.requests["vk_lower_bound"] == 2 + ceil(ITEMS / 5) + ceil(writes / 25)


def test_a_stopped_run_ends_and_keeps_what_was_done(box: Sandbox, user: User) -> None:
    job = request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    claimed = claim(user, now=timezone.now())
    assert claimed is not None
    SyncJob.objects.filter(pk=job.pk).update(stop_requested=True)
    assert run_slice(claimed).status == SyncJob.Status.CANCELLED
    assert run(user).status == SyncJob.Status.SUCCESS
    assert_complete(box)


def test_only_one_job_is_unfinished_however_often_it_is_asked_for(user: User) -> None:
    first = request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    again = [request_sync(user, trigger=trigger) for trigger in SyncJob.Trigger.values]
    assert {job.pk for job in again} == {first.pk}
    assert claim(user, now=timezone.now()) is not None
    assert claim(user, now=timezone.now()) is None
