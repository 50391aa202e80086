"""One title or one picture for many items is no edit of the merchant's; a few equal titles are."""

from dataclasses import replace
from typing import Any

import pytest

from syncing.core.planner import sync_user
from tests.unit.core.shop import PretendShop, product

GOODS = [product(number) for number in range(20)]


def shop_with(many: int, **shown: Any) -> PretendShop:
    """Return a shop in which so many items show something else than was sent."""
    shop = PretendShop()
    shop.apply(sync_user(shop.context(GOODS)))
    shop.listings = {key: replace(one, sent_photo_id=9) for key, one in shop.listings.items()}
    for item_id in list(shop.items)[:many]:
        shop.items[item_id] = replace(shop.items[item_id], **shown)
    return shop


@pytest.mark.parametrize(
    ("many", "shown"),
    [
        (20, {"title": "DELETED"}),
        (11, {"title": "Товар"}),
        (20, {"photo_ids": (7,)}),
        (2, {"photo_ids": (7,)}),
    ],
)
def test_what_many_items_show_alike_is_left_and_is_nobody_s(many: int, shown: dict[str, Any]) -> None:
    plan = sync_user(shop_with(many, **shown).context(GOODS))
    assert (plan.actions, plan.merchant_fields, plan.confirmed) == ((), {}, {})


@pytest.mark.parametrize(
    ("many", "shown", "owned"),
    [(10, {"title": "Чашка"}, "title"), (1, {"photo_ids": (7,)}, "photo_key")],
)
def test_what_few_items_show_is_the_merchant_s(many: int, shown: dict[str, Any], owned: str) -> None:
    plan = sync_user(shop_with(many, **shown).context(GOODS))
    assert plan.actions == ()
    assert list(plan.merchant_fields.values()) == [frozenset({owned})] * many


def test_the_till_s_next_title_is_sent_and_the_shared_ones_of_the_others_stay_nobody_s() -> None:
    shop = shop_with(20, title="DELETED")
    plan = sync_user(shop.context([replace(GOODS[0], name="Чашка белая"), *GOODS[1:]]))
    assert [action.changes["title"] for action in plan.actions] == [("Чашка синяя 0", "Чашка белая")]
    assert plan.merchant_fields == {}
