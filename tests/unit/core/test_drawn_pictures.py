"""A change of the style of drawn pictures reaches VK in portions, and touches no photo of the merchant's."""

from dataclasses import replace
from decimal import Decimal

import pytest

from syncing.core.choices import CardStyle
from syncing.core.drawn_pictures import RESTYLED_PER_RUN, drawn_key, is_restyled, style_of
from syncing.core.planner import sync_user
from syncing.core.records import DesiredItem, Listing, Rules
from tests.unit.core.shop import PretendShop, product

BEFORE = Rules(brake_items=10_000, default_category_id=1)
AFTER = replace(BEFORE, card_style=CardStyle.LIGHT)


def test_a_style_is_known_again_by_its_key() -> None:
    assert [style_of(drawn_key(style)) for style in CardStyle] == list(CardStyle)
    assert style_of("0123456789abcdef" * 4) is None


def test_pictures_drawn_before_there_were_styles_are_of_the_first_one() -> None:
    assert style_of("placeholder") is CardStyle.COLOUR
    shop, products = PretendShop(), [product(1)]
    shop.apply(sync_user(shop.context(products, rules=BEFORE)))
    assert sync_user(shop.context(products, rules=BEFORE)).actions == ()


def test_a_new_style_is_spread_over_runs_and_settles() -> None:
    shop, products = PretendShop(), [product(number) for number in range(2 * RESTYLED_PER_RUN + 30)]
    shop.apply(sync_user(shop.context(products, rules=BEFORE)))
    changed = []
    for _ in range(4):
        plan = sync_user(shop.context(products, rules=AFTER))
        assert {name for action in plan.actions for name in action.changes} <= {"photo_key"}
        changed.append(len(plan.actions))
        shop.apply(plan)
    assert changed == [RESTYLED_PER_RUN, RESTYLED_PER_RUN, 30, 0]


def test_a_second_change_of_style_while_the_first_spreads_settles_and_draws_nothing_twice() -> None:
    shop, products = PretendShop(), [product(number) for number in range(2 * RESTYLED_PER_RUN + 30)]
    shop.apply(sync_user(shop.context(products, rules=BEFORE)))
    shop.apply(sync_user(shop.context(products, rules=AFTER)))
    again = next(style for style in CardStyle if style not in {BEFORE.card_style, AFTER.card_style})
    drawn = []
    for _ in range(4):
        plan = sync_user(shop.context(products, rules=replace(BEFORE, card_style=again)))
        assert {action.changes["photo_key"][1] for action in plan.actions} <= {drawn_key(again)}
        drawn += [action.key for action in plan.actions]
        shop.apply(plan)
    assert len(drawn) == len(set(drawn)) == len(products)


def test_a_style_that_is_taken_back_draws_only_what_had_got_the_other_one() -> None:
    shop, products = PretendShop(), [product(number) for number in range(RESTYLED_PER_RUN + 30)]
    shop.apply(sync_user(shop.context(products, rules=BEFORE)))
    shop.apply(sync_user(shop.context(products, rules=AFTER)))
    shop.apply(back := sync_user(shop.context(products, rules=BEFORE)))
    assert len(back.actions) == RESTYLED_PER_RUN
    assert sync_user(shop.context(products, rules=BEFORE)).actions == ()


def test_other_changes_do_not_wait_for_the_pictures() -> None:
    shop, products = PretendShop(), [product(number) for number in range(2 * RESTYLED_PER_RUN)]
    shop.apply(sync_user(shop.context(products, rules=BEFORE)))
    dearer = [replace(each, price=Decimal(999)) for each in products]
    plan = sync_user(shop.context(dearer, rules=AFTER))
    assert sum("price_kopecks" in action.changes for action in plan.actions) == len(products)
    assert sum("photo_key" in action.changes for action in plan.actions) == RESTYLED_PER_RUN


def test_a_photo_of_the_merchants_stays_whatever_the_style() -> None:
    shop, products = PretendShop(), [replace(product(1), photo_keys=("f" * 64,))]
    shop.apply(sync_user(shop.context(products, rules=BEFORE)))
    assert sync_user(shop.context(products, rules=AFTER)).actions == ()


@pytest.mark.parametrize(
    ("sent", "wanted", "restyled"),
    [
        (drawn_key(CardStyle.COLOUR), drawn_key(CardStyle.LIGHT), True),
        (drawn_key(CardStyle.COLOUR), drawn_key(CardStyle.COLOUR), False),
        (drawn_key(CardStyle.COLOUR), "a" * 64, False),
        ("a" * 64, drawn_key(CardStyle.LIGHT), False),
        ("a" * 64, "b" * 64, False),
    ],
)
def test_only_a_drawn_picture_in_place_of_another_is_a_change_of_style(
    sent: str, wanted: str, *, restyled: bool
) -> None:
    item = DesiredItem("Чашка", "Для чая", 10_000, 5, 1, "ES1", photo_key=sent)
    listing = Listing(product(1).key, "ES1", 7, item)
    assert is_restyled(listing, replace(item, photo_key=wanted)) is restyled
    assert not is_restyled(replace(listing, sent=None), item)
