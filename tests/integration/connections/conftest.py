"""What the connection tests share."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from connections.models import VkConnection
from sandbox import Sandbox
from tests.queues import waiting, work_off
from tests.vk_logins import log_in


@pytest.fixture(autouse=True)
def empty_queues() -> None:
    """Forget what earlier tests sent."""
    waiting()


@pytest.fixture
def afterwards(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Callable[[Callable[[], object]], None]:
    """Return a function that does something, commits, and lets the workers finish."""

    def do(action: Callable[[], object]) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            action()
        manager: AbstractContextManager[object] = django_capture_on_commit_callbacks(execute=True)
        with manager:
            work_off()
        work_off()

    return do


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def logged_in(merchant: User, sandbox: Sandbox, now: datetime) -> VkConnection:
    """Return the merchant's connection with tokens of VK ID whose access token ends in five minutes."""
    connection = VkConnection.objects.get(user=merchant)
    log_in(sandbox, connection, now=now)
    return connection
