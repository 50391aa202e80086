"""The buttons on a product's page that give fields back to the till."""

import pytest
from django.test import Client
from django.urls import reverse

from syncing.models import Listing, SyncJob
from tests.web.shop import Shop


@pytest.fixture
def url(shop: Shop) -> str:
    """Return the address of the buttons of a product whose name and text the merchant changed in VK."""
    shop.listing.merchant_fields = ["description", "title"]
    shop.listing.save()
    return reverse("catalog:give_back", args=[shop.bread.pk])


def _page(owner: Client, shop: Shop) -> str:
    return owner.get(reverse("catalog:product", args=[shop.bread.pk])).content.decode()


@pytest.mark.once
def test_the_page_has_a_button_for_each_field_and_one_for_all(owner: Client, shop: Shop, url: str) -> None:
    html = _page(owner, shop)
    for words in ("leaves it as you made it: description, name", "Give back: name", "Give all back"):
        assert words in html
    assert html.count(url) == 3


@pytest.mark.once
def test_a_product_that_the_merchant_never_edited_in_vk_has_none(owner: Client, shop: Shop) -> None:
    assert "ive back" not in _page(owner, shop)


@pytest.mark.once
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


@pytest.mark.once
def test_a_field_that_the_merchant_does_not_own_changes_nothing_and_says_so(
    owner: Client, shop: Shop, url: str
) -> None:
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


@pytest.mark.once
def test_another_merchant_and_nobody_give_nothing_back(client: Client, url: str, other_shop: Shop) -> None:
    answer = client.post(url)
    assert answer["Location"].startswith(reverse("account_login"))
    client.force_login(other_shop.user)
    assert client.post(url).status_code == 404


@pytest.mark.once
def test_an_item_hidden_by_hand_says_so_and_has_a_button_that_shows_it_again(
    owner: Client, shop: Shop
) -> None:
    shop.listing.merchant_fields, shop.listing.state = ["hidden"], Listing.State.HIDDEN
    shop.listing.sent = {**shop.listing.sent, "hidden": False}
    shop.listing.save()
    html = _page(owner, shop)
    for words in ("hidden by you in VK", "EvoSync leaves it hidden", "Show it in VK again"):
        assert words in html
    assert "Give back" not in html
    owner.post(reverse("catalog:give_back", args=[shop.bread.pk]), {"field": "hidden"})
    shop.listing.refresh_from_db()
    assert (shop.listing.merchant_fields, shop.listing.sent["hidden"]) == ([], None)


@pytest.mark.once
def test_a_product_that_is_left_out_is_not_said_to_be_hidden_by_the_merchant(
    owner: Client, shop: Shop
) -> None:
    shop.list(shop.beer, vk_item_id=502, state=Listing.State.HIDDEN, merchant_fields=["hidden"])
    html = owner.get(reverse("catalog:product", args=[shop.beer.pk])).content.decode()
    assert "hidden by you in VK" not in html
    assert "hidden in VK" in html
