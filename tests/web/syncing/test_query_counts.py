"""Every page at 15,000 products asks the database at most 15 questions and counts nothing to the end."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from syncing.models import SyncJob
from tests.web.shop import Shop

PRODUCTS = 15_000
MOST = 15


@pytest.mark.slow
def test_no_page_asks_more_than_fifteen_questions(
    owner: Client, shop: Shop, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    job = shop.job()
    shop.fill(PRODUCTS, job=job)
    for n in range(60):
        shop.job(finished_at=shop.now - timedelta(hours=n))
    middle = shop.user.product_set.order_by("name").values_list("pk", flat=True)[PRODUCTS // 2]
    urls = [
        reverse("syncing:dashboard"),
        reverse("syncing:sync"),
        reverse("syncing:filters") + "?q=товар",
        reverse("syncing:rules"),
        reverse("syncing:history"),
        reverse("syncing:job", args=[job.pk]),
        reverse("syncing:job_progress", args=[shop.job(SyncJob.Status.RUNNING).pk]),
        reverse("catalog:list"),
        reverse("catalog:list") + f"?after={middle}",
        reverse("catalog:list") + "?show=not_in_vk&q=товар",
        reverse("catalog:list") + "?why=no_price",
        reverse("catalog:list") + f"?group={shop.food.pk}&show=no_photo",
        reverse("catalog:product", args=[shop.bread.pk]),
        reverse("catalog:why", args=[shop.bread.pk]),
    ]
    for url in urls:
        with django_assert_max_num_queries(MOST):
            assert owner.get(url).status_code == 200, url
