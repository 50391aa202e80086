"""Explaining one product: as a whole plan decides, and without reading the whole catalogue."""

import csv
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation
from model_bakery import baker
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from catalog.models import Product, Store
from syncing.core.evaluation import evaluate_all
from syncing.core.records import ProductKey
from syncing.models import SyncConfig, SyncFilter
from syncing.services.context import local_context
from syncing.services.explain import explain, verdict
from tests.web.shop import Shop, a_merchant

pytestmark = pytest.mark.django_db


def _verdicts_differ(user: User, products: list[Product]) -> list[str]:
    """Return the names of products that are judged otherwise by themselves than in a whole plan."""
    whole = evaluate_all(local_context(user))
    assert whole.desired
    assert whole.skipped
    differing = []
    for row in products:
        one, key = verdict(user, row), ProductKey(row.store.evotor_id, row.evotor_id)
        assert (key in whole.desired) != (key in whole.skipped)
        if one.desired.get(key) != whole.desired.get(key) or one.skipped.get(key) != whole.skipped.get(key):
            differing.append(row.name)
    return differing


def _real_shop(folder: Path, user: User) -> list[Product]:
    """Put the real catalogue into two stores, the second with a part of the goods at other prices."""
    file = folder / "data" / "shop-catalogue.csv"
    with file.open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    first, second = (
        baker.make(Store, user=user, evotor_id=f"s{n}", name=f"Лавка {n}", missing_since=None) for n in (1, 2)
    )
    products = []
    for number, row in enumerate(rows):
        for store in (first, second) if number % 3 == 0 else (first,):
            products.append(  # noqa: PERF401 - three nested loops are no comprehension
                Product(
                    user=user,
                    store=store,
                    evotor_id=f"{store.evotor_id}-{number}",
                    name=row["name"][:255],
                    price=Decimal(row["price"] or 0) * (1 if store is first else 2),
                    quantity=Decimal(row["quantity"] or 0),
                    # The file has codes and no barcodes; every fifth is shared with the next product.
                    barcodes=[f"460{int(row['code']) // (2 if number % 5 == 0 else 1):010}"],
                    fetched_at=store.fetched_at,
                )
            )
    Product.objects.bulk_create(products, batch_size=500)
    return list(Product.objects.for_user(user).select_related("store").order_by("pk"))


@pytest.mark.parametrize("stores", ["each", "merge"])
def test_the_real_catalogue_is_evaluated_one_by_one_as_in_a_whole_plan(
    stores: str, shared_folder: Path
) -> None:
    user = a_merchant("real@example.com")
    config = baker.make(SyncConfig, user=user, stores=stores, store_order=["s2", "s1"])
    products = _real_shop(shared_folder, user)
    baker.make(SyncFilter, sync_config=config, entity_type="product", entity_id="s2-0", filter_mode="exclude")
    assert _verdicts_differ(user, products[::7]) == []


@pytest.mark.parametrize(
    "barcodes",
    [
        (["4600000000017"], ["04600000000017"], ["4600000000017", "4600000000024"], ["4600000000024"]),
        (["2000000000015"], ["2000000000015"], ["5"], ["55"]),
        (["ЖЖ-7"], ["ЖЖ-7"], ['a"b\\c_%'], ['a"b\\c_%']),
        (["00000000"], ["00000000"], ["0"], [""]),
        (["0005"], ["5"], ["05"], ["5", "0005"]),
    ],
)
def test_merged_products_are_evaluated_one_by_one_as_in_a_whole_plan(barcodes: tuple[list[str], ...]) -> None:
    user = a_merchant("parts@example.com")
    baker.make(SyncConfig, user=user, stores="merge")
    products = []
    for number, codes in enumerate(barcodes):
        store = baker.make(Store, user=user, evotor_id=f"s{number}", missing_since=None)
        products.append(
            baker.make(
                Product,
                user=user,
                store=store,
                evotor_id=f"p{number}",
                name="Сыр",
                price=Decimal(10 + number),
                quantity=Decimal(number),
                barcodes=codes,
                allow_to_sell=True,
                missing_since=None,
            )
        )
    assert _verdicts_differ(user, products) == []


@pytest.mark.once
@pytest.mark.parametrize("stores", ["each", "merge"])
def test_the_cost_does_not_grow_with_the_catalogue(
    stores: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    shop = Shop(a_merchant("large@example.com"))
    shop.config.stores = stores
    shop.config.save()
    shop.bread.barcodes = ["4600000000017"]
    shop.bread.save()
    shop.fill(2000)
    with django_assert_max_num_queries(20):
        explain(shop.user, shop.bread)


def test_explain_tells_each_step_and_names_what_stops_the_shop() -> None:
    shop = Shop(a_merchant("anna@example.com"))
    job = shop.job("partial")
    shop.item(job, shop.bread, result="failed", error_code="vk.100", error_text="bad title")
    shop.config.is_enabled = False
    shop.config.save()
    steps = explain(shop.user, shop.bread)
    titles = [step.title for step in steps]
    assert [step.ok for step in steps] == [True, True, True, None, True, False, False]
    assert len(set(titles)) == len(titles) == 7
    assert steps[5].code == "vk.100"


@pytest.mark.once
@pytest.mark.parametrize("status", ["needs_approval", "cancelled"])
def test_what_is_planned_or_was_left_undone_has_no_tick(status: str) -> None:
    shop = Shop(a_merchant("anna@example.com"))
    shop.item(shop.job(), shop.bread, result="done")
    shop.item(shop.job(status), shop.bread, result="planned")
    with translation.override("en"):
        ticks = {step.title: step.ok for step in explain(shop.user, shop.bread)}
    assert (ticks["Last action"], ticks["Before that"]) == (None, True)


@pytest.mark.once
def test_a_filter_is_named_as_the_filter_and_a_rule_as_the_rule() -> None:
    shop = Shop(a_merchant("anna@example.com"))
    shop.config.is_enabled = True
    shop.config.save()
    assert [step.ok for step in explain(shop.user, shop.beer)] == [True, True, False, None]
    baker.make(
        SyncFilter, sync_config=shop.config, entity_type="group", entity_id="food", filter_mode="exclude"
    )
    assert [step.ok for step in explain(shop.user, shop.milk)] == [True, False, None]


def test_page_and_command_tell_the_same(client: Client) -> None:
    shop = Shop(a_merchant("anna@example.com"))
    client.force_login(shop.user)
    page = client.get(reverse("catalog:why", args=[shop.beer.pk])).content.decode()
    output = StringIO()
    call_command("explain", shop.user.email, shop.beer.evotor_id, stdout=output)
    for step in explain(shop.user, shop.beer):
        assert step.text in output.getvalue()
        assert step.title in page


@pytest.mark.once
def test_the_command_names_the_code_of_an_error_for_operators(shop: Shop) -> None:
    shop.item(shop.job(), shop.bread, result="failed", error_code="vk.1405")
    output = StringIO()
    call_command("explain", shop.user.email, shop.bread.evotor_id, stdout=output)
    assert "(vk.1405)" in output.getvalue()
