"""How a sync grows with the shop: requests, queries, written rows, processor time and memory.

`python -m bench.growth [SIZE …]` runs whole syncs of made shops on a throw-away database of the kind that
DATABASE_URL names, with the stand-ins in a process of their own; the shop of 611 goods is the real one where
its file is there. Drawing pictures is left out. `on_both` is what `make bench` calls.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from math import ceil
from pathlib import Path
from typing import Any

from bench.refresh import throw_away_database
from bench.standins import REAL_SHOP, MadeShop, StandIns
from bench.table import Row, at_least, at_most, broken, exactly, growth_of, printed
from bench.timing import Section, timed
from tests.servers import NotInstalled, both

SIZES = (100, REAL_SHOP, 5_000, 15_000)
QUICK_SIZES = (100, REAL_SHOP, 2_000)
LEAST_SIZES = 2
MOST_OVER_BOUND = 1.2
# An album is filled after its items and itself have ids: two more requests, which the bound's
# formula leaves out. In a shop of a few items they are more than the 1.2.
DEPENDENT_REQUESTS = 2
LEAST_SAVING = 10
MOST_MEGABYTES = 300
# Database: what an unchanged run may cost, with what each further thousand goods add, and a first sync.
QUERIES, QUERIES_PER_THOUSAND = 30, 12
FIRST_QUERIES, FIRST_QUERIES_PER_THOUSAND = 150, 700
SMALL_RUNS, SMALL = 5, 1_000
GOAL_RUNS_A_SECOND = 20
WRITES = {"market.add", "market.edit", "market.delete", "market.addToAlbum", "market.addAlbum"}


@dataclass(slots=True)
class Cost:
    """What one run took. `rows` counts the database's written rows, `megabytes` is above the start."""

    requests: int = 0
    writes: int = 0
    edits: int = 0
    uploads: int = 0
    queries: int = 0
    rows: int = 0
    seconds: float = 0.0
    megabytes: float = 0.0


@dataclass(slots=True)
class Runs:
    """The runs of one shop. `items` are in VK after the first, which needs `bound` requests at least."""

    size: int
    items: int
    bound: int
    first: Cost
    unchanged: Cost
    changed: Cost


@dataclass(slots=True)
class Plain:
    """What the plain synchroniser takes for the shop of 611: requests an item, of the first run."""

    items: int
    requests: int
    seconds: float


class _QueryCounter:
    """Counts statements and the rows that they write."""

    def __init__(self) -> None:
        self.queries = self.rows = 0

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, is_many: object, context: dict[str, Any]
    ) -> Any:
        answer = execute(sql, params, is_many, context)
        self.queries += 1
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            self.rows += max(0, context["cursor"].rowcount)
        return answer


@contextmanager
def _costs(cost: Cost) -> Iterator[None]:
    """Measure a block in this process into `cost`."""
    from django.db import connection

    # The kernel then counts the peak from here on.
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = _memory("VmRSS")
    counter = _QueryCounter()
    started = time.process_time()
    with connection.execute_wrapper(counter):
        yield
    cost.seconds = time.process_time() - started
    cost.queries, cost.rows = counter.queries, counter.rows
    cost.megabytes = max(0.0, _memory("VmHWM") - before)


def _memory(name: str) -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


def run_once(user: Any, box: StandIns) -> Cost:
    """Carry a run out to its end and return its cost. Raises RuntimeError where it does not succeed."""
    from syncing.jobs.lifecycle import request_sync
    from syncing.jobs.runner import run_to_end
    from syncing.models import SyncJob

    cost = Cost()
    before, methods_before = box.requests()
    with _costs(cost):
        job = run_to_end(request_sync(user, trigger=SyncJob.Trigger.COMMAND))
    if job.status != SyncJob.Status.SUCCESS:
        raise RuntimeError(f"{job.status}: {job.error_code} {job.error_detail}")
    after, methods = box.requests()
    cost.requests = after - before
    if job.requests["vk"] != cost.requests:
        raise RuntimeError(f"VK counted {cost.requests} requests, the run {job.requests['vk']}")
    called = methods - methods_before
    cost.writes = sum(number for name, number in called.items() if name in WRITES)
    cost.edits, cost.uploads = called["market.edit"], job.requests["uploads"]
    return cost


def _cheapest(user: Any, box: StandIns, size: int) -> Cost:
    """Return an unchanged run's cost: of several the one that took the least time, more of small shops."""
    # The first one plans in full, the next ones know that nothing has changed.
    costs = [run_once(user, box) for _ in range(SMALL_RUNS if size <= SMALL else 2)]
    found = min(costs, key=lambda cost: cost.seconds)
    found.writes = sum(cost.writes + cost.uploads for cost in costs)
    return found


def made_merchant(box: StandIns, size: int) -> tuple[Any, MadeShop]:
    """Open a shop at the stand-ins, with a merchant here who is connected to it."""
    from django.conf import settings

    from catalog.photos.placeholders import placeholder
    from syncing.services import planning

    picture = placeholder("Кружка", "Посуда")
    # Drawing is not what is measured here.
    planning.placeholder = lambda *_: picture  # type: ignore[attr-defined]
    settings.VK_REQUESTS_PER_SECOND = 0
    settings.EVOTOR_API_URL, settings.VK_API_URL = box.evotor_url, box.vk_url
    shop = box.make_shop(size)
    return _merchant(shop), shop


def _merchant(shop: MadeShop) -> Any:
    from django.utils import timezone

    from accounts.models import User
    from connections.models import EvotorConnection, VkConnection
    from syncing.models import SyncConfig

    user = User.objects.create(email=f"growth-{shop.group_id}@example.com")
    SyncConfig.objects.create(user=user, is_enabled=True, confirmed_at=timezone.now())
    EvotorConnection.objects.create(
        user=user, is_online=True, access_token=shop.evotor_token, evotor_user_id=shop.evotor_user_id
    )
    VkConnection.objects.create(user=user, is_online=True, access_token=shop.vk_token, group_id=shop.group_id)
    return user


def runs_of(box: StandIns, size: int) -> Runs:
    """Sync a new shop of this many goods: first, then unchanged, then with one price changed."""
    from syncing.models import Listing

    user, shop = made_merchant(box, size)
    first = run_once(user, box)
    items, bound = box.items(shop), box.least_requests(shop)
    # The first run after a creation notes that VK keeps the texts as they were sent.
    settling = run_once(user, box)
    unchanged = _cheapest(user, box, size)
    unchanged.writes += settling.writes + settling.uploads
    unchanged.requests = max(unchanged.requests, settling.requests)
    live = Listing.objects.for_user(user).filter(state=Listing.State.LIVE).order_by("pk").first()
    if live is None:
        raise RuntimeError("nothing is on sale")
    box.change_price(shop, live.product_evotor_id, live.sent["price_kopecks"] / 100 + 1)
    return Runs(shop.size, items, bound, first, unchanged, run_once(user, box))


def plain_run(box: StandIns) -> Plain:
    """Let the plain synchroniser make the shop of 611 goods."""
    from bench.plain import PlainSynchroniser
    from catalog.photos.placeholders import placeholder
    from connections.client_factory import evotor_client_for, vk_client_for

    shop = box.make_shop(REAL_SHOP)
    vk = vk_client_for(shop.vk_token)
    plain = PlainSynchroniser(evotor_client_for(shop.evotor_token), vk, shop, placeholder("Кружка", "Посуда"))
    started = time.process_time()
    items = plain.run()
    return Plain(items, vk.requests, time.process_time() - started)


def collect(part: str, sizes: Sequence[int], sections: list[Section]) -> tuple[list[Runs], Plain]:
    """Return the runs of every size, the smallest first, and the plain synchroniser's."""
    with StandIns() as box:
        # What is imported and compiled on first use belongs to no size.
        runs_of(box, 10)
        found = []
        for size in sorted(sizes):
            with timed(f"{part}: shop of {size:,}", sections, inner=True):
                found.append(runs_of(box, size))
        with timed(f"{part}: plain synchroniser", sections, inner=True):
            return found, plain_run(box)


def rows_of(part: str, runs: Sequence[Runs], plain: Plain) -> list[Row]:
    """Return the table's rows of these runs."""
    found = [row for one in runs for row in _rows_of_size(part, one)]
    real = next((one for one in runs if one.bound and one.size == REAL_SHOP), None)
    if real is not None:
        saving = plain.requests / plain.items / (real.first.requests / real.items)
        found.append(
            at_least(
                part,
                f"first sync of {REAL_SHOP}, requests an item: the plain synchroniser's against ours",
                saving,
                LEAST_SAVING,
                " ×",
            )
        )
        ratio = real.first.seconds / plain.seconds
        found.append(
            printed(
                part,
                f"first sync of {REAL_SHOP}, processor time against the plain synchroniser's",
                f"{ratio:.2f} ×",
            )
        )
    small, large = runs[0], runs[-1]
    thousands = (large.size - small.size) / 1000
    further = (large.unchanged.queries - small.unchanged.queries) / thousands
    found.append(
        at_most(part, "unchanged run, queries of each further 1,000 goods", further, QUERIES_PER_THOUSAND)
    )
    return found + _exponents(part, runs)


def _rows_of_size(part: str, one: Runs) -> list[Row]:
    first, unchanged, size = one.first, one.unchanged, f"{one.size:,}"
    allowed = max(MOST_OVER_BOUND, (one.bound + DEPENDENT_REQUESTS) / one.bound)
    found = [
        at_most(
            part,
            f"first sync of {size}, requests: {first.requests:,} against the bound {one.bound:,}",
            first.requests / one.bound,
            allowed,
            " ×",
        ),
        at_most(part, f"unchanged run of {size}, requests", unchanged.requests, ceil(one.size / 400) + 3),
        exactly(part, f"unchanged run of {size}, writes and uploads in VK", unchanged.writes, 0),
        exactly(part, f"one of {size} changed, edits", one.changed.edits, 1),
        exactly(part, f"one of {size} changed, other writes", one.changed.writes - one.changed.edits, 0),
        at_most(part, f"first sync of {size}, memory", round(first.megabytes), MOST_MEGABYTES, " MB"),
        at_most(
            part,
            f"first sync of {size}, queries",
            first.queries,
            FIRST_QUERIES + ceil(FIRST_QUERIES_PER_THOUSAND * one.size / 1000),
        ),
        at_most(part, f"unchanged run of {size}, queries", unchanged.queries, QUERIES),
        printed(part, f"unchanged run of {size}, written rows", f"{unchanged.rows}"),
        printed(
            part,
            f"processor time of {size}: first, unchanged, one changed",
            f"{first.seconds:.2f} s, {unchanged.seconds:.3f} s, {one.changed.seconds:.3f} s",
        ),
    ]
    if one.size == REAL_SHOP:
        rate = 2 / unchanged.seconds
        goal = f"≥ {GOAL_RUNS_A_SECOND}"
        found.append(
            printed(part, f"unchanged runs of {size} a second that two cores can do", f"{rate:.1f}", goal)
        )
    return found


def _exponents(part: str, runs: Sequence[Runs]) -> list[Row]:
    figures: dict[str, Callable[[Runs], float]] = {
        "first sync, requests": lambda one: one.first.requests,
        "first sync, queries": lambda one: one.first.queries,
        "first sync, processor time": lambda one: one.first.seconds,
        "first sync, memory": lambda one: max(1.0, one.first.megabytes),
        "unchanged run, requests": lambda one: one.unchanged.requests,
        "unchanged run, queries": lambda one: one.unchanged.queries,
        "unchanged run, processor time": lambda one: one.unchanged.seconds,
        "unchanged run, memory": lambda one: max(1.0, one.unchanged.megabytes),
    }
    return [
        growth_of(part, name, [(one.size, figure(one)) for one in runs], is_time=name.endswith("time"))
        for name, figure in figures.items()
    ]


@dataclass(frozen=True, slots=True)
class Measured:
    """What a process of its own has measured: the table's rows, what took how long, and what it printed."""

    rows: list[Row]
    sections: list[Section]
    printed: str


def on_both(sizes: Sequence[int], refreshed: int) -> list[Measured]:
    """Measure on SQLite and, side by side, on a MariaDB and a Redis of our own, where they are installed.

    Each has one process at work at a time, ours or its stand-ins', and figures are of our process alone.
    """
    part = "MariaDB + Redis"
    sqlite = ("SQLite", sizes, refreshed, {"DATABASE_URL": "", "REDIS_URL": ""})
    try:
        # Servers that the main thread has started end with it, however it ends.
        with both() as servers, ThreadPoolExecutor() as pool:
            started = [pool.submit(measure, *of) for of in (sqlite, (part, sizes, refreshed, servers))]
            return [one.result() for one in started]
    except NotInstalled as error:
        return [measure(*sqlite), Measured([printed(part, "all of it", str(error))], [], "")]


def measure(part: str, sizes: Sequence[int], refreshed: int, environment: dict[str, str]) -> Measured:
    """Measure in a process of its own, on the servers that `environment` names."""
    with tempfile.TemporaryDirectory(prefix="evosync-bench-") as folder:
        answer = Path(folder) / "rows.json"
        command = [sys.executable, "-W", "ignore", "-m", "bench.growth", *map(str, sizes)]
        done = subprocess.run(
            [*command, "--part", part, "--refresh", str(refreshed), "--write", str(answer)],
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode not in {0, 1} or not answer.exists():
            row = Row(part, "the measurement came to its end", "yes", "no", holds=False)
            return Measured([row], [], done.stdout)
        found = json.loads(answer.read_text(encoding="utf-8"))
    rows = [Row(**one) for one in found["rows"]]
    return Measured(rows, [Section(**one) for one in found["sections"]], done.stdout)


def main(arguments: Sequence[str]) -> int:
    """Print the rows, write them where asked to; return 1 where a budget is broken."""
    from argparse import ArgumentParser

    parser = ArgumentParser()
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--part", default="growth")
    parser.add_argument("--refresh", type=int, default=0)
    parser.add_argument("--write", type=Path)
    given = parser.parse_args(arguments)
    sizes = sorted(set(given.sizes))
    if len(sizes) < LEAST_SIZES or sizes[0] < 1:
        parser.error("growth is measured from one size to another: give two or more, each of 1 or more")
    sections: list[Section] = []
    with throw_away_database():
        rows = rows_of(given.part, *collect(given.part, sizes, sections))
        if given.refresh:
            from bench import refresh

            with timed(f"{given.part}: refresh of {given.refresh:,}", sections, inner=True):
                rows += refresh.rows_of(given.part, given.refresh)
    for row in rows:
        print(f"{row.part}: {row.what}: {row.measured} (budget {row.budget}): {row.verdict}")
    if given.write:
        found = {"rows": [asdict(row) for row in rows], "sections": [asdict(one) for one in sections]}
        given.write.write_text(json.dumps(found), encoding="utf-8")
    return 1 if broken(rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
