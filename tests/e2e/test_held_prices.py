"""Price control in real Chromium: one yes, one "right from now on", and all the others at once."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox import Sandbox
from tests.e2e.screenshots import EMAIL, PASSWORD, log_in
from tests.e2e.site import Site
from tests.e2e.watching import PHONE, Watch

pytestmark = pytest.mark.browser
GOODS = 5
LINK = (
    "from accounts.models import User; from syncing.models import HeldPrice; "
    "from syncing.services.price_links import address_of; user = User.objects.get(); "
    "print(address_of(user, HeldPrice.objects.for_user(user).waiting(), 'email'))"
)


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(vk_rate=0) as box:
        store = box.evotor.add_store("Лавка у реки")
        for number in range(GOODS):
            box.evotor.add_product(store.id, f"Чай номер {number}", price=100, quantity=5)
        yield box


@pytest.fixture
def site(box: Sandbox) -> Iterator[Site]:
    """Serve a merchant whose till has given every price a zero too many since the first run."""
    with Site(box) as site:
        site.manage("create_merchant", EMAIL, typed=f"{PASSWORD}\n")
        site.environment |= {"EVOTOR_TOKEN": box.evotor_token, "VK_TOKEN": box.vk_token}
        site.manage("connect_evotor", EMAIL)
        site.manage("connect_vk", EMAIL, "--group", str(box.group_id))
        site.manage("sync", EMAIL, "--approve")
        for store in box.evotor.stores.values():
            for product in list(store.products.values()):
                box.evotor.edit_product(store.id, product.id, price=1000)
        site.manage("sync", EMAIL)
        yield site


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": PHONE, "height": 844}, locale="ru-RU")
    page.set_default_timeout(15_000)
    log_in(page, site)
    yield page
    page.close()


def prices(box: Sandbox) -> list[int]:
    return sorted(item.price_kopecks for item in box.vk.live_items())


def press(page: Page, label: str) -> None:
    page.locator("main button", has_text=label).first.click()
    expect(page.locator("#messages")).to_be_visible()


def test_prices_are_answered_one_by_one_for_good_all_of_a_kind_and_by_a_link(
    browser: Browser, page: Page, site: Site, box: Sandbox
) -> None:
    assert prices(box) == [10_000] * GOODS
    watch = Watch(page, site.url)
    page.goto(f"{site.url}/sync/prices/")
    expect(page.locator("main")).to_contain_text(f"{GOODS} цен ждут вашего согласия")
    watch.look()
    press(page, "Да, 1")
    expect(page.locator("main")).to_contain_text("4 цены ждут вашего согласия")
    press(page, "Теперь так и будет")
    expect(page.locator("main")).to_contain_text("3 цены ждут вашего согласия")
    press(page, "Да на все")
    expect(page.locator("main")).to_contain_text("Ни одна цена не ждёт")
    watch.look()
    site.manage("sync", EMAIL)
    assert prices(box) == [100_000] * GOODS
    decide_by_link(browser, site, box)


def decide_by_link(browser: Browser, site: Site, box: Sandbox) -> None:
    """Answer by the link of a message, in a browser where nobody is logged in."""
    for store in box.evotor.stores.values():
        for product in list(store.products.values()):
            box.evotor.edit_product(store.id, product.id, price=10_000)
    site.manage("sync", EMAIL)
    stranger = browser.new_page(viewport={"width": PHONE, "height": 844}, locale="ru-RU")
    watch = Watch(stranger, site.url)
    stranger.goto(site.manage("shell", "-v0", "-c", LINK).strip().splitlines()[-1])
    watch.look()
    stranger.get_by_role("button", name="Да на все").click()
    expect(stranger.locator("main")).to_contain_text("Цены подтверждены: их запишет следующий обмен.")
    watch.look()
    assert watch.faults == []
    stranger.close()
    site.manage("sync", EMAIL)
    assert prices(box) == [1_000_000] * GOODS
