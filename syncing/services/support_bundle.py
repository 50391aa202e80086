"""One archive that lets somebody else find what is wrong with a merchant's sync. It holds no secret."""

import io
import json
import platform
import zipfile
from collections.abc import Iterable
from datetime import datetime
from importlib.metadata import version
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection as database
from django.db.models import Count, QuerySet

from accounts.models import User
from catalog.models import Product, Store
from connections.data_export import connection_rows, health_rows, linking_rows
from evosync.common.telemetry import heartbeat
from evosync.common.telemetry.logging import scrub
from evosync.common.telemetry.queues import queue_lengths
from syncing.models import Listing, SyncConfig, SyncFilter, SyncJob, SyncJobItem

LAST_JOBS, LAST_ITEMS, LAST_EVENTS = 20, 500, 200
PACKAGES = ("Django", "django-allauth", "dramatiq", "periodiq", "requests", "Pillow", "cryptography")
# Named one by one: whatever is added to the settings stays out until somebody has thought about it.
SETTINGS = (
    "ADMIN_REQUIRES_MFA",
    "DEBUG",
    "EMBEDDED",
    "EVOTOR_API_URL",
    "LANGUAGE_CODE",
    "SITE_URL",
    "TIME_ZONE",
    "VK_API_URL",
    "VK_API_FALLBACK_URL",
    "VK_CA_BUNDLE",
    "VK_ID_URL",
    "VK_REQUESTS_PER_SECOND",
    "VK_SETTLE_SECONDS",
)
JOB_SECRETS = {"lease", "active_key"}


def support_bundle(user: User, *, now: datetime) -> bytes:
    """Return a ZIP archive of JSON files: state, last runs and items, health, versions, settings.

    What looks like a token in any text is starred out, as in the logs.
    """
    jobs = SyncJob.objects.for_user(user).newest()
    files: dict[str, object] = {
        "merchant": {"id": user.pk, "email": user.email, "language": user.language, "written_at": now},
        "connections": list(connection_rows(user)),
        "health": list(_first(health_rows(user), LAST_EVENTS)),
        "links": list(_first(linking_rows(user), LAST_EVENTS)),
        "rules": list(SyncConfig.objects.of_user(user).values()),
        "filters": list(SyncFilter.objects.filter(sync_config__user=user).values()[:LAST_EVENTS]),
        "catalogue": _catalogue(user),
        "items_in_vk": _listings(user),
        "runs": [_without(dict(row), JOB_SECRETS) for row in jobs.values()[:LAST_JOBS]],
        "last_items": _last_items(jobs),
        "installation": _installation(),
    }
    return pack(files)


def pack(files: dict[str, object]) -> bytes:
    """Return the files as a ZIP of scrubbed JSON."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            text = json.dumps(_scrubbed(content), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
            archive.writestr(f"{name}.json", text)
    return buffer.getvalue()


def _scrubbed(value: Any) -> Any:
    """Scrub every text inside, so that the JSON around it stays whole."""
    match value:
        case str():
            return scrub(value)
        case dict():
            return {name: _scrubbed(part) for name, part in value.items()}
        case list() | tuple():
            return [_scrubbed(part) for part in value]
    return value


def _first(rows: Iterable[Any], count: int) -> Iterable[Any]:
    return rows[:count] if isinstance(rows, QuerySet) else list(rows)[:count]


def _without(row: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def _catalogue(user: User) -> dict[str, object]:
    products = Product.objects.for_user(user)
    columns = ("evotor_id", "name", "fetched_at", "complete_walk_at", "problem", "missing_since")
    return {
        "stores": list(Store.objects.for_user(user).values(*columns)),
        "products": products.present().count(),
        "missing": products.missing().count(),
    }


def _listings(user: User) -> dict[str, object]:
    rows = Listing.objects.for_user(user).order_by()
    troubled = rows.troubled().values("last_error").annotate(count=Count("pk"))
    return {
        "by_state": list(rows.values("vk_group_id", "state").annotate(count=Count("pk"))),
        "errors": list(troubled),
    }


def _last_items(jobs: QuerySet[SyncJob]) -> list[dict[str, Any]]:
    recent = list(jobs.values_list("pk", flat=True)[:LAST_JOBS])
    rows = SyncJobItem.objects.of_job_ids(recent).newest()
    return [dict(row) for row in rows.values()[:LAST_ITEMS]]


def _installation() -> dict[str, object]:
    """Return versions, safe settings and how the processes are; a lost Redis is named, not raised."""
    try:
        alive: dict[str, object] = {role: heartbeat.age(role) for role in heartbeat.MAX_AGE_SECONDS}
        alive["queues"] = queue_lengths()
    except Exception as error:  # noqa: BLE001 - whatever a lost Redis raises, the bundle tells the rest
        alive = {"unreachable": type(error).__name__}
    return {
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "database": database.vendor,
        "settings": {name: getattr(settings, name) for name in SETTINGS},
        "processes": alive,
    }
