"""Two merchants, each with a small shop of made-up rows, unless a folder has its own."""

import functools
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from catalog.photos import isolation
from tests.web.shop import GROUP_ID, Shop, a_merchant


@pytest.fixture(autouse=True, scope="package")
def _each_photo_opened_once() -> Iterator[None]:
    """Keep what became of each uploaded photo for tests of pages: a child process is started to open it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(isolation, "_in_child", functools.cache(isolation._in_child))
        yield


@pytest.fixture
def shop(db: None) -> Shop:
    """Return the shop of the merchant who is logged in as `owner`."""
    return Shop(a_merchant("owner@example.com"))


@pytest.fixture
def other_shop(db: None) -> Shop:
    """Return the shop of somebody else."""
    return Shop(a_merchant("other@example.com"), vk_group_id=GROUP_ID + 1)


@pytest.fixture
def owner(shop: Shop) -> Client:
    """Return the browser of the shop's owner, who reads English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(shop.user)
    return client


@pytest.fixture
def one_half_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no half minute end between the making of a second factor's code and its use."""
    now = time.time()
    monkeypatch.setattr(totp, "time", SimpleNamespace(time=lambda: now))
