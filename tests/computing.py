"""The worker's part for tests of pages: computes what they have asked for, in the test's own thread."""

from typing import Any

from django.test import Client

from syncing.jobs import computations
from syncing.models import Computation


def compute_asked() -> int:
    """Compute what is asked for and due; return how many results that were."""
    asked = list(Computation.objects.asked().values_list("user_id", "kind"))
    return sum(computations.compute(user_id, kind) for user_id, kind in asked)


def open_computed(browser: Client, url: str, data: Any = None, **options: Any) -> Any:
    """Open a page, let a worker compute what it asks for, and return the page with the result."""
    browser.get(url, data, **options)
    compute_asked()
    return browser.get(url, data, **options)
