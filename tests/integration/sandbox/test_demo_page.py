"""The demo's page: a second shop to connect, and a till whose prices can be changed."""

from collections.abc import Iterator

import pytest
import requests

from sandbox import Sandbox
from sandbox.demo.page import DemoPage
from sandbox.demo.second_shop import SecondShop, add_second_shop
from sandbox.evotor.pushes import Pushes


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(vk_rate=0) as box:
        store = box.evotor.add_store("Лавка <у> реки")
        box.evotor.add_product(store.id, 'Кружка "Тула" & блюдце', price=100)
        yield box


@pytest.fixture
def shop(box: Sandbox) -> SecondShop:
    return add_second_shop(box)


@pytest.fixture
def page(box: Sandbox, shop: SecondShop) -> Iterator[DemoPage]:
    with DemoPage(box, shop, site="http://127.0.0.1:9/", mailbox="http://127.0.0.1:10/") as page:
        yield page


def get(page: DemoPage) -> str:
    return requests.get(page.url, timeout=10).text


def post(page: DemoPage, path: str, **fields: str) -> str:
    return requests.post(f"{page.url}{path}", data=fields, timeout=10).text


def test_it_shows_what_a_newcomer_types_into_the_site(page: DemoPage, shop: SecondShop) -> None:
    html = get(page)
    assert shop.evotor_token in html
    assert shop.vk_token in html
    assert shop.community in html


def test_the_second_shop_belongs_to_other_accounts_than_the_first(box: Sandbox, shop: SecondShop) -> None:
    assert shop.evotor_user_id != box.evotor.user_id
    assert shop.group_id != box.group_id
    assert box.vk.live_items(shop.group_id) == []
    assert box.vk.communities[shop.group_id].roles == {box.vk.tokens[shop.vk_token].user_id: 3}


def test_names_are_shown_as_text(page: DemoPage) -> None:
    html = get(page)
    assert "Лавка &lt;у&gt; реки" in html
    assert "Кружка &quot;Тула&quot; &amp; блюдце" in html


def test_a_price_changes_in_the_till_and_is_shown_beside_vks(page: DemoPage, box: Sandbox) -> None:
    store = next(iter(box.evotor.stores.values()))
    product = next(iter(store.products.values()))
    box.vk.create_item('Кружка "Тула" & блюдце', price_kopecks=10_000)
    html = post(page, "price", store_id=store.id, product_id=product.id, price="249,90")
    assert product.fields["price"] == 249.9
    assert "249.90" in html
    assert "100.00" in html


@pytest.mark.parametrize("price", ["", "dear", "nan", "inf", "-1"])
def test_what_is_no_price_changes_nothing(page: DemoPage, box: Sandbox, price: str) -> None:
    store = next(iter(box.evotor.stores.values()))
    product = next(iter(store.products.values()))
    html = post(page, "price", store_id=store.id, product_id=product.id, price=price)
    assert "Nothing has changed" in html
    assert product.fields["price"] == 100


def test_a_product_that_is_gone_is_named_as_such(page: DemoPage) -> None:
    assert "Nothing has changed" in post(page, "price", store_id="none", product_id="none", price="5")


def test_before_the_site_is_open_nothing_can_be_installed(page: DemoPage) -> None:
    assert "not open yet" in post(page, "install", code="ABCDEFGH23")


def test_a_site_that_does_not_answer_is_named_as_such(page: DemoPage, box: Sandbox) -> None:
    page.pushes = Pushes(box.evotor, "http://127.0.0.1:9/evotor", app_token="t")
    assert "does not answer" in post(page, "install", code="ABCDEFGH23")


def test_wrong_codes_are_refused_with_the_sites_answer(page: DemoPage, box: Sandbox) -> None:
    # VK's stand-in knows no webhooks, so it answers as a site that refuses.
    page.pushes = Pushes(box.evotor, f"{box.vk_url}/evotor", app_token="t")
    assert "Not installed. EvoSync answered 404" in post(page, "install", code="WRONG")


def test_other_addresses_are_not_found(page: DemoPage) -> None:
    assert requests.get(f"{page.url}other", timeout=10).status_code == 404


def test_a_sale_lowers_the_stock_and_is_reported_as_a_receipt(page: DemoPage, box: Sandbox) -> None:
    store = next(iter(box.evotor.stores.values()))
    product = next(iter(store.products.values()))
    told: list[tuple[str, dict[str, float]]] = []
    pushes = Pushes(box.evotor, "http://127.0.0.1:9/evotor", app_token="app")
    pushes.report_sale = lambda store_id, sold, **_kind: told.append((store_id, dict(sold)))  # type: ignore[method-assign]
    page.pushes = pushes
    html = post(page, "sell", store_id=store.id, product_id=product.id)
    assert "the till has 9" in html
    assert product.fields["quantity"] == 9
    assert told == [(store.id, {product.id: 1})]
    assert "Nothing was sold" in post(page, "sell", store_id=store.id, product_id="none")
