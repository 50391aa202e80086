"""Who of the staff reads of a merchant's goods in the admin stands in the merchant's own list of events."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.db.models import F
from django.test import Client
from django.urls import reverse

from accounts.admin_tools import GoodsAdmin
from accounts.choices import SecurityEventKind
from accounts.models import SecurityEvent, User
from catalog.models import PhotoImport, PhotoImportFile, Product, ProductGroup, ProductPhoto, Store
from syncing.models import Album, Listing, RestrictedDecision, SyncJob, SyncJobItem, TableImportLine
from tests.web.shop import Shop, a_merchant

pytestmark = pytest.mark.django_db

GOODS = {
    *(Album, Listing, Product, ProductGroup, ProductPhoto, RestrictedDecision, Store, SyncJob, SyncJobItem),
    *(PhotoImport, PhotoImportFile, TableImportLine),
}


def readings(user: User) -> list[tuple[str, int]]:
    """Return who has read, and how many pages."""
    rows = SecurityEvent.objects.for_user(user).filter(kind=SecurityEventKind.SUPPORT_READ)
    return list(rows.values_list("detail", "times"))


def page_of(row: object) -> str:
    return reverse(f"admin:catalog_{type(row).__name__.lower()}_change", args=[row.pk])  # type: ignore[attr-defined]


def test_every_table_of_goods_is_watched() -> None:
    watched = {model for model, page in admin.site._registry.items() if isinstance(page, GoodsAdmin)}
    assert watched == GOODS


@pytest.mark.once
@pytest.mark.parametrize("model", sorted(GOODS, key=str), ids=lambda model: model.__name__)
@pytest.mark.usefixtures("secrets")
def test_a_list_and_a_row_of_goods_are_recorded(model: type[Product], as_support: Client, shop: Shop) -> None:
    row = model._default_manager.first()
    assert row is not None
    opts = model._meta
    as_support.get(reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist"))
    (who, pages), *others = readings(shop.user)
    assert (who, pages, others) == ("support@example.com", 1, [])
    as_support.get(reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk]))
    assert readings(shop.user) == [(who, 2)]


def test_only_the_merchants_whose_rows_were_shown_are_told(as_support: Client, shop: Shop) -> None:
    other = Shop(a_merchant("other@example.com"), vk_group_id=7_000_001)
    as_support.get(reverse("admin:catalog_product_changelist"), {"user__id__exact": shop.user.pk})
    as_support.get(reverse("admin:catalog_product_changelist"), {"user__id__exact": other.user.pk})
    as_support.get(page_of(other.bread))
    assert [pages for _who, pages in readings(shop.user)] == [1]
    assert [pages for _who, pages in readings(other.user)] == [2]


def test_each_day_and_each_person_has_a_row(as_support: Client, as_superuser: Client, shop: Shop) -> None:
    as_support.get(page_of(shop.bread))
    SecurityEvent.objects.update(created_at=F("created_at") - timedelta(days=1))
    as_support.get(page_of(shop.bread))
    as_superuser.get(page_of(shop.bread))
    assert len({who for who, _pages in readings(shop.user)}) == 2
    assert len(readings(shop.user)) == 3


def test_what_was_not_shown_is_not_recorded(client: Client, as_support: Client, shop: Shop) -> None:
    client.get(page_of(shop.bread))
    as_support.get(reverse("admin:catalog_product_changelist"), {"user__id__exact": 0})
    as_support.get(reverse("admin:catalog_product_change", args=[10**9]))
    assert readings(shop.user) == []


def test_the_merchant_sees_it_among_their_events(as_support: Client, shop: Shop) -> None:
    as_support.get(page_of(shop.bread))
    browser = Client()
    browser.force_login(shop.user)
    page = browser.get("/profile/security/").content.decode()
    assert "Поддержка смотрела сведения о ваших товарах" in page
    assert "support@example.com" in page
