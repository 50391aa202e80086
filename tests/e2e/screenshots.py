"""Pictures of every merchant page, on a phone, a phone with large text and a desktop: `make screenshots`.

Each is there light and dark, that with large text light. They show the sandbox's demo shop after its first
run, in Russian and in English, staff's main pages, a smaller shop in every state that it can get into, and
one that meets what is rare; all go to `screenshots/`. `--part` takes some of them alone.
What `watching` and axe find wrong with them on a phone, in Russian, goes to `faults.txt` beside them.
With `--readme` those of the README are made again too, in few colours, into `docs/pictures/`.
"""

import argparse
import contextlib
import io
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, StorageState, sync_playwright
from playwright.sync_api import TimeoutError as Late

from sandbox import Sandbox
from sandbox.demo.catalogue import fill_with_demo
from tests.e2e import rare_states, states
from tests.e2e.site import ROOT, Site
from tests.e2e.watching import ARGUMENTS, Watch
from tests.e2e.window import HAS_NONE, follow, open_window, settle
from tests.servers import CHROMIUM, find_program

EMAIL, PASSWORD = "anna@example.com", "a-long-passphrase-7"
STAFF = ("boss@example.com", "a-long-passphrase-9")
WIDTHS: Mapping[str, int] = {"phone": 390, "desktop": 1280}
HEIGHT = 844
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
STRANGER_PAGES: Mapping[str, str] = {
    "welcome": "/",
    "login": "/accounts/login/",
    "login-asked": "/catalogue/",
    "signup": "/accounts/signup/",
    "confirm-email": "/accounts/confirm-email/",
    "confirm-email-dead": "/accounts/confirm-email/dead/",
    "password-reset": "/accounts/password/reset/",
    "password-reset-done": "/accounts/password/reset/done/",
    "password-reset-dead": "/accounts/password/reset/key/dead-link/",
}
PAGES: Mapping[str, str] = {
    "dashboard": "/",
    "start": "/connections/start/",
    "connections": "/connections/",
    "connections-other": "/connections/other/",
    "catalogue": "/catalogue/?show=in_vk",
    "catalogue-all": "/catalogue/",
    "catalogue-none": "/catalogue/?q=nothing",
    "check": "/catalogue/check/",
    "many-goods": "/catalogue/bulk/?action=category&all=1&q=чай",
    "photos": "/catalogue/photos/",
    "photos-many": "/catalogue/photos/many/",
    "table": "/catalogue/table/",
    "feed": "/feed/",
    "feed-vk-ads": "/feed/readers/vk-ads/",
    "feed-avito": "/feed/readers/avito/",
    "product": "/catalogue/1/",
    "product-history": "/catalogue/1/history/",
    "product-words": "/catalogue/1/words/",
    "product-why": "/catalogue/1/why/",
    "sync": "/sync/",
    "preview": "/sync/preview/",
    "lookalikes": "/sync/lookalikes/",
    "filters": "/sync/filters/",
    "rules": "/sync/rules/",
    "goods-rules": "/sync/goods-rules/",
    "goods-rule": "/sync/goods-rules/new/",
    "held-prices": "/sync/prices/",
    "categories": "/sync/categories/",
    "category": "/sync/categories/1/",
    "group-words": "/sync/groups/1/",
    "notifications": "/notifications/",
    "history": "/history/",
    "run": "/history/1/",
    "run-undo": "/history/1/undo/",
    "undone": "/sync/undone/",
    "profile": "/profile/",
    "security": "/profile/security/",
    "delete-account": "/profile/delete/",
    "email": "/accounts/email/",
    "password-change": "/accounts/password/change/",
    "two-factor": "/accounts/2fa/",
    "two-factor-activate": "/accounts/2fa/totp/activate/",
    "two-factor-password": "/accounts/reauthenticate/",
    "sessions": "/accounts/sessions/",
    "logout": "/accounts/logout/",
}
ERROR_PAGES: Mapping[str, str] = {
    "error-404": "/no-such-page/",
    **{
        f"error-{name}": f"/errors/{name}/"
        for name in ("400", "403", "403-form", "405", "413", "426", "429", "500", "503")
    },
}
OFFLINE_PAGES: Mapping[str, str] = {"offline": "/offline/ru/"}
ENGLISH_PAGES: Mapping[str, str] = {f"en-{name}": path for name, path in {**PAGES, **ERROR_PAGES}.items()}
STAFF_PAGES: Mapping[str, str] = {
    "staff": "/admin/",
    "staff-merchants": "/admin/accounts/user/",
    "staff-merchant": "/admin/accounts/user/1/change/",
    "staff-merchant-history": "/admin/accounts/user/1/history/",
    "staff-goods": "/admin/catalog/product/",
    "staff-product": "/admin/catalog/product/1/change/",
    "staff-runs": "/admin/syncing/syncjob/",
    "staff-run": "/admin/syncing/syncjob/1/change/",
    "staff-rules": "/admin/syncing/syncconfig/1/change/",
    "staff-messages": "/admin/django_dramatiq/task/",
    "staff-sessions": "/admin/usersessions/usersession/",
}
PARTS = ("plain", "states", "rare")
# What the README and the other documents show, as much as a screen holds: picture, size, height in pixels.
README: Mapping[str, tuple[str, int]] = {
    "dashboard": ("phone", 844),
    "preview": ("phone", 844),
    "product": ("phone", 844),
    "catalogue": ("desktop", 800),
}
COLOURS = 64
# What a page still fetches, and the numbers and results that a worker computes for it.
ON_THE_WAY = ".htmx-request, .es-computing, [data-poll], #counts[hx-trigger]"
SETTLE_SECONDS = 30.0
LARGE_TEXT = "size => { document.documentElement.style.fontSize = size; }"
OPEN_DETAILS = "document.querySelectorAll('main details').forEach(one => { one.open = true })"
FAULTS = "faults.txt"
# What the browser says of a page that is an error on purpose.
EXPECTED = "the server responded with a status of"
# Pictures are loaded as they come into view.
PICTURES_ARE_THERE = """() => [...document.querySelectorAll("main img")].every(one =>
  one.complete && one.naturalWidth || !one.checkVisibility()
  || one.getBoundingClientRect().top > innerHeight)"""


def prepare(site: Site, box: Sandbox) -> None:
    """Publish most of the demo shop, then let the till move on, so that a preview has something to show."""
    shop, _kiosk = fill_with_demo(box.evotor)
    connect_merchant(site, box, "sync", EMAIL)
    goods = [one for one in shop.products.values() if one.fields.get("type") == "NORMAL"]
    for product in goods[5:12]:
        box.evotor.edit_product(shop.id, product.id, price=float(product.fields["price"] or 0) + 20)
    for number in range(1, 6):
        box.evotor.add_product(shop.id, f"Новинка: чай листовой № {number}", price=240 + number * 10)
    for name in ("Миллер 0,44", "Миллер 0,33 ст", "Максим", "Чаша для кальяна", "Валерианка", "Нож складной"):
        box.evotor.add_product(shop.id, name, price=190)
    for number in (2, 4):
        box.vk.create_item(f"новинка: чай листовой № {number}", price_kopecks=25_000 + number)
    site.manage("refresh_catalog", EMAIL)
    site.manage("create_merchant", STAFF[0], typed=f"{STAFF[1]}\n")
    promote = f"User.objects.filter(email={STAFF[0]!r}).update(is_staff=True, is_superuser=True)"
    site.manage("shell", "-c", f"from accounts.models import User; {promote}")


def connect_merchant(site: Site, box: Sandbox, *first: str) -> None:
    """Make a merchant who is connected to the sandbox's till and community, and run their `first` command."""
    site.environment |= {"EVOTOR_TOKEN": box.evotor_token, "VK_TOKEN": box.vk_token}
    site.manage_all(
        ["create_merchant", EMAIL],
        ["connect_evotor", EMAIL],
        ["connect_vk", EMAIL, "--group", str(box.group_id)],
        first,
        typed=f"{PASSWORD}\n",
    )


def log_in(page: Page, site: Site, email: str = EMAIL, password: str = PASSWORD) -> None:
    """Enter as the demo's merchant, or as somebody else."""
    page.goto(f"{site.url}/accounts/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", password)
    follow(page.locator("main form button[type=submit]").first)


def log_in_once(browser: Browser, site: Site, *paths: str) -> StorageState:
    """Enter as `log_in` does and see these pages; return what `open_window` needs to be logged in."""
    page = open_window(browser, WIDTHS["phone"])
    log_in(page, site)
    settle(page)
    for path in paths:
        page.goto(f"{site.url}{path}")
        settle(page)
    login = page.context.storage_state()
    page.close()
    return login


def switch_on(page: Page, site: Site) -> None:
    """Let the shop follow the till, as most do."""
    page.goto(f"{site.url}/sync/")
    button = page.locator("form:has(input[name=enabled][value=on]) button")
    if button.count():
        follow(button)
        # The answer's message belongs to this page, not to the pictures.
        page.reload()


def take(page: Page, site: Site, pages: rare_states.Pages, size: str, folder: Path) -> None:
    """Write the pictures of each page; what a state keeps unfinished is not waited for."""
    watch = Watch(page, site.url)
    for name, opening in pages.items():
        page.set_viewport_size({"width": WIDTHS[size], "height": HEIGHT})
        if callable(opening):
            opening(page)
        else:
            page.goto(f"{site.url}{opening}")
        if not name.startswith(states.UNFINISHED):
            with contextlib.suppress(Late):
                page.wait_for_function(HAS_NONE, arg=ON_THE_WAY, timeout=SETTLE_SECONDS * 1000)
        take_open(page, name, size, folder)
        if size == "phone" and not name.startswith(("en-", "staff", *states.UNFINISHED)):
            page.evaluate(OPEN_DETAILS)
            watch.inspect()
    with (folder / FAULTS).open("a") as file:
        file.writelines(f"{fault}\n" for fault in watch.faults if EXPECTED not in fault)


def take_open(page: Page, name: str, size: str, folder: Path) -> None:
    """Write a light and a dark picture of the open page, and on a phone one with text twice as large."""
    grow(page, size)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        mark = "" if scheme == "light" else f"-{scheme}"
        page.screenshot(path=folder / f"{name}-{size}{mark}.png")
    page.emulate_media(color_scheme="light")
    if size == "phone":
        page.evaluate(LARGE_TEXT, "200%")
        grow(page, size)
        page.screenshot(path=folder / f"{name}-large.png")
        page.evaluate(LARGE_TEXT, "")


def grow(page: Page, size: str) -> None:
    """Make the window as tall as the page: what sticks to the bottom would else stand in the middle."""
    page.set_viewport_size({"width": WIDTHS[size], "height": HEIGHT})
    tall = int(page.evaluate("Math.max(innerHeight, document.documentElement.scrollHeight)"))
    page.set_viewport_size({"width": WIDTHS[size], "height": tall})
    with contextlib.suppress(Late):
        page.wait_for_function(PICTURES_ARE_THERE, timeout=SETTLE_SECONDS * 1000)


def take_for_readme(page: Page, site: Site, size: str, folder: Path) -> None:
    """Write the README's pictures of this size."""
    folder.mkdir(exist_ok=True)
    for name in (name for name, (of, _) in README.items() if of == size):
        page.set_viewport_size({"width": WIDTHS[size], "height": README[name][1]})
        page.goto(f"{site.url}{PAGES[name]}")
        page.wait_for_load_state("networkidle")
        page.wait_for_function("() => !document.querySelector('.es-computing')")
        if name == "preview":
            # The shortest part, with old and new prices.
            page.locator("details summary").nth(1).click()
        page.wait_for_function(PICTURES_ARE_THERE)
        picture = (
            Image.open(io.BytesIO(page.screenshot()))
            .convert("RGB")
            .quantize(COLOURS, dither=Image.Dither.NONE)
        )
        picture.save(folder / f"{name}-{size}.png", optimize=True)


def photograph(browser: Browser, site: Site, folder: Path, *, readme: Path | None) -> None:
    """Photograph all pages at each width, then those of the merchant in English, then staff's."""
    for size in WIDTHS:
        page = open_window(browser, WIDTHS[size])
        take(page, site, STRANGER_PAGES, size, folder)
        log_in(page, site)
        switch_on(page, site)
        take(page, site, PAGES, size, folder)
        take(page, site, ERROR_PAGES, size, folder)
        take(page, site, OFFLINE_PAGES, size, folder)
        if readme:
            take_for_readme(page, site, size, readme)
        speak(page, site, "en")
        take(page, site, ENGLISH_PAGES, size, folder)
        speak(page, site, "ru")
        page.context.clear_cookies()
        log_in(page, site, *STAFF)
        take(page, site, STAFF_PAGES, size, folder)
        page.close()


def photograph_states(browser: Browser, site: Site, box: Sandbox, folder: Path) -> None:
    """Lead a new shop through its states and take each at both widths."""
    windows = open_windows(browser, site, states.EMAIL, states.PASSWORD)
    for pages in states.states(site, box, windows["desktop"]):
        for size, page in windows.items():
            take(page, site, pages, size, folder)


def photograph_rare(browser: Browser, site: Site, box: Sandbox, folder: Path) -> None:
    """Lead another shop through what is rare and take each at both widths, in Russian and in English."""
    windows = open_windows(browser, site, rare_states.EMAIL, rare_states.PASSWORD)
    for pages in rare_states.rare_states(site, box, windows["desktop"]):
        for size, page in windows.items():
            take(page, site, pages, size, folder)
            speak(page, site, "en")
            take(page, site, {f"en-{name}": opening for name, opening in pages.items()}, size, folder)
            speak(page, site, "ru")


def open_windows(browser: Browser, site: Site, email: str, password: str) -> dict[str, Page]:
    """Create a merchant and log them in at each width."""
    site.manage("create_merchant", email, typed=f"{password}\n")
    windows = {size: open_window(browser, width) for size, width in WIDTHS.items()}
    for page in windows.values():
        log_in(page, site, email, password)
    return windows


def speak(page: Page, site: Site, language: str) -> None:
    """Have the site speak this language."""
    page.goto(site.url)
    follow(page.locator(f"button[name=language][value={language}]"))


def main(folder: Path, *, parts: tuple[str, ...], readme: Path | None) -> None:
    """Start sandbox, site and browser, and fill the folder."""
    folder.mkdir(exist_ok=True)
    (folder / FAULTS).unlink(missing_ok=True)
    chromium = find_program(*CHROMIUM)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        if "plain" in parts:
            # Staff's page is to be seen without a telephone that shows codes.
            with Sandbox(vk_rate=0) as box, Site(box, ADMIN_REQUIRES_MFA="0") as site:
                prepare(site, box)
                photograph(browser, site, folder, readme=readme)
        if "states" in parts:
            with Sandbox(vk_rate=0) as box, Site(box) as site:
                photograph_states(browser, site, box, folder)
        if "rare" in parts:
            with Sandbox(vk_rate=0) as box, Site(box) as site:
                photograph_rare(browser, site, box, folder)
        browser.close()
    faults = (folder / FAULTS).read_text().splitlines()
    sys.stdout.write(f"{len(list(folder.glob('*.png')))} pictures in {folder}, {len(faults)} faults\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Take a picture of every merchant page into screenshots/.")
    parser.add_argument("--part", choices=PARTS, action="append", help="take this part alone")
    parser.add_argument("--folder", type=Path, default=ROOT / "screenshots", help="where they go")
    parser.add_argument("--readme", action="store_true", help="also make docs/pictures/ again")
    chosen = parser.parse_args()
    main(
        chosen.folder,
        parts=tuple(chosen.part or PARTS),
        readme=ROOT / "docs" / "pictures" if chosen.readme else None,
    )
