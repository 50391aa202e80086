"""What a shop passes through besides plain days: nothing connected, halfway in, stopped, failed, refused.

`make screenshots` takes pictures of them too: a page is judged by its worst day.
"""

import time
from collections.abc import Callable, Iterator, Mapping

from sandbox import Sandbox
from sandbox.evotor.records import TillProduct
from tests.e2e.site import Site

EMAIL, PASSWORD = "vera@example.com", "a-long-passphrase-8"
GROUPS = ("Чай", "Кофе", "Кружки")
GOODS = 30
# Exit codes of `sync`: failed, done with errors, needs approval.
FAILED, WITH_ERRORS, ASKS = 1, 3, 4
# VK's answer to an item that it will not take.
BAD_VALUE = 100
SLOW_SECONDS = 20.0

Pages = Mapping[str, str]


def fill_till(box: Sandbox) -> list[TillProduct]:
    """Put two stores with a few dozen goods into the till; return those of the first."""
    shop, kiosk = box.evotor.add_store("Лавка у реки"), box.evotor.add_store("Ларёк на площади")
    groups = [box.evotor.add_group(shop.id, name) for name in GROUPS]
    box.evotor.add_product(kiosk.id, "Лимонад «Дюшес» 0,5 л", price=79, quantity=12)
    return [
        box.evotor.add_product(
            shop.id,
            f"{GROUPS[number % 3]} «Тихая пристань» № {number}",
            price=150 + number * 7,
            quantity=number,
            parent_id=groups[number % 3].id,
        )
        for number in range(1, GOODS + 1)
    ]


def states(site: Site, box: Sandbox, *, start_run: Callable[[], None]) -> Iterator[Pages]:
    """Lead a shop from state to state; yield the pages of each. `start_run` presses the button."""
    goods = fill_till(box)
    shop = next(iter(box.evotor.stores.values()))
    yield {
        "fresh-dashboard": "/",
        "fresh-start": "/connections/start/",
        "fresh-connections": "/connections/",
        "fresh-catalogue": "/catalogue/",
        "fresh-sync": "/sync/",
        "fresh-preview": "/sync/preview/",
        "fresh-filters": "/sync/filters/",
        "fresh-history": "/history/",
        "fresh-feed": "/feed/",
    }
    site.environment |= {"EVOTOR_TOKEN": box.evotor_token, "VK_TOKEN": box.vk_token}
    site.manage("connect_evotor", EMAIL)
    yield {"evotor-start": "/connections/start/", "evotor-dashboard": "/"}
    site.manage_all(["connect_vk", EMAIL, "--group", str(box.group_id)], ["refresh_catalog", EMAIL])
    yield {"both-start": "/connections/start/", "both-sync": "/sync/", "both-dashboard": "/"}
    yield from _refused(site, box)
    yield from _stopped(site, box, shop.id, goods)
    yield from _half_read(site, box)
    yield from _running(site, box, shop.id, goods, start_run)
    yield from _closed(site, box)


def _refused(site: Site, box: Sandbox) -> Iterator[Pages]:
    """VK takes all goods but one."""
    box.vk.fault("error", method="market.add", inner=True, nth=3, code=BAD_VALUE, text="price is invalid")
    site.manage("sync", EMAIL, exit_code=WITH_ERRORS)
    yield {
        "refused-dashboard": "/",
        "refused-catalogue": "/catalogue/?show=errors",
        "refused-run": "/history/1/?result=failed",
        "refused-history": "/history/",
    }


def _stopped(site: Site, box: Sandbox, shop: str, goods: list[TillProduct]) -> Iterator[Pages]:
    """The till loses half of its goods at once, then one by one."""
    for product in goods[:14]:
        box.evotor.delete_product(shop, product.id)
    site.manage("sync", EMAIL, exit_code=ASKS)
    yield {
        "stopped-dashboard": "/",
        "stopped-sync": "/sync/",
        "stopped-run": "/history/2/",
        "stopped-gone": "/catalogue/?show=gone",
        "stopped-gone-product": "/catalogue/2/",
        "stopped-history": "/history/",
    }
    site.manage("sync", EMAIL, "--approve")
    yield {"hidden-catalogue": "/catalogue/?show=hidden", "hidden-run": "/history/3/"}


def _half_read(site: Site, box: Sandbox) -> Iterator[Pages]:
    """Evotor breaks off in the middle of one store."""
    fault = box.evotor.fault("truncated", method="products", times=0)
    site.manage("refresh_catalog", EMAIL, exit_code=FAILED)
    yield {"half-catalogue": "/catalogue/", "half-dashboard": "/"}
    fault.times = 1
    fault.nth = 10**9


def _running(
    site: Site, box: Sandbox, shop: str, goods: list[TillProduct], start_run: Callable[[], None]
) -> Iterator[Pages]:
    """A run is under way, and VK is slow."""
    for product in goods[20:25]:
        box.evotor.edit_product(shop, product.id, price=199)
    slow = box.vk.fault("delay", method="execute", times=0, seconds=SLOW_SECONDS)
    start_run()
    time.sleep(2)
    yield {"running-run": "/history/4/", "running-dashboard": "/", "running-sync": "/sync/"}
    slow.nth = 10**9


def _closed(site: Site, box: Sandbox) -> Iterator[Pages]:
    """VK takes the token away, and Evotor too."""
    time.sleep(SLOW_SECONDS)
    box.vk.merchant.revoke_token()
    box.evotor.revoke_token()
    site.manage("check_connections", EMAIL, exit_code=FAILED)
    site.manage("sync", EMAIL, exit_code=FAILED)
    yield {
        "closed-dashboard": "/",
        "closed-connections": "/connections/",
        "closed-preview": "/sync/preview/",
        "closed-sync": "/sync/",
        "closed-history": "/history/",
        "closed-run": "/history/5/",
    }
