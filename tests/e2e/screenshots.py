"""Pictures of every merchant page, on a phone and on a desktop, light and dark: `make screenshots`.

They show the sandbox's demo shop after its first run, in Russian, and go to `screenshots/`. With
`--readme` the README's three are made anew too, in few colours, into `docs/pictures/`.
"""

import argparse
import io
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from connections.sandbox import Sandbox
from connections.sandbox.demo_catalogue import fill_with_demo
from tests.e2e.site import ROOT, Site
from tests.e2e.watching import ARGUMENTS
from tests.servers import find_program

EMAIL, PASSWORD = "anna@example.com", "a-long-passphrase-7"
WIDTHS: Mapping[str, int] = {"phone": 390, "desktop": 1280}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
STRANGER_PAGES: Mapping[str, str] = {
    "welcome": "/",
    "login": "/accounts/login/",
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
    "catalogue": "/catalogue/?show=in_vk",
    "catalogue-all": "/catalogue/",
    "photos": "/catalogue/photos/",
    "feed": "/feed/",
    "product": "/catalogue/1/",
    "product-why": "/catalogue/1/why/",
    "sync": "/sync/",
    "preview": "/sync/preview/",
    "filters": "/sync/filters/",
    "rules": "/sync/rules/",
    "history": "/history/",
    "run": "/history/1/",
    "profile": "/profile/",
    "delete-account": "/profile/delete/",
    "email": "/accounts/email/",
    "password-change": "/accounts/password/change/",
    "two-factor": "/accounts/2fa/",
    "two-factor-password": "/accounts/reauthenticate/",
    "sessions": "/accounts/sessions/",
    "logout": "/accounts/logout/",
    "not-found": "/no-such-page/",
    "server-error": "/errors/500/",
}
# What the README shows, as much as a screen holds: picture, size, height in pixels.
README: Mapping[str, tuple[str, int]] = {
    "dashboard": ("phone", 844),
    "preview": ("phone", 844),
    "catalogue": ("desktop", 800),
}
COLOURS = 64


def prepare(site: Site, box: Sandbox) -> None:
    """Publish most of the demo shop, then let the till move on, so that a preview has something to show."""
    shop, _kiosk = fill_with_demo(box.evotor)
    site.manage("create_merchant", EMAIL, typed=f"{PASSWORD}\n")
    site.environment |= {"EVOTOR_TOKEN": box.evotor_token, "VK_TOKEN": box.vk_token}
    site.manage("connect_evotor", EMAIL)
    site.manage("connect_vk", EMAIL, "--group", str(box.group_id))
    site.manage("sync", EMAIL)
    goods = [one for one in shop.products.values() if one.fields.get("type") == "NORMAL"]
    for product in goods[5:12]:
        box.evotor.edit_product(shop.id, product.id, price=float(product.fields["price"] or 0) + 20)
    for number in range(1, 6):
        box.evotor.add_product(shop.id, f"Новинка: чай листовой № {number}", price=240 + number * 10)
    site.manage("refresh_catalog", EMAIL)


def log_in(page: Page, site: Site) -> None:
    """Enter as the demo's merchant."""
    page.goto(f"{site.url}/accounts/login/")
    page.fill("[name=login]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_load_state("networkidle")


def switch_on(page: Page, site: Site) -> None:
    """Let the shop follow the till, as most do."""
    page.goto(f"{site.url}/sync/")
    button = page.locator("form:has(input[name=enabled][value=on]) button")
    if button.count():
        button.click()
        page.wait_for_load_state("networkidle")
        # The answer's message belongs to this page, not to the pictures.
        page.reload()


def take(page: Page, site: Site, pages: Mapping[str, str], size: str, folder: Path) -> None:
    """Write a light and a dark picture of each page, each as tall as the page is."""
    for name, path in pages.items():
        page.goto(f"{site.url}{path}")
        page.wait_for_load_state("networkidle")
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            mark = "" if scheme == "light" else f"-{scheme}"
            page.screenshot(path=folder / f"{name}-{size}{mark}.png", full_page=True)
        page.emulate_media(color_scheme="light")


def take_for_readme(page: Page, site: Site, size: str, folder: Path) -> None:
    """Write the README's pictures of this size."""
    folder.mkdir(exist_ok=True)
    for name in (name for name, (of, _) in README.items() if of == size):
        page.set_viewport_size({"width": WIDTHS[size], "height": README[name][1]})
        page.goto(f"{site.url}{PAGES[name]}")
        page.wait_for_load_state("networkidle")
        if name == "preview":
            # The shortest part, with old and new prices.
            page.locator("details summary").nth(1).click()
        picture = (
            Image.open(io.BytesIO(page.screenshot()))
            .convert("RGB")
            .quantize(COLOURS, dither=Image.Dither.NONE)
        )
        picture.save(folder / f"{name}-{size}.png", optimize=True)


def photograph(browser: Browser, site: Site, folder: Path, *, readme: Path | None) -> None:
    """Walk all pages at each width."""
    for size, width in WIDTHS.items():
        page = browser.new_page(viewport={"width": width, "height": 844}, locale="ru-RU")
        take(page, site, STRANGER_PAGES, size, folder)
        log_in(page, site)
        switch_on(page, site)
        take(page, site, PAGES, size, folder)
        if readme:
            take_for_readme(page, site, size, readme)
        page.close()


def main(folder: Path, *, readme: Path | None) -> None:
    """Start sandbox, site and browser, and fill the folder."""
    folder.mkdir(exist_ok=True)
    chromium = find_program("chromium", "chromium-browser", "google-chrome")
    with Sandbox(vk_rate=0) as box, Site(box) as site, sync_playwright() as driver:
        prepare(site, box)
        browser = driver.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        photograph(browser, site, folder, readme=readme)
        browser.close()
    sys.stdout.write(f"{len(list(folder.glob('*.png')))} pictures in {folder}\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Take a picture of every merchant page into screenshots/.")
    parser.add_argument("--readme", action="store_true", help="also make docs/pictures/ anew")
    chosen = parser.parse_args()
    main(ROOT / "screenshots", readme=ROOT / "docs" / "pictures" if chosen.readme else None)
