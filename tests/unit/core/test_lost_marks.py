"""Goods that come back without the marks, types and groups that kept them out of VK are asked about."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from syncing.core.choices import ActionKind, QuestionCode
from syncing.core.planner import sync_user
from syncing.core.records import (
    GroupKey,
    ProductKey,
    Question,
    Rules,
    SourceGroup,
    SourceProduct,
    SyncContext,
    SyncResult,
)
from syncing.core.restricted_goods.decisions import Decision, Decisions, Scope, key_of
from tests.unit.core.shop import NOW, STORE, PretendShop, product

RULES = Rules(default_category_id=1, brake_items=10_000)
LEFT, LOADED = NOW - timedelta(hours=3), NOW - timedelta(hours=1)
CIGARETTES = SourceGroup(GroupKey(STORE, "g1"), "Сигареты")
KEPT_OUT: dict[str, dict[str, Any]] = {
    "an excisable mark": {"is_excisable": True},
    "an age limit": {"is_age_limited": True},
    "a type": {"type": "TOBACCO_MARKED"},
    "a group": {"group_id": "g1"},
    "a group that it left": {"left_groups": ("Сигареты",)},
    "no permission to sell": {"allow_to_sell": False},
}


def old(number: int, **changes: Any) -> SourceProduct:
    return product(number, name=f"Вещь {number} старая", seen_at=LEFT, **changes)


def new(number: int, name: str = "", **changes: Any) -> SourceProduct:
    fields = {"since": LOADED, "seen_at": NOW} | changes
    return replace(product(number, name=name or f"Позиция {number}", **fields), key=_key(f"new-{number}"))


def _key(product_id: str) -> ProductKey:
    return ProductKey(STORE, product_id)


def context_of(gone: list[SourceProduct], present: list[SourceProduct], rules: Rules = RULES) -> SyncContext:
    context = PretendShop().context(present, rules=rules)
    return replace(context, gone_products=tuple(gone), gone_groups=(CIGARETTES,))


def asked(found: SyncResult) -> list[Question]:
    return [one for one in found.questions if one.code is QuestionCode.MARKS_LOST]


def plan(gone: list[SourceProduct], present: list[SourceProduct], rules: Rules = RULES) -> SyncResult:
    return sync_user(context_of(gone, present, rules))


ORDINARY = [old(1), old(2)]


@pytest.mark.parametrize("what", KEPT_OUT)
def test_goods_that_may_be_kept_out_ones_without_what_kept_them_out_are_asked_about(what: str) -> None:
    found = plan([*ORDINARY, old(3, **KEPT_OUT[what])], [new(1), new(2), new(3)])
    assert asked(found) == [Question(QuestionCode.MARKS_LOST, 3, 3)]


def test_where_nothing_was_kept_out_nothing_is_asked() -> None:
    assert asked(plan(ORDINARY, [new(1), new(2)])) == []
    assert asked(plan([*ORDINARY, old(3, price=None)], [new(1), new(2)])) == []


def test_goods_whose_names_kept_them_out_may_have_lost_those_too() -> None:
    vodka = replace(old(3), name="Водка Столичная 0,5")
    assert asked(plan([*ORDINARY, vodka], [new(1)])) == [Question(QuestionCode.MARKS_LOST, 1, 1)]
    assert asked(plan([*ORDINARY, vodka], [new(1), new(2, name=vodka.name)])) == []


def test_goods_that_are_known_again_are_not_asked_about() -> None:
    pack = old(3, is_excisable=True)
    back = [new(number, name=f"Вещь {number} старая") for number in (1, 2)]
    assert asked(plan([*ORDINARY, pack], [*back, new(3, name=pack.name, is_excisable=True), new(4)])) == []
    found = plan([*ORDINARY, pack], [*back, new(3)])
    assert asked(found) == [Question(QuestionCode.MARKS_LOST, 1, 3)]


def test_a_name_that_says_what_the_goods_are_and_one_that_is_allowed_ask_nothing() -> None:
    pack = old(3, is_excisable=True)
    assert asked(plan([*ORDINARY, pack], [new(1, name="Кружка синяя"), new(2, name="Молоко 1 л")])) == []
    decision = Decision(Scope.NAME, key_of("Позиция 1"), may_sell=True)
    rules = replace(RULES, decisions=Decisions.of([decision]))
    assert asked(plan([*ORDINARY, pack], [new(1)], rules)) == []


def test_a_few_that_leave_a_store_and_what_comes_much_later_ask_nothing() -> None:
    pack = old(3, is_excisable=True)
    stayed = [product(number) for number in range(10, 20)]
    assert asked(plan([pack, old(1)], [*stayed, new(1)])) == []
    gone = [*ORDINARY, pack]
    late = new(2, since=LOADED + timedelta(days=2))
    at = replace(context_of(gone, [new(1), late]), now=NOW + timedelta(days=3))
    assert asked(sync_user(at)) == [Question(QuestionCode.MARKS_LOST, 1, 2)]
    assert asked(sync_user(replace(at, now=NOW + timedelta(days=31)))) == []


def test_what_is_in_vk_by_an_approved_plan_is_not_asked_about_again() -> None:
    shop, gone = PretendShop(), [*ORDINARY, old(3, is_excisable=True)]
    context = replace(shop.context([new(1), new(2)], rules=RULES), gone_products=tuple(gone))
    found = sync_user(context)
    assert asked(found)
    shop.apply(found)
    again = sync_user(replace(shop.context([new(1), new(2)], rules=RULES), gone_products=tuple(gone)))
    assert [action.kind for action in again.actions if action.kind is ActionKind.CREATE] == []
    assert asked(again) == []
