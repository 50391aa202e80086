"""Every page at 15,000 products asks the database at most 15 questions and counts nothing to the end."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from model_bakery import baker

from catalog.models import ProductPhoto
from connections.models import HealthCheckLog
from sandbox import Sandbox
from syncing.models import GoodsRule, SyncFilter, SyncJob
from tests.computing import compute_asked
from tests.web.addresses import BUTTONS, merchant_addresses, pages
from tests.web.shop import Shop

PRODUCTS = 15_000
MOST = 15
# No page but a file: one question for each table that holds something of the merchant.
MOST_FOR_ARCHIVE = 31
HTMX = {"HX-Request": "true"}


def addresses(shop: Shop) -> dict[str, list[str]]:
    """Return the addresses to be opened by the names in the URL map."""
    job = SyncJob.objects.for_user(shop.user).order_by("pk")[0]
    running = shop.job(SyncJob.Status.RUNNING)
    rule = baker.make(GoodsRule, user=shop.user, position=1, name="Чай дешевле")
    names = shop.user.product_set.order_by("name").values_list("pk", flat=True)
    listed = reverse("catalog:list")
    found = {name: [reverse(name)] for name in pages() if not merchant_addresses()[name].pattern.converters}
    return found | {
        "syncing:filters": [reverse("syncing:filters"), reverse("syncing:filters") + "?q=товар"],
        "syncing:preview": [
            reverse("syncing:preview"),
            reverse("syncing:preview") + "?q=товар&part=create&page=9",
        ],
        "syncing:history": [reverse("syncing:history"), reverse("syncing:history") + f"?before={running.pk}"],
        "syncing:job": [
            reverse("syncing:job", args=[pk]) + question
            for pk, question in ((running.pk, ""), (job.pk, ""), (job.pk, "?result=done&action=create"))
        ],
        "syncing:job_progress": [reverse("syncing:job_progress", args=[running.pk])],
        "syncing:job_csv": [reverse("syncing:job_csv", args=[job.pk])],
        "syncing:group_text": [reverse("syncing:group_text", args=[shop.food.pk])],
        "catalog:words": [reverse("catalog:words", args=[shop.bread.pk])],
        "syncing:category": [reverse("syncing:category", args=[shop.food.pk])],
        "syncing:goods_rule": [reverse("syncing:goods_rule", args=[rule.pk])],
        "syncing:rules_card": [reverse("syncing:rules_card", args=["light"])],
        "syncing:rules_categories": [reverse("syncing:rules_categories")],
        "catalog:list": [
            listed,
            f"{listed}?after={names[PRODUCTS // 2]}",
            f"{listed}?show=not_in_vk&q=товар",
            f"{listed}?why=no_price",
            f"{listed}?group={shop.food.pk}&show=no_photo",
            f"{listed}?why=ready&price_from=10&price_to=90",
            f"{listed}?show=changed",
        ],
        "catalog:counts": [reverse("catalog:counts")],
        "catalog:bulk": [reverse("catalog:bulk") + "?action=category&all=1&q=товар"],
        "catalog:product": [reverse("catalog:product", args=[shop.bread.pk])],
        "catalog:thumbnail": [reverse("catalog:thumbnail", args=[shop.bread.pk])],
        "catalog:why": [reverse("catalog:why", args=[shop.bread.pk])],
    }


def make_history(shop: Shop) -> None:
    """Add what a shop gathers in a month: runs, states of health, filters, photos."""
    shop.fill(PRODUCTS, job=shop.job())
    for hours in range(60):
        shop.job(finished_at=shop.now - timedelta(hours=hours))
    baker.make(HealthCheckLog, user=shop.user, service="vk", event="offline", detail="vk.5", _quantity=60)
    EmailAddress.objects.create(user=shop.user, email=shop.user.email, verified=True, primary=True)
    for number in range(30):
        baker.make(
            SyncFilter,
            sync_config=shop.config,
            entity_type="product",
            entity_id=f"p{number}",
            entity_name=f"Товар {number}",
            filter_mode="exclude",
        )
    baker.make(ProductPhoto, user=shop.user, group=shop.food)
    baker.make(ProductPhoto, user=shop.user, product=shop.bread, _quantity=3)


@pytest.mark.slow
# The number of questions is Django's, and the same for every database.
@pytest.mark.once
def test_no_page_and_no_part_of_a_page_asks_more_than_fifteen_questions(
    owner: Client, shop: Shop, settings: Any
) -> None:
    from django.db import connection

    make_history(shop)
    counts: dict[str, int] = {}

    def note(url: str, headers: dict[str, str], **posted: str) -> None:
        compute_asked()
        with CaptureQueriesContext(connection) as queries:
            answer = owner.post(url, posted, headers=headers) if posted else owner.get(url, headers=headers)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert answer.status_code == 200, url
        assert body
        # Savepoints stand in this test's own transaction, not on the merchant's way.
        asked = [query for query in queries if "SAVEPOINT" not in query["sql"]]
        counts[f"{url} {headers}{posted}"] = len(asked)

    with Sandbox(vk_rate=0) as box:
        settings.VK_API_URL, settings.EVOTOR_API_URL = box.vk_url, box.evotor_url
        shop.user.vk_connection.access_token = box.vk_token
        shop.user.vk_connection.group_id = box.group_id
        shop.user.vk_connection.save()
        for urls in addresses(shop).values():
            for url in urls:
                note(url, {})
        for url in ("syncing:preview", "syncing:lookalikes", "feed:goods", "catalog:check"):
            # With the result that the first look has asked for.
            note(reverse(url), {})
        for _look in range(2):
            note(reverse("syncing:readiness"), HTMX)
        for url in ("syncing:filters", "syncing:preview", "catalog:list"):
            note(reverse(url), HTMX | {"HX-Target": "results"})
        choice = {"entity_type": "group", "entity_id": "food", "mode": "exclude"}
        note(reverse("syncing:filters"), HTMX, **choice)
        note(reverse("accounts:download"), {}, press="1")
        archive_key = next(reversed(counts))
    assert counts.pop(archive_key) <= MOST_FOR_ARCHIVE
    too_many = {url: count for url, count in counts.items() if count > MOST}
    assert not too_many


def test_every_page_is_counted(shop: Shop) -> None:
    shop.job()
    assert not BUTTONS & set(pages())
