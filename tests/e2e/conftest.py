"""One Chromium for all browser tests of a process: it takes more than a second to start."""

from collections.abc import Generator, Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e.watching import ARGUMENTS
from tests.e2e.window import HEARD, PATIENCE_SECONDS

# Five times what the longest of them takes: they are many steps each, and a machine may be busy.
MOST_SECONDS = 900

expect.set_options(timeout=PATIENCE_SECONDS * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give browser tests more time than the others have."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.timeout(MOST_SECONDS))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the windows said beside a test that has failed."""
    report = yield
    if report.failed and HEARD and item.get_closest_marker("browser"):
        report.sections.append(("What the browser said last", "\n".join(HEARD)))
    if report.when == "teardown":
        HEARD.clear()
    return report


@pytest.fixture(scope="package")
def browser(chromium_path: str) -> Iterator[Browser]:
    """Start Chromium; each test opens pages of its own in it."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path, args=list(ARGUMENTS))
        yield browser
        browser.close()
