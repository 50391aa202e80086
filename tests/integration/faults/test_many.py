"""Many faults and many goods: a thousand lost answers, shops of every size, poison among a thousand."""

import math
import random
import sys
from typing import Any

import pytest

from accounts.models import User
from connections.sandbox import Sandbox
from syncing.models import Listing, SyncJob
from tests.integration.faults.shop import run, store_of, titles

pytestmark = pytest.mark.django_db

LOST_ANSWERS = 1_000
SHOP = 40
WRITES = {"market.add", "market.edit", "market.delete", "market.restore", "market.addToAlbum"}


def fill(box: Sandbox, count: int) -> None:
    """Enter this many mugs into the till, whose pages are as long as Evotor's."""
    box.evotor.rules.page_size = 1_000
    store = store_of(box)
    for number in range(count):
        box.evotor.add_product(store.id, f"Кружка синяя {number}", price=100 + number, quantity=5)


def test_a_thousand_lost_answers_make_no_duplicate(box: Sandbox, empty_handed: User, capsys: Any) -> None:
    """Each round uploads a new shop; scripts are broken off right after an item, here and there."""
    fill(box, SHOP)
    dice, lost, rounds = random.Random(2026), 0, 0
    while lost < LOST_ANSWERS:
        rounds += 1
        box.vk.communities[box.group_id].items.clear()
        box.vk.communities[box.group_id].order.clear()
        Listing.objects.all().delete()
        faults = [
            box.vk.fault("reset_after", nth=nth, method="market.add")
            for nth in range(1, 200)
            if dice.random() < 1 / 3
        ]
        for _ in range(10):
            if run(empty_handed, trigger=SyncJob.Trigger.MANUAL, approve=True).status == "success":
                break
        lost += sum(fault.seen >= fault.nth for fault in faults)
        box.vk.faults.clear()
        job = run(empty_handed, approve=True)
        assert (job.status, job.error_code, job.questions) == (SyncJob.Status.SUCCESS, "", [])
        assert sorted(titles(box)) == sorted(f"Кружка синяя {number}" for number in range(SHOP))
    with capsys.disabled():
        sys.stdout.write(f"\n{lost} answers lost in {rounds} shops, none of {SHOP} goods twice or missing\n")


@pytest.mark.parametrize("size", [0, 1, 200, 201, 5_000])
def test_a_second_run_writes_nothing(box: Sandbox, empty_handed: User, size: int) -> None:
    fill(box, size)
    first = run(empty_handed)
    assert (first.status, first.items_created) == (SyncJob.Status.SUCCESS, size)
    second = run(empty_handed)
    assert (second.status, second.items_unchanged) == (SyncJob.Status.SUCCESS, size)
    assert second.requests["uploads"] == 0
    assert WRITES.isdisjoint(second.requests["vk_calls"])
    assert second.requests["vk"] <= math.ceil(size / 400) + 3


@pytest.mark.parametrize("size", [25, 1_000])
def test_one_poison_item_stops_none_of_the_others(box: Sandbox, empty_handed: User, size: int) -> None:
    fill(box, size)
    box.vk.fault("error", code=1408, nth=size // 2, method="market.add")
    job = run(empty_handed)
    assert (job.status, job.items_created, job.error_count) == (SyncJob.Status.PARTIAL, size - 1, 1)
    failed = job.items.failed().get()
    assert (failed.error_code, failed.product_name.startswith("Кружка")) == ("vk.1408", True)
    assert len(titles(box)) == size - 1


def test_where_all_is_poison_the_run_stops_after_a_few(box: Sandbox, empty_handed: User) -> None:
    fill(box, 200)
    box.vk.fault("error", code=1408, times=0, method="market.add")
    job = run(empty_handed)
    assert (job.status, job.error_code, job.items_created) == (SyncJob.Status.PARTIAL, "vk.1408", 0)
    assert job.requests["vk_calls"]["market.add"] <= 25
    assert titles(box) == []
