"""More goods than a table is written of at once, in real Chromium: all chosen, out as a table and back in."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox import Sandbox
from syncing.services.tables.exports import GOODS_AT_ONCE
from tests.e2e.screenshots import EMAIL, connect_merchant, log_in
from tests.e2e.site import Site
from tests.e2e.watching import PHONE
from tests.e2e.window import WORKER_SECONDS, follow, open_window, settle

pytestmark = pytest.mark.browser

GOODS = GOODS_AT_ONCE + 50
BAD = 3


def apart(number: int) -> str:
    """Return a number as a Russian page writes it."""
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")


@pytest.fixture
def site() -> Iterator[Site]:
    with Sandbox(vk_rate=0) as box:
        store = box.evotor.add_store("Лавка")
        for number in range(GOODS):
            box.evotor.add_product(store.id, f"Товар номер {number:04}", price=100 + number % 900)
        with Site(box) as site:
            connect_merchant(site, box, "refresh_catalog", EMAIL)
            yield site


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    page = open_window(browser, PHONE)
    log_in(page, site)
    yield page
    page.close()


def download(page: Page, site: Site, file: Path) -> list[list[str]]:
    """Have a worker write the CSV table, and return its rows."""
    page.goto(f"{site.url}/catalogue/table/")
    follow(page.locator("form[action='/catalogue/table/write/']:has(input[value=csv]) button"))
    link = page.locator("#download a[href$='csv/'], #download a[href$='.csv']")
    expect(link).to_be_visible(timeout=WORKER_SECONDS * 1000)
    settle(page)
    with page.expect_download() as coming:
        link.click()
    coming.value.save_as(file)
    return list(csv.reader(io.StringIO(file.read_text("utf-8-sig")), delimiter=";"))


def test_all_are_chosen_and_a_table_of_all_comes_back(page: Page, site: Site, tmp_path: Path) -> None:
    page.goto(f"{site.url}/catalogue/?q=номер")
    page.check("#id_all")
    page.select_option("#id_action", "exclude")
    follow(page.locator(".es-bulkbar button"))
    follow(page.locator("main form button[type=submit]"))
    expect(page.locator("#messages")).to_contain_text(f"Изменено {apart(GOODS)} товаров")
    follow(page.locator("form[action^='/catalogue/bulk/undo/'] button"))
    expect(page.locator("#messages")).to_contain_text(f"Отменено для {apart(GOODS)} товаров")

    file = tmp_path / "goods.csv"
    heads, *rows = download(page, site, file)
    assert len(rows) == GOODS
    title, key = heads.index("Своё название"), heads.index("ID товара")
    for number, row in enumerate(rows):
        row[title] = f"Новое имя товара {number}"
        row[key] = row[key] if number >= BAD else "нет такого"
    with file.open("w", newline="", encoding="utf-8-sig") as table:
        csv.writer(table, delimiter=";").writerows([heads, *rows])
    page.goto(f"{site.url}/catalogue/table/")
    page.set_input_files("input[type=file]", file)
    follow(page.locator("form[enctype] button[type=submit]"))
    take = page.locator("main form[action$='/import/'] button")
    expect(take).to_contain_text(f"без {BAD} строк", timeout=WORKER_SECONDS * 1000)
    settle(page)
    # A page of lines, and the way to the next.
    expect(page.locator(".es-rows > li")).to_have_count(50)
    follow(page.locator("a[rel=next]"))
    expect(page.locator(".es-rows > li").first).to_contain_text("Товар номер 0053")
    follow(take)
    expect(page.locator("#messages")).to_contain_text(apart(GOODS - BAD))
    follow(page.locator("main form[action$='/undo/'] button"))
    expect(page.locator("main")).to_contain_text("Загрузка отменена")
