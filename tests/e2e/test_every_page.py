"""Every page of a merchant on a phone: light and dark, nothing too wide, too small or hard to read.

The pages are held against the URL map, so that a new one cannot be forgotten.
"""

import base64
import csv
import hashlib
import hmac
import json
import struct
import time
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urljoin

import pytest
from django.urls import resolve
from playwright.sync_api import Browser, Route, expect

from connections.clients.web_push.vapid import VapidKey
from sandbox import Sandbox
from sandbox.messengers import PushService
from tests.e2e.screenshots import EMAIL, ERROR_PAGES, PASSWORD, log_in
from tests.e2e.site import Site
from tests.e2e.watching import ARGUMENTS, PHONE, Watch
from tests.e2e.window import WORKER_SECONDS, follow, open_window
from tests.web.addresses import pages

pytestmark = pytest.mark.browser

GOODS = 14
WIDE = 1280
# The exit code of a run that stopped before its first change.
NEEDS_APPROVAL = 4
STRANGER = (
    "/",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/confirm-email/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/done/",
    "/accounts/inactive/",
)
EMPTY = (
    "/",
    "/connections/",
    "/connections/start/",
    "/connections/other/",
    "/catalogue/",
    "/sync/",
    "/history/",
)
FULL = (
    "/",
    "/connections/",
    "/connections/start/",
    "/connections/other/",
    "/feed/",
    "/feed/readers/vk-ads/",
    "/feed/readers/avito/",
    "/catalogue/",
    "/catalogue/?show=errors",
    "/catalogue/?q=nothing",
    "/catalogue/photos/",
    "/catalogue/photos/many/",
    "/catalogue/shelf/",
    "/catalogue/check/",
    "/catalogue/1/",
    "/catalogue/table/",
    "/catalogue/table/1/",
    "/catalogue/bulk/?action=category&pick=1&pick=2",
    "/catalogue/1/why/",
    "/catalogue/1/words/",
    "/catalogue/1/history/",
    "/sync/",
    "/sync/preview/",
    "/sync/lookalikes/",
    "/sync/filters/",
    "/sync/filters/?q=5",
    "/sync/rules/",
    "/sync/goods-rules/",
    "/sync/goods-rules/new/",
    "/sync/goods-rules/1/",
    "/sync/prices/",
    "/sync/categories/",
    "/sync/categories/1/",
    "/notifications/",
    "/sync/groups/1/",
    "/history/",
    "/history/1/",
    "/history/1/undo/",
    "/sync/undone/",
    "/history/2/",
    "/profile/",
    "/profile/security/",
    "/profile/delete/",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/logout/",
    "/accounts/sessions/",
    "/accounts/2fa/",
    "/accounts/reauthenticate/",
)
DEAD_LINKS = ("/accounts/confirm-email/dead/", "/accounts/password/reset/key/dead-link/")
SECOND_FACTOR = (
    "/accounts/2fa/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/",
    "/accounts/2fa/totp/deactivate/",
)
# The addresses of all that the worker's caches hold.
KEPT_BY_WORKER = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const one of await (await caches.open(name)).keys()) found.push(new URL(one.url).pathname);
  return found.sort();
}"""
WORKER_KEEPS = [
    "/offline/en/",
    "/offline/language",
    "/offline/ru/",
    "/static/bootstrap/css/bootstrap.min.css",
    "/static/evosync/app.css",
    "/static/evosync/mark.svg",
    "/static/evosync/offline.js",
    "/static/evosync/theme.js",
]
# What the browser would say and give, without the service of its maker.
SUBSCRIBE = """
  const told = %s;
  Notification.requestPermission = () => Promise.resolve(window.answer);
  const given = {endpoint: told.endpoint, unsubscribe: () => Promise.resolve(true), toJSON: () => (
    {endpoint: told.endpoint, keys: {p256dh: told.p256dh, auth: told.auth}})};
  const kept = () => Promise.resolve(sessionStorage.subscribed ? given : null);
  PushManager.prototype.getSubscription = kept;
  PushManager.prototype.subscribe = () => { sessionStorage.subscribed = "1"; return kept(); };
  const permission = () => sessionStorage.subscribed ? "granted" : sessionStorage.permission || "default";
  Object.defineProperty(Notification, "permission", {get: permission});
"""
# Runs the worker's text in a page, since browsers end a worker when they like: it takes a message, which is
# then pressed, as are its buttons. Tells what it showed and opened.
SHOW = """async text => {
  const handlers = {}, opened = [], waiting = [], shown = [];
  const self = {
    location, navigator, addEventListener: (name, handler) => { handlers[name] = handler; },
    registration: { showNotification: async (title, options) => { shown.push({ title, ...options }); } },
    clients: { matchAll: async () => [], openWindow: async address => { opened.push(address); } },
  };
  (function () { WORKER })();
  const waitUntil = one => waiting.push(one);
  handlers.push({ data: { json: () => JSON.parse(text) }, waitUntil });
  await Promise.all(waiting);
  for (const action of ["", "0", "1"]) {
    const notification = { data: shown[0].data, close: () => null };
    handlers.notificationclick({ action, notification, waitUntil });
    await waiting.at(-1);
  }
  return { title: shown[0].title, opened };
}"""
PUSH_KEY = VapidKey.new()


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """Serve a till with two stores and a group, and a community."""
    with Sandbox(vk_rate=0) as box:
        store = box.evotor.add_store("Лавка у реки")
        tea = box.evotor.add_group(store.id, "Чай и всё к нему")
        for number in range(1, GOODS + 1):
            box.evotor.add_product(
                store.id, f"Чай листовой номер {number}", price=100 + number, parent_id=tea.id
            )
        box.evotor.add_product(box.evotor.add_store("Ларёк").id, "Пиво светлое нефильтрованное", price=90)
        yield box


@pytest.fixture
def service() -> Iterator[PushService]:
    """Serve what stands behind browsers."""
    with PushService() as service:
        yield service


@pytest.fixture(scope="module")
def site(box: Sandbox) -> Iterator[Site]:
    with Site(box, WEB_PUSH_PRIVATE_KEY=PUSH_KEY.to_text(), WEB_PUSH_HOSTS="127.0.0.1") as site:
        site.manage("create_merchant", EMAIL, typed=f"{PASSWORD}\n")
        yield site


@pytest.fixture
def watch(browser: Browser, site: Site) -> Iterator[Watch]:
    """Open a phone's page, in Russian."""
    page = open_window(browser, PHONE)
    yield Watch(page, site.url)
    page.close()


def fill(site: Site, box: Sandbox) -> None:
    """Connect Evotor and VK, publish, and stop the second run: the till has lost nearly everything."""
    site.environment |= {"EVOTOR_TOKEN": box.evotor_token, "VK_TOKEN": box.vk_token}
    site.manage_all(
        ["connect_evotor", EMAIL], ["connect_vk", EMAIL, "--group", str(box.group_id)], ["sync", EMAIL]
    )
    store = next(iter(box.evotor.stores.values()))
    for product in list(store.products.values())[: GOODS - 1]:
        box.evotor.delete_product(store.id, product.id)
    site.manage("sync", EMAIL, exit_code=NEEDS_APPROVAL)


def submit(watch: Watch) -> None:
    """Press the form's own button and look at the answer."""
    follow(watch.page.locator("main form button[type=submit]").first)
    watch.look()


def forget_password(watch: Watch, site: Site) -> None:
    """Ask for a new password, choose a bad one and a good one; look at every answer, and at dead links."""
    page = watch.page
    page.goto(f"{site.url}/accounts/password/reset/")
    page.fill("[name=email]", EMAIL)
    submit(watch)
    page.goto(site.newest_link())
    watch.look()
    for password in ("12345678", PASSWORD):
        page.fill("[name=password1]", password)
        page.fill("[name=password2]", password)
        submit(watch)
    assert page.url.endswith("/done/")
    walk(watch, site, DEAD_LINKS)


def code_of(secret: str) -> str:
    """Return what the app with codes shows now, by RFC 6238."""
    count = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), count, hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def add_second_factor(watch: Watch, site: Site) -> None:
    """Switch two-factor login on by a wrong and a right code, and look at everything about it."""
    page = watch.page
    page.goto(f"{site.url}/accounts/2fa/totp/activate/")
    page.fill("[name=code]", "nonsense")
    submit(watch)
    page.fill("[name=code]", code_of(page.inner_text("#authenticator_secret")))
    submit(watch)
    walk(watch, site, SECOND_FACTOR)
    page.context.clear_cookies()
    log_in(page, site)
    watch.look()
    page.fill("[name=code]", "nonsense")
    submit(watch)


def make_rule(watch: Watch, site: Site) -> None:
    """Write a rule for goods by a wrong and a right value, and see what it would change."""
    page = watch.page
    page.goto(f"{site.url}/sync/goods-rules/")
    watch.look()
    page.goto(f"{site.url}/sync/goods-rules/new/")
    page.fill("[name=name]", "Дешевле до воскресенья")
    page.select_option("[name=then-0-kind]", "percent")
    page.fill("[name=then-0-value]", "десять")
    submit(watch)
    page.fill("[name=then-0-value]", "-10")
    page.locator("[name=then-0-value]").blur()
    expect(page.locator("#rule-preview .es-planline").first).to_be_visible()
    watch.look()
    submit(watch)
    # The wrong value was refused, which a browser's console calls an error.
    watch.forgive("the server responded with a status of 422")


def import_table(watch: Watch, site: Site) -> None:
    """Upload a table with a good and a bad line, wait for the worker, import the good one."""
    page = watch.page
    page.goto(f"{site.url}/catalogue/")
    follow(page.locator("a[href='/catalogue/table/']"))
    name = f"Чай листовой номер {GOODS}"
    with page.expect_download() as download:
        page.locator("a[href='/catalogue/table/goods.csv']").click()
    rows = list(csv.reader(download.value.path().read_text("utf-8-sig").splitlines(), delimiter=";"))
    ids = {row[rows[0].index("Название в кассе")]: row[0] for row in rows[1:]}
    table = f"ID товара;Своё название;Цвет\r\n{ids[name]};Чай к завтраку;синий\r\nнет-такого;Чай;\r\n"
    file: Any = {"name": "товары.csv", "mimeType": "text/csv", "buffer": table.encode("cp1251")}
    page.set_input_files("[name=file]", file)
    follow(page.locator("main form button[type=submit]").first)
    expect(page.locator(".es-tiles")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Чай к завтраку")
    follow(page.locator("a[href='/catalogue/table/1/?show=bad']"))
    expect(page.locator("main")).to_contain_text("В кассе нет такого товара: нет-такого.")
    watch.look()
    page.get_by_role("button", name="Загрузить без 1 строки с ошибкой").click()
    expect(page.locator("#messages")).to_contain_text("Изменён 1 товар")


def trade_without_scripts(browser: Browser, site: Site) -> None:
    """Search, ask why, choose goods and start a run in a browser that runs no script."""
    page = open_window(browser, PHONE, scripts=False)
    log_in(page, site)
    page.goto(f"{site.url}/catalogue/")
    page.fill("[name=q]", "номер 14")
    follow(page.locator("#search button"))
    follow(page.locator(".es-product-name").first)
    follow(page.locator("noscript a"))
    expect(page.locator("main .es-ticks > li").first).to_be_visible()
    page.goto(f"{site.url}/sync/filters/")
    follow(page.locator(".es-choice button[value=exclude]").last)
    expect(page.locator(".es-choice button[value=exclude][aria-pressed=true]").first).to_be_visible()
    page.goto(f"{site.url}/sync/")
    follow(page.locator("a[href='/sync/preview/']"))
    end = time.monotonic() + WORKER_SECONDS
    while not page.locator("details.es-part").count() and time.monotonic() < end:
        # The worker is at it; without scripts the link asks again.
        page.wait_for_timeout(250)
        follow(page.locator(".es-computation noscript a"))
    expect(page.locator("details.es-part").first).to_be_visible()
    page.goto(f"{site.url}/sync/")
    follow(page.locator("form[action='/sync/run/'] button"))
    assert page.url.endswith("/history/3/")
    page.close()


def fail_what_is_sent(route: Route) -> None:
    """Let pages come and lose every form that is sent."""
    if route.request.method == "POST":
        route.abort()
    else:
        route.continue_()


def lose_the_net(watch: Watch, site: Site) -> None:
    """Choose goods without a net and after a logout: it is said, and never done to half a page."""
    page = watch.page
    choice = page.locator(".es-choice button[value=exclude]").first
    # Set before the page is there: a page that is already open may send its first request past it.
    page.route("**/sync/filters/", fail_what_is_sent)
    page.goto(f"{site.url}/sync/filters/")
    with page.expect_event("requestfailed", lambda request: request.method == "POST"):
        choice.click()
    expect(page.locator(".es-no-answer [role=alert]")).to_contain_text("Проверьте интернет")
    watch.look()
    page.unroute("**/sync/filters/")
    choice.click()
    expect(page.locator(".es-no-answer")).to_have_count(0)
    for words in ("net::ERR_FAILED", "console: htmx:"):
        watch.forgive(words)
    cookies = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    page.locator(".es-choice button[value=include]").first.click()
    page.wait_for_url("**/accounts/login/**")
    page.context.add_cookies(cookies)  # type: ignore[arg-type]


def use_as_app(watch: Watch, site: Site) -> None:
    """Use the site without a net."""
    page = watch.page
    page.goto(f"{site.url}/catalogue/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto(f"{site.url}/history/")
    watch.narrow()
    page.context.set_offline(True)
    page.goto(f"{site.url}/catalogue/?q=1")
    expect(page.locator("h1")).to_have_text("Нет связи")
    watch.look()
    assert page.evaluate(KEPT_BY_WORKER) == WORKER_KEEPS
    page.context.set_offline(False)
    # It opens by itself what was asked for.
    expect(page.locator("h1")).to_have_text("Каталог")
    watch.forgive("net::ERR_INTERNET_DISCONNECTED")
    # A worker that has lost what it kept stands in nobody's way, and a logout leaves nothing of it.
    page.evaluate("caches.keys().then(names => Promise.all(names.map(name => caches.delete(name))))")
    page.goto(f"{site.url}/accounts/logout/")
    page.evaluate("caches.open('evosync-old').then(kept => kept.put('/x', new Response('goods')))")
    submit(watch)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    assert set(page.evaluate(KEPT_BY_WORKER)) <= set(WORKER_KEEPS)
    log_in(page, site)


def take_messages(watch: Watch, site: Site, service: PushService) -> None:
    """Switch messages on in this browser: refused, then allowed; one comes, and a press opens its page.

    Where they were refused long ago the page says so as it opens, and does not jump.
    """
    page = watch.page
    # Chromium asks its maker's service for an address; here the stand-in gives one.
    telephone, told = service.subscribe(PUSH_KEY.public_text)
    page.add_init_script(SUBSCRIBE % json.dumps(told))
    refused = page.locator("[data-push-says=refused]")
    page.goto(f"{site.url}/notifications/")
    expect(refused).to_be_hidden()
    page.evaluate("sessionStorage.permission = 'denied'")
    watch.weigh(page.goto(f"{site.url}/notifications/"))
    expect(refused).to_be_visible()
    page.evaluate("sessionStorage.permission = 'default'")
    page.goto(f"{site.url}/notifications/")
    button = page.get_by_role("button", name="Включить в этом браузере")
    for answer, words in (("denied", "запрещено"), ("default", "не разрешили")):
        page.evaluate("answer => { window.asked = 0; window.answer = answer }", answer)
        button.click()
        expect(page.locator("[data-push-says]:visible")).to_contain_text(words)
    watch.look()
    page.evaluate("window.answer = 'granted'")
    button.click()
    expect(page.locator("main")).to_contain_text("Теперь сообщения будут приходить в этот браузер")
    expect(page.locator("main .es-rows").first).to_contain_text("Chrome")
    expect(page.locator("main .es-rows").first).to_contain_text("этот браузер")
    expect(button).to_be_hidden()
    watch.look()
    follow(page.locator("form:has([name=channel])").first.get_by_role("button"))
    expect(page.locator("main")).to_contain_text("Проверка отправляется")
    end = time.monotonic() + WORKER_SECONDS
    while not telephone.messages and time.monotonic() < end:
        page.wait_for_timeout(100)
    # What a run had to tell may come in the same message.
    message = telephone.messages[0]
    assert message["title"].startswith("EvoSync: ")
    message |= {"actions": [{"title": "x", "url": "/history/1/"}, {"title": "y", "url": "//evil.example/"}]}
    show = SHOW.replace("WORKER", page.request.get(f"{site.url}/service-worker.js").text())
    shown = page.evaluate(show, json.dumps(message))
    assert shown["title"] == message["title"]
    opened = urljoin(f"{site.url}/", message["url"])
    assert shown["opened"] == [opened, f"{site.url}/history/1/", f"{site.url}/"]
    assert page.evaluate(show, "no JSON")["title"] == "EvoSync"


def walk(watch: Watch, site: Site, paths: Iterable[str]) -> None:
    """Look at every page on a phone and on a desktop."""
    for path in paths:
        watch.weigh(watch.page.goto(f"{site.url}{path}"))
        watch.page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
        watch.look()
        watch.page.set_viewport_size({"width": WIDE, "height": 844})
        watch.measure()
        watch.page.set_viewport_size({"width": PHONE, "height": 844})


def test_an_error_of_a_form_leads_back_to_the_form(watch: Watch, site: Site) -> None:
    page = watch.page
    page.goto(f"{site.url}/accounts/password/reset/")
    page.goto(f"{site.url}/errors/429/")
    follow(page.locator("[data-go-back]"))
    assert page.url == f"{site.url}/accounts/password/reset/"
    expect(page.locator("[name=email]")).to_be_visible()


def test_paper_takes_what_is_read_alone_and_is_light(watch: Watch, site: Site) -> None:
    page = watch.page
    log_in(page, site)
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(f"{site.url}/accounts/2fa/")
    expect(page.locator("main h1")).to_be_visible()
    for pressed in (".es-nav", ".es-tool", "main .btn"):
        expect(page.locator(pressed).first).to_be_hidden()
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(20, 36, 43)"


def test_chromium_would_install_the_site(browser: Browser, windowed_chromium_path: str, site: Site) -> None:
    # The build without windows installs nothing and names no fault.
    windowed = browser.browser_type.launch(executable_path=windowed_chromium_path, args=list(ARGUMENTS))
    page = open_window(windowed, PHONE)
    log_in(page, site)
    page.goto(f"{site.url}/catalogue/")
    asked = page.context.new_cdp_session(page)
    found = asked.send("Page.getAppManifest")
    assert found["url"].endswith("/manifest-ru.webmanifest")
    assert not found["errors"]
    issues = asked.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A test's window keeps nothing, as a private one.
    assert [issue["errorId"] for issue in issues] == ["in-incognito"]
    windowed.close()


def test_every_page_is_fit_for_a_phone_in_light_and_dark(
    watch: Watch, browser: Browser, site: Site, box: Sandbox, service: PushService
) -> None:
    walk(watch, site, STRANGER)
    walk(watch, site, ERROR_PAGES.values())
    watch.forgive("the server responded with a status of")
    forget_password(watch, site)
    log_in(watch.page, site)
    walk(watch, site, EMPTY)
    fill(site, box)
    make_rule(watch, site)
    import_table(watch, site)
    walk(watch, site, FULL)
    trade_without_scripts(browser, site)
    lose_the_net(watch, site)
    use_as_app(watch, site)
    take_messages(watch, site, service)
    add_second_factor(watch, site)
    assert not watch.faults, "\n".join(watch.faults)


def test_no_page_is_forgotten() -> None:
    seen = {resolve(path.partition("?")[0]).view_name for path in FULL}
    # The pages of a photo need a photo: test_photos.py opens them at both widths.
    assert pages() - {"catalog:edit_photo", "catalog:photo_import_file"} <= seen
