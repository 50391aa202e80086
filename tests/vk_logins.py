"""Logs a merchant's connection in with VK ID of the sandbox, as the login page would."""

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import requests

from connections.choices import VkConnectionType
from connections.models import VkConnection
from connections.vk.tokens import vk_id_client
from sandbox import Sandbox


def log_in(box: Sandbox, connection: VkConnection, *, now: datetime, person: int | None = None) -> None:
    """Give the connection tokens of VK ID; the access token ends in five minutes, so its renewal is due.

    `person` is who logs in; without it, the sandbox's first person.
    """
    box.vk_id.rules.any_redirect = True
    verifier, state, back = "v" * 43, "s" * 43, "http://127.0.0.1:1/back"
    client = vk_id_client(box.vk_app.client_id)
    url = client.authorize_url(redirect_uri=back, state=state, verifier=verifier)
    device, code = _consent(box, url, person)
    tokens = client.exchange_code(
        code=code, verifier=verifier, device_id=device, redirect_uri=back, state=state
    )
    connection.connection_type = VkConnectionType.VK_ID
    connection.app_id, connection.device_id = box.vk_app.client_id, device
    connection.access_token, connection.refresh_token = tokens.access_token, tokens.refresh_token
    connection.token_expires_at = now + timedelta(minutes=5)
    connection.token_refreshed_at = now - timedelta(minutes=55)
    connection.save()


def _consent(box: Sandbox, url: str, person: int | None) -> tuple[str, str]:
    """Allow the access on VK's page; return the device id and the code."""
    fields = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    chosen = {"person": str(person)} if person else {}
    answer = requests.post(
        f"{box.vk_id_url}/authorize",
        fields | chosen | {"decision": "allow"},
        allow_redirects=False,
        timeout=30,
    )
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    return back["device_id"][0], back["code"][0]
