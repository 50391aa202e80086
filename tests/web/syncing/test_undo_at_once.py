"""Runs that are undone in two tabs in one moment: each once and whole, and none overwrites the other."""

from functools import partial
from typing import Any

import pytest
from django.urls import reverse

from catalog.models import Product
from syncing.models import SyncJob, SyncJobItem, UndoneChange
from tests.web.at_once import Press, at_once, tab
from tests.web.shop import Shop

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.mariadb]

GOODS, ROUNDS = 30, 4


@pytest.fixture
def goods(shop: Shop) -> list[Product]:
    return [shop.product(f"cup-{n}", f"Кружка {n}", group="food") for n in range(GOODS)]


def a_run(shop: Shop, goods: list[Product], **changes: list[object]) -> SyncJob:
    job = shop.job()
    for product in goods:
        shop.item(job, product, action="update", result="done", changes=changes)
    return job


def undoing(shop: Shop, job: SyncJob) -> Press:
    return partial(tab(shop).post, reverse("syncing:undo", args=[job.pk]), follow=True)


def kept() -> list[dict[str, Any]]:
    return list(UndoneChange.objects.order_by("product_id").values_list("kept", flat=True))


def test_two_runs_over_the_same_goods_are_both_undone(shop: Shop, goods: list[Product]) -> None:
    for _round in range(ROUNDS):
        prices = a_run(shop, goods, price_kopecks=[10_000, 12_000])
        stocks = a_run(shop, goods[::-1], title=["Old", "New"])
        pages = at_once([undoing(shop, prices), undoing(shop, stocks)])
        assert all(f"{GOODS} products are put back" in page for page in pages)
        assert kept() == [{"price_kopecks": 10_000, "title": "Old"}] * GOODS
        assert not SyncJobItem.objects.filter(undone_at=None).exists()
        UndoneChange.objects.all().delete()


def test_a_run_that_is_undone_four_times_at_once_is_undone_once(shop: Shop, goods: list[Product]) -> None:
    for _round in range(ROUNDS):
        job = a_run(shop, goods, price_kopecks=[10_000, 12_000])
        pages = at_once([undoing(shop, job) for _tab in range(4)])
        assert sum(f"{GOODS} products are put back" in page for page in pages) == 1
        assert sum("Nothing of this run is left to be undone" in page for page in pages) == 3
        assert kept() == [{"price_kopecks": 10_000}] * GOODS
        UndoneChange.objects.all().delete()


def test_an_undo_and_the_till_s_word_in_one_moment_leave_all_or_nothing(
    shop: Shop, goods: list[Product]
) -> None:
    for _round in range(ROUNDS):
        undoing(shop, a_run(shop, goods, title=["Old", "New"]))()
        job = a_run(shop, goods, price_kopecks=[10_000, 12_000])
        release = partial(tab(shop).post, reverse("syncing:undone_release"), follow=True)
        said, released = at_once([undoing(shop, job), release])
        assert f"{GOODS} products are put back" in said
        assert "The till decides again" in released
        assert kept() in ([], [{"price_kopecks": 10_000}] * GOODS)
        UndoneChange.objects.all().delete()
