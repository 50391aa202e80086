"""What every page costs the biggest merchant: 15,000 products and 1,000,000 rows of runs' items.

`python -m bench.pages [ROWS] [--mariadb]` makes that merchant on a throw-away database of the kind that
DATABASE_URL names, or on a MariaDB and a Redis of its own, and opens every page and list. What a page asks a
worker for is computed in between. Prints the questions asked of the database, the processor seconds with the
database's own (the best of three looks) and the compressed bytes; ends with 1 where a budget is broken.
"""

import gc
import gzip
import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench import big_merchant
from bench.big_merchant import Merchant
from bench.refresh import throw_away_database
from bench.standins import StandIns
from bench.table import BROKEN, HOLDS, Row, at_most, measured_apart, printed, write_rows

MOST_QUERIES = 15
MOST_SECONDS = 0.3
LOOKS = 3
HEADER = "| Page | Queries | Processor seconds | Compressed | Verdict |\n|---|---|---|---|---|"


@dataclass(frozen=True, slots=True)
class Look:
    """What one page took: `queries` at most and `seconds` at least of some looks."""

    address: str
    queries: int
    seconds: float
    size: int

    @property
    def holds(self) -> bool:
        """Whether the page is within both budgets."""
        return self.queries <= MOST_QUERIES and self.seconds <= MOST_SECONDS

    def __str__(self) -> str:
        figures = f"{self.queries} | {self.seconds:.3f} | {self.size / 1000:.1f} KB"
        return f"| `{self.address}` | {figures} | {HOLDS if self.holds else BROKEN} |"


def addresses(merchant: Merchant) -> list[str]:
    """Return every page of a merchant's, every list with its searches, and what opens by a link."""
    from django.urls import reverse

    from syncing.services.catalog_states import Show
    from tests.web.addresses import merchant_addresses, pages

    job, product = merchant.ordinary, merchant.product
    ids: dict[str, list[int | str]] = {
        "catalog:edit_photo": [merchant.photo],
        "catalog:photo_import_file": [merchant.imported_file],
        "catalog:table_import": [merchant.table],
        "feed:reader": ["vk-ads", "avito"],
        "syncing:category": [merchant.group],
        "syncing:goods_rule": [merchant.rule],
        "syncing:group_text": [merchant.group],
        "syncing:job": [merchant.running, merchant.asking, merchant.ordinary, merchant.changed_all],
        "syncing:undo": [merchant.ordinary, merchant.changed_all],
    }
    found = []
    for name in sorted(pages()):
        if not merchant_addresses()[name].pattern.converters:
            found.append(reverse(name))
            continue
        given = ids.get(name) or [product]
        found += [reverse(name, args=[pk]) for pk in given]
    listed, run = reverse("catalog:list"), reverse("syncing:job", args=[job])
    lines = reverse("catalog:table_import", args=[merchant.table])
    searches = [
        *(f"{listed}?show={show}" for show in Show.values if show),
        *(f"{listed}?{asked}" for asked in ("q=синяя", "q=149", f"after={product + 9_000}", "why=ready")),
        f"{listed}?price_from=10&price_to=90&group={merchant.group}",
        f"{listed}?why=no_price",
        f"{reverse('catalog:bulk')}?action=category&all=1&q=синяя",
        f"{lines}?show=bad",
        f"{lines}?q=синяя&after=9000",
        f"{run}?result=failed",
        f"{reverse('syncing:job', args=[merchant.changed_all])}?result=done&action=update",
        f"{reverse('syncing:undo', args=[job])}?product={product}",
        f"{reverse('syncing:history')}?before={job}",
        f"{reverse('syncing:filters')}?q=синяя",
        f"{reverse('syncing:preview')}?q=синяя&part=create&page=9",
        f"{reverse('catalog:product_history', args=[product])}?before=500000",
    ]
    parts = [reverse("catalog:counts"), reverse("catalog:why", args=[product]), reverse("feed:goods")]
    parts.append(reverse("syncing:job_progress", args=[merchant.running]))
    return list(dict.fromkeys(found + searches + parts + addresses_of_links(merchant)))


def addresses_of_links(merchant: Merchant) -> list[str]:
    """Return what opens by a link alone: the photo queue with a search, a held plan, held prices."""
    from django.urls import reverse

    from syncing.choices import ChannelKind
    from syncing.models import SyncJob
    from syncing.services import decision_links, price_links
    from syncing.services.held_prices import waiting
    from syncing.services.shelf_link import issue_link

    token = issue_link(merchant.user).token
    queue = reverse("shelf:queue", args=[token])
    plan = decision_links.address_of(SyncJob.objects.get(pk=merchant.asking), ChannelKind.TELEGRAM)
    prices = price_links.address_of(merchant.user, waiting(merchant.user), ChannelKind.TELEGRAM)
    return [
        *(f"{queue}{asked}" for asked in ("", "?skip=9000", "?q=синяя", "?q=149")),
        reverse("shelf:product", args=[token, merchant.product]),
        *(urlsplit(address).path for address in (plan, prices)),
    ]


def looks(client: Any, places: Sequence[str]) -> Iterator[Look]:
    """Open every page until it shows what it has asked for; yield what further looks take."""
    for address in places:
        prepare(client, address)
        yield _look(client, address)


def prepare(client: Any, address: str) -> None:
    """Open a page until it shows what it has asked a worker for."""
    from syncing.models import Computation
    from tests.computing import compute_asked

    for _ in range(2):
        client.get(address)
        compute_asked()
    if failed := Computation.objects.exclude(error_code="").first():
        raise RuntimeError(f"{address}: {failed.kind}: {failed.error_code} {failed.error_text}")


def _look(client: Any, address: str) -> Look:
    queries, seconds, size = 0, [], 0
    for _ in range(LOOKS):
        with _counted() as asked:
            started = time.process_time() + _database_seconds()
            answer = client.get(address)
            seconds.append(time.process_time() + _database_seconds() - started)
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            raise RuntimeError(f"{address} answers with {answer.status_code}")
        queries, size = max(queries, len(asked)), len(gzip.compress(answer.content))
    return Look(address, queries, min(seconds), size)


@contextmanager
def _counted() -> Iterator[list[str]]:
    """Note the statements of a block."""
    from django.db import connection

    asked: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if "Cpu_time" not in sql:
            asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield asked


def _database_seconds() -> float:
    """Return the processor time of a server for this connection; SQLite's is ours."""
    from django.db import connection

    if connection.vendor != "mysql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SHOW SESSION STATUS LIKE 'Cpu_time'")
        return float(cursor.fetchone()[1])


def browser_of(user: Any) -> Any:
    """Return a client that is logged in, its cookie made as the site's middleware makes it."""
    from django.conf import settings
    from django.http import HttpRequest
    from django.test import Client

    class Browser(Client):
        def _set_login_cookies(self, request: HttpRequest) -> None:
            super()._set_login_cookies(request)  # type: ignore[misc]
            self.cookies[settings.SESSION_COOKIE_NAME] = request.session.secret  # type: ignore[attr-defined]

    client = Browser(headers={"accept-language": "ru"})
    client.force_login(user)
    return client


def measure(rows: int) -> list[Look]:
    """Make the merchant and look at all of their pages, printing each as it comes."""
    from django.conf import settings
    from django.db import connection

    with StandIns() as box:
        settings.VK_REQUESTS_PER_SECOND, settings.ALLOWED_HOSTS = 0, ["testserver"]
        settings.EVOTOR_API_URL, settings.VK_API_URL = box.evotor_url, box.vk_url
        started = time.perf_counter()
        merchant = big_merchant.make(box.make_shop(10), rows)
        if connection.vendor == "mysql":
            with connection.cursor() as cursor:
                cursor.execute("SET GLOBAL userstat = 1")
                # Of rows that came all at once MariaDB knows nothing yet, and guesses badly.
                cursor.execute(f"ANALYZE TABLE {', '.join(connection.introspection.table_names())}")
        seconds = time.perf_counter() - started
        print(
            f"Pages on {connection.vendor}: {rows:,} rows of runs, made in {seconds:.0f} s\n\n{HEADER}",
            flush=True,
        )
        # What making all this has left in memory is no page's to walk through.
        gc.collect()
        gc.freeze()
        found = []
        for look in looks(browser_of(merchant.user), addresses(merchant)):
            print(look, flush=True)
            found.append(look)
    return found


def rows_of() -> list[Row]:
    """Measure every page in a process of its own; return the table's rows."""
    return measured_apart("pages", "bench.pages")


def rows_of_looks(found: Sequence[Look], rows: int) -> list[Row]:
    """Return the table's rows of the pages that take most."""
    queries = max(found, key=lambda look: look.queries)
    seconds = max(found, key=lambda look: look.seconds)
    of = f"{len(found)} pages and lists at {big_merchant.PRODUCTS:,} products and {rows:,} rows of runs"
    return [
        at_most("pages", f"{of}, most queries of one", queries.queries, MOST_QUERIES),
        printed(
            "pages",
            f"{of}, most processor time of one",
            f"{seconds.seconds:.3f} s",
            f"≤ {MOST_SECONDS} s",
        ),
    ]


def main(arguments: Sequence[str]) -> int:
    """Measure every page; return 1 where one is over its budget."""
    parser = ArgumentParser(prog="bench.pages", description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=big_merchant.ITEMS)
    parser.add_argument("--mariadb", action="store_true", help="on a MariaDB and a Redis of its own")
    parser.add_argument("--write", type=Path, help="rows of `make bench`")
    given = parser.parse_args(arguments)
    with ExitStack() as stack:
        if given.mariadb:
            from tests.servers import both

            os.environ.update(stack.enter_context(both()))
        stack.enter_context(throw_away_database())
        found = measure(given.rows)
    write_rows(rows_of_looks(found, given.rows), given.write)
    over = [look for look in found if not look.holds]
    for look in over:
        print(f"BROKEN: {look.address}: {look.queries} queries, {look.seconds:.3f} s")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
