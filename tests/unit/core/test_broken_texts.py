"""Which rewritten descriptions and names of groups are a broken exchange, and which the merchant's edits."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from syncing.core.broken_texts import Rewritten, renamed_groups, rewritten_descriptions
from syncing.core.choices import Albums, QuestionCode
from syncing.core.planner import sync_user
from syncing.core.records import GroupKey, Rules, SourceGroup, SourceProduct
from tests.unit.core.shop import STORE, PretendShop, product

RULES = Rules(default_category_id=1)
NAMES = ("Чашки", "Блюдца", "Ложки", "Вилки", "Ножи")


def groups(names: Iterable[str], *, parent: str = "") -> list[SourceGroup]:
    return [SourceGroup(GroupKey(STORE, f"group-{n}"), name, parent) for n, name in enumerate(names)]


def goods(
    text: Callable[[int], str] = lambda number: f"Глина {'о' * (number + 1)}, обжиг в печи",
) -> list[SourceProduct]:
    return [product(n, description=text(n), group_id=f"group-{n % 5}") for n in range(20)]


def published(products: list[SourceProduct], rules: Rules = RULES, *, parent: str = "") -> PretendShop:
    shop = PretendShop()
    above = [SourceGroup(GroupKey(STORE, "top"), "Посуда")] if parent else []
    tree = [*above, *groups(NAMES, parent=parent)]
    shop.apply(sync_user(shop.context(products, rules=replace(rules, brake_items=10_000), groups=tree)))
    return shop


def descriptions(shop: PretendShop, products: list[SourceProduct], rules: Rules = RULES) -> Rewritten:
    context = shop.context(products, rules=rules, groups=groups(NAMES))
    return rewritten_descriptions(context, sync_user(context).actions)


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        (lambda _number: "Хорошая вещь для дома", 20),
        (lambda number: "?" * (10 + number), 20),
        (lambda number: f"Глина {'о' * ((number + 1) % 20 + 1)}, обжиг в печи", 20),
        (lambda number: f"Фарфор тонкий, {'а' * (number + 1)}", 0),
    ],
)
def test_texts_that_take_the_place_of_others_are_counted(text: Callable[[int], str], broken: int) -> None:
    assert descriptions(published(goods()), goods(text)) == Rewritten(20, broken, 20)


def test_texts_that_only_say_more_or_come_first_are_none() -> None:
    more = goods(lambda number: f"Глина {'о' * (number + 1)}, обжиг в печи, можно в печь")
    assert descriptions(published(goods()), more).count == 0
    assert descriptions(published(goods(lambda _number: "")), goods()).count == 0


def test_another_template_is_the_merchant_s_own_change() -> None:
    found = descriptions(
        published(goods()), goods(), replace(RULES, description_template="Лавка. {description}. Ждём вас")
    )
    assert found == Rewritten(0, 0, 20)


def test_texts_that_the_merchant_wrote_for_vk_are_their_own() -> None:
    own = [replace(one, own_description="Наша кружка {name}, {description}") for one in goods()]
    assert descriptions(published(goods()), own).count == 0


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["Товары"] * 5, Rewritten(5, 5, 5)),
        (["????", "?????", "??????", "???????", "????????"], Rewritten(5, 5, 5)),
        (["1", "2", "3", "4", "5"], Rewritten(5, 5, 5)),
        ([*NAMES[1:], NAMES[0]], Rewritten(5, 5, 5)),
        (["Кружки", "Тарелки", "Кастрюли", "Сковороды", "Тёрки"], Rewritten(5, 0, 5)),
        ([f"{name} и другое" for name in NAMES], Rewritten(0, 0, 5)),
        ([name.upper() for name in NAMES], Rewritten(0, 0, 5)),
        ([*NAMES[:4], NAMES[0]], Rewritten(1, 0, 5)),
    ],
)
def test_names_of_groups_that_are_others_are_counted(names: list[str], found: Rewritten) -> None:
    context = published(goods()).context(goods(), rules=RULES, groups=groups(names))
    assert renamed_groups(context) == found
    codes = {question.code for question in sync_user(context).questions}
    assert (QuestionCode.MANY_GROUPS in codes) is (found.broken > 1)


def test_a_single_group_is_asked_about_where_nobody_can_read_its_name() -> None:
    alone = [replace(one, group_id="group-0") for one in goods()]
    shop = published(alone)
    for name, is_asked in (("Товары", False), ("????", True)):
        context = shop.context(alone, rules=RULES, groups=groups([name, *NAMES[1:]]))
        codes = {question.code for question in sync_user(context).questions}
        assert (QuestionCode.MANY_GROUPS in codes) is is_asked


def test_another_level_of_groups_for_albums_is_the_merchant_s_own_choice() -> None:
    shop = published(goods(), replace(RULES, albums=Albums.TOP_GROUP), parent="top")
    tree = [SourceGroup(GroupKey(STORE, "top"), "Посуда"), *groups(NAMES, parent="top")]
    context = shop.context(goods(), rules=RULES, groups=tree)
    assert renamed_groups(context) == Rewritten(0, 0, 5)


def test_titles_that_the_merchant_chose_for_albums_are_not_the_till_s() -> None:
    chosen = {f"group-{number}": f"Полка {number}" for number in range(5)}
    context = published(goods()).context(
        goods(), rules=replace(RULES, album_by_group=chosen), groups=groups(["Товары"] * 5)
    )
    assert renamed_groups(context) == Rewritten(0, 0, 5)
