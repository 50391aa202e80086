"""Runs live in any year that a database must hold: MariaDB's own kind of timestamps ends in 2038."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from evosync.common import clock
from sandbox import Sandbox
from syncing.models import SyncJob
from syncing.services import undo
from syncing.services.retention import prune
from tests.integration.faults.shop import run, store_of

pytestmark = pytest.mark.django_db


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
