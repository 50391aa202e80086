"""The history of a product: what was sent, by which run and rule, what VK answered, and the lines."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from syncing.models import SyncJobItem
from syncing.web.presenters.product_history import PER_PAGE, charts, history_page
from tests.web.shop import Shop

pytestmark = pytest.mark.django_db


def sent(shop: Shop, days_ago: int, *, result: str = "done", **changes: list[object]) -> SyncJobItem:
    """Keep a run that sent these values of the milk."""
    item = shop.item(shop.job(), shop.milk, action="update", result=result, changes=changes)
    SyncJobItem.objects.filter(pk=item.pk).update(updated_at=timezone.now() - timedelta(days=days_ago))
    return item


def page_of(shop: Shop, client: Client, query: str = "") -> str:
    answer = client.get(reverse("catalog:product_history", args=[shop.milk.pk]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_shows_value_run_rule_and_answer(shop: Shop, owner: Client) -> None:
    item = sent(shop, 1, price_kopecks=[10_000, 9_000])
    SyncJobItem.objects.filter(pk=item.pk).update(rules={"price_kopecks": "Молоко дешевле"})
    refused = sent(shop, 0, result="failed", title=["Молоко", "Молоко 1 л"])
    SyncJobItem.objects.filter(pk=refused.pk).update(error_code="vk.100", error_text="name is too short")
    page = page_of(shop, owner)
    assert "Молоко дешевле" in page
    assert reverse("syncing:job", args=[item.job_id]) in page
    assert "es-text-bad" in page
    assert "name is too short" in page


@pytest.mark.once
def test_the_lines_are_of_what_vk_took(shop: Shop) -> None:
    sent(shop, 3, price_kopecks=[None, 10_000], stock=[None, 5])
    sent(shop, 2, price_kopecks=[10_000, 12_000], result="failed")
    sent(shop, 1, price_kopecks=[10_000, 9_000], stock=[5, 5])
    [price] = charts(shop.milk, now=timezone.now())
    assert [value for _at, value in price.values] == ["90\N{NO-BREAK SPACE}₽", "100\N{NO-BREAK SPACE}₽"]
    assert price.points == "0.0,4.0 200.0,4.0 200.0,56.0 300,56.0"
    assert (price.dots, price.last) == ([(0.0, 4.0), (200.0, 56.0)], "90\N{NO-BREAK SPACE}₽")


@pytest.mark.once
def test_unlimited_stock_is_no_point_of_the_line(shop: Shop) -> None:
    for days_ago, stock in ((3, -1), (2, 7), (1, 2)):
        sent(shop, days_ago, stock=[None, stock])
    [chart] = charts(shop.milk, now=timezone.now())
    assert [value for _at, value in chart.values] == ["2", "7"]


@pytest.mark.once
@pytest.mark.parametrize("stocks", [[], [5], [5, 5]])
def test_a_value_that_never_changed_has_no_line(shop: Shop, stocks: list[int]) -> None:
    for number, stock in enumerate(stocks):
        sent(shop, number, stock=[None, stock])
    assert charts(shop.milk, now=timezone.now()) == []


def test_a_long_history_is_paged(shop: Shop, owner: Client) -> None:
    items = [sent(shop, 0, stock=[number, number + 1]) for number in range(PER_PAGE + 1)]
    first = history_page(shop.milk)
    assert len(first.lines) == PER_PAGE
    assert first.older == items[1].pk
    rest = history_page(shop.milk, before=first.older)
    assert [line.item for line in rest.lines] == [items[0]]
    assert f"?before={items[1].pk}" in page_of(shop, owner)
    assert "polyline" not in page_of(shop, owner, f"?before={items[1].pk}")
