"""A page that waits for a worker says it when none comes: once, while it is open, and goes on asking."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.models import PhotoImport
from syncing.models import Computation, TableImport
from syncing.web.presenters.computation_state import LATE_AFTER
from tests.web.catalog.test_photos import picture
from tests.web.shop import Shop
from tests.web.syncing.test_goods_rules import posted

HTMX = {"HX-Request": "true"}
LATE = "longer than usual"


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def waiting_table(owner: Client) -> str:
    """Upload a table that no worker has read; return its page."""
    file = SimpleUploadedFile("goods.csv", "ID;Own title\nbread;Хлеб".encode())
    owner.post(reverse("catalog:table_upload"), {"file": file})
    return owner.get(reverse("catalog:table_import", args=[TableImport.objects.get().pk])).content.decode()


def waiting_photos(owner: Client) -> str:
    """Send a photo that no worker has read; return its page."""
    page = reverse("catalog:photo_import")
    owner.post(page, {"photo": SimpleUploadedFile("bread.jpg", picture("red").read())})
    return owner.get(page).content.decode()


PAGES: Mapping[str, Callable[[Client], str]] = {
    "preview": lambda owner: owner.get(reverse("syncing:preview"), headers=HTMX).content.decode(),
    "why": lambda owner: owner.get(reverse("catalog:list"), {"why": "no_price"}).content.decode(),
    "counts": lambda owner: owner.get(reverse("catalog:counts"), headers=HTMX).content.decode(),
    "check": lambda owner: owner.get(reverse("catalog:check")).content.decode(),
    "table": waiting_table,
    "photos": waiting_photos,
    "rule": lambda owner: owner.post(reverse("syncing:goods_rule_try_new"), posted()).content.decode(),
}


def polled(html: str) -> str:
    """Return the address that a waiting part of a page asks."""
    part = re.search(r"<[^>]*data-poll[^>]*>", html)
    assert part, html
    address = re.search(r'hx-get="([^"]+)"', part[0])
    assert address
    return unescape(address[1])


@pytest.mark.parametrize("name", PAGES)
def test_an_open_page_is_told_once_that_its_worker_is_late(owner: Client, shop: Shop, name: str) -> None:
    """It said "this takes a few seconds" for ever, as every answer to its questions was "nothing new"."""
    html = PAGES[name](owner)
    assert LATE not in html
    assert owner.get(polled(html), headers=HTMX).status_code == 204
    long_ago = timezone.now() - LATE_AFTER - timedelta(seconds=1)
    Computation.objects.update(asked_at=long_ago)
    PhotoImport.objects.update(changed_at=long_ago)

    late = owner.get(polled(html), headers=HTMX).content.decode()
    assert LATE in late
    assert owner.get(polled(late), headers=HTMX).status_code == 204
