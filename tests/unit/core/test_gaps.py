"""A till that says less than before: nothing is published or lost, and the plan asks where it is much."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from syncing.core.choices import EntityType, Field, FilterMode, QuestionCode
from syncing.core.planner import sync_user
from syncing.core.records import (
    Filter,
    GroupKey,
    Rules,
    SourceGroup,
    SourceProduct,
    SyncContext,
)
from syncing.core.safety import ABOUT_GAPS, source_gaps
from tests.unit.core.shop import STORE, PretendShop, product

RULES = Rules(default_category_id=1)
TEA = SourceGroup(GroupKey(STORE, "tea"), "Чай")
GREEN = SourceGroup(GroupKey(STORE, "green"), "Зелёный", "tea")
EXCLUDE_TEA = [Filter(EntityType.GROUP, "tea", FilterMode.EXCLUDE)]


def goods(count: int, **changes: object) -> list[SourceProduct]:
    return [product(n, **changes) for n in range(count)]


def filled(products: Iterable[SourceProduct], **context: Any) -> PretendShop:
    """Return a shop in which these products are for sale already."""
    shop = PretendShop()
    shop.apply(sync_user(shop.context(products, rules=RULES, **context)))
    return shop


def asked(context: SyncContext) -> list[tuple[str, int, int]]:
    return [(one.code.value, one.count, one.total) for one in sync_user(context).questions]


@pytest.mark.parametrize("name", Field)
def test_a_field_that_many_no_longer_tell_is_asked_about_by_its_name(name: Field) -> None:
    values: dict[str, object] = {
        "article": "AB-1",
        "code": "17",
        "barcodes": ("4600000000017",),
        "description": "Большая и синяя",
        "group_id": "tea",
    }
    shop = filled(goods(40, **values), groups=[TEA])
    marks = {"is_excisable": name is Field.IS_EXCISABLE, "is_age_limited": name is Field.IS_AGE_LIMITED}
    kept = goods(15, **values, **marks, kept_fields=frozenset({name})) + goods(40, **values)[15:]
    rules = replace(RULES, legal_filter=False)
    # A mark is told by those alone that bear it.
    total = 15 if name in (Field.IS_EXCISABLE, Field.IS_AGE_LIMITED) else 40
    assert (f"untold_{name.value}", 15, total) in asked(shop.context(kept, rules=rules, groups=[TEA]))


def test_a_field_that_few_no_longer_tell_is_not_asked_about() -> None:
    shop = filled(goods(40))
    few = goods(10, kept_fields=frozenset({Field.QUANTITY})) + goods(40)[10:]
    assert asked(shop.context(few, rules=RULES)) == []


def test_a_small_shop_is_asked_where_all_of_its_goods_lack_a_field() -> None:
    shop = filled(goods(3))
    assert asked(shop.context(goods(3, kept_fields=frozenset({Field.QUANTITY})), rules=RULES)) == [
        ("untold_quantity", 3, 3)
    ]


def test_what_was_answered_is_not_asked_again_until_it_grows() -> None:
    shop = filled(goods(40))
    lacking = goods(30, kept_fields=frozenset({Field.PRICE})) + goods(40)[30:]
    accepted = source_gaps(shop.context(lacking, rules=RULES))
    assert accepted == {"price": 30}
    assert asked(shop.context(lacking, rules=RULES, accepted_gaps=accepted)) == []
    grown = goods(40, kept_fields=frozenset({Field.PRICE}))
    assert asked(shop.context(grown, rules=RULES, accepted_gaps={"price": 20})) == [("untold_price", 40, 40)]


def test_an_empty_shop_asks_about_no_gaps() -> None:
    lacking = goods(40, kept_fields=frozenset({Field.PRICE}))
    assert asked(PretendShop().context(lacking, rules=RULES)) == []


def test_groups_that_are_no_longer_listed_are_asked_about_where_goods_stand_in_them() -> None:
    groups = [SourceGroup(GroupKey(STORE, f"g{n}"), f"Группа {n}") for n in range(20)]
    products = [product(n, group_id=f"g{n}") for n in range(20)]
    shop = filled(products, groups=groups)
    unlisted = [replace(one, is_listed=False) for one in groups[:12]] + groups[12:]
    context = shop.context(products, rules=RULES, groups=unlisted)
    assert asked(context) == [("groups_vanished", 12, 20)]
    assert sync_user(context).actions == ()
    empty = [replace(one, is_listed=False) for one in groups]
    assert asked(shop.context(goods(20), rules=RULES, groups=empty)) == []


def test_a_group_that_is_no_longer_listed_still_restricts_and_still_makes_an_album() -> None:
    tobacco = SourceGroup(GroupKey(STORE, "t"), "Сигареты", is_listed=False)
    plan = sync_user(PretendShop().context([product(1, name="Ява", group_id="t")], groups=[tobacco]))
    assert (plan.actions, len(plan.skipped)) == ((), 1)
    tea = replace(TEA, is_listed=False)
    plan = sync_user(PretendShop().context([product(1, group_id="tea")], groups=[tea]))
    assert plan.actions[0].desired is not None
    assert plan.actions[0].desired.album == "Чай"


@pytest.mark.parametrize("groups", [[TEA, GREEN], [replace(TEA, is_listed=False), GREEN], []])
def test_a_listed_id_decides_for_goods_that_name_it_whether_or_not_the_group_is_known(
    groups: list[SourceGroup],
) -> None:
    context = PretendShop().context([product(1, group_id="tea")], groups=groups, filters=EXCLUDE_TEA)
    plan = sync_user(context)
    assert [skip.reason for skip in plan.skipped] == ["filter_group"]


def test_a_deleted_group_decides_for_its_subgroups_that_still_name_it() -> None:
    context = PretendShop().context([product(1, group_id="green")], groups=[GREEN], filters=EXCLUDE_TEA)
    assert [skip.reason for skip in sync_user(context).skipped] == ["filter_group"]


def test_new_goods_of_groups_that_nobody_knows_are_asked_about_in_an_empty_shop_too() -> None:
    lost = [product(n, group_id="lost") for n in range(12)]
    assert asked(PretendShop().context(lost, rules=RULES)) == [("groups_unknown", 12, 12)]
    assert asked(PretendShop().context([*lost[:2], *goods(40)[2:]], rules=RULES)) == []


def test_sold_out_goods_whose_stock_is_no_longer_told_stay_sold_out() -> None:
    sold_out = product(1, quantity=Decimal(0))
    shop = filled([sold_out])
    plan = sync_user(shop.context([replace(sold_out, kept_fields=frozenset({Field.QUANTITY}))], rules=RULES))
    assert (plan.actions, plan.desired[sold_out.key].stock) == ((), 0)


def test_every_question_about_a_gap_has_its_field() -> None:
    assert set(ABOUT_GAPS.values()) == {"groups", *Field}
    assert {code for code in QuestionCode if code.startswith("untold")} < set(ABOUT_GAPS)


def test_only_unlisted_groups_that_hold_goods_are_counted_with_those_above_them() -> None:
    unlisted = [replace(TEA, is_listed=False), replace(GREEN, is_listed=False)]
    empty = SourceGroup(GroupKey(STORE, "empty"), "Пустая", is_listed=False)
    inside = [product(1, group_id="green"), product(2)]

    def gaps(*groups: SourceGroup) -> dict[str, int]:
        return source_gaps(PretendShop().context(inside, rules=RULES, groups=groups))

    assert gaps(*unlisted, empty) == {"groups": 2}
    assert gaps(TEA, unlisted[1], empty) == {"groups": 1}
    assert gaps(TEA, GREEN) == {}
