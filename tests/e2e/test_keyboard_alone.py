"""From sign-up to an imported table by keyboard alone, in real Chromium: nothing is a trap or unseen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox import Sandbox
from tests.e2e.site import Site
from tests.e2e.watching import PHONE, Watch
from tests.e2e.window import WORKER_SECONDS, open_until, open_window, press_enter, settle

pytestmark = pytest.mark.browser

WIDE = 1280
MOST_STOPS = 250
TABLE = "Штрихкод;Своё название\n4600000000017;Чай утренний\n4600000000099;Никто\n"
# What has the focus now: null where the browser itself has it again, else what a person sees of it.
STOP = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  window.stops ??= [];
  const again = window.stops.includes(one);
  window.stops.push(one);
  const box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const x = box.left + box.width / 2, y = box.top + box.height / 2;
  const above = document.elementFromPoint(x, y);
  return {
    again, name: one.outerHTML.slice(0, 140),
    seen: drawn || style.boxShadow !== "none",
    covered: !above || !(one.contains(above) || above.contains(one) || one.labels?.[0]?.contains(above)),
    main: Boolean(one.closest("main")),
    top: box.top + scrollY, bottom: box.bottom + scrollY, left: box.left, right: box.right,
  };
}"""
# The next Tab leads to the first stop of the page.
BEGIN = """() => {
  window.stops = [];
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
  scrollTo(0, 0);
}"""
TABBABLE = """() => [...document.querySelectorAll(
  "a[href], button, select, textarea, summary, input:not([type=hidden]), [tabindex='0']")]
  .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.disabled && one.tabIndex >= 0
    && !(one.type === "radio" && !one.checked))
  .filter(one => !window.stops?.includes(one)).map(one => one.outerHTML.slice(0, 140))"""
APPLY = "form[action$='/import/'] button"
HAS_FOCUS = "place => document.activeElement.matches(place) && document.activeElement.checkVisibility()"


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(vk_rate=0) as box:
        store = box.evotor.add_store("Лавка у реки")
        tea = box.evotor.add_group(store.id, "Чай")
        for number in range(1, 5):
            box.evotor.add_product(
                store.id,
                f"Чай номер {number}",
                price=100 + number,
                parent_id=tea.id,
                barcodes=[f"46000000000{number}7"],
            )
        yield box


@pytest.fixture(scope="module")
def site(box: Sandbox) -> Iterator[Site]:
    with Site(box) as site:
        yield site


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    page = open_window(browser, PHONE)
    yield page
    page.close()


def tab_to(page: Page, place: str, *, key: str = "Tab") -> None:
    for _ in range(MOST_STOPS):
        if page.evaluate(HAS_FOCUS, place):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{place} was not reached on {page.url}")


def fill(page: Page, place: str, text: str) -> None:
    tab_to(page, place)
    page.keyboard.type(text)


def walk(page: Page, path: str) -> list[str]:
    """Press Tab from the page's first stop to its last; return what is wrong with the way."""
    settle(page)
    faults, before = [], None
    page.evaluate(BEGIN)
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None or stop["again"]:
            break
        if not stop["seen"]:
            faults.append(f"{path}: no one sees that this has the focus: {stop['name']}")
        if stop["covered"]:
            faults.append(f"{path}: something covers {stop['name']}")
        if before and before["main"] and stop["main"] and _goes_back(before, stop):
            faults.append(f"{path}: the eye goes back from {before['name']} to {stop['name']}")
        before = stop
    else:
        faults.append(f"{path}: is a trap")
    faults += [f"{path}: is not reached: {name}" for name in page.evaluate(TABBABLE)]
    return faults


def _goes_back(before: dict[str, float], after: dict[str, float]) -> bool:
    """Return True if a stop is above the one before it, and not in a column beside it."""
    return after["bottom"] <= before["top"] and after["left"] < before["right"]


def walk_both(page: Page, path: str) -> list[str]:
    """Walk the page as it is on a phone and on a desktop."""
    faults = walk(page, f"{path} on a phone")
    page.set_viewport_size({"width": WIDE, "height": 844})
    faults += walk(page, f"{path} on a desktop")
    page.set_viewport_size({"width": PHONE, "height": 844})
    return faults


def sign_up(page: Page, site: Site, watch: Watch) -> list[str]:
    page.goto(f"{site.url}/accounts/signup/")
    faults = walk_both(page, "sign-up")
    fill(page, "#id_email", "olga@example.com")
    fill(page, "#id_first_name", "Ольга")
    fill(page, "#id_last_name", "Речная")
    fill(page, "#id_password1", "short")
    press_enter(page)
    faults += walk_both(page, "sign-up refused")
    watch.look()
    fill(page, "#id_password1", "a-long-passphrase-7")
    press_enter(page)
    page.goto(site.newest_link())
    faults += walk_both(page, "confirm")
    tab_to(page, "main form button[type=submit]")
    press_enter(page)
    return faults


def connect(page: Page, box: Sandbox, watch: Watch) -> list[str]:
    faults = walk_both(page, "start")
    fill(page, "#id_evotor-token", box.evotor_token)
    press_enter(page)
    expect(page.locator("#id_vk-token")).to_be_visible()
    faults += walk_both(page, "start with a till")
    fill(page, "#id_vk-token", box.vk_token)
    fill(page, "#id_vk-community", "https://vk.com/tea_shop")
    press_enter(page)
    expect(page.locator(".es-mark-ok")).to_have_count(3)
    watch.look()
    return faults + walk_both(page, "connected")


def preview(page: Page, site: Site, watch: Watch) -> list[str]:
    page.goto(f"{site.url}/sync/preview/")
    summary = "main details summary"
    expect(page.locator(summary).first).to_be_visible(timeout=WORKER_SECONDS * 1000)
    faults = walk_both(page, "preview")
    tab_to(page, summary)
    page.keyboard.press("Enter")
    expect(page.locator("main details[open]").first).to_be_visible()
    watch.look()
    return faults + walk_both(page, "preview opened")


def import_table(page: Page, site: Site, watch: Watch) -> list[str]:
    page.goto(f"{site.url}/catalogue/table/")
    faults = walk_both(page, "table")
    tab_to(page, "input[type=file]")
    # The system's own window for files is not the page's.
    page.set_input_files(
        "input[type=file]", {"name": "goods.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    )
    tab_to(page, "form[enctype] button")
    press_enter(page)
    expect(page.locator(APPLY)).to_be_visible(timeout=WORKER_SECONDS * 1000)
    faults += walk_both(page, "import")
    watch.look()
    tab_to(page, APPLY)
    press_enter(page)
    expect(page.locator("#messages")).to_contain_text("Изменён 1 товар")
    faults += walk_both(page, "imported")
    watch.look()
    tab_to(page, "form[action$='/undo/'] button")
    press_enter(page)
    expect(page.locator("#messages")).to_contain_text("Загрузка отменена")
    return faults


def test_a_shop_is_opened_and_a_table_imported_by_keyboard_alone(
    page: Page, site: Site, box: Sandbox
) -> None:
    watch = Watch(page, site.url)
    faults = sign_up(page, site, watch) + connect(page, box, watch)
    open_until(page, f"{site.url}/catalogue/", page.locator("a", has_text="номер 4"))
    faults += preview(page, site, watch) + import_table(page, site, watch)
    assert not faults + watch.faults, "\n".join(faults + watch.faults)

    # The language button, the way past the menu, and the menu.
    tab_to(page, ".es-top button[name=language]", key="Shift+Tab")
    press_enter(page)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.reload()
    page.keyboard.press("Tab")
    assert page.evaluate(HAS_FOCUS, ".es-skip")
    page.keyboard.press("Enter")
    assert page.evaluate(HAS_FOCUS, "main")
    tab_to(page, ".es-nav a[href='/history/']", key="Shift+Tab")
    press_enter(page)
    expect(page.locator(".es-nav a[href='/history/']")).to_have_attribute("aria-current", "page")
