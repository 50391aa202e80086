"""The caches of all threads of a process share their connections to Redis."""

import threading

import pytest
from django.core.cache import cache, caches

from evosync.common.cache_pool import SharedPool


def pool_of_this_thread() -> object:
    return cache._cache.get_client().connection_pool  # type: ignore[attr-defined]


@pytest.mark.redis
def test_a_thread_uses_the_connections_of_the_others() -> None:
    found = [pool_of_this_thread()]
    cache.set("shared", 1)
    thread = threading.Thread(
        target=lambda: found.extend([caches["default"].get("shared"), pool_of_this_thread()])
    )
    thread.start()
    thread.join()
    assert found[1] == 1
    assert found[0] is found[2]


def test_each_address_has_a_pool_of_its_own() -> None:
    first = SharedPool.from_url("redis://127.0.0.1:9/0")
    assert SharedPool.from_url("redis://127.0.0.1:9/0") is first
    assert SharedPool.from_url("redis://127.0.0.1:9/1") is not first
    assert SharedPool.from_url("redis://127.0.0.1:9/0", socket_timeout=1) is not first
