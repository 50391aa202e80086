"""A yes covers what was shown with its question: not what the till or the community became before its run."""

import pytest
from django.utils import timezone

from accounts.models import User
from connections.vk.connect import connect_vk
from sandbox import Sandbox
from sandbox.evotor.records import TillStore
from sandbox.vk.records import ADMINISTRATOR
from syncing.core.choices import QuestionCode
from syncing.jobs.approval import approve_job
from syncing.models import SyncJob
from syncing.services.errors import CannotSync
from tests.integration.syncing.running import ITEMS, carry_on, first_run, put_goods, reprice, run

pytestmark = pytest.mark.django_db

Status = SyncJob.Status
GROUPS = 5
# More than every field that the till leaves out without a question.
UNTOLD = 15


def store_of(box: Sandbox) -> TillStore:
    return next(iter(box.evotor.stores.values()))


def albums(box: Sandbox) -> list[str]:
    return [one.title for one in box.vk.communities[box.group_id].albums.values()]


def name_groups(box: Sandbox, *names: str) -> None:
    """Give the groups of the goods these names in the till."""
    store = store_of(box)
    for group_id, name in zip(list(store.groups)[-GROUPS:], names, strict=True):
        box.evotor.edit_group(store.id, group_id, name=name)


@pytest.fixture
def shelves(box: Sandbox, user: User) -> User:
    """Return a merchant whose goods stand on five shelves, with an album for each in VK."""
    store = store_of(box)
    groups = [box.evotor.add_group(store.id, f"Полка {word}") for word in "абвгд"]
    for number, product_id in enumerate(store.products):
        box.evotor.edit_product(store.id, product_id, parent_id=groups[number % GROUPS].id)
    assert run(user).status == Status.SUCCESS
    return user


def test_a_yes_to_new_names_of_groups_covers_no_other_names(box: Sandbox, shelves: User) -> None:
    before = albums(box)
    name_groups(box, "1", "2", "3", "4", "5")
    held = run(shelves)
    assert (held.questions, held.items.count()) == ([[QuestionCode.MANY_GROUPS, GROUPS, GROUPS]], 0)
    name_groups(box, "11", "12", "13", "14", "15")
    approve_job(held, by=shelves)
    again = carry_on(shelves)
    assert (again.status, albums(box)) == (Status.NEEDS_APPROVAL, before)
    approve_job(again, by=shelves)
    assert carry_on(shelves).status == Status.SUCCESS
    assert albums(box) == ["11", "12", "13", "14", "15"]


@pytest.mark.once
def test_a_yes_to_new_names_of_groups_stands_while_goods_are_sold(box: Sandbox, shelves: User) -> None:
    name_groups(box, "1", "2", "3", "4", "5")
    held = run(shelves)
    box.evotor.edit_product(store_of(box).id, next(iter(store_of(box).products)), quantity=4)
    approve_job(held, by=shelves)
    done = carry_on(shelves)
    assert (done.status, done.items_updated) == (Status.SUCCESS, 0)
    assert albums(box) == ["1", "2", "3", "4", "5"]
    assert carry_on(shelves).items_updated == 1


@pytest.mark.once
def test_a_yes_to_prices_covers_no_names_of_groups(box: Sandbox, shelves: User) -> None:
    before = albums(box)
    reprice(box, by=50)
    held = run(shelves)
    assert [code for code, *_ in held.questions] == [QuestionCode.MANY_PRICES]
    name_groups(box, "1", "2", "3", "4", "5")
    approve_job(held, by=shelves)
    again = carry_on(shelves)
    assert (again.status, albums(box)) == (Status.NEEDS_APPROVAL, before)


def test_a_yes_to_prices_that_the_till_does_not_tell_covers_no_more_of_them(box: Sandbox, user: User) -> None:
    put_goods(box, 40, name="Тарелка")
    run(user)
    goods = list(store_of(box).products)
    for product_id in goods[:UNTOLD]:
        box.evotor.edit_product(store_of(box).id, product_id, price=None)
    held = run(user)
    assert held.questions == [[QuestionCode.UNTOLD_PRICE, UNTOLD, len(goods)]]
    box.evotor.edit_product(store_of(box).id, goods[-1], price=None)
    approve_job(held, by=user)
    again = carry_on(user)
    assert again.questions == [[QuestionCode.UNTOLD_PRICE, UNTOLD + 1, len(goods)]]
    assert again.status == Status.NEEDS_APPROVAL
    # Fewer of them are what was answered.
    box.evotor.edit_product(store_of(box).id, goods[0], price=100)
    approve_job(again, by=user)
    assert carry_on(user).status == Status.SUCCESS


def test_a_yes_to_one_communitys_plan_is_none_to_anothers(box: Sandbox, user: User) -> None:
    first_run(box, user)
    second = box.vk.add_community("Вторая лавка", "second", {box.vk.user_id: ADMINISTRATOR}).id
    for group in (second, box.group_id):
        connect_vk(user, token=box.vk_token, group=group, now=timezone.now())
        assert run(user).status == Status.SUCCESS
    for product_id in list(store_of(box).products)[1:]:
        box.evotor.delete_product(store_of(box).id, product_id)
    held = run(user)
    assert held.status == Status.NEEDS_APPROVAL
    connect_vk(user, token=box.vk_token, group=second, now=timezone.now())
    with pytest.raises(CannotSync) as refusal:
        approve_job(held, by=user)
    assert refusal.value.code == "not_asking"
    again = run(user)
    assert (again.status, again.items_hidden) == (Status.NEEDS_APPROVAL, 0)
    assert len([one for one in box.vk.communities[second].items.values() if not one.hidden]) == ITEMS
