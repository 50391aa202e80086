"""Two products whose names differ in a digit or a unit never get one title."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncing.core.distinct_titles import is_other_name, tell_apart
from syncing.core.evaluation import evaluate_all
from syncing.core.records import ProductKey, Rules, SourceProduct
from syncing.core.titles import product_title, vk_length
from tests.unit.core.shop import LIMITS, PretendShop

RULES = Rules()


def goods(names: Iterable[str], **fields: str) -> list[SourceProduct]:
    return [
        SourceProduct(ProductKey("A", f"{place:05}"), name, **fields)  # type: ignore[arg-type]
        for place, name in enumerate(names)
    ]


def titles_of(products: Iterable[SourceProduct], rules: Rules = RULES) -> dict[ProductKey, str]:
    products = list(products)
    titles = {product.key: product_title(product, rules, LIMITS) or "" for product in products}
    tell_apart(products, titles, rules, LIMITS)
    return titles


def titles(*names: str) -> list[str]:
    return list(titles_of(goods(names)).values())


def test_a_pack_count_comes_back_where_it_tells_two_products_apart() -> None:
    assert titles("ЧАЙ 100Г 1/72", "ЧАЙ 100Г 1/36") == ["Чай 100 г 1/72", "Чай 100 г 1/36"]
    assert titles("ЧАЙ 100Г 1/72", "Чай 100г") == ["Чай 100 г 1/72", "Чай 100 г"]


def test_a_shop_number_comes_back_where_it_tells_two_products_apart() -> None:
    assert titles("*1736 Груша", "*1737 Груша", "Яблоко") == ["1736 Груша", "1737 Груша", "Яблоко"]


def test_products_of_one_name_keep_one_title() -> None:
    assert titles("Чай  чёрный", "чай чёрный", "Чай, чёрный.") == ["Чай чёрный", "Чай чёрный", "Чай, чёрный."]


def test_an_inch_tells_products_apart() -> None:
    assert titles("Труба 1/2", 'Труба 1/2"') == ["Труба 1/2", 'Труба 1/2"']


def test_the_end_of_a_long_name_is_kept_where_it_tells_products_apart() -> None:
    start = "Пиво светлое пастеризованное фильтрованное с очень длинным названием завода и города в стекле "
    found = titles(f"{start}вместимостью 0,45 л", f"{start}вместимостью 0,5 л")

    assert found[0].endswith(" 0,45 л")
    assert found[1].endswith(" 0,5 л")
    assert all(vk_length(title) <= 100 for title in found)


def test_an_article_is_added_where_the_name_has_no_room_for_what_differs() -> None:
    shared = "слово " * 40
    products = goods([f"{shared}1", f"{shared}2"])
    products = [
        SourceProduct(one.key, one.name, article=article)
        for one, article in zip(products, ("Ж-17", "Ж-18"), strict=True)
    ]

    found = list(titles_of(products).values())

    assert found[0] != found[1]
    assert all(vk_length(title) <= 100 for title in found)


def test_the_order_of_products_changes_no_title() -> None:
    products = goods(["*1 Чай 5г 1/72", "ЧАЙ 5Г 1/36", "Чай 5 г", "Чай 5 г (15)", "Кофе", "чай 5 г"])

    assert titles_of(products) == titles_of(reversed(products))


def _names(shared: Path) -> Iterator[str]:
    for path in ("data/shop-catalogue.csv", "cases/names_dev.csv"):
        with (shared / path).open(encoding="utf-8", newline="") as file:
            yield from (row["name"] for row in csv.DictReader(file))


@pytest.mark.parametrize("sentence_case", [True, False])
@pytest.mark.parametrize("written_out", [True, False])
def test_no_two_names_of_real_shops_share_a_title(
    shared_folder: Path,
    sentence_case: bool,  # noqa: FBT001
    written_out: bool,  # noqa: FBT001
) -> None:
    if not (shared_folder / "cases" / "names_dev.csv").exists():
        pytest.skip("shared/cases is not here")
    names = {" ".join(name.split()).casefold(): name for name in _names(shared_folder)}
    rules = Rules(sentence_case=sentence_case, write_out_shortenings=written_out)

    found = [title.casefold() for title in titles_of(goods(names.values()), rules).values()]

    assert not {title for title in found if found.count(title) > 1}


bases = st.sampled_from(
    [
        "ЧАЙ 100Г",
        "Труба",
        "Телевизор LG",
        "Пиво «Балтика",
        "*1736 Груша",
        "ЙОГУРТ 95ГР",
        "слово " * 15,
        "слово " * 30,
        "Кабель ВВГ 3х2,5",
        "Ө" * 12,
    ]
)
ends = st.sampled_from(
    [
        *("", " 1/2", ' 1/2"', ' 3/4"', " 1/72", " 1/36", " (15)", " (16)", " 5", " 5 г", " 5 кг", " 5%"),
        *(" 50мл", " 500мл", " №7", " А5", " 5А", " *6"),
    ]
)


@given(st.lists(st.tuples(bases, ends).map("".join), min_size=2, max_size=12, unique=True))
def test_names_that_differ_in_a_digit_or_a_unit_get_titles_that_differ(names: list[str]) -> None:
    found = titles(*names)

    assert len({title.casefold() for title in found}) == len(names)
    assert all(4 <= vk_length(title) <= 100 for title in found)


def test_an_article_stands_in_the_title_as_the_merchant_typed_it() -> None:
    first, second = goods([f"{'слово' * 40}1", f"{'слово' * 40}2"])
    products = [replace(first, article="ж-17"), replace(second, article="ж-18")]
    assert [title[-6:] for title in titles_of(products).values()] == ["ослово", "(ж-18)"]


def test_goods_go_to_vk_under_the_titles_that_tell_them_apart_also_at_another_price() -> None:
    products = [replace(one, price=Decimal(10)) for one in goods(["ЧАЙ 100Г 1/72", "ЧАЙ 100Г 1/36"])]
    rules = Rules(default_category_id=1, description_template="{name}: {price}, крепкий и душистый")
    found = evaluate_all(PretendShop().context(products, rules=rules))
    assert [one.title for one in found.desired.values()] == ["Чай 100 г 1/72", "Чай 100 г 1/36"]
    dearer = found.at_price(products[0].key, 2_000)
    assert (dearer.price_kopecks, dearer.description[:24]) == (2_000, "Чай 100 г 1/72: 20 руб.,")


def test_shortenings_are_written_out_in_titles_where_the_merchant_wants_it() -> None:
    [one] = goods(["Пакет п/э"])
    for written_out, title in ((True, "Пакет полиэтиленовый"), (False, "Пакет п/э")):
        assert product_title(one, Rules(write_out_shortenings=written_out), LIMITS) == title


@pytest.mark.parametrize(
    ("before", "after", "name", "is_other"),
    [
        ("Кружка синяя", "123456", "123456", True),
        ("Кружка синяя 4", "Кружка синяя 5", "КРУЖКА СИНЯЯ 5", True),
        ("Сок 0,5 л", "Сок 1 л", "Сок 1л", True),
        ("Скидка! Кружка", "Новинка! Ложка", "Ложка", True),
        ("КРУЖКА СИНЯЯ", "Кружка синяя", "КРУЖКА СИНЯЯ", False),
        ("Сок 0,5л", "Сок 0.5 л", "Сок 0,5л", False),
        ("Кружка синяя", "Скидка! Кружка синяя", "Кружка синяя", False),
        ("Скидка! Кружка синяя", "Новинка! Кружка синяя", "Кружка синяя", False),
        ("Кружка синяя (ж-17)", "Кружка синяя", "Кружка синяя", False),
        ("", "Кружка синяя", "Кружка синяя", False),
    ],
)
def test_a_title_names_other_goods_where_words_go_and_others_come_from_the_till(
    before: str, after: str, name: str, *, is_other: bool
) -> None:
    assert is_other_name(before, after, name=name) is is_other
