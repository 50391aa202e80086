"""A merchant with a few mugs and the sandbox as both services; waiting and drawing take no time."""

from typing import Any

import pytest

from accounts.models import User
from sandbox import Sandbox
from tests.integration.shared_start import SharedStart
from tests.integration.syncing.running import open_shop


@pytest.fixture(autouse=True, scope="module")
def _take_turns(one_processor: None) -> None:
    """Let runs and stand-ins take turns on one processor."""


@pytest.fixture
def box(sandbox: Sandbox) -> Sandbox:
    """Return the sandbox that both connections lead to."""
    return sandbox


@SharedStart
def few_mugs(box: Sandbox, _user: User | None) -> User:
    """Open the shop of a few mugs."""
    return open_shop(box)


@pytest.fixture
def user(db: None, box: Sandbox, no_waiting: None) -> User:
    """Return the merchant of a few mugs."""
    return few_mugs(box)


@pytest.fixture
def site(settings: Any) -> str:
    """Return the address that emails lead to."""
    settings.SITE_URL = "https://evosync.example"
    return "https://evosync.example"
