"""Goods whose group is not known do not appear in VK, and what is there stays."""

from dataclasses import replace
from datetime import timedelta

import pytest

from syncing.core.choices import ActionKind, QuestionCode, Reason
from syncing.core.planner import sync_user
from syncing.core.records import GroupKey, Question, Rules, SourceGroup, SourceProduct, SyncResult
from syncing.core.restricted_goods.decisions import Decision, Decisions, Scope, key_of
from tests.unit.core.shop import NOW, STORE, PretendShop, product

RULES = Rules(brake_items=10_000, default_category_id=1)
CIGARETTES = SourceGroup(GroupKey(STORE, "g1"), "Сигареты")
TOYS = SourceGroup(GroupKey(STORE, "g2"), "Игрушки")
PACK = replace(product(1), name="Пачка 8", group_id="g1")


def plan(
    shop: PretendShop, *goods: SourceProduct, groups: tuple[SourceGroup, ...] = (), rules: Rules = RULES
) -> SyncResult:
    return sync_user(shop.context(goods, groups=groups, rules=rules))


def kinds(found: SyncResult) -> list[ActionKind]:
    return [action.kind for action in found.actions]


def test_what_only_its_group_could_forbid_waits_for_the_group() -> None:
    found = plan(PretendShop(), PACK)
    assert kinds(found) == []
    assert [skip.reason for skip in found.skipped] == [Reason.GROUP_UNKNOWN]


@pytest.mark.parametrize("others", [(), (TOYS,)])
def test_it_waits_whether_other_groups_are_known_or_not(others: tuple[SourceGroup, ...]) -> None:
    assert kinds(plan(PretendShop(), PACK, groups=others)) == []


def test_when_the_group_is_told_it_is_judged_by_it() -> None:
    assert [skip.reason for skip in plan(PretendShop(), PACK, groups=(CIGARETTES,)).skipped] == [
        "legal_tobacco"
    ]
    in_toys = replace(PACK, group_id="g2")
    assert kinds(plan(PretendShop(), in_toys, groups=(TOYS,))) == [ActionKind.CREATE]


@pytest.mark.parametrize("name", ["Кружка синяя", "Молоко 1 л", "Хлеб ржаной"])
def test_a_name_that_says_what_the_goods_are_does_not_wait(name: str) -> None:
    assert kinds(plan(PretendShop(), replace(PACK, name=name))) == [ActionKind.CREATE]


def test_goods_outside_all_groups_do_not_wait() -> None:
    assert kinds(plan(PretendShop(), replace(PACK, group_id=""))) == [ActionKind.CREATE]


def test_where_the_merchant_allows_the_name_or_switched_the_law_off_it_does_not_wait() -> None:
    decision = Decision(Scope.NAME, key_of(PACK.name), may_sell=True)
    allowed = replace(RULES, decisions=Decisions.of([decision]))
    assert kinds(plan(PretendShop(), PACK, rules=allowed)) == [ActionKind.CREATE]
    assert kinds(plan(PretendShop(), PACK, rules=replace(RULES, legal_filter=False))) == [ActionKind.CREATE]


def test_an_item_in_vk_stays_as_it_is_while_its_group_is_not_told() -> None:
    shop, in_toys = PretendShop(), replace(PACK, group_id="g2")
    shop.apply(plan(shop, in_toys, groups=(TOYS,)))
    shop.apply(plan(shop, replace(in_toys, group_id="another"), groups=(TOYS,)))
    [item] = shop.items.values()
    assert item.title == "Пачка 8"
    assert not item.hidden


def test_a_hidden_item_does_not_come_back_before_its_group_is_known() -> None:
    shop, in_toys = PretendShop(), replace(PACK, group_id="g2")
    shop.apply(plan(shop, in_toys, groups=(TOYS,)))
    shop.apply(plan(shop, groups=(TOYS,)))
    assert [item.hidden for item in shop.items.values()] == [True]
    shop.apply(plan(shop, replace(in_toys, group_id="another"), groups=(TOYS,)))
    assert [item.hidden for item in shop.items.values()] == [True]
    later = sync_user(
        replace(shop.context([in_toys], groups=(TOYS,), rules=RULES), now=NOW + timedelta(days=1))
    )
    assert kinds(later) == [ActionKind.RESTORE]


def test_a_decision_about_another_name_ends_no_waiting() -> None:
    decision = Decision(Scope.NAME, key_of("Пачка 9"), may_sell=True)
    rules = replace(RULES, decisions=Decisions.of([decision]))
    assert [skip.reason for skip in plan(PretendShop(), PACK, rules=rules).skipped] == [Reason.GROUP_UNKNOWN]


UNDER_UNKNOWN = SourceGroup(GroupKey(STORE, "sub"), "Ментоловые", "g1")


def test_what_a_group_further_up_could_forbid_waits_for_that_group() -> None:
    pack = replace(PACK, group_id="sub")
    assert [skip.reason for skip in plan(PretendShop(), pack, groups=(UNDER_UNKNOWN,)).skipped] == [
        Reason.GROUP_UNKNOWN
    ]
    told = (UNDER_UNKNOWN, CIGARETTES)
    assert [skip.reason for skip in plan(PretendShop(), pack, groups=told).skipped] == ["legal_tobacco"]
    assert kinds(plan(PretendShop(), replace(pack, name="Кружка"), groups=(UNDER_UNKNOWN,))) == [
        ActionKind.CREATE
    ]


def test_many_goods_under_a_group_that_is_not_listed_are_asked_about() -> None:
    mugs = [product(number, group_id="sub") for number in range(30)]
    rules = Rules(default_category_id=1)
    found = plan(PretendShop(), *mugs, groups=(UNDER_UNKNOWN,), rules=rules)
    assert found.questions == (Question(QuestionCode.GROUPS_UNKNOWN, 30, 30),)
    toys = (replace(UNDER_UNKNOWN, parent_id="g2"), TOYS)
    assert plan(PretendShop(), *mugs, groups=toys, rules=rules).questions == ()


def test_groups_in_a_circle_keep_nothing_waiting() -> None:
    circle = (replace(TOYS, parent_id="sub"), replace(UNDER_UNKNOWN, parent_id="g2"))
    assert kinds(plan(PretendShop(), replace(PACK, group_id="sub"), groups=circle)) == [ActionKind.CREATE]
