"""kill −9 of a worker at every numbered step of a run of sixty items; the next worker finishes.

A step is the moment before or after a commit or an HTTP call. By default the points are the first step
of every kind and an even choice of the others; `KILL_EVERY=1` takes every one, in about six minutes.

Uploads run some at a time and are no API calls: those that were not saved yet are sent again. So are saves
whose answer died with the process, for items that are not made yet. Of the other API calls that write at
most one is repeated.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import dramatiq
import pytest
from django.utils import timezone
from model_bakery import baker

from accounts.models import User
from connections.models import EvotorConnection, VkConnection
from sandbox import Sandbox
from syncing import queue
from syncing.jobs import lifecycle
from syncing.jobs.lifecycle import request_sync
from syncing.models import Listing, SyncConfig, SyncJob
from tests.integration.workers.killing import ROOT, outside, url_of_test_database

pytestmark = [
    pytest.mark.mariadb,
    pytest.mark.redis,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]

ITEMS = 60
EVERY = int(os.environ.get("KILL_EVERY", "18"))
# What a person need not wait for: the sweeper finds a dead one's job by then.
WITHIN = timedelta(minutes=5) - timedelta(minutes=1)
ONCE = {"market.add": ITEMS, "market.addAlbum": 1, "market.addToAlbum": 1}


@dataclass
class Shop:
    """A merchant of the sandbox with a till of their own and an empty community."""

    user: User
    group_id: int
    job: SyncJob


class StepWorker:
    """The process that forks workers which die at a step."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.workers.stepping"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "LOG_LEVEL": "CRITICAL", **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, users: list[int], *, kill_at: int = 0, threads: int = 1) -> dict[str, Any]:
        """Fork a worker and return how it ended."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps({"kill_at": kill_at, "users": users, "threads": threads}) + "\n")
        self.process.stdin.flush()
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        return found

    def close(self) -> None:
        """End it."""
        self.process.communicate()


@pytest.fixture
def box(settings: Any) -> Iterator[Sandbox]:
    with Sandbox(vk_rate=0) as sandbox:
        settings.EVOTOR_API_URL, settings.VK_API_URL = sandbox.evotor_url, sandbox.vk_url
        yield sandbox


@pytest.fixture
def worker(box: Sandbox, settings: Any, tmp_path: Path) -> Iterator[StepWorker]:
    process = StepWorker(
        {
            **outside(box, tmp_path),
            "DATABASE_URL": url_of_test_database(),
            "REDIS_URL": settings.REDIS_URL,
            "DJANGO_SETTINGS_MODULE": "evosync.settings",
        }
    )
    yield process
    process.close()


def open_shop(box: Sandbox, number: int) -> Shop:
    """Make a merchant with sixty mugs who is connected to both services, and ask for the first run."""
    account = box.evotor.add_merchant()
    store = box.evotor.add_store("Лавка", user_id=account.user_id)
    group = box.evotor.add_group(store.id, "Посуда")
    for item in range(ITEMS):
        box.evotor.add_product(
            store.id, f"Кружка синяя {item}", parent_id=group.id, price=100 + item, quantity=5
        )
    community = box.vk.add_community(f"Лавка {number}", f"shop_{number}", {box.vk.user_id: 3})
    user = baker.make(User, email=f"shop-{number}@example.com")
    now = timezone.now()
    baker.make(SyncConfig, user=user, is_enabled=True, confirmed_at=now)
    baker.make(
        EvotorConnection,
        user=user,
        access_token=account.token,
        evotor_user_id=account.user_id,
        is_online=True,
    )
    baker.make(
        VkConnection,
        user=user,
        access_token=box.vk_token,
        group_id=community.id,
        is_online=True,
        scope="market",
    )
    dramatiq.get_broker().client.flushdb()  # type: ignore[attr-defined]
    return Shop(user, community.id, request_sync(user, trigger=SyncJob.Trigger.MANUAL))


def points(whole: list[str]) -> list[int]:
    """Return the numbers of the steps to die at."""
    kinds = {whole.index(what) + 1 for what in set(whole)}
    return sorted(kinds | set(range(1, len(whole) + 1, EVERY)))


def sweep_up(shops: list[Shop]) -> list[int]:
    """Let the sweeper find what the dead left, as it will within five minutes; return whose."""
    found = [user_id for user_id, _bulk in lifecycle.requeue_stale(timezone.now() + WITHIN)]
    left = SyncJob.objects.active().filter(user__in=[shop.user for shop in shops])
    assert set(left.values_list("user_id", flat=True)) == set(found), "the sweeper leaves a job behind"
    dramatiq.get_broker().client.flushdb()  # type: ignore[attr-defined]
    for user_id in found:
        queue.enqueue(user_id)
    return found


def repeated_calls(shop: Shop, counts: Counter[tuple[str, str]]) -> int:
    """Return how many writing API calls VK had for this shop beyond those that the run needs, saves apart."""
    owner = f"-{shop.group_id}"
    return sum(counts[method, owner] - needed for method, needed in ONCE.items())


def pictures_saved_again(box: Sandbox, shop: Shop) -> int:
    """Return how many pictures VK has saved for this shop beyond one for each item."""
    return sum(photo.owner_id == -shop.group_id for photo in box.vk.photos.values()) - ITEMS


def assert_complete(box: Sandbox, shop: Shop) -> None:
    """Check VK and our map: every product once, in its album, none made twice."""
    community = box.vk.communities[shop.group_id]
    live = box.vk.live_items(shop.group_id)
    assert sorted(item.title for item in live) == sorted(f"Кружка синяя {n}" for n in range(ITEMS))
    assert len(community.items) == len({item.sku for item in live}) == ITEMS
    ours = [album for album in community.albums.values() if not album.is_main]
    assert [sorted(album.item_ids) for album in ours] == [sorted(item.id for item in live)]
    known = Listing.objects.for_user(shop.user).values_list("vk_item_id", flat=True)
    assert sorted(number or 0 for number in known) == sorted(item.id for item in live)
    shop.job.refresh_from_db()
    assert shop.job.status == SyncJob.Status.SUCCESS, shop.job.error_detail


def test_killed_at_every_step_nothing_is_twice_and_nothing_lost(box: Sandbox, worker: StepWorker) -> None:
    calm = open_shop(box, 0)
    whole = worker.run([calm.user.pk])["steps"]
    assert_complete(box, calm)
    shops, was_made = [calm], [ITEMS]
    places: list[str] = []
    for kill_at in points(whole):
        shop = open_shop(box, kill_at)
        ended = worker.run([shop.user.pk], kill_at=kill_at)
        # The threads that upload make the last steps' numbers differ by a few from run to run.
        assert ended["killed"] or kill_at > len(whole) - 10, ended
        places += ended["steps"][-1:] if ended["killed"] else []
        shops.append(shop)
        was_made.append(len(box.vk.live_items(shop.group_id)))
    recovered = sweep_up(shops)
    assert worker.run(recovered, threads=4)["finished"]
    counts = Counter((call.method, call.params.get("owner_id", "")) for call in box.vk.calls)
    worst = max(repeated_calls(shop, counts) for shop in shops)
    again = [pictures_saved_again(box, shop) for shop in shops]
    sys.stdout.write(
        f"killed at {len(places)} of {len(whole)} steps, of {len(set(places))} kinds; "
        f"{len(recovered)} jobs taken up again; at most {worst} call and {max(again)} pictures repeated\n"
    )
    for shop in shops:
        assert_complete(box, shop)
    assert worst <= 1
    # Nobody sees a picture that is saved twice; that of an item which was there is not.
    assert all(count <= ITEMS - made for count, made in zip(again, was_made, strict=True))
