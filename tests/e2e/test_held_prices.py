"""What waits for the merchant in real Chromium: held prices on their page, and both links of messages."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox import Sandbox
from tests.e2e.screenshots import EMAIL, connect_merchant, log_in
from tests.e2e.site import Site
from tests.e2e.watching import PHONE, Watch
from tests.e2e.window import WORKER_SECONDS, follow, open_window, settle

pytestmark = pytest.mark.browser
GOODS = 5
# A link is bound to the channel that brings it, which the worker would otherwise make within five minutes.
LINK = (
    "from accounts.models import User; from syncing.models import HeldPrice; "
    "from syncing.services.channels import email_channel; "
    "from syncing.services.price_links import address_of; user = User.objects.get(); email_channel(user); "
    "print(address_of(user, HeldPrice.objects.for_user(user).waiting(), 'email'))"
)

# Lets a run stop at a plan, then prints a link to it that is too old, one with the signature of another
# merchant's link, and the one that decides.
PLAN_LINKS = """
from datetime import timedelta
from unittest.mock import patch
from django.core.management import call_command
from accounts.models import User
from evosync.common import clock
from syncing.models import SyncConfig, SyncJob
from syncing.services.decision_links import address_of
SyncConfig.objects.update(brake_items=1, brake_percent=0)
try:
    call_command("sync", User.objects.get().email)
except SystemExit:
    pass
job = SyncJob.objects.awaiting_approval().get()
other = User.objects.create(email="other@example.com")
theirs = SyncJob.objects.create(
    user=other, status=job.status, plan_hash=job.plan_hash, finished_at=clock.now(), triggered_by="manual"
)
mine, foreign = address_of(job, "email"), address_of(theirs, "email")
with patch.object(clock, "now", return_value=clock.now() - timedelta(days=2)):
    print(address_of(job, "email"))
print(foreign.replace(f"/{theirs.pk}-", f"/{job.pk}-"))
print(mine)
"""


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(vk_rate=0) as box:
        store = box.evotor.add_store("Лавка у реки")
        for number in range(GOODS):
            box.evotor.add_product(store.id, f"Чай номер {number}", price=100, quantity=5)
        yield box


@pytest.fixture
def site(box: Sandbox) -> Iterator[Site]:
    """Serve a merchant whose till has given every price a zero too many since the first run."""
    with Site(box) as site:
        connect_merchant(site, box, "sync", EMAIL, "--approve")
        for store in box.evotor.stores.values():
            for product in list(store.products.values()):
                box.evotor.edit_product(store.id, product.id, price=1000)
        site.manage("sync", EMAIL)
        yield site


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    page = open_window(browser, PHONE)
    log_in(page, site)
    yield page
    page.close()


def prices(box: Sandbox) -> list[int]:
    return sorted(item.price_kopecks for item in box.vk.live_items())


def press(page: Page, label: str) -> None:
    follow(page.locator("main button", has_text=label).first)
    expect(page.locator("#messages")).to_be_visible()


def test_prices_are_answered_one_by_one_for_good_all_of_a_kind_and_by_a_link(
    browser: Browser, page: Page, site: Site, box: Sandbox
) -> None:
    assert prices(box) == [10_000] * GOODS
    watch = Watch(page, site.url)
    page.goto(f"{site.url}/sync/prices/")
    expect(page.locator("main")).to_contain_text(f"{GOODS} цен ждут вашего согласия")
    watch.look()
    press(page, "Да, 1")
    expect(page.locator("main")).to_contain_text("4 цены ждут вашего согласия")
    press(page, "Теперь так и будет")
    expect(page.locator("main")).to_contain_text("3 цены ждут вашего согласия")
    press(page, "Да на все")
    expect(page.locator("main")).to_contain_text("Ни одна цена не ждёт")
    watch.look()
    site.manage("sync", EMAIL)
    assert prices(box) == [100_000] * GOODS
    look_at_a_name_alone(page, site, box, watch)
    decide_by_link(browser, site, box)
    decide_about_a_plan_by_link(browser, site, box)


def look_at_a_name_alone(page: Page, site: Site, box: Sandbox, watch: Watch) -> None:
    """Look at the preview while an item is hidden in VK: it is named there, and nothing of it changes."""
    hidden = box.vk.live_items()[0]
    box.vk.merchant.hide_item(hidden.id)
    page.goto(f"{site.url}/sync/preview/")
    settle(page)
    page.locator("#part-kept_hidden summary").click()
    expect(page.locator("#part-kept_hidden .es-planline")).to_have_text(hidden.title)
    watch.look()
    assert watch.faults == []
    box.vk.merchant.show_item(hidden.id)


def decide_by_link(browser: Browser, site: Site, box: Sandbox) -> None:
    """Answer by the link of a message, in a browser where nobody is logged in."""
    for store in box.evotor.stores.values():
        for product in list(store.products.values()):
            box.evotor.edit_product(store.id, product.id, price=10_000)
    site.manage("sync", EMAIL)
    stranger = open_window(browser, PHONE)
    watch = Watch(stranger, site.url)
    stranger.goto(site.manage("shell", "-v0", "-c", LINK).strip().splitlines()[-1])
    watch.look()
    follow(stranger.get_by_role("button", name="Да на все"))
    expect(stranger.locator("main")).to_contain_text("Цены подтверждены: их запишет следующий обмен.")
    watch.look()
    assert watch.faults == []
    stranger.close()
    site.manage("sync", EMAIL)
    assert prices(box) == [1_000_000] * GOODS


def decide_about_a_plan_by_link(browser: Browser, site: Site, box: Sandbox) -> None:
    """Approve a held plan by the link of a message; too old, foreign and used ones decide nothing."""
    [store] = box.evotor.stores.values()
    leaving, staying = list(store.products.values())[:2], list(store.products.values())[2:]
    for product in leaving:
        box.evotor.delete_product(store.id, product.id)
    old, foreign, link = site.manage("shell", "-v0", "-c", PLAN_LINKS).split()[-3:]
    phone = open_window(browser, PHONE)
    for dead in (old, foreign):
        assert says_that_nothing_was_decided(phone, dead)
    watch = Watch(phone, site.url)
    phone.goto(link)
    listed = phone.locator(".es-rows > li strong").all_inner_texts()
    assert sorted(listed) == sorted(product.fields["name"] for product in leaving)
    assert EMAIL not in phone.content()
    watch.look()
    assert len(visible(box)) == GOODS
    follow(phone.get_by_role("button", name="Одобрить и запустить"))
    expect(phone.locator("main")).to_contain_text("План одобрен")
    watch.look()
    assert watch.faults == []
    phone.close()
    fresh = open_window(browser, PHONE)
    assert says_that_nothing_was_decided(fresh, link)
    fresh.close()
    expected = sorted(product.fields["name"] for product in staying)
    end = time.monotonic() + WORKER_SECONDS
    while visible(box) != expected and time.monotonic() < end:
        # The site's own worker carries the plan out, one item after the other.
        time.sleep(0.1)
    assert visible(box) == expected


def says_that_nothing_was_decided(page: Page, link: str) -> bool:
    answer = page.goto(link)
    expect(page.locator("h1")).to_have_text("По этой ссылке уже ничего не решить")
    return answer is not None and answer.status == 410 and not page.locator("main form").count()


def visible(box: Sandbox) -> list[str]:
    return sorted(item.title for item in box.vk.live_items() if not item.hidden)
