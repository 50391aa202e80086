"""A text that was read in a wrong encoding is told from what people write, and sells nothing unseen."""

import pytest

from syncing.core.eligibility import exclusion_reason
from syncing.core.garbled_text import is_garbled, names_nothing
from syncing.core.records import Rules
from syncing.core.restricted_goods.classifier import classify, classify_name_and_group
from syncing.core.restricted_goods.decisions import Decision, Decisions, Scope, key_of
from syncing.core.restricted_goods.verdicts import Basis, Kind, Restriction, unsure
from tests.unit.core.restricted_names import ORDINARY
from tests.unit.core.shop import LIMITS
from tests.unit.core.test_restricted_goods import goods, lines

NAMES = ("Водка Хаски 0,5л", "Пиво Балтика светлое 0,45л", "Сигареты Парламент синий", "Табак")
# A till's exporter has no other mistakes; KOI8 as cp1251 is told by what it says, not by how it looks.
MISTAKES = [
    ("utf-8", "cp1251"),
    ("utf-8", "cp1252"),
    ("utf-8", "latin-1"),
    ("utf-8", "cp866"),
    ("utf-8", "koi8-r"),
    ("cp1251", "cp1252"),
    ("cp1251", "latin-1"),
    ("cp1251", "cp866"),
    ("cp1251", "utf-8"),
    ("cp866", "cp1251"),
    ("cp866", "cp1252"),
    ("cp866", "utf-8"),
    ("koi8-r", "cp1252"),
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("sent", "taken_for"), MISTAKES)
def test_a_text_read_in_a_wrong_encoding_is_garbled(name: str, sent: str, taken_for: str) -> None:
    text = name.encode(sent).decode(taken_for, "replace")
    assert is_garbled(text)
    assert names_nothing(text)


@pytest.mark.parametrize("name", NAMES)
def test_question_marks_in_place_of_letters_are_garbled(name: str) -> None:
    assert is_garbled(name.encode("ascii", "replace").decode())


@pytest.mark.parametrize(
    "text",
    [
        "Өчпочмак с мясом",
        "Қазы",
        "Чәк-чәк",
        "Łódź",
        "Crème brûlée",
        "Café à la crème",
        "Müller Größe ß",
        "Їжа єдина",
        "Ўсё ўсім",
        "ქართული",
        "Крем L’Oréal®™ №5",
        "½ кг ★★★ ²",
        "100 ₽ — цена",
        "Игра «Что? Где? Когда?»",
        "Кто это???",
        "чАЙ зЕЛЁНЫЙ",
        "",
    ],
)
def test_what_people_write_is_not_garbled(text: str) -> None:
    assert not is_garbled(text)


def test_no_ordinary_name_is_garbled() -> None:
    assert [name for name in lines(ORDINARY) if names_nothing(name)] == []


@pytest.mark.parametrize("text", ["", "123456", "4600000000001", "—", "????? 0,5?"])
def test_a_text_without_letters_names_nothing(text: str) -> None:
    assert names_nothing(text)


@pytest.mark.parametrize("name", NAMES[:3])
@pytest.mark.parametrize(("sent", "taken_for"), [*MISTAKES, ("koi8-r", "cp1251"), ("cp1251", "koi8-r")])
def test_forbidden_goods_stay_out_in_any_wrong_encoding(name: str, sent: str, taken_for: str) -> None:
    for text in (name.encode(sent).decode(taken_for, "replace"), name.encode("ascii", "replace").decode()):
        assert exclusion_reason(goods(text), (), Rules(), LIMITS) is not None


def test_a_name_that_nobody_can_read_is_unsure() -> None:
    for name in ("????? 0,5?", "Âîäêà 0,5"):
        assert classify_name_and_group(name, ("Чашки",)) == unsure(Restriction.OTHER, Basis.UNREADABLE, name)


@pytest.mark.parametrize(
    "name", ["4600682000013", "4 600682 000013", "046006820001", "2000000012345", "14600682000010"]
)
def test_goods_that_have_a_barcode_for_a_name_are_unsure_where_no_group_tells_what_they_are(
    name: str,
) -> None:
    for path in ((), ("Разное",), ("Новинки", "2024")):
        assert classify_name_and_group(name, path) == unsure(Restriction.OTHER, Basis.BARCODE, name)
    assert classify_name_and_group(name, ("Посуда", "Чашки")).is_allowed
    assert classify_name_and_group(name, ("Сигареты",)).kind is Kind.FORBIDDEN


@pytest.mark.parametrize(
    "name", ["123456", "70012345", "4600682000013 кружка", "№ 4600682000013", "460068200001312"]
)
def test_a_number_that_may_be_an_article_is_a_name(name: str) -> None:
    assert classify_name_and_group(name, ()).is_allowed


def test_a_group_that_nobody_can_read_leaves_only_goods_alone_that_say_what_they_are() -> None:
    group = "Ñèãàðåòû"
    assert classify_name_and_group("Ява", (group,)).kind is not Kind.ALLOWED
    assert classify_name_and_group("Нева", (group,)) == unsure(Restriction.OTHER, Basis.UNREADABLE, group)
    assert classify_name_and_group("Чашка синяя", (group,)).is_allowed


def test_a_decision_about_a_garbled_name_is_about_this_one_alone() -> None:
    yes = Decision(Scope.NAME, key_of("????? 0,5?"), may_sell=True)
    decisions = Decisions.of([yes])
    assert classify(goods("????? 0,5?"), (), decisions).is_allowed
    assert not classify(goods("???? 0,5?"), (), decisions).is_allowed
