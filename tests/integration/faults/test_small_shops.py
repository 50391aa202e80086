"""A shop of a few goods is not emptied unasked, and sells its last goods without a question."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from sandbox import Sandbox
from syncing.core.choices import QuestionCode
from syncing.models import SyncJob
from tests.integration.faults.shop import fill, run, store_of
from tests.integration.faults.test_broken_exchange import shop

pytestmark = [pytest.mark.django_db, pytest.mark.same_statements]

GOODS = 8
Change = Callable[[Sandbox, str], object]


def edit(**fields: Any) -> Change:
    """Return what has the till tell these fields of a product."""
    return lambda box, product_id: box.evotor.edit_product(store_of(box).id, product_id, **fields)


def take_out(box: Sandbox, product_id: str) -> None:
    """Delete a product in the till."""
    box.evotor.delete_product(store_of(box).id, product_id)


def change(box: Sandbox, what: Change, count: int) -> None:
    """Change so many products of the till."""
    for product_id in list(store_of(box).products)[:count]:
        what(box, product_id)


@pytest.fixture
def user(box: Sandbox, empty_handed: User) -> User:
    """Return a merchant with eight mugs in VK."""
    fill(box, GOODS)
    assert run(empty_handed, approve=True).status == SyncJob.Status.SUCCESS
    return empty_handed


WRONG: dict[str, tuple[Change, int, QuestionCode]] = {
    "no goods": (take_out, GOODS, QuestionCode.EMPTY_SOURCE),
    "fewer than half": (take_out, 5, QuestionCode.SHRUNKEN_SOURCE),
    "no stock": (edit(quantity=0), GOODS, QuestionCode.MANY_ZERO_STOCKS),
    "hardly any stock": (edit(quantity=0), GOODS - 1, QuestionCode.MANY_ZERO_STOCKS),
    "endless stock": (edit(quantity=1e9), GOODS, QuestionCode.MANY_ENDLESS_STOCKS),
    "no prices": (edit(price=0), GOODS, QuestionCode.MANY_HIDDEN),
    "prices that are null": (edit(price=None), GOODS, QuestionCode.UNTOLD_PRICE),
    "nothing for sale": (edit(allow_to_sell=False), GOODS, QuestionCode.MANY_HIDDEN),
    "services": (edit(type="SERVICE"), GOODS, QuestionCode.MANY_HIDDEN),
    "forbidden names": (edit(name="Водка"), GOODS, QuestionCode.MANY_HIDDEN),
    "garbled names": (edit(name="Êðóæêà ñèíÿÿ"), GOODS, QuestionCode.MANY_HIDDEN),
}


@pytest.mark.once
@pytest.mark.parametrize("what", WRONG)
def test_what_would_empty_a_small_shop_is_asked_about(box: Sandbox, user: User, what: str) -> None:
    wrong, count, code = WRONG[what]
    before = shop(box)
    change(box, wrong, count)
    job = run(user)
    assert job.status == SyncJob.Status.NEEDS_APPROVAL
    assert code in {question[0] for question in job.questions}
    assert shop(box) == before


@pytest.mark.once
@pytest.mark.parametrize("how", [edit(quantity=0), edit(price=0), edit(allow_to_sell=False)])
def test_the_last_goods_of_a_small_shop_are_sold_without_a_question(
    box: Sandbox, user: User, how: Change
) -> None:
    ids = list(store_of(box).products)
    for first in range(0, GOODS, 2):
        for product_id in ids[first : first + 2]:
            how(box, product_id)
        assert run(user).status == SyncJob.Status.SUCCESS


@pytest.mark.once
def test_a_small_shop_is_emptied_with_the_merchant_s_yes(box: Sandbox, user: User) -> None:
    change(box, edit(quantity=0), GOODS)
    assert run(user).status == SyncJob.Status.NEEDS_APPROVAL
    assert run(user, approve=True).status == SyncJob.Status.SUCCESS
    assert {one.stock for one in box.vk.live_items()} == {0}
    assert run(user).status == SyncJob.Status.SUCCESS


def test_goods_that_are_deleted_two_at_a_time_leave_without_a_question(box: Sandbox, user: User) -> None:
    for _ in range(3):
        change(box, take_out, 2)
        assert run(user).status == SyncJob.Status.SUCCESS
    assert sum(not one.hidden for one in box.vk.live_items()) == 2
