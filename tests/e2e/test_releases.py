"""What an open app makes of a new release: our worker in real Chromium, on a site of two pages."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, expect

from evosync.installable import WORKER
from tests.e2e.watching import PHONE
from tests.e2e.window import open_window

pytestmark = pytest.mark.browser

PAGE = '<!DOCTYPE html><title>EvoSync</title><h1>{text}</h1><link rel="stylesheet" href="{style}">'
REGISTER = """navigator.serviceWorker.register("/service-worker.js", {updateViaCache: "none"})
  .then(() => navigator.serviceWorker.ready).then(() => true)"""
CACHES = "caches.keys()"
# Returns when another worker has taken over and has tidied up.
TAKE_OVER = """async () => {
  const workers = navigator.serviceWorker;
  const taken = new Promise(tell => workers.addEventListener("controllerchange", tell));
  await workers.register("/service-worker.js", {updateViaCache: "none"});
  await taken;
  while (workers.controller.state !== "activated") await new Promise(go => setTimeout(go, 20));
}"""
# Returns when the next worker has come to its end in vain.
FAIL = """async () => {
  const found = await navigator.serviceWorker.getRegistration();
  const next = new Promise(tell => found.addEventListener("updatefound", () => tell(found.installing)));
  found.update();
  const worker = await next;
  while (worker.state !== "redundant") await new Promise(go => setTimeout(go, 20));
}"""
IS_CONTROLLED = "() => navigator.serviceWorker.controller !== null"
STATUS = "path => fetch(path).then(answer => answer.status)"
IS_STYLED = "getComputedStyle(document.querySelector('h1')).textTransform === 'uppercase'"


class Releases(ThreadingHTTPServer):
    """Serves the newest release alone. Its files are named for it, as `collectstatic` names them."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.release, self.is_whole = "one", True
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def answer(self, path: str) -> tuple[str, str] | None:
        """Return the type and the text of what stands at this path, None where nothing does."""
        style = f"/static/app.{self.release}.css"
        pages = {"/": f"Обзор {self.release}", "/offline/ru/": f"Без связи {self.release}"}
        if path == "/service-worker.js":
            values = {
                "version": self.release,
                "pages": {"ru": "/offline/ru/"},
                "files": [style],
                "icon": "/i",
            }
            return "text/javascript", WORKER.read_text().replace("VALUES", json.dumps(values), 1)
        if path == style and self.is_whole:
            return "text/css", "h1 { text-transform: uppercase }"
        return ("text/html", PAGE.format(text=pages[path], style=style)) if path in pages else None


class Answers(BaseHTTPRequestHandler):
    server: Releases

    def do_GET(self) -> None:
        """Answer with what the newest release has."""
        kind, text = self.server.answer(self.path) or ("", "")
        self.send_response(200 if kind else 404)
        self.send_header("Content-Type", f"{kind or 'text/plain'}; charset=utf-8")
        self.send_header("Content-Language", "ru")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_words: object) -> None:
        """Keep the tests' output clean."""


@pytest.fixture
def site() -> Iterator[Releases]:
    with Releases() as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield site
        site.shutdown()


@pytest.fixture
def page(browser: Browser, site: Releases) -> Iterator[Page]:
    """Open the first release, whose worker is at work."""
    page = open_window(browser, PHONE)
    page.goto(f"{site.url}/")
    page.evaluate(REGISTER)
    page.wait_for_function(IS_CONTROLLED)
    yield page
    page.close()


def offline_page(page: Page, site: Releases) -> str:
    """Return what is shown of a page without a net; it must look as it should."""
    page.context.set_offline(True)
    page.goto(f"{site.url}/catalogue/")
    title = page.locator("h1").text_content()
    page.wait_for_function(IS_STYLED)
    page.context.set_offline(False)
    page.goto(f"{site.url}/")
    return title or ""


def test_the_next_page_brings_the_new_release_and_its_page_without_a_net(page: Page, site: Releases) -> None:
    assert offline_page(page, site) == "Без связи one"

    site.release = "two"
    page.goto(f"{site.url}/")
    expect(page.locator("h1")).to_have_text("Обзор two")
    page.evaluate(TAKE_OVER)
    assert page.evaluate(CACHES) == ["evosync-two"]
    assert offline_page(page, site) == "Без связи two"


def test_what_an_old_page_loads_stays_there_until_its_worker_has_gone(page: Page, site: Releases) -> None:
    site.release = "two"
    # The site has only the new names by now.
    assert page.evaluate(CACHES) == ["evosync-one"]
    assert page.evaluate(STATUS, "/static/app.one.css") == 200
    assert page.evaluate(STATUS, "/static/app.two.css") == 200
    assert page.evaluate(STATUS, "/static/app.none.css") == 404


def test_a_release_that_is_not_whole_takes_nothing_from_the_one_before(page: Page, site: Releases) -> None:
    site.release, site.is_whole = "two", False
    page.goto(f"{site.url}/")
    page.evaluate(FAIL)
    assert offline_page(page, site) == "Без связи one"
