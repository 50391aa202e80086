"""A wrong token on a phone: one sentence, in sight, beside its field."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox import Sandbox
from tests.e2e.screenshots import EMAIL, PASSWORD, log_in
from tests.e2e.site import Site
from tests.e2e.watching import PHONE
from tests.e2e.window import HEIGHT, follow, open_window

pytestmark = pytest.mark.browser

# The menu at the bottom of a phone lies over the page.
MENU = 60
IN_SIGHT = """([place, lowest]) => {
  const box = document.querySelector(place).getBoundingClientRect();
  return box.height && box.top >= 0 && box.bottom <= lowest;
}"""
# A merchant who needs larger letters.
LARGER = "document.documentElement.style.fontSize = '200%'"


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(vk_rate=0) as box:
        box.evotor.add_product(box.evotor.add_store("Лавка").id, "Чай")
        yield box


@pytest.fixture(params=["app", "no app"])
def site(request: pytest.FixtureRequest, box: Sandbox) -> Iterator[Site]:
    """Serve a merchant whose till is connected, with the operator's VK app or without one."""
    app = box.vk_app.client_id if request.param == "app" else ""
    with Site(box, VK_CLIENT_ID=app, EVOTOR_TOKEN=box.evotor_token) as site:
        site.manage_all(["create_merchant", EMAIL], ["connect_evotor", EMAIL], typed=f"{PASSWORD}\n")
        yield site


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    page = open_window(browser, PHONE)
    log_in(page, site)
    yield page
    page.close()


def test_a_wrong_token_is_one_sentence_in_sight(page: Page, site: Site, box: Sandbox) -> None:
    has_app = site.environment["VK_CLIENT_ID"]
    page.goto(site.url + ("/connections/other/" if has_app else "/connections/start/"))
    page.fill("#id_vk-token", "vk1.a.wrong")
    page.fill("#id_vk-community", "tea_shop")
    follow(page.locator("#vk-form button[type=submit]"))
    error = page.locator("#vk-form .es-error")
    expect(error).to_have_count(1)
    expect(error).to_contain_text("VK не знает этого токена")
    # The page scrolls there a moment after it has been drawn.
    page.wait_for_function(IN_SIGHT, arg=["#vk-form .es-error", HEIGHT - MENU])
    assert page.locator("main .es-mark-bad").count() == 0
    assert page.locator("main .es-note-bad").count() == 0
    page.evaluate(LARGER)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


def test_a_form_says_whom_it_asks_while_it_waits_for_the_answer(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/connections/other/")
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
    for name, service in {"evotor-form": "Эвоторе", "vk-form": "VK"}.items():
        form = page.locator(f"#{name}")
        asking = form.get_by_role("status")
        expect(asking).to_have_count(0)
        # It waits for ever: nothing is sent.
        form.evaluate("""form => { form.noValidate = true;
          form.addEventListener("submit", event => event.preventDefault()); }""")
        form.locator("button[type=submit]").click()
        expect(asking).to_be_visible()
        expect(asking).to_contain_text(f"Смотрим в {service}")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
