"""The parts that read restricted goods' names: spelling, lists of words, likeness to medicines, groups."""

from decimal import Decimal

import pytest

from syncing.core.records import ProductKey, SourceProduct
from syncing.core.restricted_goods.classifier import classify, classify_name_and_group, decision_on
from syncing.core.restricted_goods.decisions import Decision, Decisions, Scope, key_of
from syncing.core.restricted_goods.group_names import GroupContents, group_contents
from syncing.core.restricted_goods.head_noun import ordinary_head
from syncing.core.restricted_goods.meanings import NOTHING, Meaning, Role
from syncing.core.restricted_goods.medicine_likeness import MedicineLikeness
from syncing.core.restricted_goods.name_classifier import has_brand_of
from syncing.core.restricted_goods.name_parser import is_suspicious, parse_name
from syncing.core.restricted_goods.spelling import (
    Token,
    cyrillic_homoglyphs,
    is_one_edit,
    one_letter_less,
    sound_key,
    tokens,
)
from syncing.core.restricted_goods.terms import ParsedName
from syncing.core.restricted_goods.verdicts import Basis, Kind, Restriction, forbidden, unsure
from syncing.core.restricted_goods.vocabulary import look_up, phrase, sizes_of_brands
from syncing.core.restricted_goods.word_index import Index, build_index
from syncing.core.restricted_goods.word_lists import LISTS as ALL_LISTS
from syncing.core.restricted_goods.word_lists import BrandList, WordList
from syncing.core.restricted_goods.word_lists import Kind as Forms
from syncing.core.restricted_goods.words_generic import Condition

BEER, TOBACCO, MEDICINE = Restriction.BEER, Restriction.TOBACCO, Restriction.MEDICINE


# Spelling


def marked(name: str) -> list[str]:
    """Return the parts of a name, each with what is known of it: # number, ! mark, ( aside, " quoted."""
    flags = (("#", "is_number"), ("!", "is_mark"), ("(", "aside"), ('"', "quoted"))
    return [
        token.shown + "".join(flag for flag, field in flags if getattr(token, field))
        for token in tokens(name)
    ]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Йогурт 2,5%", ["йогурт", "2,5#", "%!"]),
        ("Лён №7", ["лен", "#!", "7#"]),
        ("Чай (чёрный) 100", ["чай", "черный(", "100#"]),
        ("Чай (чёрный 100 +", ["чай", "черный(", "100#(", "+!("]),
        ("Чай (чёрный [лист] крупный) 5", ["чай", "черный(", "лист(", "крупный(", "5#"]),
        ("Чай) чёрный (лист)", ["чай", "черный", "лист("]),
        ("«Лес» и поле", ['лес"', "и", "поле"]),
        ('"Лес 5 + 1" поле', ['лес"', '5#"', '+!"', '1#"', "поле"]),
        ('Лес" и поле', ["лес", "и", "поле"]),
        ('Труба 3" и "Лес"', ["труба", "3#", "и", "лес"]),
        ("«Лес» «поле", ["лес", "поле"]),
        ("M & M 5", ["mm", "5#"]),
        ("д'Арт", ["дарт"]),
        ("н/ф ж/б литр/кружка", ["н/ф", "ж/б", "литр", "/!", "кружка"]),
        ("кока-кола 0-5", ["кока-кола", "0#", "5#"]),
        ("вoда", ["вода"]),
        ("cахaр", ["сахар"]),
        ("Lipтon", ["lipton"]),
        ("BMWклуб", ["bmw", "клуб"]),
        ("абвxyz-0", ["абв", "xyz", "0#"]),
    ],
)
def test_a_name_is_read_as_words_numbers_and_marks(name: str, parts: list[str]) -> None:
    assert marked(name) == parts


def test_a_word_is_compared_without_its_short_i_and_shown_with_it() -> None:
    assert list(tokens("Чайный")) == [Token("чаиныи", "чайный")]


def test_only_the_first_400_characters_of_a_name_are_read() -> None:
    assert len(list(tokens("а " * 300))) == 200


@pytest.mark.parametrize(
    ("word", "cyrillic"),
    [("coca", "соса"), ("pecm", "ресм"), ("book", "воок"), ("вода", None), ("dog", None)],
)
def test_a_latin_word_is_put_in_the_letters_that_look_the_same(word: str, cyrillic: str | None) -> None:
    assert cyrillic_homoglyphs(word) == cyrillic


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("шашка", "saska"),
        ("чашечка", "caseck"),
        ("church", "curc"),
        ("school", "sul"),
        ("match", "mac"),
        ("jacket", "jaket"),
        ("phantom", "fantom"),
        ("theatre", "titre"),
        ("zhukov", "jukov"),
        ("khan", "han"),
        ("deer", "dir"),
        ("mouse", "muse"),
        ("queen", "kvin"),
        ("xenon", "ksenon"),
        ("city", "siti"),
        ("cocoa", "kokoa"),
        ("коко-шанель", "kokosanel"),
        ("ванна", "vana"),
        ("ромашковая", "romaskov"),
        ("щука", "suka"),
        ("объезд", "obezd"),
        ("цыпа", "tsipa"),
    ],
)
def test_a_word_has_a_key_by_its_sound(word: str, key: str) -> None:
    assert sound_key(word) == key


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("вода", "вода", True),
        ("вода", "воды", True),
        ("вода", "вод", True),
        ("вод", "вода", True),
        ("вода", "ввода", True),
        ("вода", "овда", True),
        ("вода", "воад", True),
        ("молоко", "омлоко", True),
        ("вода", "дова", False),
        ("вода", "ваду", False),
        ("вода", "во", False),
        ("во", "вода", False),
        ("вода", "", False),
        ("вода", "овды", False),
        ("абвг", "бавд", False),
    ],
)
def test_one_edit_is_a_letter_changed_added_left_out_or_swapped(
    one: str, other: str, *, expected: bool
) -> None:
    assert is_one_edit(one, other) is expected


def test_each_letter_but_the_first_is_left_out_in_turn() -> None:
    assert list(one_letter_less("чаша")) == ["чша", "чаа", "чаш"]


# Lists of words

LISTS = (
    WordList(Forms.NOUNS, Role.GOODS, "квасн:ое пив:о,цо сидр йод= beer", BEER),
    WordList(Forms.NOUNS, Role.FOOD, "пив хлеб"),
    WordList(Forms.ADJECTIVES, Role.ADJECTIVE, "пивн", BEER),
    WordList(Forms.EXACT, Role.FORM, "таб амп", MEDICINE),
    WordList(Forms.NOUNS, Role.GOODS, "ингалятор", MEDICINE),
)
BRANDS = (
    BrandList(Role.BRAND, "лесной_ручей лесной_ручей_люкс лесной_край боровичок ява", TOBACCO),
    BrandList(Role.WEAK_BRAND, "боровичок снегирёк", BEER),
)


def index() -> Index:
    return build_index(LISTS, BRANDS)


def test_nouns_are_kept_by_stem_with_the_endings_of_their_nominative() -> None:
    assert index().nouns == {
        "квасн": [(Role.GOODS, BEER, frozenset({"ое"}))],
        "пив": [(Role.GOODS, BEER, frozenset({"о", "цо"})), (Role.FOOD, None, None)],
        "сидр": [(Role.GOODS, BEER, None)],
        "хлеб": [(Role.FOOD, None, None)],
        "ингалятор": [(Role.GOODS, MEDICINE, None)],
    }


def test_unchanging_and_latin_nouns_stand_as_they_are() -> None:
    assert index().exact == {
        "иод": [(Role.GOODS, BEER)],
        "beer": [(Role.GOODS, BEER)],
        "таб": [(Role.FORM, MEDICINE)],
        "амп": [(Role.FORM, MEDICINE)],
    }
    assert index().adjectives == {"пивн": [(Role.ADJECTIVE, BEER)]}


def test_brands_are_kept_by_sound_and_short_ones_by_their_letters() -> None:
    assert index().brands == {
        "lesnoirucei": [(Role.BRAND, TOBACCO)],
        "lesnoiruceiluks": [(Role.BRAND, TOBACCO)],
        "lesnoikrai": [(Role.BRAND, TOBACCO)],
        "borovicok": [(Role.BRAND, TOBACCO), (Role.WEAK_BRAND, BEER)],
        "ява": [(Role.BRAND, TOBACCO)],
        "snegirek": [(Role.WEAK_BRAND, BEER)],
    }
    assert index().first_words == {"lesnoi": [3, 2]}


def test_long_strong_brands_and_long_goods_are_found_misspelt() -> None:
    near = index().near

    assert {key for entries in near.values() for key, _ in entries} == {"borovicok", "ingalator"}
    assert near["borovicok"] == near["borovico"] == near["brovicok"] == [("borovicok", TOBACCO)]
    assert near["ingalator"] == [("ingalator", MEDICINE)]


def roles(meaning: Meaning) -> dict[str, tuple[str, ...]]:
    return {
        role.name: tuple(reason.removeprefix("legal_") for reason in dict.fromkeys(why))
        for role, why in meaning.roles.items()
    }


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("водка", {"GOODS": ("alcohol",)}),
        ("водку", {"GOODS": ("alcohol",)}),
        ("игристого", {"GOODS": ("alcohol",)}),
        ("игристои", {}),
        ("табачок", {"GOODS": ("tobacco",)}),
        ("пивнои", {"ADJECTIVE": ("beer",)}),
        ("баварскии", {}),
        ("баварское", {"BEER_SORT": ("beer",)}),
        ("разливное", {"BEER_SORT": ("beer",), "SURE_BEER_SORT": ("beer",), "BEER_SIGN": ("beer",)}),
        ("винстон", {"BRAND": ("tobacco",)}),
        ("винстен", {"MISSPELT": ("tobacco",)}),
        ("винстом", {"MISSPELT": ("tobacco",)}),
        ("бодка", {}),
        ("в0дка", {"GOODS": ("alcohol",)}),
        ("пиво-бар", {"MISSPELT": ("beer",)}),
        ("пиво-лимонад", {"GOODS": ("beer",)}),
        ("гуси-пиво", {"GOODS": ("beer",)}),
        ("beer-bar", {"GOODS": ("beer",)}),
        ("винстон-люкс", {"BRAND": ("tobacco",)}),
        ("флорабицин", {"SUBSTANCE": ("medicine",)}),
        ("парацетомол", {"MISSPELT": ("medicine",)}),
        ("наливок", {"GOODS": ("alcohol",)}),
        ("самокруток", {"GOODS": ("tobacco",), "SMOKING": ("tobacco",)}),
        ("сигареток", {"GOODS": ("tobacco",)}),
        ("дрипек", {"GOODS": ("tobacco",)}),
        ("лес-квас", {"DRINK": ()}),
        ("эль-квас", {"WEAK_GOODS": ("beer",)}),
        ("", {}),
    ],
)
def test_a_word_means_what_its_lists_say(word: str, expected: dict[str, tuple[str, ...]]) -> None:
    found = roles(look_up(word))

    assert found == expected


def test_a_noun_in_another_case_is_known_as_such() -> None:
    assert [look_up(word).is_nominative for word in ("водка", "водки", "пиво", "пива", "вин")] == [
        True,
        False,
        True,
        False,
        False,
    ]


def test_words_are_a_brand_together_and_nothing_apart() -> None:
    assert roles(phrase(("лаки", "страик"))) == {"BRAND": ("tobacco",)}
    assert phrase(("лаки", "чашка")) is NOTHING
    assert list(sizes_of_brands("лаки")) == [2]
    assert not sizes_of_brands("чашка")


def test_a_condition_has_its_words_as_names_are_compared() -> None:
    assert Condition("чайный  <мг> лён", Kind.ALLOWED).stems == ("чаиныи", "<мг>", "лён")


# Likeness to medicines


def test_a_word_scores_by_its_pieces() -> None:
    likeness = MedicineLikeness(["дормицин валицин"], ["корзинка пружинка ваза"])

    assert likeness.score("борицин") > 0 > likeness.score("тужинка")
    assert likeness.score("дормицин") == pytest.approx(1.6, abs=1)
    assert likeness.score("борицин") > likeness.score("борицик")
    assert likeness.score("дормицук") > likeness.score("бармыцук")


def test_a_word_of_neither_list_scores_by_the_size_of_the_lists() -> None:
    same = MedicineLikeness(["абвгд"], ["ежзик"])
    more = MedicineLikeness(["абвгд лмноп"], ["ежзик"])

    assert same.score("ррррр") == 0
    assert more.score("ррррр") == pytest.approx(-0.693, abs=0.001)
    assert same.score("абвгд") == pytest.approx(-same.score("ежзик")) == pytest.approx(1.0986, abs=0.001)


# Parts of a name


def part(name: str) -> ParsedName:
    (parsed,) = parse_name(name)
    return parsed


@pytest.mark.parametrize(
    ("name", "governed"),
    [
        ("Кружка для кваса", ["кваса"]),
        ("Кружка для кваса синяя", ["кваса"]),
        ("Кружка для очень большого синего кваса", ["очень", "большого", "синего"]),
        ("Кружка для кваса с мёдом", ["кваса", "медом"]),
        ("Кружка для, кваса", []),
        ("Кружка для 5 кваса", []),
        ("Кружка для 5 синего", []),
        ("Кружка для (синего) кваса", ["синего", "кваса"]),
        ("Мыло на основе мёда", []),
        ("Чай со вкусом лимона", ["вкусом", "лимона"]),
        ("Кружка д/сок синяя", ["д/сок"]),
        ("Сок к чаю", ["чаю"]),
        ("Кружка для Балтика вода", ["балтика"]),
        ("Кружка для iqos вода", ["iqos"]),
    ],
)
def test_a_preposition_governs_up_to_the_next_noun(name: str, governed: list[str]) -> None:
    assert [term.shown for term in part(name).terms if term.governor] == governed


@pytest.mark.parametrize(
    ("name", "signs"),
    [
        ("Роса 0,5 л", ["litres"]),
        ("Роса 5 л", ["litres"]),
        ("Роса 5,1 л", []),
        ("Роса 0,7 л", ["litres", "spirits_bottle"]),
        ("Роса 750 мл", ["litres", "spirits_bottle", "price_tail?"]),
        ("Роса 330 мл", ["litres"]),
        ("Роса 331 мл", []),
        ("Роса 120 мл", ["small_bottle"]),
        ("Роса 121 мл", []),
        ("Роса 0,5", ["litres"]),
        ("Роса 0.75", ["litres", "spirits_bottle"]),
        ("Роса 0,55", []),
        ("Роса 2,5", []),
        ("Роса 0,5 кг", []),
        ("Роса 0,5 %", []),
        ("Роса 5 мг", ["dose"]),
        ("Роса 50 г", ["pouch"]),
        ("Роса 55 г", []),
        ("Роса №20", ["pack_count"]),
        ("Роса n 20", ["pack_count"]),
        ("Роса №21", ["pack_count"]),
        ("Роса №22", []),
        ("Роса 60", ["price_tail"]),
        ("Роса 59", []),
        ("Роса 399", ["price_tail"]),
        ("Роса 400", []),
        ("Роса 99 руб", []),
        ("Роса 600", ["puffs"]),
        ("Роса 650", []),
        ("Роса 500", []),
        ("Роса 59900 Т", ["puffs"]),
        ("Роса 200000", []),
        ("20 роса", []),
        ("Роса *0.5*л", ["litres"]),
    ],
)
def test_a_number_means_what_its_unit_says(name: str, signs: list[str]) -> None:
    parsed = part(name)
    known = ("litres", "spirits_bottle", "small_bottle", "dose", "pack_count", "price_tail", "puffs", "pouch")

    assert [sign for sign in known if getattr(parsed, sign)] == [sign for sign in signs if "?" not in sign]


def test_shares_are_read_with_their_fractions() -> None:
    assert part("Роса 4,5% 12 % 40").shares == (4.5, 12.0)
    assert part("Роса 4,5%").has_share_of(4.5, 4.5)
    assert not part("Роса 4,5%").has_share_of(4.6, 9)


def test_a_plus_sign_joins_things_and_not_the_words_of_one() -> None:
    shown = [[term.shown for term in parsed.terms] for parsed in parse_name("Чай + кофе + Премиум")]

    assert shown == [["чай"], ["кофе", "премиум"]]
    assert len(parse_name("Чай 5 + кофе")) == len(parse_name("А + кофе")) == 1
    assert len(parse_name("Чай + (кофе)")) == 1


# Groups and decisions


def test_a_group_is_read_with_its_qualifiers() -> None:
    assert group_contents("Пиво разливное 2024 №1") == (GroupContents.ALL, BEER)
    assert group_contents("Пиво и рыба") == (GroupContents.SOME, BEER)
    assert group_contents("Бокалы для пива") == (GroupContents.NONE, None)
    assert group_contents("2024 №1") == (GroupContents.NONE, None)


def test_a_verdict_by_the_group_names_the_group() -> None:
    assert classify_name_and_group("Лесная", ["Разное", "Пиво"]) == forbidden(BEER, Basis.GROUP, "Пиво")
    assert classify_name_and_group("Манго", ["Табак"]) == unsure(TOBACCO, Basis.GROUP, "Табак")
    assert classify_name_and_group("Охота на утро", ["Пиво и рыба"]) == unsure(
        BEER, Basis.GROUP, "Пиво и рыба"
    )


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Квас белый", {Role.DRINK}),
        ("Квас + хлеб", {Role.DRINK, Role.FOOD}),
        ("Квас + водка", set()),
        ("Стакан", {Role.VESSEL}),
        ("Лесной стакан", set()),
        ("5 стакан", {Role.VESSEL}),
        ("Набор кваса", {Role.DRINK}),
        ("Набор", set()),
        ("Лесная", set()),
    ],
)
def test_an_ordinary_head_is_what_the_name_says_first(name: str, found: set[Role]) -> None:
    assert ordinary_head(name) & {Role.DRINK, Role.FOOD, Role.VESSEL} == found


def test_a_brand_of_the_kind_is_seen_anywhere_in_a_name() -> None:
    assert has_brand_of("Рыба + Балтика", BEER)
    assert has_brand_of("Лесной стаут", BEER)
    assert not has_brand_of("Балтика", TOBACCO)
    assert not has_brand_of("Пиво", BEER)


def test_a_decision_is_told_with_the_text_that_it_is_about() -> None:
    by_name = Decision(Scope.NAME, key_of("Миллер 0,44"), may_sell=True)
    by_brand = Decision(Scope.BRAND, key_of("миллер"), may_sell=True)
    by_group = Decision(Scope.GROUP, key_of("Разное"), may_sell=True)
    path = ("Магазин", "Разное")

    for decision, text in ((by_name, "Миллер 0,44"), (by_brand, "миллер"), (by_group, "Разное")):
        assert decision_on("Миллер 0,44", path, Decisions.of([decision])) == (decision, text)
    assert decision_on("Миллер 0,44", path, Decisions()) is None
    assert decision_on("Хлеб", path, Decisions.of([by_group])) is None


def test_a_decision_against_selling_keeps_the_reason_of_a_doubt() -> None:
    no = Decisions.of([Decision(Scope.NAME, key_of("Миллер 0,44"), may_sell=False)])
    product = SourceProduct(ProductKey("A", "1"), "Миллер 0,44", price=Decimal(100))

    assert classify(product, (), no) == forbidden(BEER, Basis.DECISION, "Миллер 0,44")


def test_a_decision_is_kept_by_the_words_of_its_text() -> None:
    assert key_of("Сок 5 %, «Лён» + чай!") == "сок 5 % лен + чаи"
    assert len(key_of("а" * 300)) == 255


def test_a_decision_on_an_empty_text_is_never_asked_for() -> None:
    decisions = Decisions.of([Decision(Scope.NAME, "", may_sell=True)])

    assert decisions.find(Scope.NAME, "") is None


def test_a_decision_against_selling_leaves_a_certain_verdict_as_it_is() -> None:
    no = Decisions.of([Decision(Scope.NAME, key_of("Водка"), may_sell=False)])
    product = SourceProduct(ProductKey("A", "1"), "Водка", price=Decimal(100))

    assert classify(product, (), no) == forbidden(Restriction.ALCOHOL, Basis.KIND, "водка")


def test_a_flag_is_told_as_one() -> None:
    excisable = SourceProduct(ProductKey("A", "1"), "Лампа", price=Decimal(100), is_excisable=True)
    adult = SourceProduct(ProductKey("A", "1"), "Лампа", price=Decimal(100), is_age_limited=True)

    assert classify(excisable, (), Decisions()) == forbidden(
        Restriction.EXCISABLE, Basis.FLAG, "is_excisable"
    )
    assert classify(adult, (), Decisions()) == forbidden(Restriction.AGE, Basis.FLAG, "is_age_limited")


def test_every_sure_sort_of_beer_is_a_sort_of_beer() -> None:
    def words(role: Role) -> set[str]:
        return {word for listed in ALL_LISTS if listed.role is role for word in listed.words.split()}

    assert words(Role.SURE_BEER_SORT) <= words(Role.BEER_SORT)


# «Чёрный аист» is a brand, and so is one that begins with «10»: these are others.
@pytest.mark.parametrize("name", ["Чай чёрный листовой 100 г", "Чай чёрный 1000"])
def test_the_first_word_of_a_brand_without_the_rest_needs_no_second_look(name: str) -> None:
    assert not is_suspicious(tokens(name))


@pytest.mark.parametrize(
    "name", ["Чёрный аист", "Пять чёрный аист", "Чай чёрный рх", "Чай чёрный никотин", "Чёрный а."]
)
def test_the_first_word_of_a_brand_needs_a_look_where_the_rest_may_follow(name: str) -> None:
    assert is_suspicious(tokens(name))
