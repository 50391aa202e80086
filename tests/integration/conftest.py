"""A merchant with both services connected in the sandbox."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone
from model_bakery import baker

from accounts.models import User
from connections.models import EvotorConnection, VkConnection
from sandbox import Sandbox
from syncing.models import SyncConfig


@pytest.fixture(scope="module")
def one_processor() -> Iterator[None]:
    """Keep the tests of a file, with all threads that they start, on one processor.

    A run and its stand-ins take turns, hundreds of times a test. To wake a thread on another processor at
    each turn took a seventh of the tests' processor time.
    """
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    allowed = os.sched_getaffinity(0)
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    os.sched_setaffinity(0, {sorted(allowed)[worker % len(allowed)]})
    yield
    os.sched_setaffinity(0, allowed)


@pytest.fixture
def sandbox(settings: Any) -> Iterator[Sandbox]:
    """Serve Evotor and VK on loopback, without VK's rate limit, and point the settings at them."""
    with Sandbox(vk_rate=0) as box:
        settings.EVOTOR_API_URL = box.evotor_url
        settings.EVOTOR_OAUTH_URL = box.evotor_url
        settings.VK_API_URL = box.vk_url
        settings.VK_ID_URL = box.vk_id_url
        yield box


@pytest.fixture
def merchant(db: None, sandbox: Sandbox) -> User:
    """Return a merchant who may sync: address verified, first run confirmed, both connections online."""
    user = User.objects.create_user("merchant@example.com", "a long passphrase", first_name="Anna")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    now = timezone.now()
    # Prices jump in these tests to show what became of them.
    baker.make(SyncConfig, user=user, is_enabled=True, confirmed_at=now, price_hold_percent=None)
    baker.make(
        EvotorConnection,
        user=user,
        access_token=sandbox.evotor_token,
        evotor_user_id="01-000000000000001",
        is_online=True,
        last_checked_at=now,
    )
    baker.make(
        VkConnection,
        user=user,
        access_token=sandbox.vk_token,
        group_id=sandbox.group_id,
        group_name="Shop",
        scope="market,photos,groups,offline",
        is_online=True,
        last_checked_at=now,
    )
    return user
