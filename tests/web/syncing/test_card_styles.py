"""The styles of drawn pictures on the rules page."""

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Product, ProductGroup
from catalog.photos.placeholders import placeholder
from syncing.core.choices import CardStyle
from tests.web.shop import Shop, a_merchant

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("style", CardStyle)
def test_a_style_is_shown_on_goods_of_the_merchants_own(owner: Client, shop: Shop, style: CardStyle) -> None:
    first = Product.objects.for_user(shop.user).present().order_by("pk")[0]
    shown = owner.get(reverse("syncing:rules_card", args=[style]))
    assert shown["Content-Type"] == "image/jpeg"
    assert "private" in shown["Cache-Control"]
    group = ProductGroup.objects.in_store(first.store_id).with_evotor_id(first.group_evotor_id).first()
    assert shown.content == placeholder(first.name, group.name if group else "", style)


@pytest.mark.once
def test_a_style_is_shown_with_the_name_that_vk_gets(owner: Client, shop: Shop) -> None:
    first = Product.objects.for_user(shop.user).present().order_by("pk")[0]
    Product.objects.filter(pk=first.pk).update(name='ЧАЙ  ЧЁРНЫЙ "НУРИ" 100Г')
    group = ProductGroup.objects.in_store(first.store_id).with_evotor_id(first.group_evotor_id).first()

    shown = owner.get(reverse("syncing:rules_card", args=["light"]))

    name = group.name if group else ""
    assert shown.content == placeholder("Чай чёрный «Нури» 100 г", name, CardStyle.LIGHT)


def test_before_the_first_reading_invented_goods_show_the_style(client: Client) -> None:
    client.force_login(a_merchant("newcomer@example.com"))
    shown = client.get(reverse("syncing:rules_card", args=["light"]))
    assert shown.content == placeholder(
        "Чай чёрный с чабрецом, 100\N{NO-BREAK SPACE}г", "Чай и кофе", CardStyle.LIGHT
    )


@pytest.mark.once
def test_an_unknown_style_is_not_found(owner: Client) -> None:
    assert owner.get(reverse("syncing:rules_card", args=["neon"])).status_code == 404


@pytest.mark.once
def test_the_rules_page_shows_each_style_beside_its_choice(owner: Client) -> None:
    page = owner.get(reverse("syncing:rules")).content.decode()
    for style in CardStyle:
        assert f'src="{reverse("syncing:rules_card", args=[style])}"' in page
        assert f'value="{style}"' in page
