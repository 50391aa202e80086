"""What `manage.py check` says about a wrong environment before it does harm."""

import ssl
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 - Django's name

from connections.clients.web_push.vapid import VapidKey

SHORTEST_TOKEN = 24
VK_PARTNERS_HOST = "partners.api.vk.ru"


@register(Tags.security)
def check_encryption_keys(**_: Any) -> list[CheckMessage]:
    """Every FIELD_ENCRYPTION_KEYS entry must be a Fernet key, or no token can be stored or read."""
    messages: list[CheckMessage] = []
    for position, key in enumerate(settings.FIELD_ENCRYPTION_KEYS, start=1):
        try:
            Fernet(key)
        except ValueError:
            messages.append(
                Error(
                    f"Key {position} of FIELD_ENCRYPTION_KEYS is no Fernet key.",
                    hint="Make one: python -c 'from cryptography.fernet import Fernet; "
                    "print(Fernet.generate_key().decode())'",
                    id="evosync.E001",
                )
            )
    if not settings.FIELD_ENCRYPTION_KEYS:
        messages.append(Error("FIELD_ENCRYPTION_KEYS is empty: tokens cannot be stored.", id="evosync.E001"))
    return messages


@register(Tags.security)
def check_push_key(**_: Any) -> list[CheckMessage]:
    """Without a good key no browser could be told, and nobody would say why."""
    try:
        if settings.WEB_PUSH_PRIVATE_KEY:
            VapidKey.from_text(settings.WEB_PUSH_PRIVATE_KEY)
    except ValueError:
        return [
            Error(
                "WEB_PUSH_PRIVATE_KEY is no key.",
                hint="Make one: manage.py web_push_key",
                id="evosync.E004",
            )
        ]
    return []


@register(Tags.compatibility)
def check_backends_belong_together(**_: Any) -> list[CheckMessage]:
    """MariaDB and Redis come together: workers in processes of their own need both."""
    return check_database_and_redis(settings.DATABASES["default"]["ENGINE"], settings.REDIS_URL)


def check_database_and_redis(engine: str, redis_url: str) -> list[CheckMessage]:
    """Return what is wrong with this database engine beside this Redis."""
    is_sqlite = engine.endswith("sqlite3")
    if redis_url and is_sqlite:
        # Tests and experiments may do so; several worker processes on SQLite lock each other out.
        return [
            Warning(
                "REDIS_URL is set but the database is SQLite.", hint="Set DATABASE_URL.", id="evosync.W001"
            )
        ]
    if not redis_url and not is_sqlite:
        return [
            Error(
                "DATABASE_URL is set but REDIS_URL is not: nobody would carry out the runs.",
                hint="Set REDIS_URL.",
                id="evosync.E002",
            )
        ]
    return []


@register(Tags.security)
def check_ca_bundles(**_: Any) -> list[CheckMessage]:
    """A file of certificates that is named must be there and hold certificates, or nothing can be sent."""
    messages: list[CheckMessage] = []
    for name in ("VK_CA_BUNDLE", "EVOTOR_CA_BUNDLE"):
        path = getattr(settings, name)
        if path and (fault := _fault_of_bundle(path)):
            messages.append(
                Error(
                    f"{name} is {path!r}: {fault}.",
                    hint="Make it with `manage.py build_ca_bundle`: docs/operators.md.",
                    id="evosync.E003",
                )
            )
    return messages


def _fault_of_bundle(path: str) -> str:
    if not Path(path).is_file():
        return "there is no such file"
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(path)
    except OSError:
        return "it cannot be read as a file of certificates"
    return ""


@register(Tags.security, deploy=True)
def check_vk_is_trusted(**_: Any) -> list[CheckMessage]:
    """VK's API for servers is under a root that neither certifi nor Debian brings along."""
    if settings.VK_CA_BUNDLE or urlsplit(settings.VK_API_URL).hostname != VK_PARTNERS_HOST:
        return []
    return [
        Warning(
            f"VK_CA_BUNDLE is empty, and nothing else trusts the certificate of {VK_PARTNERS_HOST}.",
            hint="docs/operators.md, “VK's host and certificate”.",
            id="evosync.W004",
        )
    ]


@register(Tags.security, deploy=True)
def check_redis_has_a_password(**_: Any) -> list[CheckMessage]:
    """A Redis without a password lets anybody who reaches it send orders to the workers."""
    parts = urlsplit(settings.REDIS_URL)
    if parts.password or parts.hostname in {None, "127.0.0.1", "::1", "localhost"}:
        return []
    return [Warning("REDIS_URL has no password.", hint="redis://:password@host:6379/0", id="evosync.W005")]


@register(Tags.security, deploy=True)
def check_site_address(**_: Any) -> list[CheckMessage]:
    """SITE_URL stands in emails and in VK's redirect, so it must be the public HTTPS address."""
    parts = urlsplit(settings.SITE_URL)
    if parts.scheme != "https" or not parts.hostname:
        return [Warning(f"SITE_URL is {settings.SITE_URL!r}, not an https address.", id="evosync.W002")]
    return []


@register(Tags.security, deploy=True)
def check_tokens_are_long(**_: Any) -> list[CheckMessage]:
    """Tokens that let a stranger in must be too long to guess."""
    tokens = {
        "METRICS_TOKEN": [settings.METRICS_TOKEN],
        "EVOTOR_WEBHOOK_TOKEN": settings.EVOTOR_WEBHOOK_TOKEN,
        "TELEGRAM_WEBHOOK_SECRET": [settings.TELEGRAM_WEBHOOK_SECRET],
        "MAX_WEBHOOK_SECRET": [settings.MAX_WEBHOOK_SECRET],
    }
    return [
        Warning(f"{name} is shorter than {SHORTEST_TOKEN} characters.", id="evosync.W003")
        for name, values in tokens.items()
        if any(0 < len(value) < SHORTEST_TOKEN for value in values)
    ]
