"""The shared pace: in one process by memory, between processes by Redis."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import pytest
from django.conf import settings as project
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from evosync.common import rate_limiter
from evosync.common.rate_limiter import RateLimiter, vk_rate_limiter
from tests.servers import Redis


def rush(pacers: list[RateLimiter], times: int) -> float:
    """Let every pacer through so often from its own thread; return the seconds it took."""
    started = time.monotonic()
    with ThreadPoolExecutor(len(pacers)) as pool:
        list(pool.map(lambda pacer: [pacer.wait() for _time in range(times)], pacers))
    return time.monotonic() - started


def test_two_clients_of_one_token_share_its_pace(settings: Settings) -> None:
    settings.REDIS_URL = ""
    pacers = [RateLimiter("test-shared", 50), RateLimiter("test-shared", 50)]
    assert rush(pacers, 26) >= 1


@given(st.lists(st.floats(0, 0.7), min_size=4, max_size=30), st.sampled_from([0.5, 1, 2.5, 3]))
def test_no_second_has_more_requests_however_they_come(pauses: list[float], per_second: float) -> None:
    now, slots = 0.0, []
    local = rate_limiter._LocalSlots()
    with patch("evosync.common.rate_limiter.time.monotonic", lambda: now):
        for pause in pauses:
            now += pause
            slots.append(now + local.reserve(*limits(per_second)))
    assert slots == sorted(slots)
    number, window = limits(per_second)
    for first, later in zip(slots, slots[number:], strict=False):
        assert later - first >= window - 1e-6


def limits(per_second: float) -> tuple[int, float]:
    """Return how many requests so many seconds may have."""
    return (int(per_second), 1.0) if per_second >= 1 else (1, 1 / per_second)


def test_a_request_that_was_kept_waiting_costs_none_of_the_second() -> None:
    now, slots = 0.0, []
    local = rate_limiter._LocalSlots()
    with patch("evosync.common.rate_limiter.time.monotonic", lambda: now):
        for answered_after in (0.6, 0.2, 0.2) * 10:
            now += local.reserve(3, 1.03)
            slots.append(now)
            now += answered_after
    assert slots[-1] - slots[2] == pytest.approx(9 * 1.03)


def test_after_a_pause_requests_come_evenly(settings: Settings) -> None:
    settings.REDIS_URL = ""
    now = 100.0
    local = rate_limiter._LocalSlots()
    with patch("evosync.common.rate_limiter.time.monotonic", lambda: now):
        local.reserve(3, 1.03)
        local.pause(3, 1.03, 1.0)
        waits = [local.reserve(3, 1.03) for _ in range(4)]
    assert waits == pytest.approx([1.0, 1.0 + 1.03 / 3, 1.0 + 2.06 / 3, 2.03])


def test_other_tokens_do_not_wait(settings: Settings) -> None:
    settings.REDIS_URL = ""
    settings.VK_REQUESTS_PER_SECOND = 1
    assert rush([vk_rate_limiter(f"token {number}") for number in range(8)], 1) < 5


def test_no_limit_means_no_wait(settings: Settings) -> None:
    settings.VK_REQUESTS_PER_SECOND = 0
    assert rush([vk_rate_limiter("free")], 1000) < 5


def test_a_token_that_vk_finds_too_fast_slows_down_all_its_clients() -> None:
    one, other = RateLimiter("test-rest", 50), RateLimiter("test-rest", 50)
    one.wait()
    started = time.monotonic()
    one.slow_down()
    other.wait()
    assert time.monotonic() - started > 0.9
    assert rush([RateLimiter("test-rest-not", 50)], 1) < 0.5


def test_the_key_is_not_the_token() -> None:
    assert "secret" not in vk_rate_limiter("secret").key


def test_redis_keeps_the_pace_between_processes(redis_server: Redis, settings: Settings) -> None:
    settings.REDIS_URL = redis_server.url
    assert rush([RateLimiter("test-redis", 50), RateLimiter("test-redis", 50)], 26) >= 1


def test_redis_keeps_the_pause_of_a_token_that_is_too_fast(redis_server: Redis, settings: Settings) -> None:
    settings.REDIS_URL = redis_server.url
    one, other = RateLimiter("test-pause", 3), RateLimiter("test-pause", 3)
    one.wait()
    started = time.monotonic()
    one.slow_down()
    moments = []
    for _ in range(3):
        other.wait()
        moments.append(time.monotonic() - started)
    assert moments[0] > 0.9
    # From the start, since the first may wake late; the third comes two thirds of a second after the pause.
    assert moments[2] > 1.5


@pytest.mark.parametrize("is_too_fast", [False, True], ids=["next", "after too fast"])
def test_slots_that_redis_reserved_before_its_clock_was_set_back_are_not_waited_for(
    redis_server: Redis, settings: Settings, *, is_too_fast: bool
) -> None:
    settings.REDIS_URL = redis_server.url
    pacer = RateLimiter(f"test-set-back-{is_too_fast}", 3)
    tomorrow = [str(round((time.time() + 86_400) * 1000) + number) for number in range(3)]
    server = rate_limiter._redis(redis_server.url)
    server.rpush(f"slots:{pacer.key}", *tomorrow)
    if is_too_fast:
        pacer.slow_down()
    assert pacer._reserve() < 30
    assert 0 < server.pttl(f"slots:{pacer.key}") < 90_000


def test_without_redis_a_process_keeps_its_own_pace(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    pacer = RateLimiter("test-gone", 20)
    assert rush([pacer], 21) >= 1


TAKE_TURNS = """
import sys, time
import django
django.setup()
from evosync.common.rate_limiter import RateLimiter
pacer = RateLimiter("test-two", 20)
input()
for _turn in range(30):
    pacer.wait()
    print(time.time())
"""


def test_two_processes_together_keep_the_pace_of_one_token(redis_server: Redis) -> None:
    environment = {**os.environ, "REDIS_URL": redis_server.url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    both = [
        subprocess.Popen(
            [sys.executable, "-c", TAKE_TURNS],
            cwd=project.BASE_DIR,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _process in range(2)
    ]
    with ThreadPoolExecutor(2) as pool:
        outputs = list(pool.map(lambda process: process.communicate("go\n", timeout=60)[0], both))
    turns = sorted(float(line) for output in outputs for line in output.split())
    assert len(turns) == 60
    # Where a process wakes up a little late, the next turn may come a little sooner behind it.
    for first, last in zip(turns, turns[20:], strict=False):
        assert last - first >= 0.8
