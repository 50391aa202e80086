"""Names come from the till and from VK; whatever stands in them is shown as text and never run."""

import re
from typing import Any

import pytest
from django.test import Client
from model_bakery import baker

from accounts.models import User
from catalog.models import Product, ProductGroup, Store
from connections.models import VkConnection
from syncing.models import SyncJob, SyncJobItem
from tests.web.shop import Shop, a_merchant

pytestmark = pytest.mark.django_db

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
# What a browser would take for a tag or an attribute of its own.
RUN = re.compile(r"<script>alert|<img src=x|javascript:alert", re.IGNORECASE)


@pytest.fixture
def shop() -> Shop:
    """A shop in which every name that others choose is an attack."""
    shop = Shop(a_merchant("owner@example.com"))
    for model in (Product, ProductGroup, Store):
        model._base_manager.update(name=EVIL)
    Product.objects.update(description=EVIL, article_number=EVIL[:64], barcodes=[EVIL])
    VkConnection.objects.update(group_name=EVIL)
    User.objects.filter(pk=shop.user.pk).update(first_name=EVIL, last_name=EVIL)
    shop.listing.last_error_text = EVIL
    shop.listing.save()
    job = baker.make(SyncJob, user=shop.user, status="partial", active_key=None, error_detail=EVIL)
    baker.make(
        SyncJobItem,
        job=job,
        product=shop.bread,
        product_name=EVIL,
        changes={"title": [EVIL, EVIL]},
        result="failed",
        error_text=EVIL,
        store_evotor_id="s",
        product_evotor_id="p",
    )
    return shop


def pages(shop: Shop) -> list[str]:
    job = SyncJob.objects.get()
    return [
        "/",
        "/sync/",
        "/sync/filters/",
        f"/sync/filters/?q={EVIL[:20]}",
        "/sync/rules/",
        "/history/",
        f"/history/{job.pk}/",
        "/catalogue/",
        f"/catalogue/?q={EVIL[:20]}",
        f"/catalogue/{shop.bread.pk}/",
        "/catalogue/photos/",
        "/connections/",
        "/profile/",
    ]


STAFF_PAGES = (
    "/admin/catalog/product/",
    "/admin/catalog/product/{bread}/change/",
    "/admin/syncing/syncjobitem/",
    "/admin/syncing/listing/",
    "/admin/accounts/user/",
    "/admin/accounts/user/{user}/change/",
)


def test_names_that_look_like_html_stay_text_on_the_merchants_pages(client: Client, shop: Shop) -> None:
    client.force_login(shop.user)
    shown = 0
    for path in pages(shop):
        answer = client.get(path, secure=True)
        assert answer.status_code == 200, path
        text = answer.content.decode()
        assert not RUN.search(text), path
        shown += "&lt;script&gt;" in text
    assert shown >= 7


def test_names_that_look_like_html_stay_text_for_staff(client: Client, shop: Shop, settings: Any) -> None:
    settings.ADMIN_REQUIRES_MFA = False
    client.force_login(User.objects.create_superuser("staff@example.com", "a long passphrase"))
    shown = 0
    for path in STAFF_PAGES:
        answer = client.get(path.format(bread=shop.bread.pk, user=shop.user.pk), secure=True)
        assert answer.status_code == 200, path
        text = answer.content.decode()
        assert not RUN.search(text), path
        shown += "&lt;script&gt;" in text
    assert shown >= 4


@pytest.mark.once
def test_a_page_runs_no_script_of_its_own_text(client: Client) -> None:
    policy = client.get("/accounts/login/", secure=True).headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "default-src 'self'" in policy
    assert "script-src" not in policy
