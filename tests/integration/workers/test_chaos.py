"""All roles, a till that never rests, and something that dies in every round: VK ends equal to the till.

`EVOSYNC_CHAOS_ROUNDS` and `EVOSYNC_CHAOS_SEED` make it longer and another one.
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis as RedisClient

from sandbox import Sandbox
from tests.deploy.roles import LoadedRole, Role
from tests.integration.workers.killing import GROUP, Command, outside
from tests.integration.workers.test_outages import ASK
from tests.migrated import make_tables
from tests.servers import MariaDb, Redis

pytestmark = [pytest.mark.mariadb, pytest.mark.redis, pytest.mark.slow]

ROUNDS = int(os.environ.get("EVOSYNC_CHAOS_ROUNDS", "6"))
SEED = int(os.environ.get("EVOSYNC_CHAOS_SEED", "2026"))
EMAIL = "shop@example.com"
HAND_MADE = "Открытка ручной работы"
# More new goods in the first run than its first slice makes, so that `bulk` has work too.
GOODS = 60
ASK_AGAIN = f"""
from accounts.models import User
from syncing.jobs.lifecycle import request_sync
request_sync(User.objects.get(email={EMAIL!r}), trigger="manual")
"""


class Town:
    """The servers and roles, each of which may die, and the till with what it sells."""

    def __init__(self, box: Sandbox, database: MariaDb, redis: Redis, folder: Path) -> None:
        self.box, self.database, self.redis = box, database, redis
        self.environment = {
            **outside(box, folder),
            "DATABASE_URL": database.url,
            "REDIS_URL": redis.url,
            "MARIADB_PASSWORD": "unused-here",
            "WORKER_PROCESSES": "1",
        }
        kinds = {"worker": LoadedRole, "bulk": LoadedRole, "scheduler": Role}
        self.roles = {
            name: kind(name, self.environment, folder / f"{name}.log") for name, kind in kinds.items()
        }
        self.store = box.evotor.add_store("Лавка")
        self.group = box.evotor.add_group(self.store.id, GROUP)
        self.number = 0

    def manage(self, *arguments: str, **more: str) -> tuple[int, str]:
        code, out, err = Command({**self.environment, **more}, *arguments).result()
        return code, out if code == 0 else f"{out}{err}"

    def migrate(self) -> None:
        code, said = self.manage("migrate", "--verbosity=0")
        assert code == 0, said

    def add(self, count: int) -> None:
        """Enter so many new goods."""
        for _ in range(count):
            self.number += 1
            name = f"Кружка синяя {self.number}"
            self.box.evotor.add_product(
                self.store.id, name, parent_id=self.group.id, price=100 + self.number, quantity=5
            )

    def sell(self, dice: random.Random) -> None:
        """Let a day pass in the shop: new goods, new prices, and one thing that is sold no more."""
        self.add(3)
        goods = list(self.store.products.values())
        for product in dice.sample(goods, 4):
            self.box.evotor.edit_product(self.store.id, product.id, price=dice.randint(1, 5_000))
        self.box.evotor.delete_product(self.store.id, dice.choice(goods).id)

    def again(self, name: str) -> None:
        """Kill a role and start it again."""
        self.roles[name].kill()
        self.roles[name].start()

    def freeze(self) -> None:
        """Suspend the worker for three seconds."""
        process = self.roles["worker"].process
        assert process is not None
        os.killpg(process.pid, signal.SIGSTOP)
        time.sleep(3)
        os.killpg(process.pid, signal.SIGCONT)

    def kill_database(self) -> None:
        self.database.kill()
        time.sleep(1)
        self.database.start()

    def kill_redis(self) -> None:
        self.redis.kill()
        self.redis.start()

    def lose_answers(self, dice: random.Random) -> None:
        for method in ("market.add", "market.edit", "market.addToAlbum"):
            self.box.vk.fault("reset_after", method=method, nth=dice.randint(1, 9))


@pytest.fixture
def town(mariadb_server: MariaDb, redis_server: Redis, tmp_path: Path) -> Iterator[Town]:
    with Sandbox(vk_rate=0) as box:
        town = Town(box, mariadb_server, redis_server, tmp_path)
        make_tables(mariadb_server.url, town.migrate)
        try:
            for role in town.roles.values():
                role.start()
            yield town
        finally:
            for role in town.roles.values():
                role.kill()


def test_whatever_dies_vk_becomes_equal_to_the_till(town: Town, capsys: Any) -> None:
    dice = random.Random(SEED)
    box = town.box
    box.vk.create_item(HAND_MADE)
    hand_made = repr(box.vk.items)
    town.add(GOODS)
    tokens = {"EVOTOR_TOKEN": box.evotor_token, "VK_TOKEN": box.vk_token, "GROUP": str(box.group_id)}
    code, said = town.manage("shell", "--no-imports", "-c", ASK, **tokens)
    assert code == 0, said
    town.manage("configure", EMAIL, "brake_items=100000", "brake_percent=100", "price_hold_percent=")
    ways: dict[str, Callable[[], object]] = {
        "worker killed": lambda: town.again("worker"),
        "bulk killed": lambda: town.again("bulk"),
        "scheduler killed": lambda: town.again("scheduler"),
        "MariaDB killed": town.kill_database,
        "Redis killed": town.kill_redis,
        "Redis emptied": lambda: RedisClient.from_url(town.redis.url).flushall(),
        "worker frozen": town.freeze,
        "answers lost": lambda: town.lose_answers(dice),
    }
    done = []
    for number in range(ROUNDS):
        # Each of them once, then in any order.
        way = list(ways)[(number * 3) % len(ways)] if number < len(ways) else dice.choice(list(ways))
        time.sleep(dice.uniform(0, 2))
        ways[way]()
        town.sell(dice)
        # It may meet a dead database; the next round asks again.
        town.manage("shell", "--no-imports", "-c", ASK_AGAIN)
        done.append(way)
    box.vk.faults.clear()
    assert_equal_in_the_end(town)
    kept = [item for item in box.vk.items.values() if item.title == HAND_MADE]
    assert repr({item.id: item for item in kept}) == hand_made
    with capsys.disabled():
        sys.stdout.write(
            f"\n{ROUNDS} rounds: {', '.join(done)}; {len(town.store.products)} goods, none twice or lost\n"
        )


def assert_equal_in_the_end(town: Town) -> None:
    """Run until a run had nothing to do, as an operator would, and compare VK with the till."""
    answer: dict[str, Any] = {}
    said = ""
    for _ in range(8):
        code, said = town.manage("sync", EMAIL, "--json")
        if code:
            time.sleep(2)
            continue
        answer = json.loads(said)
        if not any(answer[name] for name in ("created", "updated", "hidden", "deleted")):
            break
    assert answer.get("status") == "success", said
    assert (answer["created"], answer["updated"], answer["hidden"], answer["errors"]) == (0, 0, 0, [])
    live = [item for item in town.box.vk.items.values() if item.deleted_at is None and not item.hidden]
    shown = sorted((item.title, item.price_kopecks) for item in live if item.title != HAND_MADE)
    goods = town.store.products.values()
    assert shown == sorted((one.fields["name"], int(one.fields["price"] * 100)) for one in goods)
    skus = [item.sku for item in town.box.vk.items.values() if item.sku and item.deleted_at is None]
    assert len(skus) == len(set(skus)), "VK has something twice"
