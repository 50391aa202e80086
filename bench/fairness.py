"""How long small merchants wait while big ones make their first upload, and what the hourly fan-out costs.

`python -m bench.fairness [SMALL] [BIG]` starts a MariaDB and a Redis of its own, the roles `worker` and
`bulk` of compose.yaml with one process each, and the sandbox with VK's three requests a second and token.
SMALL merchants of 100 goods are in VK already. Eight of their tills do not answer while each of the others
changes a price. Then the tokens of eight of them end, and VK ID does not answer while each of the others
changes a price. Then BIG merchants begin to upload 5,000 goods each; as many as the `bulk` worker has
threads. Then every small one changes a price.
"""

import io
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.table import Row, at_least, broken, exactly, printed, refused

SMALL, SMALL_ITEMS = 50, 100
BIG, BIG_ITEMS = 4, 5_000
FAN_OUT = 10_000
FAN_OUT_SECONDS = 10.0
UNCHANGED_SECONDS = 5.0
NEW_PRICE, SLOW_PRICE, LOGIN_PRICE = 149.5, 148.5, 147.5
# Twice as many as a worker's process has threads for everybody; held so long where others wait for them.
SLOW, HELD_SECONDS = 8, 180.0
PATIENCE_SECONDS = 900.0


class Shop:
    """One merchant of the sandbox with an account, a community and tokens of their own."""

    def __init__(self, box: Any, name: str, items: int) -> None:
        from django.utils import timezone

        from accounts.models import User
        from catalog.photos.services import set_shared_photo
        from connections.models import EvotorConnection, VkConnection
        from syncing.models import SyncConfig

        self.account = account = box.evotor.add_merchant()
        person = box.vk.add_person("Анна", name)
        self.person_id = person.id
        self.box, self.items = box, items
        self.store = box.evotor.add_store(name, user_id=account.user_id)
        group = box.evotor.add_group(self.store.id, "Посуда")
        for number in range(items):
            box.evotor.add_product(
                self.store.id, f"Кружка {number}", parent_id=group.id, price=100 + number, quantity=5
            )
        self.group_id = box.vk.add_community(name, f"shop{person.id}", {person.id: 3}).id
        self.token = box.vk.add_token(user_id=person.id).value
        self.user = User.objects.create(email=f"{name}@example.com")
        SyncConfig.objects.create(user=self.user, is_enabled=True, confirmed_at=timezone.now())
        EvotorConnection.objects.create(
            user=self.user, is_online=True, access_token=account.token, evotor_user_id=account.user_id
        )
        VkConnection.objects.create(
            user=self.user, is_online=True, access_token=self.token, group_id=self.group_id
        )
        set_shared_photo(self.user, group=None, jpeg=_small_picture())

    def sync_here(self) -> None:
        """Make the first upload in this process."""
        from django.db import connection

        from syncing.jobs.lifecycle import request_sync
        from syncing.jobs.runner import run_to_end
        from syncing.models import SyncJob

        job = run_to_end(request_sync(self.user, trigger=SyncJob.Trigger.COMMAND))
        if job.status != SyncJob.Status.SUCCESS:
            raise RuntimeError(f"{self.user} was not synced")
        connection.close()

    def change_a_price(self, price: float) -> None:
        """Change a price in the till and report it, as a push does after its five seconds."""
        from syncing.jobs.lifecycle import request_sync

        self.box.evotor.edit_product(self.store.id, next(iter(self.store.products)), price=price)
        request_sync(self.user, trigger="webhook")

    def run_now(self) -> None:
        """Ask for a run that reads the whole till."""
        from syncing.jobs.lifecycle import request_sync

        request_sync(self.user, trigger="manual")

    def is_running(self) -> bool:
        """Return True if a worker has taken the run."""
        from syncing.models import SyncJob

        return SyncJob.objects.active().for_user(self.user).exclude(lease="").exists()

    def has_ended(self) -> bool:
        """Return True if no run is asked for or goes on."""
        from syncing.models import SyncJob

        return not SyncJob.objects.active().for_user(self.user).exists()

    def has_price(self, price: float) -> bool:
        """Return True if VK shows the changed price."""
        return any(item.price_kopecks == price * 100 for item in self.box.vk.live_items(self.group_id))

    def in_vk(self) -> int:
        """Return how many goods VK has."""
        return len(self.box.vk.communities[self.group_id].items)


def _small_picture() -> bytes:
    from PIL import Image

    small = io.BytesIO()
    Image.new("RGB", (400, 400), "white").save(small, "JPEG")
    return small.getvalue()


def measure(box: Any, roles: Callable[[str], Any], small: int, big: int) -> list[Row]:
    """Print how the small ones fare beside the big ones; return the table's rows."""
    from django.conf import settings

    shops = [Shop(box, f"small{number}", SMALL_ITEMS) for number in range(small)]
    settings.VK_REQUESTS_PER_SECOND, box.vk.limits.per_second = 0, 0
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(Shop.sync_here, shops))
    box.vk.limits.per_second = 3
    giants = [Shop(box, f"big{number}", BIG_ITEMS) for number in range(big)]
    slow, others = shops[:SLOW], shops[SLOW:]
    rows = _slow_tills(roles, slow, others) + _slow_logins(box, roles, slow, others)
    with roles("worker"), roles("bulk"):
        for giant in giants:
            giant.run_now()
        _wait(lambda: all(giant.in_vk() for giant in giants), "the big ones do not begin")
        return rows + _changes(box, shops, giants)


def _slow_tills(roles: Callable[[str], Any], slow: list[Shop], others: list[Shop]) -> list[Row]:
    """Let some tills answer only after all other prices are in VK; return how many waited."""
    answer = threading.Event()
    for shop in slow:
        shop.account.held_until = answer
    what = f"{len(slow)} tills that do not answer"
    return _beside_slow(roles, what, slow, others, silent="a till", price=SLOW_PRICE, answer=answer)


def _slow_logins(box: Any, roles: Callable[[str], Any], slow: list[Shop], others: list[Shop]) -> list[Row]:
    """Let VK ID renew some tokens only after all other prices are in VK; return how many waited."""
    from django.utils import timezone

    from connections.models import EvotorConnection, VkConnection
    from tests.vk_logins import log_in

    for shop in slow:
        log_in(box, VkConnection.objects.get(user=shop.user), now=timezone.now(), person=shop.person_id)
    # Their tills answer again.
    EvotorConnection.objects.update(slow_until=None)
    answer = threading.Event()
    fault = box.vk.fault("action", method="oauth2/auth", times=0, do=answer.wait)
    what = f"{len(slow)} renewals that VK ID does not answer"
    rows = _beside_slow(roles, what, slow, others, silent="VK ID", price=LOGIN_PRICE, answer=answer)
    sys.stdout.write(f"  VK ID was asked {fault.seen} times\n")
    return rows


def _beside_slow(
    roles: Callable[[str], Any],
    what: str,
    slow: list[Shop],
    others: list[Shop],
    *,
    silent: str,
    price: float,
    answer: threading.Event,
) -> list[Row]:
    """Start the runs of those that have to wait for an answer, change the others' prices, let it come."""
    for shop in slow:
        shop.run_now()
    with roles("worker"):
        _wait(lambda: any(shop.is_running() for shop in slow), "the slow ones do not begin")
        waits, left = _until_in_vk(others, price, patience=HELD_SECONDS)
        answer.set()
        _wait(lambda: all(shop.has_ended() for shop in slow), "the slow ones do not end")
    beside = f"{what} beside {len(others)} price changes"
    sys.stdout.write(
        f"fairness: {beside}: the first in VK after {min(waits, default=0):.1f} s, all after "
        f"{max(waits, default=0):.1f} s, {len(left)} waited\n"
    )
    return [
        exactly("fairness", f"{beside}, changes that waited for {silent}", len(left), 0),
        printed("fairness", f"{beside}, seconds until all are in VK", f"{max(waits, default=0):.1f} s"),
    ]


def _until_in_vk(shops: list[Shop], price: float, *, patience: float) -> tuple[list[float], list[Shop]]:
    """Change a price in each shop; return after how many seconds VK had it, and where it has not."""
    started = time.monotonic()
    for shop in shops:
        shop.change_a_price(price)
    waits: list[float] = []
    left = list(shops)
    while left and time.monotonic() - started < patience:
        for shop in [shop for shop in left if shop.has_price(price)]:
            waits.append(time.monotonic() - started)
            left.remove(shop)
        time.sleep(0.05)
    return waits, left


def _changes(box: Any, shops: list[Shop], giants: list[Shop]) -> list[Row]:
    calls_before = len(box.vk.calls)
    waits, left = _until_in_vk(shops, NEW_PRICE, patience=PATIENCE_SECONDS)
    ours = {f"-{giant.group_id}" for giant in giants}
    served = [call for call in box.vk.calls[calls_before:] if call.params.get("owner_id") in ours]
    kinds = Counter(call.method for call in served)
    done = [giant.in_vk() / giant.items for giant in giants]
    sys.stdout.write(
        f"fairness: {len(giants)} first uploads of {BIG_ITEMS} beside {len(shops)} merchants of "
        f"{SMALL_ITEMS}, who all change a price\n"
        f"  in VK: the first after {waits[0]:.1f} s, half after {waits[len(waits) // 2]:.1f} s, "
        f"all after {waits[-1]:.1f} s; {len(waits) / waits[-1]:.1f} merchants a second\n"
        f"  meanwhile VK made {kinds['market.add']} items for the big ones, "
        f"who are at {min(done):.0%} to {max(done):.0%}\n"
    )
    waited = len(left) if max(done) < 1 else len(shops)
    beside = f"{len(giants)} first uploads of {BIG_ITEMS:,} beside {len(shops)} price changes"
    return [
        exactly("fairness", f"{beside}, changes that waited for the uploads' end", waited, 0),
        at_least("fairness", f"{beside}, items made meanwhile", kinds["market.add"], 1),
        printed("fairness", f"{beside}, seconds until all are in VK", f"{waits[-1]:.1f} s"),
    ]


def fan_out(merchants: int) -> list[Row]:
    """Print what asking for everybody's hourly run costs; return the table's row."""
    from django.utils import timezone

    from accounts.models import User
    from connections.models import EvotorConnection, VkConnection
    from syncing.models import SyncConfig
    from syncing.tasks import run_sync_all

    now = timezone.now()
    users = User.objects.bulk_create(User(email=f"many{number}@example.com") for number in range(merchants))
    SyncConfig.objects.bulk_create(SyncConfig(user=user, is_enabled=True, confirmed_at=now) for user in users)
    EvotorConnection.objects.bulk_create(EvotorConnection(user=user, is_online=True) for user in users)
    VkConnection.objects.bulk_create(VkConnection(user=user, is_online=True) for user in users)
    started = time.monotonic()
    run_sync_all.fn()
    seconds = time.monotonic() - started
    sys.stdout.write(f"hourly fan-out to {merchants} merchants: {seconds:.1f} s\n")
    what = f"hourly fan-out to {merchants:,} merchants, seconds"
    return [printed("fairness", what, f"{seconds:.1f} s", f"≤ {FAN_OUT_SECONDS:.0f} s")]


def unchanged(box: Any, seconds: float) -> None:
    """Print how many runs a second one process does that find nothing to do, each of ten goods."""
    from django.conf import settings

    shop = Shop(box, "unchanged", 10)
    settings.VK_REQUESTS_PER_SECOND, box.vk.limits.per_second = 0, 0
    box.evotor.rules.per_window = 0
    shop.sync_here()
    runs, started = 0, time.monotonic()
    while time.monotonic() - started < seconds:
        shop.sync_here()
        runs += 1
    rate = runs / (time.monotonic() - started)
    sys.stdout.write(
        f"unchanged runs: {rate:.1f} a second in one process, the sandbox in it too (goal: 20 on two cores)\n"
    )


def _wait(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(what)
        time.sleep(0.1)


def run(small: int, big: int) -> list[Row]:
    """Set servers and Django up in this process, and measure."""
    from bench.installation import variables_of_roles
    from sandbox import Sandbox
    from tests.deploy.roles import Role
    from tests.servers import both

    with both() as addresses, Sandbox() as box, tempfile.TemporaryDirectory() as folder:
        variables = variables_of_roles(box, Path(folder), addresses)
        variables |= {"WORKER_PROCESSES": "1", "BULK_PROCESSES": "1", "LOG_LEVEL": "ERROR"}
        os.environ.update(variables)
        import django

        django.setup()
        import dramatiq
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        unchanged(box, UNCHANGED_SECONDS)
        rows = measure(box, lambda name: Role(name, variables, Path(folder) / f"{name}.log"), small, big)
        dramatiq.get_broker().flush_all()
        return rows + fan_out(FAN_OUT)


def rows_of() -> list[Row]:
    """Measure in a process of its own, which has its own servers; return the table's rows."""
    with tempfile.TemporaryDirectory(prefix="evosync-bench-") as folder:
        answer = Path(folder) / "rows.json"
        subprocess.run([sys.executable, "-m", "bench.fairness", "--write", str(answer)], check=False)
        if not answer.exists():
            return refused("fairness", ["could not be measured"])
        return [Row(**one) for one in json.loads(answer.read_text(encoding="utf-8"))]


def main(arguments: Sequence[str]) -> int:
    """Measure with as many small and big merchants as given; return 1 where a budget is broken."""
    parser = ArgumentParser()
    parser.add_argument("numbers", nargs="*", type=int, default=[SMALL, BIG])
    parser.add_argument("--write", type=Path)
    given = parser.parse_args(arguments)
    rows = run(*given.numbers)
    if given.write:
        given.write.write_text(json.dumps([asdict(row) for row in rows]), encoding="utf-8")
    for line in broken(rows):
        sys.stdout.write(f"BROKEN: {line}\n")
    return 1 if broken(rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
