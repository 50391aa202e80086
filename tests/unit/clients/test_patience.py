"""Work gives its thread back where a service takes too long, and never in the middle of a change."""

import math
import time

import pytest

from connections.clients.patience import SHORTEST_REQUEST, Patience, Timeouts, TooSlow


def test_without_a_limit_everything_is_waited_for_and_counted() -> None:
    patience = Patience("evotor")
    slept: list[float] = []
    patience.sleeping_by(slept.append)(120)
    with patience.waiting(10, 60) as timeouts:
        time.sleep(0.01)
    assert timeouts == Timeouts(10, 60, 70)
    assert slept == [120]
    assert 120 < patience.waited < 200
    patience.check()


def test_a_request_may_take_what_is_left() -> None:
    patience = Patience("evotor", 5)
    patience.sleeping_by(lambda _seconds: None)(2)
    with patience.waiting(10, 60) as timeouts:
        pass
    assert timeouts == Timeouts(3, 3, 3)


def test_a_pause_that_is_too_long_is_not_begun() -> None:
    patience, slept = Patience("evotor", 5), list[float]()
    sleep = patience.sleeping_by(slept.append)
    sleep(4)
    with pytest.raises(TooSlow) as caught:
        sleep(2)
    assert (slept, caught.value.service) == ([4], "evotor")


def test_nothing_is_asked_when_no_time_is_left() -> None:
    patience = Patience("vk", 5)
    patience.check()
    patience.sleeping_by(lambda _seconds: None)(5)
    with pytest.raises(TooSlow):
        patience.check()
    with patience.waiting(10, 40) as timeouts:
        pass
    assert timeouts.read == SHORTEST_REQUEST


def test_what_is_written_is_waited_for() -> None:
    patience = Patience("vk", 5)
    patience.sleeping_by(lambda _seconds: None)(5)
    patience.waive()
    patience.check()
    with patience.waiting(10, 40) as timeouts:
        pass
    assert (timeouts.read, patience.is_limited) == (40, False)


def test_a_limit_is_one_that_ends() -> None:
    assert Patience("vk", 5).is_limited
    assert not Patience("vk", math.inf).is_limited
