"""A merchant of the sandbox whose runs are carried out by the worker of compose.yaml."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dramatiq
import pytest
from django.utils import timezone

from accounts.models import User
from connections.evotor.connect import connect_evotor
from connections.vk.connect import connect_vk
from sandbox import Sandbox
from syncing.services.settings import config_for
from tests.deploy.roles import LoadedRole, Role
from tests.integration.workers.killing import fill_till, outside, url_of_test_database

MakeWorker = Callable[[], Role]


@pytest.fixture
def box(settings: Any) -> Iterator[Sandbox]:
    """The sandbox with twenty mugs in the till, without VK's rate limit."""
    with Sandbox(vk_rate=0) as sandbox:
        settings.EVOTOR_API_URL, settings.VK_API_URL = sandbox.evotor_url, sandbox.vk_url
        settings.EVOTOR_OAUTH_URL, settings.VK_ID_URL = sandbox.evotor_url, sandbox.vk_id_url
        fill_till(sandbox)
        yield sandbox


@pytest.fixture
def user(box: Sandbox, transactional_db: None) -> User:
    """A merchant who is connected to both services and has never synced."""
    user = User.objects.create_user("shop@example.com", "a-long-passphrase")
    connect_evotor(user, token=box.evotor_token, now=timezone.now())
    connect_vk(user, token=box.vk_token, group=box.group_id, now=timezone.now())
    config = config_for(user)
    # Prices jump here to show what became of them.
    config.confirmed_at, config.price_hold_percent = timezone.now(), None
    config.save()
    dramatiq.get_broker().flush_all()
    box.vk.forget_calls()
    return user


@pytest.fixture
def environment(box: Sandbox, settings: Any, tmp_path: Path) -> dict[str, str]:
    """What stands in for `.env` of a worker on the tests' own database and Redis."""
    return {
        **outside(box, tmp_path),
        "DATABASE_URL": url_of_test_database(),
        "REDIS_URL": settings.REDIS_URL,
        "MARIADB_PASSWORD": "unused-here",
        "WORKER_PROCESSES": "1",
    }


@pytest.fixture
def worker(environment: dict[str, str], tmp_path: Path) -> MakeWorker:
    """A maker of the `worker` role."""
    return lambda: LoadedRole("worker", environment, tmp_path / "worker.log")
