"""The refresh against the sandbox: real HTTP, real pages, real faults."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import User
from catalog.ingest.refresh import refresh_catalog
from catalog.ingest.report import RefreshSummary
from catalog.models import Product, ProductGroup, Store
from connections.clients.errors import AuthRevoked
from connections.clients.evotor.client import EvotorClient
from sandbox import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)


def read(box: Sandbox, user: User) -> RefreshSummary:
    client = EvotorClient(base_url=box.evotor_url, token=box.evotor_token, sleep=lambda _: None)
    return refresh_catalog(user, client=client, now=timezone.now())


@pytest.fixture
def shop(sandbox: Sandbox) -> str:
    """Return the id of a store with 25 products, read ten a page."""
    sandbox.evotor.rules.page_size = 10
    store = sandbox.evotor.add_store("Чайная лавка")
    group = sandbox.evotor.add_group(store.id, "Чай")
    for number in range(25):
        sandbox.evotor.add_product(
            store.id, f"Чай {number}", parent_id=group.id, price=100 + number, quantity=5
        )
    return store.id


@pytest.mark.once
def test_three_pages_are_read(sandbox: Sandbox, owner: User, shop: str) -> None:
    summary = read(sandbox, owner)
    assert (summary.added, summary.complete, summary.requests) == (25, True, 5)
    assert ProductGroup.objects.get().name == "Чай"


def test_null_absent_and_empty_are_all_unknown(sandbox: Sandbox, owner: User) -> None:
    store = sandbox.evotor.add_store("Лавка")
    for product_id, quantity in (("null", {"quantity": None}), ("absent", {}), ("empty", {"quantity": ""})):
        sandbox.evotor.add_sparse_product(
            store.id, product_id, name="Ремонт", type="SERVICE", price=500, **quantity
        )
    sandbox.evotor.add_sparse_product(store.id, "text", name="Сыр", price="85.52", quantity="0.000")
    read(sandbox, owner)
    rows = dict(Product.objects.values_list("evotor_id", "quantity"))
    assert rows == {"null": None, "absent": None, "empty": None, "text": Decimal(0)}
    assert Product.objects.get(evotor_id="text").price == Decimal("85.52")


def test_prices_keep_every_digit_of_the_till(sandbox: Sandbox, owner: User) -> None:
    store = sandbox.evotor.add_store("Лавка")
    sandbox.evotor.add_product(store.id, "Сыр", price=130.727272727)
    read(sandbox, owner)
    assert Product.objects.get().price == Decimal("130.727272727")


@pytest.mark.once
@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("error", {"status": 500, "times": 9}),
        ("repeat_cursor", {"times": 9}),
        ("bad_json", {"times": 9}),
        ("truncated", {"times": 9}),
        ("cut", {"times": 9}),
        ("http", {"status": 502, "times": 9}),
    ],
)
def test_a_broken_second_page_changes_nothing(
    sandbox: Sandbox, owner: User, shop: str, kind: str, more: dict[str, int]
) -> None:
    read(sandbox, owner)
    before = list(Product.objects.order_by("pk").values_list())
    for product_id in list(sandbox.evotor.stores[shop].products)[:12]:
        sandbox.evotor.delete_product(shop, product_id)
    sandbox.evotor.fault(kind, method="products", nth=2, **more)
    summary = read(sandbox, owner)
    assert (summary.complete, summary.size) == (False, 25)
    assert list(Product.objects.order_by("pk").values_list()) == before
    assert Store.objects.get().problem.startswith("evotor.")


@pytest.mark.once
def test_an_empty_page_in_the_middle_is_no_end(sandbox: Sandbox, owner: User, shop: str) -> None:
    sandbox.evotor.fault("empty_page", method="products", nth=2)
    assert read(sandbox, owner).size == 25


@pytest.mark.once
def test_a_shifted_page_loses_nothing_that_we_had(sandbox: Sandbox, owner: User, shop: str) -> None:
    read(sandbox, owner)
    sandbox.evotor.fault("shift", method="products", nth=2)
    summary = read(sandbox, owner)
    assert (summary.complete, summary.missing, summary.size) == (True, 0, 25)
    assert sandbox.evotor.counts()["product"] == 1


@pytest.mark.once
def test_a_revoked_token_changes_nothing(sandbox: Sandbox, owner: User, shop: str) -> None:
    read(sandbox, owner)
    old = sandbox.evotor_token
    sandbox.evotor.rotate_token()
    client = EvotorClient(base_url=sandbox.evotor_url, token=old)
    with pytest.raises(AuthRevoked):
        refresh_catalog(owner, client=client, now=timezone.now())
    assert Product.objects.present().count() == 25


@pytest.mark.once
def test_a_store_off_its_terminals_is_set_aside(sandbox: Sandbox, owner: User, shop: str) -> None:
    other = sandbox.evotor.add_store("Вторая")
    sandbox.evotor.add_product(other.id, "Кофе")
    sandbox.evotor.stores[shop].on_terminals = False
    summary = read(sandbox, owner)
    assert (summary.complete_stores, summary.size) == (frozenset({other.id}), 1)
    assert Store.objects.get(evotor_id=shop).problem == "not_installed"


def test_a_reimport_is_seen_as_it_is(sandbox: Sandbox, owner: User, shop: str) -> None:
    read(sandbox, owner)
    sandbox.evotor.reimport(shop)
    summary = read(sandbox, owner)
    assert (summary.added, summary.missing, summary.size) == (25, 25, 25)


def test_time_moves_on_for_every_row_that_was_seen(sandbox: Sandbox, owner: User, shop: str) -> None:
    read(sandbox, owner)
    Product.objects.update(fetched_at=timezone.now() - timedelta(days=2))
    Store.objects.update(goods_seen_at=timezone.now() - timedelta(days=2))
    read(sandbox, owner)
    rows = Product.objects.select_related("store")
    assert min(row.last_seen(row.store.goods_seen_at) for row in rows) > timezone.now() - timedelta(minutes=5)
