"""Questions about the catalogue find what they say."""

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from catalog.models import Product, Store
from tests.integration.catalog.conftest import Refresh
from tests.unit.catalog.till import OTHER, STORE, FakeTill, product

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _catalogue(till: FakeTill, refresh: Refresh) -> None:
    till.products[STORE] = [
        product("tea", name="Чай «ТАЁЖНЫЙ» 50%", article_number="TEA-50", parent_id="drinks"),
        product("milk", name="Молоко_1 л", barcodes=("4600000000017",), parent_id="food"),
    ]
    till.products[OTHER] = [product("tea", name="Кофе")]
    refresh()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("таежный", {"tea"}),
        ("ТАЁЖНЫЙ чай", {"tea"}),
        ("чай молоко", set()),
        ("4600000", {"milk"}),
        ("tea-50", {"tea"}),
        ("50%", {"tea"}),
        ("%", {"tea"}),
        ("_", {"milk"}),
        ("'; --", set()),
        ("  ", {"tea", "milk"}),
    ],
)
def test_search_finds_every_word_in_any_case(text: str, found: set[str]) -> None:
    rows = Product.objects.in_store(Store.objects.get(evotor_id=STORE)).search(text)
    assert set(rows.values_list("evotor_id", flat=True)) == found


def test_ids_are_found_with_their_stores(owner: User) -> None:
    found = {(store, key) for _, store, key in Product.objects.for_user(owner).with_evotor_ids({"tea"})}
    assert found == {(STORE, "tea"), (OTHER, "tea")}


def test_thousands_of_ids_are_found_in_few_queries(
    owner: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ids = {f"unknown-{number}" for number in range(2000)} | {"milk"}
    with django_assert_num_queries(3):
        found = list(Product.objects.for_user(owner).with_evotor_ids(ids))
    assert len(found) == 1
