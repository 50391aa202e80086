"""What a shop passes through besides plain days: nothing connected or sold, stopped, failed, refused, late.

`make screenshots` takes pictures of them too: a page is judged by its worst day.
"""

import io
import time
from collections.abc import Iterator, Mapping
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Page

from sandbox import Sandbox
from sandbox.evotor.records import TillProduct
from tests.e2e.site import Site
from tests.e2e.window import follow

EMAIL, PASSWORD = "vera@example.com", "a-long-passphrase-8"
GROUPS = ("Чай", "Кофе", "Кружки")
GOODS = 30
# Exit codes of `sync`: failed, done with errors, needs approval.
FAILED, WITH_ERRORS, ASKS = 1, 3, 4
# VK's answer to an item that it will not take.
BAD_VALUE = 100
SLOW_SECONDS = 20.0
# Pages that go on asking, since no worker ends what they wait for.
UNFINISHED = ("running-", "late-", "still-")
OWNER = f"""
from datetime import timedelta
from django.utils import timezone
from accounts.models import User
now, user = timezone.now(), User.objects.get(email={EMAIL!r})
"""
# A worker on another machine has all that is computed, and does not end it.
WORKER_IS_LATE = f"""{OWNER}
from catalog.choices import ImportState
from catalog.models import PhotoImport
from syncing.choices import ComputationKind
from syncing.models import Computation
busy = dict(asked_at=now - timedelta(minutes=5), lease="elsewhere:1:x", heartbeat_at=now + timedelta(hours=1))
for kind in ComputationKind.values:
    Computation.objects.update_or_create(user=user, kind=kind, defaults=busy)
photos = dict(state=ImportState.OPEN, changed_at=now, busy_until=now + timedelta(hours=1))
PhotoImport.objects.update_or_create(user=user, defaults=photos)
"""
PHOTOS_ARE_LATE = f"""{OWNER}
from catalog.models import PhotoImport
PhotoImport.objects.filter(user=user).update(changed_at=now - timedelta(minutes=5))
"""
WORKER_IS_BACK = f"""{OWNER}
from catalog.models import PhotoImport
from syncing.models import Computation
Computation.objects.filter(user=user).update(lease="", heartbeat_at=None)
PhotoImport.objects.filter(user=user).update(busy_until=None)
"""
# Its worker was heard of a minute and a half ago; after half a minute more another one takes the run over.
RUN_STANDS_STILL = f"""{OWNER}
from syncing.models import SyncJob
SyncJob.objects.create(
    user=user, active_key=user.pk, triggered_by="manual", status="running", phase="publish",
    total=30, done=12, lease="elsewhere:1:x", started_at=now - timedelta(minutes=4),
    heartbeat_at=now - timedelta(seconds=90),
)
"""
RUN_WAITS = f"""{OWNER}
from syncing.models import SyncJob
SyncJob.objects.filter(user=user, status="running").update(
    status="pending", lease="", started_at=None, heartbeat_at=None, created_at=now - timedelta(minutes=5),
    not_before=now - timedelta(minutes=4),
)
"""
NO_RUN = f"""{OWNER}
from syncing.models import SyncJob
SyncJob.objects.filter(user=user).active().delete()
"""
# What VK says where an app was granted no right for goods, and where it has enough for today.
RIGHT_IS_MISSING = f"""{OWNER}
user.vk_connection.is_online, user.vk_connection.last_error = False, "vk_id.no_market_right"
user.vk_connection.save()
"""
PAUSED = f"""{OWNER}
user.vk_connection.is_online, user.vk_connection.last_error = True, "vk.9"
user.vk_connection.paused_until = now + timedelta(hours=3)
user.vk_connection.save()
"""
NOT_PAUSED = f"""{OWNER}
user.vk_connection.last_error, user.vk_connection.paused_until = "", None
user.vk_connection.save()
"""

Pages = Mapping[str, str]


def picture() -> bytes:
    """Return a photo of something on a shelf."""
    file, image = io.BytesIO(), Image.new("RGB", (900, 700), "#d8c7a3")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 560, 900, 700), fill="#7a5a3a")
    pen.rounded_rectangle((330, 180, 570, 600), 40, fill="#2f6f4f")
    pen.rectangle((360, 300, 540, 470), fill="#f4efe2")
    image.save(file, "PNG")
    return file.getvalue()


PICTURE: Mapping[str, Any] = {"name": "photo.png", "mimeType": "image/png", "buffer": picture()}
NO_PICTURE: Mapping[str, Any] = {"name": "act.png", "mimeType": "image/png", "buffer": b"no picture"}


def fill_till(box: Sandbox) -> list[TillProduct]:
    """Put a few dozen goods into the till's two stores; return those of the first."""
    shop, kiosk = box.evotor.stores.values()
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


def states(site: Site, box: Sandbox, page: Page) -> Iterator[Pages]:
    """Lead a shop from state to state; yield the pages of each. `page` is the merchant's window."""
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
    yield from _empty(site, box)
    goods = fill_till(box)
    shop = next(iter(box.evotor.stores.values()))
    site.manage("refresh_catalog", EMAIL)
    yield {"both-start": "/connections/start/", "both-sync": "/sync/", "both-dashboard": "/"}
    yield from _refused(site, box)
    yield from _stopped(site, box, shop.id, goods)
    yield from _half_read(site, box)
    yield from _running(site, box, shop.id, goods, page)
    yield from _price_jumps(site, box, shop.id, goods)
    yield from _by_hand(site, page, goods)
    yield from _late(site, page)
    yield from _kept_out(site)
    yield from _closed(site, box)


def _empty(site: Site, box: Sandbox) -> Iterator[Pages]:
    """Both ends are connected, and the till has nothing."""
    box.evotor.add_store("Лавка у реки")
    box.evotor.add_store("Ларёк на площади")
    site.manage_all(["connect_vk", EMAIL, "--group", str(box.group_id)], ["refresh_catalog", EMAIL])
    yield {
        "empty-dashboard": "/",
        "empty-catalogue": "/catalogue/",
        "empty-check": "/catalogue/check/",
        "empty-photos": "/catalogue/photos/",
        "empty-table": "/catalogue/table/",
        "empty-shelf": "/catalogue/shelf/",
        "empty-sync": "/sync/",
        "empty-preview": "/sync/preview/",
        "empty-rules": "/sync/goods-rules/",
        "empty-categories": "/sync/categories/",
    }


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


def _running(site: Site, box: Sandbox, shop: str, goods: list[TillProduct], page: Page) -> Iterator[Pages]:
    """A run is under way, and VK is slow."""
    for product in goods[20:25]:
        box.evotor.edit_product(shop, product.id, price=199)
    slow = box.vk.fault("delay", method="execute", times=0, seconds=SLOW_SECONDS)
    page.goto(f"{site.url}/sync/")
    follow(page.locator("form[action='/sync/run/'] button"))
    time.sleep(2)
    yield {"running-run": "/history/4/", "running-dashboard": "/", "running-sync": "/sync/"}
    slow.nth = 10**9
    time.sleep(SLOW_SECONDS)


def _price_jumps(site: Site, box: Sandbox, shop: str, goods: list[TillProduct]) -> Iterator[Pages]:
    """A comma has slipped in two prices."""
    for product in goods[20:22]:
        box.evotor.edit_product(shop, product.id, price=19_900)
    site.manage("sync", EMAIL)
    yield {
        "jump-dashboard": "/",
        "jump-prices": "/sync/prices/",
        "jump-run": "/history/5/",
        "jump-preview": "/sync/preview/",
    }


def _late(site: Site, page: Page) -> Iterator[Pages]:
    """What pages wait for does not come, and a run stands still."""
    site.manage("shell", "-c", WORKER_IS_LATE)
    _send_table(site, page, "ID;Своё название\n1;Чай к завтраку\n")
    table = page.url.removeprefix(site.url)
    _send_photos(site, page)
    site.manage("shell", "-c", WORKER_IS_LATE)
    site.manage("shell", "-c", PHOTOS_ARE_LATE)
    yield {
        "late-preview": "/sync/preview/",
        "late-catalogue": "/catalogue/?why=no_price",
        "late-check": "/catalogue/check/",
        "late-lookalikes": "/sync/lookalikes/",
        "late-feed": "/feed/",
        "late-table": table,
        "late-photos": "/catalogue/photos/many/",
    }
    site.manage("shell", "-c", WORKER_IS_BACK)
    site.manage("shell", "-c", RUN_STANDS_STILL)
    yield {"still-run": "/history/6/", "still-dashboard": "/"}
    site.manage("shell", "-c", RUN_WAITS)
    yield {"still-waiting": "/history/6/"}
    site.manage("shell", "-c", NO_RUN)


def _kept_out(site: Site) -> Iterator[Pages]:
    """VK gives no right for goods; then it wants no more requests for a while."""
    site.manage("shell", "-c", RIGHT_IS_MISSING)
    yield {
        "right-dashboard": "/",
        "right-connections": "/connections/",
        "right-sync": "/sync/",
        "right-start": "/connections/start/",
    }
    site.manage("shell", "-c", PAUSED)
    yield {"paused-dashboard": "/", "paused-connections": "/connections/", "paused-sync": "/sync/"}
    site.manage("shell", "-c", NOT_PAUSED)


def _closed(site: Site, box: Sandbox) -> Iterator[Pages]:
    """VK takes the token away, and Evotor too."""
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
        "closed-run": "/history/7/",
    }


def _by_hand(site: Site, page: Page, goods: list[TillProduct]) -> Iterator[Pages]:
    """The merchant sends photos and a table, some bad, writes a rule and makes a link for the shelf."""
    _send_photos(site, page)
    page.locator("#fits").wait_for()
    page.goto(f"{site.url}/catalogue/20/")
    page.set_input_files("[name=photo]", dict(PICTURE))  # type: ignore[arg-type]
    follow(page.locator("form:has([name=photo]) button[type=submit]").first)
    page.goto(f"{site.url}/catalogue/shelf/")
    follow(page.locator("form[action='/catalogue/shelf/new/'] button"))
    shelf = page.locator("#shelf-link").inner_text().removeprefix(site.url)
    _send_table(site, page, f"ID;Своё название;Цвет\n{goods[-1].id};Чай;синий\nнет-такого;Чай;\n")
    table = page.url.removeprefix(site.url)
    page.goto(f"{site.url}/sync/goods-rules/new/")
    page.fill("[name=name]", "Чай дешевле до воскресенья")
    page.select_option("[name=then-0-kind]", "percent")
    page.fill("[name=then-0-value]", "-10")
    follow(page.locator("main form button[type=submit]").first)
    yield {
        "hand-photos": "/catalogue/photos/many/",
        "hand-photo-place": "/catalogue/photos/many/2/",
        "hand-product": "/catalogue/20/",
        "hand-photo-edit": "/catalogue/photos/1/edit/",
        "hand-shelf-link": "/catalogue/shelf/",
        "hand-shelf": shelf,
        "hand-shelf-product": f"{shelf}21/",
        "hand-shelf-ended": "/shelf/no-such-link/",
        "hand-table": table,
        "hand-table-bad": f"{table}?show=bad",
        "hand-rules": "/sync/goods-rules/",
        "hand-rule": "/sync/goods-rules/1/",
    }


def _send_photos(site: Site, page: Page) -> None:
    """Send a photo that fits a product, one that fits none, and a file that is no picture."""
    page.goto(f"{site.url}/catalogue/photos/many/")
    names = {
        f"{GROUPS[0]} «Тихая пристань» № {GOODS}.png": PICTURE,
        "IMG_0001.png": PICTURE,
        "Акт.png": NO_PICTURE,
    }
    files: Any = [{**file, "name": name} for name, file in names.items()]
    page.set_input_files("[name=photo]", files)
    follow(page.locator("main form button[type=submit]").first)


def _send_table(site: Site, page: Page, text: str) -> None:
    """Send a table, and open its page."""
    page.goto(f"{site.url}/catalogue/table/")
    file: Any = {"name": "товары.csv", "mimeType": "text/csv", "buffer": text.encode("cp1251")}
    page.set_input_files("[name=file]", file)
    follow(page.locator("main form button[type=submit]").first)
