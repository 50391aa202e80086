"""What new goods have of the ones that they were, and of equal ones beside them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from syncing.core.choices import Field, Gap
from syncing.core.inheritance import inherited_knowledge
from syncing.core.last_known import NEVER_TOLD, Knowledge, Told, recall

SEEN = datetime(2026, 11, 1, tzinfo=UTC)
ROLLING_PIN: dict[Field, Any] = {Field.NAME: "Скалка", Field.ARTICLE: "SK-1"}
TOBACCO: dict[Field, Any] = {Field.TYPE: "TOBACCO_MARKED", Field.QUANTITY: 5}


def told(**changes: Any) -> Told:
    values = dict.fromkeys(NEVER_TOLD) | ROLLING_PIN | {Field(name): value for name, value in changes.items()}
    return Told(values, frozenset())


def known(**changes: Any) -> Knowledge:
    return recall(
        told(**{str(name): value for name, value in TOBACCO.items()} | changes), None, is_complete=True
    )


def found(
    new: dict[str, Told],
    *,
    before: dict[str, Knowledge] | None = None,
    beside: dict[str, Knowledge] | None = None,
) -> dict[str, tuple[Any, Any]]:
    """Return type and stock that the new ones have of others; goods beside them are told as before."""
    before, beside = before or {}, beside or {}
    present = {key: Told(dict(one.values), frozenset()) for key, one in beside.items()}
    inherited = inherited_knowledge(
        new, {key: (one, SEEN) for key, one in before.items()}, present | new, beside
    )
    return {key: (one.values[Field.TYPE], one.values[Field.QUANTITY]) for key, one in inherited.items()}


def test_what_came_back_under_another_id_has_all_that_was_known() -> None:
    assert found({"new": told()}, before={"old": known()}) == {"new": ("TOBACCO_MARKED", 5)}


def test_what_stands_beside_an_equal_one_has_all_that_is_known_of_it() -> None:
    assert found({"new": told()}, beside={"old": known()}) == {"new": ("TOBACCO_MARKED", 5)}


def test_of_two_that_came_back_at_once_both_have_it() -> None:
    both = {"a": told(), "b": told()}
    assert found(both, before={"old": known()}) == dict.fromkeys(both, ("TOBACCO_MARKED", 5))


@pytest.mark.parametrize("article", ["", "SK-2"])
def test_of_the_name_alone_only_what_forbids_is_taken_over(article: str) -> None:
    assert found({"new": told(article=article)}, beside={"old": known()}) == {"new": ("TOBACCO_MARKED", None)}


def test_of_the_article_alone_only_what_forbids_is_taken_over() -> None:
    renamed = told(name="Пекарский набор")
    assert found({"new": renamed}, beside={"old": known()}) == {"new": ("TOBACCO_MARKED", None)}


def test_one_forbidden_namesake_of_several_is_enough() -> None:
    several = {"a": known(type="NORMAL"), "b": known(), "c": known(type="NORMAL")}
    assert found({"new": told(article="SK-2")}, beside=several) == {"new": ("TOBACCO_MARKED", None)}


@pytest.mark.parametrize("name", ["Ложка", ""])
def test_goods_of_another_name_and_code_have_nothing_of_it(name: str) -> None:
    assert found({"new": told(name=name, article="")}, beside={"old": known()}) == {}


def test_goods_without_names_are_no_namesakes() -> None:
    assert found({"new": told(name="", article="")}, beside={"old": known(name="", article="")}) == {}


@pytest.mark.parametrize(
    ("name", "is_found"), [("СКАЛКА  буковая", True), ("Скалка буковая нов.", True), ("Скалка 2", False)]
)
def test_another_spelling_of_what_left_forbids_as_well(name: str, *, is_found: bool) -> None:
    before = {
        # Two of one name: no one can tell which of them came back.
        "old": (known(name="Скалка буковая", article="", is_excisable=True), SEEN),
        "other": (known(name="Скалка буковая", article="", type="NORMAL"), SEEN),
    }
    new = {"new": told(name=name, article="")}
    said = inherited_knowledge(new, before, new, {}, {"old", "other"})
    marks = [(one.values[Field.TYPE], one.values[Field.IS_EXCISABLE]) for one in said.values()]
    assert marks == [("TOBACCO_MARKED", True)] * is_found


def test_a_like_name_beside_another_says_what_it_is_but_no_marks_that_tills_leave_out() -> None:
    like = told(name="Скалка буковая нов.", article="")
    beside = {"old": known(name="Скалка буковая", article="", is_excisable=True)}
    present = {"old": told(name="Скалка буковая", article=""), "new": like}
    [knowledge] = inherited_knowledge({"new": like}, {}, present, beside).values()
    assert (knowledge.values[Field.TYPE], knowledge.values[Field.IS_EXCISABLE]) == ("TOBACCO_MARKED", False)
    marked = {"old": known(name="Скалка буковая", article="", type="NORMAL", is_excisable=True)}
    assert inherited_knowledge({"new": like}, {}, present, marked) == {}


def test_a_code_of_the_till_counts_with_a_like_name() -> None:
    beside = {"old": known(name="Вино красное сухое", article="", code="17")}
    assert found({"new": told(name="Вино красн. сухое", article="", code="17")}, beside=beside)
    assert found({"new": told(name="Ложка", article="", code="17")}, beside=beside) == {}


def test_what_the_till_does_tell_counts() -> None:
    new = told(type="NORMAL", quantity=2)
    [knowledge] = inherited_knowledge(
        {"new": new}, {}, {"old": told(), "new": new}, {"old": known()}
    ).values()
    now = recall(new, knowledge, is_complete=True).values
    assert (now[Field.TYPE], now[Field.QUANTITY]) == ("NORMAL", 2)


def test_what_several_namesakes_forbid_is_said_together_and_of_nothing_else_anything() -> None:
    several = {"a": known(type="NORMAL", is_excisable=True), "b": known(is_age_limited=True)}
    new = told(article="SK-2")
    present = {key: told() for key in several} | {"new": new}
    [knowledge] = inherited_knowledge({"new": new}, {}, present, several).values()
    said = {Field.TYPE: "TOBACCO_MARKED", Field.IS_EXCISABLE: True, Field.IS_AGE_LIMITED: True}
    assert knowledge.values == {**NEVER_TOLD, **said}
    assert knowledge.gaps == dict.fromkeys(NEVER_TOLD.keys() - said.keys(), Gap.NEVER_TOLD)


@pytest.mark.parametrize("name", ["Скалка", "Скалки"])
def test_the_groups_that_were_left_go_over_from_all_namesakes_each_once(name: str) -> None:
    groups = {"a": ("Бар", "Виски"), "b": ("Бар", "Ром")}
    several = {
        key: replace(known(type="NORMAL", article=""), left_groups=left) for key, left in groups.items()
    }
    new = told(name=name, article="")
    present = {key: told(article="") for key in several} | {"new": new}
    [knowledge] = inherited_knowledge({"new": new}, {}, present, several).values()
    assert knowledge.left_groups == ("Бар", "Виски", "Ром")


def test_of_what_left_at_different_times_under_one_code_the_last_came_back() -> None:
    before = {
        "earlier": (known(type="NORMAL", quantity=1), SEEN),
        "later": (known(quantity=7), SEEN + timedelta(days=1)),
    }
    new = {"new": told()}
    [knowledge] = inherited_knowledge(new, before, new, {}).values()
    assert (knowledge.values[Field.TYPE], knowledge.values[Field.QUANTITY]) == ("TOBACCO_MARKED", 7)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        # A maker's barcode means the same goods, whatever they are called.
        ({"barcodes": ("4600000000017",)}, {"barcodes": ("4600000000017",), "name": "Ложка"}, 5),
        # The till's code does with a like name, and without it the like name says what may forbid the goods.
        ({"code": "17"}, {"code": "17", "name": "Скалка буковая нов."}, 5),
        ({}, {"name": "Скалка буковая нов."}, None),
    ],
)
def test_what_came_back_is_known_by_its_marks(
    old: dict[str, Any], new: dict[str, Any], said: int | None
) -> None:
    came, left = told(**({"article": ""} | new)), known(**({"article": "", "name": "Скалка буковая"} | old))
    assert found({"new": came}, before={"old": left}) == {"new": ("TOBACCO_MARKED", said)}


def test_goods_without_codes_have_none_in_common() -> None:
    assert found({"new": told(name="Ложка", article="")}, before={"old": known(article="")}) == {}


def test_an_equal_product_beside_a_new_one_counts_before_one_that_left() -> None:
    before = {"gone": known(type="NORMAL", quantity=9)}
    assert found({"a": told()}, before=before, beside={"z": known()}) == {"a": ("TOBACCO_MARKED", 5)}


def test_the_rarest_word_in_common_tells_before_words_that_many_have() -> None:
    many = {
        f"{n}": known(name=f"Вино белое {n}", article="", type="NORMAL", group=f"g{n}") for n in range(60)
    }
    rare = {"rare": known(name="Вино ядрёное", article="")}
    assert found({"new": told(name="Вино ядрёное нов", article="")}, beside=many | rare) == {
        "new": ("TOBACCO_MARKED", None)
    }


def test_the_groups_that_were_left_go_over_to_goods_of_one_article_under_another_name() -> None:
    beside = {"old": replace(known(type="NORMAL"), left_groups=("Бар",))}
    new = told(name="Пекарский набор")
    [knowledge] = inherited_knowledge({"new": new}, {}, {"old": told(), "new": new}, beside).values()
    assert knowledge.left_groups == ("Бар",)
