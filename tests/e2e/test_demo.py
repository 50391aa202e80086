"""`make demo` as a newcomer meets it: the story, then a merchant's first day, with pushes reaching VK."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox.demo.second_shop import GOODS
from tests.commands import Commands
from tests.e2e.window import WORKER_SECONDS, follow, open_until, open_window
from tests.servers import free_port

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.once]

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 600.0
COMMAND_SECONDS = 300.0
NOT_FOR_SALE = 1
WIDE = 1280


class Demo:
    """A demo in a folder of its own. `said` is what it has printed so far."""

    def __init__(self, folder: Path) -> None:
        self.environment = {**os.environ, "ENV_FILE": os.devnull, "DEMO_DIR": str(folder)}
        self.environment.pop("DJANGO_SETTINGS_MODULE", None)
        self.site = f"http://127.0.0.1:{free_port()}/"
        self.said = ""
        words = ["demo", "--vk-rate", "0", "--port", self.site.split(":")[2].strip("/")]
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "tests.e2e.ready_demo", *words],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line

    def wait_for(self, words: str) -> None:
        end = time.monotonic() + READY_SECONDS
        while words not in self.said and self.process.poll() is None and time.monotonic() < end:
            time.sleep(0.1)
        assert words in self.said, self.said[-3000:]

    def address(self, title: str) -> str:
        found = re.search(rf"^  {title}.*?(http\S+)$", self.said, re.MULTILINE)
        assert found, self.said[-2000:]
        return found[1]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(180)
        finally:
            self.kill()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join(5)
        if self.process.stdout:
            self.process.stdout.close()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = Demo(tmp_path / "demo folder")
    try:
        demo.wait_for("Ctrl-C ends the demo.")
        yield demo
    finally:
        demo.kill()
        # pytest shows it where the test failed.
        sys.stdout.write(demo.said)


def press(page: Page, action: str) -> None:
    follow(page.locator(f"form[action^='{action}'] button[type=submit]").first)


def sign_up(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.site}accounts/signup/")
    page.fill("[name=email]", "olga@example.com")
    page.fill("[name=first_name]", "Ольга")
    page.fill("[name=last_name]", "Новосёлова")
    page.fill("[name=password1]", "a-long-passphrase-7")
    follow(page.locator("main form button[type=submit]"))
    assert page.url.endswith("/confirm-email/")
    mail = page.locator("article", has_text="olga@example.com")
    open_until(page, demo.address("Mails"), mail)
    follow(mail.first.locator(f"a[href*='{demo.site}accounts/confirm-email/']"))
    follow(page.locator("main form button[type=submit]"))
    assert page.url.endswith("/connections/start/")


def connect(page: Page, demo: Demo, browser: Browser) -> None:
    """Connect the till with a code in Evotor's market, the community in another way: with its token."""
    page.locator("#link-code form button").first.click()
    text = page.locator("#link-code .es-code").first.inner_text()
    market = open_window(browser, WIDE)
    market.goto(demo.address("Till, VK, sign-up"))
    token, community = market.locator("#vk-token").inner_text(), market.locator("#vk-community").inner_text()
    market.fill("[name=code]", text)
    follow(market.get_by_role("button", name="Install EvoSync on this till"))
    expect(market.get_by_role("status")).to_contain_text("is installed")
    market.close()
    open_until(page, f"{demo.site}connections/start/", page.locator("form[action='/vk-id/start/']"))
    follow(page.locator("a[href='/connections/other/']"))
    page.fill("#id_vk-token", token)
    page.fill("#id_vk-community", community)
    press(page, "/connections/vk/connect/")
    page.goto(f"{demo.site}connections/start/")
    expect(page.locator(".es-mark-ok")).to_have_count(3)


def choose_and_run(page: Page, demo: Demo) -> None:
    open_until(page, f"{demo.site}catalogue/", page.locator("a", has_text="Кружка «Туман»"))
    page.goto(f"{demo.site}sync/filters/")
    expect(page.locator(".es-count")).to_contain_text(str(len(GOODS)))
    goods = len(GOODS) - NOT_FOR_SALE
    page.goto(f"{demo.site}sync/")
    expect(page.locator("#preview details").first).to_contain_text(str(goods), timeout=WORKER_SECONDS * 1000)
    page.check("[name=confirm]")
    press(page, "/sync/run/")
    assert "/history/" in page.url
    expect(page.locator("#progress")).to_have_count(0, timeout=WORKER_SECONDS * 1000)
    expect(page.locator(".es-item .es-badge-ok")).to_have_count(goods)


def change_a_price(page: Page, demo: Demo) -> None:
    """Change a price on the demo's page and see it there in VK: the till's push has reached the site."""
    page.goto(demo.address("Till, VK, sign-up"))
    row = page.locator("tr", has_text="Кружка «Туман»")
    row.locator("[name=price]").fill("499.50")
    follow(row.get_by_role("button", name="Change"))
    # In the till, and in VK beside it.
    open_until(
        page,
        demo.address("Till, VK, sign-up"),
        row.locator("td.n:has-text('499.50') + td.n:has-text('499.50')"),
    )


def test_a_newcomer_walks_the_first_day_in_the_demo(demo: Demo, browser: Browser) -> None:
    page = open_window(browser, WIDE)
    sign_up(page, demo)
    connect(page, demo, browser)
    choose_and_run(page, demo)
    change_a_price(page, demo)
    missing = page.goto(f"{demo.site}no-such-page/")
    assert missing
    assert missing.status == 404
    assert "Page not found" not in page.content(), "Django's debug page"
    page.close()

    changed = Commands(["demo_price", "778.5"], environment=demo.environment)
    said, complaint = changed.communicate(timeout=COMMAND_SECONDS)
    assert changed.returncode == 0, complaint
    assert "778.50 after" in said
    # As manage.py does for this command alone.
    database = {"DEBUG": "1", "DATABASE_URL": f"sqlite:///{quote(demo.environment['DEMO_DIR'])}/db.sqlite3"}
    second = Commands(["demo"], environment={**demo.environment, **database})
    _said, complaint = second.communicate(timeout=COMMAND_SECONDS)
    assert second.returncode == 1
    assert f"runs in this folder already, as process {demo.process.pid}" in complaint
    assert demo.site in complaint
    assert demo.stop() == 0
    assert "Traceback" not in demo.said
    assert "WARNING dramatiq" not in demo.said
    assert "INFO" not in demo.said
