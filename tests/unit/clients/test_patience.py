"""Work gives its thread back where a service takes too long, and never in the middle of a change."""

import math
import time
from io import BytesIO

import pytest
import requests
from urllib3 import HTTPResponse

from connections.clients.errors import Transient
from connections.clients.evotor.client import EvotorClient
from connections.clients.patience import (
    FIRST_ANSWER_SECONDS,
    PATIENCE_SECONDS,
    SHORTEST_REQUEST,
    Patience,
    Timeouts,
    TooSlow,
)
from connections.clients.service import Service

FIRST = FIRST_ANSWER_SECONDS[Service.EVOTOR]


class Clock:
    """A clock that goes by what is waited for."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("connections.clients.patience.time", clock)
    return clock


class Till(requests.Session):
    """A till that lets every request wait for as long as it may, or answers after so many seconds each."""

    def __init__(self, clock: Clock, *answers_after: float) -> None:
        super().__init__()
        self.clock = clock
        self.answers_after = list(answers_after)
        self.timeouts: list[tuple[float, float]] = []

    def get(self, *_arguments: object, timeout: tuple[float, float], **_more: object) -> requests.Response:  # type: ignore[override]
        self.timeouts.append(timeout)
        _connect, read = timeout
        after = self.answers_after.pop(0) if self.answers_after else math.inf
        self.clock.pass_by(min(after, read))
        if after > read:
            raise requests.ReadTimeout
        return page(len(self.timeouts))


def page(number: int) -> requests.Response:
    response = requests.Response()
    response.status_code = 200
    body = b'{"items": [], "paging": {"next_cursor": "%d"}}' % number
    response.raw = HTTPResponse(BytesIO(body), preload_content=False)
    return response


def ask(till: Till, patience: Patience) -> None:
    """Read a list that never ends, without sleeping."""
    client = EvotorClient(
        base_url="http://till.example",
        token="token",
        session=till,
        patience=patience,
        sleep=till.clock.pass_by,
    )
    client.stores()


def test_without_a_limit_everything_is_waited_for_and_counted() -> None:
    patience = Patience(Service.EVOTOR)
    slept: list[float] = []
    patience.sleeping_by(slept.append)(120)
    with patience.waiting(10, 60) as timeouts:
        time.sleep(0.01)
    assert timeouts == Timeouts(10, 60, 70)
    assert slept == [120]
    assert 120 < patience.waited < 200
    patience.check()


def test_a_request_may_take_what_is_left() -> None:
    patience = Patience(Service.VK, 5)
    patience.sleeping_by(lambda _seconds: None)(2)
    with patience.waiting(10, 60) as timeouts:
        pass
    assert timeouts == Timeouts(3, 3, 3)


def test_a_pause_that_is_too_long_is_not_begun() -> None:
    patience, slept = Patience(Service.VK, 5), list[float]()
    sleep = patience.sleeping_by(slept.append)
    sleep(4)
    with pytest.raises(TooSlow) as caught:
        sleep(2)
    assert (slept, caught.value.service) == ([4], "vk")


def test_nothing_is_asked_when_no_time_is_left() -> None:
    patience = Patience(Service.VK, 5)
    patience.check()
    patience.sleeping_by(lambda _seconds: None)(5)
    with pytest.raises(TooSlow):
        patience.check()
    with patience.waiting(10, 40) as timeouts:
        pass
    assert timeouts.read == SHORTEST_REQUEST


def test_what_is_written_is_waited_for() -> None:
    patience = Patience(Service.VK, 5)
    patience.sleeping_by(lambda _seconds: None)(5)
    patience.waive()
    patience.check()
    with patience.waiting(10, 40) as timeouts:
        pass
    assert (timeouts.read, patience.is_limited) == (40, False)


def test_a_limit_is_one_that_ends() -> None:
    assert Patience(Service.VK, 5).is_limited
    assert not Patience(Service.VK, math.inf).is_limited


def test_a_till_that_does_not_answer_is_asked_once_and_not_for_long(clock: Clock) -> None:
    till = Till(clock)
    with pytest.raises(TooSlow):
        ask(till, Patience(Service.EVOTOR, PATIENCE_SECONDS))
    assert till.timeouts == [(FIRST, FIRST)]
    assert clock.now == FIRST


def test_a_till_that_has_answered_has_the_time_of_a_whole_reading(clock: Clock) -> None:
    till = Till(clock, 0.5, 3.0)
    with pytest.raises(TooSlow):
        ask(till, Patience(Service.EVOTOR, PATIENCE_SECONDS))
    left = PATIENCE_SECONDS - 0.5
    assert till.timeouts == [(FIRST, FIRST), (left, left), (left - 3.0, left - 3.0)]


def test_in_a_thread_of_its_own_a_till_has_as_long_as_ever(clock: Clock) -> None:
    till = Till(clock)
    with pytest.raises(Transient):
        ask(till, Patience(Service.EVOTOR))
    assert set(till.timeouts) == {(10.0, 60.0)}


def test_an_error_is_no_first_answer(clock: Clock) -> None:
    patience = Patience(Service.EVOTOR, PATIENCE_SECONDS)
    with pytest.raises(Transient), patience.waiting(10, 60):
        raise Transient(Service.EVOTOR, "evotor.502")
    with patience.waiting(10, 60) as timeouts:
        clock.pass_by(1)
    assert timeouts == Timeouts(FIRST, FIRST, FIRST)
    with patience.waiting(10, 60) as timeouts:
        pass
    assert timeouts.read == PATIENCE_SECONDS - 1


def test_vks_first_answer_may_be_a_thousand_items(clock: Clock) -> None:
    with Patience(Service.VK, PATIENCE_SECONDS).waiting(10, 40) as timeouts:
        clock.pass_by(PATIENCE_SECONDS - 1)
    assert timeouts.read == PATIENCE_SECONDS


@pytest.mark.parametrize(
    ("service", "waits", "is_slow"),
    [
        (Service.EVOTOR, [FIRST - 0.1, FIRST], False),
        (Service.EVOTOR, [FIRST, 0.1], True),
        (Service.EVOTOR, [1.0] * 5, True),
        (Service.VK, [FIRST + 1], False),
        (Service.VK, [PATIENCE_SECONDS], True),
        (Service.EVOTOR, [], False),
    ],
)
def test_what_waits_in_a_thread_of_its_own_tells_whether_the_others_would_have_given_up(
    clock: Clock, service: Service, waits: list[float], *, is_slow: bool
) -> None:
    patience = Patience(service)
    for seconds in waits:
        with patience.waiting(10, 60):
            clock.pass_by(seconds)
    assert patience.is_slow is is_slow
