"""How far each page jumps while it loads, and what its code weighs, for the biggest merchant.

`python -m bench.window [ROWS]` makes the merchant of bench.pages, 15,000 products and so many rows of runs'
items, and opens every page in Chromium at 390 px, as the browser tests do with a small shop: what a page asks
a worker for is computed before, and pictures come into view as somebody scrolls. Prints the Cumulative Layout
Shift, the compressed bytes of HTML, CSS and JavaScript and the number of pictures; ends with 1 where a budget
is broken.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bench import big_merchant
from bench.pages import addresses, browser_of, prepare
from bench.refresh import throw_away_database
from bench.standins import StandIns
from bench.table import BROKEN, HOLDS
from tests.e2e.watching import ARGUMENTS, PHONE, Watch
from tests.servers import CHROMIUM, find_program

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROWS = 20_000
HEADER = "| Page | Shift | Compressed code | Pictures | Verdict |\n|---|---|---|---|---|"
# Brings every picture into view, as a thumb does.
SCROLL = """async () => {
  for (let top = 0; top < document.documentElement.scrollHeight; top += innerHeight / 2) {
    scrollTo(0, top);
    await new Promise(requestAnimationFrame);
  }
}"""


@contextmanager
def _served() -> Iterator[str]:
    """Serve the site of this process, on its own connection to the database; yield its address."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.db import connections
    from django.test.testcases import LiveServerThread

    shared = {"default": connections["default"]}
    shared["default"].inc_thread_sharing()
    server = LiveServerThread("127.0.0.1", StaticFilesHandler, connections_override=shared)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.terminate()


def measure(rows: int) -> list[str]:
    """Open every page, print what it takes; return what breaks a budget."""
    from django.conf import settings
    from playwright.sync_api import sync_playwright

    with StandIns() as box:
        settings.VK_REQUESTS_PER_SECOND, settings.ALLOWED_HOSTS = 0, ["testserver", "127.0.0.1"]
        settings.SECURE_SSL_REDIRECT = False
        settings.EVOTOR_API_URL, settings.VK_API_URL = box.evotor_url, box.vk_url
        merchant = big_merchant.make(box.make_shop(10), rows)
        client = browser_of(merchant.user)
        places = []
        for place in addresses(merchant):
            prepare(client, place)
            # Some are parts that pages fetch.
            if b"<main" in client.get(place).content:
                places.append(place)
        with _served() as site, sync_playwright() as driver:
            cookies: Any = [
                {"name": name, "value": one.value, "url": site} for name, one in client.cookies.items()
            ]
            chromium = find_program(*CHROMIUM)
            with driver.chromium.launch(executable_path=chromium, args=list(ARGUMENTS)) as browser:
                page = browser.new_page(viewport={"width": PHONE, "height": 844}, locale="ru-RU")
                page.context.add_cookies(cookies)
                return _look(page, site, places)


def _look(page: "Page", site: str, places: Sequence[str]) -> list[str]:
    print(HEADER, flush=True)
    page.set_default_timeout(60_000)
    watch = Watch(page, site)
    faults: list[str] = []
    for place in places:
        watch.faults.clear()
        answer = page.goto(f"{site}{place}")
        if "/accounts/login/" in page.url:
            raise RuntimeError(f"{place} asks for a login")
        page.evaluate(SCROLL)
        page.wait_for_load_state("networkidle")
        shift, size = watch.weigh(answer)
        pictures: Any = page.evaluate("document.querySelectorAll('main img').length")
        verdict = BROKEN if watch.faults else HOLDS
        print(f"| `{place}` | {shift:.3f} | {size / 1024:.0f} KB | {pictures} | {verdict} |", flush=True)
        faults += watch.faults
    return faults


def main(arguments: Sequence[str]) -> int:
    """Measure every page; return 1 where one is over its budget."""
    parser = ArgumentParser(prog="bench.window", description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=ROWS)
    given = parser.parse_args(arguments)
    with throw_away_database():
        faults = measure(given.rows)
    for fault in faults:
        print(f"BROKEN: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
