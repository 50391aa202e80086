"""Work by keyboard alone, in real Chromium: Tab, Enter, Space, arrows, Escape, Home and End."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, StorageState, expect

from sandbox import Sandbox
from tests.e2e.screenshots import EMAIL, connect_merchant, log_in_once
from tests.e2e.site import Site
from tests.e2e.watching import PHONE, Watch
from tests.e2e.window import open_window, press_enter, settle

pytestmark = pytest.mark.browser

CANDY = "Продукты питания → Сладости и десерты"
MOST_STEPS = 150
# Whether what has the focus matches, is shown, and shows that it has it.
REACHED = """place => {
  const one = document.activeElement;
  return one.matches(place) && one.checkVisibility();
}"""


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """Serve a till with two groups of goods, and an empty community."""
    with Sandbox(vk_rate=0) as box:
        store = box.evotor.add_store("Лавка у реки")
        tea = box.evotor.add_group(store.id, "Чай")
        misc = box.evotor.add_group(store.id, "Разное")
        for number in range(1, 7):
            name = f"{'Чай' if number % 2 else 'Вещь'} номер {number}"
            box.evotor.add_product(
                store.id, name, price=100 + number, parent_id=(tea if number % 2 else misc).id
            )
        yield box


@pytest.fixture(scope="module")
def site(box: Sandbox) -> Iterator[Site]:
    with Site(box) as site:
        connect_merchant(site, box, "refresh_catalog", EMAIL)
        yield site


@pytest.fixture(scope="module")
def login(browser: Browser, site: Site) -> StorageState:
    # VK's categories are read by the page that shows them.
    return log_in_once(browser, site, "/sync/categories/")


@pytest.fixture
def page(browser: Browser, login: StorageState) -> Iterator[Page]:
    page = open_window(browser, PHONE, login=login)
    yield page
    page.close()


def tab_to(page: Page, place: str, *, key: str = "Tab") -> None:
    """Press Tab until what this selector means has the focus."""
    for _ in range(MOST_STEPS):
        page.keyboard.press(key)
        if page.evaluate(REACHED, place):
            return
    raise AssertionError(f"{place} was not reached on {page.url}")


def png(colour: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (800, 800), colour).save(buffer, "PNG")
    return buffer.getvalue()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_category_is_found_and_chosen_while_it_is_typed(page: Page, site: Site) -> None:
    watch = Watch(page, site.url)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/search/" in request.url else None)
    page.goto(f"{site.url}/catalogue/?q=Чай номер 1")
    tab_to(page, ".es-product-name")
    press_enter(page)
    tab_to(page, "[role=combobox]")
    field, options = page.locator("[role=combobox]"), page.get_by_role("option")
    says = page.locator("#category [role=status]")
    expect(field).to_have_attribute("aria-expanded", "false")

    # Before a letter: what EvoSync would take, and why.
    press(page, "ArrowDown")
    expect(options.first).to_contain_text("Чай и кофе (по группе «Чай»)")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(says).to_contain_text("показаны первые")
    watch.look()
    press(page, "Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(options).to_have_count(0)

    page.keyboard.type("rjyatns")
    expect(options).to_have_text([CANDY])
    expect(says).to_have_text("Найдена 1")
    assert len(asked) == 2
    press(page, "Control+A")
    page.keyboard.type("продукты")
    expect(says).to_have_text("Найдено 8")
    press(page, "ArrowDown", "End")
    last = options.last.get_attribute("id") or "none"
    expect(field).to_have_attribute("aria-activedescendant", last)
    expect(options.last).to_be_in_viewport()
    press(page, "Home", "ArrowUp")
    # Nothing is active any more: the arrows leave the list where it ends.
    assert field.get_attribute("aria-activedescendant") is None
    press(page, "Control+A")
    page.keyboard.type("сладосьти")
    expect(options).to_have_text([CANDY])
    press(page, "ArrowDown")
    press(page, "Enter")
    expect(field).to_have_value(CANDY)
    expect(field).to_be_focused()
    press_enter(page)
    expect(page.locator("#category")).to_contain_text(f"{CANDY} (выбрана вами для этого товара)")
    assert not watch.faults, "\n".join(watch.faults)


def test_goods_are_ticked_changed_and_changed_back(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/catalogue/?q=номер")
    tab_to(page, "input[name=pick]")
    press(page, "Space")
    tab_to(page, "#id_action")
    action = page.locator("#id_action")
    for _ in range(action.locator("option").count()):
        press(page, "ArrowDown")
    for _ in range(action.locator("option").count()):
        if action.input_value() == "exclude":
            break
        press(page, "ArrowUp")
    expect(action).to_have_value("exclude")
    tab_to(page, ".es-bulkbar button")
    press_enter(page)
    tab_to(page, "main form button[type=submit]")
    press_enter(page)
    expect(page.locator("#messages")).to_contain_text("Изменён 1 товар")
    tab_to(page, "form[action^='/catalogue/bulk/undo/'] button")
    press_enter(page)
    expect(page.locator("#messages")).to_contain_text("Отменено для 1 товара")


def test_photos_are_moved_and_the_place_is_kept(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/catalogue/?q=Чай номер 3")
    tab_to(page, ".es-product-name")
    press_enter(page)
    files = [
        {"name": f"{colour}.png", "mimeType": "image/png", "buffer": png(colour)}
        for colour in ("red", "blue")
    ]
    # The system's own window for files is not the page's.
    page.set_input_files("#photos input[type=file]", files)  # type: ignore[arg-type]
    tab_to(page, "#photos form[enctype] button")
    press(page, "Enter")
    expect(page.locator(".es-photos li")).to_have_count(2)
    page.wait_for_load_state("load")
    first = page.locator(".es-photos li").first.get_attribute("data-id")
    tab_to(page, f"#photo-down-{first}")
    press(page, "Space")
    expect(page.locator(".es-photos li").first).not_to_have_attribute("data-id", first or "")
    expect(page.locator(f"#photo-down-{first}")).to_be_focused()
    settle(page)
    tab_to(page, f"#photo-main-{first}")
    press(page, "Enter")
    expect(page.locator(".es-photos li").first).to_have_attribute("data-id", first or "")
    expect(page.locator(f"#photo-main-{first}")).to_be_focused()
    tab_to(page, "[data-theme-toggle]", key="Shift+Tab")
    press(page, "Enter")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
