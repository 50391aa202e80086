"""Every page asks the database at most 15 questions, however many products a shop has.

A shop of few goods and one of more than any page reads at once show it: both are asked as often. Fifteen
thousand are opened by `bench.pages`.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from model_bakery import baker

from catalog.models import PhotoImport, PhotoImportFile, Product, ProductPhoto
from catalog.photos.placeholders import placeholder
from catalog.photos.services import add_photo
from connections.models import HealthCheckLog
from sandbox import Sandbox
from syncing.choices import ChannelKind
from syncing.models import (
    GoodsRule,
    HeldPrice,
    SyncFilter,
    SyncJob,
    SyncJobItem,
    TableImport,
    TableImportLine,
)
from syncing.services import decision_links, price_links
from syncing.services.held_prices import waiting
from syncing.services.shelf_link import issue_link
from tests.computing import compute_asked
from tests.web.addresses import BUTTONS, OPEN, PARTS, merchant_addresses, pages
from tests.web.shop import Shop

# Pages and what a worker computes for them read up to 2,000 rows at once.
FEW, MANY = 60, 2_500
MOST = 15
# No page but a file: one question for each table that holds something of the merchant.
MOST_FOR_ARCHIVE = 31
ARCHIVE = "accounts:download"
# Many goods are written as a table by a worker: what it has written, and whether it is at it.
MORE_FOR_MANY = {"catalog:table 0": 2}
HTMX = {"HX-Request": "true"}
SITE = "https://evosync.example"
# Files that a worker has written, or that are no merchant's, and ways back from VK and Evotor.
COUNTED_ELSEWHERE = {
    "accounts:language",
    "catalog:table_csv",
    "catalog:table_xlsx",
    "evotor_oauth:callback",
    "feed:file",
    "feed:picture",
    "feed:reader_file",
    "feed:reader_refusals",
    "manifest",
    "offline",
    "service_worker",
    "syncing:goods_rule_tried",
    "vk_id:callback",
}
# Opened below as the page that holds them opens them.
PARTS_OF_PAGES = {"feed:goods", "syncing:readiness"}


def addresses(shop: Shop) -> dict[str, list[str]]:
    """Return the addresses to be opened by the names in the URL map."""
    job = SyncJob.objects.for_user(shop.user).order_by("pk")[0]
    running = shop.job(SyncJob.Status.RUNNING)
    rule = baker.make(GoodsRule, user=shop.user, position=1, name="Чай дешевле")
    names = list(shop.user.product_set.order_by("name").values_list("pk", flat=True))
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
            f"{listed}?after={names[len(names) // 2]}",
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
        "catalog:product_history": [reverse("catalog:product_history", args=[shop.bread.pk])],
        "syncing:undo": [reverse("syncing:undo", args=[job.pk])],
        "feed:reader": [reverse("feed:reader", args=[kind]) for kind in ("vk-ads", "avito")],
        "syncing:category_search": [reverse("syncing:category_search") + "?q=посуда"],
        **addresses_of_rows(shop, job),
        **secret_addresses(shop),
    }


def addresses_of_rows(shop: Shop, job: SyncJob) -> dict[str, list[str]]:
    """Return the addresses of what a shop has only a few of: photos, an import of them, a table."""
    photo = add_photo(shop.milk, jpeg=placeholder("Молоко", "Еда"))
    sent = baker.make(PhotoImport, user=shop.user, state="open", changed_at=shop.now)
    file = baker.make(PhotoImportFile, photo_import=sent, name="1.jpg", state="ready", file=photo.file.name)
    table = baker.make(TableImport, user=shop.user, file_name="goods.csv", state="ready")
    lines = SyncJobItem.objects.filter(job=job).values_list("product", "product_name")
    TableImportLine.objects.bulk_create(
        TableImportLine(
            table=table, number=n, kind="changed", product_id=pk, name=name, changes={"title": ["", "x"]}
        )
        for n, (pk, name) in enumerate(lines)
    )
    return {
        "catalog:edit_photo": [reverse("catalog:edit_photo", args=[photo.pk])],
        "catalog:photo": [reverse("catalog:photo", args=[photo.pk])],
        "catalog:photo_import_file": [reverse("catalog:photo_import_file", args=[file.pk])],
        "catalog:photo_import_preview": [reverse("catalog:photo_import_preview", args=[file.pk])],
        "catalog:table_import": [
            reverse("catalog:table_import", args=[table.pk]) + question
            for question in ("", "?q=товар", "?after=9000")
        ],
    }


def secret_addresses(shop: Shop) -> dict[str, list[str]]:
    """Return the addresses that open without a login: the photo queue, a held plan and held prices."""
    token = issue_link(shop.user).token
    held = shop.job(
        SyncJob.Status.NEEDS_APPROVAL, plan_hash="0" * 64, questions=[["many_prices", 9_000, 15_000]]
    )
    names = Product.objects.for_user(shop.user).values_list("pk", "name")
    SyncJobItem.objects.bulk_create(
        SyncJobItem(
            job=held, product_id=pk, product_name=name, action="update", changes={"price_kopecks": [1, 2]}
        )
        for pk, name in names
    )
    baker.make(
        HeldPrice,
        user=shop.user,
        product=shop.milk,
        old_kopecks=1,
        new_kopecks=9,
        cause="tenfold",
        verdict="waiting",
    )
    plan = decision_links.address_of(held, ChannelKind.TELEGRAM)
    prices = price_links.address_of(shop.user, waiting(shop.user), ChannelKind.TELEGRAM)
    return {
        "shelf:queue": [reverse("shelf:queue", args=[token])],
        "shelf:product": [reverse("shelf:product", args=[token, shop.milk.pk])],
        "shelf:thumbnail": [reverse("shelf:thumbnail", args=[token, shop.milk.pk])],
        "catalog:shelf_code": [reverse("catalog:shelf_code")],
        "syncing:decide": [plan.removeprefix(SITE)],
        "syncing:decide_prices": [prices.removeprefix(SITE)],
    }


def make_history(shop: Shop, goods: int) -> None:
    """Add what a shop gathers in a month: runs, states of health, filters, photos."""
    shop.fill(goods, job=shop.job())
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


def questions(shop: Shop, goods: int, settings: Any) -> dict[str, int]:
    """Return how often each page and each part of one asks the database in a shop with so many goods."""
    from django.db import connection

    make_history(shop, goods)
    owner = Client(headers={"accept-language": "en"})
    owner.force_login(shop.user)
    counts: dict[str, int] = {}

    def note(opened: str, url: str, headers: dict[str, str], **posted: str) -> None:
        compute_asked()
        with CaptureQueriesContext(connection) as queries:
            answer = owner.post(url, posted, headers=headers) if posted else owner.get(url, headers=headers)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert answer.status_code == 200, url
        assert body
        # Savepoints stand in this test's own transaction, not on the merchant's way.
        counts[opened] = len([query for query in queries if "SAVEPOINT" not in query["sql"]])

    with Sandbox(vk_rate=0) as box:
        settings.VK_API_URL, settings.EVOTOR_API_URL = box.vk_url, box.evotor_url
        shop.user.vk_connection.access_token = box.vk_token
        shop.user.vk_connection.group_id = box.group_id
        shop.user.vk_connection.save()
        for name, urls in addresses(shop).items():
            for number, url in enumerate(urls):
                note(f"{name} {number}", url, {})
        for name in ("syncing:preview", "syncing:lookalikes", "feed:goods", "catalog:check"):
            # With the result that the first look has asked for.
            note(f"{name} with its result", reverse(name), {})
        for look in ("first", "second"):
            note(f"syncing:readiness, {look} look", reverse("syncing:readiness"), HTMX)
        for name in ("syncing:filters", "syncing:preview", "catalog:list"):
            note(f"{name}, results alone", reverse(name), HTMX | {"HX-Target": "results"})
        choice = {"entity_type": "group", "entity_id": "food", "mode": "exclude"}
        note("syncing:filters, a choice", reverse("syncing:filters"), HTMX, **choice)
        note(ARCHIVE, reverse("accounts:download"), {}, press="1")
    return counts


@pytest.mark.slow
# The number of questions is Django's, and the same for every database.
@pytest.mark.once
def test_no_page_and_no_part_of_a_page_asks_more_than_fifteen_questions_or_more_for_more_goods(
    shop: Shop, other_shop: Shop, settings: Any, tmp_path: Path
) -> None:
    settings.SITE_URL, settings.MEDIA_ROOT = SITE, tmp_path
    few = questions(other_shop, FEW, settings)
    many = questions(shop, MANY, settings)
    more = {page: count - few[page] for page, count in many.items() if count > few[page]}
    assert more == MORE_FOR_MANY
    assert many.pop(ARCHIVE) <= MOST_FOR_ARCHIVE
    assert {page: count for page, count in many.items() if count > MOST} == {}


def test_every_page_is_counted(shop: Shop, settings: Any, tmp_path: Path) -> None:
    settings.SITE_URL, settings.MEDIA_ROOT = SITE, tmp_path
    shop.job()
    assert not BUTTONS & set(pages())
    assert (pages() | PARTS | OPEN) - COUNTED_ELSEWHERE - PARTS_OF_PAGES == set(addresses(shop))
