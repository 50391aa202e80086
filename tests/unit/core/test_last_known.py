"""What the till does not say keeps its last known value until its absence is proven."""

from collections.abc import Mapping

import pytest

from syncing.core.choices import Field, Gap
from syncing.core.last_known import (
    MAY_BE_EMPTY,
    NEVER_TOLD,
    Knowledge,
    Told,
    Vanished,
    is_many,
    kept_fields,
    named_groups,
    recall,
    vanished_fields,
)

KNOWN: Mapping[Field, object] = {
    Field.NAME: "Сигареты",
    Field.GROUP: "tobacco",
    Field.PRICE: 190,
    Field.QUANTITY: 0,
    Field.MEASURE: "шт",
    Field.ARTICLE: "A-1",
    Field.CODE: "17",
    Field.BARCODES: ("4600000000017",),
    Field.DESCRIPTION: "Пачка",
    Field.ALLOW_TO_SELL: False,
    Field.TYPE: "TOBACCO_MARKED",
    Field.IS_EXCISABLE: True,
    Field.IS_AGE_LIMITED: True,
}
NOTHING = Told(dict.fromkeys(Field))


def read(
    known: Knowledge | None,
    *untold: Field,
    is_complete: bool = True,
    vanished: Vanished | None = None,
    is_null: bool = False,
) -> Knowledge:
    """Return what is known after a reading that tells all but some fields."""
    told = {name: None if name in untold else value for name, value in KNOWN.items()}
    return recall(
        Told(told, frozenset(untold if is_null else ())),
        known,
        is_complete=is_complete,
        vanished=vanished or Vanished(),
    )


def kept(known: Knowledge) -> frozenset[Field]:
    """Return the fields whose values are only the last known, as rows hold them."""
    return kept_fields({name.value: gap.value for name, gap in (known.gaps or {}).items()})


def test_every_field_is_covered() -> None:
    assert set(NEVER_TOLD) == set(KNOWN) == set(Field)


@pytest.mark.parametrize("name", Field)
def test_a_field_that_is_left_out_once_keeps_its_value(name: Field) -> None:
    found = read(Knowledge(KNOWN), name)
    assert found.values == KNOWN
    assert found.gaps == {name: Gap.ABSENT}


@pytest.mark.parametrize("name", sorted(set(Field) - MAY_BE_EMPTY))
def test_a_field_that_cannot_be_empty_keeps_its_value_for_ever(name: Field) -> None:
    known = Knowledge(KNOWN)
    for _ in range(5):
        known = read(known, name)
    assert known.values == KNOWN


@pytest.mark.parametrize("name", sorted(MAY_BE_EMPTY))
def test_a_field_that_may_be_empty_is_emptied_by_two_complete_readings(name: Field) -> None:
    once = read(Knowledge(KNOWN), name)
    twice = read(once, name)
    assert twice.values == {**KNOWN, name: NEVER_TOLD[name]}
    assert twice.gaps == {name: Gap.NEVER_TOLD}
    assert read(twice, name) == twice


@pytest.mark.parametrize("name", sorted(MAY_BE_EMPTY))
def test_a_reading_of_changes_proves_no_absence(name: Field) -> None:
    known = Knowledge(KNOWN)
    for _ in range(3):
        known = read(known, name, is_complete=False)
    assert (known.values, known.gaps) == (KNOWN, {name: Gap.KEPT})
    assert read(known, name).values == KNOWN


@pytest.mark.parametrize("name", sorted(MAY_BE_EMPTY))
def test_a_field_that_vanished_from_many_is_never_proven_empty(name: Field) -> None:
    known = Knowledge(KNOWN)
    for _ in range(5):
        known = read(known, name, vanished=Vanished(frozenset({name})))
    assert known.values == KNOWN


@pytest.mark.parametrize("name", Field)
def test_a_field_that_is_told_again_is_what_was_told(name: Field) -> None:
    known = read(read(Knowledge(KNOWN), name))
    assert (known.values, known.gaps) == (KNOWN, {})


def test_a_product_that_tells_nothing_on_first_sight_is_an_ordinary_one() -> None:
    found = recall(NOTHING, None, is_complete=True)
    assert found.values == NEVER_TOLD
    assert kept(found) == frozenset()
    assert recall(NOTHING, found, is_complete=True) == found


def test_an_emptiness_that_is_told_is_taken_at_once() -> None:
    told = {**KNOWN, Field.GROUP: "", Field.DESCRIPTION: "", Field.BARCODES: (), Field.QUANTITY: 5}
    assert recall(Told(told), Knowledge(KNOWN), is_complete=True) == Knowledge(told, {})


@pytest.mark.parametrize("name", Field)
def test_a_null_empties_what_may_be_empty_and_says_nothing_of_the_rest(name: Field) -> None:
    value = NEVER_TOLD[name] if name in MAY_BE_EMPTY else KNOWN[name]
    assert read(Knowledge(KNOWN), name, is_null=True).values == {**KNOWN, name: value}
    alone = Vanished(frozenset({name}))
    assert read(Knowledge(KNOWN), name, is_null=True, vanished=alone).values == {**KNOWN, name: value}


@pytest.mark.parametrize("name", Field)
def test_many_nulls_at_once_empty_nothing(name: Field) -> None:
    many = Vanished(frozenset({name}), frozenset({name}))
    assert read(Knowledge(KNOWN), name, is_null=True, vanished=many).values == KNOWN


def test_rows_of_the_release_before_lose_nothing_and_miss_nothing_that_was_ordinary() -> None:
    """That release did not note what was told, so an ordinary value may never have been told at all."""
    assert kept(recall(NOTHING, Knowledge(KNOWN, None), is_complete=True)) == set(Field)
    assert kept(recall(NOTHING, Knowledge(NEVER_TOLD, None), is_complete=True)) == frozenset()


def readings(told: int, untold: int, name: Field) -> list[tuple[Told, Knowledge]]:
    """Return a reading in which so many products tell a field and so many do not any more."""
    lacking = Told({**KNOWN, name: None})
    return [(Told(KNOWN), Knowledge(KNOWN))] * told + [(lacking, Knowledge(KNOWN))] * untold


@pytest.mark.parametrize("name", Field)
@pytest.mark.parametrize(
    ("told", "untold", "vanishes"),
    [(0, 1, True), (0, 500, True), (89, 11, False), (79, 21, True), (5, 3, False)],
)
def test_a_field_vanishes_where_nobody_or_too_few_tell_it(
    name: Field, told: int, untold: int, *, vanishes: bool
) -> None:
    assert (name in vanished_fields(readings(told, untold, name)).absent) is vanishes


def test_products_that_never_told_a_field_do_not_make_it_vanish() -> None:
    never = recall(NOTHING, None, is_complete=True)
    assert vanished_fields([(NOTHING, never), (NOTHING, None)]) == Vanished()


@pytest.mark.parametrize(
    ("lost", "total", "many"),
    [
        (1, 1, False),
        (2, 2, False),
        (3, 3, True),
        (3, 4, False),
        (10, 40, False),
        (11, 40, True),
        (20, 100, False),
    ],
)
def test_many_is_more_than_edits_explain(lost: int, total: int, *, many: bool) -> None:
    assert is_many(lost, total) is many


def test_a_group_is_named_through_its_subgroups() -> None:
    parents = {"green": "tea", "tea": "drinks", "drinks": "", "bread": "", "one": "two", "two": "one"}
    assert named_groups(["green", "", "lost"], parents) == {"green", "tea", "drinks", "lost"}
    assert named_groups(["one"], parents) == {"one", "two"}


@pytest.mark.parametrize(
    ("name", "gap", "keeps"),
    [
        (Field.ARTICLE, None, False),
        (Field.TYPE, None, True),
        (Field.ARTICLE, Gap.ABSENT, True),
        (Field.TYPE, Gap.KEPT, True),
        (Field.TYPE, Gap.NEVER_TOLD, False),
    ],
)
def test_an_empty_value_is_kept_where_it_was_told(name: Field, gap: Gap | None, *, keeps: bool) -> None:
    known = Knowledge({name: NEVER_TOLD[name]}, {name: gap} if gap else {})
    assert known.keeps(name) is keeps
    # Rows of the release before noted no gaps.
    assert Knowledge({name: NEVER_TOLD[name]}, None).keeps(name) is False
