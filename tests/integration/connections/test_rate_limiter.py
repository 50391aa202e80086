"""The shared pace: in one process by memory, between processes by Redis."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings as project
from pytest_django import Settings

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
    assert rush(pacers, 10) >= 19 / 50


def test_other_tokens_do_not_wait(settings: Settings) -> None:
    settings.REDIS_URL = ""
    settings.VK_REQUESTS_PER_SECOND = 1
    assert rush([vk_rate_limiter(f"token {number}") for number in range(8)], 1) < 0.5


def test_no_limit_means_no_wait(settings: Settings) -> None:
    settings.VK_REQUESTS_PER_SECOND = 0
    assert rush([vk_rate_limiter("free")], 1000) < 0.5


def test_a_token_that_vk_finds_too_fast_slows_down_all_its_clients() -> None:
    one, other = RateLimiter("test-rest", 50), RateLimiter("test-rest", 50)
    one.wait()
    one.slow_down()
    assert rush([other], 1) > 0.9
    assert rush([RateLimiter("test-rest-not", 50)], 1) < 0.5


def test_the_key_is_not_the_token() -> None:
    assert "secret" not in vk_rate_limiter("secret").key


def test_redis_keeps_the_pace_between_processes(redis_server: Redis, settings: Settings) -> None:
    settings.REDIS_URL = redis_server.url
    assert rush([RateLimiter("test-redis", 50), RateLimiter("test-redis", 50)], 10) >= 19 / 50


def test_without_redis_a_process_keeps_its_own_pace(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    pacer = RateLimiter("test-gone", 20)
    assert rush([pacer], 3) >= 2 / 20


TAKE_TURNS = """
import sys, time
import django
django.setup()
from evosync.common.rate_limiter import RateLimiter
pacer = RateLimiter("test-two", 20)
input()
for _turn in range(15):
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
    assert len(turns) == 30
    # Where a process wakes up a little late, the next turn may come a little sooner behind it.
    for first, last in zip(turns, turns[10:], strict=False):
        assert last - first >= 10 / 20 * 0.8
