"""A till with long texts goes to the database in statements that it takes: MariaDB's are 16 MB at most."""

from dataclasses import replace

import pytest

from catalog.mappers import LONGEST_DESCRIPTION
from catalog.models import Product
from tests.integration.catalog.conftest import Refresh
from tests.unit.catalog.till import STORE, FakeTill, products

pytestmark = [pytest.mark.django_db, pytest.mark.mariadb]

# Of each letter two bytes: 24 MB.
MANY = 600


def test_a_till_with_the_longest_descriptions_is_read(till: FakeTill, refresh: Refresh) -> None:
    till.products[STORE] = products(MANY, description="щ" * LONGEST_DESCRIPTION)
    assert refresh().added == MANY
    till.products[STORE] = [
        replace(one, description="ы" * LONGEST_DESCRIPTION) for one in till.products[STORE]
    ]
    assert refresh().changed == MANY
    assert set(Product.objects.values_list("description", flat=True)) == {"ы" * LONGEST_DESCRIPTION}
