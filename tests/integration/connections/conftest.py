"""What the connection tests share."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from connections.choices import VkConnectionType
from connections.models import VkConnection
from connections.vk.tokens import vk_id_client
from sandbox import Sandbox
from tests.queues import waiting, work_off


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
    sandbox.vk_id.rules.any_redirect = True
    verifier, state, back = "v" * 43, "s" * 43, "http://127.0.0.1:1/back"
    client = vk_id_client(sandbox.vk_app.client_id)
    device, code = consent(sandbox, client.authorize_url(redirect_uri=back, state=state, verifier=verifier))
    tokens = client.exchange_code(
        code=code, verifier=verifier, device_id=device, redirect_uri=back, state=state
    )
    connection = VkConnection.objects.get(user=merchant)
    connection.connection_type = VkConnectionType.VK_ID
    connection.app_id, connection.device_id = sandbox.vk_app.client_id, device
    connection.access_token, connection.refresh_token = tokens.access_token, tokens.refresh_token
    connection.token_expires_at = now + timedelta(minutes=5)
    connection.token_refreshed_at = now - timedelta(minutes=55)
    connection.save()
    return connection


def consent(box: Sandbox, url: str) -> tuple[str, str]:
    """Allow the access on VK's page; return the device id and the code."""
    from urllib.parse import parse_qs, urlsplit

    import requests

    fields = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    answer = requests.post(
        f"{box.vk_id_url}/authorize", fields | {"decision": "allow"}, allow_redirects=False, timeout=30
    )
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    return back["device_id"][0], back["code"][0]
