"""An open page while the world goes on: a plan that is made again, no net, and a login that has ended."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox import Sandbox
from tests.e2e.screenshots import EMAIL, PASSWORD, connect_merchant, log_in
from tests.e2e.site import Site
from tests.e2e.watching import PHONE
from tests.e2e.window import follow, open_window, press_enter, settle

pytestmark = pytest.mark.browser

FOCUSED = "place => document.activeElement.matches(place)"


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(vk_rate=0) as box:
        box.evotor.add_product(box.evotor.add_store("Лавка").id, "Чай", price=100, quantity=3)
        yield box


@pytest.fixture
def site(box: Sandbox) -> Iterator[Site]:
    """Serve a merchant whose shop is in VK."""
    with Site(box) as site:
        connect_merchant(site, box, "sync", EMAIL)
        yield site


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    page = open_window(browser, PHONE)
    log_in(page, site)
    yield page
    page.close()


def test_a_page_stays_true_and_the_keyboard_stays_where_it_is(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/sync/")
    preview = page.locator("#preview")
    page.locator("a[hx-target='#preview']").focus()
    page.keyboard.press("Enter")
    again = preview.locator("form[action^='/sync/preview/again/'] button")
    expect(again).to_be_visible()
    settle(page)
    again.focus()
    page.keyboard.press("Enter")
    # The button has given way to the plan that is being made.
    page.wait_for_function(FOCUSED, arg="#preview .es-computed")
    expect(again).to_be_visible()
    settle(page)
    page.wait_for_function(FOCUSED, arg="#preview .es-computed")

    run = page.locator("form[action='/sync/run/'] button")
    page.context.set_offline(True)
    run.click()
    expect(page.locator(".es-no-answer [role=status]")).to_contain_text("ничего не отправлено")
    assert page.url == f"{site.url}/sync/"
    expect(run).to_be_enabled()
    page.context.set_offline(False)
    expect(page.locator(".es-no-answer")).to_have_count(0)

    page.context.clear_cookies(name="sessionid")
    follow(run)
    expect(page.locator("main")).to_contain_text("ничего не сделано")
    page.fill("[name=login]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    press_enter(page)
    assert page.url == f"{site.url}/sync/"
    # Neither press has begun a run.
    page.goto(f"{site.url}/history/")
    expect(page.locator("main a[href^='/history/']:visible")).to_have_count(1)
