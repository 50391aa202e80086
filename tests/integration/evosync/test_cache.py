"""What the cache in Redis takes and gives back, and what nobody can smuggle into it."""

import pickle
from typing import Any

import pytest
from django.conf import settings
from django.core.cache.backends.redis import RedisCache
from dramatiq import get_encoder
from dramatiq.encoder import JSONEncoder
from redis import Redis
from redis.exceptions import AuthenticationError

from evosync.common.cache_json import JsonSerializer

VALUES: list[Any] = [0, 7, -1, 10**18, 1.5, True, False, "", "12", "чай", [1, "b", None], {"a": [1.25]}]


class Trap:
    """Runs code where it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (pytest.fail, ("code of a cached value was run",))


@pytest.mark.parametrize("value", VALUES)
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    kept = JsonSerializer().dumps(value)
    # Redis gives back everything as bytes.
    found = JsonSerializer().loads(str(kept).encode() if isinstance(kept, int) else kept)
    assert (found, type(found)) == (value, type(value))


def test_what_is_not_plain_is_refused_where_it_is_kept() -> None:
    with pytest.raises(TypeError):
        JsonSerializer().dumps(Trap())


def test_a_pickle_in_redis_is_never_opened() -> None:
    with pytest.raises(ValueError, match=r"decode|Expecting"):
        JsonSerializer().loads(pickle.dumps(Trap()))


def test_messages_and_sessions_are_json_too() -> None:
    assert type(get_encoder()) is JSONEncoder
    assert settings.SESSION_SERIALIZER == "django.contrib.sessions.serializers.JSONSerializer"


@pytest.mark.redis
def test_the_cache_counts_and_keeps_through_a_redis_with_a_password() -> None:
    cache = RedisCache(settings.REDIS_URL, settings.REDIS_CACHE)
    cache.set_many({"list": [1, [2.5, "ю"]], "count": 1})
    assert (cache.get("list"), cache.incr("count"), cache.get("count")) == ([1, [2.5, "ю"]], 2, 2)
    assert cache.add("count", 7) is False
    cache.clear()
    cache.close()


@pytest.mark.redis
def test_nobody_enters_redis_without_its_password() -> None:
    at = settings.REDIS_URL.partition("@")[2].partition(":")[2].partition("/")[0]
    for password in (None, "wrong"):
        with pytest.raises(AuthenticationError), Redis(port=int(at), password=password) as link:
            link.ping()
