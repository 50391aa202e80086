"""The buttons on a product's page that give fields back to the till."""

import pytest
from django.test import Client
from django.urls import reverse

from syncing.models import SyncJob
from tests.web.shop import Shop


@pytest.fixture
def url(shop: Shop) -> str:
    """Return the address of the buttons of a product whose name and text the merchant changed in VK."""
    shop.listing.merchant_fields = ["description", "title"]
    shop.listing.save()
    return reverse("catalog:give_back", args=[shop.bread.pk])


def _page(owner: Client, shop: Shop) -> str:
    return owner.get(reverse("catalog:product", args=[shop.bread.pk])).content.decode()


def test_the_page_has_a_button_for_each_field_and_one_for_all(owner: Client, shop: Shop, url: str) -> None:
    html = _page(owner, shop)
    for words in ("leaves it as you made it: description, name", "Give back: name", "Give all back"):
        assert words in html
    assert html.count(url) == 3


def test_a_product_that_he_never_touched_in_vk_has_none(owner: Client, shop: Shop) -> None:
    assert "ive back" not in _page(owner, shop)


def test_one_field_is_given_back(owner: Client, shop: Shop, url: str) -> None:
    answer = owner.post(url, {"field": "title"}, follow=True)
    assert "The next run writes the till" in answer.content.decode()
    shop.listing.refresh_from_db()
    assert shop.listing.merchant_fields == ["description"]
    assert shop.listing.sent["title"] is None
    assert ">None<" not in answer.content.decode()


def test_all_fields_are_given_back(owner: Client, shop: Shop, url: str) -> None:
    owner.post(url)
    shop.listing.refresh_from_db()
    assert shop.listing.merchant_fields == []


def test_a_field_that_is_not_his_changes_nothing_and_says_so(owner: Client, shop: Shop, url: str) -> None:
    answer = owner.post(url, {"field": "stock"}, follow=True)
    assert "The till already decides" in answer.content.decode()
    shop.listing.refresh_from_db()
    assert shop.listing.merchant_fields == ["description", "title"]


def test_while_a_run_writes_the_page_says_to_wait(owner: Client, shop: Shop, url: str) -> None:
    shop.job(SyncJob.Status.RUNNING)
    answer = owner.post(url, follow=True)
    assert "Press the button again when it has ended" in answer.content.decode()
    shop.listing.refresh_from_db()
    assert shop.listing.merchant_fields == ["description", "title"]


def test_another_merchant_and_nobody_give_nothing_back(client: Client, url: str, other_shop: Shop) -> None:
    answer = client.post(url)
    assert answer["Location"].startswith(reverse("account_login"))
    client.force_login(other_shop.user)
    assert client.post(url).status_code == 404
