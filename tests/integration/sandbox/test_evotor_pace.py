"""The client against Evotor's published limit: it slows down in time, so that no request is refused."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from connections.clients.errors import RateLimited
from connections.clients.evotor.client import EvotorClient
from sandbox import Sandbox

WINDOW = 60.0


class Clock:
    """A time that passes only while somebody sleeps, and a moment at each look at it."""

    def __init__(self) -> None:
        self.now = 2e9
        self.naps: list[float] = []

    def __call__(self) -> float:
        self.now += 0.01
        return self.now

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def box(clock: Clock) -> Iterator[Sandbox]:
    """Serve a till of 60 pages that counts its requests."""
    with Sandbox(page_size=1, clock=clock) as sandbox:
        store = sandbox.evotor.add_store("Лавка")
        for number in range(60):
            sandbox.evotor.add_product(store.id, f"Кружка {number}")
        sandbox.evotor.rules.window = WINDOW
        yield sandbox


def client(box: Sandbox, clock: Clock, **options: float) -> EvotorClient:
    return EvotorClient(
        base_url=box.evotor_url,
        token=box.evotor_token,
        clock=clock,
        sleep=clock.sleep,
        **options,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("per_window", [1, 2, 7, 20, 50])
def test_a_long_walk_is_never_refused_whatever_the_limit(box: Sandbox, clock: Clock, per_window: int) -> None:
    box.evotor.rules.per_window = per_window
    store = next(iter(box.evotor.stores))
    pages = list(client(box, clock, longest_pause=120).iter_products(store))
    assert sum(map(len, pages)) == 60
    assert {call.status for call in box.evotor.calls} == {200}
    assert len(box.evotor.calls) == 60


def test_the_last_requests_of_a_window_are_spread_over_its_rest(box: Sandbox, clock: Clock) -> None:
    box.evotor.rules.per_window = 50
    store = next(iter(box.evotor.stores))
    list(client(box, clock, longest_pause=120).iter_products(store))
    moments = [call.at for call in box.evotor.calls]
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert max(gaps[:44]) < 1
    # Five are left after the 45th; the sixth gap leads into the next window.
    assert all(5 < gap < 15 for gap in gaps[44:50]), gaps[44:50]
    assert max(gaps[51:]) < 1


def test_a_page_is_not_kept_waiting_and_sends_nothing_beyond_the_limit(box: Sandbox, clock: Clock) -> None:
    box.evotor.rules.per_window = 2
    evotor = client(box, clock)
    evotor.stores()
    evotor.stores()
    with pytest.raises(RateLimited) as caught:
        evotor.stores()
    assert caught.value.retry_after == pytest.approx(WINDOW, abs=2)
    assert (len(box.evotor.calls), clock.naps) == (2, [])
    clock.now += WINDOW
    evotor.stores()
    assert len(box.evotor.calls) == 3


def test_without_a_limit_there_is_no_pause(box: Sandbox, clock: Clock) -> None:
    box.evotor.rules.per_window = 0
    store = next(iter(box.evotor.stores))
    list(client(box, clock).iter_products(store))
    assert clock.naps == []
