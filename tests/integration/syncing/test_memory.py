"""A long run keeps little of what its plan was made from, and gives memory back when it is over."""

import gc

import pytest

from evosync.common import memory
from sandbox import Sandbox
from syncing.core.records import SyncContext
from syncing.jobs.heartbeat import Limit
from syncing.publishing.publisher import Publisher
from syncing.publishing.vk.reader import ShopSnapshot
from tests.integration.syncing.running import ITEMS, open_shop, run

pytestmark = pytest.mark.django_db


def sources() -> set[int]:
    """Return what there is of contexts with goods and of shops with items, by the objects' ids."""
    gc.collect()
    return {
        id(one)
        for one in gc.get_objects()
        if (isinstance(one, SyncContext) and one.products) or (isinstance(one, ShopSnapshot) and one.items)
    }


def change_prices(box: Sandbox) -> None:
    """Let every product cost a little more."""
    for store in box.evotor.stores.values():
        for number, product_id in enumerate(list(store.products)):
            box.evotor.edit_product(store.id, product_id, price=102 + number)


@pytest.mark.once
def test_what_a_plan_was_made_from_is_gone_while_it_is_carried_out(
    box: Sandbox, no_waiting: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = open_shop(box)
    run(user)
    change_prices(box)
    carry_out, before, during = Publisher.carry_out, sources(), set[int]()

    def look(publisher: Publisher) -> None:
        during.update(sources())
        carry_out(publisher)

    monkeypatch.setattr(Publisher, "carry_out", look)
    assert run(user, approve=True).items_updated == ITEMS
    assert not during - before


@pytest.fixture
def given_back(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that gets a word each time memory is given back."""
    found: list[str] = []
    monkeypatch.setattr(memory, "give_back", lambda: found.append("given back"))
    return found


@pytest.mark.once
def test_a_run_that_made_items_gives_memory_back_and_one_with_nothing_to_do_takes_no_time_for_it(
    box: Sandbox, no_waiting: None, given_back: list[str]
) -> None:
    user = open_shop(box)
    assert run(user).items_created == ITEMS
    assert len(given_back) == 1
    assert run(user).items_created == 0
    assert len(given_back) == 1


def test_a_slice_that_goes_on_gives_memory_back_and_is_believed_to_live_for_as_long_again(
    box: Sandbox, no_waiting: None, given_back: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    believed: list[str] = []
    monkeypatch.setattr(Limit, "begin_again", lambda _limit: believed.append("again"))
    job = run(open_shop(box), slice_seconds=0.001, slices_at_once=1_000_000)
    assert job.items_created == ITEMS
    assert len(believed) == len(given_back) - 1 > 0
