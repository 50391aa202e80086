"""Webhook, schedule, button and command within one second, again and again: one run, nothing twice."""

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import dramatiq
import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from model_bakery import baker

from accounts.models import User
from connections.models import EvotorConnection, VkConnection
from sandbox import Sandbox
from syncing import queue
from syncing.jobs.lifecycle import request_sync
from syncing.jobs.triggers import on_till_push
from syncing.models import SyncConfig, SyncJob
from syncing.tasks import start_scheduled_syncs
from tests.deploy.roles import LoadedRole
from tests.integration.workers.killing import wait_until

pytestmark = [
    pytest.mark.mariadb,
    pytest.mark.redis,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]

ROUNDS = 48
MERCHANTS = 4


class Shop:
    """One merchant, and how each of the four ways asks for a run."""

    def __init__(self, box: Sandbox, number: int) -> None:
        account = box.evotor.add_merchant()
        self.box = box
        self.store = box.evotor.add_store("Лавка", user_id=account.user_id)
        self.community = box.vk.add_community(f"Лавка {number}", f"shop_{number}", {box.vk.user_id: 3})
        self.user = baker.make(User, email=f"shop-{number}@example.com")
        till: dict[str, Any] = {"access_token": account.token, "evotor_user_id": account.user_id}
        baker.make(SyncConfig, user=self.user, is_enabled=True, confirmed_at=timezone.now())
        baker.make(EvotorConnection, user=self.user, is_online=True, **till)
        shop: dict[str, Any] = {"access_token": box.vk_token, "group_id": self.community.id}
        baker.make(VkConnection, user=self.user, is_online=True, **shop)
        self.made = 0

    def change(self) -> None:
        """Put one more product on the shelves."""
        self.made += 1
        name = f"Кружка синяя {self.made}"
        self.box.evotor.add_product(self.store.id, name, price=100 + self.made, quantity=5)

    def ways(self) -> list[Callable[[], object]]:
        """Return the four ways."""
        return [
            lambda: on_till_push(self.user.pk, self.store.id),
            lambda: start_scheduled_syncs.fn([self.user.pk]),
            lambda: request_sync(self.user, trigger=SyncJob.Trigger.MANUAL),
            self.command,
        ]

    def command(self) -> None:
        """Run the command in this process; it may find that a worker has the run."""
        try:
            call_command("sync", self.user.email, "--json", verbosity=0, stdout=Quiet(), stderr=Quiet())
        except SystemExit as ended:
            assert ended.code in (0, 1), ended.code  # noqa: PT017 - 1 says that a run is going on


class Quiet:
    """An output that nobody reads; an answer in JSON must be whole all the same."""

    def write(self, text: str) -> None:
        """Check the text."""
        if text.startswith("{"):
            json.loads(text)

    def flush(self) -> None:
        """Do nothing."""


def at_once(ways: list[Callable[[], object]], pool: ThreadPoolExecutor) -> None:
    """Go all ways in the same moment, each in its own thread and with its own database connection."""

    def go(way: Callable[[], object]) -> None:
        try:
            way()
        finally:
            connection.close()

    list(pool.map(go, ways))


def assert_one_at_a_time(user: User) -> int:
    """Check that no run began before the one before it had ended; return how many there were."""
    runs = list(SyncJob.objects.for_user(user).exclude(started_at=None).order_by("started_at"))
    for before, after in pairwise(runs):
        assert before.finished_at is not None
        assert after.started_at is not None
        assert before.finished_at <= after.started_at
    return len(runs)


def test_four_ways_at_once_make_one_run(box: Sandbox, environment: dict[str, str], tmp_path: Path) -> None:
    dramatiq.get_broker().flush_all()
    shops = [Shop(box, number) for number in range(MERCHANTS)]
    with LoadedRole("worker", environment, tmp_path / "worker.log") as one, ThreadPoolExecutor(4) as pool:
        for number in range(ROUNDS):
            shop = shops[number % MERCHANTS]
            if number % 8 < MERCHANTS:
                shop.change()
            at_once(shop.ways(), pool)
            assert SyncJob.objects.active().for_user(shop.user).count() <= 1
        SyncJob.objects.active().update(not_before=None)
        for shop in shops:
            queue.enqueue(shop.user.pk)
        wait_until(lambda: not SyncJob.objects.active().exists(), one.log_end)
    for shop in shops:
        shop.command()
    runs = sum(assert_one_at_a_time(shop.user) for shop in shops)
    sys.stdout.write(f"{ROUNDS} rounds of four ways: {runs} runs, never two at a time\n")
    for shop in shops:
        live = box.vk.live_items(shop.community.id)
        assert sorted(item.title for item in live) == sorted(
            f"Кружка синяя {n + 1}" for n in range(shop.made)
        )
        assert len(shop.community.items) == shop.made
    assert set(SyncJob.objects.values_list("status", flat=True)) == {SyncJob.Status.SUCCESS}
