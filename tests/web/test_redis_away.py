"""While Redis is away every page of a merchant opens, and what they press is kept for when it is back."""

from datetime import timedelta
from typing import Any, NoReturn

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisAway

from syncing.choices import ComputationKind
from syncing.core.records import Category
from syncing.jobs import computations
from syncing.models import CategoryTree, SyncJob
from tests.web.shop import Shop

pytestmark = pytest.mark.once

# Nothing listens there.
NOWHERE = "redis://127.0.0.1:1/0"
PAGES = (
    "/",
    "/connections/",
    "/feed/",
    "/catalogue/",
    "/catalogue/{product}/",
    "/catalogue/{product}/why/",
    "/catalogue/bulk/?action=category&pick={product}",
    "/catalogue/check/",
    "/catalogue/photos/many/",
    "/catalogue/table/",
    "/sync/",
    "/sync/preview/",
    "/sync/filters/",
    "/sync/rules/",
    "/sync/rules/categories/",
    "/sync/goods-rules/",
    "/sync/goods-rules/new/",
    "/sync/categories/",
    "/sync/categories/{group}/",
    "/sync/categories/search/?q=[kt,",
    "/notifications/",
    "/history/",
    "/profile/",
)


@pytest.fixture(autouse=True)
def redis_is_away(shop: Shop, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take Redis away from a shop whose categories of VK have been read before."""

    def away(*_: Any, **__: Any) -> NoReturn:
        raise RedisAway("refused")

    CategoryTree.objects.create(leaves=[[3, ["Продукты питания", "Хлеб и выпечка"]]], changed_at=shop.now)
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": NOWHERE}
    }
    monkeypatch.setattr("syncing.queue.put", away)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens(owner: Client, shop: Shop, page: str) -> None:
    answer = owner.get(page.format(product=shop.bread.pk, group=shop.bakery.pk))
    assert answer.status_code == 200


def test_vks_categories_come_from_the_database(owner: Client, shop: Shop) -> None:
    answer = owner.get(reverse("syncing:category", args=[shop.bakery.pk]))
    assert answer.context["offered"] == [Category(3, ("Продукты питания", "Хлеб и выпечка"))]


def test_a_plan_that_is_asked_for_is_made_when_redis_is_back(owner: Client, shop: Shop) -> None:
    assert owner.post(reverse("syncing:plan_again")).status_code == 302

    waiting = owner.get(reverse("syncing:preview")).content.decode()
    assert "data-poll" in waiting
    found = computations.requeue_lost(timezone.now() + timedelta(minutes=10))
    assert (shop.user.pk, ComputationKind.PREVIEW) in found


def test_a_run_that_is_asked_for_waits_for_its_turn(owner: Client, shop: Shop) -> None:
    shop.config.confirmed_at = shop.now
    shop.config.save()

    answer = owner.post(reverse("syncing:run"), {"confirm": "on"}, follow=True)

    assert answer.status_code == 200
    assert SyncJob.objects.get().status == SyncJob.Status.PENDING


def test_many_goods_are_not_changed_while_that_could_not_be_taken_back(owner: Client, shop: Shop) -> None:
    address = reverse("catalog:bulk", query={"action": "category", "pick": shop.bread.pk})
    digest = owner.get(address).context["digest"]
    owner.raise_request_exception = False

    answer = owner.post(address, {"goods": digest, "category": "3"})

    assert answer.status_code == 503
    shop.config.refresh_from_db()
    assert not shop.config.category_by_product
