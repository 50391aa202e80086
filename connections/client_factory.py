"""The only place where a connection becomes a client that can speak."""

import functools
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from connections.clients.answered_urls import AnsweredUrls
from connections.clients.errors import OperatorActionRequired
from connections.clients.evotor.client import EvotorClient
from connections.clients.messengers.max import MaxClient
from connections.clients.messengers.telegram import TelegramClient
from connections.clients.patience import Patience
from connections.clients.vk.client import VkClient
from connections.clients.vk.hosts import VK_DOMAINS, ApiHosts
from connections.clients.web_push.client import PushClient
from connections.clients.web_push.vapid import VapidKey
from connections.evotor.tokens import ensure_fresh_evotor_token
from connections.models import EvotorConnection, VkConnection
from connections.vk.host_memory import SharedHostMemory
from connections.vk.tokens import ensure_fresh_vk_token
from evosync.common import clock
from evosync.common.rate_limiter import vk_rate_limiter

# A reading of a whole till waits for Evotor's next window, whose length is not published; a page does not.
UNTIL_NEXT_WINDOW = 120.0


def evotor_client_for(token: str, **options: Any) -> EvotorClient:
    """Return a client for the Evotor cloud that speaks with this token."""
    return EvotorClient(
        base_url=settings.EVOTOR_API_URL, token=token, ca_bundle=settings.EVOTOR_CA_BUNDLE, **options
    )


def vk_client_for(token: str, **options: Any) -> VkClient:
    """Return a client for VK that speaks with this token at the pace that VK allows it.

    `options` are the client's own.
    """
    return VkClient(
        hosts=vk_api_hosts(),
        token=token,
        rate_limiter=vk_rate_limiter(token),
        upload_urls=vk_upload_urls(),
        **options,
    )


def vk_upload_urls() -> AnsweredUrls:
    """Return where VK may tell us to send pictures."""
    api = urlsplit(settings.VK_API_URL).hostname or ""
    # A stand-in takes its pictures itself.
    own = VK_DOMAINS if AnsweredUrls(VK_DOMAINS).knows(api) else (api,)
    return AnsweredUrls(settings.VK_UPLOAD_HOSTS or own, allow_private=settings.DEBUG)


def vk_api_hosts() -> ApiHosts:
    """Return the hosts of VK's API. All processes know together which of them cannot be reached."""
    return ApiHosts(
        settings.VK_API_URL,
        settings.VK_API_FALLBACK_URL,
        ca_bundle=settings.VK_CA_BUNDLE,
        memory=SharedHostMemory(),
    )


def evotor_client(
    connection: EvotorConnection, *, patience: Patience | None = None, **options: Any
) -> EvotorClient:
    """Return the client of a merchant's till account; a token that ends soon is renewed first.

    `options` are the client's own. Raises AuthRevoked when only a new consent helps, Transient when Evotor
    is away, TooSlow when its login is slow and `patience` has a limit.
    """
    connection = ensure_fresh_evotor_token(connection, now=clock.now(), patience=patience)
    return evotor_client_for(connection.access_token, patience=patience, **options)


def vk_client(connection: VkConnection, *, patience: Patience | None = None, **options: Any) -> VkClient:
    """Return the client of a merchant's community; a token that ends soon is renewed first.

    `options` are the client's own. Raises AuthRevoked when only a new login helps, Transient when VK ID is
    away, TooSlow when it is slow and `patience` has a limit.
    """
    connection = ensure_fresh_vk_token(connection, patience=patience)
    return vk_client_for(connection.access_token, patience=patience, **options)


def telegram_client() -> TelegramClient:
    """Return the client of the installation's bot in Telegram."""
    return TelegramClient(base_url=settings.TELEGRAM_API_URL, token=settings.TELEGRAM_BOT_TOKEN)


def max_client() -> MaxClient:
    """Return the client of the installation's bot in MAX."""
    return MaxClient(base_url=settings.MAX_API_URL, token=settings.MAX_BOT_TOKEN)


def push_client() -> PushClient:
    """Return the client that sends to browsers. Raises OperatorActionRequired without a key of ours."""
    key = push_key()
    if key is None:
        raise OperatorActionRequired("push", "push.key", "WEB_PUSH_PRIVATE_KEY is no key")
    # An IP address in the list is that of a stand-in; what a name leads to is on the public net.
    return PushClient(key=key, contact=push_contact(), hosts=AnsweredUrls(settings.WEB_PUSH_HOSTS))


def push_key() -> VapidKey | None:
    """Return this installation's key for push services, None where the setting has none."""
    return _push_key(settings.WEB_PUSH_PRIVATE_KEY)


@functools.lru_cache(maxsize=4)
def _push_key(text: str) -> VapidKey | None:
    try:
        return VapidKey.from_text(text)
    except ValueError:
        return None


def push_contact() -> str:
    """Return where a push service's people reach ours: the setting, or the address that emails come from."""
    return settings.WEB_PUSH_CONTACT or f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"
