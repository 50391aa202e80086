"""The answer to a request that broke: 503 where the database or Redis is away, else 500."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import TimeoutError as RedisSlow

AWAY = (OperationalError, InterfaceError, RedisAway, RedisSlow)
# Evotor and a browser that asks again may do so after as many seconds.
RETRY_AFTER = 60


def answer_broken(request: HttpRequest) -> HttpResponse:
    """Answer what broke; Django calls this while it handles the exception."""
    if not isinstance(sys.exc_info()[1], AWAY):
        return server_error(request)
    return HttpResponse(
        render_to_string("503.html"),
        status=503,
        headers={"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"},
    )
