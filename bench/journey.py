"""A shopkeeper's evening on a phone: a real shop gets photos, categories and titles, and VK shows them.

`python -m bench.journey` walks through our pages at 390 px in Chromium, against the sandbox, and counts taps,
typed fields and seconds of each leg; what the camera asks for itself has a column of its own. Then it looks
into the sandbox's VK and ends with 1 where something is missing there. A cell of the table counts as a field.
It reads ../shared/data/shop-catalogue.csv (or EVOSYNC_SHARED), which is not part of the repository.
"""

import csv
import json
import re
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from bench.standins import shared_catalogue
from bench.thumb import HEAD, TAPS_OF_CAMERA, Leg, Thumb
from sandbox import Sandbox
from sandbox.catalogue_csv import load_catalogue
from sandbox.vk.categories import TREE
from sandbox.vk.records import Item
from tests.e2e.site import Site
from tests.e2e.watching import ARGUMENTS, PHONE
from tests.e2e.window import open_window, settle
from tests.servers import CHROMIUM, find_program

if TYPE_CHECKING:
    from playwright.sync_api import Page

PHOTOS, TITLES = 40, 30
# Our photos are known again in VK by their sides; what EvoSync draws is square.
WIDTH, HEIGHT = 900, 1000
PATIENCE_SECONDS = 600.0
# The file has six groups, and most goods are in this one. A shopkeeper has more: each of these takes from it
# the goods whose names begin so. The other words are the VK category that is chosen for the group.
LARGEST = "Продукты"
GROUPS = {
    "Мороженое": ("Сладости и десерты", ("морож",)),
    "Чай": ("Чай и кофе", ("чай",)),
    "Кофе": ("Чай и кофе", ("кофе",)),
    "Шоколад": ("Сладости и десерты", ("шок", "батончик")),
    "Чипсы и сухарики": ("Бакалея", ("чипсы", "сухарики", "семечки", "арахис")),
    "Вода и соки": ("Напитки", ("вода", "напиток", "сок ", "квас", "спрайт")),
    "Молочное": ("Молочные продукты", ("молоко", "сыр", "йогурт", "сметана", "кефир")),
    "Хлеб": ("Хлеб и выпечка", ("хлеб", "батон ", "рулет")),
    "Корма": ("Корма", ("корм", "вискас", "whiskas", "kitekat")),
    "Мясо и колбасы": ("Мясо и рыба", ()),
    "Ларёк": ("Бакалея", ()),
    LARGEST: ("Бакалея", ()),
}
LISTINGS = (
    "import json; from syncing.models import Listing; print(json.dumps(list("
    "Listing.objects.in_vk().values_list('product_id', 'product_evotor_id', 'vk_item_id'))))"
)


def main() -> int:
    """Walk, print the table, and look whether VK shows what was done."""
    from playwright.sync_api import sync_playwright

    catalogue = shared_catalogue()
    if catalogue is None:
        sys.stdout.write("shared/data/shop-catalogue.csv is not here: there is no shop to walk with.\n")
        return 0
    chromium = find_program(*CHROMIUM)
    with (
        Sandbox(vk_rate=0) as box,
        Site(box) as site,
        sync_playwright() as driver,
        driver.chromium.launch(executable_path=chromium, args=list(ARGUMENTS)) as browser,
        tempfile.TemporaryDirectory(prefix="evosync-journey-") as folder,
    ):
        _fill(box, catalogue)
        # The second is a helper's phone, without an account.
        pages = [open_window(browser, PHONE) for _ in range(2)]
        missing = _walk(box, site, pages, Path(folder))
    sys.stdout.writelines(f"MISSING: {line}\n" for line in missing)
    return 1 if missing else 0


def _fill(box: Sandbox, catalogue: Path) -> None:
    """Put the shop's goods into the till, in the groups above; print how many they are."""
    store = load_catalogue(box.evotor, catalogue)
    largest = next(group.id for group in store.groups.values() if group.name == LARGEST)
    parents = [
        (begins, box.evotor.add_group(store.id, name).id) for name, (_, begins) in GROUPS.items() if begins
    ]
    for product in store.products.values():
        if product.fields["parent_id"] == largest:
            name = str(product.fields["name"]).lower()
            product.fields["parent_id"] = next(
                (one for begins, one in parents if name.startswith(begins)), largest
            )
    sys.stdout.write(f"{len(store.products)} goods, {PHONE} px\n\n{HEAD}")


def _walk(box: Sandbox, site: Site, pages: "list[Page]", folder: Path) -> list[str]:
    thumb, (page, helper) = Thumb(), pages
    with thumb.walk("Sign up"):
        _sign_up(thumb, page, site)
    with thumb.walk("Connect till and VK"):
        thumb.type(page.locator("#id_evotor-token"), box.evotor_token)
        thumb.send(page, "/connections/evotor/connect/")
        thumb.type(page.locator("#id_vk-token"), box.vk_token)
        thumb.type(page.locator("#id_vk-community"), "https://vk.com/tea_shop")
        thumb.send(page, "/connections/vk/connect/")
        page.locator(".es-mark-ok").nth(2).wait_for()
    with thumb.walk("First run"):
        thumb.follow(page, "/sync/")
        thumb.tap(page.locator("[name=confirm]"))
        _run(thumb, page)
    listings = json.loads(site.manage("shell", "-v0", "-c", LISTINGS).strip().splitlines()[-1])
    before = {number: item.category_id for number, item in box.vk.items.items()}
    with thumb.walk(f"{PHOTOS} photos by phone link"):
        shot = _shoot(thumb, page, helper, folder)
    with thumb.walk(f"Categories of {len(GROUPS)} groups"):
        thumb.follow(page, "/sync/", "/sync/rules/", "/sync/categories/")
        for group, (category, _begins) in GROUPS.items():
            thumb.type(page.get_by_role("combobox", name=group, exact=True), category)
        thumb.tap(page.locator("main form .es-sticky button[type=submit]"))
        page.get_by_text(f"Категории {len(GROUPS)} групп").wait_for()
    with thumb.walk(f"{TITLES} titles by CSV") as leg:
        titles = _write_titles(thumb, page, {product for _pk, product, _item in listings}, folder)
        leg.typed += len(titles)
    with thumb.walk("Second run"):
        thumb.follow(page, "/sync/")
        _run(thumb, page)
    sums = [sum(getattr(leg, name) for leg in thumb.legs) for name in ("taps", "camera", "typed", "seconds")]
    sys.stdout.write(f"{Leg('All', *sums)}\n")
    of_product = {product: box.vk.items[number] for _pk, product, number in listings}
    photos = {product: shot[pk] for pk, product, _number in listings if pk in shot}
    found = _missing(box, of_product, photos, titles)
    others = sum(before[item.id] != item.category_id for item in of_product.values())
    sys.stdout.write(
        f"In VK: {len(photos)} photos, {len(titles)} titles, {others} of {len(before)} items in another "
        f"category than before; {len(found)} missing.\n"
    )
    return found


def _sign_up(thumb: Thumb, page: "Page", site: Site) -> None:
    page.goto(site.url)
    thumb.follow(page, "/accounts/signup/")
    for name, text in (("email", "anna@example.com"), ("first_name", "Анна"), ("last_name", "Соседова")):
        thumb.type(page.locator(f"[name={name}]"), text)
    thumb.type(page.locator("[name=password1]"), "a-long-passphrase-7")
    thumb.tap(page.locator("main form button[type=submit]"))
    page.wait_for_url("**/confirm-email/")
    thumb.open(page, site.newest_link())
    thumb.tap(page.locator("main form button[type=submit]"))
    page.wait_for_url("**/connections/start/")


def _run(thumb: Thumb, page: "Page") -> None:
    """Start a run and wait for its end; one that goes on already, since photos were added, ends first."""
    end = time.monotonic() + PATIENCE_SECONDS
    while page.locator("form[action$='/sync/run/'] button[disabled]").count() and time.monotonic() < end:
        page.wait_for_timeout(500)
        page.reload()
    # Nothing begins before the plan is there to be seen.
    settle(page)
    thumb.send(page, "/sync/run/")
    page.wait_for_url(re.compile(r"/history/\d+/$"))
    page.locator("#progress").wait_for(state="detached", timeout=PATIENCE_SECONDS * 1000)


def _shoot(thumb: Thumb, page: "Page", helper: "Page", folder: Path) -> dict[int, int]:
    """Shoot what the queue shows; return the height of each product's photo by its number in our pages."""
    from PIL import Image

    thumb.follow(page, "/catalogue/", "/catalogue/photos/", "/catalogue/shelf/")
    thumb.send(page, "/shelf/new/")
    thumb.open(helper, page.locator("#shelf-link").inner_text())
    shot, before = {}, thumb.legs[-1].taps
    for height in range(HEIGHT + 1, HEIGHT + 1 + PHOTOS):
        product = str(helper.locator("form[data-shoot]").get_attribute("action"))
        file = folder / f"IMG_{height}.jpg"
        Image.new("RGB", (WIDTH, height), (height % 256, 90, 160)).save(file)
        with helper.expect_navigation(url=re.compile(r"\?kept=1$")):
            thumb.shoot(helper, helper.locator("label.es-camera"), file)
        shot[int(product.rstrip("/").rpartition("/")[2])] = height
    taps = (thumb.legs[-1].taps - before) / PHOTOS
    sys.stdout.write(f"A photo: {taps:g} tap on our page, {TAPS_OF_CAMERA} of the camera.\n")
    return shot


def _write_titles(thumb: Thumb, page: "Page", in_vk: set[str], folder: Path) -> dict[str, str]:
    """Give goods that are in VK a title of their own in a table; return the title of each product."""
    thumb.follow(page, "/catalogue/", "/catalogue/table/")
    with page.expect_download() as download:
        thumb.tap(page.locator("a[href$='/goods.csv']"))
    download.value.save_as(file := folder / "goods.csv")
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened, delimiter=";"))
    titles = {}
    for number, row in enumerate(islice((one for one in rows if one["ID товара"] in in_vk), TITLES), start=1):
        titles[row["ID товара"]] = row["Своё название"] = f"Выбор хозяйки № {number}"
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.DictWriter(opened, rows[0], delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    thumb.choose(page.locator("[name=file]"), file)
    thumb.send(page, "/table/upload/")
    page.locator("form[action$='/import/']").wait_for()
    thumb.send(page, "/import/")
    page.locator("form[action$='/undo/']").wait_for()
    return titles


def _missing(
    box: Sandbox, items: dict[str, Item], photos: dict[str, int], titles: dict[str, str]
) -> list[str]:
    """Return what VK does not show of the photos, titles and categories, a sentence each."""
    lines = []
    if (len(photos), len(titles)) != (PHOTOS, TITLES):
        lines.append(f"{len(photos)} of {PHOTOS} shot and {len(titles)} of {TITLES} titled goods are in VK")
    for product, height in photos.items():
        photo = box.vk.photos[items[product].main_photo_id]
        if (photo.width, photo.height) != (WIDTH, height):
            lines.append(f"{items[product].title}: its photo")
    for product, title in titles.items():
        if items[product].title != title:
            lines.append(f"{items[product].title}: the title {title}")
    numbers = {name: number for _section, _name, leaves in TREE for number, name in leaves}
    (store,) = box.evotor.stores.values()
    for group, (category, _begins) in GROUPS.items():
        ids = {one.id for one in store.groups.values() if one.name == group}
        goods = [one.id for one in store.products.values() if one.fields.get("parent_id") in ids]
        inside = [items[product] for product in goods if product in items]
        wrong = sum(item.category_id != numbers[category] for item in inside)
        if wrong or not inside:
            lines.append(f"{group}: {wrong} of {len(inside)} items are not in the category {category}")
    return lines


if __name__ == "__main__":
    sys.exit(main())
