"""How many goods are ready, and where each gap leads."""

import pytest
from django.test import Client
from django.urls import reverse
from model_bakery import baker

from catalog.models import ProductPhoto
from syncing.models import SyncJob
from syncing.web.presenters.readiness import readiness
from tests.web.shop import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_each_gap_leads_to_the_goods_that_have_it(owner: Client, shop: Shop) -> None:
    shop.switch_on()
    skipped = {"no_category": 11, "no_price": 4, "legal_unsure": 3, "legal_beer": 50, "filter_group": 7}
    shop.job(SyncJob.Status.SUCCESS, skipped_by_reason=skipped)
    page = owner.get(reverse("syncing:dashboard")).content.decode()
    assert "1 of 19 goods are ready" in page
    for url, text in (
        (f"{reverse('catalog:list')}?why=no_category", "11 without a VK category"),
        (f"{reverse('catalog:list')}?why=no_price", "4 without a price"),
        (f"{reverse('catalog:list')}?why=legal_unsure", "3 may be forbidden in VK"),
        (f"{reverse('catalog:list')}?show=bare_in_vk", "1 without a photo of yours"),
    ):
        # The list begins below the search, which fills a phone's screen.
        assert f'<a href="{url}#results">{text}</a>' in page
        assert owner.get(url).status_code == 200


def test_what_filters_and_the_law_leave_out_is_no_gap(shop: Shop) -> None:
    found = readiness(
        shop.user, community=shop.vk_group_id, in_vk=5, skipped={"legal_beer": 50, "filter_store": 9}
    )
    assert found is not None
    assert (found.ready, found.total) == (5, 5)


def test_photos_of_the_merchants_close_their_gap(shop: Shop) -> None:
    for product in (shop.bread, shop.milk, shop.beer):
        baker.make(ProductPhoto, user=shop.user, product=product)
    found = readiness(shop.user, community=shop.vk_group_id, in_vk=1, skipped={})
    assert found is not None
    assert found.gaps == []


def test_before_the_first_goods_nothing_is_said(shop: Shop) -> None:
    assert readiness(shop.user, community=shop.vk_group_id, in_vk=0, skipped={}) is None
