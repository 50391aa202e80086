"""Hundreds of answers of VK lost right after an item was made, on the database that merchants use."""

import random
import sys
from typing import Any

import pytest

from accounts.models import User
from sandbox import Sandbox
from syncing.models import Listing, SyncJob
from tests.integration.faults.shop import fill, run, titles

pytestmark = [pytest.mark.django_db, pytest.mark.mariadb]

LOST_ANSWERS = 400
SHOP = 40


def test_hundreds_of_lost_answers_make_no_duplicate(box: Sandbox, empty_handed: User, capsys: Any) -> None:
    """Each round uploads a new shop; scripts are broken off right after some of the items, or after all."""
    fill(box, SHOP)
    dice, lost, rounds = random.Random(2026), 0, 0
    while lost < LOST_ANSWERS:
        rounds += 1
        box.vk.communities[box.group_id].items.clear()
        box.vk.communities[box.group_id].order.clear()
        Listing.objects.all().delete()
        likely = dice.uniform(1 / 3, 1)
        faults = [
            box.vk.fault("reset_after", nth=nth, method="market.add")
            for nth in range(1, 200)
            if dice.random() < likely
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
