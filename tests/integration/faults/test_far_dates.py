"""Runs live in any year that a database must hold: MariaDB's own kind of timestamps ends in 2038."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from evosync.common import clock
from sandbox import Sandbox
from syncing.models import Listing, ShopLimits, SyncJob
from syncing.services import undo
from syncing.services.retention import prune
from tests.integration.faults.shop import ITEMS, run, store_of

pytestmark = pytest.mark.django_db
HIDDEN = 5


def hide_some(box: Sandbox, user: User) -> None:
    """Let five goods leave the till, whose items a run hides."""
    run(user, approve=True)
    store = store_of(box)
    for product_id in list(store.products)[:HIDDEN]:
        box.evotor.delete_product(store.id, product_id)
    assert run(user).items_hidden == HIDDEN


@pytest.mark.once
def test_a_clock_that_is_far_ahead_removes_nothing_that_was_hidden_lately(
    box: Sandbox, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    hide_some(box, user)
    present = timezone.now
    with monkeypatch.context() as wrong:
        wrong.setattr(timezone, "now", lambda: present() + timedelta(days=400))
        wrong.setattr(clock, "now", lambda: present() + timedelta(days=400))
        for _ in range(2):
            assert run(user).items_deleted == 0
    assert run(user).items_deleted == 0
    assert len(box.vk.live_items()) == ITEMS


@pytest.mark.once
def test_what_was_hidden_long_ago_is_removed_where_runs_tell_that_time_has_passed(
    box: Sandbox, user: User
) -> None:
    hide_some(box, user)
    Listing.objects.exclude(hidden_since=None).update(hidden_since=timezone.now() - timedelta(days=31))
    assert run(user).items_deleted == 0
    SyncJob.objects.filter(pk=run(user).pk).update(finished_at=timezone.now() - timedelta(days=15))
    # A whole comparison is made once a day.
    ShopLimits.objects.update(run_key="")
    assert run(user).items_deleted == HIDDEN


@pytest.mark.parametrize("years", [14, 4_000])
def test_a_shop_is_kept_and_undone_in_a_far_year(
    box: Sandbox, user: User, monkeypatch: pytest.MonkeyPatch, years: int
) -> None:
    present, ahead = timezone.now, timedelta(days=365 * years)
    monkeypatch.setattr(timezone, "now", lambda: present() + ahead)
    monkeypatch.setattr(clock, "now", lambda: present() + ahead)
    # Not the start that tests share: its rows would be of that year in all of them.
    run(user, approve=True)
    store = store_of(box)
    sold, left = list(store.products)[:2]
    box.evotor.edit_product(store.id, sold, price=777)
    box.evotor.delete_product(store.id, left)
    job = run(user)
    assert (job.status, job.items_updated, job.items_hidden) == (SyncJob.Status.SUCCESS, 1, 1)
    assert job.finished_at is not None
    assert job.finished_at > present() + ahead - timedelta(days=1)
    assert undo.undo(job) == 2
    assert run(user).items_updated == 2
    assert run(user).done == 0
    prune(clock.now())
    assert SyncJob.objects.filter(pk=job.pk).exists()
