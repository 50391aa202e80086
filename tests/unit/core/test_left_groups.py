"""What only its group forbade stays out of VK, whatever a till that tells no groups says of it."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from syncing.core.choices import Field, Reason
from syncing.core.evaluation import Evaluator
from syncing.core.group_tree import left_groups, with_left_groups
from syncing.core.inheritance import inherited_groups, inherited_knowledge
from syncing.core.last_known import NEVER_LISTED, NEVER_TOLD, Knowledge, Told, recall
from syncing.core.records import GroupKey, ProductKey, Rules, SourceGroup, SourceProduct
from syncing.core.restricted_goods.classifier import classify, decision_about
from syncing.core.restricted_goods.decisions import Decision, Decisions, Scope, key_of
from syncing.core.restricted_goods.verdicts import Basis, Kind, Restriction, unsure
from syncing.core.unknown_groups import UnknownGroups
from tests.unit.core.shop import LIMITS
from tests.unit.core.test_inheritance import SEEN

PATHS: Mapping[str, tuple[str, ...]] = {"g1": ("Табак", "Сигареты"), "g2": ("Игрушки",)}
NAME = "Набор подарочный"
IN_TOBACCO = SourceProduct(ProductKey("s", "p"), NAME, left_groups=PATHS["g1"])


def told(group: str | None, *, is_null: bool = False) -> Told:
    values: dict[Field, Any] = dict.fromkeys(NEVER_TOLD) | {Field.NAME: NAME, Field.GROUP: group}
    return Told(values, frozenset({Field.GROUP} if is_null else ()))


def read(known: Knowledge | None, group: str | None, *, is_null: bool = False) -> Knowledge:
    return recall(told(group, is_null=is_null), known, is_complete=True, path_of=PATHS.get)


def product_of(known: Knowledge) -> SourceProduct:
    group = str(known.values[Field.GROUP])
    return SourceProduct(ProductKey("s", "p"), NAME, group_id=group, left_groups=known.left_groups)


def verdict(known: Knowledge, decisions: Decisions | None = None) -> Kind:
    product = product_of(known)
    return classify(product, PATHS.get(product.group_id, ()), decisions or Decisions()).kind


def test_an_absence_that_is_proven_leaves_a_doubt_that_names_the_group() -> None:
    known = read(read(read(None, "g1"), None), None)
    assert (known.values[Field.GROUP], known.left_groups) == ("", PATHS["g1"])
    found = classify(product_of(known), (), Decisions())
    assert found == unsure(Restriction.TOBACCO, Basis.LEFT_GROUP, "Табак")


def test_a_group_that_is_null_leaves_the_same_doubt() -> None:
    assert verdict(read(read(None, "g1"), None, is_null=True)) is Kind.UNSURE


def test_goods_of_a_harmless_group_need_no_group() -> None:
    assert verdict(read(read(None, "g2"), None, is_null=True)) is Kind.ALLOWED


def test_an_ordinary_thing_is_one_whatever_group_it_left() -> None:
    assert classify(
        SourceProduct(ProductKey("s", "p"), "Чайник", left_groups=PATHS["g1"]), (), Decisions()
    ).is_allowed


def test_one_answer_lets_goods_of_a_group_that_is_gone_go_out() -> None:
    for scope, text in ((Scope.NAME, NAME), (Scope.GROUP, "Сигареты"), (Scope.GROUP, "Табак")):
        decision = Decision(scope, key_of(text), may_sell=True, overrules=False)
        decisions = Decisions.of([decision])
        assert classify(IN_TOBACCO, (), decisions).is_allowed
        assert decision_about(IN_TOBACCO, (), decisions) == (decision, text)
    refused = Decisions.of([Decision(Scope.GROUP, key_of("Табак"), may_sell=False, overrules=False)])
    assert classify(IN_TOBACCO, (), refused).kind is Kind.FORBIDDEN
    assert decision_about(IN_TOBACCO, (), Decisions()) is None


def test_a_group_that_was_never_listed_is_still_waited_for_when_it_is_no_longer_told() -> None:
    known = read(read(None, "unlisted"), None, is_null=True)
    assert known.left_groups == (NEVER_LISTED,)
    assert UnknownGroups((), Rules()).is_awaited(product_of(known))


def test_a_group_that_is_not_listed_yet_takes_the_place_of_none() -> None:
    known = read(read(read(None, "g1"), "unlisted"), "unlisted")
    assert known.left_groups == PATHS["g1"]
    assert read(known, "g2").left_groups == ()


class Till(RuleBasedStateMachine):
    """One product of a till that is loaded again and again, with its group, without it, or with another."""

    def __init__(self) -> None:
        super().__init__()
        self.known = read(None, "g1")
        self.last_listed = "g1"

    @rule(
        group=st.sampled_from([None, "", "g1", "g2", "unlisted"]), is_null=st.booleans(), whole=st.booleans()
    )
    def reads(self, group: str | None, *, is_null: bool, whole: bool) -> None:
        said = told(group, is_null=is_null and group is None)
        self.known = recall(said, self.known, is_complete=whole, path_of=PATHS.get)
        self._note(group)

    @rule(
        group=st.sampled_from([None, "g1", "g2"]), beside=st.booleans(), suffix=st.sampled_from(["", " нов."])
    )
    def comes_back_under_another_id(self, group: str | None, suffix: str, *, beside: bool) -> None:
        old = Told(dict(self.known.values))
        new = told(group)
        new = Told({**new.values, Field.NAME: NAME + suffix})
        found = inherited_knowledge(
            {"new": new},
            {} if beside else {"old": (self.known, SEEN)},
            {"new": new, "old": old} if beside else {"new": new},
            {"old": self.known} if beside else {},
            () if beside else {"old"},
        )
        self.known = recall(new, found.get("new"), is_complete=True, path_of=PATHS.get)
        self._note(group)

    def _note(self, group: str | None) -> None:
        if group is not None and group in PATHS:
            self.last_listed = group

    @invariant()
    def nothing_is_published_that_its_last_group_forbade(self) -> None:
        assert (verdict(self.known) is Kind.ALLOWED) == (self.last_listed == "g2")


TestTill = Till.TestCase
TestTill.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)


# Groups that leave the group above them

MENTHOL = "Ментоловые"
ABOVE: Mapping[str, tuple[str, ...]] = {"g1": ("Сигареты",), "g2": ("Игрушки",)}


def told_of_group(parent: str | None, *, is_null: bool = False) -> Told:
    return Told({Field.NAME: MENTHOL, Field.GROUP: parent}, frozenset({Field.GROUP} if is_null else ()))


def read_group(known: Knowledge | None, parent: str | None, *, is_null: bool = False) -> Knowledge:
    return recall(told_of_group(parent, is_null=is_null), known, is_complete=True, path_of=ABOVE.get)


def group_of(known: Knowledge) -> SourceGroup:
    parent = str(known.values[Field.GROUP])
    return SourceGroup(GroupKey("s", "sub"), MENTHOL, parent, left_groups=known.left_groups)


def refusal_in(group: SourceGroup, *others: SourceGroup) -> str:
    evaluator = Evaluator(Rules(), (), [group, *others], LIMITS)
    found = evaluator.refusal(replace(IN_TOBACCO, left_groups=(), group_id="sub", price=Decimal(1)))
    return str(found[0]) if found else ""


CIGARETTES = SourceGroup(GroupKey("s", "g1"), "Сигареты")


def test_a_subgroup_whose_parent_is_no_longer_told_leaves_a_doubt() -> None:
    inside = read_group(None, "g1")
    assert refusal_in(group_of(inside), CIGARETTES) == Restriction.TOBACCO
    for is_null in (False, True):
        known = inside
        for _ in range(3):
            known = read_group(known, None, is_null=is_null)
        assert known.values[Field.GROUP] == ""
        assert refusal_in(group_of(known)) == Reason.UNSURE


def test_a_subgroup_that_moves_under_another_listed_group_leaves_no_doubt() -> None:
    known = read_group(read_group(read_group(None, "g1"), None, is_null=True), "g2")
    assert known.left_groups == ()
    assert refusal_in(group_of(known), SourceGroup(GroupKey("s", "g2"), "Игрушки")) == ""


def test_goods_that_leave_a_subgroup_have_left_what_stood_above_it() -> None:
    group = group_of(read_group(read_group(None, "g1"), None, is_null=True))
    left = {"sub": left_groups([group])}
    known = recall(told(None, is_null=True), read(None, "sub"), is_complete=True, path_of=left.get)
    assert known.left_groups == ("Сигареты", MENTHOL)
    assert verdict(known) is Kind.UNSURE


def test_a_subgroup_that_comes_back_under_another_id_without_its_parent_leaves_a_doubt() -> None:
    for old in (read_group(None, "g1"), read_group(read_group(None, "g1"), None, is_null=True)):
        found = inherited_groups({"sub": told_of_group(None)}, {"old": old}, ABOVE.get)
        assert refusal_in(group_of(read_group(found["sub"], None))) == Reason.UNSURE
    assert inherited_groups({"sub": told_of_group("g2")}, {"old": read_group(None, "g1")}, ABOVE.get) == {}


def test_one_answer_lets_goods_of_a_subgroup_go_out_whose_parent_is_gone() -> None:
    group = group_of(read_group(read_group(None, "g1"), None, is_null=True))
    product = with_left_groups(replace(IN_TOBACCO, left_groups=()), [group])
    for scope, text in ((Scope.NAME, NAME), (Scope.GROUP, MENTHOL), (Scope.GROUP, "Сигареты")):
        decisions = Decisions.of([Decision(scope, key_of(text), may_sell=True)])
        assert classify(product, [MENTHOL], decisions).is_allowed
