"""A shopkeeper's way from sign-up to a shop in VK, in real Chromium, on a phone and on a desktop.

Every page as such is looked at in test_every_page; here the states that only this way shows.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox import Sandbox
from tests.e2e.site import Site
from tests.e2e.watching import MOST_SHIFT, SHIFT, Watch
from tests.e2e.window import WORKER_SECONDS, follow, open_until, open_window

pytestmark = pytest.mark.browser

GOODS = 12
LEFT_OUT = 1


@pytest.fixture
def box() -> Iterator[Sandbox]:
    """Serve a till with two groups of twelve goods, and an empty community."""
    with Sandbox(vk_rate=0) as box:
        store = box.evotor.add_store("Лавка у реки")
        tea = box.evotor.add_group(store.id, "Чай")
        mugs = box.evotor.add_group(store.id, "Кружки")
        for number in range(1, GOODS + 1):
            box.evotor.add_product(
                store.id,
                f"{'Чай' if number % 2 else 'Кружка'} номер {number}",
                price=100 + number,
                parent_id=(tea if number % 2 else mugs).id,
            )
        yield box


@pytest.fixture
def site(box: Sandbox) -> Iterator[Site]:
    with Site(box) as site:
        yield site


@pytest.fixture(params=[390, 1280])
def watch(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Watch]:
    """Open a page of this width, in Russian."""
    page = open_window(browser, request.param)
    yield Watch(page, site.url)
    page.close()


def press(page: Page, action: str) -> None:
    """Press the button of the form that posts to this address."""
    follow(page.locator(f"form[action^='{action}'] button[type=submit]").first)


def sign_up(watch: Watch, site: Site) -> None:
    page = watch.page
    page.goto(f"{site.url}/accounts/signup/")
    watch.measure()
    page.fill("[name=email]", "anna@example.com")
    page.fill("[name=first_name]", "Анна")
    page.fill("[name=last_name]", "Соседова")
    page.fill("[name=password1]", "a-long-passphrase-7")
    follow(page.locator("main form button[type=submit]"))
    assert page.url.endswith("/confirm-email/")
    watch.look()
    page.goto(site.newest_link())
    watch.look()
    follow(page.locator("main form button[type=submit]"))
    assert page.url.endswith("/connections/start/")
    watch.look()


def connect(watch: Watch, box: Sandbox) -> None:
    page = watch.page
    page.fill("#id_evotor-token", box.evotor_token)
    press(page, "/connections/evotor/connect/")
    expect(page.locator("#id_vk-token")).to_be_visible()
    watch.look()
    page.fill("#id_vk-token", box.vk_token)
    page.fill("#id_vk-community", "https://vk.com/tea_shop")
    press(page, "/connections/vk/connect/")
    expect(page.locator(".es-mark-ok")).to_have_count(3)
    watch.look()


def wait_for_the_till(watch: Watch, site: Site) -> None:
    """Wait until the worker has read the till; connecting has asked for it."""
    open_until(watch.page, f"{site.url}/catalogue/", watch.page.locator("a", has_text="номер 12"))
    watch.measure()


def choose_goods(watch: Watch, site: Site) -> None:
    page = watch.page
    page.goto(f"{site.url}/sync/filters/?q=номер 12")
    watch.measure()
    page.locator(".es-choice", has_text="Кружка номер 12").locator("button[value=exclude]").click()
    expect(page.locator(".es-count")).to_contain_text(str(GOODS - LEFT_OUT))
    page.goto(f"{site.url}/sync/rules/")
    watch.measure()


def preview_and_run(watch: Watch, site: Site) -> None:
    page = watch.page
    page.goto(f"{site.url}/sync/")
    form = page.locator("form[action='/sync/run/']")
    stood = form.bounding_box()
    # A worker plans it.
    planned = page.locator("#preview details").first
    expect(planned).to_contain_text(str(GOODS - LEFT_OUT), timeout=WORKER_SECONDS * 1000)
    assert form.bounding_box() == stood
    assert page.evaluate(SHIFT) < MOST_SHIFT
    watch.look()
    page.goto(f"{site.url}/sync/preview/")
    page.locator("details summary").first.click()
    watch.look()
    page.goto(f"{site.url}/sync/")
    page.check("[name=confirm]")
    press(page, "/sync/run/")
    assert "/history/" in page.url
    # While the run goes on the page asks again and again; when it has ended the page shows what it did.
    expect(page.locator("#progress")).to_have_count(0, timeout=WORKER_SECONDS * 1000)
    expect(page.locator(".es-item .es-badge-ok")).to_have_count(GOODS - LEFT_OUT)
    watch.look()


def look_back(watch: Watch, site: Site) -> None:
    page = watch.page
    page.goto(f"{site.url}/history/")
    expect(page.locator(".es-run")).to_have_count(1)
    watch.measure()
    page.goto(f"{site.url}/catalogue/")
    follow(page.locator("a", has_text="номер 1").first)
    watch.measure()
    page.goto(f"{site.url}/")
    expect(page.locator(".es-accuracy")).to_contain_text("100")
    watch.measure()


def test_from_sign_up_to_a_shop_in_vk(watch: Watch, site: Site, box: Sandbox) -> None:
    sign_up(watch, site)
    connect(watch, box)
    wait_for_the_till(watch, site)
    choose_goods(watch, site)
    preview_and_run(watch, site)
    look_back(watch, site)

    titles = {item.title for item in box.vk.community.items.values() if item.deleted_at is None}
    assert len(titles) == GOODS - LEFT_OUT
    assert "Кружка номер 12" not in titles
    assert not watch.faults, "\n".join(watch.faults)
