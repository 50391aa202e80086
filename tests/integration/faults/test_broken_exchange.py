"""A broken exchange writes one wrong thing into all goods of the till: nothing of it is shown unasked."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from sandbox import Sandbox
from syncing.core.choices import QuestionCode
from syncing.models import SyncJob
from tests.integration.faults.shop import ITEMS, first_run, run, store_of

pytestmark = [pytest.mark.django_db, pytest.mark.same_statements]

GROUPS = 5
LIKE = "Хорошая вещь для дома, подойдёт в подарок"

WRONG: dict[str, tuple[Callable[[int], dict[str, Any]], QuestionCode]] = {
    "names are one number": (lambda _number: {"name": "123456"}, QuestionCode.MANY_NAMES),
    "names are one word": (lambda _number: {"name": "Товар"}, QuestionCode.MANY_NAMES),
    "names are codes": (lambda number: {"name": str(1000 + number)}, QuestionCode.MANY_NAMES),
    "names are those of the next row": (
        lambda number: {"name": f"Кружка синяя {(number + 1) % ITEMS}"},
        QuestionCode.MANY_NAMES,
    ),
    "names are forbidden": (lambda _number: {"name": "Водка"}, QuestionCode.MANY_HIDDEN),
    "units are weights": (lambda _number: {"measure_name": "кг"}, QuestionCode.MANY_UNITS),
    "units are codes": (lambda _number: {"measure_name": "796"}, QuestionCode.MANY_UNITS),
    "prices are 0": (lambda _number: {"price": 0}, QuestionCode.MANY_HIDDEN),
    "prices are 1": (lambda _number: {"price": 1}, QuestionCode.MANY_PRICES),
    "prices are null": (lambda _number: {"price": None}, QuestionCode.UNTOLD_PRICE),
    "stocks are below 0": (lambda _number: {"quantity": -5}, QuestionCode.MANY_ZERO_STOCKS),
    "stocks are endless": (lambda _number: {"quantity": 1e9}, QuestionCode.MANY_ENDLESS_STOCKS),
    "groups are null": (lambda _number: {"parent_id": None}, QuestionCode.UNTOLD_GROUP),
    "types are services": (lambda _number: {"type": "SERVICE"}, QuestionCode.MANY_HIDDEN),
    "nothing may be sold": (lambda _number: {"allow_to_sell": False}, QuestionCode.MANY_HIDDEN),
}


def shop(box: Sandbox) -> dict[int, tuple[Any, ...]]:
    """Return what shoppers see of each item."""
    items = box.vk.live_items()
    return {one.id: (one.title, one.description, one.price_kopecks, one.stock, one.hidden) for one in items}


def tell_all(box: Sandbox, fields: Callable[[int], dict[str, Any]]) -> None:
    """Have the till tell something else of all its goods."""
    store = store_of(box)
    for number, product_id in enumerate(list(store.products)):
        box.evotor.edit_product(store.id, product_id, **fields(number))


@pytest.mark.once
@pytest.mark.parametrize("what", WRONG)
def test_one_wrong_thing_in_all_goods_is_asked_about(box: Sandbox, user: User, what: str) -> None:
    fields, code = WRONG[what]
    first_run(box, user)
    before = shop(box)
    tell_all(box, fields)
    job = run(user)
    assert job.status == SyncJob.Status.NEEDS_APPROVAL
    assert job.questions == [[code, ITEMS, ITEMS]]
    assert shop(box) == before


@pytest.mark.once
def test_names_that_come_back_right_need_no_answer(box: Sandbox, user: User) -> None:
    first_run(box, user)
    before = shop(box)
    names = {key: one.fields["name"] for key, one in store_of(box).products.items()}
    tell_all(box, lambda _number: {"name": "123456"})
    assert run(user).status == SyncJob.Status.NEEDS_APPROVAL
    for product_id, name in names.items():
        box.evotor.edit_product(store_of(box).id, product_id, name=name)
    job = run(user)
    assert (job.status, job.items_updated) == (SyncJob.Status.SUCCESS, 0)
    assert shop(box) == before


@pytest.mark.once
def test_new_names_that_the_merchant_says_yes_to_are_written(box: Sandbox, user: User) -> None:
    first_run(box, user)
    tell_all(box, lambda number: {"name": f"Чашка белая {number}"})
    assert run(user).status == SyncJob.Status.NEEDS_APPROVAL
    assert run(user, approve=True).items_updated == ITEMS
    assert {one.title for one in box.vk.live_items()} == {f"Чашка белая {number}" for number in range(ITEMS)}


@pytest.mark.once
@pytest.mark.parametrize("field", ["code", "article_number", "barcodes"])
def test_one_code_in_all_goods_makes_none_of_them_another(box: Sandbox, user: User, field: str) -> None:
    first_run(box, user)
    before = shop(box)
    tell_all(box, lambda _number: {field: ["4600000000001"] if field == "barcodes" else "1"})
    job = run(user)
    assert (job.items_created, job.items_hidden, job.items_deleted) == (0, 0, 0)
    assert shop(box) == before


@pytest.fixture
def described(box: Sandbox, user: User) -> User:
    """Return a merchant whose goods have texts and stand in five groups, all of it in VK."""
    store = store_of(box)
    groups = [box.evotor.add_group(store.id, f"Полка {word}") for word in ("а", "б", "в", "г", "д")]
    tell_all(
        box,
        lambda number: {
            "description": f"Кружка номер {number} из глины, {'о' * (number + 1)}чень прочная",
            "parent_id": groups[number % GROUPS].id,
        },
    )
    assert run(user, approve=True).status == SyncJob.Status.SUCCESS
    return user


TEXTS: dict[str, tuple[Callable[[int], str], QuestionCode]] = {
    "one text": (lambda _number: LIKE, QuestionCode.MANY_DESCRIPTIONS),
    "question marks": (lambda number: "?" * (10 + number), QuestionCode.MANY_DESCRIPTIONS),
    "a wrong encoding": (
        lambda number: f"Кружка из глины, прочная {number}".encode().decode("cp1251", "replace"),
        QuestionCode.MANY_DESCRIPTIONS,
    ),
    "nothing": (lambda _number: "", QuestionCode.UNTOLD_DESCRIPTION),
}


@pytest.mark.once
@pytest.mark.parametrize("what", TEXTS)
def test_one_wrong_description_in_all_goods_is_asked_about(box: Sandbox, described: User, what: str) -> None:
    text, code = TEXTS[what]
    before = shop(box)
    tell_all(box, lambda number: {"description": text(number)})
    job = run(described)
    assert job.status == SyncJob.Status.NEEDS_APPROVAL
    assert job.questions == [[code, ITEMS, ITEMS]]
    assert shop(box) == before


@pytest.mark.once
def test_first_descriptions_for_all_goods_are_written_unasked(box: Sandbox, user: User) -> None:
    first_run(box, user)
    tell_all(box, lambda number: {"description": f"Кружка из глины, очень прочная, {number}"})
    job = run(user)
    assert (job.status, job.items_updated) == (SyncJob.Status.SUCCESS, ITEMS)


@pytest.mark.once
def test_descriptions_that_the_merchant_says_yes_to_are_written(box: Sandbox, described: User) -> None:
    tell_all(box, lambda _number: {"description": LIKE})
    assert run(described).status == SyncJob.Status.NEEDS_APPROVAL
    assert run(described, approve=True).items_updated == ITEMS
    assert run(described).items_updated == 0


def albums(box: Sandbox) -> dict[str, int]:
    """Return the albums that VK shows, and how many items each holds."""
    items = box.vk.live_items()
    found = box.vk.communities[box.group_id].albums.values()
    return {one.title: sum(one.id in item.album_ids for item in items) for one in found}


NAMES_OF_GROUPS: dict[str, Callable[[int], str]] = {
    "one name": lambda _number: "Товары",
    "question marks": lambda number: "?" * (number + 4),
    "numbers": str,
    "those of the next row": lambda number: f"Полка {'абвгд'[(number + 1) % GROUPS]}",
}


@pytest.mark.parametrize("what", NAMES_OF_GROUPS)
def test_one_wrong_name_in_all_groups_is_asked_about(box: Sandbox, described: User, what: str) -> None:
    before, was = shop(box), albums(box)
    store = store_of(box)
    shelves = [key for key, one in store.groups.items() if one.name != "Посуда"]
    for number, group_id in enumerate(shelves):
        box.evotor.edit_group(store.id, group_id, name=NAMES_OF_GROUPS[what](number))
    job = run(described)
    assert job.status == SyncJob.Status.NEEDS_APPROVAL
    assert [QuestionCode.MANY_GROUPS, GROUPS, GROUPS] in job.questions
    assert (shop(box), albums(box)) == (before, was)
    assert run(described, approve=True).status == SyncJob.Status.SUCCESS
    assert run(described).status == SyncJob.Status.SUCCESS


@pytest.mark.once
def test_groups_that_get_better_names_rename_their_albums_unasked(box: Sandbox, described: User) -> None:
    store = store_of(box)
    shelves = [key for key, one in store.groups.items() if one.name != "Посуда"]
    for group_id, name in zip(shelves, ("Чашки", "Блюдца", "Ложки", "Вилки", "Ножи"), strict=True):
        box.evotor.edit_group(store.id, group_id, name=name)
    assert run(described).status == SyncJob.Status.SUCCESS
    assert albums(box).keys() == {"Чашки", "Блюдца", "Ложки", "Вилки", "Ножи"}


@pytest.mark.once
def test_all_groups_emptied_to_the_root_are_asked_about(box: Sandbox, described: User) -> None:
    before, was = shop(box), albums(box)
    tell_all(box, lambda _number: {"parent_id": ""})
    job = run(described)
    assert job.questions == [[QuestionCode.UNTOLD_GROUP, ITEMS, ITEMS]]
    assert (shop(box), albums(box)) == (before, was)
