"""The merchant's own title, text and album for a product, and what they chose for groups."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from syncing.core.choices import Albums
from syncing.core.evaluation import Evaluator
from syncing.core.group_choices import album_for, is_album_title, template_for, validate_album_template
from syncing.core.records import GroupKey, ProductKey, Rules, SourceGroup, SourceProduct
from syncing.core.restricted_goods.classifier import classify
from syncing.core.restricted_goods.decisions import Decision, Decisions, Scope, key_of
from syncing.core.titles import product_title, vk_length
from tests.unit.core.shop import LIMITS
from tests.unit.core.test_distinct_titles import titles_of

DRINKS = SourceGroup(GroupKey("A", "drinks"), "НАПИТКИ")
TEA = SourceGroup(GroupKey("A", "tea"), "Чай", "drinks")
PATH = (DRINKS, TEA)


def goods(name: str = "ЧАЙ ЧЁРН 100Г", place: int = 1, **fields: Any) -> SourceProduct:
    ordinary: dict[str, Any] = {"price": Decimal(199), "quantity": Decimal(5), "group_id": "tea"}
    return SourceProduct(ProductKey("A", str(place)), name, **(ordinary | fields))


def test_the_own_title_stands_as_it_was_written() -> None:
    own = goods(own_title="МОЙ чай из 1736 трав", code="1736")
    assert product_title(own, Rules(), LIMITS) == "МОЙ чай из 1736 трав"


def test_an_own_title_of_nothing_leaves_the_till_s_name() -> None:
    assert product_title(goods(own_title="!!!"), Rules(), LIMITS) == "Чай чёрн 100 г"


def test_a_long_own_title_fits() -> None:
    title = product_title(goods(own_title="слово " * 60), Rules(), LIMITS)
    assert title is not None
    assert vk_length(title) <= LIMITS.title_weight


def test_two_products_with_one_own_title_get_two() -> None:
    found = titles_of(
        [
            goods("Чай чёрный", 1, own_title="Чай к завтраку", article="А-1"),
            goods("Чай зелёный", 2, own_title="Чай к завтраку", article="Б-2"),
            goods("Чай белый", 3, own_title="чай к завтраку"),
        ]
    )
    said = list(found.values())
    assert said[:2] == ["Чай к завтраку", "Чай к завтраку (Б-2)"]
    assert len({title.casefold() for title in said}) == 3


def test_an_own_title_is_kept_and_the_name_that_meets_it_gives_way() -> None:
    found = titles_of([goods("Чай чёрный", 1, article="7"), goods("Кофе", 2, own_title="Чай чёрный")])
    assert list(found.values()) == ["Чай чёрный (7)", "Чай чёрный"]


@pytest.mark.parametrize("title", ["Водка Столичная 0,5 л", "Сигареты Winston"])
def test_a_forbidden_own_title_keeps_the_product_out(title: str) -> None:
    assert classify(goods("Стакан", own_title=title), ["Посуда"], Decisions()).kind == "forbidden"


def test_an_own_title_makes_no_forbidden_goods_allowed() -> None:
    assert classify(goods("Водка Столичная 0,5 л", own_title="Стакан"), [], Decisions()).kind == "forbidden"


def test_what_was_decided_about_the_name_holds_for_a_title_that_says_the_same() -> None:
    allowed = Decisions.of([Decision(Scope.NAME, key_of("Максим"), may_sell=True)])
    assert classify(goods("Максим", own_title="Максим"), [], allowed).is_allowed
    assert not classify(goods("Максим", own_title="Пиво Максим"), [], allowed).is_allowed


@pytest.mark.parametrize(
    ("name", "decision"),
    [
        ("Стакан", Decision(Scope.NAME, key_of("Максим"), may_sell=True)),
        ("Стакан", Decision(Scope.NAME, key_of("Стакан"), may_sell=True)),
        ("Стакан", Decision(Scope.GROUP, key_of("Посуда"), may_sell=True)),
        ("Стакан", Decision(Scope.BRAND, key_of("Максим"), may_sell=True)),
        ("Винсон", Decision(Scope.NAME, key_of("Винсон"), may_sell=True)),
    ],
    ids=["the title", "the name", "the group", "the brand", "goods of that kind"],
)
def test_a_doubtful_title_passes_once_the_merchant_has_allowed_it(name: str, decision: Decision) -> None:
    product = goods(name, own_title="Максим")

    assert classify(product, ["Посуда"], Decisions.of([decision])).is_allowed
    assert classify(goods("Стакан", own_title="Максим"), ["Посуда"], Decisions()).kind == "unsure"


def test_allowed_goods_of_one_kind_are_asked_about_for_a_title_of_another() -> None:
    allowed = Decisions.of([Decision(Scope.NAME, key_of("Ксилосепт"), may_sell=True)])

    assert classify(goods("Ксилосепт", own_title="Ксилосепт"), [], allowed).is_allowed
    assert classify(goods("Ксилосепт", own_title="Максим"), [], allowed).kind == "unsure"


def test_no_decision_on_goods_lets_a_surely_forbidden_title_in() -> None:
    allowed = Decisions.of([Decision(Scope.NAME, key_of("Стакан"), may_sell=True, overrules=True)])

    assert classify(goods("Стакан", own_title="Водка Столичная 0,5 л"), [], allowed).kind == "forbidden"


def test_the_nearest_template_fills_the_description() -> None:
    rules = Rules(description_template="Всё: {name}", template_by_group={"drinks": "Напиток {name}, {group}"})
    evaluator = Evaluator(rules, (), (DRINKS, TEA), LIMITS)
    item = evaluator.item_of(goods(), category=None)
    assert item.description.startswith("Напиток Чай чёрн 100 г, Чай")
    assert template_for(goods(), PATH, Rules(template_by_group={"drinks": "а", "tea": "б"})) == "б"
    assert template_for(goods(own_description="своё"), PATH, rules) == "своё"
    assert template_for(goods(), (), rules) == "Всё: {name}"


def test_an_own_description_may_use_the_words_in_braces() -> None:
    own = goods(own_description="Собран вручную. {price}")
    item = Evaluator(Rules(), (), (DRINKS, TEA), LIMITS).item_of(own, category=None)
    assert item.description.startswith("Собран вручную. 199 руб.")
    assert item.category_id == 0


@pytest.mark.parametrize(
    ("own", "rules", "by_rule", "album"),
    [
        ("", {}, None, "Чай"),
        ("", {"album_template": "{top_group}: {group}"}, None, "Напитки: Чай"),
        ("", {"album_template": "{ group } ({top_group})"}, None, "Чай (напитки)"),
        ("", {"album_by_group": {"tea": "Горячее"}}, None, "Горячее"),
        ("", {"album_by_group": {"drinks": "Горячее"}}, None, "Горячее"),
        ("", {"album_by_group": {"drinks": "Горячее", "tea": ""}}, None, ""),
        ("", {"album_by_group": {"tea": "Горячее"}}, "Акция", "Акция"),
        ("Подарки", {"album_by_group": {"tea": ""}}, "Акция", "Подарки"),
        ("", {"album_by_group": {"tea": ""}}, "", ""),
    ],
)
def test_the_nearest_choice_names_the_album(
    own: str, rules: dict[str, Any], by_rule: str | None, album: str
) -> None:
    found = album_for(goods(own_album=own), PATH, Rules(**rules), LIMITS, by_rule=by_rule)
    assert found == album


@pytest.mark.parametrize(
    ("text", "faults"),
    [("", 0), ("{top_group} / {group}", 0), ("Все товары", 1), ("{name}", 1), ("{group", 1)],
)
def test_an_album_template_needs_its_words(text: str, faults: int) -> None:
    assert len(validate_album_template(text)) == faults


def test_a_fault_of_an_album_template_names_the_word_that_is_wrong() -> None:
    assert [fault.word for fault in validate_album_template("{group} {shop}")] == ["{shop}"]
    assert [fault.word for fault in validate_album_template("Всё: {group")] == ["{group"]


@pytest.mark.parametrize(
    ("template", "album"),
    [
        ("{top_group}: {group}", "Напитки"),
        ("{ group } ({top_group})", "Напитки"),
        ("{top_group}", "Напитки"),
        ("Наши {group}", "Наши напитки"),
    ],
)
def test_a_template_does_not_name_a_top_group_twice(template: str, album: str) -> None:
    assert album_for(goods(), (DRINKS,), Rules(album_template=template), LIMITS) == album


@pytest.mark.parametrize("title", ["Чай", "5", "★ Чай ★"])
def test_a_title_with_a_letter_or_a_digit_names_an_album(title: str) -> None:
    assert is_album_title(title)


@pytest.mark.parametrize("title", ["***", "🎁", ""])
def test_a_title_of_signs_alone_names_none(title: str) -> None:
    assert not is_album_title(title)


def test_the_words_of_a_template_fill_the_album_of_the_top_group_too() -> None:
    rules = Rules(albums=Albums.TOP_GROUP, album_template="{group}: всё")
    assert album_for(goods(), PATH, rules, LIMITS) == "Напитки: всё"
    assert album_for(goods(), PATH, replace(rules, album_template=" "), LIMITS) == "Напитки"


def test_an_own_title_in_small_letters_stays_so_where_it_is_told_apart() -> None:
    products = [goods(f"Товар {place}", place, own_title="чехол айфон") for place in (1, 2)]
    first, second = titles_of(products).values()
    assert (first, second[:11]) == ("чехол айфон", "чехол айфон")
    assert first != second


LONG = "Товары для дома, сада и огорода, для кухни и ванной, для дачи и отдыха на природе всей семьёй"


def album_of(template: str, group: str, top_group: str = LONG) -> str:
    path = (
        SourceGroup(GroupKey("A", "top"), top_group),
        SourceGroup(GroupKey("A", "group"), group, "top"),
    )
    rules = Rules(album_template=template, sentence_case=False)
    return album_for(goods(), path, rules, LIMITS)


@pytest.mark.parametrize(
    "template",
    [
        "{top_group}: {group}",
        "{group} ({top_group})",
        "Магазин «Уют» на Ленина, 5, второй этаж, вход со двора — {top_group} — {group}",
        "Магазин «Уют» на Ленина, 5, второй этаж, вход со двора, по четвергам скидка всем: {group}",
    ],
)
def test_groups_keep_albums_of_their_own_however_long_a_template_makes_the_titles(template: str) -> None:
    groups = ["Посуда для напитков горячих", "Посуда для напитков холодных", "Посуда для напитков любых"]
    titles = [album_of(template, group) for group in groups]
    assert len(set(titles)) == 3
    for title, group in zip(titles, groups, strict=True):
        assert group in title
        assert vk_length(title) <= LIMITS.album_title_weight


def test_a_top_group_is_cut_between_words_so_that_the_group_stays_whole() -> None:
    group = "Посуда для напитков горячих и холодных"
    assert album_of("{top_group}: {group}", group) == (
        "Товары для дома, сада и огорода, для кухни и ванной, для дачи и отдыха на природе всей: " + group
    )


def test_what_fits_is_not_cut_and_a_group_longer_than_all_is() -> None:
    assert album_of("{top_group}: {group}", "Чай", "Напитки") == "Напитки: Чай"
    endless = album_of("{top_group}: {group}", "Посуда " * 30)
    assert vk_length(endless) <= LIMITS.album_title_weight
    # The template's own words tell no album from others.
    assert album_of("Самое нужное и недорогое для дома и семьи, выбирайте: {group}", LONG) == LONG
