"""A merchant with mugs in one group, connected to both services. Waiting takes no time."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from connections.evotor.connect import connect_evotor
from connections.vk.connect import connect_vk
from sandbox import Sandbox
from syncing.services.settings import config_for
from tests.integration.faults.shop import ITEMS
from tests.integration.shared_start import SharedStart


@pytest.fixture(autouse=True, scope="module")
def _take_turns(one_processor: None) -> None:
    """Let runs and stand-ins take turns on one processor."""


@pytest.fixture
def box(settings: Any) -> Iterator[Sandbox]:
    """Serve Evotor and VK without limits of pace, ten products a page."""
    with Sandbox(vk_rate=0, page_size=10) as sandbox:
        sandbox.evotor.rules.per_window = 0
        settings.EVOTOR_API_URL, settings.VK_API_URL = sandbox.evotor_url, sandbox.vk_url
        yield sandbox


@SharedStart
def open_shop(box: Sandbox, _user: User | None) -> User:
    """Connect a merchant with an empty store."""
    box.evotor.add_store("Лавка")
    user = User.objects.create_user("shop@example.com", "a-long-password")
    connect_evotor(user, token=box.evotor_token, now=timezone.now())
    connect_vk(user, token=box.vk_token, group=box.group_id, now=timezone.now())
    config = config_for(user)
    # Prices jump here to show what became of them.
    config.confirmed_at, config.price_hold_percent = timezone.now(), None
    config.save()
    return user


@pytest.fixture
def empty_handed(db: None, box: Sandbox, no_waiting: None) -> User:
    """Return a merchant with an empty store."""
    return open_shop(box)


@pytest.fixture
def user(box: Sandbox, empty_handed: User) -> User:
    """Return a merchant with mugs in one group."""
    store = next(iter(box.evotor.stores.values()))
    group = box.evotor.add_group(store.id, "Посуда")
    for number in range(ITEMS):
        box.evotor.add_product(
            store.id, f"Кружка синяя {number}", parent_id=group.id, price=100 + number, quantity=5
        )
    return empty_handed
