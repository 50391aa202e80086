"""A run writes down which of the merchant's rules decided, so that a product's history can name it."""

import pytest
from model_bakery import baker

from accounts.models import User
from sandbox import Sandbox
from syncing.models import GoodsRule, SyncJobItem
from tests.integration.faults.shop import ITEMS, first_run, run

pytestmark = pytest.mark.django_db


def keep(user: User, name: str, kind: str, value: str = "") -> GoodsRule:
    rule: GoodsRule = baker.make(
        GoodsRule,
        user=user,
        name=name,
        position=1,
        conditions=[{"subject": "name", "comparison": "is", "value": "Кружка синяя 1"}],
        actions=[{"kind": kind, "value": value}],
    )
    return rule


def noted(user: User) -> list[dict[str, str]]:
    return [rules for rules in SyncJobItem.objects.values_list("rules", flat=True) if rules]


def test_a_price_by_a_rule_names_it(box: Sandbox, user: User) -> None:
    keep(user, "Кружка дешевле", "percent", "-10")
    assert run(user, approve=True).items_created == ITEMS
    assert noted(user) == [{"price_kopecks": "Кружка дешевле"}]


@pytest.mark.once
def test_an_item_that_a_rule_takes_out_names_it(box: Sandbox, user: User) -> None:
    first_run(box, user)
    keep(user, "Без кружки", "exclude")
    assert run(user, approve=True).items_hidden == 1
    assert noted(user) == [{"hidden": "Без кружки"}]
