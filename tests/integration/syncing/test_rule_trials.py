"""What a rule's trial says is what the next run does, on the real catalogue too."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import User
from sandbox import Sandbox
from sandbox.catalogue_csv import load_catalogue
from syncing.models import GoodsRule
from syncing.services.goods_rules import RuleValues, save_rule, try_rule
from syncing.services.planning import plan_now
from syncing.services.settings import configure

pytestmark = pytest.mark.django_db(transaction=True)

RULES = {
    "cheaper tea": ([{"subject": "name", "comparison": "contains", "value": "чай"}], "percent", "-12.5"),
    "ending with 9": ([], "round", "nine_up"),
    "never above": ([{"subject": "price", "comparison": "above", "value": "300"}], "at_most", "450"),
    "nothing small": ([{"subject": "stock", "comparison": "below", "value": "3"}], "exclude", ""),
    "words": ([{"subject": "group", "comparison": "contains", "value": "чай"}], "title_prefix", "Акция"),
    "keep two back": ([], "keep_back", "2"),
}


@pytest.fixture
def real_shop(user: User, box: Sandbox, shared_folder: Path) -> User:
    """Return the merchant with the real catalogue in the till, none of it published yet."""
    load_catalogue(box.evotor, shared_folder / "data" / "shop-catalogue.csv")
    configure(user, values={"brake_items": "100000", "brake_percent": "100"})
    return user


def test_a_trial_on_the_real_catalogue_is_the_plan(real_shop: User) -> None:
    call_command("refresh_catalog", real_shop.email, stdout=StringIO())
    before = plan_now(real_shop).plan.desired
    for name, (conditions, kind, value) in RULES.items():
        values = RuleValues(name, conditions, [{"kind": kind, "value": value}])
        trial = try_rule(real_shop, values)
        rule = save_rule(real_shop, values)
        after = plan_now(real_shop).plan.desired
        repriced = sum(
            key in after and after[key].price_kopecks != item.price_kopecks for key, item in before.items()
        )
        dropped = len(before.keys() - after.keys())
        restocked = sum(key in after and after[key].stock != item.stock for key, item in before.items())
        reworded = sum(key in after and after[key].title != item.title for key, item in before.items())
        assert (trial.repriced, trial.dropped) == (repriced, dropped), name
        assert (trial.restocked, trial.reworded) == (restocked, reworded), name
        GoodsRule.objects.filter(pk=rule.pk).delete()
