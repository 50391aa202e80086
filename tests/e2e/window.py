"""Opens windows of the browser, and acts in them without racing the page that an act opens.

With SLOW_PAGES=6 in the environment every page computes six times as slowly, and with SLOW_ANSWERS=2 the site
takes up to two seconds to answer: what passes then passes on a busy machine.
"""

import os
import time
from collections import deque

from playwright.sync_api import Browser, Locator, Page, StorageState, expect

# What a page shows is mostly there at once, and what a worker makes after a second; not on a busy machine.
PATIENCE_SECONDS = 60.0
WORKER_SECONDS = 120.0
# Looking at every frame, as the browser does unless told otherwise, has it draw sixty of them a second.
POLLING_MILLISECONDS = 100
HEIGHT = 844
SLOW_PAGES = float(os.environ.get("SLOW_PAGES") or 1)
HAS_NONE = "parts => !document.querySelector(parts)"
ON_THEIR_WAY = ".htmx-request, .htmx-swapping, .htmx-settling"
ASKED_FOR_AGAIN = "[data-poll], [hx-trigger^='every ']"
# What the windows have said of late; a test that fails shows it.
HEARD: deque[str] = deque(maxlen=60)


def open_window(
    browser: Browser, width: int, *, scripts: bool = True, login: StorageState | None = None
) -> Page:
    """Open a window of a Russian visitor, who nobody is yet, or whose `login` another window has kept."""
    page = browser.new_page(
        viewport={"width": width, "height": HEIGHT},
        locale="ru-RU",
        java_script_enabled=scripts,
        storage_state=login,
        # What moves while a worker computes is drawn sixty times a second, without a graphics card.
        reduced_motion="reduce",
    )
    return make_patient(page)


def make_patient(page: Page) -> Page:
    """Let a page wait as long as a busy machine needs, and keep what it says."""
    page.set_default_timeout(PATIENCE_SECONDS * 1000)
    if SLOW_PAGES > 1:
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOW_PAGES})
    page.on("framenavigated", lambda frame: HEARD.append(f"opened {frame.url}"))
    page.on("console", lambda message: HEARD.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: HEARD.append(f"error: {error}"))
    page.on(
        "requestfailed", lambda request: HEARD.append(f"{request.method} {request.url}: {request.failure}")
    )
    page.on(
        "response",
        lambda answer: HEARD.append(f"{answer.request.method} {answer.url}: {answer.status}"),
    )
    return page


def follow(button: Locator) -> None:
    """Press what opens a page, and return when that page is there, under whatever address."""
    with button.page.expect_navigation():
        button.click()


def press_enter(page: Page) -> None:
    """Press Enter where it opens a page, and return when that page is there."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def arrive(page: Page) -> None:
    """Wait for the page and for the parts that it fetches, as they are while a worker is still at them."""
    page.wait_for_load_state("load")
    page.wait_for_function(HAS_NONE, arg=ON_THEIR_WAY, polling=POLLING_MILLISECONDS)


def settle(page: Page) -> None:
    """Wait for the page, for the parts that it fetches, and for what a worker computes for them.

    Whatever else looks at a page that changes sees halves of it.
    """
    page.wait_for_load_state("load")
    page.wait_for_function(
        HAS_NONE,
        arg=f"{ON_THEIR_WAY}, {ASKED_FOR_AGAIN}",
        timeout=WORKER_SECONDS * 1000,
        polling=POLLING_MILLISECONDS,
    )


def open_until(page: Page, address: str, shown: Locator) -> None:
    """Open the page again and again until it shows what a worker has yet to make."""
    end = time.monotonic() + WORKER_SECONDS
    page.goto(address)
    while not shown.count() and time.monotonic() < end:
        page.wait_for_timeout(250)
        page.goto(address)
    expect(shown.first).to_be_attached()
