"""One Chromium for the tests of a file: it takes half a second to start."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.watching import ARGUMENTS


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """Start Chromium; each test opens pages of its own in it."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path, args=list(ARGUMENTS))
        yield browser
        browser.close()
