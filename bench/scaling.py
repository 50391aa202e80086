"""What many shops cost, by arithmetic from what one shop costs here: `python -m bench.scaling`.

Starts a MariaDB and a Redis of its own. The shop has the 611 goods of the real one, where its file is there;
bytes are those of a bigger one, since InnoDB takes room by the megabyte. Prints the measured figures and the
table of docs/scaling.md, and writes them there with `--write`.
"""

import os
import re
import statistics
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from bench.growth import Cost, made_merchant, run_once
from bench.refresh import throw_away_database
from bench.standins import REAL_SHOP, MadeShop, StandIns
from bench.table import marks_of, with_region
from tests.servers import both

T = TypeVar("T")

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "scaling.md"
MARKS = marks_of("python -m bench.scaling --write")
SHOPS = (100, 10_000, 100_000)
WEIGHED = 5_000
RUNS = 10
# Of the 24 runs of a day so many find a change: a shop sells by day, and pushes bring most of it.
CHANGED_A_DAY, CHANGES = 8, 3
# One shop in a hundred is new each day and makes its first run.
NEW_A_DAY = 0.01
PICTURES = 20
HOURS, DAYS_KEPT = 24, 90
# A run waits for Evotor and VK most of its time; a worker's thread does no other run meanwhile.
SECONDS_OF_WAITING = 3.0
# Of its four threads, since no more messages of one queue are fetched (`dramatiq_queue_prefetch`).
AT_ONCE = 2
# Of a processor so much is used at most on average, so that a busy hour has room.
USED = 0.5
DAY = 86_400


class Measured(NamedTuple):
    """What one shop of 611 goods costs; a first run's time is in seconds, the others' in milliseconds."""

    first: float
    picture: float
    unchanged: float
    changed: float
    statements_of_first: float
    statements: float
    statements_of_change: float
    written: float
    redis_of_first: float
    redis: float
    redis_of_change: float
    redis_of_message: float
    vk_of_first: float
    vk: float
    vk_of_change: float
    rows: float
    bytes_of_good: float
    bytes_of_job: float


# The name of each figure in the table, and how it stands there.
INPUTS = (
    ("first run, processor time without drawing", "{:.2f} s"),
    ("drawing of one picture, processor time", "{:.1f} ms"),
    ("unchanged run, processor time", "{:.0f} ms"),
    ("run with one change, processor time", "{:.0f} ms"),
    ("first run, statements", "{:,.0f}"),
    ("unchanged run, statements", "{:.0f}"),
    ("run with one change, statements", "{:.0f}"),
    ("unchanged run, written rows", "{:.0f}"),
    ("first run, Redis commands", "{:,.0f}"),
    ("unchanged run, Redis commands", "{:.0f}"),
    ("run with one change, Redis commands", "{:.0f}"),
    ("message that wakes a worker, Redis commands", "{:.0f}"),
    ("first run, requests to VK", "{:,.0f}"),
    ("unchanged run, requests to VK", "{:.0f}"),
    ("run with one change, requests to VK", "{:.0f}"),
    ("rows of a shop after its first sync", "{:,.0f}"),
    ("bytes of a good in all tables with indexes", "{:,.0f}"),
    ("bytes of a finished run", "{:,.0f}"),
)


def measure(redis_url: str) -> Measured:
    """Make two shops and measure their runs, rows and bytes."""
    import redis

    server = redis.Redis.from_url(redis_url)
    with StandIns() as box:
        big, _ = made_merchant(box, WEIGHED)
        before = _bytes("catalog_product", "catalog_productgroup", "syncing_listing", "syncing_syncjobitem")
        run_once(big, box)
        weight = _bytes("catalog_product", "catalog_productgroup", "syncing_listing", "syncing_syncjobitem")
        user, shop = made_merchant(box, REAL_SHOP)
        rows = _rows()
        first, redis_of_first = _counted(server, lambda: run_once(user, box))
        rows = _rows() - rows
        for _ in range(2):
            run_once(user, box)
        costs = [_counted(server, lambda: run_once(user, box)) for _ in range(RUNS)]
        changes = [_counted(server, lambda: _run_with_change(user, box, shop)) for _ in range(CHANGES)]
    return Measured(
        first=first.seconds,
        picture=1000 * _seconds_of_picture(),
        unchanged=1000 * statistics.median(cost.seconds for cost, _ in costs),
        changed=1000 * statistics.median(cost.seconds for cost, _ in changes),
        statements_of_first=first.queries,
        statements=costs[-1][0].queries,
        statements_of_change=changes[-1][0].queries,
        written=costs[-1][0].rows,
        redis_of_first=redis_of_first,
        redis=statistics.median(commands for _, commands in costs),
        redis_of_change=statistics.median(commands for _, commands in changes),
        redis_of_message=_counted(server, _one_message)[1],
        vk_of_first=first.requests,
        vk=costs[-1][0].requests,
        vk_of_change=changes[-1][0].requests,
        rows=rows,
        bytes_of_good=(weight - before) / WEIGHED,
        bytes_of_job=_bytes_of_job(),
    )


def _counted(server: Any, work: Callable[[], T]) -> tuple[T, int]:
    """Do some work; return what it returns, and how many commands Redis carried out meanwhile."""
    before = _commands(server)
    done = work()
    # The question itself is one.
    return done, _commands(server) - before - 1


def _run_with_change(user: Any, box: StandIns, shop: MadeShop) -> Cost:
    """Raise a price by so little that it is not held, and carry the run out that brings it to VK."""
    key, price = _on_sale(user)
    box.change_price(shop, key, price + 1)
    cost = run_once(user, box)
    if cost.edits != 1:
        raise RuntimeError(f"one price has changed, and VK was sent {cost.edits}")
    return cost


def _one_message() -> None:
    """Wake a worker for nobody and take the message as its consumer does."""
    import dramatiq

    from syncing import queue

    queue.enqueue(0)
    consumer = dramatiq.get_broker().consume("sync", prefetch=1, timeout=1000)
    while (message := next(consumer)) is None:
        continue
    consumer.ack(message)
    consumer.close()


def _seconds_of_picture() -> float:
    from catalog.photos.placeholders import placeholder

    started = time.process_time()
    for number in range(PICTURES):
        placeholder(f"Кружка синяя {number}", "Посуда")
    return (time.process_time() - started) / PICTURES


def _on_sale(user: Any) -> tuple[str, int]:
    """Return the id of a product that is in VK, and its price in the till in whole roubles."""
    from catalog.models import Product
    from syncing.models import Listing

    row = Listing.objects.filter(user=user, state=Listing.State.LIVE).order_by("pk").first()
    if row is None:
        raise RuntimeError("nothing is on sale")
    price = Product.objects.for_user(user).get(evotor_id=row.product_evotor_id).price
    return row.product_evotor_id, int(price or 0)


def _commands(server: Any) -> int:
    found: int = server.info("stats")["total_commands_processed"]
    return found


def _rows() -> int:
    from catalog.models import Product, ProductGroup
    from syncing.models import Listing, SyncJobItem

    return sum(model.objects.count() for model in (Product, ProductGroup, Listing, SyncJobItem))


def _bytes(*tables: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE TABLE {', '.join(tables)}")
        cursor.fetchall()
        cursor.execute(
            "SELECT SUM(data_length + index_length) FROM information_schema.tables "
            "WHERE table_schema = DATABASE() AND FIND_IN_SET(table_name, %s)",
            [",".join(tables)],
        )
        return int(cursor.fetchone()[0])


def _bytes_of_job() -> float:
    """Return the bytes of a finished run's row, its indexes as large as the row itself."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM syncing_syncjob ORDER BY id DESC LIMIT 1")
        return 2.0 * sum(len(str(value)) for value in cursor.fetchone())


def lines(found: Measured) -> list[str]:
    """Return the measured figures and what follows from them as printed, as two tables in Markdown."""
    rows = [f"| {name} | {text.format(value)} |" for (name, text), value in zip(INPUTS, found, strict=True)]
    table = ["| Shops | 100 | 10,000 | 100,000 |", "|---|---|---|---|"]
    table += [f"| {what} | {' | '.join(figure(n) for n in SHOPS)} |" for what, figure in _figures(found)]
    return ["| One shop | |", "|---|---|", *rows, "", *table]


def read(text: str) -> Measured:
    """Return the measured figures of printed tables."""
    cells = [line.split("|")[2] for line in text.split("\n\n", maxsplit=1)[0].splitlines()[2:]]
    numbers = [re.findall(r"[\d.]+", cell.replace(",", ""))[0] for cell in cells]
    return Measured(*(float(one) for one in numbers))


def _figures(found: Measured) -> list[tuple[str, Callable[[int], str]]]:
    """Return what so many shops cost, each with a name."""
    first = found.first + REAL_SHOP * found.picture / 1000
    day = _a_day(first, found.unchanged / 1000, found.changed / 1000)
    statements = _a_day(found.statements_of_first, found.statements, found.statements_of_change)
    redis = _a_day(found.redis_of_first, found.redis, found.redis_of_change)
    redis += (HOURS + NEW_A_DAY) * found.redis_of_message
    vk = _a_day(found.vk_of_first, found.vk, found.vk_of_change)
    jobs = HOURS * DAYS_KEPT
    of_goods, of_jobs = found.bytes_of_good * REAL_SHOP, found.bytes_of_job * jobs
    held = HOURS * SECONDS_OF_WAITING + _a_day(0, found.unchanged / 1000, found.changed / 1000)
    return [
        ("rows of goods and listings", lambda n: f"{n * found.rows / 1e6:,.1f} M"),
        ("rows of runs, 90 days", lambda n: f"{n * jobs / 1e6:,.1f} M"),
        ("database", lambda n: f"{n * (of_goods + of_jobs) / 1e9:,.1f} GB"),
        ("of it runs", lambda n: f"{n * of_jobs / 1e9:,.1f} GB"),
        ("merchants' own pictures, 20 of 300 KB each", lambda n: f"{n * 20 * 300e3 / 1e9:,.1f} GB"),
        ("runs a second", lambda n: f"{n * (HOURS + NEW_A_DAY) / DAY:,.2f}"),
        ("statements a second", lambda n: f"{n * statements / DAY:,.0f}"),
        ("Redis commands a second", lambda n: f"{n * redis / DAY:,.1f}"),
        ("requests to VK a second, all tokens", lambda n: f"{n * vk / DAY:,.1f}"),
        ("processors for runs", lambda n: f"{max(0.1, n * day / DAY / USED):,.1f}"),
        ("of it first runs and their pictures", lambda n: f"{n * NEW_A_DAY * first / DAY / USED:,.1f}"),
        ("worker processes, two runs each at once", lambda n: f"{ceil(n * held / DAY / AT_ONCE / USED):,}"),
    ]


def _a_day(first: float, unchanged: float, changed: float) -> float:
    """Return what the runs of one shop take a day, of what each kind of run takes."""
    return NEW_A_DAY * first + (HOURS - CHANGED_A_DAY) * unchanged + CHANGED_A_DAY * changed


def main(arguments: Sequence[str]) -> None:
    """Measure on servers of our own and print, into the document where asked to."""
    parser = ArgumentParser(prog="bench.scaling", description=__doc__)
    parser.add_argument("--write", action="store_true", help="into docs/scaling.md as well")
    given = parser.parse_args(arguments)
    with both() as servers:
        os.environ.update(servers)
        with throw_away_database():
            measured = measure(servers["REDIS_URL"])
    # What follows is worked out from the figures as they are printed, so that the tables fit each other.
    printed = "\n".join(lines(read("\n".join(lines(measured)))))
    sys.stdout.write(f"{printed}\n")
    if given.write:
        document = DOCUMENT.read_text(encoding="utf-8")
        DOCUMENT.write_text(with_region(document, printed, MARKS), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
