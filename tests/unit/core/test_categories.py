"""VK categories: guessed from names, never the first of the list; the merchant's choice comes first."""

from dataclasses import replace
from decimal import Decimal

import pytest

from sandbox.vk.categories import TREE
from syncing.core.categories import CategoryChooser, CategoryGuesser, Guess, find_family
from syncing.core.choices import CategorySource, Reason
from syncing.core.evaluation import Evaluator, evaluate_all
from syncing.core.goods_rules.records import GoodsRule, RuleAction, RuleActionKind
from syncing.core.planner import sync_user
from syncing.core.records import (
    Category,
    CategoryChoice,
    GroupKey,
    ProductKey,
    Rules,
    SourceGroup,
    SourceProduct,
)
from tests.unit.core.shop import LIMITS, STORE, PretendShop

SANDBOX = [Category(number, (section, name)) for _, section, leaves in TREE for number, name in leaves]
# As VK's own tree was called in other years.
OTHER = [
    Category(number, tuple(path.split(" / ")))
    for number, path in enumerate(
        (
            "Гардероб / Ювелирные украшения",
            "Гардероб / Детская одежда",
            "Детские товары / Мамам и малышам",
            "Досуг и подарки / Сувениры и цветы",
            "Досуг и подарки / Книги и журналы",
            "Транспорт / Автозапчасти",
            "Дом и дача / Ремонт и строительство",
            "Дом и дача / Инструменты",
            "Дом и дача / Кухонные принадлежности",
            "Спорт и отдых / Охота и рыбалка",
            "Продукты питания / Бакалея",
            "Животные / Товары для животных",
            "Прочее / Другое",
        ),
        start=1,
    )
]


def names(categories: list[Category], thing: str) -> str | None:
    guess = CategoryGuesser(categories).guess(thing)
    return guess.category.path[-1] if guess and guess.category else None


@pytest.mark.parametrize(
    ("thing", "category"),
    [
        ("Чай", "Чай и кофе"),
        ("ЧАЙ ПРИНЦЕССА НУРИ 25X2ГР.", "Чай и кофе"),
        ("Кружки", "Посуда"),
        ("Кружка для чая", "Посуда"),
        ("Чайник заварочный", "Посуда"),
        ("Для ванны", "Товары для дома"),
        ("Крем для рук", "Косметика"),
        ("Всё для рыбалки", "Туризм"),
        ("Всё для сада", "Сад"),
        ("Молочный отдел", "Молочные продукты"),
        ("Молочный шоколад", "Сладости и десерты"),
        ("Фруктовый чай", "Чай и кофе"),
        ("Продукты", "Бакалея"),
        ("Детское питание", "Детское питание"),
        ("Детская одежда", "Одежда"),
        ("Распашонка", "Одежда"),
        ("Шампунь", "Косметика"),
        ("Шампунь для собак", "Аксессуары для животных"),
        ("Игрушки для собак", "Аксессуары для животных"),
        ("Игрушки", "Игрушки"),
        ("Корм для кошек", "Корма"),
        ("Kitekat с кроликом", "Корма"),
        ("Средство для мытья посуды", "Бытовая химия"),
        ("Зубная щётка", "Гигиена"),
        ("Щётка для пола", "Товары для дома"),
        ("Бумага туалетная", "Гигиена"),
        ("Бумага А4", "Канцелярские товары"),
        ("Краска для волос", "Косметика"),
        ("Приправа для шашлыка", "Бакалея"),
        ("Чехол для телефона", "Аксессуары для телефонов"),
        ("Ручка шариковая", "Канцелярские товары"),
        ("1. Вода, соки", "Напитки"),
        ("Скейтборды", "Скейтборды и лонгборды"),
        ("Пломбир 15%", "Сладости и десерты"),
        ('Пиво "Букет Чувашии". Стекло', None),
        ('"Дирол" 14 г', "Сладости и десерты"),
        # A brand in quotes says for whom the food is, and what a name of quotes alone is.
        ('Желе "Kitekat" с говядиной', "Корма"),
        ("Паштет «Whiskas» 85 г", "Корма"),
        ('Игрушка "Whiskas"', "Игрушки"),
        ('" ДИРОЛ " 14 гр в ассорт.', "Сладости и десерты"),
        ('"Липтон" зелёный 25 пак.', "Чай и кофе"),
        # What goods are packed in is not what they are.
        ("Оболонь Светлое ПЭТ бутылка", None),
        ("Пластиковая бутылка", "Посуда"),
        ("Стакан 0,5 л", "Посуда"),
        # A word as wide as «продукт» says less than any other.
        ("Продукт йогуртный Услада персик", "Молочные продукты"),
        ("Сырный продукт плавленый", "Молочные продукты"),
        ("Продукт колбасный", "Мясо и рыба"),
        # Words cut short, as tills have them.
        ("морож СокКус банан", "Сладости и десерты"),
        ("Шок. «Воздушный» белый 85 г", "Сладости и десерты"),
        ("ложка морожка пломбир", "Сладости и десерты"),
        ("Ложка столовая", "Посуда"),
        ("Роза красная", None),
        ("Автозапчасти", None),
        ("Инструменты", None),
        ("Разное", None),
        ("Новинки", None),
        ("Для всех", None),
        ("Товар 17", None),
        ("", None),
    ],
)
def test_a_thing_is_known_by_its_name(thing: str, category: str | None) -> None:
    assert names(SANDBOX, thing) == category


@pytest.mark.parametrize(
    ("thing", "category"),
    [
        ("Розы", "Сувениры и цветы"),
        ("Букеты", "Сувениры и цветы"),
        ("Ползунки", "Детская одежда"),
        ("Подгузники", "Мамам и малышам"),
        ("Тормозные колодки", "Автозапчасти"),
        ("Фильтр масляный", "Автозапчасти"),
        ("Шампунь для авто", "Автозапчасти"),
        ("Дрель", "Инструменты"),
        ("Саморезы", "Ремонт и строительство"),
        ("Краска для стен", "Ремонт и строительство"),
        ("Спиннинг", "Охота и рыбалка"),
        ("Наполнитель для кошек", "Товары для животных"),
        ("Кружка", "Кухонные принадлежности"),
        ("Роман «Война и мир», книга", "Книги и журналы"),
        ("Чай", "Бакалея"),
    ],
)
def test_the_tree_is_taken_as_vk_gives_it(thing: str, category: str) -> None:
    assert names(OTHER, thing) == category


def chooser(categories: list[Category] = SANDBOX, **rules: object) -> CategoryChooser:
    return CategoryChooser(Rules(**rules), categories)  # type: ignore[arg-type]


def group(name: str, key: str = "g") -> SourceGroup:
    return SourceGroup(GroupKey(STORE, key), name)


def product(name: str = "Непонятно что", key: str = "p") -> SourceProduct:
    return SourceProduct(ProductKey(STORE, key), name, price=Decimal(10))


def test_a_group_decides_for_its_goods_and_names_decide_where_it_says_nothing() -> None:
    tea = chooser().choose(product("Кружка"), (group("Продукты", "a"), group("Чай", "b")))
    mug = chooser().choose(product("Кружка"), (group("Разное"),))

    assert tea is not None
    assert (tea.category_id, tea.source, tea.basis) == (50102, CategorySource.GUESSED_BY_GROUP, "Чай")
    assert mug is not None
    assert (mug.category_id, mug.source, mug.basis) == (30501, CategorySource.GUESSED_BY_NAME, "кружка")


def test_a_group_as_wide_as_food_decides_only_where_the_name_says_nothing() -> None:
    food = (group("Продукты"),)

    shampoo = chooser().choose(product("Шампунь «Чистая линия»"), food)
    unknown = chooser().choose(product("Элиш"), food)

    assert shampoo is not None
    assert (shampoo.category_id, shampoo.source) == (40834, CategorySource.GUESSED_BY_NAME)
    assert unknown is not None
    assert (unknown.category_id, unknown.source) == (50067, CategorySource.GUESSED_BY_GROUP)
    assert chooser().choose(product("Элиш"), (*food, group("Разное", "b"))) == unknown


def test_the_merchants_choice_wins_over_every_guess() -> None:
    path = (group("Чай"),)

    by_group = chooser(category_by_group={"g": 7}).choose(product(), path)
    by_product = chooser(category_by_group={"g": 7}, category_by_product={"p": 8}).choose(product(), path)
    stored = chooser(guessed_by_group={"g": 50103}, category_by_group={"g": 7}).choose(product(), path)

    assert by_group is not None
    assert (by_group.category_id, by_group.source) == (7, CategorySource.GROUP)
    assert by_product is not None
    assert (by_product.category_id, by_product.source) == (8, CategorySource.PRODUCT)
    assert stored is not None
    assert stored.category_id == 7


def test_an_earlier_guess_holds_while_vk_has_the_category() -> None:
    path = (group("Чай"),)

    kept = chooser(guessed_by_group={"g": 50103}).choose(product(), path)
    lost = chooser(guessed_by_group={"g": 999}).choose(product(), path)

    assert kept is not None
    assert kept.category_id == 50103
    assert lost is not None
    assert lost.category_id == 50102


def test_an_unknown_product_gets_the_neutral_category() -> None:
    by_tree = chooser(OTHER).choose(product(), ())
    by_merchant = chooser(OTHER, default_category_id=4).choose(product(), ())

    assert by_tree is not None
    assert (by_tree.category_id, by_tree.source) == (13, CategorySource.NEUTRAL)
    assert by_merchant is not None
    assert (by_merchant.category_id, by_merchant.source) == (4, CategorySource.DEFAULT)


def test_a_thing_that_vk_has_no_place_for_gets_no_category() -> None:
    assert chooser().choose(product("Тормозные колодки"), ()) is None
    assert chooser().choose(product("Чай"), (group("Автозапчасти"),)) is None
    found = chooser(default_category_id=30502).choose(product("Тормозные колодки"), ())
    assert found is not None
    assert found.source is CategorySource.DEFAULT


def test_goods_without_a_category_wait_and_say_so() -> None:
    shop = PretendShop()
    context = replace(
        shop.context([product("Тормозные колодки"), product("Кружка", "q")], rules=Rules()),
        categories=tuple(SANDBOX),
    )

    plan = sync_user(context)

    assert [(skip.key.product_id, skip.reason) for skip in plan.skipped] == [("p", Reason.NO_CATEGORY)]
    assert [action.key.product_id for action in plan.actions] == ["q"]
    assert plan.categories[ProductKey(STORE, "q")].source is CategorySource.GUESSED_BY_NAME


def test_no_item_is_hidden_for_want_of_a_category() -> None:
    shop = PretendShop()
    brakes = product("Тормозные колодки")
    shop.apply(sync_user(shop.context([brakes], rules=Rules(default_category_id=7))))
    context = replace(shop.context([brakes], rules=Rules()), categories=tuple(SANDBOX))

    assert sync_user(context).actions == ()
    assert evaluate_all(context).categories[brakes.key].source is CategorySource.KEPT


@pytest.mark.parametrize(
    ("name", "like"),
    [
        ("Детский шампунь", "Шампунь"),
        ("Шампунь для собак", "Шампунь для кошек"),
        ("«Букет» лампа", "Лампа"),
        ("«Лампа»", "Лампа"),
        ("Кружка для чая", "Кружка"),
        ("Кроссовками", "Кроссовки"),
        ("Кухонный", "Кружка"),
        ("Для ванны", "для ВАННЫ"),
    ],
)
def test_a_name_tells_its_family_by_what_it_is(name: str, like: str) -> None:
    assert find_family(name) is find_family(like) is not None


@pytest.mark.parametrize("name", ["Бывалый", "«Бывалый»", "для", ""])
def test_a_name_that_says_nothing_has_no_family(name: str) -> None:
    assert find_family(name) is None


def test_the_words_of_a_category_are_those_of_its_last_name() -> None:
    deep = [Category(1, ("Дом", "Свет", "Фонарики")), Category(2, ("Дом", "Фонарики", "Разное"))]

    assert CategoryGuesser(deep).guess("Фонарики") == Guess(deep[0], "фонарики")
    assert CategoryGuesser(deep).neutral() == deep[1]


def test_groups_alone_tell_a_category_by_the_nearest_that_says_something() -> None:
    path = (group("Чай", "a"), group("Разное", "b"))
    found = chooser().choose_for_groups(path)
    assert found == CategoryChoice(50102, CategorySource.GUESSED_BY_GROUP, "Чай")
    assert chooser().choose_for_groups((group("Разное"),)) is None


@pytest.mark.parametrize(
    ("name", "by_product", "source"),
    [
        ("Кружка", {}, CategorySource.RULE),
        ("Тормозные колодки", {}, CategorySource.RULE),
        ("Кружка", {"p": 8}, CategorySource.PRODUCT),
    ],
)
def test_a_rule_gives_the_category_unless_the_merchant_gave_the_product_its_own(
    name: str, by_product: dict[str, int], source: CategorySource
) -> None:
    rule = GoodsRule(1, "Дом", (), (RuleAction(RuleActionKind.CATEGORY, "7"),))
    rules = Rules(goods_rules=(rule,), category_by_product=by_product)
    found = Evaluator(rules, (), (), LIMITS, SANDBOX).category_of(product(name))
    assert found is not None
    assert (found.source, found.category_id) == (source, by_product.get("p", 7))


def test_a_food_for_an_owner_is_known_by_the_word_that_says_whose_it_is() -> None:
    guess = CategoryGuesser(SANDBOX).guess("Лакомство для собак")
    assert guess is not None
    assert guess.word == "собак"
