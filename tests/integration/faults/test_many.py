"""Many goods: a second run of shops of every size writes nothing; poison among a thousand."""

import math

import pytest

from accounts.models import User
from sandbox import Sandbox
from syncing.models import SyncJob
from tests.integration.faults.shop import fill, run, titles

pytestmark = pytest.mark.django_db

WRITES = {"market.add", "market.edit", "market.delete", "market.restore", "market.addToAlbum"}


@pytest.mark.parametrize("size", [0, 1, 200, 201, pytest.param(2_001, marks=pytest.mark.mariadb)])
def test_a_second_run_writes_nothing(box: Sandbox, empty_handed: User, size: int) -> None:
    fill(box, size)
    first = run(empty_handed)
    assert (first.status, first.items_created) == (SyncJob.Status.SUCCESS, size)
    second = run(empty_handed)
    assert (second.status, second.items_unchanged) == (SyncJob.Status.SUCCESS, size)
    assert second.requests["uploads"] == 0
    assert WRITES.isdisjoint(second.requests["vk_calls"])
    assert second.requests["vk"] <= math.ceil(size / 400) + 3


@pytest.mark.once
@pytest.mark.parametrize("size", [25, 1_000])
def test_one_poison_item_stops_none_of_the_others(box: Sandbox, empty_handed: User, size: int) -> None:
    fill(box, size)
    box.vk.fault("error", code=1408, nth=size // 2, method="market.add")
    job = run(empty_handed)
    assert (job.status, job.items_created, job.error_count) == (SyncJob.Status.PARTIAL, size - 1, 1)
    failed = job.items.failed().get()
    assert (failed.error_code, failed.product_name.startswith("Кружка")) == ("vk.1408", True)
    assert len(titles(box)) == size - 1


@pytest.mark.once
def test_where_vk_refuses_every_item_the_run_stops_after_a_few(box: Sandbox, empty_handed: User) -> None:
    fill(box, 200)
    box.vk.fault("error", code=1408, times=0, method="market.add")
    job = run(empty_handed)
    assert (job.status, job.error_code, job.items_created) == (SyncJob.Status.PARTIAL, "vk.1408", 0)
    assert job.requests["vk_calls"]["market.add"] <= 25
    assert titles(box) == []
