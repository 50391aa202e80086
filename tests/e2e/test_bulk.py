"""Work on many goods in the catalogue, in real Chromium: by thumb, by keyboard, and taken back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from sandbox import Sandbox
from tests.e2e.screenshots import EMAIL, connect_merchant, log_in_once
from tests.e2e.site import Site
from tests.e2e.watching import Watch
from tests.e2e.window import follow, open_window, press_enter, settle

pytestmark = pytest.mark.browser

GOODS = 60
# Where the menu begins to stand beside the page.
NARROWEST_DESKTOP = 992
DOUBTFUL = ("0,33", "0,44", "0,5")
# The actions that their field cuts off, with text of a size. One of several lines cuts single words alone.
CUT_ACTIONS = """size => {
  document.documentElement.style.fontSize = size;
  const field = document.querySelector("#id_action"), style = getComputedStyle(field);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const breaks = style.appearance === "base-select" && style.whiteSpace !== "nowrap";
  return [...field.options].map(option => option.label).filter(
    label => (breaks ? label.split(" ") : [label]).some(part => pen.measureText(part).width > room));
}"""


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """Serve a till with sixty goods in one group and three doubtful ones, and an empty community."""
    with Sandbox(vk_rate=0) as box:
        store = box.evotor.add_store("Лавка у реки")
        misc = box.evotor.add_group(store.id, "Разное")
        for number in range(GOODS):
            box.evotor.add_product(
                store.id, f"Товар номер {number:02}", price=100 + number, parent_id=misc.id
            )
        for size in DOUBTFUL:
            box.evotor.add_product(store.id, f"Миллер {size}", price=100)
        yield box


@pytest.fixture(scope="module")
def shared_site(box: Sandbox) -> Iterator[Site]:
    with Site(box) as site:
        connect_merchant(site, box, "refresh_catalog", EMAIL)
        yield site


@pytest.fixture(scope="module")
def login(browser: Browser, shared_site: Site) -> StorageState:
    """Log in once, and keep the site's rows as they are then."""
    # VK's categories are read by the page that shows them.
    login = log_in_once(browser, shared_site, "/sync/categories/")
    shared_site.keep_rows()
    return login


@pytest.fixture
def site(shared_site: Site, login: StorageState) -> Site:
    """Return the site of this file with the rows that it began with."""
    shared_site.restore_rows()
    return shared_site


@pytest.fixture(params=[390, 1280])
def page(request: pytest.FixtureRequest, browser: Browser, site: Site, login: StorageState) -> Iterator[Page]:
    page = open_window(browser, request.param, login=login)
    yield page
    page.close()


@pytest.fixture(scope="module", params=[390, 1280])
def open_list(
    request: pytest.FixtureRequest, browser: Browser, shared_site: Site, login: StorageState
) -> Iterator[Page]:
    """Open the list once for all that change nothing but the size of its text."""
    page = open_window(browser, request.param, login=login)
    page.goto(f"{shared_site.url}/catalogue/?q=номер")
    settle(page)
    yield page
    page.close()


def test_all_found_get_a_category_and_it_is_taken_back(page: Page, site: Site) -> None:
    watch = Watch(page, site.url)
    page.goto(f"{site.url}/sync/categories/")
    category = page.locator("datalist option").first.get_attribute("value") or ""
    page.goto(f"{site.url}/catalogue/?q=номер")
    watch.look()
    page.check("#id_all")
    page.select_option("#id_action", "category")
    follow(page.locator(".es-bulkbar button"))
    expect(page.locator("main")).to_contain_text(f"Это касается {GOODS} товаров")
    page.fill("[name=category]", category)
    watch.look()
    follow(page.locator("main form button[type=submit]"))
    assert "/catalogue/?q=" in page.url
    expect(page.locator("#messages")).to_contain_text(f"Изменено {GOODS} товаров")
    watch.look()

    follow(page.locator(".es-product-name").first)
    expect(page.locator("main")).to_contain_text(category)
    page.goto(f"{site.url}/catalogue/?q=номер")
    follow(page.locator("form[action^='/catalogue/bulk/undo/'] button"))
    expect(page.locator("#messages")).to_contain_text(f"Отменено для {GOODS} товаров")
    assert not watch.faults, "\n".join(watch.faults)


def test_the_number_of_ready_goods_follows_without_a_run(page: Page, site: Site) -> None:
    watch = Watch(page, site.url)
    site.manage("sync", EMAIL)
    ready = page.locator("#readiness")

    page.goto(f"{site.url}/")
    expect(ready).to_contain_text(f"Готово товаров: {GOODS} из {GOODS + 3}")
    settle(page)
    watch.look()
    follow(ready.locator("a", has_text="3, возможно, запрещены"))
    settle(page)
    expect(page.locator("#results .es-product")).to_have_count(3)
    page.check("#id_all")
    expect(page.locator("#id_action")).to_have_value("allow")
    follow(page.locator(".es-bulkbar button"))
    follow(page.locator("main form button[type=submit]"))

    page.goto(f"{site.url}/")
    expect(ready).to_contain_text(f"Готово товаров: {GOODS + 3} из {GOODS + 3}")
    settle(page)
    watch.look()
    follow(ready.locator("a", has_text="3 из них попадут в VK со следующим обменом"))
    settle(page)
    expect(page.locator("#results .es-product")).to_have_count(3)
    follow(page.locator("form[action^='/catalogue/bulk/undo/'] button"))

    page.goto(f"{site.url}/")
    expect(ready).to_contain_text(f"Готово товаров: {GOODS} из {GOODS + 3}")
    assert not watch.faults, "\n".join(watch.faults)


@pytest.mark.parametrize("size", ["100%", "200%"])
def test_what_is_to_be_done_is_read_whole(open_list: Page, size: str) -> None:
    cut = open_list.evaluate(CUT_ACTIONS, size)
    assert cut == []


@pytest.mark.parametrize("size", ["150%", "175%", "200%"])
def test_the_list_fits_the_screen_with_large_text(open_list: Page, size: str) -> None:
    open_list.evaluate("size => { document.documentElement.style.fontSize = size; }", size)
    assert open_list.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("path", ["/catalogue/?q=номер", "/sync/preview/"])
def test_a_search_fits_the_narrowest_desktop_with_large_text(
    browser: Browser, site: Site, login: StorageState, path: str
) -> None:
    page = open_window(browser, NARROWEST_DESKTOP, login=login)
    page.goto(f"{site.url}{path}")
    settle(page)
    expect(page.locator("form[role=search]").first).to_be_visible()
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


def test_the_keyboard_ticks_clears_and_goes_on(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/catalogue/?q=номер")
    ticks = page.locator("input[name=pick]")
    ticks.nth(0).focus()
    page.keyboard.press("Space")
    ticks.nth(3).click(modifiers=["Shift"])
    expect(page.locator("[data-bulk-count]")).to_have_text("Отмечено: 4")

    page.keyboard.press("Escape")
    expect(page.locator("input[name=pick]:checked")).to_have_count(0)
    expect(page.locator("[data-bulk-count]")).to_be_hidden()

    ticks.nth(1).focus()
    page.keyboard.press("Space")
    page.locator("#id_action").focus()
    page.select_option("#id_action", "exclude")
    page.keyboard.press("Tab")
    press_enter(page)
    expect(page.locator("main")).to_contain_text("Это касается 1 товара")
    page.locator("main form button[type=submit]").focus()
    press_enter(page)
    assert "/catalogue/?q=" in page.url
    expect(page.locator(".es-product", has_text="Товар номер 01")).to_contain_text("исключ", ignore_case=True)
