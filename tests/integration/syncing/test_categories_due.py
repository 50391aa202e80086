"""VK's categories are read by the first run, and again by runs of another day."""

import pytest
from django.core.cache import cache

from accounts.models import User
from sandbox import Sandbox
from syncing.services.categories import FRESH_KEY, KEY, are_categories_due, known_categories
from tests.integration.syncing.running import run

pytestmark = pytest.mark.django_db


def readings(box: Sandbox) -> int:
    """Return how often the categories were read."""
    return sum(call.method == "market.getCategories" for call in box.vk.calls)


def test_runs_read_the_categories_once_a_day_and_what_was_read_is_kept(box: Sandbox, user: User) -> None:
    cache.delete_many([KEY, FRESH_KEY])
    for _ in range(2):
        run(user)
        assert (readings(box), are_categories_due()) == (1, False)

    cache.delete(FRESH_KEY)
    assert (known_categories() != [], are_categories_due()) == (True, True)
    run(user)
    assert (readings(box), are_categories_due()) == (2, False)
