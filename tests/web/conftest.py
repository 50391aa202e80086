"""Two merchants, each with a small shop of made-up rows, unless a folder has its own."""

import time
from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from tests.web.shop import GROUP_ID, Shop, a_merchant


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
