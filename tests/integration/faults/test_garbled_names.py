"""A till whose names or groups came in a wrong encoding publishes nothing that nobody can read."""

import pytest

from accounts.models import User
from sandbox import Sandbox
from syncing.core.choices import Reason
from tests.integration.faults.shop import ITEMS, run, store_of, titles

pytestmark = [pytest.mark.django_db, pytest.mark.same_statements]

MISTAKES = [("cp1251", "latin-1"), ("utf-8", "cp1251"), ("cp866", "cp1251"), ("koi8-r", "cp1251")]


@pytest.mark.once
@pytest.mark.parametrize(("sent", "taken_for"), MISTAKES)
def test_forbidden_goods_with_garbled_names_stay_out(
    box: Sandbox, user: User, sent: str, taken_for: str
) -> None:
    for name in ("Водка Хаски 0,5л", "Сигареты Парламент синий", "Пиво Балтика светлое"):
        box.evotor.add_product(
            store_of(box).id, name.encode(sent).decode(taken_for, "replace"), price=300, quantity=5
        )
    job = run(user, approve=True)
    assert job.skipped_by_reason == {Reason.UNSURE: 3}
    assert len(titles(box)) == ITEMS


def test_goods_that_only_a_garbled_group_forbids_stay_out(box: Sandbox, user: User) -> None:
    store = store_of(box)
    group = box.evotor.add_group(store.id, "Сигареты".encode("cp1251").decode("latin-1"))
    for name in ("Нева", "Кружка белая"):
        box.evotor.add_product(store.id, name, parent_id=group.id, price=300, quantity=5)
    job = run(user, approve=True)
    assert job.skipped_by_reason == {Reason.UNSURE: 1}
    assert len(titles(box)) == ITEMS + 1
