"""What VK forbids is found by type, flag, name and group; ordinary goods pass."""

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncing.core.eligibility import exclusion_reason
from syncing.core.records import ProductKey, Rules, SourceProduct
from syncing.core.restricted_goods import by_name, forbidden, words_of
from tests.unit.core.shop import LIMITS

FORBIDDEN_NAMES = {
    "legal_tobacco": [
        "Бонд компакт",
        "ПАРЛАМЕНТ Аква блю",
        "LD Club Compact Blue",
        "мальборо",
        "Винстон",
        "Святой Георгий красный",
        "Saint George RED ОС",
        "Донской табак светлый",
        "Сиг KISS dream superslims ОС, МРЦ 90,00 руб",
        "Хортиця красная  ориг МРЦ 60.00 Сигареты",
        "Next Violet HW",
        "Сигареты «L & M Blue Label»",
        "L&M Blue",
        "LM loft blue",
        "Кент 8",
        "МАRLBОRО Gold",  # with Cyrillic М, А and О
        "Сигaреты",  # with a Latin a
        "Chapman шоколад",
        "Табак для кальяна вишня",
        "Стики HEETS Amber",
        "Одноразовый вейп манго",
        "Чай + сигареты",
    ],
    "legal_beer": [
        "Балтика 9",
        "БалтикаN7 бутылка",
        "Арсенальное крепкое",
        "гессер ж.б",
        "Оболонь Светлое ПЭТ бутылка светлое пастеризованное фильтрованное",
        "Кружка Крепкое бутылка0,47  светлое пастеризованное фильтрованное",
        "Жигули Барное",
        'Пивной напиток "Со вкусом Клубники"',
        "Напиток, изготовленный на основе пива",
        "Сидр полусладкий Шампань Asti",
        '"ТРЕХСОСЕНСКОЕ светлое Живое" 0,5 л. с/б',
        "Пиво безалкогольное",
        "Пивo",  # with a Latin o
        "Шоколадное пиво",
        "Стакан пива 0,5",
        "Чипсы + пиво",
        "Эль светлый",
        "Три медведя ж/б",
    ],
    "legal_alcohol": [
        'Водка"Граф Ледофф" 0,5',
        "водка,русская,валюта 0,25",
        'Коньяк рос.трех."Три звездочки"',
        'Вино фруктовое "Осеннее" 0,7',
        'Напиток винный "Рябина со вкусом коньяка"',
        'Настойка горькая "Старка"',
        "Крем-ликер Baileys",
        "Шампанское полусладкое",
        "Виски Jameson 0,7",
        "Jack Daniel's 0.7",
        "Виноградное вино",
        "Ви\xadно",  # with a soft hyphen
        "Хортица платинум 0,5",
        "Арарат 5 зв.",
        "Ром 0,7",
        "Бокал вина",
        "Кола с виски",
        "Слабоалкогольный коктейль",
    ],
    "legal_medicine": ["Аспирин", "Нурофен экспресс", "Настойка пустырника", "Капли в нос"],
    "legal_age": [
        "ЭНЕРГЕТИЧЕСКИЙ НАПИТОК TORNADOENERGY ACTIVE 0,5 Ж/Б",
        "Red Bull 0,25",
        "Burn 0,5",
        "Энергетик Флэш Ап",
        "Напиток тонизирующий Адреналин Раш",
        "Напиток газ. энергетический Bizon",
    ],
}
ORDINARY_NAMES = [
    "Квас Темный",
    "Квас для окрошки",
    "кваc Очаковский",  # with a Latin c
    "Напиток безалкогольный брожения квас фильтрованный пастеризованный",
    'Напиток"Лимонад"',
    'Минеральная вода "Белый ключ"',
    "Бутылка ПЭТ 1,5",
    "Стакан 0,5л",
    "Бокал для вина",
    "Кружка для пива",
    "Кружка пивная 0,5",
    "Хрусteam гренки к пенному 105г",
    "Сухарики к пиву",
    "Подставка под пиво",
    "Вино\xadград",
    "Кофе Максим",
    "Игрушка Белый медведь",
    "Мясные стики",
    "Чипсы со вкусом пива",
    "Чипсы Пивные",
    "Арахис к пиву",
    "Сыр косичка к пиву",
    "Винный уксус",
    "Уксус винный",
    "Уксус яблочный сидровый",
    "Дрожжи пивные",
    "Дрожжи для самогона",
    "Шампунь пивной",
    "Шоколад с коньяком",
    "Конфеты с ликером",
    "Конфеты Вишня в коньяке",
    "Торт Пьяная вишня с вином",
    "Ромовая баба",
    "Сироп Ром",
    "Сироп со вкусом рома",
    "Корм KENT",
    "Рубашка Kent белая",
    "Футболка Winston blue",
    "Зажигалка Marlboro",
    "Спички Балабановские",
    "ЧАЙ ПРИНЦЕССА ЯВА ЗЕЛЕНЫЙ",
    "ЧАЙ ЗЕЛЕНЫЙ ПРИНЦЕССА ЯВА ПРЕМИУМ",
    "Цыпленок табака",
    "Энциклопедия Парламентаризм",
    "Бальзам ЧИСТАЯ ЛИНИЯ Пшеница для волос",
    "Ваниль бурбон",
    "Виноград мускат",
    "Мускатный орех",
    "Детское шампанское",
    "Коктейль безалкогольный Мохито ром",
    "Ginger beer безалкогольный",
    "Батончик энергетический",
    "Масло подсолнечное темное нефильтрованное",
    "Молоко пастеризованное",
    "Драже М&М, s с арахисом",
    "ЛЕДЕНЦЫ ОТ КАШЛЯ HALLS",
    "презерватив гармония",
    "Таблетки для посудомоечной машины",
    "Соль йодированная",
    "Джинсы мужские",
    "Сиг холодного копчения",
    "Икона Святой Георгий",
    "Король лев",
    "Вискас с курицей",
    "Охота на зайца книга",
    "Ролл Саке",
    "Вода Аква Море",
    "",
]


def goods(name: str, **fields: object) -> SourceProduct:
    return SourceProduct(ProductKey("A", "1"), name, price=Decimal(100), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reason", "name"), [(reason, name) for reason, names in FORBIDDEN_NAMES.items() for name in names]
)
def test_a_forbidden_name_is_known(reason: str, name: str) -> None:
    found = by_name(name)

    assert found is not None
    assert found[0] == reason
    assert found[1].strip()


@pytest.mark.parametrize("name", ORDINARY_NAMES)
def test_an_ordinary_name_passes(name: str) -> None:
    assert by_name(name) is None


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("ALCOHOL_MARKED", "legal_alcohol"),
        ("ALCOHOL_NOT_MARKED", "legal_alcohol"),
        ("BEER_MARKED", "legal_beer"),
        ("BEER_MARKED_KEG", "legal_beer"),
        ("NOT_ALCOHOL_BEER_MARKED", "legal_beer"),
        ("TOBACCO_MARKED", "legal_tobacco"),
        ("TOBACCO_PRODUCTS_MARKED", "legal_tobacco"),
        ("ALTERNATIVE_TOBACCO_MARKED", "legal_tobacco"),
        ("MEDICINE_MARKED", "legal_medicine"),
    ],
)
def test_a_forbidden_type_decides_whatever_the_name(kind: str, reason: str) -> None:
    assert forbidden(goods("Чай", type=kind), ()) == (reason, kind)


@pytest.mark.parametrize(
    "kind",
    ["NORMAL", "SHOES_MARKED", "PERFUME_MARKED", "DAIRY_MARKED", "WATER_MARKED", "JUICE_MARKED", "NEW_KIND"],
)
def test_other_types_pass(kind: str) -> None:
    assert forbidden(goods("Чай", type=kind), ()) is None


def test_flags_decide_where_type_and_name_do_not() -> None:
    assert forbidden(goods("Чай", is_excisable=True), ()) == ("legal_excisable", "is_excisable")
    assert forbidden(goods("Чай", is_age_limited=True), ()) == ("legal_age", "is_age_limited")
    assert forbidden(goods("Водка", is_excisable=True), ()) == ("legal_alcohol", "водка")


@pytest.mark.parametrize(
    ("name", "path", "reason"),
    [
        ("Хмельная особая", ("Пиво",), "legal_beer"),
        ("Хмельная особая", ("Алкоголь",), "legal_alcohol"),
        ("Хмельная особая", ("Магазин", "Алкоголь", "Крепкий алкоголь"), "legal_alcohol"),
        ("Особая", ("Пиво разливное",), "legal_beer"),
        ("Особая", ("Вина и коньяки",), "legal_alcohol"),
        ("Особые", ("Сигареты",), "legal_tobacco"),
        ("Особая бутылка 0,5", ("Пиво",), "legal_beer"),
        ("Лимонад", ("Алкоголь",), None),
        ("Минеральная вода", ("Алкоголь",), None),
        ("Кальмар щупальца", ("Пиво",), None),
        ("Бутылка ПЭТ 1,0", ("Пиво",), None),
        ("Спички", ("Табак",), None),
        ("Особая", ("Пиво и закуски",), None),
        ("Особая", ("Безалкогольные напитки",), None),
        ("Особая", ("Напитки",), None),
        ("Особая", ("Продукты",), None),
        ("Особая", (), None),
    ],
)
def test_a_group_of_forbidden_goods_decides_unless_the_name_says_otherwise(
    name: str, path: tuple[str, ...], reason: str | None
) -> None:
    found = forbidden(goods(name), path)

    assert (found[0] if found else None) == reason


def test_a_safe_word_does_not_save_a_name_that_is_forbidden_itself() -> None:
    assert forbidden(goods("Пиво и вода"), ("Алкоголь",)) == ("legal_beer", "пиво")


@given(st.text())
def test_any_text_can_be_judged(name: str) -> None:
    found = by_name(name)

    assert found is None or found[0].startswith("legal_")
    assert by_name(name) == found


@given(st.sampled_from([name for names in FORBIDDEN_NAMES.values() for name in names]), st.data())
def test_case_and_punctuation_hide_nothing(name: str, data: st.DataObject) -> None:
    before = data.draw(st.sampled_from(["", " ", "«", "№ 5 ", "1/20 "]))
    changed = data.draw(st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))(name)

    assert by_name(before + changed) is not None


def test_words_are_read_in_one_alphabet() -> None:
    assert words_of("ПИВO «Ёлка» №5+чай") == "пиво елка 5 + чай"


# Read line by line by a person: 611 rows, of which 247 are forbidden. Ambiguous, and let in: «Король
# лев», «фреш бар» (a soft drink). Left out with the beer: non-alcoholic «Жигули Барное».
EXPECTED_OF_THE_REAL_CATALOGUE = {
    None: 363,
    "free_price_position": 1,
    "legal_beer": 144,
    "legal_tobacco": 69,
    "legal_alcohol": 32,
    "legal_age": 2,
}


def test_the_real_catalogue_is_sorted_as_by_hand(shared_folder: Path) -> None:
    with (shared_folder / "data" / "shop-catalogue.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    found: Counter[str | None] = Counter()
    for row in rows:
        product = SourceProduct(ProductKey("A", row["code"]), row["name"], price=Decimal(row["price"]))
        refused = exclusion_reason(product, (row["group"],), Rules(), LIMITS)
        found[refused[0] if refused else None] += 1

    assert found == EXPECTED_OF_THE_REAL_CATALOGUE


def test_in_the_real_catalogue_every_drink_and_smoke_has_its_reason(shared_folder: Path) -> None:
    with (shared_folder / "data" / "shop-catalogue.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    by_group = Counter(row["group"] for row in rows if not by_name(row["name"]))

    # Beside these three, all of the group "Алкоголь" is alcohol or beer, and all of "Пиво" is beer.
    assert by_group["Алкоголь"] == 3
    assert by_group["Пиво"] == 0
    for row in rows:
        plain = row["name"].casefold()
        says_so = any(word in plain for word in ("сигарет", "пиво ", "водка", "коньяк", "мрц"))
        assert not says_so or by_name(row["name"]), row["name"]
