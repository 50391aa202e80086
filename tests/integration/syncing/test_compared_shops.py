"""A run that compared everything stamps the shop once, and its pages show that moment of every item."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from syncing.jobs.lifecycle import claim, request_sync
from syncing.models import Listing, ShopLimits, SyncJob
from syncing.publishing.errors import LeaseLost
from syncing.publishing.journal import Journal
from syncing.web.presenters.dashboard import dashboard
from tests.integration.syncing.running import ITEMS, run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.once
def test_an_unchanged_run_writes_no_listing(user: User) -> None:
    run(user)
    # The first run after a creation notes that VK keeps the texts as they were sent.
    run(user)
    before = list(Listing.objects.order_by("pk").values())
    with CaptureQueriesContext(connection) as captured:
        run(user)
    assert list(Listing.objects.order_by("pk").values()) == before
    touched = [one["sql"] for one in captured if "UPDATE" in one["sql"] and "syncing_listing" in one["sql"]]
    assert touched == []


def test_every_item_shows_when_the_shop_was_last_compared(user: User) -> None:
    run(user)
    yesterday = timezone.now() - timedelta(days=1)
    Listing.objects.update(last_verified_at=yesterday)
    run(user)
    stamp = ShopLimits.objects.get(user=user).verified_at
    assert stamp is not None
    assert stamp > yesterday
    assert {row.checked_at for row in Listing.objects.with_shop_verified()} == {stamp}
    assert dashboard(user, now=timezone.now()).accuracy.checked_at == stamp


def test_an_item_that_nobody_sees_keeps_its_own_moment(user: User) -> None:
    run(user)
    yesterday = timezone.now() - timedelta(days=1)
    row = Listing.objects.first()
    assert row is not None
    Listing.objects.filter(pk=row.pk).update(state=Listing.State.REMOVED, last_verified_at=yesterday)
    assert Listing.objects.with_shop_verified().get(pk=row.pk).checked_at == yesterday


def test_another_community_says_nothing_of_this_one(user: User) -> None:
    run(user)
    row = Listing.objects.first()
    assert row is not None
    ShopLimits.objects.update(vk_group_id=row.vk_group_id + 1, verified_at=timezone.now() + timedelta(days=1))
    assert Listing.objects.with_shop_verified().get(pk=row.pk).checked_at == row.last_verified_at


def test_an_item_without_a_comparison_agrees_from_the_next_run_on(user: User) -> None:
    run(user)
    Listing.objects.update(last_verified_at=None)
    assert dashboard(user, now=timezone.now()).accuracy.agree == 0
    run(user)
    assert dashboard(user, now=timezone.now()).accuracy.agree == ITEMS


def test_a_run_that_lost_its_job_stamps_nothing(user: User) -> None:
    run(user)
    request_sync(user, trigger=SyncJob.Trigger.MANUAL)
    job = claim(user, now=timezone.now(), early=True)
    assert job is not None
    SyncJob.objects.filter(pk=job.pk).update(lease="another")
    before = ShopLimits.objects.get(user=user).verified_at
    with pytest.raises(LeaseLost):
        Journal(job, ShopLimits.objects.get(user=user).vk_group_id, timezone.now).record_verified()
    assert ShopLimits.objects.get(user=user).verified_at == before
