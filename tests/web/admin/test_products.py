"""What staff read of the till: prices as on a price tag, groups by their names."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from tests.web.shop import Shop

pytestmark = pytest.mark.django_db


@pytest.mark.once
def test_prices_and_stock_are_shown_without_the_tills_decimals(as_superuser: Client, shop: Shop) -> None:
    shop.product("odd", "Сыр весовой", price=Decimal("220.9000000000"), quantity=Decimal("1.500"))

    listed = as_superuser.get(reverse("admin:catalog_product_changelist")).content.decode()

    assert "220,90" in listed
    assert "1,5<" in listed
    assert "220.9000000000" not in listed


def test_a_products_group_is_named(as_superuser: Client, shop: Shop) -> None:
    product = shop.product("odd", "Сыр", group="bakery", price=Decimal("220.9000000000"))
    stray = shop.product("stray", "Хлеб", group="no-such-group")

    page = as_superuser.get(reverse("admin:catalog_product_change", args=[product.pk])).content.decode()
    other = as_superuser.get(reverse("admin:catalog_product_change", args=[stray.pk])).content.decode()

    assert "Выпечка (bakery)" in page
    assert "220.9000000000" not in page
    assert "no-such-group" in other


@pytest.mark.once
def test_a_groups_parent_is_named(as_superuser: Client, shop: Shop) -> None:
    url = reverse("admin:catalog_productgroup_change", args=[shop.bakery.pk])

    assert "Еда (food)" in as_superuser.get(url).content.decode()
