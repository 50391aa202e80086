"""Makes the site as slow as on a busy machine: see tests/e2e/window.py."""

import os
import random
import time
from collections.abc import Callable

from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]
MOST_SECONDS = float(os.environ.get("SLOW_ANSWERS") or 0)


def slow_answers(answer: Answer) -> Answer:
    """Wait before every answer, as long as chance will have it."""
    if not MOST_SECONDS:
        raise MiddlewareNotUsed

    def wait(request: HttpRequest) -> HttpResponseBase:
        time.sleep(random.uniform(0, MOST_SECONDS))
        return answer(request)

    return wait
