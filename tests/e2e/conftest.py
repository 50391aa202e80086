"""One Chromium for the tests of a file: it takes half a second to start."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e.watching import ARGUMENTS

# What is expected is mostly there at once; Playwright's five seconds are too few for a machine at work.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """Start Chromium; each test opens pages of its own in it."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path, args=list(ARGUMENTS))
        yield browser
        browser.close()
