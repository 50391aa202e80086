"""What makes the site an app on a telephone: its manifest, its service worker and the page without a net.

None of them asks for a session, a cookie or the database, and none holds a merchant's data.
"""

import functools
import hashlib
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

LANGUAGES = ("ru", "en")
# The colours of the top line in static/evosync/app.css.
LIGHT, PAGE_COLOUR = "#ffffff", "#eef2f4"
# What the page without a net loads. The worker keeps these files and that page, and nothing else.
FILES = (
    "bootstrap/css/bootstrap.min.css",
    "evosync/app.css",
    "evosync/theme.js",
    "evosync/offline.js",
    "evosync/mark.svg",
)
# Beside a message in the telephone's list.
MESSAGE_ICON = "evosync/icons/any-192.png"
WORKER = Path(__file__).with_name("service_worker.js")
# Asked for each time: a browser that has kept an old worker would not hear of its repair.
FRESH = {"Cache-Control": "no-cache"}
# The worker may load what it keeps and the sign of its messages, and nothing from elsewhere.
WORKER_POLICY = (
    "default-src 'none'; connect-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@require_safe
def manifest(request: HttpRequest, language: str) -> HttpResponse:
    """Say what a telephone shows of the app. The language stands in the address: no cookie comes with it."""
    with override(language):
        return JsonResponse(
            _manifest(language),
            content_type="application/manifest+json; charset=utf-8",
            headers=FRESH,
            json_dumps_params={"ensure_ascii": False},
        )


def _manifest(language: str) -> dict[str, Any]:
    shortcuts = {
        _("Catalogue"): "catalog:list",
        _("Sync"): "syncing:sync",
        _("History"): "syncing:history",
    }
    return {
        "id": "/",
        "name": "EvoSync",
        "short_name": "EvoSync",
        "description": _("Keeps your shop in VK equal to your Evotor till."),
        "lang": language,
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "categories": ["business", "shopping"],
        "theme_color": LIGHT,
        "background_color": PAGE_COLOUR,
        "icons": [
            _icon(192, "any"),
            _icon(512, "any"),
            _icon(192, "maskable"),
            _icon(512, "maskable"),
        ],
        "shortcuts": [
            {"name": name, "url": reverse(view), "icons": [_icon(192, "any")]}
            for name, view in shortcuts.items()
        ],
    }


def _icon(size: int, purpose: str) -> dict[str, str]:
    name = f"evosync/icons/{purpose}-{size}.png"
    return {"src": static(name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Send the worker. It stands at the root, so that its scope is the whole site."""
    return HttpResponse(
        _worker(),
        content_type="text/javascript; charset=utf-8",
        headers=FRESH | {"Content-Security-Policy": WORKER_POLICY},
    )


def _worker() -> str:
    return _worker_once() if not settings.DEBUG else _worker_now()


@functools.cache
def _worker_once() -> str:
    return _worker_now()


def _worker_now() -> str:
    """Return the worker's text. Its version changes with any of what it keeps."""
    pages = {language: reverse("offline", args=[language]) for language in LANGUAGES}
    files = [static(name) for name in FILES]
    source = WORKER.read_text()
    kept = [source, *files, *(_offline(language) for language in LANGUAGES)]
    version = hashlib.sha256("\n".join(kept).encode()).hexdigest()[:16]
    values = {"version": version, "pages": pages, "files": files, "icon": static(MESSAGE_ICON)}
    return source.replace("VALUES", json.dumps(values), 1)


@require_safe
def offline(request: HttpRequest, language: str) -> HttpResponse:
    """Show what a telephone without a net shows."""
    return HttpResponse(_offline(language), headers=FRESH)


def _offline(language: str) -> str:
    with override(language):
        return render_to_string("offline.html")
