"""A short soak; `make soak` lives through 2,000 merchant-days."""

from typing import Any

import pytest

from bench.soak.clock import Clock, simulated
from bench.soak.figures import Figures
from bench.soak.shopkeeper import Shopkeeper
from bench.soak.simulation import simulate

pytestmark = pytest.mark.django_db(transaction=True)

DAYS = 20


# `make soak` lives on SQLite, and longer.
@pytest.mark.mariadb
def test_merchants_who_live_among_faults_have_right_shops_in_the_end(settings: Any) -> None:
    settings.EVOTOR_API_URL = settings.VK_API_URL = ""
    assert simulate(DAYS) == []


def test_the_soak_sees_a_forbidden_item_and_a_second_one(settings: Any) -> None:
    settings.EVOTOR_API_URL = settings.VK_API_URL = ""
    clock, figures = Clock(), Figures()
    with simulated(clock):
        shopkeeper = Shopkeeper(1, clock, figures)
        try:
            for sku in ("X4 ES", "A1 ES", "A1 ES"):
                shopkeeper.box.vk.create_item("Пачка").sku = sku
            shopkeeper.look("market.add")
            shopkeeper.settle()
        finally:
            shopkeeper.close()
    assert [line.split()[2] for line in figures.forbidden][:1] == ["X4"]
    assert [line.split()[2] for line in figures.twice][:1] == ["A1"]
    assert figures.wrong
