"""What few shops meet: runs that ask, what has gone in VK, links and forms that are out of date.

Each page is there in Russian and in English, since nobody comes upon these by walking through the site.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from playwright.sync_api import Page

from sandbox import Sandbox
from sandbox.evotor.records import TillProduct
from tests.e2e.site import Site
from tests.e2e.states import ASKS, FAILED, PICTURE, fill_till
from tests.e2e.window import follow, settle

EMAIL, PASSWORD = "olga@example.com", "a-long-passphrase-6"
OWNER_OF_ALL = 3
CALL_SECONDS = 5.0
ENDLESS_STOCK = 1_000_000_000
# A number that VK's tree has had once.
GONE_CATEGORY = 31_337
OWNER = f"""
from accounts.models import User
user = User.objects.get(email={EMAIL!r})
"""
# All that a run can ask, with one product and with many: a page is to bear the longest of them.
ASKS_ALL = f"""{OWNER}
from syncing.models import SyncJob
from syncing.services.safety_messages import QUESTIONS
job = SyncJob.objects.for_user(user).awaiting_approval().newest().first()
job.questions = [[code, 1 + number * 7, 1201] for number, code in enumerate(QUESTIONS)]
job.save()
"""
LINK_THAT_DECIDES = f"""{OWNER}
from syncing.choices import ChannelKind
from syncing.models import SyncJob
from syncing.services.decision_links import address_of
print(address_of(SyncJob.objects.for_user(user).awaiting_approval().newest().first(), ChannelKind.EMAIL))
"""
CATEGORY_IS_GONE = f"""{OWNER}
from catalog.models import ProductGroup
config = user.sync_config
config.default_category_id = {GONE_CATEGORY}
groups = ProductGroup.objects.for_user(user)[:1]
config.category_by_group = {{group.evotor_id: {GONE_CATEGORY} for group in groups}}
config.save()
"""
CATEGORY_IS_BACK = f"""{OWNER}
user.sync_config.default_category_id, user.sync_config.category_by_group = None, {{}}
user.sync_config.save()
"""

# A page is an address, or what is done in a window before the picture is taken.
Act = Callable[[Page], object]
Pages = Mapping[str, "str | Act"]


def rare_states(site: Site, box: Sandbox, page: Page) -> Iterator[Pages]:
    """Lead a shop from state to state; yield the pages of each. `page` is the merchant's window."""
    site.environment |= {"EVOTOR_TOKEN": box.evotor_token, "VK_TOKEN": box.vk_token}
    box.evotor.add_store("Лавка у реки")
    box.evotor.add_store("Ларёк на площади")
    goods = fill_till(box)
    shop = next(iter(box.evotor.stores.values())).id
    connect = ["connect_evotor", EMAIL], ["connect_vk", EMAIL, "--group", str(box.group_id)]
    site.manage_all(*connect, ["refresh_catalog", EMAIL])
    yield from _first_run_stops(site, box, page)
    yield from _vk_is_shut(site, box, page)
    yield from _nothing_is_chosen(site, box, page)
    site.manage("sync", EMAIL)
    yield from _asked(site, box, page, shop, goods)
    yield from _marks_are_lost(site, box, page, shop)
    yield from _gone_in_vk(site, box, page)
    yield from _undone(site, box, page, shop, goods)
    yield from _out_of_date(site, page, shop)


def newest_run(site: Site, page: Page) -> str:
    """Return the path of the shop's newest run."""
    page.goto(f"{site.url}/history/")
    numbers = re.findall(r"/history/(\d+)/", page.content())
    return f"/history/{max(map(int, numbers))}/"


def _first_run_stops(site: Site, box: Sandbox, page: Page) -> Iterator[Pages]:
    """The merchant stops the first run while it is under way."""
    page.goto(f"{site.url}/sync/")
    settle(page)
    slow = box.vk.fault("delay", method="execute", times=0, seconds=CALL_SECONDS)
    page.check("[name=confirm]")
    follow(page.locator("form[action='/sync/run/'] button[type=submit]"))
    run = page.url.removeprefix(site.url)
    time.sleep(CALL_SECONDS * 3)
    page.goto(f"{site.url}{run}")
    follow(page.locator(f"form[action='{run}stop/'] button"))
    yield {"running-stopping": run}
    slow.nth = 10**9
    time.sleep(CALL_SECONDS * 2)
    yield {
        "broken-off-dashboard": "/",
        "broken-off-run": run,
        "broken-off-sync": "/sync/",
        "broken-off-start": "/connections/start/",
        "broken-off-catalogue": "/catalogue/?show=not_in_vk",
    }


def _vk_is_shut(site: Site, box: Sandbox, page: Page) -> Iterator[Pages]:
    """The community's market is off; then the account has no role in it any more."""
    box.vk.merchant.switch_market(on=False)
    site.manage("sync", EMAIL, exit_code=FAILED)
    yield {
        "no-market-dashboard": "/",
        "no-market-connections": "/connections/",
        "no-market-sync": "/sync/",
        "no-market-run": newest_run(site, page),
    }
    box.vk.merchant.switch_market(on=True)
    box.vk.merchant.set_role(0)
    site.manage("sync", EMAIL, exit_code=FAILED)
    yield {
        "no-role-dashboard": "/",
        "no-role-connections": "/connections/",
        "no-role-sync": "/sync/",
        "no-role-run": newest_run(site, page),
    }
    box.vk.merchant.set_role(OWNER_OF_ALL)


def _nothing_is_chosen(site: Site, box: Sandbox, page: Page) -> Iterator[Pages]:
    """Filters leave all goods out."""
    for store in box.evotor.stores:
        site.manage("filter", EMAIL, "exclude", "store", store)
    yield {
        "excluded-dashboard": "/",
        "excluded-sync": "/sync/",
        "excluded-preview": "/sync/preview/",
        "excluded-filters": "/sync/filters/",
        "excluded-catalogue": "/catalogue/",
        "excluded-product": "/catalogue/3/",
    }
    site.manage("filter", EMAIL, "clear")


def _asked(site: Site, box: Sandbox, page: Page, shop: str, goods: list[TillProduct]) -> Iterator[Pages]:
    """A broken exchange writes one wrong thing into all goods, which each run asks about."""
    wrong: Mapping[str, Callable[[int], dict[str, Any]]] = {
        "names": lambda number: {"name": str(1000 + number)},
        "units": lambda _number: {"measure_name": "кг"},
        "stocks": lambda _number: {"quantity": ENDLESS_STOCK},
        "no-stocks": lambda _number: {"quantity": 0},
        "prices": lambda _number: {"price": 1},
    }
    before = {one.id: dict(one.fields) for one in goods}
    for name, fields in wrong.items():
        for number, product in enumerate(goods):
            box.evotor.edit_product(shop, product.id, **fields(number))
        site.manage("sync", EMAIL, exit_code=ASKS)
        yield {f"asks-{name}-run": newest_run(site, page)}
        for product in goods:
            box.evotor.edit_product(shop, product.id, **before[product.id])
    yield {"asks-dashboard": "/", "asks-sync": "/sync/", "asks-price-list": "/sync/prices/"}
    site.manage("shell", "-c", ASKS_ALL)
    yield {"asks-all-run": newest_run(site, page)}
    link = site.manage("shell", "-c", LINK_THAT_DECIDES).split()[-1].removeprefix(site.url)
    yield {"asks-by-link": link, "asks-by-dead-link": "/decide/no-such-link/"}
    site.manage("sync", EMAIL)


def _marks_are_lost(site: Site, box: Sandbox, page: Page, shop: str) -> Iterator[Pages]:
    """The till takes the mark of tobacco away from a dozen goods, and then lists no groups."""
    packs = [
        box.evotor.add_product(shop, f"Пачка {number}", price=150, type="TOBACCO_MARKED")
        for number in range(1, 13)
    ]
    site.manage("sync", EMAIL)
    for pack in packs:
        box.evotor.edit_product(shop, pack.id, type="NORMAL")
    site.manage("sync", EMAIL, exit_code=ASKS)
    yield {
        "marks-run": newest_run(site, page),
        "marks-dashboard": "/",
        "marks-catalogue": "/catalogue/?show=not_in_vk",
        "marks-check": "/catalogue/check/",
    }
    for pack in packs:
        box.evotor.edit_product(shop, pack.id, type="TOBACCO_MARKED")
    store = box.evotor.stores[shop]
    groups = dict(store.groups)
    store.groups.clear()
    site.manage("refresh_catalog", EMAIL)
    site.manage("sync", EMAIL, exit_code=ASKS)
    yield {
        "groups-run": newest_run(site, page),
        "groups-filters": "/sync/filters/",
        "groups-catalogue": "/catalogue/",
    }
    store.groups.update(groups)
    site.manage("sync", EMAIL)


def _gone_in_vk(site: Site, box: Sandbox, page: Page) -> Iterator[Pages]:
    """In VK a category, an album and an item have gone, and one album has another name."""
    site.manage("shell", "-c", CATEGORY_IS_GONE)
    yield {
        "category-rules": "/sync/rules/",
        "category-categories": "/sync/categories/",
        "category-group": "/sync/categories/1/",
        "category-product": "/catalogue/3/",
        "category-preview": "/sync/preview/",
    }
    site.manage("shell", "-c", CATEGORY_IS_BACK)
    first, second, *_ = box.vk.albums
    box.vk.merchant.rename_album(first, "Всё к чаю")
    box.vk.merchant.delete_album(second)
    box.vk.merchant.delete_item(box.vk.live_items()[0].id)
    box.vk.merchant.hide_item(box.vk.live_items()[1].id)
    box.vk.merchant.create_item("Подарочная карта", price_kopecks=50_000)
    yield {"album-preview": "/sync/preview/"}
    site.manage("sync", EMAIL)
    yield {"album-run": newest_run(site, page), "album-lookalikes": "/sync/lookalikes/"}


def _undone(site: Site, box: Sandbox, page: Page, shop: str, goods: list[TillProduct]) -> Iterator[Pages]:
    """A run is undone after two further ones: another price, and a product that has left."""
    for product in goods[:3]:
        box.evotor.edit_product(shop, product.id, price=product.fields["price"] + 20)
    site.manage("sync", EMAIL, "--approve")
    run = newest_run(site, page)
    box.evotor.edit_product(shop, goods[0].id, price=goods[0].fields["price"] + 10)
    site.manage("sync", EMAIL, "--approve")
    box.evotor.delete_product(shop, goods[1].id)
    site.manage_all(["sync", EMAIL, "--approve"], ["sync", EMAIL, "--approve"])
    yield {"undo-later": f"{run}undo/", "undo-later-run": run}
    page.goto(f"{site.url}{run}undo/")
    follow(page.locator("main form[data-once] button[type=submit]"))
    page.wait_for_timeout(CALL_SECONDS * 1000)
    yield {
        "undone-run": run,
        "undone-again": f"{run}undo/",
        "undone-sync": "/sync/",
        "undone-product": f"{run}undo/?product=1",
        "undone-list": "/sync/undone/",
    }


def _out_of_date(site: Site, page: Page, shop: str) -> Iterator[Pages]:
    """Forms with what is wrong, and links that end while their page is open."""
    yield {
        "wrong-template": _fill_in(site, "/sync/rules/", "description_template", "{name} за {цена} и {price"),
        "wrong-album": _fill_in(site, "/sync/rules/", "album_template", "{group} {shop}"),
        "wrong-group-text": _fill_in(site, "/sync/groups/1/", "template", "{color}: {name}"),
        "wrong-words": _fill_in(site, "/catalogue/3/words/", "own_title", "ЖЖ"),
        "wrong-search": "/catalogue/?q=жжж&show=in_vk",
        "wrong-category-search": "/sync/categories/1/?q=жжж",
        "wrong-photo": lambda window: _shoot(site, window, {**PICTURE, "buffer": b"no picture"}),
        "wrong-link": lambda window: _shoot(site, window, PICTURE, ended=True),
    }


def _fill_in(site: Site, path: str, name: str, text: str) -> Act:
    """Return the act of sending a form with this text."""

    def act(page: Page) -> None:
        page.goto(f"{site.url}{path}")
        field = page.locator(f"[name={name}]")
        field.evaluate("one => one.closest('details')?.setAttribute('open', '')")
        field.fill(text)
        follow(field.locator("xpath=ancestor::form").locator("button[type=submit]").first)

    return act


def _shoot(site: Site, page: Page, file: Any, *, ended: bool = False) -> None:
    """Send a photo by a link for the shelf, which the merchant may end meanwhile."""
    page.goto(f"{site.url}/catalogue/shelf/")
    follow(page.locator("form[action='/catalogue/shelf/new/'] button"))
    link = page.locator("#shelf-link").inner_text()
    page.goto(f"{link}3/")
    if ended:
        with page.context.expect_page() as opened:
            page.evaluate(f"open('{site.url}/catalogue/shelf/')")
        follow(opened.value.locator("form[action='/catalogue/shelf/end/'] button"))
        opened.value.close()
    with page.expect_navigation():
        page.set_input_files("[name=photo]", file)
