"""Two web, two worker and two bulk hosts on one MariaDB and one Redis, their clocks three minutes apart.

`python -m bench.hosts` lets several merchants make their first upload, sells at the tills meanwhile, presses
"run" on both webs at once, and ends a worker and a bulk host by SIGKILL in the middle; answers are faulty now
and then. When all is quiet it compares VK with the tills. A host has its own name, folder, temporary folder
and clock (`bench/host.py`); merchants' pictures are in a folder that they share. It ends with 1 where one
thing is twice, lost, or beyond VK's pace.
"""

import itertools
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from bench.host_roles import ANSWER_SECONDS, APP_TOKEN, Host, installation
from bench.table import Row, at_least, at_most, broken, exactly, printed
from tests.deploy.visitor import Visitor
from tests.servers import both

GOODS = (20, 20, 20, 300, 300, 300)
PASSWORD = "a-long-passphrase-7"  # noqa: S105 - of merchants that live for three minutes
WINDOW, PER_SECOND = 10.0, 3
MOST_IN_WINDOW = 31
FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "reset_after", "nth": 25},
    {"kind": "http", "status": 504, "executed": True, "nth": 50},
    {"kind": "bad_json", "nth": 80},
    {"kind": "error", "code": 10, "nth": 110},
    {"kind": "reset_before", "nth": 140},
)
PATIENCE = 150.0


class Pace:
    """What VK's stand-in was asked, by token, and what it found too fast."""

    def __init__(self, vk: Any) -> None:
        self._ask, self.refused = vk.too_fast, 0
        self.moments: dict[str, list[float]] = defaultdict(list)
        vk.too_fast = self.too_fast

    def too_fast(self, token: str) -> bool:
        """Note a request and answer as VK does."""
        self.moments[token].append(time.monotonic())
        found = bool(self._ask(token))
        self.refused += found
        return found

    def most(self, seconds: float) -> int:
        """Return the most requests of one token within so many seconds."""
        return max(
            sum(1 for later in moments[first:] if later - moments[first] < seconds)
            for moments in self.moments.values()
            for first in range(len(moments))
        )

    def shortest(self) -> float:
        """Return the shortest time between one request of a token and the third after it."""
        spans = (
            later - first
            for moments in self.moments.values()
            for first, later in zip(moments, moments[PER_SECOND:], strict=False)
        )
        return min(spans, default=0.0)


class Bench:
    """The merchants, the hosts, and what was seen."""

    def __init__(self, box: Any, hosts: dict[str, Host]) -> None:
        from bench.fairness import Shop

        self.box, self.hosts, self.started = box, hosts, time.monotonic()
        self.pace = Pace(box.vk)
        self.shops = [Shop(box, f"shop{number}", size) for number, size in enumerate(GOODS)]
        self.first: dict[int, float] = {}
        self.twice: Counter[str] = Counter()
        self.taken_over: dict[str, float] = {}
        self.webs = [hosts["web-1"], hosts["web-2"]]
        self.calls = [
            box.webhooks(f"http://127.0.0.1:{web.port}/evotor", app_token=APP_TOKEN) for web in self.webs
        ]
        self.refused = 0
        self.sold = itertools.count()

    def run(self) -> list[Row]:
        """Let everything happen, wait until it is quiet, and return the table's rows."""
        from syncing.jobs.lifecycle import request_sync

        pressed = self.press_both(self.shops[3])
        self.started = time.monotonic()
        for fault in FAULTS:
            self.box.vk.fault(**fault)
        for shop in self.shops:
            request_sync(shop.user, trigger="manual")
        dead = [self.kill("bulk-1"), self.kill("worker-1")]
        quiet = self.until_quiet()
        return [*self.rows(pressed, quiet), *self.rows_of_deaths(dead)]

    def press_both(self, shop: Any) -> list[int]:
        """Log in on one web and press "run" on both at once; return the answers and the number of jobs."""
        from allauth.account.models import EmailAddress

        from syncing.models import SyncJob

        shop.user.set_password(PASSWORD)
        shop.user.save()
        EmailAddress.objects.create(user=shop.user, email=shop.user.email, verified=True, primary=True)
        one = Visitor(int(self.webs[0].port))
        one.post("/accounts/login/", {"login": shop.user.email, "password": PASSWORD}, on="/accounts/login/")
        other = one.through(int(self.webs[1].port))
        with ThreadPoolExecutor(2) as pool:
            pages = list(pool.map(lambda web: web.post("/sync/run/", {}, on="/sync/"), (one, other)))
        same = {page.path for page in pages if page.path.startswith("/history/")}
        return [len(pages), len(same), SyncJob.objects.for_user(shop.user).count()]

    def look(self) -> None:
        """Sell something, note first items and what is twice, and do what the scheduler does more often."""
        for shop in self.shops:
            items = self.box.vk.live_items(shop.group_id)
            if items:
                self.first.setdefault(shop.group_id, time.monotonic() - self.started)
            counted = Counter(item.title for item in items if not item.hidden)
            self.twice.update(title for title, times in counted.items() if times > 1)

    def sell(self) -> None:
        """Sell one piece at some till, and tell one of the webs."""
        number = next(self.sold)
        shop = self.shops[number % len(self.shops)]
        product = list(shop.store.products)[number % shop.items]
        self.box.evotor.sell(shop.store.id, product)
        answer = self.calls[number % 2].send(self.calls[number % 2].document(shop.store.id, {product: 1}))
        self.refused += answer.status != 200  # noqa: PLR2004 - Evotor takes nothing else for a success

    def kill(self, name: str) -> tuple[str, int, float]:
        """End a host while it works on a job; return its name, the job and the moment."""
        from syncing.models import SyncJob

        for _ in range(int(ANSWER_SECONDS * 10)):
            self.look()
            found = SyncJob.objects.active().filter(lease__startswith=f"{name}:").first()
            if found is not None:
                self.hosts[name].kill()
                return name, found.pk, time.monotonic()
            self.sell()
            sweep()
            time.sleep(0.1)
        return name, 0, time.monotonic()

    def until_quiet(self) -> float:
        """Return the seconds until VK is as the tills are and no run is unfinished."""
        from syncing.models import SyncJob

        until, selling = self.started + PATIENCE, time.monotonic() + 20
        while time.monotonic() < until:
            self.look()
            if time.monotonic() < selling:
                self.sell()
            sweep()
            if time.monotonic() > selling and not SyncJob.objects.active().exists() and not self.wrong():
                break
            time.sleep(1)
        return time.monotonic() - self.started

    def wrong(self) -> int:
        """Return how many goods VK shows otherwise than their till, or not at all, or too much."""
        wrong = 0
        for shop in self.shops:
            till = Counter((p.fields["name"], p.fields["quantity"]) for p in shop.store.products.values())
            shown = Counter((item.title, item.stock) for item in self.box.vk.live_items(shop.group_id))
            wrong += ((till - shown) + (shown - till)).total()
        return wrong

    def rows(self, pressed: list[int], quiet: float) -> list[Row]:
        """Return what was found at the end."""
        from syncing.models import SyncJob

        requests = sum(map(len, self.pace.moments.values()))
        return [
            exactly("hosts", 'jobs of "run" on two webs at once, logged in on one', pressed[2], 1),
            exactly("hosts", "pages of that job that both webs lead to", pressed[1], 1),
            exactly("hosts", "goods seen twice in VK", self.twice.total(), 0),
            exactly("hosts", "goods lost, or other than in the till", self.wrong(), 0),
            exactly("hosts", "unfinished runs", SyncJob.objects.active().count(), 0),
            exactly("hosts", "receipts that a web refused", self.refused, 0),
            at_most("hosts", "requests of a token in 10 s", self.pace.most(WINDOW), MOST_IN_WINDOW),
            printed(
                "hosts", "shortest time of four requests of a token", f"{self.pace.shortest():.2f} s", "1 s"
            ),
            printed("hosts", "requests that came too close together", str(self.pace.refused)),
            at_least("hosts", "merchants with a first item", len(self.first), len(self.shops)),
            printed("hosts", "most requests of a token in 1 s", str(self.pace.most(1.0)), f"{PER_SECOND}"),
            printed("hosts", "first item of the slowest merchant", f"{max(self.first.values()):.0f} s"),
            printed("hosts", "receipts, requests to VK", f"{next(self.sold)}, {requests}"),
            printed("hosts", "until quiet", f"{quiet:.0f} s"),
        ]

    def rows_of_deaths(self, dead: list[tuple[str, int, float]]) -> list[Row]:
        """Return who went on with the jobs of the dead hosts."""
        from syncing.models import SyncJob

        rows = []
        for name, pk, _moment in dead:
            job = SyncJob.objects.filter(pk=pk).first()
            ended = int(job is not None and job.is_finished and job.attempts > 1)
            rows.append(exactly("hosts", f"jobs of {name}, killed, that another host ended", ended, 1))
        return rows


def sweep() -> None:
    """Do what the scheduler asks for every minute."""
    from syncing.tasks import sweep_stale_jobs

    with suppress(Exception):
        sweep_stale_jobs.send()


def main() -> int:
    """Print the table; return 1 where something is broken."""
    from sandbox import Sandbox

    # Who ends the bench ends the hosts with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with both() as addresses, Sandbox() as box, tempfile.TemporaryDirectory() as folder:
        with installation(box, Path(folder), addresses) as hosts:
            rows = Bench(box, hosts).run()
        for row in rows:
            sys.stdout.write(f"{row.what}: {row.measured} ({row.budget}, {row.verdict})\n")
        return 1 if broken(rows) else 0


if __name__ == "__main__":
    sys.exit(main())
