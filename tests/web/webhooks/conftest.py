"""Evotor's calling half, aimed at the site, and a merchant to be linked."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from accounts.models import User
from connections.signals import products_pushed
from sandbox import Sandbox
from sandbox.evotor.webhooks import Webhooks
from tests.queues import waiting
from tests.signals import without_receivers
from tests.web.webhooks import tools


@pytest.fixture
def box(settings: Settings) -> Iterator[Sandbox]:
    """Serve Evotor and VK, and let Evotor know our application token."""
    waiting()
    with Sandbox(vk_rate=0) as sandbox:
        settings.EVOTOR_API_URL = sandbox.evotor_url
        settings.VK_API_URL = sandbox.vk_url
        settings.EVOTOR_WEBHOOK_TOKEN = [tools.APP_TOKEN, "evotor:the password"]
        sandbox.evotor.add_store("Tea")
        yield sandbox


@pytest.fixture
def evotor(box: Sandbox) -> Webhooks:
    """Return Evotor's calling half."""
    return box.webhooks("http://testserver" + tools.PREFIX, app_token=tools.APP_TOKEN)


@pytest.fixture
def merchant(db: None) -> User:
    return User.objects.create_user("anna@example.com", "a long passphrase")


@pytest.fixture
def pushes() -> Iterator[list[tuple[int, str]]]:
    """Collect what the apps above would hear."""
    heard: list[tuple[int, str]] = []

    def hear(sender: object, *, user_id: int, store_id: str, **_kwargs: object) -> None:
        heard.append((user_id, store_id))

    with without_receivers(products_pushed) as signal:
        signal.connect(hear)
        yield heard
