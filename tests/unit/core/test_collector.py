"""The collector of circular garbage rests while a plan is made, and always goes on."""

import gc
from collections.abc import Iterator

import pytest

from syncing.core.collector import collector_paused
from syncing.core.planner import sync_user
from syncing.core.records import Action
from tests.unit.core.shop import PretendShop, product


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    was_enabled = gc.isenabled()
    gc.enable()
    yield
    (gc.enable if was_enabled else gc.disable)()


def test_it_rests_within_the_block_alone() -> None:
    with collector_paused():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_an_error() -> None:
    with pytest.raises(ValueError, match="broken"), collector_paused():
        raise ValueError("broken")
    assert gc.isenabled()


def test_an_inner_block_does_not_end_the_rest() -> None:
    with collector_paused():
        with collector_paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_was_off_before_stays_off() -> None:
    gc.disable()
    with collector_paused():
        pass
    assert not gc.isenabled()


def test_nothing_of_a_plan_needs_the_collector() -> None:
    products = [product(n, name="Чашка для круга") for n in range(5)]
    result = sync_user(PretendShop().context(products))
    assert gc.isenabled()
    gc.disable()
    assert _numbers_of("Чашка для круга") == len(result.actions)
    del result
    assert _numbers_of("Чашка для круга") == 0


def _numbers_of(name: str) -> int:
    """Return how many actions about goods of this name are in memory."""
    return sum(type(one) is Action and one.name == name for one in gc.get_objects())
